// The line of dates being played: each step is asked of the server, and all of them are one entry of
// the history. Any other choice of the page ends it.

/** @type {(() => void) | null} */
let halt = null; // what ends what is being played
let stepped = false; // a step was asked whose address is not written yet
let entered = false; // what is being played has its entry

/**
 * Something begins to be played; what was played before ends.
 * @param {() => void} stop
 */
export function begin(stop) {
  end();
  halt = stop;
  entered = false;
  window.addEventListener("popstate", end);
}

/** A step was asked. */
export function step() {
  stepped = true;
}

/** Another choice was made, or the end is reached. */
export function end() {
  const stop = halt;
  halt = null;
  window.removeEventListener("popstate", end);
  stop?.();
}

/**
 * How the address of an answer is written: the first step of a play makes an entry, the next ones
 * change it.
 * @returns {"pushState" | "replaceState"}
 */
export function entry() {
  const again = stepped && entered;
  entered ||= stepped;
  stepped = false;
  return again ? "replaceState" : "pushState";
}
