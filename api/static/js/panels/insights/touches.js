/** Touches: what they take, cost and bring, what winning takes, and what serving costs. */

import { h } from "../../dom.js";
import { segmentWords } from "../../logic/account_words.js";
import { count, decimal, duration, money, percentExactly, plural, roughMoney } from "../../logic/format.js";
import { CHANNEL_WORDS, roleWords } from "../../logic/touches.js";
import { lineChart } from "./chart.js";
import { accountName, controls, figures, heading, note, repChoice, table } from "./parts.js";
import { reasonForm, versionsTable } from "./policy.js";
import { numberField, regionField, segmentChoice } from "./scope.js";

/** @type {import("./tabs.js").Tab} */
export const touches = {
  name: "touches",
  title: "Touches",

  load: (service, query) => service.read("/touches", query),

  view: (answer, tools) => [
    asked(tools),
    summary(answer),
    channels(answer),
    note(
      "What a touch brings is a share of what a visit to the same account brings. The shares are set by managers, not found in data.",
    ),
    heading("Cost to serve"),
    segments(answer),
    costly(answer),
    heading("The team"),
    team(answer),
    heading("Winning a prospect"),
    ...winning(answer),
    settings(answer, tools),
    versionsTable(answer.versions, tools.dataset.timezone),
  ],
};

function asked({ query, reps, ask }) {
  const wanted = (patch) => ask({ ...query, ...patch });
  return controls(
    repChoice({ id: "touches-rep", reps, value: query.rep_id, onChange: (rep_id) => wanted({ rep_id }) }),
    segmentChoice("touches-segment", query.segment, (segment) => wanted({ segment })),
    regionField("touches-region", query.postcode_prefix, (postcode_prefix) => wanted({ postcode_prefix })),
  );
}

function summary({ total, support_share, maintenance_hours_per_customer: maintenance }) {
  return figures([
    ["Accounts", count(total.account_count)],
    ["Hours, 12 months", count(total.hours), "Of everybody"],
    ["On the road", count(total.travel_hours), "Hours, estimated"],
    ["Customer support", percentExactly(support_share), "Of all hours; the rest is direct sales"],
    ["Care for a customer", `${decimal(maintenance)} h a year`, "Beside touches"],
    ["Cost to serve", roughMoney(total.cost)],
    ["Contribution", roughMoney(total.contribution), "Margin of the orders of 12 months"],
    ["After the cost", roughMoney(total.contribution_after_cost)],
  ]);
}

function channels({ channels: rows }) {
  return table({
    caption: "Channels: the last 12 months, and one more touch on average",
    columns: [
      { title: "Channel", value: (one) => CHANNEL_WORDS[one.channel] },
      { title: "Touches", value: (one) => count(one.touches), isNumber: true },
      { title: "Took", hint: "With the account, on average", value: (one) => (one.mean_duration_s === undefined ? null : duration(one.mean_duration_s)), isNumber: true },
      { title: "Hours", hint: "With preparation and journeys", value: (one) => count(one.hours), isNumber: true },
      { title: "Cost", value: (one) => roughMoney(one.cost), isNumber: true },
      { title: "Hours wanted", hint: "A year, by the intervals", value: (one) => count(one.planned_hours_per_year), isNumber: true },
      { title: "One more takes", value: (one) => duration(one.next.duration_s), isNumber: true },
      { title: "costs", value: (one) => money(one.next.cost), isNumber: true },
      { title: "brings", value: (one) => money(one.next.value), isNumber: true },
      { title: "leaves", value: (one) => money(one.next.net), isNumber: true },
    ],
    rows,
  });
}

function segments({ segments: rows, total }) {
  return table({
    caption: "By segment, the last 12 months",
    columns: [
      { title: "Segment", value: (one) => (one.segment ? segmentWords(one.segment) : "All") },
      { title: "Accounts", value: (one) => count(one.account_count), isNumber: true },
      { title: "Hours", value: (one) => count(one.hours), isNumber: true },
      { title: "Travel, h", value: (one) => count(one.travel_hours), isNumber: true },
      { title: "Time", value: (one) => roughMoney(one.time_cost), isNumber: true },
      { title: "Kilometres", value: (one) => roughMoney(one.travel_cost), isNumber: true },
      { title: "Cost", value: (one) => roughMoney(one.cost), isNumber: true },
      { title: "Of revenue", value: (one) => (one.cost_share === undefined ? null : percentExactly(one.cost_share)), isNumber: true },
      { title: "Contribution", value: (one) => roughMoney(one.contribution), isNumber: true },
      { title: "After the cost", value: (one) => roughMoney(one.contribution_after_cost), isNumber: true },
    ],
    rows: rows.length > 1 ? [...rows, total] : rows,
  });
}

function costly({ costly: rows, costly_count: all }) {
  return table({
    caption: `${plural(all, "account")} cost more than they contribute${rows.length < all ? `, the worst ${count(rows.length)}` : ""}`,
    columns: [
      { title: "Account", value: accountName },
      { title: "Segment", value: (one) => segmentWords(one.segment) },
      { title: "Revenue", value: (one) => money(one.revenue), isNumber: true },
      { title: "Contribution", value: (one) => money(one.contribution), isNumber: true },
      { title: "Cost", value: (one) => money(one.cost), isNumber: true },
      { title: "After the cost", value: (one) => money(one.contribution_after_cost), isNumber: true },
    ],
    rows,
    empty: "No account costs more than it contributes.",
  });
}

function team({ team: rows }) {
  return table({
    caption: "Direct sales and customer support, the last 12 months",
    columns: [
      { title: "Role", value: (one) => roleWords(one.role) },
      { title: "Direct sales, h", value: (one) => count(one.sales_hours), isNumber: true },
      { title: "Support, h", value: (one) => count(one.support_hours), isNumber: true },
      { title: "Cost", hint: "With overhead", value: (one) => roughMoney(one.cost), isNumber: true },
    ],
    rows,
  });
}

function winning({ winning: rows }) {
  const [all] = rows;
  const steps = [[0, 1]];
  for (const [at, left] of all.not_won_share_by_touches) {
    steps.push([at, steps.at(-1)[1]], [at, left]);
  }
  return [
    note(
      "Prospects that have not bought yet count as open, not as lost. Where few were won, what is assumed counts for more than the past.",
    ),
    table({
      caption: "What winning a prospect takes",
      columns: [
        { title: "Category", value: (one) => one.category ?? "All" },
        { title: "Pursued", value: (one) => count(one.pursued), isNumber: true },
        { title: "Won", value: (one) => count(one.won), isNumber: true },
        { title: "Within a year", value: (one) => percentExactly(one.won_within_year_share), isNumber: true },
        {
          title: "95 % interval",
          value: (one) => `${percentExactly(one.won_within_year_low)} to ${percentExactly(one.won_within_year_high)}`,
          isNumber: true,
        },
        { title: "Touches a win", hint: "Those in vain included", value: (one) => decimal(one.touches_per_win), isNumber: true },
        { title: "Cost of a win", value: (one) => money(one.cost_per_win), isNumber: true },
        { title: "Median touches", hint: "None where fewer than half are won", value: (one) => (one.median_touches === undefined ? null : decimal(one.median_touches)), isNumber: true },
        { title: "From", value: (one) => (one.basis === "data" ? "the past" : "assumption") },
      ],
      rows,
    }),
    steps.length > 1
      ? lineChart({
          title: "Share of prospects not won after so many touches",
          x: { label: "Touches", from: 0 },
          y: { label: "Not won yet", from: 0, to: 1, format: (value) => `${Math.round(100 * value)} %` },
          lines: [{ points: steps }],
        })
      : null,
  ];
}

function settings({ settings: now, version }, { run }) {
  const field = (id) => document.getElementById(id);
  const number = (id) => Number(field(id).value);
  const nothing = () => {};
  const channelParts = now.channels.map((one) =>
    controls(
      h("p", { class: "policy-name" }, CHANNEL_WORDS[one.channel]),
      one.duration_s === undefined
        ? h("p", { class: "insight-note" }, "Takes as long as a visit to the account.")
        : numberField({ id: `touch-duration-${one.channel}`, label: "Minutes", value: one.duration_s / 60, placeholder: "0", most: 1440, onChange: nothing }),
      numberField({ id: `touch-preparation-${one.channel}`, label: "Before and after, min", value: one.preparation_s / 60, placeholder: "0", most: 1440, onChange: nothing }),
      one.channel === "field"
        ? null
        : numberField({ id: `touch-effect-${one.channel}`, label: "Brings, % of a visit", value: percentValue(one.effect_share), placeholder: "0", onChange: nothing }),
      numberField({ id: `touch-interval-${one.channel}`, label: "Each … days", value: one.interval_days, placeholder: one.channel === "field" ? "its interval" : "as it comes", least: 1, most: 3650, onChange: nothing }),
      numberField({ id: `touch-expense-${one.channel}`, label: "Expense", value: one.expense, placeholder: "0", onChange: nothing }),
    ),
  );
  const roleParts = controls(
    ...now.roles.map((one) =>
      numberField({ id: `touch-role-${one.role}`, label: `${roleWords(one.role)}, an hour`, value: one.per_hour, placeholder: "0", onChange: nothing }),
    ),
    numberField({ id: "touch-overhead", label: "Overhead on time, %", value: percentValue(now.overhead_share), placeholder: "0", onChange: nothing }),
    numberField({ id: "touch-km", label: "A kilometre", value: now.per_km, placeholder: "0", onChange: nothing }),
  );
  const care = now.maintenance;
  const careParts = controls(
    numberField({ id: "touch-base", label: "Care for a customer, min a year", value: care.base_s_per_year / 60, placeholder: "0", onChange: nothing }),
    numberField({ id: "touch-contact", label: "For each further contact, min a year", value: care.contact_s_per_year / 60, placeholder: "0", onChange: nothing }),
    numberField({ id: "touch-order", label: "For each order, min", value: care.order_s / 60, placeholder: "0", onChange: nothing }),
    numberField({ id: "touch-prior", label: "Touches a win, assumed", value: now.winning.touches, placeholder: "6", onChange: nothing }),
  );
  const seconds = (id) => Math.round(60 * number(id));
  const changed = () => ({
    ...now,
    channels: now.channels.map((one) => {
      const interval = field(`touch-interval-${one.channel}`).value;
      return {
        ...one,
        ...(one.duration_s === undefined ? {} : { duration_s: seconds(`touch-duration-${one.channel}`) }),
        preparation_s: seconds(`touch-preparation-${one.channel}`),
        effect_share: one.channel === "field" ? 1 : number(`touch-effect-${one.channel}`) / 100,
        interval_days: interval === "" ? undefined : Number(interval),
        expense: number(`touch-expense-${one.channel}`),
      };
    }),
    roles: now.roles.map((one) => ({ ...one, per_hour: number(`touch-role-${one.role}`) })),
    overhead_share: number("touch-overhead") / 100,
    per_km: number("touch-km"),
    maintenance: {
      ...care,
      base_s_per_year: seconds("touch-base"),
      contact_s_per_year: seconds("touch-contact"),
      order_s: seconds("touch-order"),
    },
    winning: { ...now.winning, touches: number("touch-prior") },
  });
  return reasonForm({
    title: "Decide what touches take, cost and bring",
    id: "touches",
    parts: [...channelParts, roleParts, careParts],
    words: "Set what touches take",
    onSubmit: (reason) =>
      run(
        (service) =>
          service.write("PUT", "/touches", { ...changed(), reason }, { "If-Match": `"${version}"` }),
        "What touches take is set.",
      ),
  });
}

const percentValue = (share) => Number((100 * share).toPrecision(6));
