// The map of the communes. Leaflet, contours and this file are fetched once; each call of
// render() brings classes, values and words, and repaints only what differs.
// Text from data is always set with textContent, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const MANY = 800; // communes; above, no transition and lighter lines
const LABELS = 120; // names shown at once
const maps = new WeakMap(); // one map for each place in the page
const views = new Map(); // centre and zoom of each named map, kept when the page is left
const fetched = new Map(); // promises of files, by address

// ---------------------------------------------------------------------------- small helpers

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function drawing(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function once(address, load) {
  if (!fetched.has(address)) {
    const promise = load(address);
    promise.catch(() => fetched.delete(address)); // a failure may be tried again
    fetched.set(address, promise);
  }
  return fetched.get(address);
}

const absolute = (address) => new URL(address, document.baseURI).href;

function loadLeaflet(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.L.noConflict());
    script.onerror = () => reject(new Error("Leaflet"));
    document.head.append(script);
  });
}

async function loadJson(address) {
  const answer = await fetch(address, { cache: "force-cache" }); // the name tells the version
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function loadStyle(root, address) {
  return new Promise((resolve, reject) => {
    const link = element("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = resolve;
    link.onerror = reject;
    root.append(link);
  });
}

/** 1 234,5 with a true minus; mirrors observatory/ui/formats.py. */
function number(value, decimals, signed) {
  const digits = Math.abs(value).toLocaleString("fr-FR", {
    minimumFractionDigits: decimals, maximumFractionDigits: decimals,
  });
  return (value < 0 ? "\u2212" : signed && value > 0 ? "+" : "") + digits;
}

function quantity(value, decimals, signed, [one, many]) {
  if (value === null) return "inconnu";
  const unit = Math.abs(value) >= 2 ? many : one;
  return number(value, decimals, signed) + (unit ? "\u00a0" + unit : "");
}

// ------------------------------------------------------------------------------- symbols

function polygon(sides, radius, turn) {
  const corners = [];
  for (let i = 0; i < sides; i++) {
    const angle = turn + (2 * Math.PI * i) / sides;
    corners.push([radius * Math.cos(angle), radius * Math.sin(angle)]);
  }
  return corners;
}

function bars(r, turn) {
  const w = r * 0.38;
  const corners = [[-w, -r], [w, -r], [w, -w], [r, -w], [r, w], [w, w], [w, r], [-w, r], [-w, w],
    [-r, w], [-r, -w], [-w, -w]];
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  return corners.map(([x, y]) => [x * c - y * s, x * s + y * c]);
}

const CORNERS = {
  square: (r) => polygon(4, r * 1.25, Math.PI / 4),
  triangle: (r) => polygon(3, r * 1.35, -Math.PI / 2),
  "triangle-down": (r) => polygon(3, r * 1.35, Math.PI / 2),
  diamond: (r) => polygon(4, r * 1.3, 0),
  pentagon: (r) => polygon(5, r * 1.2, -Math.PI / 2),
  hexagon: (r) => polygon(6, r * 1.15, 0),
  star: (r) => polygon(10, r, -Math.PI / 2).map(([x, y], i) =>
    i % 2 ? [x * 0.62, y * 0.62] : [x * 1.45, y * 1.45]),
  plus: (r) => bars(r * 1.15, 0),
  cross: (r) => bars(r * 1.15, Math.PI / 4),
};

/** The path of a symbol around (x, y), about 2 r wide. */
function symbolPath(shape, x, y, r) {
  if (!CORNERS[shape]) {
    return `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
  }
  const shift = shape === "triangle" ? r * 0.2 : shape === "triangle-down" ? -r * 0.2 : 0;
  const at = CORNERS[shape](r).map(([dx, dy]) =>
    `${(x + dx).toFixed(1)},${(y + dy + shift).toFixed(1)}`);
  return `M${at.join("L")}Z`;
}

function symbolIcon(shape, status) {
  const d = symbolPath(shape, 12, 8, 5.5);
  return drawing("svg", {
    class: "icon", width: 24, height: 20, viewBox: "0 -2 24 20", "aria-hidden": "true",
  },
  drawing("path", { d, class: "halo" }), drawing("path", { d, class: `point ${status}` }));
}

function swatch(className, colour) {
  const rect = drawing("rect", { x: 0.5, y: 0.5, width: 23, height: 15, class: className });
  if (colour) rect.style.fill = colour;
  return drawing("svg", {
    class: "swatch", viewBox: "0 0 24 16", preserveAspectRatio: "none", "aria-hidden": "true",
  }, rect);
}

/** Hatches for unknown, dots for fewer than 30 children: meaning without colour. */
function patterns() {
  const pattern = (id, size, ...marks) => drawing("pattern", {
    id, width: size, height: size, patternUnits: "userSpaceOnUse",
  }, drawing("rect", { width: size, height: size, fill: id.endsWith("unknown") ? "#e3e6ea" : "#fff" }),
  ...marks);
  const hatch = drawing("path", { d: "M-2,2L2,-2M0,8L8,0M6,10L10,6", stroke: "#8b95a1", "stroke-width": 1.2 });
  const dots = [[2, 2], [6, 6]].map(([cx, cy]) => drawing("circle", { cx, cy, r: 0.9, fill: "#8b95a1" }));
  return drawing("svg", { width: 0, height: 0, "aria-hidden": "true", style: "position:absolute" },
    drawing("defs", {}, pattern("observatory-unknown", 8, hatch), pattern("observatory-small", 8, ...dots)));
}

// ------------------------------------------------------------------------------- the map

class CommuneMap {
  constructor(root) {
    this.root = root;
    this.painted = 0;
    this.paths = []; // one Leaflet layer a commune, in the order of the contours
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
      hint: element("div", "hint"), tip: element("div", "tip"), live: element("p", "hidden"),
    };
    Object.assign(this, parts);
    this.hint.setAttribute("aria-hidden", "true");
    this.tip.setAttribute("aria-hidden", "true"); // the table gives the same figures
    this.live.setAttribute("aria-live", "polite");
    this.state.setAttribute("role", "status");
    this.legend.setAttribute("aria-label", "Légende");
    this.toggle.type = "button";
    this.toggle.setAttribute("aria-expanded", "false");
    this.toggle.onclick = () => {
      const open = this.legend.classList.toggle("closed") === false;
      this.toggle.setAttribute("aria-expanded", String(open));
    };
    this.caption.append(this.title, this.sentence, this.notes);
    this.legend.append(this.toggle, this.legendBody);
    this.stage.append(this.canvas, this.corner, this.legend, this.tip, this.hint);
    this.frame.append(this.caption, this.stage, this.foot);
    this.frame.hidden = true; // until the style is there
    figure.style.minHeight = "420px";
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
      position: this.touch ? "topright" : "topleft",
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
    this.above = pane("outlines", 410);
    this.places = pane("establishments", 420);
    this.map.createPane("names").style.zIndex = 415;
    this.map.getPane("outlines").style.pointerEvents = "none";
    this.map.getPane("names").style.pointerEvents = "none";
    this.outlines = { hover: [], selected: [] };
    this.pointLayer = L.featureGroup().addTo(this.map);
    this.nameLayer = L.layerGroup().addTo(this.map);
    this.listen(data);
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
      views.set(data.name, { geometry: this.geometry, center: map.getCenter(), zoom: map.getZoom() });
      this.showNames();
    };
    map.on("moveend", remember);
    map.on("dragstart", () => { this.moved = true; });
    map.on("zoomend", () => { if (!this.fitting) this.moved = true; this.sizePoints(); });
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
    if (kept && kept.geometry === this.geometry) {
      this.moved = true;
      map.setView(kept.center, kept.zoom, { animate: false });
    } else {
      this.moved = false;
      this.paintWords(data); // the legend must have its width
      this.fit();
    }
    this.contours.addTo(map);
    map.setMaxBounds(this.bounds.pad(1.5));
    this.contours.on("mouseover", ({ sourceTarget, originalEvent }) => {
      this.outline("hover", sourceTarget.row);
      this.showTip(this.communeTip(sourceTarget.row), originalEvent);
    });
    this.contours.on("mousemove", ({ originalEvent }) => this.moveTip(originalEvent));
    this.contours.on("mouseout", () => { this.outline("hover", null); this.hideTip(); });
    this.contours.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      if (this.touch) this.showTip(this.communeTip(event.sourceTarget.row), event.originalEvent);
      this.choose(this.codes[event.sourceTarget.row]);
    });
    const svg = this.ground._container;
    svg.setAttribute("role", "img");
    this.image = svg;
  }

  /** Show the whole territory, clear of the legend. */
  fit() {
    const wide = this.stage.clientWidth > 640 && !this.figure.classList.contains("printing");
    const right = wide ? this.legend.offsetWidth + 28 : 12;
    this.fitting = true;
    this.map.setMinZoom(0);
    this.map.fitBounds(this.bounds, {
      paddingTopLeft: [wide ? 52 : 12, wide ? 12 : 20],
      paddingBottomRight: [right, wide ? 12 : 68], animate: false,
    });
    this.map.setMinZoom(Math.floor(this.map.getZoom()) - 1);
    this.fitting = false;
  }

  // ----------------------------------------------------------------------- painting

  paint(data) {
    this.data = data;
    const old = this.figure.style;
    data.classes.forEach(([colour], i) => old.setProperty(`--k${i}`, colour));
    data.classOf.forEach((index, row) => {
      const name = index === -1 ? "u" : index === -2 ? "s" : `k${index}`;
      if (this.drawn[row] === name) return;
      const { classList, style } = this.paths[row]._path;
      classList.remove("u", "s");
      if (index < 0) { classList.add(name); style.removeProperty("--k"); }
      else style.setProperty("--k", `var(--k${index})`);
      this.drawn[row] = name;
    });
    this.paintWords(data);
    this.paintPoints(data.points);
    this.paintTiles(data.tiles);
    this.showNames();
    this.outline("hover", null);
    this.hideTip();
  }

  paintWords(data) {
    this.title.textContent = data.title;
    this.sentence.textContent = data.sentence;
    this.notes.replaceChildren(...data.notes.map((note) => element("li", "", note)));
    const tiles = data.tiles ? [element("span", "", `Fond : ${data.tiles.attribution}`)] : [];
    this.foot.replaceChildren(...(data.source ? [element("span", "", data.source)] : []), ...tiles);
    this.figure.setAttribute("aria-label", `Carte : ${data.title}`);
    this.image?.setAttribute("aria-label",
      `${data.title}. ${data.sentence} Le tableau sous la carte donne les mêmes chiffres.`);
    this.paintLegend(data);
  }

  paintLegend(data) {
    const row = (icon, label, count) => {
      const item = element("li", count === 0 ? "empty" : "");
      item.append(icon, element("span", "", label));
      if (count !== undefined) item.append(element("span", "count", number(count, 0)));
      return item;
    };
    const counts = new Map();
    for (const index of data.classOf) counts.set(index, (counts.get(index) ?? 0) + 1);
    const head = element("h3", "", data.legendTitle);
    head.append(element("span", "", "communes"));
    const list = element("ul");
    data.classes.forEach(([colour, label], i) =>
      list.append(row(swatch("", colour), label, counts.get(i) ?? 0)));
    if (data.ends) {
      list.firstChild.children[1].textContent += ` : ${data.ends[0]}`;
      list.lastChild.children[1].textContent += ` : ${data.ends[1]}`;
    }
    if (counts.get(-1)) list.append(row(swatch("u"), "inconnu", counts.get(-1)));
    if (counts.get(-2)) list.append(row(swatch("s"), "moins de 30 enfants", counts.get(-2)));
    const parts = [head, list];
    if (data.points?.rows.length) {
      const used = (column) => new Set(data.points.rows.map((point) => point[column]));
      const services = used(2);
      const statuses = used(3);
      const one = (key, entries, icon) => {
        const kept = entries.filter((_, i) => key.has(i));
        const ul = element("ul", key === statuses ? "line" : "");
        ul.append(...kept.map(icon));
        return ul;
      };
      parts.push(element("h3", "", "Établissements"),
        one(services, data.points.services, ([label, shape]) => row(symbolIcon(shape, "none"), label)),
        element("h3", "", "Statut"),
        one(statuses, data.points.statuses, ([status, label]) => row(symbolIcon("circle", status), label)));
    }
    this.legendBody.replaceChildren(...parts);
    const strip = element("span", "strip");
    strip.append(...data.classes.map(([colour]) => swatch("", colour)));
    this.toggle.replaceChildren(element("span", "", "Légende"), strip);
  }

  paintPoints(points) {
    const text = JSON.stringify(points);
    if (text === this.pointText) return;
    this.pointText = text;
    const { L } = this;
    this.pointLayer.clearLayers();
    this.Symbol ??= L.CircleMarker.extend({
      _updatePath() {
        const { shape, turn, around } = this.options;
        const spread = around > 1 ? Math.max(this._radius * 1.5, this._radius * 0.42 * around) : 0;
        const x = this._point.x + spread * Math.cos(turn);
        const y = this._point.y + spread * Math.sin(turn);
        this._renderer._setPath(this, symbolPath(shape, x, y, this._radius));
      },
    });
    const at = new Map(); // establishments of one address stand in a ring around it
    for (const [lon, lat] of points?.rows ?? []) {
      const place = `${lon.toFixed(4)} ${lat.toFixed(4)}`;
      at.set(place, { count: (at.get(place)?.count ?? 0) + 1, next: 0 });
    }
    for (const point of points?.rows ?? []) {
      const [lon, lat, service, status] = point;
      const place = at.get(`${lon.toFixed(4)} ${lat.toFixed(4)}`);
      const options = {
        renderer: this.places, pane: "establishments", shape: points.services[service][1],
        radius: this.pointRadius(), around: place.count,
        turn: -Math.PI / 2 + (2 * Math.PI * place.next++) / place.count,
      };
      new this.Symbol([lat, lon], { ...options, className: "halo", interactive: false })
        .addTo(this.pointLayer);
      const symbol = new this.Symbol([lat, lon],
        { ...options, className: `point ${points.statuses[status][0]}`, fillOpacity: 1 });
      symbol.point = point;
      symbol.addTo(this.pointLayer);
    }
    if (this.pointsHeard) return;
    this.pointsHeard = true;
    this.pointLayer.on("mouseover click", (event) => {
      if (event.type === "click") L.DomEvent.stopPropagation(event);
      const point = event.sourceTarget.point;
      this.showTip(this.pointTip(point), event.originalEvent);
      if (event.type === "click" && this.rowOf.has(point[5])) this.choose(point[5]);
    });
    this.pointLayer.on("mousemove", ({ originalEvent }) => this.moveTip(originalEvent));
    this.pointLayer.on("mouseout", () => this.hideTip());
  }

  pointRadius() {
    return Math.max(4, Math.min(8, this.map.getZoom() - 5.5));
  }

  sizePoints() {
    const radius = this.pointRadius();
    this.pointLayer.eachLayer((layer) => layer.setRadius(radius));
  }

  paintTiles(tiles) {
    if (this.tileUrl === tiles?.url) return;
    this.tileUrl = tiles?.url;
    this.tileLayer?.remove();
    this.figure.classList.toggle("tiled", Boolean(tiles));
    this.tileLayer = tiles ? this.L.tileLayer(tiles.url).addTo(this.map) : null;
  }

  // ----------------------------------------------------------------------- names, outlines

  /** Names of the communes that have room for them, the largest first. */
  showNames() {
    const { L, map } = this;
    if (!this.contours || !map.hasLayer(this.contours)) return;
    const view = map.getBounds();
    const rooms = [];
    this.paths.forEach((layer, row) => {
      const box = layer.getBounds();
      if (!view.intersects(box)) return;
      const a = map.latLngToLayerPoint(box.getNorthWest());
      const b = map.latLngToLayerPoint(box.getSouthEast());
      const width = this.names[row].length * 6.6 + 8;
      if (b.x - a.x < width * 0.95 || b.y - a.y < 24) return;
      rooms.push({ row, width, tall: b.y - a.y > 48, area: (b.x - a.x) * (b.y - a.y) });
    });
    rooms.sort((p, q) => q.area - p.area);
    const taken = (this.data?.points?.rows ?? []).map(([lon, lat]) =>
      ({ ...map.latLngToLayerPoint([lat, lon]), width: 24 }));
    const isFree = (x, y, width) => taken.every((t) =>
      Math.abs(t.x - x) >= (t.width + width) / 2 || Math.abs(t.y - y) >= 18);
    this.nameLayer.clearLayers();
    for (const { row, width, tall } of rooms.slice(0, LABELS)) {
      const place = this.paths[row].getCenter();
      const { x, y } = map.latLngToLayerPoint(place);
      const shift = [0, 20, -20].find((dy) => isFree(x, y + dy, width)); // beside the symbols
      if (shift === undefined) continue;
      taken.push({ x, y: y + shift, width });
      const label = element("span", "", this.names[row]);
      label.style.top = `${shift}px`;
      const value = this.data?.values[row];
      const classed = this.data?.classOf[row] >= 0;
      if (tall && !shift && classed && value !== null && !this.data.points?.rows.length) {
        label.append(element("b", "", number(value, this.data.decimals, this.data.kind === "gap")));
      }
      const icon = L.divIcon({ className: "name", html: label, iconSize: [0, 0] });
      L.marker(place, { icon, interactive: false, keyboard: false, pane: "names" })
        .addTo(this.nameLayer);
    }
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
      : `Commune sélectionnée : ${this.names[row]}, ${this.describe(row)}.`;
    if (this.live.textContent !== words) this.live.textContent = words;
    this.selected = code;
  }

  /** A click: outline at once, then tell the server. */
  choose(code) {
    this.select(code);
    this.component.setTriggerValue("commune", code);
  }

  // ----------------------------------------------------------------------- tooltip

  describe(row) {
    const { data } = this;
    return quantity(data.values[row], data.decimals, data.kind === "gap", data.unit);
  }

  communeTip(row) {
    const { data } = this;
    const index = data.classOf[row];
    const lines = [element("strong", "", this.names[row])];
    if (index !== -2 || data.values[row] !== null) {
      lines.push(element("div", "value", this.describe(row)));
    }
    if (index >= 0) lines.push(element("div", "", `Classe : ${data.classes[index][1]}`));
    if (index === -1) lines.push(element("div", "", "Aucune donnée publiée ni recensée."));
    if (index === -2) lines.push(element("div", "", "Moins de 30 enfants : pas de classe."));
    for (const column of data.columns) {
      const value = quantity(column.values[row], column.decimals, false, [column.unit, column.unit]);
      lines.push(element("div", "", `${column.label} : ${value}`));
    }
    return lines;
  }

  pointTip([, , service, status, name, , detail]) {
    const { services, statuses } = this.data.points;
    const lines = [element("strong", "", name),
      element("div", "", `${services[service][0]}, ${statuses[status][1]}`)];
    if (detail) lines.push(element("div", "", detail));
    return lines;
  }

  showTip(lines, event) {
    this.tip.replaceChildren(...lines);
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
    this.tip.classList.remove("shown");
  }

  // ----------------------------------------------------------------------- life

  async update(component, data) {
    this.component = component;
    this.latest = data;
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

  remove() {
    this.gone = true;
    this.listeners.abort();
    this.observer?.disconnect();
    this.map?.remove();
    this.figure.remove();
    clearTimeout(this.hintTimer);
  }
}

/** Called by the loader at each run of the page; returns what to do when the map goes away. */
export function render(component, data) {
  const root = component.parentElement;
  if (!maps.has(root)) maps.set(root, new CommuneMap(root));
  const map = maps.get(root);
  map.update(component, data);
  // Streamlit also calls this when a newer run overtakes an older one: the map stays while its
  // place is in the page.
  return () => {
    if (root.isConnected || map.gone) return;
    maps.delete(root);
    map.remove();
  };
}
