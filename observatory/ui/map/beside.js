// What stands beside the map: where it lacks most, one press away from its sheet, and a line of
// dates. Text from data is always set with textContent, never as HTML.

import { element } from "./drawing.js";

/** A day as observatory.french.dates.long_date writes it. */
const longDate = (day) => new Date(`${day}T12:00`)
  .toLocaleDateString("fr-FR", { dateStyle: "long" }).replace(/^1 /, "1er ");

/** The communes that lack most, each a button that calls `choose` with its code. */
export class Shortfalls {
  constructor(choose) {
    this.choose = choose;
    this.row = element("div", "shortfalls");
  }

  paint(told) {
    const said = JSON.stringify(told);
    if (this.said === said) return;
    this.said = said;
    this.row.hidden = !told;
    if (!told) return;
    if (!told.rows.length) {
      this.row.replaceChildren(element("p", "", told.none));
      return;
    }
    this.row.replaceChildren(element("p", "", told.title), ...told.rows.map(([code, name, amount]) => {
      const button = element("button", "", name);
      button.type = "button";
      button.append(" ", element("strong", "", amount));
      button.onclick = () => this.choose(code);
      return button;
    }));
  }
}

/** A slider whose stops are days: `move` is called with the one it is left at. */
export class Timeline {
  constructor(move) {
    this.row = element("label", "timeline");
    this.name = element("span");
    this.input = element("input");
    this.said = element("output");
    Object.assign(this.input, { type: "range", min: "0", step: "1" });
    this.input.oninput = () => this.say(Number(this.input.value));
    this.input.onchange = () => move(this.stops[Number(this.input.value)]);
    this.row.append(this.name, this.input, this.said);
  }

  paint(told) {
    this.row.hidden = !told;
    if (!told) return;
    this.stops = told.stops;
    this.name.textContent = told.label;
    this.row.title = told.help;
    this.input.max = String(told.stops.length - 1);
    this.input.value = String(told.at);
    this.say(told.at);
  }

  say(at) {
    const day = longDate(this.stops[at]);
    this.said.textContent = day;
    this.input.setAttribute("aria-valuetext", day);
  }
}
