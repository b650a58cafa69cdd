/**
 * The points of all accounts: an id and a class each, as the map draws and filters them.
 *
 * @typedef {object} PointClass
 * @property {"red" | "yellow" | "green"} due
 * @property {string} segment
 * @property {number} level of the segment, 0 to 5
 * @property {string} status
 * @property {number} potential class of it, 0 to 4
 * @property {number} value class of the customer value, 0 to 4
 * @property {number} risk class of the churn risk, 0 to 4; 0: never ordered
 * @property {string} owner id of a rep; empty: nobody
 * @property {string} issue code of what is wrong with its position; empty: nothing
 */

import { matcher } from "./account_filter.js";
import { segmentLevel } from "./account_words.js";
import { riskLevel } from "./colour_by.js";
import { NOTHING } from "./features.js";


/** The answer of the service, with every fact that the map colours or filters by. */
export function readPoints({ features }) {
  const boundsOf = (fact) => moneyBounds(features.map(({ properties }) => properties[fact] ?? 0));
  const bounds = { potential: boundsOf("potential"), value: boundsOf("value") };
  const read = features.map((feature) => ({
    ...feature,
    properties: classOf({ ...feature.properties, owner_id: feature.properties.owner }, bounds),
  }));
  return { type: "FeatureCollection", features: read, bounds };
}

/** Four bounds between five classes that hold about as many accounts each, as round numbers. */
export function moneyBounds(amounts) {
  const sorted = amounts.filter((one) => one > 0).sort((a, b) => a - b);
  if (!sorted.length) return [];
  const bounds = [0.2, 0.4, 0.6, 0.8].map((share) => {
    const value = sorted[Math.floor(share * sorted.length)];
    const unit = 10 ** Math.floor(Math.log10(value));
    return Math.max(1, Math.round(value / unit)) * unit;
  });
  return [...new Set(bounds)];
}

/**
 * The class of an account as a list, a card or the map tells it.
 * @returns {PointClass}
 */
export function classOf(account, bounds) {
  return {
    due: account.due,
    segment: account.segment,
    level: segmentLevel(account.segment),
    status: account.status,
    potential: bounds.potential.filter((bound) => account.potential >= bound).length,
    value: bounds.value.filter((bound) => valueOf(account) >= bound).length,
    risk: riskLevel(riskOf(account)),
    owner: String(account.owner_id ?? ""),
    issue: account.issue ?? "",
  };
}

/** Points of the map call it shorter than lists and cards. */
const valueOf = ({ value, customer_value: long }) => value ?? long ?? 0;

/** In percent, or undefined where nobody ordered. */
const riskOf = ({ risk, churn_risk: share }) => risk ?? (share === undefined ? share : 100 * share);

/**
 * Those that pass a filter.
 * @param {Set<string> | null} ids of those that do, where the classes say too little
 */
export function filteredPoints(points, filter, ids) {
  if (!points) return NOTHING;
  const passes = matcher(filter);
  const isKnown = (id) => !ids || ids.has(String(id));
  const features = points.features.filter(({ id, properties }) => isKnown(id) && passes(properties));
  return features.length === points.features.length ? points : { ...points, features };
}

/** How many of each owner lie within what the map shows, most first. */
export function ownersWithin({ features }, [[west, south], [east, north]]) {
  const counts = new Map();
  for (const { properties, geometry } of features) {
    const [lon, lat] = geometry.coordinates;
    if (lon < west || lon > east || lat < south || lat > north) continue;
    counts.set(properties.owner, (counts.get(properties.owner) ?? 0) + 1);
  }
  return [...counts].map(([owner, count]) => ({ owner, count })).sort((a, b) => b.count - a.count);
}

/** Moves one point, or puts it on the map, without asking for all of them again. */
export function withPoint(points, account, position) {
  if (!points) return points;
  const id = Number(account.account_id);
  const others = points.features.filter((feature) => feature.id !== id);
  if (!position) return { ...points, features: others };
  const point = {
    type: "Feature",
    id,
    properties: classOf(account, points.bounds),
    geometry: { type: "Point", coordinates: position },
  };
  return { ...points, features: [...others, point] };
}
