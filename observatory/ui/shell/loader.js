// What every component of ours is loaded by: it reads the message, then finds the code that it
// names; the browser keeps both files.

/** @typedef {import("../messages.js").Component} Component */

const LINE_END = 10;
const GZIP = 0x1f; // first byte of what was compressed; that of JSON is a brace
/** @type {WeakMap<HTMLElement, Promise<unknown>>} */
const former = new WeakMap(); // the last message of each place: none overtakes another

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<any>}
 */
async function read(bytes) {
  if (bytes[0] !== GZIP) return JSON.parse(new TextDecoder().decode(bytes));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

/** @param {Component} component */
export default async function (component) {
  const place = component.parentElement;
  const bytes = new Uint8Array(component.data);
  const end = bytes.indexOf(LINE_END);
  const parts = end < 0 ? [bytes] : [bytes.subarray(0, end), bytes.subarray(end + 1)];
  const reading = Promise.all(parts.map(read));
  const inTurn = Promise.allSettled([former.get(place), reading]);
  former.set(place, inTurn);
  await inTurn;
  const data = Object.assign({}, ...(await reading));
  const code = await import(new URL(data.files.script, import.meta.url).href); // beside this one
  return code.render(component, data);
}
