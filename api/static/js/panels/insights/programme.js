/** The engagement programme: who is served how, whether the time suffices, and trying another one. */

import { h } from "../../dom.js";
import { segmentWords } from "../../logic/account_words.js";
import { count, decimal, duration, money, percentExactly, plural, roughMoney } from "../../logic/format.js";
import {
  CALL_WORDS,
  SERVED_WORDS,
  callWords,
  everyWords,
  fromFields,
  stretchWords,
  toFields,
} from "../../logic/programme.js";
import { accountsLink, controls, figures, heading, note, table } from "./parts.js";
import { reasonForm, versionsTable } from "./policy.js";

/** What is being tried: fields of a form and, once it was asked for, what it would change. */
const NOTHING = { isOpen: false, segments: null, options: {}, preview: null };
let trying = NOTHING;

/** @type {import("./tabs.js").Tab} */
export const programme = {
  name: "programme",
  title: "Programme",

  load: (service) => service.read("/engagement-programme"),

  view: (answer, tools) => [
    summary(answer),
    served(answer),
    heading("Does the time suffice?"),
    note(
      "What the intervals promise, with travel as an estimate, against 80 % of the working hours. Where it is more, all intervals of the rep are stretched alike.",
    ),
    reps(answer),
    heading("Another programme"),
    editor(answer, tools),
    versionsTable(answer.versions, tools.dataset.timezone),
  ],
};

function summary({ total, reps, version }) {
  const over = reps.filter(({ interval_stretch }) => interval_stretch > 1);
  return figures([
    ["Version", version === 0 ? "as at the start" : String(version)],
    ["Visits a year", count(total.visits), "As the intervals promise"],
    ["Calls a year", count(total.calls)],
    ["Hours a year", count(total.hours), "Of everybody, journeys included"],
    ["Cost a year", roughMoney(total.cost)],
    ["Reps short of time", `${count(over.length)} of ${count(reps.length)}`],
  ]);
}

function served({ segments, effort, total }) {
  const rows = segments.map((rule, k) => ({ ...rule, ...effort[k].effort }));
  return table({
    caption: "How accounts are served, and what that takes in a year",
    columns: [
      {
        title: "Segment, by revenue",
        value: (one) =>
          one.segment
            ? accountsLink(segmentWords(one.segment), { segment: [one.segment] }, `Accounts: ${segmentWords(one.segment)}`)
            : "All",
      },
      { title: "How", value: (one) => one.channel && how(one) },
      { title: "Accounts", value: (one) => count(one.accounts), isNumber: true },
      { title: "Visits", value: (one) => count(one.visits), isNumber: true },
      { title: "Calls", value: (one) => count(one.calls), isNumber: true },
      { title: "Hours", value: (one) => count(one.hours), isNumber: true },
      { title: "Cost", value: (one) => roughMoney(one.cost), isNumber: true },
    ],
    rows: [...rows, total],
  });
}

function how(rule) {
  const { visit_interval_days: days, channel, field_visits: byField } = rule;
  const trips = channel !== "field" && byField ? " by field trips" : "";
  const visits = days
    ? `Visits ${everyWords(days)}${trips}, ${duration(rule.service_duration_s)} each`
    : "No visits";
  const calls = rule.call_interval_days ? `; calls ${callWords(rule)}` : "";
  return h(
    "div",
    { class: "programme-how" },
    h("strong", {}, SERVED_WORDS[channel]),
    h("div", {}, `${visits}${calls}.`),
    rule.description ? h("div", { class: "item-facts" }, rule.description) : null,
  );
}

function reps({ reps: rows }) {
  return table({
    caption: "Representatives, those with the least time first",
    columns: [
      {
        title: "Rep",
        value: (one) => accountsLink(one.name, { owner: one.rep_id }, `Accounts of ${one.name}`),
      },
      { title: "Accounts", hint: "That field trips visit", value: (one) => count(one.accounts), isNumber: true },
      { title: "Visits a week", value: (one) => decimal(one.visits_per_week), isNumber: true },
      { title: "With customers, h", value: (one) => decimal(one.service_h_per_week), isNumber: true },
      { title: "Travel, h", value: (one) => decimal(one.travel_h_per_week), isNumber: true },
      { title: "There is, h", value: (one) => decimal(one.capacity_h_per_week), isNumber: true },
      {
        title: "Used",
        value: (one) => (one.utilisation === undefined ? "no hours" : percentExactly(one.utilisation)),
        isNumber: true,
      },
      { title: "Intervals", value: (one) => stretchWords(one.interval_stretch), isNumber: true },
    ],
    rows: rows.toSorted((one, other) => (other.utilisation ?? 0) - (one.utilisation ?? 0)),
    rowClass: (one) => (one.interval_stretch > 1 ? "is-selected" : ""),
    empty: "There are no representatives.",
  });
}

function editor(answer, tools) {
  const segments = trying.segments ?? answer.segments.map(toFields);
  const options = { move_by_revenue: true, keep_own: true, ...trying.options };
  const keep = (patch) => (trying = { ...trying, isOpen: true, segments, options, ...patch });
  const again = (patch, message) => {
    keep(patch);
    return tools.run(async () => {}, message);
  };
  const body = () => ({ segments: segments.map(fromFields), ...options });

  const form = reasonForm({
    title: "Try another programme",
    id: "programme",
    parts: [
      startChoice(answer, (chosen) =>
        again({ segments: chosen.map(toFields), preview: null }, "The segments are in the form."),
      ),
      fieldsTable(segments, again),
      controls(
        check("programme-move", "Accounts come into the segment of their revenue", options.move_by_revenue, (on) => {
          options.move_by_revenue = on;
        }),
        check("programme-own", "Intervals and durations that others gave stay", options.keep_own, (on) => {
          options.keep_own = on;
        }),
        h(
          "button",
          {
            type: "button",
            class: "button",
            id: "programme-preview",
            onclick: () => {
              keep({});
              tools.run(async (service) => {
                keep({ preview: await service.write("POST", "/engagement-programme/preview", body()) });
              }, "What would change is shown below the form.");
            },
          },
          "Show what would change",
        ),
      ),
      ...(trying.preview ? preview(trying.preview) : []),
    ],
    words: "Let it count",
    async onSubmit(reason) {
      keep({});
      const isDone = await tools.run(
        (service) =>
          service.write(
            "PUT",
            "/engagement-programme",
            { ...body(), reason },
            { "If-Match": `"${answer.version}"` },
          ),
        "The programme counts from now on.",
      );
      if (!isDone) return;
      trying = NOTHING;
      tools.act("reloadDataset");
      tools.act("reloadPoints");
    },
  });
  form.open = trying.isOpen;
  form.addEventListener("toggle", () => (trying = { ...trying, isOpen: form.open }));
  return form;
}

function startChoice({ segments, templates, versions }, onChoose) {
  const from = new Map([
    ["", { words: "Choose", segments: null }],
    ["now", { words: "What counts now", segments }],
    ...templates.map((one) => [`template-${one.template}`, { words: one.title, segments: one.segments }]),
    ...versions.map((one) => [`version-${one.version}`, { words: `Version ${one.version}: ${one.reason}`, segments: one.segments }]),
  ]);
  const select = h(
    "select",
    {
      id: "programme-from",
      onchange: () => {
        const chosen = from.get(select.value);
        if (chosen?.segments) onChoose(chosen.segments);
      },
    },
    [...from].map(([value, { words }]) => h("option", { value }, words)),
  );
  return h("div", { class: "field" }, h("label", { for: select.id }, "Begin with"), select);
}

function fieldsTable(segments, again) {
  const input = (fields, k, name, label, facts) =>
    h("input", {
      id: `programme-${name}-${k}`,
      "aria-label": `${label}, segment ${k + 1}`,
      value: fields[name],
      autocomplete: "off",
      oninput: (event) => (fields[name] = event.target.value),
      ...facts,
    });
  const number = (name, label, most) => (fields) =>
    input(fields, segments.indexOf(fields), name, label, { type: "number", min: "0", max: most, step: "any", class: "programme-number" });
  const pick = (name, label, options) => (fields) => {
    const select = h(
      "select",
      {
        id: `programme-${name}-${segments.indexOf(fields)}`,
        "aria-label": `${label}, segment ${segments.indexOf(fields) + 1}`,
        onchange: () => (fields[name] = select.value),
      },
      options.map(([value, words]) => h("option", { value, selected: value === fields[name] }, words)),
    );
    return select;
  };
  return h(
    "div",
    {},
    table({
      caption: "Segments, by rising revenue; empty intervals mean none",
      columns: [
        {
          title: "Name",
          value: (one) => input(one, segments.indexOf(one), "segment", "Name", { type: "text", maxlength: "40", class: "programme-name" }),
        },
        { title: "Revenue from", value: number("revenue_from", "Revenue from") },
        { title: "Served by", value: pick("channel", "Served by", Object.entries(SERVED_WORDS)) },
        { title: "Visits every, days", value: number("visit_interval_days", "Visits every, days", "3650") },
        { title: "Minutes", value: number("minutes", "Minutes of a visit", "1440") },
        {
          title: "By field trips",
          hint: "Where somebody else serves them",
          value: (one) =>
            check(`programme-field-${segments.indexOf(one)}`, "yes", one.field_visits, (on) => (one.field_visits = on)),
        },
        { title: "Calls", value: pick("call_channel", "Calls", [["", "none"], ...Object.entries(CALL_WORDS)]) },
        { title: "every, days", value: number("call_interval_days", "Calls every, days", "3650") },
        {
          title: "",
          value: (one) =>
            segments.length > 1
              ? h(
                  "button",
                  {
                    type: "button",
                    class: "button button-small",
                    "aria-label": `Leave out segment ${segments.indexOf(one) + 1}`,
                    onclick: () => again({ segments: segments.filter((other) => other !== one), preview: null }, "The segment is out."),
                  },
                  "Leave out",
                )
              : null,
        },
      ],
      rows: segments,
    }),
    h(
      "button",
      {
        type: "button",
        class: "button button-small",
        id: "programme-more",
        onclick: () => {
          const last = segments.at(-1);
          const next = { ...last, segment: "", revenue_from: String(2 * (Number(last.revenue_from) || 1)) };
          again({ segments: [...segments, next], preview: null }, "One more segment.");
        },
      },
      "One more segment",
    ),
  );
}

function check(id, words, isOn, onChange) {
  const box = h("input", { id, type: "checkbox", checked: isOn, onchange: () => onChange(box.checked) });
  return h("label", { class: "check", for: id }, box, h("span", {}, words));
}

function preview(told) {
  const moved = told.effort_moved;
  const change = (before, after) => `${count(before)} → ${count(after)}`;
  const names = [...new Set([...told.after, ...told.before].map(({ segment }) => segment))];
  const of = (list, name) => list.find(({ segment }) => segment === name)?.effort;
  const rows = names.map((name) => ({ name, before: of(told.before, name), after: of(told.after, name) }));
  rows.push({ name: null, before: told.total_before, after: told.total_after });
  const cell = (key, show = count) => (one) =>
    `${one.before ? show(one.before[key]) : "–"} → ${one.after ? show(one.after[key]) : "–"}`;
  const share = (value) => (value === undefined ? "–" : percentExactly(value));
  return [
    heading("What would change"),
    figures([
      ["Accounts that change", `${count(told.accounts_changed)} of ${count(told.accounts)}`],
      ["Into another segment", count(told.accounts_moved)],
      ["Other intervals", count(told.intervals_changed), `${count(told.intervals_kept)} keep their own`],
      ["Other durations", count(told.durations_changed), `${count(told.durations_kept)} keep their own`],
      ["Hours a year", change(told.total_before.hours, told.total_after.hours)],
      [
        `Share of accounts above ${roughMoney(moved.small_below)}`,
        `${share(moved.large_share_before)} → ${share(moved.large_share_after)}`,
        "Of all hours, by the revenue of today",
      ],
      ["Moved to large accounts", `${count(moved.hours_moved)} h`, "A year: what small accounts take less, as far as large ones take more"],
      ["Freed", `${count(moved.hours_freed)} h`, "A year, in all"],
      ["Reps short of time", change(told.cadence_before.reps_over_capacity, told.cadence_after.reps_over_capacity)],
    ]),
    table({
      caption: "A year, before and after",
      columns: [
        { title: "Segment", value: (one) => (one.name === null ? "All" : segmentWords(one.name)) },
        { title: "Accounts", value: cell("accounts"), isNumber: true },
        { title: "Visits", value: cell("visits"), isNumber: true },
        { title: "Calls", value: cell("calls"), isNumber: true },
        { title: "Hours", value: cell("hours"), isNumber: true },
        { title: "Cost", value: cell("cost", roughMoney), isNumber: true },
      ],
      rows,
    }),
    table({
      caption: "The same accounts, by the revenue they have today",
      columns: [
        { title: "Accounts", value: (one) => one.words },
        { title: "How many", value: (one) => count(one.accounts), isNumber: true },
        { title: "Visits", value: cell("visits"), isNumber: true },
        { title: "Hours", value: cell("hours"), isNumber: true },
        { title: "Cost", value: cell("cost", roughMoney), isNumber: true },
      ],
      rows: [
        { words: `below ${money(moved.small_below)}`, ...moved.small },
        { words: `${money(moved.small_below)} and more`, ...moved.large },
      ],
    }),
    moves(told),
    told.situations_without_segment.length
      ? note(`${plural(told.situations_without_segment.length, "special situation")} would be about a segment that is gone.`)
      : null,
  ].filter(Boolean);
}

function moves({ moves: rows }) {
  if (!rows.length) return null;
  return table({
    caption: "Accounts that move, by their revenue of the last 12 months",
    columns: [
      { title: "From", value: (one) => segmentWords(one.from_segment) },
      { title: "To", value: (one) => segmentWords(one.to_segment) },
      { title: "Accounts", value: (one) => count(one.accounts), isNumber: true },
    ],
    rows,
  });
}
