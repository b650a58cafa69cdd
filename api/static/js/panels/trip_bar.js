/** The bar that stands for the form while a plan is shown. */

import { h } from "../dom.js";
import { dayRange, isoWeek, mondayOf } from "../logic/calendar.js";
import { plural } from "../logic/format.js";

/** @param {Record<string, HTMLElement>} ref */
export function showTripBar(ref, route, form, reps) {
  const [first] = route.days;
  const facts = [dayRange(first.date, spanOf(route)), plural(route.days.length, "day")];
  const { musts, appointments } = form;
  if (appointments.length) facts.push(plural(appointments.length, "appointment"));
  if (musts.length) facts.push(plural(musts.length, "must"));
  ref.barFacts.textContent = facts.join(" · ");
  const rep = reps.find(({ rep_id }) => rep_id === route.rep_id);
  if (rep) {
    const week = Number(isoWeek(mondayOf(first.date)).slice(6));
    ref.barEnds.replaceChildren(rep.name, h("span", { class: "region" }, `, week ${week}`));
    return;
  }
  ref.barEnds.replaceChildren(
    ...endName(route.start.name ?? "Start"),
    h("span", { class: "arrow" }, h("span", { class: "visually-hidden" }, " to "), " → "),
    ...endName(route.end.name ?? "End"),
  );
}

/** Days from the first to the last, those off included. */
function spanOf({ days }) {
  const at = (day) => Date.parse(`${day.date}T00:00:00Z`);
  return Math.round((at(days.at(-1)) - at(days[0])) / 86_400_000) + 1;
}

/** "Kassel, Hessen", with the region set back. */
function endName(name) {
  const comma = name.indexOf(",");
  if (comma < 0) return [name];
  return [name.slice(0, comma), h("span", { class: "region" }, name.slice(comma))];
}
