// A small map on which one point is put: a click, or a tap, says where an establishment stands.
// Typed coordinates, beside it on the page, are the keyboard's way.

import { element } from "./elements.js";
import { absolute, loadJson, loadLeaflet, loadStyle, once } from "./files.js";
import { mounted } from "./mounted.js";

const CLOSE = 14; // zoom around a point that is known

/** @typedef {import("./messages.js").PointMessage} PointMessage */
/** @typedef {import("./messages.js").Component} Component */

const LATER = /** @type {any} */ (undefined); // there once the files have come

class PointMap {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {typeof import("leaflet")} */
    this.L = LATER;
    /** @type {import("leaflet").Map} */
    this.map = LATER;
    /** @type {import("leaflet").GeoJSON} */
    this.communes = LATER;
    /** @type {PointMessage} */
    this.latest = LATER;
    /** @type {Component} */
    this.component = LATER;
    /** @type {import("leaflet").CircleMarker | null} */
    this.pin = null;
    /** @type {Promise<unknown[]> | undefined} */
    this.styled = undefined;
    this.gone = false;
    this.shown = "";
    this.figure = element("section", "observatory point");
    this.figure.setAttribute("role", "region");
    this.frame = element("div", "frame");
    this.stage = element("div", "stage");
    this.canvas = element("div", "canvas");
    this.foot = element("div", "foot");
    this.state = element("div", "state", "Chargement de la carte…");
    this.state.setAttribute("role", "status");
    this.stage.append(this.canvas, this.state);
    this.frame.append(this.stage, this.foot);
    this.figure.append(this.frame);
    root.append(this.figure);
  }

  /**
   * @param {Component} component
   * @param {PointMessage} data
   */
  async update(component, data) {
    this.component = component;
    this.latest = data;
    this.figure.setAttribute("aria-label", data.label);
    try {
      await this.prepare(data);
    } catch (error) {
      this.state.textContent = "La carte n’a pas pu être chargée : écrire les coordonnées.";
      console.error("observatory point:", error);
      return;
    }
    if (this.latest !== data || this.gone) return;
    this.state.textContent = "";
    this.show(data);
  }

  /**
   * Fetch what is missing, then draw the communes; once.
   * @param {PointMessage} data
   */
  async prepare(data) {
    this.styled ??= Promise.all(["leaflet.css", "map.css"].map((one) => loadStyle(this.root, one)));
    const [L, geometry] = await Promise.all([
      loadLeaflet(),
      once(absolute(data.files.geometry), loadJson),
      this.styled,
    ]);
    if (this.map) return;
    const touch = window.matchMedia("(pointer: coarse)").matches;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.L = L;
    this.map = L.map(this.canvas, {
      attributionControl: false, zoomControl: false, dragging: !touch, scrollWheelZoom: false,
      zoomAnimation: !still, fadeAnimation: !still, inertia: !still, maxZoom: 19,
    });
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    if (data.tiles) {
      L.tileLayer(data.tiles.url).addTo(this.map);
      this.foot.append(element("span", "", data.tiles.attribution));
    }
    this.communes = L.geoJSON(geometry, {
      interactive: false,
      style: (feature) => ({
        className: feature?.properties.c === data.code ? "ground own" : "ground", fill: !data.tiles,
      }),
    });
    this.map.fitBounds(this.communes.getBounds(), { animate: false }); // before anything is drawn
    this.communes.addTo(this.map);
    this.map.on("click", ({ latlng }) => this.put(latlng));
    this.map.on("dragstart zoomstart", () => { if (!this.fitting) this.moved = true; });
    this.observer = new ResizeObserver(() => {
      this.map.invalidateSize({ animate: false, pan: false });
      if (!this.moved) this.fit();
    });
    this.observer.observe(this.stage);
  }

  /**
   * A point chosen here: shown at once, then told to the page.
   * @param {import("leaflet").LatLng} latlng
   */
  put(latlng) {
    this.moved = true;
    this.mark(latlng);
    const [lon, lat] = [latlng.lng, latlng.lat].map((degrees) => Number(degrees.toFixed(6)));
    this.component.setTriggerValue("point", { lon, lat });
  }

  /** @param {import("leaflet").LatLngExpression} latlng */
  mark(latlng) {
    if (!this.pin) {
      this.pin = this.L.circleMarker(latlng, {
        radius: 9, className: "pin", interactive: false,
      }).addTo(this.map);
    }
    this.pin.setLatLng(latlng);
  }

  /** @param {PointMessage} data */
  show(data) {
    if (data.lon !== null && data.lat !== null) this.mark([data.lat, data.lon]);
    else if (this.pin) { this.pin.remove(); this.pin = null; }
    if (this.shown === data.name) return; // a person may have moved the map meanwhile
    this.shown = data.name;
    this.moved = false;
    this.fit();
    this.figure.dataset.ready = "1";
  }

  /** Show the point from near, else the commune whole. */
  fit() {
    const { lon, lat, code } = this.latest;
    let bounds = this.communes.getBounds();
    this.communes.eachLayer((/** @type {any} */ layer) => {
      if (layer.feature.properties.c === code) bounds = layer.getBounds();
    });
    this.fitting = true;
    if (lon !== null && lat !== null) this.map.setView([lat, lon], CLOSE, { animate: false });
    else this.map.fitBounds(bounds, { animate: false });
    this.fitting = false;
  }

  remove() {
    this.gone = true;
    this.observer?.disconnect();
    this.map?.remove();
    this.figure.remove();
  }
}

/** Called by the loader at each run of the page; returns what to do when the map goes away. */
export const render = mounted(PointMap);
