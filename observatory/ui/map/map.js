// The map of the communes. Leaflet, contours, signs and this file are fetched once; each call of
// render() brings classes, figures and words, and repaints only what differs.
// Text from data is always set with textContent, never as HTML.

import { Shortfalls, Timeline } from "./beside.js";
import { bearings, createCanvas } from "./canvas.js";
import { Circles } from "./circles.js";
import { element, fill, made } from "./elements.js";
import { absolute, loadJson, loadLeaflet, loadSigns, loadStyle, once } from "./files.js";
import { legend, legendStrip } from "./legend.js";
import { follow, join, lead, others } from "./linked.js";
import { mounted } from "./mounted.js";
import { showNames } from "./names.js";
import { end } from "./playing.js";
import { Establishments } from "./points.js";
import { linesOf, said, Tip, text } from "./tip.js";
import { View } from "./view.js";

/** @typedef {import("./messages.js").MapMessage} MapMessage */
/** @typedef {import("./messages.js").SignsMessage} Signs */
/** @typedef {import("./messages.js").Component} Component */
/** @typedef {any} Path a commune, with what Leaflet keeps to itself */

const MANY = 800; // communes; above, no transition and lighter lines
const NARROW = 480; // pixels, a map beside others
const LOADING = "Chargement de la carte…"; // before any file of words is there
const FAILED = "La carte n’a pas pu être chargée. Recharger la page ; "
  + "le tableau sous la carte donne les mêmes chiffres.";
const LATER = /** @type {any} */ (undefined); // there once the files have come
/** @type {Map<string, any>} */
const kept = new Map(); // parts of messages that were sent once, by digest
/** @type {Map<string, any>} */
const views = new Map(); // centre and zoom of each named map, kept when the page is left

/**
 * The commune to zoom to; none where the whole territory stays in view.
 * @param {MapMessage} data
 * @returns {string | null}
 */
const inFocus = (data) => (data.whole ? null : data.selected);

export class CommuneMap {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.painted = 0;
    /** @type {typeof import("leaflet")} */
    this.L = LATER;
    /** @type {Signs} */
    this.signs = LATER;
    /** @type {import("leaflet").Map} */
    this.map = LATER;
    /** @type {import("leaflet").Renderer} */
    this.ground = LATER;
    /** @type {import("leaflet").Renderer} */
    this.above = LATER;
    /** @type {Component} */
    this.component = LATER;
    /** @type {MapMessage} */
    this.data = LATER;
    /** @type {Promise<void> | undefined} */
    this.styled = undefined;
    /** @type {string | undefined} */
    this.tileUrl = undefined;
    /** @type {string | undefined} */
    this.asked = undefined; // digest of a part that was asked for again
    /** @type {Path[]} */
    this.paths = []; // one Leaflet layer per commune, in the order of the contours
    /** @type {Map<string, number>} */
    this.rowOf = new Map(); // INSEE code to row
    /** @type {string[]} */
    this.codes = [];
    /** @type {string[]} */
    this.names = [];
    /** @type {number[]} */
    this.largest = []; // rows of the largest communes
    /** @type {string[]} */
    this.drawn = []; // class last given to each path
    /** @type {string | null | undefined} */
    this.selected = null;
    /** @type {string | null | undefined} */
    this.told = undefined; // the commune that the last message named
    /** @type {string | undefined} */
    this.link = undefined;
    this.view = new View(this);
    this.listeners = new AbortController();
    /** @type {Record<string, import("leaflet").Layer[]>} */
    this.outlines = { hover: [], selected: [] };
    this.gone = false;
    this.figure = element("section", "observatory");
    this.frame = element("div", "frame");
    this.title = element("h2");
    this.sentence = element("p");
    this.notes = element("ul", "notes");
    this.stage = element("div", "stage");
    this.canvas = element("div", "canvas");
    this.legend = element("aside", "legend closed");
    this.toggle = element("button");
    this.legendBody = element("div", "body");
    this.corner = element("div", "corner");
    this.foot = element("div", "foot");
    this.state = element("div", "state", LOADING);
    this.hint = element("div", "hint");
    this.live = element("p", "hidden");
    this.tip = new Tip(this.stage);
    this.shortfalls = new Shortfalls((code) => this.choose(code, null));
    this.timeline = new Timeline((day) => this.component.setTriggerValue("day", day));
    this.build();
  }

  build() {
    const { figure, frame, legendBody, toggle } = this;
    figure.setAttribute("role", "region");
    figure.dataset.painted = "0";
    figure.style.minHeight = "420px";
    this.hint.setAttribute("aria-hidden", "true");
    legendBody.tabIndex = 0; // it scrolls in a low window: the keyboard must reach it
    legendBody.setAttribute("role", "group");
    this.live.setAttribute("aria-live", "polite");
    this.state.setAttribute("role", "status");
    toggle.type = "button";
    toggle.setAttribute("aria-expanded", "false");
    toggle.onclick = () => {
      const open = this.legend.classList.toggle("closed") === false;
      toggle.setAttribute("aria-expanded", String(open));
    };
    const caption = element("div", "caption");
    const around = element("div", "around");
    caption.append(this.title, this.sentence, this.notes);
    around.append(this.timeline.row, this.shortfalls.row);
    this.legend.append(toggle, legendBody);
    this.stage.append(this.canvas, this.corner, this.legend, this.tip.node, this.hint);
    frame.append(caption, this.stage, this.foot, around);
    frame.hidden = true; // until the style is there
    figure.append(this.state, frame, this.live);
    this.root.append(figure);
  }

  /**
   * Fetch what is missing, then draw the contours. Runs once for a version of the contours.
   * @param {MapMessage} data
   */
  async prepare(data) {
    this.styled ??= Promise.all(["leaflet.css", "map.css"].map((one) => loadStyle(this.root, one)))
      .then(() => this.unveil());
    const [L, signs, geometry] = await Promise.all([
      loadLeaflet(), loadSigns(), once(absolute(data.files.geometry), loadJson), this.styled,
    ]);
    this.L = L;
    this.signs = signs;
    if (!this.map) this.createMap(data);
    if (this.view.geometry !== data.files.geometry) this.drawContours(data, geometry);
  }

  unveil() {
    this.frame.hidden = false;
    this.figure.style.minHeight = "";
    this.stage.append(this.state);
  }

  /** @param {MapMessage} data */
  createMap(data) {
    const { L, signs } = this;
    this.touch = window.matchMedia("(pointer: coarse)").matches;
    const how = { touch: this.touch, tiled: Boolean(data.tiles) };
    const { map, ground, rings, above, places } = createCanvas(L, this.canvas, signs, how);
    Object.assign(this, { map, ground, above });
    for (const [name, colour] of Object.entries(signs.fills)) {
      this.figure.style.setProperty(`--${name}`, colour);
    }
    this.figure.prepend(made(signs.patterns));
    this.corner.append(...bearings(L, map, signs.words.north));
    this.legendBody.setAttribute("aria-label", signs.words.legendBody);
    this.points = new Establishments(L, map, places, signs, this);
    this.circles = new Circles(L, map, rings, this.ofCommune());
    this.nameLayer = L.layerGroup().addTo(map);
    for (const pane of ["establishments", "counts"]) {
      const node = /** @type {HTMLElement} */ (map.getPane(pane));
      node.setAttribute("role", "group");
      node.setAttribute("aria-label", signs.words.points);
    }
    this.listen(data);
  }

  /** What the pointer does on a commune, or on its circle. */
  ofCommune() {
    const lines = (/** @type {number} */ row) => () =>
      linesOf(this.signs, this.data, row, this.names[row]);
    const every = () => [this, ...others(this)];
    return {
      mouseover: (/** @type {any} */ { sourceTarget: { row }, originalEvent }) => {
        for (const map of every()) map.outline("hover", row);
        this.point(lines(row), originalEvent);
      },
      mousemove: (/** @type {any} */ { originalEvent }) => this.moveTip(originalEvent),
      mouseout: () => {
        for (const map of every()) map.outline("hover", null);
        this.hideTip();
      },
      click: (/** @type {any} */ event) => {
        const { row } = event.sourceTarget;
        this.L.DomEvent.stopPropagation(event);
        this.point(lines(row), event.originalEvent);
        this.choose(this.codes[row], event.originalEvent);
      },
    };
  }

  /** @param {MapMessage} data */
  listen({ name }) {
    const { signal } = this.listeners;
    const { map, signs: { words }, view } = this;
    map.on("moveend", () => {
      const { geometry, moved } = view;
      views.set(name, { geometry, moved, center: map.getCenter(), zoom: map.getZoom() });
      this.nameThem();
    });
    map.on("dragstart zoomend", () => view.take());
    map.on("move moveend", () => lead(this));
    map.on("mouseout movestart click", () => this.hideTip());
    this.canvas.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.hideTip();
    }, { signal });
    // The page scrolls under the wheel; with Ctrl the map zooms.
    this.canvas.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.stopImmediatePropagation();
      this.showHint(words.wheel);
    }, { signal, capture: true, passive: true });
    this.canvas.addEventListener("touchmove", (event) => {
      if (event.touches.length === 1) this.showHint(words.fingers);
    }, { signal, passive: true });
    this.observer = new ResizeObserver(() => {
      view.resized();
      if (this.data?.circles) this.paintSizes(this.data);
    });
    this.observer.observe(this.stage);
    window.addEventListener("beforeprint", () => this.turnPage(true), { signal });
    window.addEventListener("afterprint", () => this.turnPage(false), { signal });
  }

  /**
   * On paper the map has a fixed size and the legend stands below it.
   * @param {boolean} printing
   */
  turnPage(printing) {
    const center = this.map.getCenter();
    this.figure.classList.toggle("printing", printing);
    this.map.invalidateSize({ animate: false, pan: false });
    if (this.view.moved) this.map.setView(center, this.map.getZoom(), { animate: false });
    else this.view.fit();
  }

  /** @param {string} words */
  showHint(words) {
    this.hint.textContent = words;
    this.hint.classList.add("shown");
    clearTimeout(this.hintTimer);
    this.hintTimer = setTimeout(() => this.hint.classList.remove("shown"), 900);
  }

  /**
   * @param {MapMessage} data
   * @param {any} geometry
   */
  drawContours(data, geometry) {
    const { L, map, view } = this;
    this.contours?.remove();
    this.points?.paint(null, null); // they stood in the communes that go
    this.outline("hover", null);
    this.hideTip();
    this.paths = [];
    this.rowOf.clear();
    this.names = [];
    this.drawn = [];
    const many = geometry.features.length > MANY;
    /** @type {[number, number][]} */
    const ranked = [];
    this.figure.classList.toggle("many", many);
    this.contours = L.geoJSON(geometry, /** @type {any} */ ({
      renderer: this.ground, pane: "communes", smoothFactor: many ? 0.7 : 0,
      style: { className: "commune u", fillOpacity: 1 },
      onEachFeature: (/** @type {any} */ { properties: { c, n, r } }, /** @type {any} */ layer) => {
        layer.row = this.paths.length;
        if (r !== undefined) ranked.push([r, layer.row]);
        this.rowOf.set(c, layer.row);
        this.names.push(n);
        this.paths.push(layer);
        this.drawn.push("u");
      },
    }));
    this.largest = ranked.sort((a, b) => a[0] - b[0]).map(([, row]) => row);
    this.codes = [...this.rowOf.keys()];
    view.bounds = this.contours.getBounds();
    view.geometry = data.files.geometry;
    this.told = inFocus(data);
    view.focus = this.told ? this.rowOf.get(this.told) ?? null : null;
    view.moved = false;
    this.paintWords(data); // the legend must have its width
    const before = views.get(data.name);
    const leader = others(this).find((other) => other.view.moved);
    if (leader) follow(this, leader.map.getCenter(), leader.map.getZoom(), true);
    else if (before?.moved && before.geometry === view.geometry) {
      view.moved = true;
      map.setView(before.center, before.zoom, { animate: false });
    } else view.fit();
    this.contours.addTo(map);
    map.setMaxBounds(view.bounds.pad(1.5));
    this.contours.on(this.ofCommune());
    this.image = /** @type {any} */ (this.ground)._container;
    this.image.setAttribute("role", "img");
  }

  // ----------------------------------------------------------------------- painting

  /** @param {MapMessage} data */
  paint(data) {
    this.data = data;
    const { style } = this.figure;
    for (const [i, colour] of data.colours.entries()) {
      style.setProperty(`--k${i}`, this.signs.colours[colour]);
    }
    for (let row = 0; row < this.paths.length; row++) {
      const sign = data.classes[row];
      if (this.drawn[row] === sign) continue;
      const name = sign >= "0" && sign <= "9" ? `k${sign}` : sign;
      this.paths[row]._path.setAttribute("class", `commune leaflet-interactive ${name}`);
      this.drawn[row] = sign;
    }
    this.paintWords(data);
    this.circles?.paint(data.circles, this.paths, this.frame.clientWidth);
    this.points?.paint(this.part(data.points), this.contours);
    this.paintTiles(data.tiles);
    this.shortfalls.paint(data.shortfalls, this.signs);
    this.timeline.paint(
      this.part(data.stops), data.stop ?? 0, this.part(data.moves), this.signs,
    );
    clearTimeout(this.namer); // colours first: names may wait for the next frame
    this.namer = setTimeout(() => { if (!this.gone) this.nameThem(); });
    this.tip.again();
  }

  /**
   * Circles and their legend follow the width of the map.
   * @param {MapMessage} data
   */
  paintSizes(data) {
    this.circles?.paint(data.circles, this.paths, this.frame.clientWidth);
    this.paintLegend(data);
  }

  /**
   * Beside another map the legend stands under the map: it would hide half of it.
   * @param {string | undefined} link
   */
  place(link) {
    join(this, link);
    const below = this.legend.parentNode === this.frame;
    if (this.figure.classList.toggle("paired", Boolean(link)) === below) return;
    if (link) this.stage.after(this.legend);
    else this.hint.before(this.legend);
  }

  /** @param {MapMessage} data */
  paintWords(data) {
    const { words } = this.signs;
    this.title.textContent = data.title;
    this.sentence.textContent = data.sentence;
    this.notes.replaceChildren(...data.notes.map((note) => element("li", "", note)));
    const lines = data.source ? [data.source] : [];
    if (data.tiles) lines.push(fill(words.tiles, { attribution: data.tiles.attribution }));
    this.foot.replaceChildren(...lines.map((line) => element("span", "", line)));
    this.figure.setAttribute("aria-label", fill(words.map, data));
    this.legend.setAttribute("aria-label", fill(words.legendOf, data));
    this.image?.setAttribute("aria-label", fill(words.image, data));
    this.legend.classList.toggle("crossed", Boolean(data.legend.square));
    this.paintLegend(data);
    this.toggle.replaceChildren(...legendStrip(this.signs, data));
  }

  /** @param {MapMessage} data */
  paintLegend(data) {
    const shown = { ...data, points: this.part(data.points) };
    this.legendBody.replaceChildren(...legend(this.signs, shown, this.frame.clientWidth));
  }

  /** @param {import("./messages.js").TilesMessage | undefined} tiles */
  paintTiles(tiles) {
    if (this.tileUrl === tiles?.url) return;
    this.tileUrl = tiles?.url;
    this.tileLayer?.remove();
    this.figure.classList.toggle("tiled", Boolean(tiles));
    this.tileLayer = tiles ? this.L.tileLayer(tiles.url).addTo(this.map) : undefined;
  }

  // ----------------------------------------------------------------------- names, outlines

  nameThem() {
    const { data, contours, points, circles, nameLayer } = this;
    if (!data || !contours || !points || !circles || !nameLayer || !this.map.hasLayer(contours)) return;
    const chosen = this.selected ? this.rowOf.get(this.selected) : undefined;
    const { figures } = data;
    const always = chosen === undefined ? this.largest : [chosen, ...this.largest];
    const figure = (/** @type {number} */ row) =>
      (data.classes[row] >= "0" && data.classes[row] <= "9" ? text(figures, row) : "");
    showNames(this.L, this.map, nameLayer, {
      paths: this.paths, names: this.names, always, taken: points.taken, radii: circles.radii,
      figure: data.legend.square || data.circles || this.crowded ? null : figure,
      frame: this.canvas, scale: this.corner,
    });
  }

  /** Whether the map is one of several side by side, too narrow for figures under the names. */
  get crowded() {
    return Boolean(this.data.link) && this.stage.clientWidth < NARROW;
  }

  /**
   * @param {"hover" | "selected"} kind
   * @param {number | null | undefined} row
   */
  outline(kind, row) {
    for (const layer of this.outlines[kind]) layer.remove();
    const names = kind === "selected" ? ["casing", "selected"] : ["hover"];
    this.outlines[kind] = row === null || row === undefined ? [] : names.map((name) =>
      this.L.polygon(this.paths[row].getLatLngs(), {
        renderer: this.above, pane: "outlines", className: `outline ${name}`, interactive: false,
        smoothFactor: this.paths[row].options.smoothFactor,
      }).addTo(this.map));
  }

  /** @param {string | null} code */
  select(code) {
    const row = code ? this.rowOf.get(code) : undefined;
    this.outline("selected", row);
    this.figure.dataset.selected = row === undefined || !code ? "" : code;
    const words = row === undefined ? "" : fill(this.signs.words.selected,
      { name: this.names[row], figure: said(this.signs, this.data.figures, row) });
    if (this.live.textContent !== words) this.live.textContent = words;
    const other = this.selected !== code;
    this.selected = code;
    if (other) this.nameThem();
  }

  /**
   * A choice made here: outlined at once, then told to the server. What was pressed on the map
   * stays where it is; a commune chosen elsewhere is zoomed to.
   * @param {string} code
   * @param {Event | null} event
   */
  choose(code, event) {
    end();
    for (const map of [this, ...others(this)]) {
      map.select(code);
      if (event) map.told = code;
      if (event) map.view.focus = null;
    }
    if (event instanceof MouseEvent) this.view.hold(event);
    this.component.setTriggerValue("commune", code);
  }

  /**
   * A count was pressed: its symbols are shown, and its commune chosen when it is of one.
   * @param {number[]} rows
   * @param {import("leaflet").LatLng} at
   * @param {Event | null} event
   */
  open(rows, at, event) {
    const bounds = this.L.latLngBounds([]);
    for (const row of rows) bounds.extend(this.paths[row].getBounds());
    const near = bounds.isValid() ? this.map.getBoundsZoom(bounds) - 0.5 : 0;
    this.map.setZoomAround(at, Math.max(near, this.map.getZoom() + 1));
    if (rows.length === 1) this.choose(this.codes[rows[0]], event);
  }

  // ----------------------------------------------------------------------- tooltip

  /**
   * @param {() => Node[]} lines
   * @param {import("./tip.js").Place} at
   */
  point(lines, at) {
    this.tip.show(lines, at);
  }

  /** @param {import("./tip.js").Place} at */
  moveTip(at) {
    this.tip.move(at);
  }

  hideTip() {
    this.tip.hide();
  }

  // ----------------------------------------------------------------------- life

  /**
   * @param {Component} component
   * @param {MapMessage} data
   */
  async update(component, data) {
    this.component = component;
    this.latest = data;
    this.place(data.link);
    try {
      await this.prepare(data);
    } catch (error) {
      this.styled = undefined;
      this.unveil();
      this.state.classList.add("error");
      this.state.textContent = FAILED;
      console.error("observatory map:", error);
      return;
    }
    if (this.latest !== data || this.gone) return; // a newer answer has overtaken this one
    const start = performance.now();
    this.state.textContent = "";
    this.state.classList.remove("error");
    this.paint(data);
    this.select(data.selected);
    const focus = inFocus(data);
    if (this.told !== focus) this.view.show(this.rowOf.get(focus ?? "") ?? null);
    this.told = focus;
    performance.measure("observatory-repaint", { start, end: performance.now() });
    requestAnimationFrame(() => setTimeout(() => { // after the frame is on screen
      performance.mark("observatory-painted");
      this.painted += 1;
      this.figure.dataset.painted = String(this.painted);
    }));
  }

  /**
   * A part that is sent once, under a digest; one that was missed is asked for again.
   * @template {object} T
   * @param {T | { digest: string } | null | undefined} told
   * @returns {T | null}
   */
  part(told) {
    if (!told) return null;
    const { digest } = /** @type {{ digest?: string }} */ (told);
    const whole = Object.keys(told).length > 1;
    if (whole && digest) kept.set(digest, told);
    if (whole) return /** @type {T} */ (told);
    if (digest && !kept.has(digest) && this.asked !== digest) {
      this.asked = digest;
      this.component.setTriggerValue("missed", digest);
    }
    return kept.get(digest ?? "") ?? null;
  }

  remove() {
    this.gone = true;
    this.timeline.leave();
    join(this, undefined);
    this.listeners.abort();
    this.observer?.disconnect();
    this.map?.remove();
    this.figure.remove();
    clearTimeout(this.hintTimer);
  }
}

/** Called by the loader at each run of the page; returns what to do when the map goes away. */
export const render = mounted(CommuneMap);
