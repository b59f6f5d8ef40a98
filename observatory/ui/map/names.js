// Names of communes: the one in focus and the largest ones always, others where they have room.

import { element } from "./elements.js";

/** @typedef {import("leaflet").Polygon} Polygon */
/**
 * What names need to know of a map.
 * @typedef {Object} Named
 * @property {Polygon[]} paths
 * @property {string[]} names
 * @property {number[]} always rows named whatever the room, first ones first
 * @property {{ x: number, y: number, width: number }[]} taken by symbols and counts
 * @property {Map<number, number>} radii of circles, by row
 * @property {((row: number) => string) | null} figure to write under a name that stands alone
 * @property {Element} frame that no name leaves
 * @property {Element} scale and north, that no name goes under
 */

const SHOWN = 120; // names shown at once
const LETTER = 6.6; // pixels, on average
const LINE = 18;

/**
 * Communes in view with room for their name, the largest first.
 * @param {import("leaflet").Map} map
 * @param {Named} named
 */
function rooms(map, { paths, names, always }) {
  const view = map.getBounds();
  /** @type {{ row: number, width: number, height: number, tall: boolean, area: number, must: boolean }[]} */
  const found = [];
  paths.forEach((layer, row) => {
    const box = layer.getBounds();
    const rank = always.indexOf(row);
    if (!view.intersects(box) || (rank >= 0 && !view.contains(layer.getCenter()))) return;
    const a = map.latLngToLayerPoint(box.getNorthWest());
    const b = map.latLngToLayerPoint(box.getSouthEast());
    const width = names[row].length * LETTER + 8;
    const height = b.y - a.y;
    const must = rank >= 0;
    if (!must && (b.x - a.x < width * 0.95 || height < 24)) return;
    const area = must ? Infinity : (b.x - a.x) * height;
    found.push({ row, width, height, tall: height > 48 && b.x - a.x > width, area, must });
  });
  found.sort((p, q) => (p.must && q.must ? always.indexOf(p.row) - always.indexOf(q.row)
    : q.area - p.area));
  return found.slice(0, SHOWN);
}

/**
 * Places of a name around the middle of its commune, the nearest first.
 * @param {number} aside what it must be clear of
 * @param {boolean} must
 * @param {number} width
 * @param {number} height of its commune, which a name may go down or up
 */
function places(aside, must, width, height) {
  const near = aside ? [[0, aside], [0, -aside]] : [[0, 0], [0, 20], [0, -20]];
  if (!must) return near;
  const side = width / 2 + 14;
  const beside = [0, LINE, -LINE].flatMap((dy) => [[side, dy], [-side, dy]]);
  const far = [];
  for (let dy = 2 * LINE; dy < Math.max(height / 2, 3 * LINE); dy += LINE) far.push([0, dy], [0, -dy]);
  return [...near, ...beside, ...far];
}

/**
 * What an element over the map covers, in pixels of the layers.
 * @param {Element} node
 * @param {Element} frame of the map
 * @param {number} left of the frame, in pixels of the layers
 * @param {number} top
 */
function covered(node, frame, left, top) {
  const box = node.getBoundingClientRect();
  const around = frame.getBoundingClientRect();
  return {
    x: left + box.x - around.x + box.width / 2,
    y: top + box.y - around.y + box.height / 2,
    width: box.width,
    tall: (box.height + LINE) / 2,
  };
}

/**
 * @param {typeof import("leaflet")} L
 * @param {import("leaflet").Map} map
 * @param {import("leaflet").LayerGroup} group
 * @param {Named} named
 */
export function showNames(L, map, group, named) {
  const { paths, names, radii, figure, frame, scale } = named;
  const { x: left, y: top } = map.containerPointToLayerPoint([0, 0]);
  const right = left + frame.clientWidth;
  /** @type {{ x: number, y: number, width: number, tall?: number }[]} */
  const taken = [...named.taken];
  /** @type {(x: number, y: number, width: number) => boolean} */
  const isFree = (x, y, width) => x - width / 2 >= left && x + width / 2 <= right && taken.every((t) =>
    Math.abs(t.x - x) >= (t.width + width) / 2 || Math.abs(t.y - y) >= (t.tall ?? LINE));
  for (const [row, radius] of radii) {
    const { x, y } = map.latLngToLayerPoint(paths[row].getCenter());
    taken.push({ x, y, width: 2 * radius, tall: radius + 9 });
  }
  taken.push(covered(scale, frame, left, top));
  group.clearLayers();
  for (const { row, width, height, tall, must } of rooms(map, named)) {
    const place = paths[row].getCenter();
    const { x, y } = map.latLngToLayerPoint(place);
    const radius = radii.get(row);
    const tried = places(radius === undefined ? 0 : radius + 9, must, width, height);
    const shift = tried.find(([dx, dy]) => isFree(x + dx, y + dy, width)) ?? (must ? [0, radius === undefined ? LINE : radius + 9] : null);
    if (!shift) continue;
    const [dx, dy] = shift;
    taken.push({ x: x + dx, y: y + dy, width });
    const label = element("span", must ? "first" : "", names[row]);
    label.style.top = `${dy}px`;
    label.style.left = `${dx}px`;
    if (figure && tall && !dx && !dy && !named.taken.length) {
      const words = figure(row);
      if (words) label.append(element("b", "", words));
    }
    const icon = L.divIcon({ className: "name", html: label, iconSize: [0, 0] });
    L.marker(place, { icon, interactive: false, keyboard: false, pane: "names" }).addTo(group);
  }
}
