// A map for each place in the page, kept from one run of the script to the next.

/** What the loader calls at each run: it updates the map of its place, made by `Kind` at first. */
export function mounted(Kind) {
  const maps = new WeakMap(); // by place
  return (component, data) => {
    const root = component.parentElement;
    if (!maps.has(root)) maps.set(root, new Kind(root));
    const map = maps.get(root);
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
