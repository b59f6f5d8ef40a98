// A table of figures that can be sorted and clicked: real cells, for every reader and the printer.
// Text from data is always set with textContent, never as HTML.

const FIRST = 120; // rows drawn at once; the others follow, a few at a time
const drawn = new WeakMap(); // what each place in the page shows, and how to stop drawing

function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  Object.assign(node, properties);
  node.append(...children);
  return node;
}

function heading(column, sort) {
  const cell = element("th", { scope: "col", className: column.words ? "words" : "" });
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
    name.append(code && data.pick ? element("button", { type: "button", textContent: text }) : text);
    row.append(name);
  });
  if (code && data.pick) {
    row.dataset.code = code;
    row.onclick = () => {
      row.querySelector("button").focus({ preventScroll: true }); // a click in a cell is on its row
      choose(code);
    };
  }
  return row;
}

function draw(root, component, data) {
  const table = element("table");
  const region = element("div", { className: data.tall ? "grid tall" : "grid", tabIndex: 0 }, table);
  region.setAttribute("role", "region");
  region.setAttribute("aria-label", data.caption);
  const sort = (key) => component.setTriggerValue("sort", key);
  const choose = (code) => component.setTriggerValue("commune", code);
  const head = element("tr", {}, ...data.columns.map((column) => heading(column, sort)));
  const body = element("tbody");
  table.append(element("caption", { textContent: data.caption }), element("thead", {}, head), body);
  if (data.foot.length) {
    table.append(element("tfoot", {}, ...data.foot.map((row) => line(row, data, choose))));
  }
  let at = 0;
  let timer;
  const more = (count) => {
    body.append(...data.rows.slice(at, at + count).map((row) => line(row, data, choose)));
    at += count;
    if (at < data.rows.length) timer = setTimeout(more, 0, 250);
    else table.dataset.rows = String(data.rows.length); // complete
  };
  const before = root.querySelector(".grid");
  const kept = before && held(root, before);
  more(Math.max(FIRST, before?.querySelectorAll("tbody tr").length ?? 0));
  if (before) before.replaceWith(region);
  else root.append(region);
  if (kept) restore(region, kept);
  return () => clearTimeout(timer);
}

/** Where a reader is in a table: what is scrolled, and which button or part has the keyboard. */
function held(root, region) {
  const active = root.getRootNode().activeElement;
  return {
    left: region.scrollLeft,
    top: region.scrollTop,
    whole: active === region,
    code: active?.closest?.("tr[data-code]")?.dataset.code,
    heading: region.contains(active) ? active.closest?.("thead button")?.dataset.key : undefined,
  };
}

function restore(region, { left, top, whole, code, heading }) {
  region.scrollLeft = left;
  region.scrollTop = top;
  const named = (where, name) => [...region.querySelectorAll(where)].find((one) => name(one));
  const next = whole ? region
    : heading ? named("thead button", (one) => one.dataset.key === heading)
    : code ? named("tr[data-code] button", (one) => one.closest("tr").dataset.code === code) : null;
  next?.focus({ preventScroll: true });
}

/** Mark another row of the same table: nothing else is drawn, nothing moves. */
function mark(root, code) {
  for (const row of root.querySelectorAll("tr[data-code]")) {
    if (row.dataset.code === code) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

export default function (component) {
  const text = new TextDecoder().decode(component.data);
  const root = component.parentElement;
  const shown = drawn.get(root);
  if (shown?.text === text) return;
  const data = JSON.parse(text);
  const rest = JSON.stringify({ ...data, selected: null });
  const complete = root.querySelector("table")?.dataset.rows;
  if (shown?.rest === rest && complete) {
    mark(root, data.selected);
    drawn.set(root, { ...shown, text });
    return;
  }
  shown?.stop();
  drawn.set(root, { text, rest, stop: draw(root, component, data) });
}
