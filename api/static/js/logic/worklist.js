/** The worklist of doubtful pins: what it holds, and what setting a pin means. */

import { ISSUES } from "./account_words.js";

export const NO_WORKLIST = Object.freeze({
  status: "idle",
  /** Code, or empty: every kind. */
  issue: "",
  /** Accounts by code. */
  counts: {},
  items: [],
  next: null,
});

export const doubtfulCount = ({ counts }) =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Kinds that there are, in the order in which they matter. */
export function kindsOf({ counts, issue }) {
  return Object.keys(ISSUES).filter((code) => counts[code] || code === issue);
}

/**
 * The pin of an account before it is set.
 * @param {{account_id: string, name: string, address?: object, location?: object}} account
 * @param {boolean} isQueued whether the next of the worklist follows
 * @returns {import("../types.js").PinDraft}
 */
export function pinOf(account, isQueued) {
  const { account_id, name, address = null } = account;
  const location = account.location ?? {};
  const { position = null, alternatives = [] } = location;
  return {
    accountId: account_id,
    name,
    address,
    location,
    alternatives,
    from: position,
    /** Where the map looks while there is no position. */
    near: null,
    position,
    choice: null,
    isQueued,
    isSaving: false,
    detail: null,
  };
}

/** At one of its alternatives. */
export function choosing(pin, choice) {
  return { ...pin, choice, position: pin.alternatives[choice].position, detail: null };
}

/** Anywhere. @param {import("../types.js").Position} position */
export function placing(pin, position) {
  return { ...pin, choice: null, position, detail: null };
}

/** What is sent: an alternative keeps its level, any other place is a position by hand. */
export function pinBody({ choice, position }) {
  return choice === null ? { position } : { alternative: choice };
}

/** Without an account that is settled, and who is next on the list. */
export function settled(worklist, accountId) {
  const at = worklist.items.findIndex(({ account_id }) => account_id === accountId);
  if (at < 0) return [worklist, null];
  const code = worklist.items[at].location?.issue;
  const items = worklist.items.filter((_, index) => index !== at);
  const counts = { ...worklist.counts };
  if (counts[code]) counts[code] -= 1;
  return [{ ...worklist, items, counts }, items[Math.min(at, items.length - 1)] ?? null];
}

/** "Hauptstr. 1, 34117 Kassel, DE" */
export function addressLine(address) {
  if (!address) return "";
  const { street, postcode, town, country } = address;
  return [street, [postcode, town].filter(Boolean).join(" "), country].filter(Boolean).join(", ");
}
