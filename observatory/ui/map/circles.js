// Proportional circles: drawn over the communes, and nested in the legend.

import { drawing, element } from "./drawing.js";
import { number } from "./numbers.js";

const LINE = 16; // pixels between two labels of the legend

/** Radius of a value's circle on a map `width` pixels wide; mirrors observatory/maps/circles.py. */
export function circleRadius({ largest, total, radii, cover }, width, value) {
  if (!largest) return 0;
  const area = (width * width) / 2; // of the width only: two maps side by side agree
  const free = Math.sqrt((cover * area * largest) / (Math.PI * total));
  return Math.min(Math.max(free, radii[0]), radii[1]) * Math.sqrt(Math.abs(value) / largest);
}

/** Filled for a shortfall, hollow for more than needed: the sign can be read without colour. */
function circleClass(signed, value) {
  return signed ? (value < 0 ? "circle short" : "circle more") : "circle";
}

export class Circles {
  /** `handlers`: Leaflet event names to functions. */
  constructor(L, map, pane, renderer, handlers) {
    Object.assign(this, { L, map, pane, renderer, drawn: "", radii: new Map() });
    this.layer = L.featureGroup().addTo(map).on(handlers);
  }

  paint({ circles, values, signed }, paths, width) {
    const drawn = circles ? JSON.stringify([circles, values, width]) : "";
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.layer.clearLayers();
    this.radii.clear();
    if (!circles) return;
    const rows = [...values.keys()].filter((row) => values[row]);
    rows.sort((a, b) => Math.abs(values[b]) - Math.abs(values[a])); // small ones on top
    for (const row of rows) {
      const value = values[row];
      const radius = circleRadius(circles, width, value);
      const circle = this.L.circleMarker(paths[row].getCenter(), {
        renderer: this.renderer, pane: this.pane, radius, fillOpacity: null, opacity: null,
        weight: null, color: null, className: circleClass(signed, value),
      });
      circle.row = row;
      this.radii.set(row, radius);
      this.layer.addLayer(circle);
      circle._path.style.setProperty("--c", circles.colours[value < 0 ? 0 : 1]);
    }
  }
}

function circle(colour, className, attributes) {
  const node = drawing("circle", { ...attributes, class: className });
  node.style.setProperty("--c", colour);
  return node;
}

/** A small circle before the word of a sign. */
export function circleIcon(colour, signed, value) {
  return drawing("svg", { class: "swatch", viewBox: "0 0 24 16", "aria-hidden": "true" },
    circle(colour, circleClass(signed, value), { cx: 12, cy: 8, r: 6.5 }));
}

/** Round amounts as circles nested on one base line, each with its figure. */
export function circleKey({ circles, decimals, unit }, width) {
  if (!circles.references.length) return element("p", "note", "Aucune valeur à montrer.");
  const radius = (value) => circleRadius(circles, width, value);
  const base = radius(circles.references[0]);
  const words = circles.references.map((value) =>
    `${number(value, Number.isInteger(value) ? 0 : decimals)}\u00a0${unit[value >= 2 ? 1 : 0]}`);
  const height = Math.max(2 * base + 10, LINE * words.length + 4);
  const picture = drawing("svg", {
    class: "nested", width: 208, height, viewBox: `0 0 208 ${height}`, role: "img",
    "aria-label": `Aire des cercles : ${words.join(", ")}`,
  });
  let free = 0; // where the next label may stand
  circles.references.forEach((value, i) => {
    const r = radius(value);
    const top = height - 2 - 2 * r;
    const y = Math.max(top, free + LINE / 2);
    free = y + LINE / 2;
    const label = drawing("text", { x: 2 * base + 24, y: y + 4 });
    label.textContent = words[i];
    picture.append(
      circle("none", "circle key", { cx: base + 2, cy: height - 2 - r, r }),
      drawing("path", { class: "leader", d: `M${base + 2},${top}L${2 * base + 8},${y}h12` }), label,
    );
  });
  return picture;
}
