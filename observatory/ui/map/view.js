// What a map shows of the land: all of it, the commune in focus, or where a person moved it; what is
// under the pointer stays there while the page makes room for a sheet.

import { follow, others } from "./linked.js";

/** @typedef {import("./map.js").CommuneMap} CommuneMap */
/** @typedef {import("leaflet").LatLngBounds} Bounds */

const PHONE = 640; // px; up to this width the sheet opens above the map
const FOLDED = 760; // px; up to this width of the map its legend is folded
const AROUND = 0.5; // of the size of a commune in focus, on each side of it
const CLOSEST = 14; // zoom
const HELD = 3000; // ms after a press during which the page may make room

export class View {
  /** @param {CommuneMap} host */
  constructor(host) {
    this.host = host;
    this.moved = false; // a person has moved the map: its view is theirs
    this.following = false;
    this.fitting = false;
    /** @type {number | null} */
    this.focus = null; // row of the commune that is zoomed to
    /** @type {{ at: import("leaflet").LatLng, x: number, y: number, until: number } | null} */
    this.held = null; // what was pressed, and where it was on the screen
    /** @type {Bounds | null} */
    this.bounds = null; // of the whole territory
    /** @type {unknown} */
    this.geometry = null;
  }

  get map() {
    return this.host.map;
  }

  /** A person moves the map by hand. */
  take() {
    if (this.fitting || this.following) return;
    this.moved = true;
    this.held = null;
  }

  /**
   * Show a commune from near, or the whole territory again.
   * @param {number | null} row
   */
  show(row) {
    if (row === null && this.focus === null && this.moved) return; // where a person left it
    this.focus = row;
    this.moved = false;
    this.held = null;
    this.fit();
  }

  /** Keep what was pressed under the pointer, whatever the page opens beside the map.
   * @param {MouseEvent} event
   */
  hold(event) {
    const at = this.map.mouseEventToLatLng(event);
    this.held = { at, x: event.clientX, y: event.clientY, until: performance.now() + HELD };
  }

  /** The size of the map has changed. */
  resized() {
    this.map.invalidateSize({ animate: false, pan: this.moved && !this.held });
    if (!this.bounds) return;
    if (this.held) this.keep(this.held);
    else if (!this.moved) this.fit();
  }

  /** @param {{ at: import("leaflet").LatLng, x: number, y: number, until: number }} held */
  keep({ at, x, y, until }) {
    if (performance.now() > until || window.innerWidth <= PHONE) return;
    const box = this.map.getContainer().getBoundingClientRect();
    const now = this.map.latLngToContainerPoint(at);
    this.fitting = true;
    this.map.panBy([now.x - (x - box.left), now.y - (y - box.top)], { animate: false });
    if (x > box.right) this.map.panInside(at, { padding: [80, 80], animate: false });
    this.fitting = false;
  }

  /** Room that the legend and the buttons take. */
  room() {
    const { stage, legend, figure } = this.host;
    const printing = figure.classList.contains("printing");
    const wide = stage.clientWidth > FOLDED && !printing && !this.host.link;
    const right = wide ? legend.offsetWidth + 24 : 12;
    const left = window.innerWidth > PHONE && !printing ? 52 : 12; // clear of the buttons
    /** @type {import("leaflet").FitBoundsOptions} */
    const room = {
      paddingTopLeft: [left, wide ? 12 : 20],
      paddingBottomRight: [right, wide || printing ? 12 : 68], animate: false,
    };
    return { ...room, size: this.host.L.point(left + right, wide || printing ? 24 : 88) };
  }

  /** Show the commune in focus, else the whole territory, clear of the legend. */
  fit() {
    const { bounds, host } = this;
    if (!bounds) return;
    const { size, ...room } = this.room();
    const near = this.focus === null ? null : host.paths[this.focus].getBounds().pad(AROUND);
    this.fitting = true;
    this.map.setMinZoom(0);
    const linked = others(host).filter((other) => !other.view.moved);
    if (host.link && !near) this.fitTogether(linked, bounds);
    else this.map.fitBounds(near ?? bounds, { ...room, maxZoom: CLOSEST });
    const whole = near ? this.map.getBoundsZoom(bounds, false, size) : this.map.getZoom();
    for (const { map } of [host, ...linked]) map.setMinZoom(Math.floor(whole) - 1);
    this.fitting = false;
  }

  /**
   * The same view on every map of the group, from which each sees the whole territory.
   * @param {CommuneMap[]} linked
   * @param {Bounds} bounds
   */
  fitTogether(linked, bounds) {
    const every = [this.host, ...linked];
    const margin = this.host.L.point(24, 24);
    const zooms = every.map(({ map, view }) =>
      (view.bounds ? map.getBoundsZoom(view.bounds, false, margin) : Infinity));
    for (const one of every) {
      one.map.setMinZoom(0);
      follow(one, bounds.getCenter(), Math.min(...zooms), false);
    }
  }
}
