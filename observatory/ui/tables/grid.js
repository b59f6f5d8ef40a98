// A table of figures that can be sorted and clicked: real cells, for every reader and the printer.
// Text from data is always set with textContent, never as HTML.

const FIRST = 120; // rows drawn at once; the others follow, a few at a time
/** @typedef {import("../messages.js").GridMessage} GridMessage */
/** @typedef {import("../messages.js").HeadingMessage} HeadingMessage */
/** @typedef {import("../messages.js").Component} Component */

/** @type {WeakMap<HTMLElement, { text: string, rest: string, stop: () => void }>} */
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
  button.dataset.key = column.key;
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
    row.onclick = () => {
      row.querySelector("button")?.focus({ preventScroll: true }); // a click in a cell is on its row
      choose(code);
    };
  }
  return row;
}

/**
 * Buttons to the lines before and after those of the page.
 * @param {import("../messages.js").PageMessage} page
 * @param {(number: number) => void} turn
 */
function pages({ words, number, last }, turn) {
  const bar = element("nav", { className: "pages" });
  bar.setAttribute("aria-label", "Pages du tableau");
  const to = (/** @type {string} */ textContent, /** @type {number} */ next) => {
    const disabled = next < 0 || next > last;
    return element("button", { type: "button", textContent, disabled, onclick: () => turn(next) });
  };
  bar.append(
    to("Lignes précédentes", number - 1),
    element("span", { textContent: words }),
    to("Lignes suivantes", number + 1),
  );
  return bar;
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
  /** @type {HTMLElement | null} */
  const before = root.querySelector(".grid");
  const kept = before && held(root, before);
  more(Math.max(FIRST, before?.querySelectorAll("tbody tr").length ?? 0));
  root.querySelector(".pages")?.remove();
  if (before) before.replaceWith(region);
  else root.append(region);
  if (data.page) {
    region.after(pages(data.page, (number) => component.setTriggerValue("page", number)));
  }
  if (kept) restore(region, kept);
  return () => clearTimeout(timer);
}

/** @typedef {{ left: number, top: number, whole: boolean, code?: string, heading?: string }} Held */

/**
 * Where a reader is in a table: what is scrolled, and which button or part has the keyboard.
 * @param {HTMLElement} root
 * @param {HTMLElement} region
 * @returns {Held}
 */
function held(root, region) {
  const { activeElement: active } = /** @type {ShadowRoot | Document} */ (root.getRootNode());
  /** @type {HTMLElement | null | undefined} */
  const row = active?.closest("tr[data-code]");
  /** @type {HTMLElement | null | undefined} */
  const head = active?.closest("thead button");
  return {
    left: region.scrollLeft,
    top: region.scrollTop,
    whole: active === region,
    code: row?.dataset.code,
    heading: region.contains(active) ? head?.dataset.key : undefined,
  };
}

/**
 * @param {HTMLElement} region
 * @param {Held} held
 */
function restore(region, { left, top, whole, code, heading }) {
  region.scrollLeft = left;
  region.scrollTop = top;
  /** @type {HTMLElement[]} */
  const heads = [...region.querySelectorAll("thead button")].map((one) => /** @type {any} */ (one));
  /** @type {HTMLElement[]} */
  const rows = [...region.querySelectorAll("tr[data-code]")].map((one) => /** @type {any} */ (one));
  const next = whole ? region
    : heading ? heads.find((one) => one.dataset.key === heading)
    : code ? rows.find((one) => one.dataset.code === code)?.querySelector("button") : null;
  next?.focus({ preventScroll: true });
}

/**
 * Mark another row of the same table: nothing else is drawn, nothing moves.
 * @param {HTMLElement} root
 * @param {string | null} code
 */
function mark(root, code) {
  for (const one of root.querySelectorAll("tr[data-code]")) {
    const row = /** @type {HTMLElement} */ (one);
    if (row.dataset.code === code) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

/** @param {Component} component */
export default function (component) {
  const text = new TextDecoder().decode(component.data);
  const root = component.parentElement;
  const shown = drawn.get(root);
  if (shown?.text === text) return;
  const data = JSON.parse(text);
  const rest = JSON.stringify({ ...data, selected: null });
  const complete = root.querySelector("table")?.dataset.rows;
  if (shown && shown.rest === rest && complete) {
    mark(root, data.selected);
    drawn.set(root, { ...shown, text });
    return;
  }
  shown?.stop();
  drawn.set(root, { text, rest, stop: draw(root, component, data) });
}
