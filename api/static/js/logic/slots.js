/** Slots for another visit, in words, and the replan that takes one. */

import { clock, shortDay } from "./calendar.js";
import { distance, duration, money } from "./format.js";
import { isDuring, likelyMoment } from "./replan.js";
import { visitId } from "./visit_id.js";

/** How much later than in its slot a visit that was taken may start. */
const LATER_S = 900;

const nameOf = (stop) => stop.name ?? `visit ${visitId(stop)}`;

/** Body of POST /insertions. What is over is out of the question while the trip is under way. */
export function toInsertion(account, route, now) {
  const moment = now.toISOString();
  const isUnderWay = isDuring(route, moment);
  return { account_id: account.account_id, ...(isUnderWay ? { now: moment } : {}) };
}

/** "Thu 3 Dec, 14:26 – 15:11" */
export function slotTime(slot, timezone) {
  const start = clock(slot.service_start, timezone);
  return `${shortDay(slot.day)}, ${start} – ${clock(slot.departure, timezone)}`;
}

/** "after Müller GmbH, before the night in Fulda" */
export function slotPlace({ after, before }) {
  return `after ${endWords(after)}, before ${endWords(before)}`;
}

function endWords(stop) {
  if (stop.type === "start") return `leaving ${nameOf(stop)}`;
  if (stop.type === "end") return `arriving at ${nameOf(stop)}`;
  if (stop.type === "overnight") return `the night: ${nameOf(stop)}`;
  if (stop.type === "wait") return "the way from here";
  return stop.type === "break" ? "the break" : nameOf(stop);
}

/** What the slot takes: driving, way and cost. */
export function slotCost(slot, currency) {
  const signed = (value, words) => (value < 0 ? `${words(-value)} less` : `${words(value)} more`);
  return [
    `${signed(slot.added_travel_s, duration)} driving`,
    signed(slot.added_distance_m, distance),
    `${signed(slot.added_cost, (value) => money(value, currency))} cost`,
  ].join(" · ");
}

/** "+€12", "−€13" */
export function slotGain(slot, currency) {
  const gain = money(slot.net_change, currency);
  return slot.net_change > 0 ? `+${gain}` : gain;
}

/** Who leaves the plan for it, or null. */
export function slotDisplaced({ displaced }) {
  return displaced.length ? `Takes the place of ${displaced.map(nameOf).join(" and ")}` : null;
}

/** How others move for it, or null. */
export function slotMoved({ moved }) {
  const shifts = moved.map(({ later_s: later }) => later).filter(isMove);
  if (!shifts.length) return null;
  const most = duration(Math.max(...shifts.map(Math.abs)));
  const ways = [
    shifts.some((shift) => shift < 0) ? "earlier" : "",
    shifts.some((shift) => shift > 0) ? "later" : "",
  ];
  const starts = shifts.length === 1 ? "visit starts" : "visits start";
  return `${shifts.length} ${starts} up to ${most} ${ways.filter(Boolean).join(" or ")}`;
}

/** What rounds to no minute is none. */
const isMove = (later) => Math.abs(later) >= 30;

/** Each of them: name and "12 min later". @returns {[string, string][]} */
export function movedRows({ moved }) {
  return moved
    .filter(({ later_s: later }) => isMove(later))
    .map((one) => [
      nameOf(one),
      `${duration(Math.abs(one.later_s))} ${one.later_s < 0 ? "earlier" : "later"}`,
    ]);
}

/** Body of POST /replans that makes the visit in this slot. */
export function toTaken(account, slot, route, revisions, now) {
  const start = slot.service_start;
  const end = new Date(Date.parse(start) + 1000 * LATER_S).toISOString();
  const { instant } = likelyMoment(route, revisions, now);
  return {
    now: instant,
    visits: [
      { account_id: account.account_id, required: true, time_windows: [{ start, end }] },
    ],
  };
}
