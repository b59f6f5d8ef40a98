// What stands beside a map: the communes where it lacks most, one press away from their sheet, and
// a line of dates. Text from data is always set with textContent, never as HTML.

import { element } from "./elements.js";
import { begin, end, step } from "./playing.js";

/** @typedef {import("./messages.js").ShortfallsMessage} ShortfallsMessage */
/** @typedef {import("./messages.js").StopsMessage} StopsMessage */
/** @typedef {import("./messages.js").MovesMessage} MovesMessage */
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

const PACE = 1200; // ms that an answer is shown before the next one is asked
const CALM = "(prefers-reduced-motion: reduce)";

/**
 * A slider whose stops are days, with what opened and closed before each, and a button that plays
 * them: `move` is called with the day that it is left at, or comes to.
 */
export class Timeline {
  /** @param {(day: string) => void} move */
  constructor(move) {
    this.move = move;
    this.row = element("div", "timeline");
    this.row.hidden = true;
    this.button = element("button");
    this.button.type = "button";
    this.name = element("label");
    this.line = element("div", "line");
    this.marks = element("div", "marks");
    this.input = element("input");
    this.said = element("span", "day");
    Object.assign(this.input, { id: `dates-${lines++}`, type: "range", min: "0", step: "1" });
    this.name.htmlFor = this.input.id;
    this.said.setAttribute("aria-hidden", "true"); // the slider says it
    this.marks.setAttribute("aria-hidden", "true");
    /** @type {StopsMessage | null} */
    this.stops = null;
    /** @type {MovesMessage | null} */
    this.moves = null;
    /** @type {Signs["words"]} */
    this.words = {};
    /** @type {string | null} */
    this.awaited = null; // the day of the step that was asked
    this.input.oninput = () => this.say(Number(this.input.value));
    this.input.onchange = () => {
      end();
      if (this.stops) move(this.stops.days[Number(this.input.value)]);
    };
    this.button.onclick = () => {
      if (this.playing) end();
      else this.play();
    };
    this.line.append(this.marks, this.input);
    this.row.append(this.button, this.name, this.line, this.said);
    this.calm = window.matchMedia(CALM);
    this.calm.onchange = () => { end(); this.tell(); };
    this.playing = false;
  }

  /**
   * @param {StopsMessage | null} stops
   * @param {number} at
   * @param {MovesMessage | null} moves
   * @param {Signs} signs
   */
  paint(stops, at, moves, { words }) {
    this.row.hidden = !stops;
    Object.assign(this, { stops, moves, words });
    if (!stops) {
      end();
      return;
    }
    this.name.textContent = words.days;
    this.row.title = words.daysMean;
    this.input.max = String(stops.days.length - 1);
    this.input.value = String(at);
    this.mark(stops.days.length - 1);
    this.say(at);
    this.tell();
    this.goOn(stops, at);
  }

  /**
   * What opened stands above the line, what closed below it.
   * @param {number} last
   */
  mark(last) {
    const { moves } = this;
    const made = [];
    for (const [n, at] of (moves?.at ?? []).entries()) {
      for (const [kind, counts] of /** @type {const} */ ([["opened", moves?.opened], ["closed", moves?.closed]])) {
        if (!counts?.[n]) continue;
        const sign = element("i", kind);
        sign.style.setProperty("--at", String(last ? at / last : 0));
        made.push(sign);
      }
    }
    this.marks.replaceChildren(...made);
  }

  /** @param {number} at */
  say(at) {
    const day = this.stops?.words[at] ?? "";
    const moved = this.moves?.words[this.moves.at.indexOf(at)];
    const whole = moved ? `${day}, ${moved}` : day;
    this.said.textContent = whole;
    this.input.setAttribute("aria-valuetext", whole);
  }

  // ----------------------------------------------------------------------- playing

  /** The words of the button: where motion is unwelcome it makes one step a press. */
  tell() {
    const { words, playing } = this;
    this.button.textContent = this.calm.matches ? words.next : playing ? words.pause : words.play;
    this.button.classList.toggle("playing", playing);
  }

  /** From the day in view to the last one; from the first one where it is the last. */
  play() {
    const { stops } = this;
    if (!stops || stops.days.length < 2) return;
    const at = Number(this.input.value);
    const next = at + 1 < stops.days.length ? at + 1 : 0;
    if (this.calm.matches) {
      end();
      this.input.value = String(next);
      this.say(next);
      this.move(stops.days[next]);
      return;
    }
    begin(() => this.halt());
    this.playing = true;
    this.tell();
    this.ask(stops.days[next]);
  }

  /** @param {string} day */
  ask(day) {
    this.awaited = day;
    step();
    this.move(day);
  }

  /**
   * The answer to a step has come: the next one is asked after a while.
   * @param {StopsMessage} stops
   * @param {number} at
   */
  goOn(stops, at) {
    if (!this.playing || this.awaited === null) return;
    if (stops.days[at] !== this.awaited) return; // an older answer
    this.awaited = null;
    if (at + 1 >= stops.days.length) {
      end();
      return;
    }
    this.timer = setTimeout(() => {
      const here = this.stops?.days.indexOf(stops.days[at]) ?? -1;
      const next = this.stops?.days[here + 1];
      if (this.playing && next) this.ask(next);
      else end();
    }, PACE);
  }

  halt() {
    clearTimeout(this.timer);
    this.playing = false;
    this.awaited = null;
    this.tell();
  }

  /** The map goes away. */
  leave() {
    this.calm.onchange = null;
    if (this.playing) end();
  }
}
