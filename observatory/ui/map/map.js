// The map of the communes. Leaflet, contours and this file are fetched once; each call of
// render() brings classes, values and words, and repaints only what differs.
// Text from data is always set with textContent, never as HTML.

import { Shortfalls, Timeline } from "./beside.js";
import { Circles } from "./circles.js";
import { element, drawing, patterns } from "./drawing.js";
import { absolute, loadJson, loadLeaflet, loadStyle, once } from "./files.js";
import { Establishments, showNames } from "./layers.js";
import { follow, join, lead, others } from "./linked.js";
import { mounted } from "./mounted.js";
import { communeTip, describe, legend, legendStrip, pointTip } from "./words.js";

const PHONE = 640; // px; up to this width the sheet opens above the map, out of sight
const MANY = 800; // communes; above, no transition and lighter lines
const establishments = new Map(); // those that were sent, by digest
const views = new Map(); // centre and zoom of each named map, kept when the page is left

/** Bring the sheet of a commune in sight as soon as the page has drawn it. */
function reveal(code, until = performance.now() + 5000) {
  const sheet = document.querySelector(`.st-key-fiche-${CSS.escape(code)}`);
  if (sheet) sheet.scrollIntoView();
  else if (performance.now() < until) setTimeout(reveal, 50, code, until);
}

class CommuneMap {
  constructor(root) {
    this.root = root;
    this.painted = 0;
    this.paths = []; // one Leaflet layer per commune, in the order of the contours
    this.rowOf = new Map(); // INSEE code to row
    this.selected = null;
    this.moved = false; // a person has moved the map: its view is theirs
    this.listeners = new AbortController();
    this.build();
  }

  build() {
    const figure = element("section", "observatory");
    figure.setAttribute("role", "region");
    figure.dataset.painted = "0";
    const parts = {
      figure, frame: element("div", "frame"), caption: element("div", "caption"),
      title: element("h2"), sentence: element("p"), notes: element("ul", "notes"),
      stage: element("div", "stage"), canvas: element("div", "canvas"),
      legend: element("aside", "legend closed"), toggle: element("button"),
      legendBody: element("div", "body"), corner: element("div", "corner"),
      foot: element("div", "foot"), state: element("div", "state", "Chargement de la carte…"),
      around: element("div", "around"), hint: element("div", "hint"), tip: element("div", "tip"), live: element("p", "hidden"),
    };
    Object.assign(this, parts);
    this.hint.setAttribute("aria-hidden", "true");
    this.legendBody.tabIndex = 0; // it scrolls in a low window: the keyboard must reach it
    this.legendBody.setAttribute("role", "group");
    this.legendBody.setAttribute("aria-label", "Classes et signes");
    this.tip.setAttribute("aria-hidden", "true"); // the table gives the same figures
    this.live.setAttribute("aria-live", "polite");
    this.state.setAttribute("role", "status");
    this.toggle.type = "button";
    this.toggle.setAttribute("aria-expanded", "false");
    this.toggle.onclick = () => {
      const open = this.legend.classList.toggle("closed") === false;
      this.toggle.setAttribute("aria-expanded", String(open));
    };
    this.caption.append(this.title, this.sentence, this.notes);
    this.legend.append(this.toggle, this.legendBody);
    this.stage.append(this.canvas, this.corner, this.legend, this.tip, this.hint);
    this.frame.append(this.caption, this.stage, this.around, this.foot);
    this.frame.hidden = true; // until the style is there
    figure.style.minHeight = "420px";
    this.shortfalls = new Shortfalls((code) => this.choose(code));
    this.timeline = new Timeline((day) => this.component.setTriggerValue("day", day));
    this.around.append(this.shortfalls.row, this.timeline.row);
    figure.append(patterns(), this.state, this.frame, this.live);
    this.root.append(figure);
  }

  /** Fetch what is missing, then draw the contours. Runs once for a version of the contours. */
  async prepare(data) {
    const style = (address) => loadStyle(this.root, absolute(address));
    const [L, geometry] = await Promise.all([
      once(absolute(data.files.leaflet), loadLeaflet),
      once(absolute(data.files.geometry), loadJson),
      this.styled ??= Promise.all([style(data.files.leafletStyle), style(data.files.style)])
        .then(() => this.unveil()),
    ]);
    this.L = L;
    if (!this.map) this.createMap(data);
    if (this.geometry !== data.files.geometry) this.drawContours(data, geometry);
  }

  unveil() {
    this.frame.hidden = false;
    this.figure.style.minHeight = "";
    this.stage.append(this.state);
  }

  createMap(data) {
    const { L } = this;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.touch = window.matchMedia("(pointer: coarse)").matches;
    this.map = L.map(this.canvas, {
      attributionControl: false, zoomControl: false, zoomSnap: data.tiles ? 1 : 0.1, zoomDelta: 1,
      dragging: !this.touch, // one finger scrolls the page, two move the map
      zoomAnimation: !still, fadeAnimation: !still, inertia: !still,
      maxZoom: 16,
    });
    L.control.zoom({
      position: this.touch || window.innerWidth <= 640 ? "topright" : "topleft",
      zoomInTitle: "Agrandir", zoomOutTitle: "Réduire",
    }).addTo(this.map);
    const scale = L.control.scale({ imperial: false, maxWidth: 120 });
    this.map.addControl(scale);
    this.corner.append(scale.getContainer(), this.north());
    const pane = (name, depth) => {
      this.map.createPane(name).style.zIndex = depth;
      return L.svg({ pane: name, padding: 0.5 });
    };
    this.ground = pane("communes", 400);
    this.rings = pane("circles", 405);
    this.above = pane("outlines", 410);
    this.places = pane("establishments", 420);
    this.map.createPane("names").style.zIndex = 415;
    this.map.getPane("outlines").style.pointerEvents = "none";
    this.map.getPane("names").style.pointerEvents = "none";
    this.outlines = { hover: [], selected: [] };
    const choose = ({ sourceTarget: { point }, originalEvent }) => {
      const { points } = this.data; // a later message may have no points
      this.point(() => pointTip(points, point), originalEvent);
      if (originalEvent.type === "click" && this.rowOf.has(point[5])) this.choose(point[5]);
    };
    this.points = new Establishments(L, this.map, "establishments", this.places, {
      mouseover: choose,
      click: (event) => { L.DomEvent.stopPropagation(event); choose(event); },
      mousemove: ({ originalEvent }) => this.moveTip(originalEvent),
      mouseout: () => this.hideTip(),
    });
    this.circles = new Circles(L, this.map, "circles", this.rings, this.ofCommune());
    this.nameLayer = L.layerGroup().addTo(this.map);
    this.listen(data);
  }

  /** What the pointer does on a commune, or on its circle. */
  ofCommune() {
    const tip = (row) => () => communeTip(this.data, row, this.names[row]);
    return {
      mouseover: ({ sourceTarget: { row }, originalEvent }) => {
        for (const map of [this, ...others(this)]) map.outline("hover", row);
        this.point(tip(row), originalEvent);
      },
      mousemove: ({ originalEvent }) => this.moveTip(originalEvent),
      mouseout: () => {
        for (const map of [this, ...others(this)]) map.outline("hover", null);
        this.hideTip();
      },
      click: (event) => {
        const { row } = event.sourceTarget;
        this.L.DomEvent.stopPropagation(event);
        this.point(tip(row), event.originalEvent);
        this.choose(this.codes[row]);
      },
    };
  }

  north() {
    const letter = drawing("text", { x: 8, y: 10, "text-anchor": "middle", "font-size": 11, "font-weight": 600 });
    letter.textContent = "N";
    return drawing("svg", { width: 16, height: 32, viewBox: "0 0 16 32", role: "img", "aria-label": "Nord en haut" },
      letter, drawing("path", { d: "M8,12L13,30L8,26L3,30Z" }));
  }

  listen(data) {
    const { signal } = this.listeners;
    const { map } = this;
    const remember = () => {
      const { geometry, moved } = this;
      views.set(data.name, { geometry, moved, center: map.getCenter(), zoom: map.getZoom() });
      this.nameThem();
    };
    map.on("moveend", remember);
    map.on("dragstart", () => { this.moved = true; });
    map.on("zoomend", () => { if (!this.fitting && !this.following) this.moved = true; });
    map.on("move moveend", () => lead(this));
    map.on("mouseout movestart", () => this.hideTip());
    map.on("click", () => this.hideTip());
    this.canvas.setAttribute("role", "group");
    this.canvas.setAttribute("aria-label", "Carte : flèches pour déplacer, + et \u2212 pour zoomer");
    this.canvas.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.hideTip();
    }, { signal });
    // The page scrolls under the wheel; with Ctrl the map zooms.
    this.canvas.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.stopImmediatePropagation();
      this.showHint("Maintenir Ctrl et tourner la molette pour zoomer");
    }, { signal, capture: true, passive: true });
    this.canvas.addEventListener("touchmove", (event) => {
      if (event.touches.length === 1) this.showHint("Déplacer la carte avec deux doigts");
    }, { signal, passive: true });
    this.observer = new ResizeObserver(() => {
      map.invalidateSize({ animate: false });
      if (this.bounds && !this.moved) this.fit();
      if (this.data?.circles) this.paintSizes(this.data);
    });
    this.observer.observe(this.stage);
    window.addEventListener("beforeprint", () => this.turnPage(true), { signal });
    window.addEventListener("afterprint", () => this.turnPage(false), { signal });
  }

  /** On paper the map has a fixed size and the legend stands below it. */
  turnPage(printing) {
    const center = this.map.getCenter();
    this.figure.classList.toggle("printing", printing);
    this.map.invalidateSize({ animate: false, pan: false });
    if (this.moved) this.map.setView(center, this.map.getZoom(), { animate: false });
    else this.fit();
  }

  showHint(text) {
    this.hint.textContent = text;
    this.hint.classList.add("shown");
    clearTimeout(this.hintTimer);
    this.hintTimer = setTimeout(() => this.hint.classList.remove("shown"), 900);
  }

  drawContours(data, geometry) {
    const { L, map } = this;
    this.contours?.remove();
    this.outline("hover", null);
    this.hideTip();
    this.paths = [];
    this.rowOf.clear();
    this.names = [];
    this.drawn = []; // class last given to each path
    const many = geometry.features.length > MANY;
    this.figure.classList.toggle("many", many);
    this.contours = L.geoJSON(geometry, {
      renderer: this.ground, pane: "communes", smoothFactor: many ? 0.7 : 0,
      style: { className: "commune u", fillOpacity: 1 },
      onEachFeature: (feature, layer) => {
        layer.row = this.paths.length;
        this.rowOf.set(feature.properties.c, layer.row);
        this.names.push(feature.properties.n);
        this.paths.push(layer);
        this.drawn.push("u");
      },
    });
    this.codes = [...this.rowOf.keys()];
    this.bounds = this.contours.getBounds();
    const kept = views.get(data.name);
    this.geometry = data.files.geometry;
    const leader = others(this).find((other) => other.moved);
    if (leader) {
      follow(this, leader.map.getCenter(), leader.map.getZoom(), true);
    } else if (kept?.moved && kept.geometry === this.geometry) {
      this.moved = true;
      map.setView(kept.center, kept.zoom, { animate: false });
    } else {
      this.moved = false;
      this.paintWords(data); // the legend must have its width
      this.fit();
    }
    this.contours.addTo(map);
    map.setMaxBounds(this.bounds.pad(1.5));
    this.contours.on(this.ofCommune());
    const svg = this.ground._container;
    svg.setAttribute("role", "img");
    this.image = svg;
  }

  /** Show the whole territory, clear of the legend. */
  fit() {
    const printing = this.figure.classList.contains("printing");
    const wide = this.stage.clientWidth > 640 && !printing && !this.link;
    const right = wide ? this.legend.offsetWidth + 24 : 12;
    const left = this.stage.clientWidth > 800 && !printing ? 52 : 12; // clear of the buttons
    this.fitting = true;
    this.map.setMinZoom(0);
    const linked = others(this).filter((other) => !other.moved);
    if (this.link) this.fitTogether(linked);
    else {
      this.map.fitBounds(this.bounds, {
        paddingTopLeft: [left, wide ? 12 : 20],
        paddingBottomRight: [right, wide || printing ? 12 : 68], animate: false,
      });
    }
    for (const { map } of [this, ...linked]) map.setMinZoom(Math.floor(map.getZoom()) - 1);
    this.fitting = false;
  }

  /** The same view on every map of the group, from which each sees the whole territory. */
  fitTogether(linked) {
    const every = [this, ...linked];
    const zooms = every.map(({ map, bounds }) => map.getBoundsZoom(bounds, false, [24, 24]));
    for (const one of every) {
      one.map.setMinZoom(0);
      follow(one, this.bounds.getCenter(), Math.min(...zooms), false);
    }
  }

  // ----------------------------------------------------------------------- painting

  paint(data) {
    this.data = data;
    const old = this.figure.style;
    data.classes.forEach(([colour], i) => old.setProperty(`--k${i}`, colour));
    data.classOf.forEach((index, row) => {
      const name = index === -1 ? "u" : index === -2 ? "s" : index === -3 ? "m" : data.circles ? "g" : `k${index}`;
      if (this.drawn[row] === name) return;
      this.paths[row]._path.setAttribute("class", `commune leaflet-interactive ${name}`);
      this.drawn[row] = name;
    });
    this.paintWords(data);
    this.circles.paint(data, this.paths, this.frame.clientWidth);
    this.points.paint(data.points);
    this.paintTiles(data.tiles);
    this.shortfalls.paint(data.shortfalls);
    this.timeline.paint(data.timeline);
    clearTimeout(this.namer); // colours first: names may wait for the next frame
    this.namer = setTimeout(() => { if (!this.gone) this.nameThem(); });
    if (this.lines) this.tip.replaceChildren(...this.lines());
  }

  /** Circles and their legend follow the width of the map. */
  paintSizes(data) {
    this.circles.paint(data, this.paths, this.frame.clientWidth);
    this.legendBody.replaceChildren(...legend(data, this.frame.clientWidth));
  }

  /** Beside another map the legend stands under the map: it would hide half of it. */
  place(link) {
    join(this, link);
    if (this.figure.classList.toggle("paired", Boolean(link)) === (this.legend.parentNode === this.frame)) return;
    if (link) this.stage.after(this.legend);
    else this.hint.before(this.legend);
  }

  paintWords(data) {
    const joined = (text) => text.replace(/ (?=[;:%»])/g, "\u00a0"); // never first on a line
    this.title.textContent = joined(data.title);
    this.sentence.textContent = joined(data.sentence);
    this.notes.replaceChildren(...data.notes.map((note) => element("li", "", note)));
    const tiles = data.tiles ? [element("span", "", `Fond : ${data.tiles.attribution}`)] : [];
    this.foot.replaceChildren(...(data.source ? [element("span", "", data.source)] : []), ...tiles);
    this.figure.setAttribute("aria-label", `Carte : ${data.title}`);
    this.legend.setAttribute("aria-label", `Légende : ${data.title}`);
    this.image?.setAttribute("aria-label",
      `${data.title}. ${data.sentence} Le tableau sous la carte donne les mêmes chiffres.`);
    this.legend.classList.toggle("crossed", data.axes.length > 0);
    this.legendBody.replaceChildren(...legend(data, this.frame.clientWidth));
    this.toggle.replaceChildren(...legendStrip(data));
  }

  paintTiles(tiles) {
    if (this.tileUrl === tiles?.url) return;
    this.tileUrl = tiles?.url;
    this.tileLayer?.remove();
    this.figure.classList.toggle("tiled", Boolean(tiles));
    this.tileLayer = tiles ? this.L.tileLayer(tiles.url).addTo(this.map) : null;
  }

  // ----------------------------------------------------------------------- names, outlines

  nameThem() {
    if (!this.contours || !this.map.hasLayer(this.contours)) return;
    showNames(this.L, this.map, this.nameLayer, this.paths, this.names,
      this.points.spots(), this.circles.radii, this.data);
  }

  outline(kind, row) {
    for (const layer of this.outlines[kind]) layer.remove();
    const names = kind === "selected" ? ["casing", "selected"] : ["hover"];
    this.outlines[kind] = row === null || row === undefined ? [] : names.map((name) =>
      this.L.polygon(this.paths[row].getLatLngs(), {
        renderer: this.above, pane: "outlines", className: `outline ${name}`, interactive: false,
        smoothFactor: this.paths[row].options.smoothFactor,
      }).addTo(this.map));
  }

  select(code) {
    const row = this.rowOf.get(code);
    this.outline("selected", row);
    this.figure.dataset.selected = row === undefined ? "" : code;
    const words = row === undefined ? ""
      : `Commune sélectionnée : ${this.names[row]}, ${describe(this.data, row)}.`;
    if (this.live.textContent !== words) this.live.textContent = words;
    this.selected = code;
  }

  /** A click: outline at once, then tell the server. */
  choose(code) {
    for (const map of [this, ...others(this)]) map.select(code);
    this.component.setTriggerValue("commune", code);
    if (window.innerWidth <= PHONE) reveal(code);
  }

  // ----------------------------------------------------------------------- tooltip

  /** Show what is under the pointer; `lines` is asked again when new figures come. */
  point(lines, event) {
    this.lines = lines;
    this.tip.replaceChildren(...lines());
    this.tip.classList.add("shown");
    this.moveTip(event);
  }

  moveTip(event) {
    const box = this.stage.getBoundingClientRect();
    const { offsetWidth: w, offsetHeight: h } = this.tip;
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const left = x + 16 + w > box.width ? Math.max(4, x - w - 16) : x + 16;
    const top = y + 16 + h > box.height ? Math.max(4, y - h - 16) : y + 16;
    this.tip.style.transform = `translate(${left}px, ${top}px)`;
  }

  hideTip() {
    this.lines = null;
    this.tip.classList.remove("shown");
  }

  // ----------------------------------------------------------------------- life

  async update(component, data) {
    this.component = component;
    this.latest = data;
    data.points = this.kept(data.points);
    this.place(data.link);
    try {
      await this.prepare(data);
    } catch (error) {
      this.styled = undefined;
      this.unveil();
      this.state.classList.add("error");
      this.state.textContent = "La carte n’a pas pu être chargée. Recharger la page ; "
        + "le tableau sous la carte donne les mêmes chiffres.";
      console.error("observatory map:", error);
      return;
    }
    if (this.latest !== data || this.gone) return; // a newer answer has overtaken this one
    const start = performance.now();
    this.state.textContent = "";
    this.state.classList.remove("error");
    this.paint(data);
    this.select(data.selected);
    performance.measure("observatory-repaint", { start, end: performance.now() });
    requestAnimationFrame(() => setTimeout(() => { // after the frame is on screen
      performance.mark("observatory-painted");
      this.painted += 1;
      this.figure.dataset.painted = String(this.painted);
    }));
  }

  /** Establishments are sent once, under a digest; those that were missed are asked for again. */
  kept(points) {
    if (!points) return points;
    if (points.rows) establishments.set(points.digest, points);
    else if (!establishments.has(points.digest)) this.component.setTriggerValue("points", points.digest);
    return establishments.get(points.digest) ?? null;
  }

  remove() {
    this.gone = true;
    join(this, null);
    this.listeners.abort();
    this.observer?.disconnect();
    this.map?.remove();
    this.figure.remove();
    clearTimeout(this.hintTimer);
  }
}

/** Called by the loader at each run of the page; returns what to do when the map goes away. */
export const render = mounted(CommuneMap);
