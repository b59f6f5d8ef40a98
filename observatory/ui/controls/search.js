// The search of a commune alone, outside the form of a page.

import { Combobox } from "./combobox.js";
import { absolute, loadJson, loadStyle, once } from "./files.js";
import { mounted } from "./mounted.js";

/** @typedef {import("./messages.js").SearchMessage} SearchMessage */
/** @typedef {import("./messages.js").Component} Component */

class Search {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @type {Component} */
    this.component = /** @type {any} */ (undefined); // there at the first update
    /** @type {Promise<unknown> | undefined} */
    this.styled = undefined;
    this.combobox = new Combobox((code) => this.component.setTriggerValue("picked", code));
    this.root = root;
    this.combobox.box.hidden = true; // until its label is there
    root.append(this.combobox.box);
  }

  /**
   * @param {Component} component
   * @param {SearchMessage} data
   */
  async update(component, data) {
    this.component = component;
    const { words } = await once(absolute(data.files.texts), loadJson);
    this.styled ??= loadStyle(this.root, "rail.css");
    this.combobox.box.hidden = false;
    const { label, files: { communes } } = data;
    this.combobox.update({ label, words, communes, chosen: "", text: "" });
  }

  remove() {
    this.combobox.box.remove();
  }
}

export const render = mounted(Search);
