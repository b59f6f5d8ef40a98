// What the map of a document does: its layers, one a measure; tooltips; names; establishments.
// A plain script, written into the file beside Leaflet. Text from data is set with textContent.

/**
 * @typedef {Object} Column one more figure of each commune
 * @property {string} label
 * @property {string[]} texts
 */
/**
 * @typedef {Object} Measure
 * @property {string[]} fills of each commune
 * @property {string[]} texts its figure in words
 * @property {string[]} reasons why a figure is unknown, where more can be said
 * @property {Column[]} columns
 */
/**
 * @typedef {Object} Ground
 * @property {import("geojson").FeatureCollection} communes
 * @property {string[]} names
 * @property {[number, number][]} middles latitude and longitude of a point inside each commune
 * @property {number[]} always rows that are named whatever the zoom
 * @property {number} selected row of the commune in focus; −1 without one
 */
/**
 * @typedef {Object} Establishment
 * @property {[number, number]} at
 * @property {number} row of its commune; −1 where it is not drawn
 * @property {string} icon
 * @property {string} name
 * @property {string} detail
 */

// biome-ignore lint/correctness/noUnusedVariables: the layers that folium writes call it
const mapDocument = (() => {
  const LINE = { color: "#5b6470", weight: 0.8, opacity: 0.6, fillOpacity: 1 };
  const FOCUS = { color: "#1c2430", weight: 3, opacity: 1 };
  const GAP = 17; // pixels between two symbols
  const TRIES = 160;
  const LETTER = 7; // pixels, on average
  const LISTED = 12; // names of establishments in the tooltip of a count
  const TURN = Math.PI * (3 - Math.sqrt(5)); // a spiral that fills evenly, in radians
  const NEARER = 1; // steps of zoom from which every commune is named

  /**
   * @param {string} tag
   * @param {string} text
   */
  function line(tag, text) {
    const node = document.createElement(tag);
    node.textContent = text;
    return node;
  }

  /**
   * @param {string} title
   * @param {string[]} lines
   */
  function tip(title, lines) {
    const node = document.createElement("div");
    node.append(line("strong", title), ...lines.filter(Boolean).map((one) => line("div", one)));
    return node;
  }

  /**
   * One measure: a colour and a tooltip for each commune.
   * @param {Ground} ground
   * @param {Measure} told
   */
  function measure(ground, told) {
    /** @type {L.Path | null} */
    let focus = null;
    return L.geoJSON(ground.communes, {
      style: (feature) => {
        const row = feature?.properties.row;
        return { ...LINE, ...(row === ground.selected ? FOCUS : {}), fillColor: told.fills[row] };
      },
      onEachFeature: (feature, layer) => {
        const { row } = feature.properties;
        const lines = [
          told.texts[row],
          told.reasons[row],
          ...told.columns.map(({ label, texts }) => `${label}\u00a0: ${texts[row]}`),
        ];
        layer.bindTooltip(() => tip(ground.names[row], lines), { sticky: true, direction: "auto" });
        if (row === ground.selected) focus = /** @type {L.Path} */ (layer);
      },
    }).on("add", () => focus?.bringToFront());
  }

  /**
   * Names of communes, as a layer that can be switched off.
   * @param {Ground} ground
   */
  function names(ground) {
    return L.layerGroup(ground.names.map((name, row) => L.tooltip({
      permanent: true,
      direction: "center",
      interactive: false,
      className: ground.always.includes(row) ? "name always" : "name",
    }).setLatLng(ground.middles[row]).setContent(line("span", name))));
  }

  /**
   * Whether a point lies inside the rings of a commune.
   * @param {L.Point} spot
   * @param {L.Point[][]} rings
   */
  function isInside(spot, rings) {
    let inside = false;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const [a, b] = [ring[i], ring[j]];
        const crossed = a.y > spot.y !== b.y > spot.y;
        if (crossed && spot.x < a.x + ((b.x - a.x) * (spot.y - a.y)) / (b.y - a.y)) inside = !inside;
      }
    }
    return inside;
  }

  /**
   * The rings of a commune in pixels, whatever its parts.
   * @param {L.Map} map
   * @param {any} geometry
   * @returns {L.Point[][]}
   */
  function ringsOf(map, { type, coordinates }) {
    const parts = type === "Polygon" ? [coordinates] : coordinates;
    return parts.flat().map((/** @type {[number, number][]} */ ring) =>
      ring.map(([x, y]) => map.latLngToLayerPoint([y, x])));
  }

  /**
   * Places that the name of a commune takes.
   * @param {Ground} ground
   * @param {number} row
   * @param {L.Map} map
   */
  function spanOf(ground, row, map) {
    const middle = map.latLngToLayerPoint(ground.middles[row]);
    const half = Math.ceil((ground.names[row].length * LETTER) / 2 / GAP);
    return Array.from({ length: 2 * half + 1 }, (_, n) => middle.add([(n - half) * GAP, 0]));
  }

  /**
   * The place of a count: under the name of its commune.
   * @param {Ground} ground
   * @param {number} row
   * @param {L.Map} map
   */
  const under = (ground, row, map) =>
    map.latLngToLayerPoint(ground.middles[row]).add([0, ground.always.includes(row) ? GAP : 0]);

  /** @param {Establishment} told */
  function mark({ at, icon, name, detail }) {
    const drawn = L.divIcon({ html: icon, className: "symbol", iconSize: [24, 16] });
    return L.marker(at, { icon: drawn, alt: name })
      .bindTooltip(() => tip(name, [detail]), { direction: "top", offset: [0, -6] });
  }

  /**
   * How many establishments a commune has, where their symbols do not fit in it.
   * @param {Ground} ground
   * @param {Establishment[]} told
   * @param {L.Map} map
   */
  function count(ground, told, map) {
    const { row } = told[0];
    const words = told.slice(0, LISTED).map(({ name }) => name);
    const more = told.length - words.length;
    if (more > 0) words.push(`… et ${more} de plus`);
    const html = `<div class="counted">${told.length}</div>`;
    const drawn = L.divIcon({ html, className: "", iconSize: [22, 22] });
    const title = `${ground.names[row]}\u00a0: ${told.length} établissements`;
    return L.marker(map.layerPointToLatLng(under(ground, row, map)), { icon: drawn, alt: title })
      .bindTooltip(() => tip(title, words), { direction: "top", offset: [0, -8] })
      .on("click", () => map.setView(ground.middles[row], map.getZoom() + 1));
  }

  /**
   * The nearest free places inside a commune for its symbols; null where they do not fit.
   * @param {L.Point[]} starts
   * @param {L.Point[]} taken
   * @param {L.Point[][] | null} rings
   */
  function fit(starts, taken, rings) {
    /** @type {L.Point[]} */
    const found = [];
    for (const start of starts) {
      let spot = null;
      for (let step = 0; step < TRIES && !spot; step += 1) {
        const reach = 0.5 * GAP * Math.sqrt(step);
        const one = start.add([reach * Math.cos(step * TURN), reach * Math.sin(step * TURN)]);
        const free = [...taken, ...found].every((other) => other.distanceTo(one) >= GAP);
        if (free && (!rings || isInside(one, rings))) spot = one;
      }
      if (!spot) return null;
      found.push(spot);
    }
    return found;
  }

  /**
   * Establishments, none on another and none outside its commune; counted where they do not fit.
   * @param {Ground} ground
   * @param {Establishment[]} told
   */
  function establishments(ground, told) {
    /** @type {Map<number, Establishment[]>} */
    const byRow = new Map();
    for (const one of told) byRow.set(one.row, [...(byRow.get(one.row) ?? []), one]);
    const group = L.featureGroup();
    /** @param {L.Map} map */
    const place = (map) => {
      group.clearLayers();
      const taken = ground.always.flatMap((row) => spanOf(ground, row, map));
      for (const [row, members] of byRow) {
        const feature = ground.communes.features[row];
        const rings = feature ? ringsOf(map, feature.geometry) : null;
        const starts = members.map(({ at }) => map.latLngToLayerPoint(at));
        const spots = fit(starts, taken, rings);
        if (spots) {
          taken.push(...spots);
          spots.forEach((spot, n) => {
            mark(members[n]).setLatLng(map.layerPointToLatLng(spot)).addTo(group);
          });
        } else if (feature) {
          taken.push(under(ground, row, map));
          count(ground, members, map).addTo(group);
        } else for (const one of members) mark(one).addTo(group);
      }
    };
    group.once("add", ({ target }) => {
      place(target._map);
      target._map.on("zoomend", () => place(target._map));
    });
    return group;
  }

  /**
   * Show the words and the legend of the measure in view, and the names that have room.
   * @param {L.Map} map
   * @param {L.Control.Layers} control
   * @param {L.GeoJSON[]} layers
   */
  function link(map, control, layers) {
    const switches = control.getContainer();
    if (switches) document.querySelector(".switch")?.append(switches); // never over the communes
    L.control.zoom({ zoomInTitle: "Rapprocher", zoomOutTitle: "Éloigner" }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.invalidateSize(false);
    map.fitBounds(layers[0].getBounds(), { padding: [12, 12], animate: false });
    const far = map.getZoom();
    const named = () => map.getContainer().classList.toggle("far", map.getZoom() < far + NEARER);
    map.on("zoomend", named);
    named();
    map.on("baselayerchange", ({ layer }) => {
      const shown = String(layers.indexOf(/** @type {L.GeoJSON} */ (layer)));
      for (const part of document.querySelectorAll("[data-measure]")) {
        if (part instanceof HTMLElement) part.hidden = part.dataset.measure !== shown;
      }
    });
  }

  return { measure, names, establishments, link };
})();
