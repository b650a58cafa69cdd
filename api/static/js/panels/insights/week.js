/** Whom to visit first in a week, from the top down, and why; special situations. */

import { h } from "../../dom.js";
import { issueWords, segmentWords } from "../../logic/account_words.js";
import { plainDate, shortDay } from "../../logic/calendar.js";
import { count, decimal, money, percent, plural, roughMoney } from "../../logic/format.js";
import { SERVED_WORDS, everyWords, prizeWords, stretchWords, weekChoices } from "../../logic/programme.js";
import { dueMark } from "../due_mark.js";
import { accountName, choice, controls, figures, note, repChoice, table } from "./parts.js";
import { regionField, segmentChoice } from "./scope.js";
import { situations } from "./situations.js";

const ASKED = ["week", "rep_id", "segment", "postcode_prefix", "limit"];
const MORE = 100;

/** @type {import("./tabs.js").Tab} */
export const week = {
  name: "week",
  title: "Week",

  async load(service, query) {
    const asked = Object.fromEntries(ASKED.filter((name) => query[name]).map((name) => [name, query[name]]));
    const [list, special] = await Promise.all([
      service.read("/recommendations", asked),
      service.read("/special-situations"),
    ]);
    return { list, special };
  },

  view: ({ list, special }, tools) => [
    asked(list, tools),
    summary(list),
    note(
      "From the top down by what a visit is worth in this week: the very prizes that plans collect. What a visit costs on the road, and which ones fit together, only a plan knows.",
    ),
    ranking(list),
    more(list, tools),
    ...situations(special.items, tools),
  ],
};

function asked(list, { query, reps, ask, dataset }) {
  const wanted = (patch) => ask({ ...query, limit: "", ...patch });
  const weeks = weekChoices(dataset.as_of);
  if (!weeks.some(([value]) => value === list.week)) {
    weeks.unshift([list.week, `${shortDay(list.first_date)} to ${shortDay(list.last_date)}`]);
  }
  return controls(
    choice({
      id: "week-week",
      label: "Week",
      options: weeks,
      value: list.week,
      onChange: (value) => wanted({ week: value }),
    }),
    repChoice({ id: "week-rep", reps, value: query.rep_id, onChange: (rep_id) => wanted({ rep_id }) }),
    segmentChoice("week-segment", query.segment, (segment) => wanted({ segment })),
    regionField("week-region", query.postcode_prefix, (postcode_prefix) => wanted({ postcode_prefix })),
  );
}

function summary(list) {
  const { cadence } = list;
  return figures([
    ["Worth a visit", count(list.total), "Accounts with a prize above nothing, or whose visit is required"],
    ["Their prizes", roughMoney(list.value), "Sum; nobody can collect all of them in a week"],
    ["Not due", count(list.not_due), "A visit in this week is worth nothing"],
    ["Served by others", count(list.not_field), "Field trips do not visit them"],
    cadence && [
      "Work for the week",
      `${decimal(cadence.load_h_per_week)} of ${decimal(cadence.capacity_h_per_week)} h`,
      "What the intervals promise, with travel, and the time in the field",
    ],
    cadence && [
      "Intervals",
      stretchWords(cadence.interval_stretch),
      "All intervals of the rep are stretched alike where the time does not suffice",
    ],
  ]);
}

function ranking({ items, total }) {
  return table({
    caption: `${plural(total, "account")} to visit, the first ${count(items.length)}`,
    columns: [
      { title: "Account", value: named },
      {
        title: "Prize",
        hint: "What a plan collects; the priority is its percentile among all accounts",
        value: (one) =>
          h(
            "div",
            {},
            h("strong", {}, money(one.prize)),
            h("div", { class: "item-facts" }, `priority ${one.priority}`),
          ),
        isNumber: true,
      },
      { title: "Due", value: due },
      { title: "Why", value: why },
    ],
    rows: items,
    rowClass: (one) => (one.must_visit ? "is-selected" : ""),
    empty: "Nobody is worth a visit in this week, by what was asked for.",
  });
}

function named(one) {
  const facts = [one.town, segmentWords(one.segment)];
  if (one.channel !== "field") facts.push(SERVED_WORDS[one.channel]);
  if (one.strategic) facts.push("strategic");
  if (one.must_visit) facts.push("a visit is required");
  if (one.location_issue) facts.push(issueWords(one.location_issue));
  if (one.committed_on) facts.push(`visited on ${shortDay(one.committed_on)} by an accepted route`);
  return h(
    "div",
    { class: "week-account" },
    h("span", { class: "week-rank" }, `${count(one.rank)}. `),
    accountName(one),
    h("div", { class: "item-facts" }, facts.join(" · ")),
  );
}

function due(one) {
  const { due_ratio: ratio, last_visit: last } = one.cadence;
  const lines = [
    ratio === undefined ? "never visited" : `${percent(ratio)} of the interval`,
    `visits ${cadenceWords(one)}`,
    last ? `last on ${plainDate(last)}` : null,
  ];
  return h(
    "div",
    { class: "week-due" },
    dueMark(one.due),
    lines.filter(Boolean).map((words) => h("span", { class: "item-facts" }, words)),
  );
}

function cadenceWords({ cadence }) {
  const stretched = cadence.interval_stretch > 1.0005 ? ` ${stretchWords(cadence.interval_stretch)}` : "";
  return `${everyWords(cadence.visit_interval_days)}${stretched}`;
}

function why(one) {
  const best = one.prizes.some(({ prize }) => prize !== one.prize)
    ? ` Worth most on ${shortDay(one.date)}.`
    : "";
  const reasons = one.situations.map(({ reason, expires_on }) => `${reason} (until ${plainDate(expires_on)})`);
  return h(
    "details",
    { class: "week-why" },
    h("summary", {}, one.why),
    h("p", {}, `${prizeWords(one)}${best}`),
    reasons.length ? h("p", {}, `Special situations: ${reasons.join("; ")}.`) : null,
  );
}

function more({ items, total }, { query, ask }) {
  if (items.length >= total || items.length >= 5 * MORE) return null;
  const limit = String(Math.min(items.length < MORE ? MORE : 5 * MORE, 5 * MORE));
  return h(
    "button",
    { type: "button", class: "button button-small", id: "week-more", onclick: () => ask({ ...query, limit }) },
    `Show the first ${limit}`,
  );
}
