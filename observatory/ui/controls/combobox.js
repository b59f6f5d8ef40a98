// The search of a commune: an ARIA combobox. Typing the first letters finds it, accents, hyphens
// and capitals or not. Text from data is always set with textContent, never as HTML.

import { element } from "./elements.js";
import { absolute, loadJson, once } from "./files.js";

const SHOWN = 60; // communes listed at once; more letters bring the others
const STEPS = new Map([["ArrowDown", 1], ["ArrowUp", -1]]);
let made = 0;

/** @typedef {{ code: string, text: string, words?: string, posts?: string[] }} Option */
/** @typedef {{ short: Record<string, string>, options: Option[] }} Known */
/**
 * What the search shows.
 * @typedef {Object} Shown
 * @property {string} label
 * @property {string} chosen code in view
 * @property {string} text its words
 * @property {string} [whole] names the whole territory
 * @property {string} [communes] address of the file of communes
 * @property {Known} [known] stands for the communes where something else is searched
 * @property {Record<string, string>} words
 */

// As observatory.french.spelling.plain: lower case, no accent, one space for anything else.
/** @param {string} text */
function plain(text) {
  return text.replace(/œ/gi, "oe").replace(/æ/gi, "ae").normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
}

/**
 * Words in full: « st nicolas » is « saint nicolas ».
 * @param {string} words
 * @param {Record<string, string>} short
 */
function inFull(words, short) {
  return words.split(" ").map((word) => short[word] ?? word).join(" ");
}

/**
 * @param {Option} option
 * @param {string} wanted
 */
function rank({ code: of, words = "", posts = [] }, wanted) {
  const code = of.toLowerCase();
  if (words.startsWith(wanted) || code === wanted) return 0;
  if (posts.includes(wanted)) return 0;
  if (words.includes(` ${wanted}`)) return 1;
  if (words.replaceAll(" ", "").startsWith(wanted.replaceAll(" ", ""))) return 2;
  if (/^\d{2,}$/.test(wanted) && posts.some((post) => post.startsWith(wanted))) return 3;
  return code.startsWith(wanted) || words.includes(wanted) ? 3 : 9;
}

/**
 * The communes as they are searched, made once a file.
 * @param {string} address
 * @returns {Promise<Known>}
 */
async function read(address) {
  const { communes, short } = await loadJson(address);
  return {
    short,
    options: communes.map((/** @type {[string, string, string?]} */ [code, name, posts]) => (
      { code, text: `${name} (${code})`, words: plain(name), posts: posts?.split(" ") })),
  };
}

/**
 * What a list holds, to be searched by its names and by more words.
 * @param {[string, string, string[]][]} rows
 * @returns {Known}
 */
export function listed(rows) {
  return {
    short: {},
    options: rows.map(([code, text, words]) => ({ code, text, words: words.map(plain).join(" ") })),
  };
}

export class Combobox {
  /**
   * `pick` is called with the code that a person chose; empty for the whole territory.
   * @param {(code: string) => void} pick
   */
  constructor(pick) {
    const id = `communes-${made++}`;
    this.pick = pick;
    this.chosen = "";
    this.text = "";
    this.address = "";
    this.typed = false;
    this.entered = false;
    /** @type {string | undefined} */
    this.whole = undefined;
    /** @type {Known | undefined} */
    this.known = undefined;
    /** @type {Record<string, string>} */
    this.words = {};
    /** @type {string | null} */
    this.asked = null;
    /** @type {Option[]} */
    this.found = [];
    this.label = element("label");
    this.input = element("input");
    this.list = element("ul");
    this.state = element("p", "state");
    this.box = element("div", "box");
    this.input.id = `${id}-input`;
    this.label.htmlFor = this.input.id;
    this.list.id = id;
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    this.state.setAttribute("role", "status");
    const said = {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
    };
    for (const [name, value] of Object.entries(said)) this.input.setAttribute(name, value);
    this.active = -1;
    this.input.onfocus = () => this.input.select();
    this.input.onclick = () => this.open("");
    this.input.oninput = () => this.open(this.input.value);
    this.input.onblur = () => this.close();
    this.input.onkeydown = (event) => this.pressed(event);
    this.list.onmousedown = (event) => event.preventDefault(); // the focus stays in the field
    this.box.append(this.label, this.input, this.list, this.state);
  }

  /** @param {Shown} shown */
  update({ label, chosen, text, whole, communes = "", words, known }) {
    Object.assign(this, { chosen, text, whole, words, address: communes, known });
    this.label.textContent = label;
    this.input.placeholder = words.letters;
    this.list.setAttribute("aria-label", label);
    if (this.list.hidden && !(this.root().activeElement === this.input && this.typed)) this.write();
  }

  root() {
    return /** @type {ShadowRoot | Document} */ (this.box.getRootNode());
  }

  write() {
    this.typed = false;
    this.input.value = this.text;
  }

  /** @param {string} typed */
  async open(typed) {
    this.typed = Boolean(typed);
    this.entered = false;
    this.asked = typed;
    let known;
    try {
      known = this.known ?? await once(absolute(this.address), read);
    } catch {
      this.state.textContent = this.words.failed;
      return;
    }
    if (this.asked !== typed || this.root().activeElement !== this.input) return; // overtaken
    const wanted = inFull(plain(typed), known.short);
    const first = this.whole && !wanted ? [{ code: "", text: this.whole }] : [];
    this.found = wanted
      ? known.options.map((option) => ({ option, at: rank(option, wanted) }))
        .filter(({ at }) => at < 9).sort((a, b) => a.at - b.at).map(({ option }) => option)
      : [...first, ...known.options];
    const shown = this.found.slice(0, SHOWN);
    this.list.replaceChildren(...shown.map((option, n) => {
      const item = element("li", "", option.text);
      item.id = `${this.list.id}-${n}`;
      item.setAttribute("role", "option");
      item.onclick = () => this.choose(option);
      return item;
    }));
    this.list.hidden = shown.length === 0;
    this.input.setAttribute("aria-expanded", String(shown.length > 0));
    const chosen = wanted ? 0 : shown.findIndex((o) => o.code === this.chosen);
    this.move(shown.length ? chosen : -1);
    if (this.entered && shown.length) {
      this.choose(this.found[0]);
      return;
    }
    const rest = this.found.length - shown.length;
    this.state.textContent = wanted && !shown.length ? this.words.none
      : rest > 0 ? this.words.more.replace("{n}", String(rest)) : "";
  }

  /** @param {number} to */
  move(to) {
    const items = [...this.list.children];
    this.active = to;
    for (const [n, item] of items.entries()) item.setAttribute("aria-selected", String(n === to));
    if (to < 0) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.input.setAttribute("aria-activedescendant", items[to].id);
    items[to].scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const count = this.list.children.length;
    const open = !this.list.hidden;
    const step = STEPS.get(event.key);
    if (step) {
      if (!open) this.open("");
      else this.move((this.active + step + count) % count);
    } else if (event.key === "Enter" && open && this.active >= 0) {
      this.choose(this.found[this.active]);
    } else if (event.key === "Enter" && this.typed && !open) {
      this.entered = true; // typed faster than the list came: the first one found is meant
    } else if (event.key === "Escape" && (open || this.state.textContent)) {
      this.close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Option} option */
  choose(option) {
    const changed = option.code !== this.chosen;
    this.chosen = option.code;
    this.text = option.text;
    this.close();
    if (changed) this.pick(option.code);
  }

  close() {
    this.asked = null;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.move(-1);
    this.state.textContent = "";
    this.write();
  }
}
