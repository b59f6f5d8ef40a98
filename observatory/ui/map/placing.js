// Where symbols stand: each inside its commune, none on another; what does not fit is counted.

/** @typedef {{ x: number, y: number }} Spot */
/** @typedef {Spot[][]} Rings */

const TRIES = 160; // places looked at around an establishment before its commune is counted
const LOOSE = 1.5; // times the room of its symbols that a commune must have, borders being crooked
const GOLDEN = Math.PI * (3 - Math.sqrt(5)); // turn of a spiral that fills evenly, in radians

/**
 * Whether a disc lies inside rings: its middle is, and no side comes nearer than its radius.
 * @param {Rings} rings
 * @param {Spot} spot
 * @param {number} radius
 */
function holds(rings, { x, y }, radius) {
  let inside = false;
  for (const ring of rings) {
    let b = ring[ring.length - 1];
    for (const a of ring) {
      if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const along = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1);
      const t = Math.min(1, Math.max(0, along));
      if (Math.hypot(x - a.x - t * dx, y - a.y - t * dy) < radius) return false;
      b = a;
    }
  }
  return inside;
}

/** @param {Rings} rings */
function area(rings) {
  let twice = 0;
  for (const ring of rings) {
    let b = ring[ring.length - 1];
    for (const a of ring) {
      twice += b.x * a.y - a.x * b.y;
      b = a;
    }
  }
  return Math.abs(twice) / 2;
}

/**
 * West, north, east and south of where the middle of a disc may be.
 * @param {Rings} rings
 * @param {number} radius
 */
function box(rings, radius) {
  const [xs, ys] = [rings.flat().map(({ x }) => x), rings.flat().map(({ y }) => y)];
  return {
    west: Math.min(...xs) + radius, north: Math.min(...ys) + radius,
    east: Math.max(...xs) - radius, south: Math.max(...ys) - radius,
  };
}

/** What is taken on the map, by cells as wide as the least distance between two symbols. */
class Grid {
  /** @param {number} gap */
  constructor(gap) {
    this.gap = gap;
    /** @type {Map<string, Spot[]>} */
    this.cells = new Map();
  }

  /** @param {number} value */
  cell(value) {
    return Math.floor(value / this.gap);
  }

  /** @param {Spot} spot */
  isFree({ x, y }) {
    for (let i = this.cell(x) - 1; i <= this.cell(x) + 1; i++) {
      for (let j = this.cell(y) - 1; j <= this.cell(y) + 1; j++) {
        for (const q of this.cells.get(`${i} ${j}`) ?? []) {
          if (Math.hypot(q.x - x, q.y - y) < this.gap) return false;
        }
      }
    }
    return true;
  }

  /** @param {Spot} spot */
  take(spot) {
    const key = `${this.cell(spot.x)} ${this.cell(spot.y)}`;
    this.cells.set(key, [...(this.cells.get(key) ?? []), spot]);
  }

  /** @param {Spot} spot */
  leave(spot) {
    const key = `${this.cell(spot.x)} ${this.cell(spot.y)}`;
    this.cells.set(key, (this.cells.get(key) ?? []).filter((one) => one !== spot));
  }
}

/**
 * The nearest free place inside a commune, on a spiral around a point.
 * @param {Grid} grid
 * @param {Rings | null} rings where it must stay
 * @param {ReturnType<typeof box> | null} within what holds them
 * @param {Spot} from
 * @param {number} radius
 * @returns {Spot | null}
 */
function nearest(grid, rings, within, from, radius) {
  for (let i = 0; i < TRIES; i++) {
    const reach = 0.5 * grid.gap * Math.sqrt(i);
    const spot = {
      x: from.x + reach * Math.cos(i * GOLDEN), y: from.y + reach * Math.sin(i * GOLDEN),
    };
    if (within && (spot.x < within.west || spot.x > within.east
      || spot.y < within.north || spot.y > within.south)) continue;
    if (grid.isFree(spot) && (!rings || holds(rings, spot, radius))) return spot;
  }
  return null;
}

/**
 * @template T
 * @typedef {Object} Group
 * @property {Rings | null} rings contours of the commune, in pixels
 * @property {Spot} middle
 * @property {{ item: T, spot: Spot }[]} members
 */

/**
 * The place of each symbol, and the communes whose symbols have no room: these are counted.
 * @template T
 * @param {Group<T>[]} groups
 * @param {number} radius of a symbol
 * @returns {{ placed: Map<T, Spot>, counted: Group<T>[] }}
 */
export function placed(groups, radius) {
  const gap = 2 * radius + 3;
  const grid = new Grid(gap);
  /** @type {Map<T, Spot>} */
  const places = new Map();
  /** @type {Group<T>[]} */
  const counted = [];
  const sized = groups.map((group) => ({
    group, free: (group.rings ? area(group.rings) : Infinity) / (group.members.length * gap * gap),
  }));
  sized.sort((a, b) => a.free - b.free); // those that do not fit first: others leave them room
  for (const { group, free } of sized) {
    /** @type {[T, Spot][]} */
    const found = [];
    const margin = 1.2 * radius;
    const within = group.rings && free >= LOOSE ? box(group.rings, margin) : null;
    for (const { item, spot } of free < LOOSE ? [] : group.members) {
      const place = nearest(grid, group.rings, within, spot, margin);
      if (!place) break;
      grid.take(place);
      found.push([item, place]);
    }
    if (found.length === group.members.length) for (const [item, at] of found) places.set(item, at);
    else {
      for (const [, at] of found) grid.leave(at);
      grid.take(group.middle);
      counted.push(group);
    }
  }
  return { placed: places, counted };
}

/**
 * Counts that would hide one another are added up, the smaller to the larger.
 * @template T
 * @param {Group<T>[]} counted
 * @param {number} gap
 * @returns {Group<T>[][]}
 */
export function together(counted, gap) {
  /** @type {Group<T>[][]} */
  const heaps = [];
  for (const group of [...counted].sort((a, b) => b.members.length - a.members.length)) {
    const { x, y } = group.middle;
    const near = heaps.find(([first]) => Math.hypot(first.middle.x - x, first.middle.y - y) < gap);
    if (near) near.push(group);
    else heaps.push([group]);
  }
  return heaps;
}
