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
    row.onclick = () => choose(code);
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
  more(FIRST);
  const before = root.querySelector(".grid");
  if (before) before.replaceWith(region);
  else root.append(region);
  return () => clearTimeout(timer);
}

export default function (component) {
  const text = new TextDecoder().decode(component.data);
  const root = component.parentElement;
  const shown = drawn.get(root);
  if (shown?.text === text) return;
  shown?.stop();
  const left = root.querySelector(".grid")?.scrollLeft ?? 0;
  const stop = draw(root, component, JSON.parse(text));
  root.querySelector(".grid").scrollLeft = left;
  drawn.set(root, { text, stop });
}
