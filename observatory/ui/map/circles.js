// Proportional circles: drawn over the communes, and nested in the legend.

import { drawing, element, fill } from "./elements.js";

/** @typedef {import("./messages.js").CirclesMessage} Told */
/** @typedef {import("leaflet").Polygon} Polygon */

const LINE = 16; // pixels between two labels of the legend
/** @type {Record<string, string>} */
const CLASSES = { "-": "short", "+": "more", o: "amount" };

/**
 * Radius of the largest circle on a map `width` pixels wide: two maps side by side agree.
 * @param {Told} told
 * @param {number} width
 */
const largest = ({ growth, least, most }, width) => Math.min(Math.max(growth * width, least), most);

export class Circles {
  /**
   * @param {typeof import("leaflet")} L
   * @param {import("leaflet").Map} map
   * @param {import("leaflet").Renderer} renderer
   * @param {import("leaflet").LeafletEventHandlerFnMap} handlers
   */
  constructor(L, map, renderer, handlers) {
    this.L = L;
    this.renderer = renderer;
    this.drawn = "";
    /** @type {Map<number, number>} */
    this.radii = new Map(); // by row
    this.layer = L.featureGroup().addTo(map).on(handlers);
  }

  /**
   * @param {Told | undefined} told
   * @param {Polygon[]} paths
   * @param {number} width
   */
  paint(told, paths, width) {
    const drawn = told ? JSON.stringify([told, width]) : "";
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.layer.clearLayers();
    this.radii.clear();
    if (!told) return;
    const rows = [...told.shares.keys()].filter((row) => told.shares[row]);
    rows.sort((a, b) => told.shares[b] - told.shares[a]); // small ones on top
    for (const row of rows) {
      const radius = largest(told, width) * told.shares[row];
      const circle = this.L.circleMarker(paths[row].getCenter(), {
        renderer: this.renderer, pane: "circles", radius,
        className: `circle ${CLASSES[told.signs[row]]}`,
      });
      Object.assign(circle, { row });
      this.radii.set(row, radius);
      this.layer.addLayer(circle);
    }
  }
}

/**
 * Round amounts as circles nested on one base line, each with its words.
 * @param {import("./messages.js").SignsMessage} signs
 * @param {import("./messages.js").ReferenceMessage[]} references
 * @param {Told} told
 * @param {number} width
 */
export function circleKey({ words }, references, told, width) {
  if (!references.length) return element("p", "note", words.noCircle);
  const radii = references.map(({ share }) => largest(told, width) * share);
  const [base] = radii;
  const height = Math.max(2 * base + 10, LINE * references.length + 4);
  const said = references.map((one) => one.words).join(", ");
  const picture = drawing("svg", {
    class: "nested", width: 208, height, viewBox: `0 0 208 ${height}`, role: "img",
    "aria-label": fill(words.circles, { words: said }),
  });
  let free = 0; // where the next label may stand
  references.forEach((one, i) => {
    const r = radii[i];
    const top = height - 2 - 2 * r;
    const y = Math.max(top, free + LINE / 2);
    free = y + LINE / 2;
    const label = drawing("text", { x: 2 * base + 24, y: y + 4 });
    label.textContent = one.words;
    picture.append(
      drawing("circle", { class: "circle key", cx: base + 2, cy: height - 2 - r, r }),
      drawing("path", { class: "leader", d: `M${base + 2},${top}L${2 * base + 8},${y}h12` }), label,
    );
  });
  return picture;
}
