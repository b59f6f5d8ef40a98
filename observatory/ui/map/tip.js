// The tooltip of the map: its words come from the message, its place from the pointer.

import { element } from "./elements.js";
import { icon } from "./legend.js";

/** @typedef {import("./messages.js").MapMessage} MapMessage */
/** @typedef {import("./messages.js").FiguresMessage} Figures */
/** @typedef {import("./messages.js").SignsMessage} Signs */
/** @typedef {{ clientX: number, clientY: number }} Place */

const PARTED = ";";
/** @type {WeakMap<Figures, { texts: string[], units: Map<number, string> }>} */
const read = new WeakMap();

/**
 * @param {Figures} figures
 * @param {number} row
 */
function cell(figures, row) {
  let known = read.get(figures);
  if (!known) {
    const units = (figures.others ?? []).flatMap(({ unit, rows }) =>
      rows.map((one) => /** @type {[number, string]} */ ([one, unit])));
    known = { texts: figures.texts.split(PARTED), units: new Map(units) };
    read.set(figures, known);
  }
  return { text: known.texts[row], unit: known.units.get(row) ?? figures.unit };
}

/**
 * A figure alone, as it stands under a name.
 * @param {Figures} figures
 * @param {number} row
 */
export const text = (figures, row) => cell(figures, row).text;

/**
 * A figure with its unit, or why there is none.
 * @param {Signs} signs
 * @param {Figures} figures
 * @param {number} row
 */
export function said({ missing }, figures, row) {
  const one = cell(figures, row);
  return missing[one.text] ?? one.text + one.unit;
}

/**
 * What is said of a commune.
 * @param {Signs} signs
 * @param {MapMessage} data
 * @param {number} row
 * @param {string} name
 */
export function linesOf(signs, data, row, name) {
  const sign = data.classes[row];
  const lines = [element("strong", "", name), element("div", "value", said(signs, data.figures, row))];
  const { rows: told } = data.legend;
  const own = told.signs.indexOf(sign);
  const reason = data.reasons?.find(({ rows }) => rows.includes(row));
  const words = reason?.words ?? signs.lines[sign] ?? (data.circles ? "" : told.words[own]);
  if (words) {
    const line = element("div", "class");
    if (own >= 0) line.append(icon(signs, sign));
    line.append(element("span", "", words));
    lines.push(line);
  }
  for (const column of data.columns) {
    lines.push(element("div", "", `${column.label}\u00a0: ${said(signs, column, row)}`));
  }
  return lines;
}

export class Tip {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.stage = stage;
    this.node = element("div", "tip");
    this.node.setAttribute("aria-hidden", "true"); // the table gives the same figures
    /** @type {(() => Node[]) | null} */
    this.lines = null;
  }

  /**
   * Show what is under the pointer; `lines` is asked again when new figures come.
   * @param {() => Node[]} lines
   * @param {Place} at
   */
  show(lines, at) {
    this.lines = lines;
    this.again();
    this.node.classList.add("shown");
    this.move(at);
  }

  again() {
    if (this.lines) this.node.replaceChildren(...this.lines());
  }

  /** @param {Place} at */
  move({ clientX, clientY }) {
    const box = this.stage.getBoundingClientRect();
    const { offsetWidth: w, offsetHeight: h } = this.node;
    const x = clientX - box.left;
    const y = clientY - box.top;
    const left = x + 16 + w > box.width ? Math.max(4, x - w - 16) : x + 16;
    const top = y + 16 + h > box.height ? Math.max(4, y - h - 16) : y + 16;
    this.node.style.transform = `translate(${left}px, ${top}px)`;
  }

  hide() {
    this.lines = null;
    this.node.classList.remove("shown");
  }
}
