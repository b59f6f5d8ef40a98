// The search of a commune alone, outside the form of a page.

import { Combobox } from "./combobox.js";
import { absolute, loadStyle } from "./files.js";
import { mounted } from "./mounted.js";

class Search {
  constructor(root) {
    this.combobox = new Combobox((code) => this.component.setTriggerValue("picked", code));
    this.root = root;
    root.append(this.combobox.box);
  }

  update(component, data) {
    this.component = component;
    this.styled ??= loadStyle(this.root, absolute(data.files.style));
    this.combobox.update({ ...data, communes: data.files.communes, chosen: "", text: "" });
  }

  remove() {
    this.combobox.box.remove();
  }
}

export const render = mounted(Search);
