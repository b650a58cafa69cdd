/** What a week is expected to bring, to be looked at when it begins. */

import { h } from "../../dom.js";
import { shortDay } from "../../logic/calendar.js";
import { count, money } from "../../logic/format.js";
import { figures, note, repChoice, table } from "./parts.js";
import { turns } from "./rounds_results.js";

export const weekPart = {
  name: "week",
  title: "Week",

  load: (service, { week, rep_id }) => service.read("/planning-rounds/week", { week, rep_id }),

  controls(answer, { ask, query, reps }) {
    return [
      repChoice({
        id: "rounds-rep",
        reps,
        value: query.rep_id,
        onChange: (rep_id) => ask({ ...query, rep_id }),
      }),
      turns(answer, ({ previous, following }) => [previous, following], (week) => ask({ ...query, week })),
    ];
  },

  view({ week, first, last, total, reps }) {
    const visits = total.visits_planned + total.visits_committed;
    return [
      h("h2", { class: "list-heading" }, `Week ${Number(week.slice(6))}, ${shortDay(first)} – ${shortDay(last)}`),
      figures([
        ["Expected sales", money(total.expected_sales), "As the model sees it today"],
        ["Of the plan", total.plan === undefined ? "–" : money(total.plan), "The week’s part of what is planned"],
        total.actual === undefined ? null : ["Sold so far", money(total.actual)],
        ["Visits to make", count(visits), `${count(total.visits_committed)} of them promised`],
        ["Visits done", count(total.visits_done)],
        ["Worth of the visits", money(total.visit_value), "Extra contribution"],
        total.due_not_met_count === undefined
          ? null
          : ["Due, and nobody goes", count(total.due_not_met_count), `Of ${count(total.due_count)} due accounts`],
        total.due_not_met_value === undefined
          ? null
          : ["Worth of going there", money(total.due_not_met_value), "A visit to each of them"],
      ]),
      note(
        "Expected is what the accounts buy at today’s cadence. Due are accounts whose interval is over " +
          "by the end of the week, without those that were never visited.",
      ),
      table({
        caption: "By rep, the most that is left lying first",
        rows: reps,
        columns: columns(total),
      }),
    ];
  },
};

function columns(total) {
  const euros = (title, key, hint) => ({
    title,
    hint,
    isNumber: true,
    value: (row) => (row[key] === undefined ? undefined : money(row[key])),
  });
  const number = (title, key, hint) => ({
    title,
    hint,
    isNumber: true,
    value: (row) => (row[key] === undefined ? undefined : count(row[key])),
  });
  return [
    { title: "Rep", value: (row) => row.rep ?? "Nobody’s accounts" },
    euros("Expected", "expected_sales"),
    euros("Plan", "plan"),
    total.actual === undefined ? null : euros("Sold", "actual"),
    number("Planned", "visits_planned", "Visits"),
    number("Promised", "visits_committed", "Visits"),
    number("Done", "visits_done", "Visits"),
    euros("Their worth", "visit_value", "Extra contribution"),
    { title: "Hours", isNumber: true, hint: "At accounts, of working hours", value: (row) => `${count(row.service_h)} / ${count(row.working_h)}` },
    total.due_count === undefined ? null : number("Due, not met", "due_not_met_count"),
    total.due_count === undefined ? null : euros("Worth", "due_not_met_value", "Of a visit to each"),
  ].filter(Boolean);
}
