// The ground that everything is drawn on: Leaflet, its panes, its buttons, scale and north.

import { drawing } from "./elements.js";

/** @typedef {typeof import("leaflet")} Leaflet */

/** Panes, from the ground up. */
const DEPTHS = {
  communes: 400, circles: 405, outlines: 410, names: 415, establishments: 420, counts: 425,
};

/**
 * @param {Leaflet} L
 * @param {HTMLElement} place
 * @param {import("./messages.js").SignsMessage} signs
 * @param {{ touch: boolean, tiled: boolean }} how
 */
export function createCanvas(L, place, { words }, { touch, tiled }) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(place, {
    attributionControl: false, zoomControl: false, zoomSnap: tiled ? 1 : 0.1, zoomDelta: 1,
    dragging: !touch, // one finger scrolls the page, two move the map
    zoomAnimation: !still, fadeAnimation: !still, inertia: !still,
    maxZoom: 16,
  });
  L.control.zoom({
    position: touch || window.innerWidth <= 640 ? "topright" : "topleft",
    zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut,
  }).addTo(map);
  for (const [name, depth] of Object.entries(DEPTHS)) {
    map.createPane(name).style.zIndex = String(depth);
  }
  for (const name of ["outlines", "names"]) {
    /** @type {HTMLElement} */ (map.getPane(name)).style.pointerEvents = "none";
  }
  const drawn = (/** @type {string} */ pane) => L.svg({ pane, padding: 0.5 });
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", words.keyboard);
  return {
    map, ground: drawn("communes"), rings: drawn("circles"), above: drawn("outlines"),
    places: drawn("establishments"),
  };
}

/**
 * The scale and the north, for a corner of the map.
 * @param {Leaflet} L
 * @param {import("leaflet").Map} map
 * @param {string} north
 */
export function bearings(L, map, north) {
  const scale = L.control.scale({ imperial: false, maxWidth: 120 });
  map.addControl(scale);
  const letter = drawing("text", {
    x: 8, y: 10, "text-anchor": "middle", "font-size": 11, "font-weight": 600,
  }, "N");
  const arrow = drawing("svg", {
    width: 16, height: 32, viewBox: "0 0 16 32", role: "img", "aria-label": north,
  }, letter, drawing("path", { d: "M8,12L13,30L8,26L3,30Z" }));
  return [/** @type {HTMLElement} */ (scale.getContainer()), arrow];
}
