// The search of a commune: an ARIA combobox. Typing the first letters finds it, accents, hyphens
// and capitals or not. Text from data is always set with textContent, never as HTML.

const SHOWN = 60; // communes listed at once; more letters bring the others
const boxes = new WeakMap(); // one search for each place in the page

// As observatory.french.spelling.plain: lower case, no accent, one space for anything else.
function plain(text) {
  return text.replace(/œ/gi, "oe").replace(/æ/gi, "ae").normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
}

function rank(option, wanted) {
  if (option.words.startsWith(wanted) || option.code.toLowerCase() === wanted) return 0;
  if (option.words.includes(` ${wanted}`)) return 1;
  if (option.words.replaceAll(" ", "").startsWith(wanted.replaceAll(" ", ""))) return 2;
  return option.code.toLowerCase().startsWith(wanted) || option.words.includes(wanted) ? 3 : 9;
}

class Search {
  constructor(root) {
    this.label = document.createElement("label");
    this.input = document.createElement("input");
    this.list = document.createElement("ul");
    this.state = document.createElement("p");
    this.input.id = "commune";
    this.label.htmlFor = "commune";
    this.list.id = "communes";
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    this.state.setAttribute("role", "status");
    const said = {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "communes",
    };
    for (const [name, value] of Object.entries(said)) this.input.setAttribute(name, value);
    this.active = -1;
    this.found = [];
    this.input.onfocus = () => this.input.select();
    this.input.onclick = () => this.open("");
    this.input.oninput = () => this.open(this.input.value);
    this.input.onblur = () => this.close();
    this.input.onkeydown = (event) => this.pressed(event);
    this.list.onmousedown = (event) => event.preventDefault(); // the focus stays in the field
    const box = document.createElement("div");
    box.className = "box";
    box.append(this.label, this.input, this.list, this.state);
    root.append(box);
  }

  update(component, data) {
    this.component = component;
    this.data = data;
    this.options = data.options.map(([code, name]) => ({
      code, text: code ? `${name} (${code})` : name, words: plain(name),
    }));
    this.label.textContent = data.label;
    this.input.placeholder = data.hint;
    this.list.setAttribute("aria-label", data.label);
    if (this.list.hidden) this.write();
    if (data.confirm && this.confirmed !== data.chosen) {
      this.confirmed = data.chosen; // once, or each answer would ask again
      component.setTriggerValue("picked", data.chosen);
    }
  }

  write() {
    const chosen = this.options.find((o) => o.code === this.data.chosen);
    this.input.value = chosen ? chosen.text : "";
  }

  open(typed) {
    const wanted = plain(typed);
    this.found = wanted
      ? this.options.filter((o) => o.code).map((o) => [rank(o, wanted), o])
        .filter(([r]) => r < 9).sort((a, b) => a[0] - b[0]).map(([, o]) => o)
      : this.options;
    const shown = this.found.slice(0, SHOWN);
    this.list.replaceChildren(...shown.map((option, n) => {
      const item = document.createElement("li");
      item.id = `commune-${n}`;
      item.setAttribute("role", "option");
      item.textContent = option.text;
      item.onclick = () => this.choose(option);
      return item;
    }));
    this.list.hidden = shown.length === 0;
    this.input.setAttribute("aria-expanded", String(shown.length > 0));
    const chosen = wanted ? 0 : shown.findIndex((o) => o.code === this.data.chosen);
    this.move(shown.length ? Math.max(chosen, wanted ? 0 : -1) : -1);
    const rest = this.found.length - shown.length;
    this.state.textContent = wanted && !shown.length ? this.data.none
      : rest > 0 ? this.data.more.replace("{n}", rest) : "";
  }

  move(to) {
    const items = [...this.list.children];
    this.active = to;
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === to)));
    if (to < 0) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.input.setAttribute("aria-activedescendant", items[to].id);
    items[to].scrollIntoView({ block: "nearest" });
  }

  pressed(event) {
    const count = this.list.children.length;
    const open = !this.list.hidden;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      if (!open) this.open("");
      else this.move((this.active + steps[event.key] + count) % count);
    } else if (event.key === "Enter" && open && this.active >= 0) {
      this.choose(this.found[this.active]);
    } else if (event.key === "Escape" && (open || this.state.textContent)) {
      this.close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(option) {
    const changed = option.code !== this.data.chosen;
    this.data.chosen = option.code;
    this.close();
    if (changed) this.component.setTriggerValue("picked", option.code || "*");
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.move(-1);
    this.state.textContent = "";
    this.write();
  }
}

export default function (component) {
  const root = component.parentElement;
  if (!boxes.has(root)) boxes.set(root, new Search(root));
  boxes.get(root).update(component, component.data);
  return () => {
    if (!root.isConnected) boxes.delete(root);
  };
}
