// A table of figures that can be sorted and clicked: real cells, for every reader and the printer.
// Text from data is always set with textContent, never as HTML.

const FIRST = 120; // rows drawn at once; the others follow, a few at a time
/** @typedef {import("../messages.js").GridMessage} GridMessage */
/** @typedef {import("../messages.js").HeadingMessage} HeadingMessage */
/** @typedef {import("../messages.js").Component} Component */

/** @type {WeakMap<HTMLElement, { text: string, stop: () => void }>} */
const drawn = new WeakMap(); // what each place in the page shows, and how to stop drawing

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  Object.assign(node, properties);
  node.append(...children);
  return node;
}

/**
 * @param {HeadingMessage} column
 * @param {(key: string) => void} sort
 */
function heading(column, sort) {
  const cell = element("th", { scope: "col", className: column.words ? "words" : "" });
  /** @type {HTMLElement[]} */
  const label = [element("span", { textContent: column.label })];
  if (column.unit) label.push(element("small", { textContent: column.unit }));
  if (!column.key) {
    cell.append(...label);
    return cell;
  }
  const button = element("button", { type: "button", title: "Trier par cette colonne" }, ...label);
  button.onclick = () => sort(column.key);
  if (column.sorted) {
    cell.setAttribute("aria-sort", column.sorted);
    const arrow = element("i", { textContent: column.sorted === "ascending" ? "▲" : "▼" });
    arrow.setAttribute("aria-hidden", "true");
    label[0].append(" ", arrow);
  }
  cell.append(button);
  return cell;
}

/**
 * @param {(string | null)[]} row
 * @param {GridMessage} data
 * @param {(code: string) => void} choose
 */
function line([code, ...cells], data, choose) {
  const row = element("tr");
  if (code && code === data.selected) row.setAttribute("aria-current", "true");
  cells.forEach((text, n) => {
    const column = data.columns[n];
    if (n !== data.name) {
      row.append(element("td", { textContent: text, className: column.words ? "words" : "" }));
      return;
    }
    const name = element("th", { scope: "row" });
    const own = code && data.pick;
    name.append(own ? element("button", { type: "button", textContent: text }) : text ?? "");
    row.append(name);
  });
  if (code && data.pick) {
    row.dataset.code = code;
    row.onclick = () => choose(code);
  }
  return row;
}

/**
 * @param {HTMLElement} root
 * @param {Component} component
 * @param {GridMessage} data
 */
function draw(root, component, data) {
  const table = element("table");
  const region = element("div", { className: data.tall ? "grid tall" : "grid", tabIndex: 0 }, table);
  region.setAttribute("role", "region");
  region.setAttribute("aria-label", data.caption);
  const sort = (/** @type {string} */ key) => component.setTriggerValue("sort", key);
  const choose = (/** @type {string} */ code) => component.setTriggerValue("commune", code);
  const head = element("tr", {}, ...data.columns.map((column) => heading(column, sort)));
  const body = element("tbody");
  table.append(element("caption", { textContent: data.caption }), element("thead", {}, head), body);
  if (data.foot.length) {
    table.append(element("tfoot", {}, ...data.foot.map((row) => line(row, data, choose))));
  }
  let at = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const more = (/** @type {number} */ count) => {
    body.append(...data.rows.slice(at, at + count).map((row) => line(row, data, choose)));
    at += count;
    if (at < data.rows.length) timer = setTimeout(more, 0, 250);
    else table.dataset.rows = String(data.rows.length); // complete
  };
  more(FIRST);
  const before = root.querySelector(".grid");
  if (before) before.replaceWith(region);
  else root.append(region);
  return () => clearTimeout(timer);
}

/** @param {Component} component */
export default function (component) {
  const text = new TextDecoder().decode(component.data);
  const root = component.parentElement;
  const shown = drawn.get(root);
  if (shown?.text === text) return;
  shown?.stop();
  const left = root.querySelector(".grid")?.scrollLeft ?? 0;
  const stop = draw(root, component, JSON.parse(text));
  const grid = root.querySelector(".grid");
  if (grid) grid.scrollLeft = left;
  drawn.set(root, { text, stop });
}
