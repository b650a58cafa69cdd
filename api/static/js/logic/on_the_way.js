/** The list of customers on the way: what it asks for, and how pages join. */

import { placeWord } from "./trip_form.js";

/**
 * @typedef {object} OnTheWayList
 * @property {"idle" | "loading" | "ready" | "failed"} status idle: an end is missing
 * @property {string} asked the question that the items answer
 * @property {string} sort
 * @property {object[]} items
 * @property {string | null} next cursor
 * @property {string} [detail] why it failed
 */

/** @returns {OnTheWayList} */
export function emptyList(sort = "value_for_time") {
  return { status: "idle", asked: "", sort, items: [], next: null };
}

/** Query of GET /on-the-way for a form, or null while an end is missing; a week has no ends. */
export function onTheWayQuery(form, sort) {
  if (form.mode === "week") return null;
  if (!form.from.text.trim() || !form.to.text.trim()) return null;
  return {
    from: placeWord(form.from),
    to: placeWord(form.to),
    max_detour_s: form.maxDetourMin === null ? null : Math.round(form.maxDetourMin * 60),
    sort,
  };
}

/** @returns {OnTheWayList} with a page of the service's answer added to the items kept */
export function withPage(list, kept, answer) {
  return {
    ...answer,
    items: [...kept, ...answer.items],
    next: answer.next_cursor ?? null,
    status: "ready",
    asked: list.asked,
    sort: list.sort,
  };
}
