// Establishments and names of communes: what is drawn over the colours.

import { element, symbolPath } from "./drawing.js";
import { number } from "./numbers.js";

const LABELS = 120; // names shown at once
const LETTER = 6.6; // pixels, on average
const TRIES = 80; // places looked at around an establishment before it overlaps another
const GOLDEN = Math.PI * (3 - Math.sqrt(5)); // turn of a spiral that fills evenly, in radians

/** A marker drawn as a symbol, moved by a few pixels where others stand. */
const symbolClass = (L) => L.CircleMarker.extend({
  _updatePath() {
    const { shape, shift: [dx, dy] } = this.options;
    const { x, y } = this._point;
    this._renderer._setPath(this, symbolPath(shape, x + dx, y + dy, this._radius));
  },
});

/** The nearest free place around a point, on a spiral; `grid` holds those already taken. */
function freeShift(grid, { x, y }, gap) {
  const cell = (value) => Math.floor(value / gap);
  const near = (px, py) => {
    for (let i = cell(px) - 1; i <= cell(px) + 1; i++) {
      for (let j = cell(py) - 1; j <= cell(py) + 1; j++) {
        if (grid.get(`${i} ${j}`)?.some((q) => Math.hypot(q.x - px, q.y - py) < gap)) return true;
      }
    }
    return false;
  };
  for (let i = 0; i < TRIES; i++) {
    const reach = 0.5 * gap * Math.sqrt(i);
    const shift = [reach * Math.cos(i * GOLDEN), reach * Math.sin(i * GOLDEN)];
    const spot = { x: x + shift[0], y: y + shift[1] };
    if (near(spot.x, spot.y)) continue;
    const key = `${cell(spot.x)} ${cell(spot.y)}`;
    grid.set(key, [...(grid.get(key) ?? []), spot]);
    return shift;
  }
  return [0, 0];
}

export class Establishments {
  /** `handlers`: Leaflet event names to functions. */
  constructor(L, map, pane, renderer, handlers) {
    Object.assign(this, { map, pane, renderer, Symbol: symbolClass(L), text: "", marks: [] });
    this.layer = L.featureGroup().addTo(map).on(handlers);
    map.on("zoomend", () => this.spread());
  }

  radius() {
    return Math.max(4, Math.min(8, this.map.getZoom() - 5.5));
  }

  paint(points) {
    const text = JSON.stringify(points);
    if (text === this.text) return;
    this.text = text;
    this.layer.clearLayers();
    this.marks = (points?.rows ?? []).map((row) => {
      const [lon, lat, service, status] = row;
      const options = {
        renderer: this.renderer, pane: this.pane, radius: this.radius(), shift: [0, 0],
        shape: points.services[service][1],
      };
      const className = `point ${points.statuses[status][0]}`;
      const halo = new this.Symbol([lat, lon], { ...options, className: "halo", interactive: false });
      const symbol = new this.Symbol([lat, lon], { ...options, className, fillOpacity: 1 });
      symbol.point = row;
      this.layer.addLayer(halo).addLayer(symbol);
      return [halo, symbol];
    });
    this.spread();
  }

  /** Move symbols aside so that none hides another; the closer the view, the smaller the shift. */
  spread() {
    const radius = this.radius();
    const grid = new Map();
    for (const [halo, symbol] of this.marks) {
      const shift = freeShift(grid, this.map.project(symbol.getLatLng()), 2 * radius + 3);
      for (const mark of [halo, symbol]) {
        mark.options.shift = shift;
        mark.setRadius(radius);
      }
    }
  }

  /** Where the symbols stand, in pixels of the layer. */
  spots() {
    return this.marks.map(([, symbol]) => {
      const { x, y } = this.map.latLngToLayerPoint(symbol.getLatLng());
      const [dx, dy] = symbol.options.shift;
      return { x: x + dx, y: y + dy };
    });
  }
}

/** Communes in view with room for their name, the largest first. */
function rooms(map, paths, names) {
  const view = map.getBounds();
  const found = [];
  paths.forEach((layer, row) => {
    const box = layer.getBounds();
    if (!view.intersects(box)) return;
    const a = map.latLngToLayerPoint(box.getNorthWest());
    const b = map.latLngToLayerPoint(box.getSouthEast());
    const width = names[row].length * LETTER + 8;
    const height = b.y - a.y;
    if (b.x - a.x < width * 0.95 || height < 24) return;
    found.push({ row, width, tall: height > 48, area: (b.x - a.x) * height });
  });
  return found.sort((p, q) => q.area - p.area).slice(0, LABELS);
}

/** Names beside the symbols or below the circles; the figure under a name that stands alone. */
export function showNames(L, map, group, paths, names, spots, radii, data) {
  const taken = spots.map((spot) => ({ ...spot, width: 20 }));
  const isFree = (x, y, width) => taken.every((t) =>
    Math.abs(t.x - x) >= (t.width + width) / 2 || Math.abs(t.y - y) >= (t.tall ?? 18));
  for (const [row, radius] of radii) {
    const { x, y } = map.latLngToLayerPoint(paths[row].getCenter());
    taken.push({ x, y, width: 2 * radius, tall: radius + 9 });
  }
  group.clearLayers();
  for (const { row, width, tall } of rooms(map, paths, names)) {
    const place = paths[row].getCenter();
    const { x, y } = map.latLngToLayerPoint(place);
    const aside = radii.has(row) ? radii.get(row) + 9 : 0;
    const shift = (aside ? [aside, -aside] : [0, 20, -20]).find((dy) => isFree(x, y + dy, width));
    if (shift === undefined) continue;
    taken.push({ x, y: y + shift, width });
    const label = element("span", "", names[row]);
    label.style.top = `${shift}px`;
    if (tall && !shift && !spots.length && data?.classOf[row] >= 0 && !data.axes.length) {
      label.append(element("b", "", number(data.values[row], data.decimals, data.signed)));
    }
    const icon = L.divIcon({ className: "name", html: label, iconSize: [0, 0] });
    L.marker(place, { icon, interactive: false, keyboard: false, pane: "names" }).addTo(group);
  }
}
