/** The round of a month: the model's figure beside the rep's, and what was agreed. */

import { h } from "../../dom.js";
import { count, money } from "../../logic/format.js";
import { monthName, signedShare } from "../../logic/rounds_words.js";
import { choice, figures, heading, note, table } from "./parts.js";

const STATUS = { open: "open", closed: "closed", over: "over, not closed" };

export const roundPart = {
  name: "month",
  title: "Month",

  async load(service, { month }) {
    const list = await service.read("/planning-rounds");
    const known = list.items.map((one) => one.month);
    const wanted = month ?? known[0] ?? list.openable[0];
    const round = known.includes(wanted) ? await service.read(`/planning-rounds/${wanted}`) : null;
    return { list, month: wanted, round };
  },

  controls({ list, month }, { ask, query }) {
    const options = [
      ...list.items.map((one) => [one.month, `${monthName(one.month)} (${STATUS[one.status]})`]),
      ...list.openable.map((one) => [one, `${monthName(one)} (not opened)`]),
    ].sort(([one], [other]) => one.localeCompare(other));
    return [
      choice({
        id: "rounds-month",
        label: "Month",
        options,
        value: month,
        onChange: (wanted) => ask({ ...query, month: wanted, edit: undefined }),
      }),
    ];
  },

  view({ list, month, round }, tools) {
    if (!round) return unopened(list, month, tools);
    const edited = round.figures.find(({ rep_id }) => rep_id === tools.query.edit);
    return [
      sums(round),
      round.status === "open" ? null : note(closedWords(round)),
      edited && round.status === "open" ? editor(edited, round, tools) : null,
      round.status === "open" && !edited ? together(round, tools) : null,
      byRep(round, tools),
      round.status === "closed" ? null : closing(round, tools),
    ];
  },
};

function unopened(list, month, { run }) {
  if (!list.openable.includes(month)) {
    return [note(`There is no planning round for ${monthName(month)}, and it can no longer be opened.`)];
  }
  const open = () =>
    run(
      (service) => service.write("POST", "/planning-rounds", { month }),
      `The round of ${monthName(month)} is open.`,
    );
  return [
    note(
      `Nobody plans ${monthName(month)} yet. Opening its round keeps what the model expects of each ` +
        "rep’s accounts as it is now, so that the reps’ own figures can be put beside it.",
    ),
    h(
      "div",
      {},
      h("button", { type: "button", class: "button button-primary", onclick: open }, `Open ${monthName(month)}`),
    ),
  ];
}

function sums(round) {
  const told = `${count(round.told_count)} of ${count(round.rep_count)} reps`;
  return figures([
    ["Model, top-down", money(round.top_down), "As it was when the round was opened"],
    ["Reps, bottom-up", round.told_count ? money(round.bottom_up) : "–", `Of ${told} who gave a figure`],
    ["Reps who gave a figure", told],
    ["Agreed", round.agreed_count ? money(round.agreed) : "–"],
    ["Reps agreed", `${count(round.agreed_count)} of ${count(round.rep_count)}`],
    round.actual === undefined ? null : ["Sold so far", money(round.actual)],
  ]);
}

const closedWords = ({ status, month }) =>
  status === "closed"
    ? `The round of ${monthName(month)} is closed; its figures stay as they are.`
    : `${monthName(month)} is over, so that its figures stay as they are. The round can be closed.`;

function byRep(round, { ask, query }) {
  const isOpen = round.status === "open";
  const name = (row) =>
    isOpen
      ? h(
          "button",
          {
            type: "button",
            class: "item-name",
            id: `round-rep-${row.rep_id}`,
            onclick: () => ask({ ...query, edit: row.rep_id }),
          },
          row.rep,
        )
      : row.rep;
  const some = (value) => (value === undefined ? undefined : money(value));
  return table({
    caption: `${monthName(round.month)} by rep, the largest difference first`,
    rows: round.figures,
    empty: "There is no representative yet.",
    columns: [
      { title: "Rep", value: name },
      { title: "Accounts", isNumber: true, value: (row) => count(row.account_count) },
      { title: "Model", isNumber: true, value: (row) => some(row.top_down) },
      { title: "Rep says", isNumber: true, hint: "Bottom-up", value: (row) => some(row.bottom_up) },
      { title: "Difference", isNumber: true, hint: "Rep less model", value: (row) => some(row.difference) },
      { title: "Share", isNumber: true, hint: "Of the model’s figure", value: (row) => signedShare(row.difference_share) },
      { title: "Agreed", isNumber: true, value: (row) => some(row.agreed) },
      round.actual === undefined
        ? null
        : { title: "Sold so far", isNumber: true, value: (row) => some(row.actual) },
      { title: "Year before", isNumber: true, hint: "Sold in the same month", value: (row) => some(row.last_year) },
      {
        title: "Notes",
        value: (row) => [row.bottom_up_note, row.agreed_note].filter(Boolean).join(" · ") || undefined,
      },
    ].filter(Boolean),
  });
}

/** What one rep says, and what is agreed with them. */
function editor(row, round, { run, ask, query }) {
  const bottomUp = amount("round-bottom-up", "Rep says", row.bottom_up);
  const bottomUpNote = words("round-bottom-up-note", "Why", row.bottom_up_note);
  const agreed = amount("round-agreed", "Agreed", row.agreed);
  const agreedNote = words("round-agreed-note", "Note", row.agreed_note);
  const leave = () => ask({ ...query, edit: undefined });
  const save = async (event) => {
    event.preventDefault();
    const body = { withdraw: [] };
    for (const [key, input] of [
      ["bottom_up", bottomUp.input],
      ["agreed", agreed.input],
    ]) {
      if (input.value !== "") body[key] = Number(input.value);
      else if (row[key] !== undefined) body.withdraw.push(key);
    }
    if (body.bottom_up !== undefined) body.bottom_up_note = bottomUpNote.input.value;
    if (body.agreed !== undefined) body.agreed_note = agreedNote.input.value;
    const isEmpty = Object.keys(body).length === 1 && !body.withdraw.length;
    if (isEmpty) return leave();
    const address = `/planning-rounds/${round.month}/figures/${row.rep_id}`;
    const seen = row.version === undefined ? {} : { "If-Match": `"${row.version}"` };
    const isDone = await run(
      (service) => service.write("PUT", address, body, seen),
      `The figures of ${row.rep} are saved.`,
    );
    if (isDone) leave();
  };
  const take = (value) => () => {
    agreed.input.value = value;
    agreed.input.focus();
  };
  return h(
    "form",
    { class: "insight-form", onsubmit: save, "aria-label": `Figures of ${row.rep}` },
    heading(`${row.rep}, ${monthName(round.month)}`),
    note(
      row.top_down === undefined
        ? "Came after the round was opened; with the first figure the model’s of today is kept. "
        : `The model expects ${money(row.top_down)} of ${count(row.account_count)} accounts. `,
      `In the same month a year before ${money(row.last_year)} were sold.`,
    ),
    h("div", { class: "insight-controls" }, bottomUp.field, bottomUpNote.field),
    h("div", { class: "insight-controls" }, agreed.field, agreedNote.field),
    h(
      "div",
      { class: "insight-actions" },
      h("button", { type: "submit", class: "button button-primary" }, "Save"),
      row.top_down === undefined
        ? null
        : h("button", { type: "button", class: "button", onclick: take(row.top_down) }, "Agree on the model’s"),
      row.bottom_up === undefined
        ? null
        : h("button", { type: "button", class: "button", onclick: take(row.bottom_up) }, "Agree on the rep’s"),
      h("button", { type: "button", class: "button", onclick: leave }, "Cancel"),
    ),
  );
}

function amount(id, label, value) {
  const input = h("input", { id, type: "number", min: "0", max: "1000000000", step: "any", inputmode: "decimal", value });
  return { input, field: h("div", { class: "field" }, h("label", { for: id }, label), input) };
}

function words(id, label, value) {
  const input = h("input", { id, type: "text", maxlength: "500", value });
  return { input, field: h("div", { class: "field field-grow" }, h("label", { for: id }, label), input) };
}

/** What lies close together needs no talk. */
function together(round, { run }) {
  const open = round.figures.filter((row) => row.agreed === undefined && row.bottom_up !== undefined);
  if (!open.length) {
    return note("Choose a rep to write down what they say, and what you agree on.");
  }
  const within = choiceOf("round-within", "Where they differ by at most", [
    ["0.05", "5 %"],
    ["0.1", "10 %"],
    ["0.2", "20 %"],
  ]);
  const take = choiceOf("round-take", "agree on", [
    ["bottom_up", "the rep’s figure"],
    ["top_down", "the model’s figure"],
  ]);
  const agree = () =>
    run(
      (service) =>
        service.write("POST", `/planning-rounds/${round.month}/agreements`, {
          take: take.select.value,
          within_share: Number(within.select.value),
        }),
      "Agreed where both lie close together.",
    );
  return h(
    "div",
    { class: "insight-controls" },
    within.field,
    take.field,
    h("button", { type: "button", class: "button", onclick: agree }, "Agree"),
  );
}

function closing(round, { run }) {
  const left = round.rep_count - round.agreed_count;
  const rest = choiceOf("round-rest", "Where nothing is agreed count", [
    ["bottom_up", "the reps’ figures, or else the model’s"],
    ["top_down", "the model’s figures"],
  ]);
  const close = () =>
    run(
      (service) =>
        service.write(
          "POST",
          `/planning-rounds/${round.month}/close`,
          left ? { rest: rest.select.value } : {},
        ),
      `The round of ${monthName(round.month)} is closed.`,
    );
  return h(
    "div",
    { class: "insight-controls" },
    left ? rest.field : null,
    h(
      "button",
      { type: "button", class: "button", onclick: close },
      left ? `Close with ${count(left)} not agreed` : "Close the round",
    ),
  );
}

function choiceOf(id, label, options) {
  const field = choice({ id, label, options, value: options[0][0], onChange: () => {} });
  return { field, select: field.querySelector("select") };
}
