/** Plan against actual of a day, two weeks, a quarter or a year. */

import { h } from "../../dom.js";
import { shortDay } from "../../logic/calendar.js";
import { count, money, plural, roughMoney } from "../../logic/format.js";
import { LEVELS, basisWords, cumulated, periodName, share } from "../../logic/rounds_words.js";
import { lineChart } from "./chart.js";
import { choice, figures, note, repChoice, table } from "./parts.js";

export const resultsPart = {
  name: "results",
  title: "Results",

  load: (service, { level, date, rep_id }) =>
    service.read("/planning-rounds/results", { level, date, rep_id }),

  controls(answer, { ask, query, reps }) {
    return [
      choice({
        id: "rounds-level",
        label: "Level",
        options: LEVELS,
        value: answer.level,
        onChange: (level) => ask({ ...query, level }),
      }),
      repChoice({
        id: "rounds-rep",
        reps,
        value: query.rep_id,
        onChange: (rep_id) => ask({ ...query, rep_id }),
      }),
      turns(answer, ({ previous, following }) => [previous, following], (date) => ask({ ...query, date })),
    ];
  },

  view(answer, tools) {
    const { total } = answer;
    return [
      h("h2", { class: "list-heading" }, periodName(answer)),
      figures([
        ["Plan", some(total.plan)],
        ["Plan up to today", some(total.plan_to_date)],
        ["Sold", money(total.actual)],
        total.compared === undefined || total.compared === total.actual
          ? null
          : ["Sold on planned days", money(total.compared), "What the plan is compared with"],
        ["Difference", some(total.difference), "On the days that have a plan"],
        ["Attained", share(total.attained_share) ?? "–"],
        ["Year before, to date", money(total.last_year_to_date)],
        ["Visits done", count(total.visits_done), `${count(total.visits_open)} to come, ${count(total.visits_missed)} missed`],
        ["Visits by cadence", count(total.visits_due), "In the whole period"],
      ]),
      note(`The plan is ${basisWords(total.basis)}. `, knownWords(answer), foreignWords(answer)),
      curve(answer),
      byRep(answer, tools),
    ];
  },
};

/** To the period before and after. */
export function turns(answer, ends, go) {
  const [previous, following] = ends(answer);
  const button = (words, label, to) =>
    h("button", { type: "button", class: "button button-small", "aria-label": label, onclick: () => go(to) }, words);
  return h(
    "div",
    { class: "insight-actions" },
    button("‹ Before", "The period before", previous),
    button("After ›", "The period after", following),
  );
}

const some = (value) => (value === undefined ? "–" : money(value));

function knownWords({ known_until: until, as_of: today, last }) {
  if (!until) return "No orders are known yet.";
  const end = last < today ? last : today;
  if (until >= end) return "";
  return `Orders are known up to ${shortDay(until)}: what seems to be missing since then may only not have been reported. `;
}

const foreignWords = ({ foreign_order_count: foreign }) =>
  foreign ? `${plural(foreign, "order")} in other currencies are left out.` : "";

function curve({ days, first }) {
  if (days.length < 2) return null;
  const { plan, actual } = cumulated(days);
  if (!plan.length && !actual.length) return null;
  const at = (value) => days[Math.min(Math.max(Math.round(value) - 1, 0), days.length - 1)].date;
  return lineChart({
    title: `Plan and sales added up from ${shortDay(first)} on`,
    x: { label: "Day", format: (value) => shortDay(at(value)).replace(/^\w+,? /, "") },
    y: { label: "Added up", format: (value) => roughMoney(value) },
    lines: [
      { label: "Plan", kind: "ideal", points: plan },
      { label: "Sold", kind: "main", points: actual },
    ].filter(({ points }) => points.length),
  });
}

function byRep({ reps }, { ask, query }) {
  const name = (row) =>
    row.rep_id
      ? h(
          "button",
          { type: "button", class: "item-name", onclick: () => ask({ ...query, rep_id: row.rep_id }) },
          row.rep,
        )
      : "Nobody’s accounts";
  const figure = (title, key, hint) => ({
    title,
    hint,
    isNumber: true,
    value: (row) => (row[key] === undefined ? undefined : money(row[key])),
  });
  return table({
    caption: "By rep, the largest shortfall first",
    rows: reps,
    columns: [
      { title: "Rep", value: name },
      figure("Plan", "plan"),
      figure("To date", "plan_to_date", "Plan up to today"),
      figure("Sold", "actual"),
      figure("Difference", "difference", "On the days that have a plan"),
      { title: "Attained", isNumber: true, value: (row) => share(row.attained_share) },
      figure("Year before", "last_year_to_date", "Up to the same day"),
      { title: "Visits", isNumber: true, hint: "Done, of those that the cadence asks for", value: (row) => `${count(row.visits_done)} / ${count(row.visits_due)}` },
    ],
  });
}
