// What stands beside a map: the communes where it lacks most, one press away from their sheet, and
// a line of dates. Text from data is always set with textContent, never as HTML.

import { element } from "./elements.js";

/** @typedef {import("./messages.js").ShortfallsMessage} ShortfallsMessage */
/** @typedef {import("./messages.js").StopsMessage} StopsMessage */
/** @typedef {import("./messages.js").SignsMessage} Signs */

let lines = 0;

/** The communes that lack most, each a button that calls `choose` with its code. */
export class Shortfalls {
  /** @param {(code: string) => void} choose */
  constructor(choose) {
    this.choose = choose;
    this.said = "";
    this.row = element("div", "shortfalls");
    this.row.hidden = true;
  }

  /**
   * @param {ShortfallsMessage | null | undefined} told
   * @param {Signs} signs
   */
  paint(told, { words }) {
    const said = JSON.stringify(told ?? null);
    if (this.said === said) return;
    this.said = said;
    this.row.hidden = !told;
    if (!told) return;
    const heading = element("p", "", told.codes.length ? words.lacksMost : words.lacksNone);
    this.row.replaceChildren(heading, ...told.codes.map((code, at) => {
      const button = element("button", "", told.names[at]);
      button.type = "button";
      button.append(" ", element("strong", "", told.amounts[at]));
      button.onclick = () => this.choose(code);
      return button;
    }));
  }
}

/** A slider whose stops are days: `move` is called with the one it is left at. */
export class Timeline {
  /** @param {(day: string) => void} move */
  constructor(move) {
    this.row = element("div", "timeline");
    this.row.hidden = true;
    this.name = element("label");
    this.input = element("input");
    this.said = element("span", "day");
    Object.assign(this.input, { id: `dates-${lines++}`, type: "range", min: "0", step: "1" });
    this.name.htmlFor = this.input.id;
    this.said.setAttribute("aria-hidden", "true"); // the slider says it
    /** @type {StopsMessage | null} */
    this.stops = null;
    this.input.oninput = () => this.say(Number(this.input.value));
    this.input.onchange = () => {
      if (this.stops) move(this.stops.days[Number(this.input.value)]);
    };
    this.row.append(this.name, this.input, this.said);
  }

  /**
   * @param {StopsMessage | null} stops
   * @param {number} at
   * @param {Signs} signs
   */
  paint(stops, at, { words }) {
    this.row.hidden = !stops;
    this.stops = stops;
    if (!stops) return;
    this.name.textContent = words.days;
    this.row.title = words.daysMean;
    this.input.max = String(stops.days.length - 1);
    this.input.value = String(at);
    this.say(at);
  }

  /** @param {number} at */
  say(at) {
    const day = this.stops?.words[at] ?? "";
    this.said.textContent = day;
    this.input.setAttribute("aria-valuetext", day);
  }
}
