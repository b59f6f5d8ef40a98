// Maps of one page that move together: what one shows, the others show; the server hears nothing.

const groups = new Map(); // maps, by name of their link

/** Put a map in its group, or out of any when it has no link. */
export function join(map, name) {
  if (map.link === name) return;
  groups.get(map.link)?.delete(map);
  map.link = name;
  if (!name) return;
  if (!groups.has(name)) groups.set(name, new Set());
  groups.get(name).add(map);
}

/** The other maps of the group that are ready and draw the same contours. */
export function others(map) {
  return [...(groups.get(map.link) ?? [])].filter((other) =>
    other !== map && other.bounds && other.geometry === map.geometry);
}

/** Show the others what this one shows; those that follow never lead in return. */
export function lead(map) {
  if (map.following || map.fitting || !map.bounds) return;
  for (const other of others(map)) follow(other, map.map.getCenter(), map.map.getZoom(), map.moved);
}

export function follow(map, center, zoom, moved) {
  map.following = true;
  map.moved = moved;
  map.map.setView(center, zoom, { animate: false });
  map.following = false;
}
