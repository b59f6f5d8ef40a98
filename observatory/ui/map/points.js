// Establishments: symbols inside their commune, or how many it has where there is no room; each is
// reached by the keyboard, one stop for all of them.

import { element, fill } from "./elements.js";
import { placed, together } from "./placing.js";

/** @typedef {import("./messages.js").PointsMessage} PointsMessage */
/** @typedef {import("./messages.js").SignsMessage} Signs */
/** @typedef {import("leaflet").Map} LeafletMap */
/** @typedef {import("./placing.js").Spot} Spot */
/** @typedef {import("./placing.js").Rings} Rings */
/** @typedef {any} Symbol a marker of Leaflet, with what it keeps to itself */
/**
 * @typedef {Object} Item
 * @property {number} at place in the message
 * @property {number | undefined} row of its commune
 * @property {import("leaflet").LatLng} place
 * @property {Symbol} halo
 * @property {Symbol} symbol
 */
/**
 * A mark that may be pointed at, or reached by the keyboard.
 * @typedef {Object} Mark
 * @property {Element} node
 * @property {string} [label] what it is; its lines when absent
 * @property {() => Node[]} lines
 * @property {string} order
 * @property {(event: Event | null) => void} act
 */
/**
 * What the map does of its marks.
 * @typedef {Object} Host
 * @property {string[]} names of the communes
 * @property {(import("leaflet").Polygon)[]} paths
 * @property {Map<string, number>} rowOf
 * @property {(lines: () => Node[], at: { clientX: number, clientY: number }) => void} point
 * @property {(at: { clientX: number, clientY: number }) => void} moveTip
 * @property {() => void} hideTip
 * @property {(code: string, event: Event | null) => void} choose
 * @property {(rows: number[], at: import("leaflet").LatLng, event: Event | null) => void} open
 */

const COUNT = 24; // pixels, a count
const SCALE = 10; // half the width of a symbol as it is drawn in the file of signs
const STEPS = new Map([["ArrowRight", 1], ["ArrowDown", 1], ["ArrowLeft", -1], ["ArrowUp", -1]]);

/**
 * A marker drawn as a symbol of the file, moved by a few pixels where others stand.
 * @param {typeof import("leaflet")} L
 * @returns {any}
 */
const symbolClass = (L) => L.CircleMarker.extend({
  /** @this {any} */
  _updatePath() {
    const { drawn, shift: [dx, dy] } = this.options;
    const { x, y } = this._point;
    const size = this._radius / SCALE;
    this._path.setAttribute("transform", `translate(${x + dx} ${y + dy}) scale(${size})`);
    this._renderer._setPath(this, drawn);
  },
});

/**
 * The middle of a mark on the screen.
 * @param {Element} node
 */
function middle(node) {
  const box = node.getBoundingClientRect();
  return { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
}

export class Establishments {
  /**
   * @param {typeof import("leaflet")} L
   * @param {LeafletMap} map
   * @param {import("leaflet").Renderer} renderer
   * @param {Signs} signs
   * @param {Host} host
   */
  constructor(L, map, renderer, signs, host) {
    this.L = L;
    this.map = map;
    this.renderer = renderer;
    this.signs = signs;
    this.host = host;
    this.Symbol = symbolClass(L);
    /** @type {PointsMessage | null} */
    this.told = null;
    /** @type {unknown} */
    this.contours = null;
    /** @type {Item[]} */
    this.items = [];
    /** @type {Mark[]} */
    this.marks = [];
    /** @type {{ x: number, y: number, width: number }[]} */
    this.spots = []; // what is taken, in pixels of the world
    this.layer = L.featureGroup().addTo(map);
    this.counts = L.layerGroup().addTo(map);
    map.on("zoomend", () => this.arrange());
  }

  /** What is taken, in pixels of the layers. */
  get taken() {
    const from = this.map.getPixelOrigin();
    return this.spots.map(({ x, y, width }) => ({ x: x - from.x, y: y - from.y, width }));
  }

  get radius() {
    return Math.max(4, Math.min(8, this.map.getZoom() - 5.5));
  }

  /**
   * @param {PointsMessage | null} told
   * @param {unknown} contours of the communes that they stand in
   */
  paint(told, contours) {
    if (told === this.told && contours === this.contours) return;
    this.told = told;
    this.contours = contours;
    this.layer.clearLayers();
    this.items = (told?.name ?? []).map((_, at) => this.item(/** @type {PointsMessage} */ (told), at));
    this.arrange();
  }

  /**
   * @param {PointsMessage} told
   * @param {number} at
   * @returns {Item}
   */
  item(told, at) {
    const place = this.L.latLng(told.lat[at], told.lon[at]);
    const status = told.statuses[told.status[at]].status;
    const options = {
      renderer: this.renderer, pane: "establishments", radius: this.radius, shift: [0, 0],
      drawn: this.signs.shapes[told.services[told.service[at]].shape],
    };
    const halo = new this.Symbol(place, { ...options, className: "halo", interactive: false });
    const symbol = new this.Symbol(place, { ...options, className: `point ${status}`, fillOpacity: 1 });
    return { at, row: this.host.rowOf.get(told.code[at]), place, halo, symbol };
  }

  /** Symbols inside their commune, none on another; the closer the view, the smaller the shift. */
  arrange() {
    const { radius, map } = this;
    const focused = this.marks.findIndex(({ node }) => node === this.active());
    /** @type {Map<number | string, Item[]>} */
    const groups = new Map();
    for (const item of this.items) {
      const key = item.row ?? `alone ${item.at}`;
      groups.set(key, [...(groups.get(key) ?? []), item]);
    }
    const every = [...groups.values()].map((items) => {
      const [{ row, place }] = items;
      const path = row === undefined ? null : this.host.paths[row];
      return {
        rings: path && this.rings(path), middle: map.project(path?.getCenter() ?? place),
        members: items.map((item) => ({ item, spot: map.project(item.place) })),
      };
    });
    const { placed: places, counted } = placed(every, radius);
    this.counts.clearLayers();
    this.marks = [];
    this.spots = [];
    for (const item of this.items) this.show(item, places.get(item), radius);
    for (const heap of together(counted, COUNT)) this.count(heap);
    this.marks.sort((a, b) => a.order.localeCompare(b.order, "fr"));
    for (const [at, mark] of this.marks.entries()) this.reach(mark, at);
    if (focused >= 0) this.focus(Math.min(focused, this.marks.length - 1));
  }

  /**
   * @param {Item} item
   * @param {Spot | undefined} spot
   * @param {number} radius
   */
  show(item, spot, radius) {
    const { halo, symbol, place } = item;
    for (const mark of [halo, symbol]) {
      if (!spot) this.layer.removeLayer(mark);
      else {
        const { x, y } = this.map.project(place);
        mark.options.shift = [spot.x - x, spot.y - y];
        mark.options.radius = radius;
        if (this.layer.hasLayer(mark)) mark.setRadius(radius);
        else this.layer.addLayer(mark.setRadius(radius));
      }
    }
    if (!spot) return;
    this.spots.push({ ...spot, width: 2.5 * radius });
    const { told } = this;
    if (!told) return;
    const code = told.code[item.at];
    const lines = () => this.linesOf(told, item.at);
    this.marks.push({
      node: symbol.getElement(), lines, order: `${this.nameOf(item.row)} ${told.name[item.at]}`,
      act: (event) => { if (this.host.rowOf.has(code)) this.host.choose(code, event); },
    });
  }

  /** @param {{ middle: Spot, members: { item: Item }[] }[]} heap */
  count(heap) {
    const { words } = this.signs;
    const items = heap.flatMap(({ members }) => members.map(({ item }) => item));
    const rows = [...new Set(items.flatMap(({ row }) => (row === undefined ? [] : [row])))];
    const [{ middle: { x, y } }] = heap;
    const place = this.map.unproject(this.L.point(x, y));
    const count = items.length.toLocaleString("fr-FR");
    const icon = this.L.divIcon({
      className: "heap", html: element("span", "", count), iconSize: [COUNT, COUNT],
    });
    const marker = this.L.marker(place, { icon, keyboard: false, pane: "counts" });
    marker.addTo(this.counts);
    const name = rows.length === 1 ? this.nameOf(rows[0]) : "";
    const said = fill(name ? words.countAt : words.count, { name, count });
    const node = /** @type {HTMLElement} */ (marker.getElement());
    this.marks.push({
      node, label: said, order: this.nameOf(rows[0]), lines: () => this.linesOfCount(name, items, said),
      act: (event) => this.host.open(rows, place, event),
    });
    this.spots.push({ x, y, width: COUNT });
  }

  /** @param {number | undefined} row */
  nameOf(row) {
    return row === undefined ? "" : this.host.names[row];
  }

  /**
   * @param {PointsMessage} told
   * @param {number} at
   */
  linesOf(told, at) {
    const service = told.services[told.service[at]].words;
    const status = told.statuses[told.status[at]].words;
    const lines = [element("strong", "", told.name[at]), element("div", "", `${service}, ${status}`)];
    if (told.detail[at]) lines.push(element("div", "", told.detail[at]));
    return lines;
  }

  /**
   * @param {string} name
   * @param {Item[]} items
   * @param {string} said
   */
  linesOfCount(name, items, said) {
    const { told } = this;
    if (!told || !name) return [element("strong", "", said)];
    /** @type {Map<string, number>} */
    const services = new Map();
    for (const { at } of items) {
      const { words } = told.services[told.service[at]];
      services.set(words, (services.get(words) ?? 0) + 1);
    }
    return [element("strong", "", name), ...[...services].map(([words, count]) =>
      element("div", "", `${words}\u00a0: ${count}`))];
  }

  /**
   * Role, name, keys and pointer of a mark; one stop of the tabulator for all of them.
   * @param {Mark} mark
   * @param {number} at
   */
  reach(mark, at) {
    const { node, label, lines, act } = mark;
    const told = /** @type {HTMLElement} */ (node);
    const said = label ?? lines().map((line) => line.textContent).join(", ");
    for (const [name, value] of [["role", "button"], ["aria-label", said]]) node.setAttribute(name, value);
    node.setAttribute("tabindex", at ? "-1" : "0");
    told.onmouseenter = (event) => this.host.point(lines, event);
    told.onmousemove = (event) => this.host.moveTip(event);
    told.onmouseleave = () => this.host.hideTip();
    told.onfocus = () => {
      for (const one of this.marks) one.node.setAttribute("tabindex", one === mark ? "0" : "-1");
      if (node.matches(":focus-visible")) this.host.point(lines, middle(node));
    };
    told.onblur = () => this.host.hideTip();
    told.onclick = (event) => {
      event.stopPropagation();
      this.host.point(lines, event);
      act(event);
    };
    told.onkeydown = (event) => this.pressed(event, mark);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Mark} mark
   */
  pressed(event, mark) {
    const at = this.marks.indexOf(mark);
    const step = STEPS.get(event.key);
    const last = this.marks.length - 1;
    if (step) this.focus((at + step + last + 1) % (last + 1));
    else if (event.key === "Home") this.focus(0);
    else if (event.key === "End") this.focus(last);
    else if (event.key === "Enter" || event.key === " ") mark.act(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} at */
  focus(at) {
    /** @type {HTMLElement | undefined} */ (this.marks[at]?.node)?.focus({ preventScroll: true });
  }

  active() {
    const root = /** @type {ShadowRoot | Document} */ (this.map.getContainer().getRootNode());
    return root.activeElement;
  }

  /**
   * The contours of a commune, in pixels of the world at this zoom.
   * @param {import("leaflet").Polygon} path
   * @returns {Rings}
   */
  rings(path) {
    /** @type {Rings} */
    const found = [];
    const walk = (/** @type {any[]} */ part) => {
      if (Array.isArray(part[0])) part.forEach(walk);
      else if (part.length) found.push(part.map((one) => this.map.project(one)));
    };
    walk(path.getLatLngs());
    return found;
  }
}
