// Small drawings: HTML and SVG elements, symbols of establishments, swatches, patterns.

const SVG = "http://www.w3.org/2000/svg";

export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export function drawing(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function polygon(sides, radius, turn) {
  const corners = [];
  for (let i = 0; i < sides; i++) {
    const angle = turn + (2 * Math.PI * i) / sides;
    corners.push([radius * Math.cos(angle), radius * Math.sin(angle)]);
  }
  return corners;
}

function bars(r, turn) {
  const w = r * 0.38;
  const corners = [[-w, -r], [w, -r], [w, -w], [r, -w], [r, w], [w, w], [w, r], [-w, r], [-w, w],
    [-r, w], [-r, -w], [-w, -w]];
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  return corners.map(([x, y]) => [x * c - y * s, x * s + y * c]);
}

const CORNERS = {
  square: (r) => polygon(4, r * 1.25, Math.PI / 4),
  triangle: (r) => polygon(3, r * 1.35, -Math.PI / 2),
  "triangle-down": (r) => polygon(3, r * 1.35, Math.PI / 2),
  diamond: (r) => polygon(4, r * 1.3, 0),
  pentagon: (r) => polygon(5, r * 1.2, -Math.PI / 2),
  hexagon: (r) => polygon(6, r * 1.15, 0),
  star: (r) => polygon(10, r, -Math.PI / 2).map(([x, y], i) =>
    i % 2 ? [x * 0.62, y * 0.62] : [x * 1.45, y * 1.45]),
  plus: (r) => bars(r * 1.15, 0),
  cross: (r) => bars(r * 1.15, Math.PI / 4),
};

/** The path of a symbol around (x, y), about 2 r wide. */
export function symbolPath(shape, x, y, r) {
  if (!CORNERS[shape]) {
    return `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
  }
  const shift = shape === "triangle" ? r * 0.2 : shape === "triangle-down" ? -r * 0.2 : 0;
  const at = CORNERS[shape](r).map(([dx, dy]) =>
    `${(x + dx).toFixed(1)},${(y + dy + shift).toFixed(1)}`);
  return `M${at.join("L")}Z`;
}

export function symbolIcon(shape, status) {
  const d = symbolPath(shape, 12, 8, 5.5);
  return drawing("svg", {
    class: "icon", width: 24, height: 20, viewBox: "0 -2 24 20", "aria-hidden": "true",
  },
  drawing("path", { d, class: "halo" }), drawing("path", { d, class: `point ${status}` }));
}

export function swatch(className, colour) {
  const rect = drawing("rect", { x: 0.5, y: 0.5, width: 23, height: 15, class: className });
  if (colour) rect.style.fill = colour;
  return drawing("svg", {
    class: "swatch", viewBox: "0 0 24 16", preserveAspectRatio: "none", "aria-hidden": "true",
  }, rect);
}

/** Hatches for unknown, a trellis for masked, dots for a public too small: no colour needed. */
export function patterns() {
  const pattern = (id, size, ...marks) => drawing("pattern", {
    id, width: size, height: size, patternUnits: "userSpaceOnUse",
  }, drawing("rect", { width: size, height: size, fill: id.endsWith("unknown") ? "#e3e6ea" : "#fff" }),
  ...marks);
  const hatch = drawing("path", { d: "M-2,2L2,-2M0,8L8,0M6,10L10,6", stroke: "#8b95a1", "stroke-width": 1.2 });
  const trellis = drawing("path", { d: "M0,0L8,8M8,0L0,8", stroke: "#1c2430", "stroke-width": 0.9 });
  const dots = [[2, 2], [6, 6]].map(([cx, cy]) => drawing("circle", { cx, cy, r: 0.9, fill: "#8b95a1" }));
  return drawing("svg", { width: 0, height: 0, "aria-hidden": "true", style: "position:absolute" },
    drawing("defs", {}, pattern("observatory-unknown", 8, hatch),
      pattern("observatory-masked", 8, trellis), pattern("observatory-small", 8, ...dots)));
}
