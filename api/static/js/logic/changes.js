/** What a replan, or a better plan, has changed against the revision before, in words. */

import { clock, localDate, shortDay } from "./calendar.js";
import { duration, plural } from "./format.js";
import { reasonTitle } from "./left_out.js";
import { visitId } from "./visit_id.js";

/** "Mon 23 Nov, 10:40" */
export function momentWords(instant, timezone) {
  return `${shortDay(localDate(instant, timezone))}, ${clock(instant, timezone)}`;
}

/** Earlier or later by no more than this is still the time told: the service's own default. */
const TOLERANCE_S = 900;

const shiftS = ({ from, to }) => Math.abs(Date.parse(to) - Date.parse(from)) / 1000;
const isFar = (visit) => shiftS(visit) > TOLERANCE_S;

/** Both times, with their days where they differ. @returns {[string, string]} */
function times({ from, to }, timezone) {
  const words =
    localDate(from, timezone) === localDate(to, timezone) ? clock : momentWords;
  return [words(from, timezone), words(to, timezone)];
}

/** What each visit that changed says at its stop, by its id. @returns {Map<string, string>} */
export function changeWords({ changes, timezone }) {
  const words = new Map();
  for (const visit of (changes?.moved ?? []).filter(isFar)) {
    words.set(visitId(visit), `was at ${times(visit, timezone)[0]}`);
  }
  for (const visit of changes?.added ?? []) words.set(visitId(visit), "new");
  return words;
}

/**
 * @typedef {object} ChangeRow
 * @property {"moved" | "dropped" | "added"} kind
 * @property {string} name
 * @property {string | null} accountId
 * @property {string} when
 * @property {boolean} wasTold whether the customer knows another time
 */

const row = (kind, visit, when) => ({
  kind,
  name: visit.name ?? `Visit ${visitId(visit)}`,
  accountId: visit.account_id ?? null,
  when,
  wasTold: visit.was_told ?? false,
});

function moveWords(visit, timezone) {
  const [from, to] = times(visit, timezone);
  const isNamed = localDate(visit.from, timezone) !== localDate(visit.to, timezone);
  return `${isNamed ? "" : `${shortDay(localDate(visit.to, timezone))}, `}${from} → ${to}`;
}

/** @returns {ChangeRow[]} out first, then those moved far, then the new ones; each in order of time */
export function changeRows({ changes, timezone }) {
  if (!changes) return [];
  const out = (visit) => {
    const why = visit.reason ? `: ${reasonTitle(visit.reason).toLowerCase()}` : "";
    return row("dropped", visit, `was ${momentWords(visit.from, timezone)}${why}`);
  };
  return [
    ...changes.dropped.map(out),
    ...changes.moved.filter(isFar).map((visit) => row("moved", visit, moveWords(visit, timezone))),
    ...changes.added.map((visit) => row("added", visit, momentWords(visit.to, timezone))),
  ];
}

/** Those moved by no more than what still counts as the time told, as far as a clock shows it. */
export function smallMoves({ changes, timezone }) {
  const near = (changes?.moved ?? []).filter((visit) => {
    const [from, to] = times(visit, timezone);
    return !isFar(visit) && from !== to;
  });
  return {
    title: near.length
      ? `${plural(near.length, "visit")} by up to ${duration(Math.max(...near.map(shiftS)))}`
      : null,
    rows: near.map((visit) => row("moved", visit, moveWords(visit, timezone))),
  };
}

/** "1 dropped, 2 moved, 1 new", or that nothing has. */
export function changesSentence(route) {
  const rows = changeRows(route);
  const parts = [
    ["dropped", "dropped"],
    ["moved", "moved"],
    ["added", "new"],
  ]
    .map(([kind, word]) => [rows.filter((one) => one.kind === kind).length, word])
    .filter(([many]) => many);
  if (parts.length) return parts.map(([many, word]) => `${many} ${word}`).join(", ");
  return smallMoves(route).title ? "only by minutes" : "all stays as it was";
}
