// Files fetched once by the browser, and kept in memory from one page to the next.

import { element } from "./elements.js";

/** @typedef {import("./messages.js").SignsMessage} Signs */

/** @type {Map<string, Promise<any>>} */
const fetched = new Map(); // by address

/**
 * @template T
 * @param {string} address
 * @param {(address: string) => Promise<T>} load
 * @returns {Promise<T>}
 */
export function once(address, load) {
  const kept = fetched.get(address);
  if (kept) return kept;
  const promise = load(address);
  promise.catch(() => fetched.delete(address)); // a failure may be tried again
  fetched.set(address, promise);
  return promise;
}

/** @param {string} address */
export const absolute = (address) => new URL(address, document.baseURI).href;

/**
 * A file that stands beside this one: its folder is named by the content of all of them.
 * @param {string} name
 */
export const beside = (name) => new URL(name, import.meta.url).href;

/** @returns {Promise<typeof import("leaflet")>} */
export function loadLeaflet() {
  return once(beside("leaflet.js"), (address) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(/** @type {any} */ (window).L.noConflict());
    script.onerror = () => reject(new Error("Leaflet"));
    document.head.append(script);
  }));
}

/** @returns {Promise<Signs>} */
export const loadSigns = () => once(beside("signs.json"), loadJson);

/** @param {string} address */
export async function loadJson(address) {
  const answer = await fetch(address, { cache: "force-cache" }); // the name tells the version
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/**
 * @param {Node} root
 * @param {string} name
 */
export function loadStyle(root, name) {
  return new Promise((resolve, reject) => {
    const link = element("link");
    link.rel = "stylesheet";
    link.href = beside(name);
    link.onload = resolve;
    link.onerror = reject;
    root.appendChild(link);
  });
}
