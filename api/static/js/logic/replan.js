/** What has happened on the way: the form of a replan, its check and its request. */

import { clock, instantOf, isDate, localDate } from "./calendar.js";
import { offered } from "./problems.js";
import { newest } from "./standing.js";
import { placeQuery } from "./trip_form.js";

/** @typedef {import("../types.js").News} News */
/** @typedef {import("../types.js").FieldError} FieldError */

/** Whether a moment lies within the days of a route. */
export function isDuring(route, instant) {
  const at = Date.parse(instant);
  return Date.parse(route.days[0].start) <= at && at < Date.parse(route.days.at(-1).end);
}

/**
 * The moment that a replan is likely meant for: the clock while the trip is under way, else that of
 * the last replan, else when the trip begins.
 * @param {import("../types.js").Revision[]} revisions
 * @param {Date} now
 * @returns {{instant: string, isClock: boolean}}
 */
export function likelyMoment(route, revisions, now) {
  const last = newest(revisions)?.now;
  const instant = now.toISOString();
  if (isDuring(route, instant) && !(last && Date.parse(last) > now.getTime())) {
    return { instant, isClock: true };
  }
  return { instant: last ?? route.days[0].start, isClock: false };
}

/** @returns {News} nothing has happened yet */
export function noNews(route, revisions, now) {
  const { instant, isClock } = likelyMoment(route, revisions, now);
  return {
    date: localDate(instant, route.timezone),
    time: clock(instant, route.timezone),
    isClock,
    late: null,
    place: { text: "", query: null },
    marks: {},
    urgent: [],
    keepUntil: "",
    changePrice: null,
  };
}

/** The moment of the form, or null where it cannot be read. */
export function momentOf(news, timezone) {
  if (!isDate(news.date) || !/^\d\d:\d\d$/.test(news.time)) return null;
  return instantOf(news.date, news.time, timezone);
}

/**
 * Whether a visit is done, cancelled, or to come: as the user says, else as the plan does.
 * @param {import("./plan.js").StopView} stop
 * @returns {"done" | "cancelled" | "open"}
 */
export function markOf(stop, news, timezone) {
  if (stop.status === "done") return "done";
  if (stop.id in news.marks) return news.marks[stop.id];
  const moment = momentOf(news, timezone);
  if (moment === null || stop.end === null) return "open";
  const late = 60_000 * (news.late ?? 0);
  return Date.parse(stop.end) + late <= Date.parse(moment) ? "done" : "open";
}

/** @returns {News} with the mark set, or taken back if it is there already */
export function withMark(news, stop, mark, timezone) {
  const next = markOf(stop, news, timezone) === mark ? "open" : mark;
  return { ...news, marks: { ...news.marks, [stop.id]: next } };
}

/** @param {News} news @returns {FieldError[]} */
export function checkNews(news, timezone) {
  const errors = [];
  const wrong = (field, detail) => errors.push({ field, detail });
  if (momentOf(news, timezone) === null) wrong("now", "Say for which day and time to plan anew.");
  const { late, changePrice } = news;
  if (late !== null && !(Number.isInteger(late) && late >= 0 && late <= 1440)) {
    wrong("late", "Running late is 0 to 1,440 whole minutes.");
  }
  if (changePrice !== null && !(changePrice >= 0 && changePrice <= 1e6)) {
    wrong("changePrice", "The price of a change must lie between 0 and 1,000,000.");
  }
  return errors;
}

/**
 * Body of POST /replans. What is done is always said: the user has seen the marks.
 * @param {News} news
 * @param {import("./plan.js").DayView[]} days
 */
export function toReplan(news, days, timezone) {
  const visits = days.flatMap((day) => day.stops).filter(({ id }) => id !== null);
  const marked = (mark) =>
    visits.filter((stop) => markOf(stop, news, timezone) === mark).map(({ id }) => id);
  const cancelled = marked("cancelled");
  const body = { now: momentOf(news, timezone), done: marked("done") };
  if (news.late) body.late_s = news.late * 60;
  if (news.place.text.trim()) body.position = placeQuery(news.place);
  if (cancelled.length) body.cancelled = cancelled;
  if (news.urgent.length) {
    body.visits = news.urgent.map(({ account_id }) => ({ account_id, required: true }));
  }
  if (news.keepUntil) body.freeze_before = instantOf(news.date, news.keepUntil, timezone);
  if (news.changePrice !== null) body.change_price = news.changePrice;
  return body;
}

/** Whether a change of the news may have mended what was wrong with a field. */
export function isMended(field, patch) {
  if (field === "form" || ("marks" in patch && field.startsWith("visit-"))) return true;
  return Object.keys(patch).some((key) => (FIELD_OF[key] ?? key) === field);
}

const FIELD_OF = { place: "position", date: "now", time: "now" };

const FIELDS = {
  now: "now",
  late_s: "late",
  position: "position",
  visits: "urgent",
  freeze_before: "keepUntil",
  change_price: "changePrice",
};

/**
 * Refusals of the service at the fields of the form; those of a visit at its row.
 * @param {import("../types.js").Problem} problem
 * @param {object} body that was refused
 * @returns {FieldError[]} never empty
 */
export function newsErrors(problem, body) {
  const errors = (problem.errors ?? []).map((error) => {
    const [, key, index] = (error.pointer ?? "").split("/");
    const id = key === "done" || key === "cancelled" ? body[key]?.[Number(index)] : undefined;
    return { field: id === undefined ? (FIELDS[key] ?? "form") : `visit-${id}`, ...offered(error) };
  });
  return errors.length ? errors : [{ field: "form", detail: problem.detail || problem.title }];
}
