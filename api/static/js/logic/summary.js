/** What a selection of accounts adds up to, as lines of bars. */

import { DUE_WORDS, segmentNames, segmentWords } from "./account_words.js";

/** Owners that have a line of their own. */
const OWNERS = 6;

/**
 * @param {object} answer of POST /accounts/selections
 * @returns {{title: string, lines: {text: string, count: number, share: number}[]}[]} longest bar: share 1
 */
export function summaryGroups({ by_segment, by_due, by_owner }) {
  const due = Object.keys(DUE_WORDS).map((state) => [DUE_WORDS[state], by_due[state] ?? 0]);
  const segments = segmentNames().map((name) => [segmentWords(name), by_segment[name] ?? 0]);
  const owners = by_owner
    .slice(0, OWNERS)
    .map(({ owner, owner_id, count }) => [owner ?? (owner_id ? `Rep ${owner_id}` : "Nobody"), count]);
  const others = by_owner.slice(OWNERS).reduce((sum, { count }) => sum + count, 0);
  if (others) owners.push([`${by_owner.length - OWNERS} others`, others]);
  return [
    { title: "Due state", lines: due },
    { title: "Segment", lines: segments.reverse() },
    { title: "Owner", lines: owners },
  ].map(({ title, lines }) => ({ title, lines: bars(lines) }));
}

function bars(lines) {
  const most = Math.max(1, ...lines.map(([, count]) => count));
  return lines
    .filter(([, count]) => count > 0)
    .map(([text, count]) => ({ text, count, share: count / most }));
}
