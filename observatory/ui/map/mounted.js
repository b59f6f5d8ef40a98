// A map for each place in the page, kept from one run of the script to the next.

/** @typedef {import("./messages.js").Component} Component */
/**
 * @typedef {Object} Mounted
 * @property {(component: Component, data: any) => unknown} update
 * @property {() => void} remove
 * @property {boolean} [gone]
 */

/**
 * What the loader calls at each run: it updates the map of its place, made by `Kind` at first.
 * @param {new (root: HTMLElement) => Mounted} Kind
 */
export function mounted(Kind) {
  /** @type {WeakMap<HTMLElement, Mounted>} */
  const maps = new WeakMap(); // by place
  return (/** @type {Component} */ component, /** @type {unknown} */ data) => {
    const root = component.parentElement;
    const map = maps.get(root) ?? new Kind(root);
    maps.set(root, map);
    map.update(component, data);
    // Streamlit also calls this when a newer run overtakes an older one: the map stays while its
    // place is in the page.
    return () => {
      if (root.isConnected || map.gone) return;
      maps.delete(root);
      map.remove();
    };
  };
}
