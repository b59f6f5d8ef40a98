// Words of the map: figures as the French write them, the legend, the tooltips.
// Text from data is always set with textContent, never as HTML.

import { circleIcon, circleKey } from "./circles.js";
import { element, swatch, symbolIcon } from "./drawing.js";
import { number } from "./numbers.js";

export function quantity(words, value, decimals, signed, [one, many], masked = false) {
  if (value === null) return masked ? words.masked : words.unknown;
  if (signed && !value) return words.even;
  const unit = Math.abs(value) >= 2 ? many : one;
  const amount = number(signed ? Math.abs(value) : value, decimals) + (unit ? "\u00a0" + unit : "");
  if (!signed) return amount;
  return value < 0 ? `${words.lacking} ${amount}` : `${amount} ${words.beyond}`;
}

export function describe(data, row) {
  const value = quantity(data.words, data.values[row], data.decimals, data.signed, data.unit,
    data.classOf[row] === -3);
  if (!data.axes.length) return value;
  const index = data.classOf[row]; // need × supply: the class first, then the gap
  return index < 0 ? value : `${data.classes[index][1]}, ${value}`;
}

function legendRow(icon, label, count) {
  const item = element("li", count === 0 ? "empty" : "");
  item.append(icon, element("span", "", label));
  if (count !== undefined) item.append(element("span", "count", number(count, 0)));
  return item;
}

function countBy(keys) {
  const counts = new Map();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** Communes without a class: each with its pattern. */
function patternRows(counts, words) {
  const rows = [];
  if (counts.get(-1)) rows.push(legendRow(swatch("u"), words.unknown, counts.get(-1)));
  if (counts.get(-3)) rows.push(legendRow(swatch("m"), words.masked, counts.get(-3)));
  if (counts.get(-2)) rows.push(legendRow(swatch("s"), words.small, counts.get(-2)));
  return rows;
}

function classList(data) {
  const counts = countBy(data.classOf);
  const last = data.classes.length - 1;
  const end = (i) => (data.ends && i === 0 ? data.ends[0] : data.ends && i === last ? data.ends[1] : "");
  const list = element("ul");
  data.classes.forEach(([colour, label], i) => {
    const words = end(i) ? `${label} : ${end(i)}` : label;
    list.append(legendRow(swatch("", colour), words, counts.get(i) ?? 0));
  });
  list.append(...patternRows(counts, data.words));
  return list;
}

/** Circles of round amounts, then what each side of zero looks like. */
function circleList(data, width) {
  const { circles, classOf, values, signed } = data;
  const signs = countBy(values.filter((_, row) => classOf[row] >= 0).map(Math.sign));
  const list = element("ul");
  const sides = signed ? [[-1, data.ends[0]], [1, data.ends[1]]] : [[1, data.words.circled]];
  for (const [sign, words] of sides) {
    const icon = circleIcon(circles.colours[sign < 0 ? 0 : 1], signed, sign);
    list.append(legendRow(icon, words, signs.get(sign) ?? 0));
  }
  const none = signs.get(0) ?? 0; // a Map does not tell 0 from −0
  if (none) list.append(legendRow(swatch("g"), signed ? data.words.balanced : data.words.zero, none));
  list.append(...patternRows(countBy(classOf), data.words));
  return [circleKey(data, width), list];
}

/** Dark ink on light colours, white on dark ones. */
function inkOn(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.2 ? "#12161c" : "#fff";
}

/** The nine classes of need × supply as a square, strongest need at the top, with counts. */
function crossedSquare(data) {
  const counts = countBy(data.classOf);
  const [[needLabel, needBounds, needWords], [supplyLabel, supplyBounds, supplyWords]] = data.axes;
  const head = (words, bounds, scope) => {
    const cell = element("th", "", words);
    cell.scope = scope;
    cell.append(element("span", "", bounds));
    return cell;
  };
  const table = element("table", "square");
  const columns = element("tr");
  columns.append(element("td"), ...supplyWords.map((w, i) => head(w, supplyBounds[i], "col")));
  for (const need of [2, 1, 0]) {
    const row = element("tr");
    row.append(head(needWords[need], needBounds[need], "row"));
    for (const supply of [0, 1, 2]) {
      const index = 3 * need + supply;
      const cell = element("td", "", number(counts.get(index) ?? 0, 0));
      [cell.style.background] = data.classes[index];
      cell.style.color = inkOn(data.classes[index][0]);
      row.append(cell);
    }
    table.append(row);
  }
  table.append(columns);
  const list = element("ul");
  list.append(...patternRows(counts, data.words));
  return [element("p", "axis", `↑ ${needLabel}`), table, element("p", "axis", `→ ${supplyLabel}`), list];
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

export function legend(data, width) {
  const head = element("h3", "", data.legendTitle);
  head.append(element("span", "", "communes"));
  const classes = data.circles ? circleList(data, width)
    : data.axes.length ? crossedSquare(data) : [classList(data)];
  const note = data.legendNote ? [element("p", "note", data.legendNote)] : [];
  return [head, ...classes, ...note, ...(data.points?.rows.length ? pointKeys(data.points) : [])];
}

/** The classes in one line, for the closed legend of a phone. */
export function legendStrip(data) {
  const strip = element("span", "strip");
  if (!data.circles) strip.append(...data.classes.map(([colour]) => swatch("", colour)));
  return [element("span", "", "Légende"), strip];
}

export function communeTip(data, row, name) {
  const index = data.classOf[row];
  const lines = [element("strong", "", name)];
  if (index !== -2 || data.values[row] !== null) lines.push(element("div", "value", describe(data, row)));
  if (index >= 0 && !data.circles && !data.axes.length) {
    lines.push(element("div", "", `Classe : ${data.classes[index][1]}`));
  }
  if (index === -1) {
    const told = data.unknown?.find(([, rows]) => rows.includes(row));
    lines.push(element("div", "", told ? told[0] : "Aucune donnée publiée ni recensée."));
  }
  if (index === -3) lines.push(element("div", "", `${data.words.masked[0].toUpperCase()}${data.words.masked.slice(1)} : secret statistique.`));
  if (index === -2) lines.push(element("div", "", `${data.words.small[0].toUpperCase()}${data.words.small.slice(1)} : pas de classe.`));
  for (const column of data.columns) {
    const value = quantity(data.words, column.values[row], column.decimals, false,
      [column.unit, column.unit], column.masked?.includes(row));
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
