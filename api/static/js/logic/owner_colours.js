/** Colours of owners: few, but neighbours differ, as on a political map. */

import { OWNER_COLOURS } from "./colour_by.js";

/** Owners are neighbours where they have accounts in cells of this size, or in two side by side. */
const CELL_DEG = 0.4;

const SIDES = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
  [-1, 1],
];

/** Answers by the points, since list and map ask for the same. */
const made = new WeakMap();

/**
 * The same for the same points, whatever is filtered.
 * @param {{features: object[]}} points of all accounts
 * @returns {Map<string, number>} index of a colour by owner, nobody left out
 */
export function ownerColours(points) {
  if (!made.has(points)) made.set(points, choose(points.features));
  return made.get(points);
}

function choose(features) {
  const centres = centresOf(features);
  const borders = bordersOf(cellsOf(features));
  const chosen = new Map();
  // Who has most accounts chooses first.
  for (const here of [...centres.values()].sort((a, b) => b.count - a.count)) {
    const clash = OWNER_COLOURS.map(() => 0);
    const nearest = OWNER_COLOURS.map(() => Infinity);
    for (const [owner, colour] of chosen) {
      clash[colour] += borders.get(here.owner)?.get(owner) ?? 0;
      nearest[colour] = Math.min(nearest[colour], distance(here, centres.get(owner)));
    }
    const best = OWNER_COLOURS.map((_, colour) => colour).sort(
      (a, b) => clash[a] - clash[b] || compare(nearest[b], nearest[a]) || a - b,
    )[0];
    chosen.set(here.owner, best);
  }
  return chosen;
}

const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1);

function distance(here, there) {
  const squeeze = Math.cos((here.lat * Math.PI) / 180);
  return Math.hypot((there.lon - here.lon) * squeeze, there.lat - here.lat);
}

function centresOf(features) {
  const sums = new Map();
  for (const { properties, geometry } of features) {
    const { owner } = properties;
    if (!owner) continue;
    const sum = sums.get(owner) ?? { owner, lon: 0, lat: 0, count: 0 };
    sum.count += 1;
    sum.lon += (geometry.coordinates[0] - sum.lon) / sum.count;
    sum.lat += (geometry.coordinates[1] - sum.lat) / sum.count;
    sums.set(owner, sum);
  }
  return sums;
}

/** Accounts of each owner by cell. */
function cellsOf(features) {
  const cells = new Map();
  for (const { properties, geometry } of features) {
    if (!properties.owner) continue;
    const [x, y] = geometry.coordinates.map((degrees) => Math.floor(degrees / CELL_DEG));
    const cell = cells.get(`${x} ${y}`) ?? { x, y, counts: new Map() };
    cell.counts.set(properties.owner, (cell.counts.get(properties.owner) ?? 0) + 1);
    cells.set(`${x} ${y}`, cell);
  }
  return cells;
}

/** How much two owners have to do with each other, both ways. */
function bordersOf(cells) {
  const borders = new Map();
  const add = (one, other, weight) => {
    if (!borders.has(one)) borders.set(one, new Map());
    borders.get(one).set(other, (borders.get(one).get(other) ?? 0) + weight);
  };
  for (const { x, y, counts } of cells.values()) {
    for (const [right, up] of SIDES) {
      const beside = cells.get(`${x + right} ${y + up}`);
      for (const [other, theirs] of beside?.counts ?? []) {
        for (const [owner, ours] of counts) {
          if (owner === other) continue;
          add(owner, other, Math.min(ours, theirs));
          add(other, owner, Math.min(ours, theirs));
        }
      }
    }
  }
  return borders;
}
