// Maps of one page that move together: what one shows, the others show; the server hears nothing.

/** @typedef {import("./map.js").CommuneMap} CommuneMap */

/** @type {Map<string | undefined, Set<CommuneMap>>} */
const groups = new Map(); // by name of their link

/**
 * Put a map in its group, or out of any when it has no link.
 * @param {CommuneMap} map
 * @param {string | undefined} name
 */
export function join(map, name) {
  if (map.link === name) return;
  groups.get(map.link)?.delete(map);
  map.link = name;
  if (!name) return;
  groups.set(name, (groups.get(name) ?? new Set()).add(map));
}

/**
 * The other maps of the group that are ready and draw the same contours.
 * @param {CommuneMap} map
 */
export function others(map) {
  return [...(groups.get(map.link) ?? [])].filter((other) =>
    other !== map && other.view.bounds && other.view.geometry === map.view.geometry);
}

/**
 * Show the others what this one shows; those that follow never lead in return.
 * @param {CommuneMap} map
 */
export function lead(map) {
  const { view } = map;
  if (view.following || view.fitting || !view.bounds) return;
  for (const other of others(map)) follow(other, map.map.getCenter(), map.map.getZoom(), view.moved);
}

/**
 * @param {CommuneMap} map
 * @param {import("leaflet").LatLng} center
 * @param {number} zoom
 * @param {boolean} moved
 */
export function follow({ view, map }, center, zoom, moved) {
  view.following = true;
  view.moved = moved;
  map.setView(center, zoom, { animate: false });
  view.following = false;
}
