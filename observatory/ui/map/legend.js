// The legend: rows, signs and words come ready from the server; here each finds its place.

import { circleKey } from "./circles.js";
import { element, made } from "./elements.js";

/** @typedef {import("./messages.js").MapMessage} MapMessage */
/** @typedef {import("./messages.js").SignsMessage} Signs */
/** @typedef {import("./messages.js").RowsMessage} Rows */

/** @type {Map<string, Element>} */
const drawn = new Map(); // icons already made, by their drawing

/**
 * @param {Signs} signs
 * @param {string} sign
 */
export function icon(signs, sign) {
  const text = signs.icons[sign];
  const kept = drawn.get(text) ?? made(text);
  drawn.set(text, kept);
  return /** @type {Element} */ (kept.cloneNode(true));
}

/**
 * @param {Signs} signs
 * @param {Rows} rows
 * @param {number} at
 */
function line(signs, { signs: drawings, words, counts }, at) {
  const count = counts?.[at];
  const item = element("li", count === "0" ? "empty" : "");
  item.append(icon(signs, drawings[at]), element("span", "", words[at]));
  if (count !== undefined) item.append(element("span", "count", count));
  return item;
}

/**
 * @param {string} title
 * @param {string} counted
 */
function heading(title, counted) {
  const head = element("h3", "", title);
  if (counted) head.append(element("span", "", counted));
  return head;
}

/**
 * @param {Signs} signs
 * @param {Rows} rows
 */
function list(signs, rows) {
  const ul = element("ul", rows.counts ? "" : "line");
  ul.append(...rows.signs.map((_, at) => line(signs, rows, at)));
  return ul;
}

/**
 * The nine classes of need × supply as a square, strongest need at the top, with counts.
 * @param {Signs} signs
 * @param {MapMessage} data
 * @param {import("./messages.js").SquareMessage} square
 */
function crossed(signs, { colours }, { need, supply, lines, columns, cells }) {
  /**
   * @param {import("./messages.js").StepMessage} step
   * @param {string} scope
   */
  const head = ({ words, bounds }, scope) => {
    const cell = element("th", "", words);
    cell.scope = scope;
    cell.append(element("span", "", bounds));
    return cell;
  };
  const table = element("table", "square");
  lines.forEach((step, at) => {
    const row = element("tr");
    row.append(head(step, "row"), ...cells[at].map(({ sign, count }) => {
      const cell = element("td", "", count);
      const colour = colours[Number(sign)];
      cell.style.background = signs.colours[colour];
      cell.style.color = signs.inks[colour];
      return cell;
    }));
    table.append(row);
  });
  const foot = element("tr");
  foot.append(element("td"), ...columns.map((step) => head(step, "col")));
  table.append(foot);
  return [element("p", "axis", `↑ ${need}`), table, element("p", "axis", `→ ${supply}`)];
}

/**
 * @param {Signs} signs
 * @param {MapMessage} data
 * @param {number} width of the map, in pixels
 */
export function legend(signs, { legend: told, ...data }, width) {
  const { points } = data;
  const all = /** @type {MapMessage} */ ({ legend: told, ...data });
  return [
    heading(told.title, signs.words.counted),
    ...(told.square ? crossed(signs, all, told.square) : []),
    ...(data.circles ? [circleKey(signs, told.references ?? [], data.circles, width)] : []),
    list(signs, told.rows),
    ...(told.note ? [element("p", "note", told.note)] : []),
    ...(points && "keys" in points ? points.keys : []).flatMap(({ title, counted, rows }) =>
      [heading(title, counted), list(signs, rows)]),
  ];
}

/**
 * The classes in one line, for the closed legend of a phone.
 * @param {Signs} signs
 * @param {MapMessage} data
 */
export function legendStrip(signs, data) {
  const strip = element("span", "strip");
  strip.append(...data.colours.map((_, at) => icon(signs, String(at))));
  return [element("span", "", signs.words.legend), strip];
}
