/** Pairs of accounts that may be one. */

import { count, distance } from "./format.js";

const REASONS = {
  same_address: "Same address",
  same_place: "Same place",
  near: "Near each other",
  same_postcode: "Same postcode",
};

export const NO_DUPLICATES = Object.freeze({ status: "idle", items: [], next: null, total: null });

export const keyOf = ({ accounts: [first, second] }) => `${first.account_id}-${second.account_id}`;

/** Where the two lie, as numbered choices of the map. */
export function pairPositions(pair) {
  return pair ? pair.accounts.map(({ position }) => position ?? null) : [];
}

/** The pairs that are left once one is decided: after a merge, those of the account that is gone go too. */
export function withoutPair(items, pair, goneId = null) {
  return items.filter(
    (one) =>
      keyOf(one) !== keyOf(pair) &&
      !one.accounts.some(({ account_id }) => account_id === goneId),
  );
}

/** "Same place · 7 m apart · names 98 % alike" */
export function reasonWords({ reason, distance_m: metres, name_similarity: likeness }) {
  const words = [REASONS[reason] ?? reason];
  if (metres !== undefined) {
    words.push(metres < 1000 ? `${count(metres)} m apart` : `${distance(metres)} apart`);
  }
  words.push(likeness >= 0.995 ? "same name" : `names ${Math.round(likeness * 100)} % alike`);
  return words.join(" · ");
}
