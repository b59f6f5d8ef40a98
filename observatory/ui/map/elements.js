// Elements of the page and of drawings. Text from data is always set with textContent.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element of the page.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/**
 * An element of a drawing.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} children
 * @returns {SVGElement}
 */
export function drawing(tag, attributes, ...children) {
  const node = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/**
 * A drawing that the server made, for this document; nothing of it runs.
 * @param {string} text
 * @returns {Element}
 */
export function made(text) {
  const { documentElement } = new DOMParser().parseFromString(text, "image/svg+xml");
  return /** @type {Element} */ (document.importNode(documentElement, true));
}

/**
 * Words with what they are about in the place of `{…}`.
 * @param {string} words
 * @param {Record<string, unknown>} told
 */
export function fill(words, told) {
  return words.replace(/\{(\w+)\}/g, (_, name) => String(told[name]));
}
