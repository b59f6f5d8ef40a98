// Words of the map: figures as the French write them, the legend, the tooltips.
// Text from data is always set with textContent, never as HTML.

import { element, swatch, symbolIcon } from "./drawing.js";

/** 1 234,5 with a true minus; mirrors observatory/ui/formats.py. */
export function number(value, decimals, signed) {
  const digits = Math.abs(value).toLocaleString("fr-FR", {
    minimumFractionDigits: decimals, maximumFractionDigits: decimals,
  });
  return (value < 0 ? "\u2212" : signed && value > 0 ? "+" : "") + digits;
}

export function quantity(value, decimals, signed, [one, many]) {
  if (value === null) return "inconnu";
  const unit = Math.abs(value) >= 2 ? many : one;
  return number(value, decimals, signed) + (unit ? "\u00a0" + unit : "");
}

export function describe(data, row) {
  return quantity(data.values[row], data.decimals, data.kind === "gap", data.unit);
}

function legendRow(icon, label, count) {
  const item = element("li", count === 0 ? "empty" : "");
  item.append(icon, element("span", "", label));
  if (count !== undefined) item.append(element("span", "count", number(count, 0)));
  return item;
}

function classList(data) {
  const counts = new Map();
  for (const index of data.classOf) counts.set(index, (counts.get(index) ?? 0) + 1);
  const last = data.classes.length - 1;
  const end = (i) => (data.ends && i === 0 ? data.ends[0] : data.ends && i === last ? data.ends[1] : "");
  const list = element("ul");
  data.classes.forEach(([colour, label], i) => {
    const words = end(i) ? `${label} : ${end(i)}` : label;
    list.append(legendRow(swatch("", colour), words, counts.get(i) ?? 0));
  });
  if (counts.get(-1)) list.append(legendRow(swatch("u"), "inconnu", counts.get(-1)));
  if (counts.get(-2)) list.append(legendRow(swatch("s"), "moins de 30 enfants", counts.get(-2)));
  return list;
}

/** Services and statuses that the points shown make use of. */
function pointKeys({ services, statuses, rows }) {
  const list = (className, entries, column, icon) => {
    const used = new Set(rows.map((point) => point[column]));
    const ul = element("ul", className);
    ul.append(...entries.filter((_, i) => used.has(i)).map(icon));
    return ul;
  };
  return [
    element("h3", "", "Établissements"),
    list("", services, 2, ([label, shape]) => legendRow(symbolIcon(shape, "none"), label)),
    element("h3", "", "Statut"),
    list("line", statuses, 3, ([status, label]) => legendRow(symbolIcon("circle", status), label)),
  ];
}

export function legend(data) {
  const head = element("h3", "", data.legendTitle);
  head.append(element("span", "", "communes"));
  return [head, classList(data), ...(data.points?.rows.length ? pointKeys(data.points) : [])];
}

/** The classes in one line, for the closed legend of a phone. */
export function legendStrip(data) {
  const strip = element("span", "strip");
  strip.append(...data.classes.map(([colour]) => swatch("", colour)));
  return [element("span", "", "Légende"), strip];
}

export function communeTip(data, row, name) {
  const index = data.classOf[row];
  const lines = [element("strong", "", name)];
  if (index !== -2 || data.values[row] !== null) lines.push(element("div", "value", describe(data, row)));
  if (index >= 0) lines.push(element("div", "", `Classe : ${data.classes[index][1]}`));
  if (index === -1) lines.push(element("div", "", "Aucune donnée publiée ni recensée."));
  if (index === -2) lines.push(element("div", "", "Moins de 30 enfants : pas de classe."));
  for (const column of data.columns) {
    const value = quantity(column.values[row], column.decimals, false, [column.unit, column.unit]);
    lines.push(element("div", "", `${column.label} : ${value}`));
  }
  return lines;
}

export function pointTip({ services, statuses }, [, , service, status, name, , detail]) {
  const lines = [
    element("strong", "", name),
    element("div", "", `${services[service][0]}, ${statuses[status][1]}`),
  ];
  if (detail) lines.push(element("div", "", detail));
  return lines;
}
