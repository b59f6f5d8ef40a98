// The search of a commune alone, outside the form of a page.

import { Combobox } from "./combobox.js";
import { absolute, loadJson, loadStyle, once } from "./files.js";
import { mounted } from "./mounted.js";

class Search {
  constructor(root) {
    this.combobox = new Combobox((code) => this.component.setTriggerValue("picked", code));
    this.root = root;
    this.combobox.box.hidden = true; // until its label is there
    root.append(this.combobox.box);
  }

  async update(component, data) {
    this.component = component;
    const { words } = await once(absolute(data.files.texts), loadJson);
    this.styled ??= loadStyle(this.root, absolute(data.files.style));
    this.combobox.box.hidden = false;
    this.combobox.update({ ...data, words, communes: data.files.communes, chosen: "", text: "" });
  }

  remove() {
    this.combobox.box.remove();
  }
}

export const render = mounted(Search);
