/** What a change of cadence, channel or owner is worth before it is made. */

import { h } from "../../dom.js";
import { segmentWords } from "../../logic/account_words.js";
import { count, decimal, money, plural } from "../../logic/format.js";
import { CHANGES, improvementOf } from "../../logic/rounds_words.js";
import { choice, figures, note, repChoice, table } from "./parts.js";

export const worthPart = {
  name: "worth",
  title: "Worth of a change",

  async load(service, query) {
    const asked = improvementOf(query);
    if (!asked) return null;
    const body = { improvements: [asked] };
    return (await service.write("POST", "/planning-rounds/improvements", body)).items[0];
  },

  controls: () => [],

  view(answer, tools) {
    return [
      form(tools),
      ...(answer
        ? outcome(answer)
        : [note("Say for which accounts, and what would change. Nothing is stored; the answer is money a year.")]),
    ];
  },
};

function form({ query, ask, dataset, reps }) {
  const change = query.change ?? "twice";
  const keep = (patch) => ask({ ...query, ...fields(), ...patch });
  const segments = dataset.segments.map(({ segment }) => [segment, segmentWords(segment)]);
  const parts = [
    repChoice({ id: "worth-rep", reps, value: query.rep_id, all: "Any rep", onChange: () => {} }),
    choice({ id: "worth-segment", label: "Segment", options: [["", "Any segment"], ...segments], value: query.segment, onChange: () => {} }),
    text("worth-postcode", "Postcodes from", query.postcode_prefix, { maxlength: "10", placeholder: "Any" }),
    choice({ id: "worth-change", label: "Change", options: CHANGES, value: change, onChange: (one) => keep({ change: one }) }),
    change === "interval" || change === "inside_sales"
      ? text("worth-days", change === "interval" ? "Days between visits" : "Days between calls", query.days ?? "30", { type: "number", min: "1", max: "3650" })
      : null,
    change === "owner"
      ? choice({ id: "worth-to", label: "New owner", options: reps.map(({ rep_id, name }) => [rep_id, name]), value: query.to, onChange: () => {} })
      : null,
  ];
  const made = h(
    "form",
    {
      class: "insight-controls",
      onsubmit: (event) => {
        event.preventDefault();
        keep({ change });
      },
    },
    parts,
    h("button", { type: "submit", class: "button button-primary" }, "What is it worth?"),
  );
  const valueOf = (id) => made.querySelector(`#${id}`)?.value || undefined;
  const fields = () => ({
    rep_id: valueOf("worth-rep"),
    segment: valueOf("worth-segment"),
    postcode_prefix: valueOf("worth-postcode"),
    days: valueOf("worth-days"),
    to: valueOf("worth-to"),
  });
  return made;
}

function text(id, label, value = "", attributes = {}) {
  const input = h("input", { id, type: "text", value, ...attributes });
  return h("div", { class: "field" }, h("label", { for: id }, label), input);
}

function outcome(answer) {
  const [low, high] = answer.worth_at;
  const guess = answer.without_position_count;
  return [
    figures([
      ["Worth a year", signed(answer.worth)],
      [`If elasticity were ${low.elasticity}`, signed(low.worth)],
      [`If elasticity were ${high.elasticity}`, signed(high.worth)],
      ["Accounts", count(answer.account_count)],
    ]),
    guess ? note(`Nobody knows where ${plural(guess, "account")} of these lie; the way to them is a guess.`) : null,
    table({ caption: "A year of these accounts", rows: rowsOf(answer), columns: COLUMNS }),
    note(displacedWords(answer.displaced)),
    answer.reps.length
      ? table({
          caption: "Hours a week in the field that the intervals ask for",
          rows: answer.reps,
          columns: [
            { title: "Rep", value: (row) => row.rep },
            { title: "Today", isNumber: true, value: (row) => decimal(row.load_before_h) },
            { title: "Then", isNumber: true, value: (row) => decimal(row.load_after_h) },
            { title: "There are", isNumber: true, value: (row) => decimal(row.capacity_h) },
            { title: "Intervals stretch", isNumber: true, hint: "Where the work exceeds the time", value: (row) => `${decimal(row.stretch_before)} → ${decimal(row.stretch_after)}` },
          ],
        })
      : null,
  ];
}

const COLUMNS = [
  { title: "", value: (row) => row.words },
  { title: "Today", isNumber: true, value: (row) => row.format(row.before) },
  { title: "Then", isNumber: true, value: (row) => row.format(row.after) },
  { title: "Change", isNumber: true, value: (row) => signedBy(row.format, row.after - row.before) },
];

function rowsOf({ before, after }) {
  const row = (words, key, format) => ({ words, format, before: before[key], after: after[key] });
  return [
    row("Visits", "visits", count),
    row("Calls and mails", "other_touches", count),
    row("Hours of everybody", "hours", count),
    row("Hours on the road", "travel_h", count),
    row("Kilometres", "travel_km", count),
    row("Sales", "sales", money),
    row("Contribution", "contribution", money),
    row("Cost", "cost", money),
    row("Contribution less cost", "net", money),
  ];
}

function displacedWords({ account_count: accounts, net }) {
  if (!accounts) return "The reps’ other accounts are visited as before.";
  const gain = net < 0 ? `lose ${money(-net)}` : `gain ${money(net)}`;
  return `${plural(accounts, "other account")} of these reps ${gain} a year, by the time that is left for them and the way from one to the next.`;
}

const signed = (value) => signedBy(money, value);

function signedBy(format, value) {
  const words = format(Math.abs(value));
  if (!/[1-9]/.test(words)) return words;
  return `${value < 0 ? "−" : "+"}${words}`;
}
