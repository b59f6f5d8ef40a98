// The form of a page: native controls, each with its label. The server says what each offers and
// what is chosen; a choice is sent under a number, so that an older answer never undoes it.
// Text from data is always set with textContent, never as HTML.

import { Combobox, listed } from "./combobox.js";
import { element, fill } from "./elements.js";
import { absolute, loadJson, loadStyle, once } from "./files.js";
import { HeadSearch } from "./head_search.js";
import { mounted } from "./mounted.js";
import { end, entry } from "./playing.js";

/** @typedef {import("./messages.js").RailMessage} RailMessage */
/** @typedef {import("./messages.js").ControlMessage} ControlMessage */
/** @typedef {import("./messages.js").Component} Component */
/**
 * @typedef {Object} Texts
 * @property {Record<string, string>} words
 * @property {string[]} months
 * @property {string[]} help
 * @property {Record<string, [string, string, string[]][]>} lists searched by more words than theirs
 */

const PHONE = 640; // px; up to this width the form hides the page: a choice closes it
const LOST = 3000; // ms after which a choice without an answer may have been lost
const TYPING = 500; // ms after the last letter of a text
const LATER = /** @type {any} */ (undefined); // there at the first update
/** @type {Map<string, [string, string][]>} */
const lists = new Map(); // options that were sent once, by digest
let made = 0;

/** One control: its label, its field, its help. `rail.pick(key, value)` is called with a choice. */
class Field {
  /**
   * @param {Rail} rail
   * @param {"div" | "fieldset"} tag
   */
  constructor(rail, tag = "div") {
    this.rail = rail;
    /** @type {ControlMessage} */
    this.control = LATER;
    /** @type {string | undefined} */
    this.said = undefined;
    /** @type {string | undefined} */
    this.offered = undefined;
    /** @type {HTMLElement | undefined} */
    this.help = undefined;
    /** @type {HTMLElement} */
    this.label = LATER;
    /** @type {HTMLElement} */
    this.head = LATER;
    /** @type {HTMLElement} */
    this.state = LATER;
    /** @type {any} */
    this.field = LATER; // an input or a select, as each kind builds it
    this.row = element(tag, "row");
    this.id = `champ-${made++}`;
  }

  /**
   * A label, then a field of some tag, then the help and what is wrong.
   * @param {"input" | "select"} tag
   * @param {string} [type]
   */
  build(tag, type) {
    const label = element("label");
    label.htmlFor = this.id;
    this.label = label;
    this.field = element(tag);
    if (type) this.field.type = type;
    this.field.id = this.id;
    this.head = element("div", "head");
    this.head.append(this.label);
    this.state = element("p", "state");
    this.state.setAttribute("role", "status");
    this.row.append(this.head, this.field, this.state);
  }

  /** @param {ControlMessage} control */
  update(control) {
    this.control = control;
    this.label.textContent = control.label;
    this.explain(control.help);
    this.show(control.value ?? "");
  }

  /** @param {(number | string)[] | undefined} help */
  explain(help) {
    const said = JSON.stringify(help);
    if (this.said === said) return;
    this.said = said;
    this.help?.remove();
    if (!help) return;
    this.help = element("details", "help");
    const mark = element("summary", "", "?");
    mark.setAttribute("aria-label", fill(this.rail.words.help, this.control));
    this.help.append(mark, ...help.map((one) =>
      element("p", "", typeof one === "number" ? this.rail.texts.help[one] : one)));
    this.head.append(this.help);
  }

  /** @param {string} value */
  show(value) {
    this.field.value = value;
  }

  /** @param {string} value */
  pick(value) {
    this.rail.pick(this.control.key, value);
  }

  /** The page in view does not ask it. */
  leave() {}
}

class Menu extends Field {
  /** @param {Rail} rail */
  constructor(rail) {
    super(rail);
    /** @type {Combobox | undefined} */
    this.combobox = undefined;
    /** @type {import("./combobox.js").Known | undefined} */
    this.known = undefined;
    this.build("select");
    this.field.onchange = () => {
      this.pick(this.field.value);
      this.rail.close();
    };
  }

  /** @param {string} value */
  show(value) {
    const offered = JSON.stringify(this.control.options);
    if (this.offered !== offered) {
      this.offered = offered;
      this.field.replaceChildren(...(this.control.options ?? []).map(([id, words]) => {
        const option = element("option", "", words);
        option.value = id;
        return option;
      }));
    }
    this.field.value = value;
    if (this.control.sought) this.seek();
  }

  /** More words than those of the options find them, whatever the theme. */
  seek() {
    const { words } = this.rail;
    if (!this.combobox) {
      this.combobox = new Combobox((id) => {
        this.pick(id);
        this.rail.close();
      });
      this.combobox.box.classList.add("seek");
      this.known = listed(this.rail.texts.lists[this.control.sought ?? ""] ?? []);
      this.row.append(this.combobox.box);
    }
    this.combobox.update({
      label: words.seek, chosen: "", text: "", known: this.known,
      words: { ...words, none: words.noService, letters: words.seekHint },
    });
  }
}

/** A field whose value is right or not: what is wrong is said when it is left, and undone. */
class Checked extends Field {
  /**
   * @param {Rail} rail
   * @param {string} type
   */
  constructor(rail, type) {
    super(rail);
    /** @type {string | undefined} */
    this.shown = undefined;
    this.build("input", type);
    this.field.onchange = () => { if (this.right()) this.take(); };
    this.field.onkeydown = (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter") this.leave(); };
    this.field.onblur = () => this.leave();
  }

  /** What is written in the field, as the address writes it; empty when it is not understood. */
  read() {
    return this.field.value;
  }

  /**
   * A value of the address, as the field writes it.
   * @param {string | undefined} value
   */
  written(value) {
    return value;
  }

  right() {
    return this.read() !== "" && this.field.validity.valid;
  }

  take() {
    this.state.textContent = "";
    if (this.read() !== this.control.value) this.pick(this.read());
  }

  leave() {
    if (this.right()) {
      this.take();
      this.field.value = this.written(this.read());
      return;
    }
    this.state.textContent = this.wrong();
    this.field.value = this.written(this.control.value);
  }

  /** What is wrong, in words. */
  wrong() {
    return "";
  }

  /** @param {string} value */
  show(value) {
    const { least, most } = this.control;
    Object.assign(this.field, { min: least ?? "", max: most ?? "" });
    if (this.shown !== value || this.rail.focused() !== this.field) {
      this.field.value = this.written(value);
    }
    this.shown = value;
  }
}

const frenchDay = (/** @type {string} */ day) => day.split("-").reverse().join("/");

/**
 * A day. A telephone has its own picker, in its own language; elsewhere a browser writes a date in
 * the language of its menus: the field is a text, and its calendar one press away.
 */
class Day extends Checked {
  /** @param {Rail} rail */
  constructor(rail) {
    const touch = matchMedia("(pointer: coarse)").matches;
    super(rail, touch ? "date" : "text");
    /** @type {HTMLInputElement | undefined} */
    this.calendar = undefined;
    if (!touch) this.addCalendar();
  }

  addCalendar() {
    const { words } = this.rail;
    this.field.placeholder = words.dayHint;
    this.field.autocomplete = "off";
    const line = element("div", "dated");
    const calendar = element("input");
    this.calendar = calendar;
    calendar.type = "date";
    calendar.tabIndex = -1;
    calendar.setAttribute("aria-hidden", "true");
    calendar.onchange = () => { if (calendar.value) this.pick(calendar.value); };
    const open = element("button", "", "▾");
    open.type = "button";
    open.setAttribute("aria-label", words.calendar);
    open.onclick = () => {
      calendar.value = this.control.value ?? "";
      calendar.showPicker();
    };
    this.field.replaceWith(line);
    line.append(this.field, open, calendar);
  }

  read() {
    const text = this.field.value.trim();
    if (!this.calendar) return text;
    const found = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)?.slice(1)
      ?? /^(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})$/.exec(text)?.slice(1).reverse()
      ?? this.spelled(text);
    if (!found) return "";
    const day = found.map((part) => part.padStart(2, "0")).join("-");
    const real = new Date(`${day}T12:00Z`); // 31 February becomes another day
    return !Number.isNaN(real.getTime()) && real.toISOString().startsWith(day) ? day : "";
  }

  /**
   * « 1er mars 2026 ».
   * @param {string} text
   */
  spelled(text) {
    const [, day, name, year] = /^(\d{1,2})(?:er)? +(\S+) +(\d{4})$/.exec(text.toLowerCase()) ?? [];
    const month = this.rail.texts.months.indexOf(name) + 1;
    return month ? [year, String(month), day] : undefined;
  }

  /** @param {string | undefined} value */
  written(value) {
    return this.calendar ? frenchDay(value ?? "") : value;
  }

  right() {
    if (!this.calendar) return super.right();
    const day = this.read();
    const { least = "", most = "9" } = this.control;
    return day !== "" && day >= least && day <= most;
  }

  /** @param {string} value */
  show(value) {
    super.show(value);
    if (this.calendar) Object.assign(this.calendar, { min: this.control.least, max: this.control.most });
  }

  wrong() {
    const { words } = this.rail;
    if (this.read() === "") return words.noDay;
    const { least = "", most = "" } = this.control;
    return fill(words.outside, { least: frenchDay(least), most: frenchDay(most) });
  }
}

class Amount extends Checked {
  /** @param {Rail} rail */
  constructor(rail) {
    super(rail, "number");
    this.field.step = "any";
  }

  wrong() {
    const most = Number(this.control.most).toLocaleString("fr-FR");
    return fill(this.rail.words.noAmount, { most });
  }
}

class Text extends Field {
  /** @param {Rail} rail */
  constructor(rail) {
    super(rail);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.build("input", "text");
    const take = () => {
      clearTimeout(this.timer);
      if (this.field.value !== (this.control.value ?? "")) this.pick(this.field.value);
    };
    this.field.onchange = take;
    this.field.oninput = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(take, TYPING);
    };
  }

  /** @param {string} value */
  show(value) {
    this.field.placeholder = this.control.hint ?? "";
    if (this.rail.focused() !== this.field) this.field.value = value;
  }
}

class Switch extends Field {
  /** @param {Rail} rail */
  constructor(rail) {
    super(rail);
    this.build("input", "checkbox");
    this.row.classList.add("switch");
    this.head.prepend(this.field);
    this.field.onchange = () => this.pick(this.field.checked ? "1" : "");
  }

  /** @param {string} value */
  show(value) {
    this.field.checked = value === "1";
  }
}

class Several extends Field {
  /** @param {Rail} rail */
  constructor(rail) {
    super(rail, "fieldset");
    this.label = element("legend");
    this.head = this.row;
    this.list = element("div", "several");
    this.row.append(this.label, this.list);
  }

  /** @param {string} value */
  show(value) {
    const chosen = new Set(value.split(","));
    const offered = JSON.stringify(this.control.options);
    if (this.offered !== offered) {
      this.offered = offered;
      this.list.replaceChildren(...(this.control.options ?? []).map(([id, words]) => {
        const label = element("label");
        const box = element("input");
        Object.assign(box, { type: "checkbox", value: id });
        box.onchange = () => this.take();
        label.append(box, element("span", "", words));
        return label;
      }));
    }
    for (const box of this.boxes()) box.checked = chosen.has(box.value);
  }

  boxes() {
    return [...this.list.querySelectorAll("input")];
  }

  take() {
    this.pick(this.boxes().filter((box) => box.checked).map((box) => box.value).join(","));
  }
}

class Commune extends Field {
  /** @param {Rail} rail */
  constructor(rail) {
    super(rail);
    this.combobox = new Combobox((code) => {
      this.pick(code);
      this.rail.close();
    });
    this.above = new HeadSearch(rail.form, (code) => this.pick(code));
    this.row.append(this.combobox.box);
  }

  /** @param {ControlMessage} control */
  update(control) {
    this.control = control;
    const value = control.value ?? "";
    const named = new Map(control.options);
    const whole = named.get("");
    const { words, communes } = this.rail;
    const text = named.get(value) ?? "";
    const shown = { label: control.label, chosen: value, text, whole, communes, words };
    this.combobox.update(shown);
    // Nothing chosen, the field says what it is for.
    const found = { ...words, letters: words.findCommune };
    this.above.update({ ...shown, text: value ? text : "", words: found });
  }

  leave() {
    this.above.remove();
  }
}

class Communes extends Field {
  /** @param {Rail} rail */
  constructor(rail) {
    super(rail);
    this.combobox = new Combobox((code) => {
      const codes = this.codes();
      if (code && !codes.includes(code)) this.pick([...codes, code].join(","));
    });
    this.chips = element("div", "chips");
    this.row.append(this.combobox.box, this.chips);
  }

  codes() {
    return (this.control.value ?? "").split(",").filter(Boolean);
  }

  /** @param {ControlMessage} control */
  update(control) {
    this.control = control;
    const { words, communes } = this.rail;
    this.combobox.update({ label: control.label, chosen: "", text: "", communes, words });
    this.chips.replaceChildren(...(control.options ?? []).map(([code, name]) => {
      const chip = element("button", "chip", name);
      chip.type = "button";
      chip.append(element("span", "", "\u00d7"));
      chip.setAttribute("aria-label", fill(words.remove, { name }));
      chip.onclick = () => this.pick(this.codes().filter((one) => one !== code).join(","));
      return chip;
    }));
  }
}

/** @type {Record<string, new (rail: Rail) => Field>} */
const KINDS = {
  menu: Menu, day: Day, amount: Amount, text: Text, switch: Switch, several: Several,
  commune: Commune, communes: Communes,
};

class Rail {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Component} */
    this.component = LATER;
    /** @type {RailMessage} */
    this.data = LATER;
    /** @type {RailMessage} */
    this.latest = LATER;
    /** @type {Texts} */
    this.texts = LATER;
    /** @type {Promise<unknown> | undefined} */
    this.styled = undefined;
    /** @type {string | undefined} */
    this.written = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.watcher = undefined;
    this.copyButton = element("button", "copy");
    this.form = element("form", "rail");
    this.form.onsubmit = (event) => event.preventDefault();
    this.form.hidden = true; // until the style is there
    /** @type {Map<string, Field>} */
    this.fields = new Map(); // by kind and key
    /** @type {Map<string, HTMLDetailsElement>} */
    this.folds = new Map(); // by title
    /** @type {Map<string, { value: string, number: number }>} */
    this.waiting = new Map(); // choices on their way, by key
    this.number = 0;
    this.link = this.copier();
    root.append(this.form);
  }

  get words() {
    return this.texts.words;
  }

  get communes() {
    return this.data.files.communes;
  }

  /**
   * @param {Component} component
   * @param {RailMessage} data
   */
  async update(component, data) {
    this.component = component;
    if (!this.complete(data.controls)) return; // what is missing was asked for
    this.number = Math.max(this.number, data.number);
    this.latest = data;
    this.styled ??= loadStyle(this.root, "rail.css")
      .finally(() => { this.form.hidden = false; });
    this.texts = this.texts ?? await once(absolute(data.files.texts), loadJson);
    if (this.latest !== data) return; // a newer answer has overtaken this one
    for (const [key, { number }] of this.waiting) if (number <= data.number) this.waiting.delete(key);
    if (this.waiting.size) return; // an answer to an older choice: the newer one is on its way
    this.data = data;
    this.copyButton.textContent = this.words.copy;
    this.draw(data.controls);
    this.write(data.address);
    this.form.dataset.number = String(data.number);
  }

  /**
   * Put the options that were sent before in their place; those that were missed are asked again.
   * @param {ControlMessage[]} controls
   */
  complete(controls) {
    for (const control of controls) {
      const { list, options } = control;
      if (!list) continue;
      if (options) lists.set(list, options);
      control.options = lists.get(list);
      if (control.options) continue;
      this.component.setTriggerValue("missed", list);
      return false;
    }
    return true;
  }

  /** @param {ControlMessage[]} controls */
  draw(controls) {
    /** @type {HTMLElement[]} */
    const top = [];
    /** @type {Map<string, HTMLElement[]>} */
    const places = new Map(); // rows of each fold
    const asked = new Set(controls.map(({ kind, key }) => `${kind} ${key}`));
    for (const [name, field] of this.fields) if (!asked.has(name)) field.leave();
    for (const control of controls) {
      const name = `${control.kind} ${control.key}`;
      const field = this.fields.get(name) ?? new KINDS[control.kind](this);
      this.fields.set(name, field);
      field.update(control);
      const { group } = control;
      if (group) places.set(group, [...(places.get(group) ?? []), field.row]);
      else top.push(field.row);
    }
    for (const [title, rows] of places) {
      const fold = this.fold(title);
      arrange(fold, [/** @type {HTMLElement} */ (fold.firstChild), ...rows]);
      top.push(fold);
    }
    arrange(this.form, [...top, this.link]);
  }

  /** @param {string} title */
  fold(title) {
    const kept = this.folds.get(title);
    if (kept) return kept;
    const fold = element("details", "fold");
    fold.append(element("summary", "", title));
    this.folds.set(title, fold);
    return fold;
  }

  /**
   * A choice: kept until the server has answered it.
   * @param {string} key
   * @param {string} value
   */
  pick(key, value) {
    end();
    this.number += 1;
    this.waiting.set(key, { value, number: this.number });
    const choices = Object.fromEntries([...this.waiting].map(([k, one]) => [k, one.value]));
    this.component.setStateValue("picks", { number: this.number, choices });
    this.watch();
  }

  watch() {
    clearTimeout(this.watcher);
    this.watcher = setTimeout(() => this.recover(), LOST);
  }

  /** A choice that nobody will answer, the line having been cut: the address makes it anew. */
  recover() {
    if (!this.waiting.size || !this.root.isConnected) return;
    const app = /** @type {HTMLElement | null} */ (document.querySelector('[data-testid="stApp"]'));
    const { testConnectionState, testScriptState } = app?.dataset ?? {};
    if (testConnectionState !== "CONNECTED" || testScriptState !== "notRunning") {
      this.watch();
      return;
    }
    const told = new URLSearchParams(location.search);
    for (const [key, { value }] of this.waiting) told.set(key, value);
    if (this.waiting.has("theme")) told.delete("service"); // a theme leaves its services free
    location.search = told.toString();
  }

  /**
   * The address follows: a step of « back » for a choice, none for an address put right.
   * @param {Record<string, string>} address
   */
  write(address) {
    const told = new URLSearchParams(address);
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (name.startsWith("embed")) told.append(name, value);
    }
    const search = told.size ? `?${told}` : "";
    const here = () => location.pathname + location.search;
    if (search !== location.search) {
      const how = here() === this.written ? entry() : "replaceState";
      history[how](history.state, "", location.pathname + search + location.hash);
    }
    this.written = here();
  }

  /** A link that will show the same later on. */
  copier() {
    const row = element("div", "row");
    const button = this.copyButton;
    const state = element("p", "state");
    state.setAttribute("role", "status");
    button.type = "button";
    button.onclick = async () => {
      const { words, data: { lasting } } = this;
      const link = `${location.origin}${location.pathname}?${new URLSearchParams(lasting)}`;
      try {
        await navigator.clipboard.writeText(link);
        state.textContent = words.copied;
      } catch { // not allowed, or not a safe address: a person copies it
        const field = element("input");
        Object.assign(field, { type: "text", readOnly: true, value: link });
        field.setAttribute("aria-label", words.byHand);
        state.replaceChildren(words.byHand, field);
        field.select();
      }
    };
    row.append(button, state);
    return row;
  }

  focused() {
    return /** @type {ShadowRoot | Document} */ (this.form.getRootNode()).activeElement;
  }

  /** On a phone the form hides what it changes: it closes by itself. */
  close() {
    if (window.innerWidth > PHONE) return;
    const fold = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
    /** @type {HTMLElement | null} */ (fold)?.click();
  }

  remove() {
    for (const field of this.fields.values()) field.leave();
    this.form.remove();
  }
}

/**
 * Put children in order; those that stand right are not moved, and keep the focus.
 * @param {HTMLElement} parent
 * @param {Element[]} children
 */
function arrange(parent, children) {
  for (const one of [...parent.children]) if (!children.includes(one)) one.remove();
  children.forEach((one, at) => {
    if (parent.children[at] !== one) parent.insertBefore(one, parent.children[at] ?? null);
  });
}

/** Called by the loader at each run of the page; returns what to do when the form goes away. */
export const render = mounted(Rail);
