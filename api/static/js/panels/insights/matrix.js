/** The matrix of potential and visit value: what to do with the accounts of each cell. */

import { h } from "../../dom.js";
import { STATUS_WORDS } from "../../logic/account_words.js";
import { plainDate } from "../../logic/calendar.js";
import { count, currencySymbol, money, percentExactly, plural, roughMoney } from "../../logic/format.js";
import { CELLS, filterOfCell } from "../../logic/matrix.js";
import { accountsLink, controls, figures, heading, note, repChoice, table } from "./parts.js";
import { numberField, regionField, segmentChoice } from "./scope.js";

const BASES = { asked: "as asked for", set: "set by managers", median: "the median" };
const SAFE = /[^a-z_]/g;

/** @type {import("./tabs.js").Tab} */
export const matrix = {
  name: "matrix",
  title: "Matrix",

  load: (service, query) => service.read("/matrix", query),

  view: (answer, tools) => [
    note(
      "What an account could buy against what one more visit to it brings. What equals a threshold is high.",
    ),
    asked(answer, tools),
    thresholds(answer),
    grid(answer, tools),
    ...answer.notes.map((words) => note(words)),
    heading("What moving the last cell to the phone changes"),
    ...telesales(answer),
    cells(answer, tools),
  ],
};

function asked({ potential_threshold, visit_value_threshold }, { query, reps, ask }) {
  const wanted = (patch) => ask({ ...query, ...patch });
  const sign = currencySymbol();
  return controls(
    repChoice({ id: "matrix-rep", reps, value: query.rep_id, onChange: (rep_id) => wanted({ rep_id }) }),
    segmentChoice("matrix-segment", query.segment, (segment) => wanted({ segment })),
    regionField("matrix-region", query.postcode_prefix, (postcode_prefix) => wanted({ postcode_prefix })),
    numberField({
      id: "matrix-potential",
      label: `High potential from, ${sign}`,
      value: query.potential,
      placeholder: count(potential_threshold.value),
      onChange: (potential) => wanted({ potential }),
    }),
    numberField({
      id: "matrix-value",
      label: `High visit value from, ${sign}`,
      value: query.visit_value,
      placeholder: visit_value_threshold.value.toFixed(2),
      onChange: (visit_value) => wanted({ visit_value }),
    }),
    numberField({
      id: "matrix-months",
      label: "Months of visits",
      value: query.months,
      placeholder: "12",
      most: 24,
      least: 1,
      onChange: (months) => wanted({ months }),
    }),
  );
}

function thresholds({ potential_threshold: potential, visit_value_threshold: value, period, visits, hours }) {
  return note(
    `Potential is high from ${money(potential.value)} a year (${BASES[potential.basis]}), the value of a visit from `,
    `${money(value.value)} (${BASES[value.basis]}). ${plural(visits, "visit")} in person and ${count(hours)} hours from `,
    `${plainDate(period.first)} to ${plainDate(period.last)}; travel is estimated.`,
  );
}

/** Two by two: potential upwards, visit value to the right. */
function grid({ cells: four }, { query }) {
  const by = Object.fromEntries(four.map((one) => [one.cell, one]));
  const cell = (name) => {
    const one = by[name];
    const { action, words } = CELLS[name];
    return h(
      "section",
      { class: `matrix-cell matrix-${name.replaceAll(SAFE, "")}`, "aria-label": words },
      h("h3", {}, action),
      h("p", { class: "matrix-words" }, words),
      h(
        "p",
        { class: "matrix-count" },
        accountsLink(plural(one.account_count, "account"), filterOfCell(name, query), `${plural(one.account_count, "account")}: ${words}, as a list and on the map`),
      ),
      h("p", {}, `${plural(one.visits, "visit")}, ${percentExactly(one.visit_share)}`),
      h("p", {}, `${count(one.hours)} hours, ${percentExactly(one.hour_share)}`),
      h("p", {}, `A visit brings ${money(one.visit_value)}`),
    );
  };
  return h(
    "div",
    { class: "matrix-grid" },
    cell("reactivate_acquire"),
    cell("raise_frequency"),
    cell("telesales"),
    cell("keep"),
  );
}

function telesales({ telesales: one }) {
  return [
    figures([
      ["Visits by phone instead", `${count(one.visits)} (${percentExactly(one.visit_share)})`, "Each replaced by a call"],
      ["Field hours freed", count(one.freed_hours), "Service and travel"],
      ["Their cost", roughMoney(one.freed_cost)],
      ["Hours of calls", count(one.call_hours)],
      ["Cost of calls", roughMoney(one.call_cost)],
      ["Contribution lost", roughMoney(one.lost_contribution), "That calls do not bring"],
      ["Saved if time is not used", roughMoney(one.saved)],
      ["More visits to the best", count(one.more_visits), "In the freed hours"],
      ["Contribution they bring", roughMoney(one.gained_contribution)],
      ["Gained if time goes there", roughMoney(one.shifted)],
    ]),
    note(
      "Both rest on the response that visits are valued with and on averages over the cells; whether the accounts lie near each other is not looked at.",
    ),
  ];
}

function cells({ cells: four }, { query }) {
  const statuses = Object.entries(STATUS_WORDS);
  return table({
    caption: "The cells in figures",
    columns: [
      { title: "Cell", value: (one) => accountsLink(CELLS[one.cell].words, filterOfCell(one.cell, query)) },
      { title: "Accounts", value: (one) => count(one.account_count), isNumber: true },
      ...statuses.map(([status, words]) => ({
        title: words,
        value: (one) => count(one.by_status[status]),
        isNumber: true,
      })),
      { title: "Potential", value: (one) => roughMoney(one.potential), isNumber: true },
      { title: "Revenue", hint: "Of the last 12 months", value: (one) => roughMoney(one.revenue), isNumber: true },
      { title: "Visits", value: (one) => count(one.visits), isNumber: true },
      { title: "Service, h", value: (one) => count(one.service_hours), isNumber: true },
      { title: "Travel, h", hint: "Estimated", value: (one) => count(one.travel_hours), isNumber: true },
      { title: "Cost", value: (one) => roughMoney(one.cost), isNumber: true },
      { title: "A visit brings", hint: "One more, on average", value: (one) => money(one.visit_value), isNumber: true },
    ],
    rows: four,
  });
}
