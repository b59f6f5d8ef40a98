// Establishments and names of communes: what is drawn over the colours.

import { element, symbolPath } from "./drawing.js";
import { number } from "./words.js";

const LABELS = 120; // names shown at once
const LETTER = 6.6; // pixels, on average

/** A marker drawn as a symbol; those of one address stand in a ring around it. */
const symbolClass = (L) => L.CircleMarker.extend({
  _updatePath() {
    const { shape, turn, around } = this.options;
    const spread = around > 1 ? Math.max(this._radius * 1.5, this._radius * 0.42 * around) : 0;
    const x = this._point.x + spread * Math.cos(turn);
    const y = this._point.y + spread * Math.sin(turn);
    this._renderer._setPath(this, symbolPath(shape, x, y, this._radius));
  },
});

export class Establishments {
  /** `handlers`: Leaflet event names to functions. */
  constructor(L, map, pane, renderer, handlers) {
    Object.assign(this, { map, pane, renderer, Symbol: symbolClass(L), text: "" });
    this.layer = L.featureGroup().addTo(map).on(handlers);
    map.on("zoomend", () => this.layer.eachLayer((mark) => mark.setRadius(this.radius())));
  }

  radius() {
    return Math.max(4, Math.min(8, this.map.getZoom() - 5.5));
  }

  paint(points) {
    const text = JSON.stringify(points);
    if (text === this.text) return;
    this.text = text;
    this.layer.clearLayers();
    const rows = points?.rows ?? [];
    const key = ([lon, lat]) => `${lon.toFixed(4)} ${lat.toFixed(4)}`;
    const addresses = new Map();
    for (const row of rows) {
      const address = addresses.get(key(row)) ?? { count: 0, next: 0 };
      address.count += 1;
      addresses.set(key(row), address);
    }
    for (const row of rows) {
      const [lon, lat, service, status] = row;
      const address = addresses.get(key(row));
      const options = {
        renderer: this.renderer, pane: this.pane, radius: this.radius(),
        shape: points.services[service][1], around: address.count,
        turn: -Math.PI / 2 + (2 * Math.PI * address.next++) / address.count,
      };
      const className = `point ${points.statuses[status][0]}`;
      const halo = new this.Symbol([lat, lon], { ...options, className: "halo", interactive: false });
      const symbol = new this.Symbol([lat, lon], { ...options, className, fillOpacity: 1 });
      symbol.point = row;
      this.layer.addLayer(halo).addLayer(symbol);
    }
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

/** Names beside the symbols, and the figure under the name when there are no symbols. */
export function showNames(L, map, group, paths, names, data) {
  const points = data?.points?.rows ?? [];
  const taken = points.map(([lon, lat]) => ({ ...map.latLngToLayerPoint([lat, lon]), width: 24 }));
  const isFree = (x, y, width) => taken.every((t) =>
    Math.abs(t.x - x) >= (t.width + width) / 2 || Math.abs(t.y - y) >= 18);
  group.clearLayers();
  for (const { row, width, tall } of rooms(map, paths, names)) {
    const place = paths[row].getCenter();
    const { x, y } = map.latLngToLayerPoint(place);
    const shift = [0, 20, -20].find((dy) => isFree(x, y + dy, width));
    if (shift === undefined) continue;
    taken.push({ x, y: y + shift, width });
    const label = element("span", "", names[row]);
    label.style.top = `${shift}px`;
    if (tall && !shift && !points.length && data?.classOf[row] >= 0) {
      label.append(element("b", "", number(data.values[row], data.decimals, data.kind === "gap")));
    }
    const icon = L.divIcon({ className: "name", html: label, iconSize: [0, 0] });
    L.marker(place, { icon, interactive: false, keyboard: false, pane: "names" }).addTo(group);
  }
}
