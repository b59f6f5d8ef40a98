// On a telephone the form is folded away: the search of its commune stands at the head of the page
// too, where a thumb finds it first (`page.css` shows it there alone).

import { Combobox } from "./combobox.js";
import { element } from "./elements.js";
import { loadStyle } from "./files.js";

/** @typedef {import("./combobox.js").Shown} Shown */

const COLOURS = ["font", "text-color", "background-color", "secondary-background-color",
  "border-color", "primary-color", "base-radius"];

export class HeadSearch {
  /**
   * @param {HTMLElement} like a part of the page that has its colours
   * @param {(code: string) => void} pick
   */
  constructor(like, pick) {
    this.like = like;
    this.host = element("div", "obs-search");
    this.combobox = new Combobox(pick);
    this.combobox.box.classList.add("alone");
    const root = this.host.attachShadow({ mode: "open" });
    root.append(this.combobox.box);
    loadStyle(root, "rail.css");
  }

  /** @param {Shown} shown */
  update(shown) {
    const style = getComputedStyle(this.like);
    for (const name of COLOURS.map((one) => `--st-${one}`)) {
      this.host.style.setProperty(name, style.getPropertyValue(name));
    }
    this.combobox.update(shown);
    // After what the page draws itself: nothing of it is moved.
    const main = document.querySelector('[data-testid="stMain"]');
    if (main && this.host.parentNode !== main) main.append(this.host);
  }

  remove() {
    this.host.remove();
  }
}
