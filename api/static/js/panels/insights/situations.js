/** Special situations: reasons to visit that no figure knows. */

import { h } from "../../dom.js";
import { segmentWords } from "../../logic/account_words.js";
import { addDays, plainDate } from "../../logic/calendar.js";
import { count, decimal, money } from "../../logic/format.js";
import { choice, controls, heading, table } from "./parts.js";
import { reasonForm } from "./policy.js";
import { segmentChoice } from "./scope.js";

const KINDS = { open_order: "A large open order", new_market: "A new market", other: "Something else" };
const USUAL_DAYS = 28;

/** @returns {(Node | null)[]} */
export function situations(items, tools) {
  return [
    heading("Special situations"),
    table({
      caption: "Reasons to visit that no figure knows",
      columns: [
        { title: "Why", value: (one) => one.reason },
        { title: "What", value: (one) => KINDS[one.kind] ?? one.kind },
        { title: "Whom", value: whom },
        { title: "Accounts", value: (one) => count(one.accounts), isNumber: true },
        { title: "Prize", value: prize },
        { title: "Required", value: (one) => (one.must_visit ? "yes" : "no") },
        { title: "From", value: (one) => plainDate(one.from_date) },
        { title: "Until", value: (one) => plainDate(one.expires_on) },
        { title: "", value: (one) => endButton(one, tools) },
      ],
      rows: items,
      rowClass: (one) => (one.active ? "" : "is-over"),
      empty: "There is none.",
    }),
    form(tools),
  ];
}

function whom(one) {
  if (one.account_id) return one.account ?? `Account ${one.account_id}`;
  const parts = [];
  if (one.segment) parts.push(segmentWords(one.segment));
  if (one.postcode_prefix) parts.push(`postcodes ${one.postcode_prefix}…`);
  return parts.join(", ");
}

function prize(one) {
  const parts = [];
  if (one.prize_factor !== 1) parts.push(`× ${decimal(one.prize_factor)}`);
  if (one.prize_extra) parts.push(`+ ${money(one.prize_extra)}`);
  return parts.join(" ") || "as it is";
}

function endButton(one, { run, dataset }) {
  if (one.expires_on <= dataset.as_of) return "over";
  return h(
    "button",
    {
      type: "button",
      class: "button button-small",
      "aria-label": `End: ${one.reason}`,
      onclick: () =>
        run(
          (service) => service.write("DELETE", `/special-situations/${one.situation_id}`),
          "The special situation has ended.",
        ),
    },
    "End",
  );
}

function form({ run, dataset }) {
  const field = (id, label, facts) => {
    const input = h("input", { id, autocomplete: "off", ...facts });
    return { input, el: h("div", { class: "field" }, h("label", { for: id }, label), input) };
  };
  let kind = "open_order";
  let segment = "";
  const account = field("situation-account", "Account number", {
    type: "text",
    inputmode: "numeric",
    pattern: "[0-9]{1,10}",
    title: "The number in the address of its card",
  });
  const region = field("situation-region", "or postcodes that begin with", { type: "text", maxlength: "10" });
  const factor = field("situation-factor", "Prize times", {
    type: "number",
    min: "1",
    max: "10",
    step: "0.1",
    value: "1",
    required: true,
  });
  const extra = field("situation-extra", "plus", { type: "number", min: "0", max: "1000000", step: "any", value: "0", required: true });
  const until = field("situation-until", "Until", {
    type: "date",
    min: addDays(dataset.as_of, 1),
    value: addDays(dataset.as_of, USUAL_DAYS),
    required: true,
  });
  const must = h("input", { id: "situation-must", type: "checkbox" });
  const said = (reason) => ({
    kind,
    account_id: account.input.value.trim() || undefined,
    segment: segment || undefined,
    postcode_prefix: region.input.value.trim() || undefined,
    prize_factor: Number(factor.input.value),
    prize_extra: Number(extra.input.value),
    must_visit: must.checked,
    expires_on: until.input.value,
    reason,
  });
  return reasonForm({
    title: "Give a reason to visit",
    id: "situation",
    parts: [
      controls(
        choice({
          id: "situation-kind",
          label: "What",
          options: Object.entries(KINDS),
          value: kind,
          onChange: (value) => (kind = value),
        }),
        account.el,
        segmentChoice("situation-segment", "", (value) => (segment = value)),
        region.el,
      ),
      controls(
        factor.el,
        extra.el,
        until.el,
        h("label", { class: "check", for: must.id }, must, h("span", {}, "A visit is required")),
      ),
    ],
    words: "Add",
    onSubmit: (reason) =>
      run(
        (service) => service.write("POST", "/special-situations", said(reason)),
        "The special situation counts from now on.",
      ),
  });
}
