/** Allocation of hours: the response curve of each unit, today's point and the band of best hours. */

import { h } from "../../dom.js";
import { segmentWords } from "../../logic/account_words.js";
import {
  accountsOfUnit,
  adviceWords,
  allocationQuery,
  band,
  fromPercent,
  hours,
  isAtLimit,
  repsWords,
  shownUnit,
} from "../../logic/allocation.js";
import { count, money, percentExactly, roughMoney } from "../../logic/format.js";
import { lineChart } from "./chart.js";
import { accountName, choice, controls, figures, heading, note, repChoice, table } from "./parts.js";
import { reasonForm, versionsTable } from "./policy.js";
import { numberField, regionField, segmentChoice } from "./scope.js";

const LEVELS = { rep: "Rep", region: "Region", segment: "Segment", account: "Account" };

const QUESTIONS = [
  ["at_none", "Without any visit, %"],
  ["at_present", "With today's hours, %"],
  ["at_half_more", "With half as much again, %"],
  ["at_saturation", "With as much as you like, %"],
];

/** @type {import("./tabs.js").Tab} */
export const allocation = {
  name: "allocation",
  title: "Allocation",

  load: async (service, query) => {
    const [answer, expected] = await Promise.all([
      service.read("/allocation", allocationQuery(query)),
      service.read("/allocation/answers"),
    ]);
    return { answer, expected };
  },

  view: ({ answer, expected }, tools) => {
    const unit = shownUnit(answer.units, tools.query);
    return [
      asked(tools),
      summary(answer),
      ...answer.notes.map((words) => note(words)),
      ...(unit ? curve(answer, unit, tools) : []),
      units(answer, unit, tools),
      heading("At other elasticities"),
      elasticities(answer),
      unit ? answersForm(answer, unit, tools) : null,
      versionsTable(expected.versions, tools.dataset.timezone),
    ];
  },
};

function asked({ query, reps, ask }) {
  const wanted = (patch) => ask({ ...query, shown: "", ...patch });
  return controls(
    choice({
      id: "allocation-level",
      label: "Hours are shared among",
      options: [
        ["", "Reps"],
        ["region", "Regions"],
        ["segment", "Segments"],
        ["account", "Accounts"],
      ],
      value: query.level === "rep" ? "" : query.level,
      onChange: (level) => wanted({ level }),
    }),
    query.level === "region"
      ? choice({
          id: "allocation-digits",
          label: "A region is",
          options: [
            ["1", "1 digit of the postcode"],
            ["", "2 digits of the postcode"],
            ["3", "3 digits of the postcode"],
          ],
          value: query.prefix_length,
          onChange: (length) => wanted({ prefix_length: length }),
        })
      : null,
    choice({
      id: "allocation-b",
      label: "Elasticity",
      options: [
        ["", "As fitted, by segment"],
        ["0.2", "0.2 for all"],
        ["0.3", "0.3 for all"],
        ["0.4", "0.4 for all"],
      ],
      value: query.b,
      onChange: (b) => wanted({ b }),
    }),
    choice({
      id: "allocation-curve",
      label: "Without visits",
      options: [
        ["", "They buy their base"],
        ["power", "They buy nothing"],
      ],
      value: query.curve === "visits" ? "" : query.curve,
      onChange: (form) => wanted({ curve: form }),
    }),
    repChoice({ id: "allocation-rep", reps, value: query.rep_id, onChange: (rep_id) => wanted({ rep_id }) }),
    segmentChoice("allocation-segment", query.segment, (segment) => wanted({ segment })),
    regionField("allocation-region", query.postcode_prefix, (prefix) => wanted({ postcode_prefix: prefix })),
    numberField({
      id: "allocation-budget",
      label: "Hours a year",
      value: query.budget_hours,
      placeholder: "as today",
      onChange: (budget_hours) => wanted({ budget_hours }),
    }),
  );
}

function summary(answer) {
  const { reps } = answer;
  return h(
    "div",
    {},
    figures([
      ["Hours a year", hours(answer.hours_today), "Service and travel, as over the history"],
      ["Contribution today", roughMoney(answer.contribution_today), "A year's expected sales x margin"],
      [
        "More, best shared",
        `${roughMoney(answer.gain)} (${percentExactly(answer.gain_share)})`,
        "Within half and twice of each unit's hours",
      ],
      ["One more hour brings", money(answer.value_of_hour)],
      reps ? ["An hour costs", money(reps.cost_of_hour), "Working time and kilometres"] : null,
      reps ? ["One more rep brings", roughMoney(reps.one_more_brings), "In a year, best used"] : null,
      reps ? ["One more rep costs", roughMoney(reps.one_more_costs), `${hours(reps.hours_per_rep)} hours a year`] : null,
      ["Lost if all are 25 % off", percentExactly(answer.loss_share_when_off)],
    ]),
    reps ? note(`How many reps? ${repsWords(reps)}`) : null,
  );
}

/** A unit's name as people say it. */
const nameOf = (level, unit) => (level === "segment" ? segmentWords(unit.name) : unit.name);

function curve(answer, unit, { query, ask }) {
  const words = nameOf(answer.level, unit);
  const next = accountsOfUnit(answer.level, unit.unit_id, query);
  return [
    heading(words),
    lineChart({
      title: `Contribution of ${words} by hours a year: today ${hours(unit.hours)}, best ${band(unit)}`,
      x: { label: "Hours a year", format: (value) => hours(value), from: 0 },
      y: { label: "Contribution a year", format: (value) => roughMoney(value) },
      lines: [{ points: unit.points, label: unit.basis === "answers" ? "From four answers" : "Response curve" }],
      bands: [{ from: unit.band_low, to: unit.band_high, label: "Best hours at elasticities of 0.2 to 0.4" }],
      marks: [{ x: unit.hours, y: unit.contribution, label: "today" }],
    }),
    note(
      `${adviceWords(unit.advice)}: today ${hours(unit.hours)} hours, best ${band(unit)} (shaded)${isAtLimit(unit, answer) ? ", as far as the limits of a unit let" : ""}. `,
      `One more hour here brings ${unit.value_of_hour === undefined ? "more than can be told" : money(unit.value_of_hour)}. `,
      `If you do not trust the curve, go half of the way: ${hours(unit.next_hours)} hours.`,
    ),
    next
      ? h(
          "button",
          { type: "button", class: "button", id: "allocation-accounts", onclick: () => ask(next) },
          `Its ${count(unit.account_count)} accounts`,
        )
      : h("p", {}, "Card: ", accountName({ account_id: unit.unit_id, name: unit.name })),
  ];
}

function units(answer, shown, { query, ask }) {
  const isAccount = answer.level === "account";
  const columns = [
    {
      title: LEVELS[answer.level],
      value: (one) =>
        h(
          "button",
          {
            type: "button",
            class: "item-name",
            id: `allocation-unit-${one.unit_id}`,
            "aria-pressed": String(one === shown),
            onclick: () => ask({ ...query, shown: one.unit_id }),
          },
          nameOf(answer.level, one),
        ),
    },
    isAccount ? null : { title: "Accounts", value: (one) => count(one.account_count), isNumber: true },
    { title: "Visits", hint: "A year's, as over the history", value: (one) => hours(one.visits), isNumber: true },
    { title: "Hours", hint: "Service and travel of a year", value: (one) => hours(one.hours), isNumber: true },
    { title: "Best", hint: "Least and most at elasticities of 0.2 to 0.4", value: (one) => band(one), isNumber: true },
    isAccount
      ? { title: "Best visits", hint: "Whole visits a year", value: (one) => count(one.best_visits), isNumber: true }
      : null,
    { title: "Advice", value: (one) => adviceWords(one.advice) },
    {
      title: "Index",
      hint: "Share that it should have over the share that it has: above 1 under-served",
      value: (one) => (one.index === undefined ? null : one.index.toFixed(2)),
      isNumber: true,
    },
    { title: "Factor", hint: "Share of the hours that it should have", value: (one) => percentExactly(one.factor), isNumber: true },
    { title: "Hour brings", value: (one) => (one.value_of_hour === undefined ? null : money(one.value_of_hour)), isNumber: true },
    { title: "Contribution", value: (one) => roughMoney(one.contribution), isNumber: true },
    { title: "Change", hint: "Of the contribution, at the best hours", value: (one) => roughMoney(one.gain), isNumber: true },
    { title: "Curve", value: (one) => (one.basis === "answers" ? "Four answers" : "Model") },
  ].filter(Boolean);
  const all = answer.unit_count;
  return table({
    caption:
      all > answer.units.length
        ? `The ${count(answer.units.length)} of ${count(all)} that gain most`
        : "Those that gain most first; choose one to see its curve",
    columns,
    rows: answer.units,
    empty: "No account is meant.",
    rowClass: (one) => (one === shown ? "is-selected" : ""),
  });
}

function elasticities({ band: rows }) {
  return table({
    caption: "The best that can be done, by elasticity of all accounts",
    columns: [
      { title: "Elasticity", value: (one) => String(one.b) },
      { title: "More, best shared", value: (one) => roughMoney(one.contribution_best - one.contribution_today), isNumber: true },
      { title: "Of today", value: (one) => percentExactly(one.gain_share), isNumber: true },
      { title: "One more hour brings", value: (one) => money(one.value_of_hour), isNumber: true },
      { title: "Reps that pay", value: (one) => (one.reps_that_pay === undefined ? null : hours(one.reps_that_pay)), isNumber: true },
    ],
    rows,
  });
}

function answersForm(answer, unit, { run }) {
  const about = { level: answer.level, unit_id: unit.unit_id };
  const words = nameOf(answer.level, unit);
  const value = (key) => document.getElementById(`allocation-${key}`).value;
  const send = (body, message) =>
    run(
      (service) =>
        service.write("POST", "/allocation", { ...about, ...body }, { "If-Match": `"${answer.policy_version}"` }),
      message,
    );
  const fields = controls(
    ...QUESTIONS.map(([key, label]) =>
      numberField({
        id: `allocation-${key}`,
        label,
        value: unit.answers === undefined ? undefined : String(Number((100 * unit.answers[key]).toPrecision(6))),
        placeholder: "of today's sales",
        most: 10_000,
        onChange: () => {},
      }),
    ),
  );
  return reasonForm({
    title: `What do you expect of ${words}?`,
    id: "allocation-expect",
    parts: [
      note(
        "Four answers make the curve that counts instead of the model's: next year's sales as a percentage of today's. ",
        "Leave all four empty to go back to the model.",
      ),
      fields,
    ],
    words: "Use these answers",
    onSubmit: (reason) =>
      send(
        { ...Object.fromEntries(QUESTIONS.map(([key]) => [key, fromPercent(value(key))])), reason },
        `Curve of ${words} set.`,
      ),
  });
}
