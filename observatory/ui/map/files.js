// Files fetched once by the browser, and kept in memory from one page to the next.

import { element } from "./drawing.js";

const fetched = new Map(); // promises of files, by address

export function once(address, load) {
  if (!fetched.has(address)) {
    const promise = load(address);
    promise.catch(() => fetched.delete(address)); // a failure may be tried again
    fetched.set(address, promise);
  }
  return fetched.get(address);
}

export const absolute = (address) => new URL(address, document.baseURI).href;

export function loadLeaflet(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.L.noConflict());
    script.onerror = () => reject(new Error("Leaflet"));
    document.head.append(script);
  });
}

export async function loadJson(address) {
  const answer = await fetch(address, { cache: "force-cache" }); // the name tells the version
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

export function loadStyle(root, address) {
  return new Promise((resolve, reject) => {
    const link = element("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = resolve;
    link.onerror = reject;
    root.append(link);
  });
}
