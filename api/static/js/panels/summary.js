/** Top of a plan: what it is worth and what it takes. */

import { act, h, icon } from "../dom.js";
import { count, distance, duration, money, plural } from "../logic/format.js";

export function planSummary(route) {
  const { totals, currency, search } = route;
  const value = totals.net_value ?? totals.prize;
  const isFree = totals.travel_cost === 0; // The aim is the prize alone: nothing counts as a cost.
  const facts = [
    ["Visits", count(totals.visits)],
    ["Prize", money(totals.prize, currency)],
    ["Driving", duration(totals.travel_s)],
    ["Distance", distance(totals.distance_m)],
    ["Extra driving", totals.detour_s === undefined ? null : duration(totals.detour_s)],
    ["Nights", totals.nights === undefined ? null : count(totals.nights)],
  ];
  return h(
    "section",
    { class: "summary", "aria-label": "Summary" },
    h(
      "div",
      { class: "summary-value" },
      h("span", { class: "summary-number" }, money(value, currency)),
      h(
        "span",
        { class: "summary-words" },
        isFree ? "of prizes, costs not counted" : "net value above the direct trip",
      ),
    ),
    h(
      "dl",
      { class: "facts" },
      facts
        .filter(([, fact]) => fact !== null)
        .map(([label, fact]) => h("div", {}, h("dt", {}, label), h("dd", {}, fact))),
    ),
    h(
      "p",
      { class: "summary-search" },
      `Best found among ${count(search.accounts_considered)} accounts, ${count(search.shortlisted)} ` +
        `of them compared in detail, in ${(search.elapsed_ms / 1000).toFixed(1)} s.`,
    ),
  );
}

/** Musts that were not kept, places that were ambiguous, and what else the answer warns of. */
export function planWarnings(route, missed) {
  const boxes = [];
  if (missed.length) boxes.push(missedBox(missed));
  for (const { code, detail, pointer = "" } of route.warnings) {
    const end = /^\/(start|end)/.exec(pointer)?.[1];
    if (code === "AMBIGUOUS_PLACE" && end) boxes.push(ambiguousBox(end, route[end]));
    else boxes.push(box("notice", h("p", {}, detail)));
  }
  return h("div", { class: "warnings" }, boxes);
}

const box = (kind, ...content) =>
  h("div", { class: `box box-${kind}` }, icon("warning"), h("div", {}, content));

function missedBox(missed) {
  return box(
    "problem",
    h("h3", {}, `${plural(missed.length, "must")} could not be kept`),
    h(
      "ul",
      { class: "missed" },
      missed.map((item) =>
        h(
          "li",
          {},
          h("strong", {}, item.name ?? `Account ${item.account_id ?? item.visit_id}`),
          h("span", {}, ` ${item.reasons[0].detail}`),
          item.reasons[0].fix ? h("span", { class: "fix" }, ` ${item.reasons[0].fix}`) : null,
          item.account_id
            ? h(
                "button",
                {
                  type: "button",
                  class: "link",
                  onclick: (event) => act(event.target, "dropMust", item.account_id),
                },
                "No longer a must",
              )
            : null,
        ),
      ),
    ),
    h("p", {}, "The rest is planned."),
  );
}

function ambiguousBox(end, { name, alternatives = [] }) {
  const field = end === "start" ? "from" : "to";
  const take = (other) => (event) => {
    const { target } = event;
    act(target, "changeForm", { [field]: { text: other.name, query: { place: other.name } } });
    act(target, "planTrip");
  };
  return box(
    "notice",
    h("p", {}, `Several places have this name; ${name} was taken, the largest. Plan with another:`),
    h(
      "div",
      { class: "suggestions" },
      alternatives
        .slice(0, 5)
        .map((other) =>
          h(
            "button",
            { type: "button", class: "button button-small", onclick: take(other) },
            other.name,
          ),
        ),
    ),
  );
}
