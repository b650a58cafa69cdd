/** Top of a plan: what it is worth and what it takes. */

import { act, h, icon } from "../dom.js";
import { appointmentId, appointmentName } from "../logic/appointments.js";
import { boundSentence } from "../logic/bound.js";
import { fixActions } from "../logic/fixes.js";
import { timeParts } from "../logic/plan.js";
import { isUnderWay } from "../logic/standing.js";
import { visitId } from "../logic/visit_id.js";
import { fixButtons } from "./fix_buttons.js";
import { count, distance, duration, money, plural } from "../logic/format.js";

export function planSummary(route) {
  const { totals, currency, search } = route;
  const value = totals.net_value ?? totals.prize;
  // The aim is the prize alone: nothing counts as a cost, though there is a way.
  const isFree = totals.travel_cost === 0 && totals.travel_s > 0;
  const isRound = totals.direct_travel_s === 0; // From home and back: all driving is extra.
  const facts = [
    ["Visits", count(totals.visits)],
    ["Prize", money(totals.prize, currency)],
    ["Driving", duration(totals.travel_s)],
    ["Distance", distance(totals.distance_m)],
    isRound
      ? ["With customers", duration(totals.service_s ?? 0)]
      : ["Extra driving", totals.detour_s === undefined ? null : duration(totals.detour_s)],
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
        isFree ? "of prizes, costs not counted" : `net value above ${isRound ? "staying at home" : "the direct trip"}`,
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
      "ul",
      { class: "day-times", "aria-label": "Time of all days" },
      timeParts({
        travelS: 0, // Stands above, as does the time with customers of a round trip.
        serviceS: isRound ? 0 : (totals.service_s ?? 0),
        waitS: totals.wait_s ?? 0,
        breakS: totals.break_s ?? 0,
        setupS: totals.setup_s ?? 0,
      }).map(([words, seconds]) => h("li", {}, h("strong", {}, duration(seconds)), ` ${words}`)),
    ),
    h("p", { class: "summary-bound", "data-ref": "bound", "aria-live": "polite" }),
    h(
      "p",
      { class: "summary-search" },
      `Best found among ${count(search.accounts_considered)} accounts, ${count(search.shortlisted)} ` +
        `of them compared in detail, in ${(search.elapsed_ms / 1000).toFixed(1)} s.`,
    ),
  );
}

/** Brings the sentence on the bound up to date, which is proven after the plan is shown. */
export function showBound(el, search) {
  const line = el.querySelector('[data-ref="bound"]');
  if (!line || !search) return;
  const sentence = boundSentence(search);
  const isRunning = search.bound_state === "running";
  line.hidden = sentence === null;
  line.replaceChildren(
    ...(sentence === null ? [] : [isRunning ? h("span", { class: "spinner" }) : icon("check")]),
    sentence ?? "",
  );
}

/** Musts and appointments that were not kept, places that were ambiguous, and what else the answer warns of. */
export function planWarnings(route, revisions, missed, form) {
  const boxes = [];
  if (missed.length) boxes.push(missedBox(missed, form, route, isUnderWay(route, revisions)));
  for (const { code, detail, pointer = "" } of route.warnings) {
    const end = /^\/(start|end)/.exec(pointer)?.[1];
    if (code === "AMBIGUOUS_PLACE" && end) boxes.push(ambiguousBox(end, route[end]));
    else boxes.push(box("notice", h("p", {}, detail.replace(/ With ignore_commitments .*$/, ""))));
  }
  return h("div", { class: "warnings" }, boxes);
}

const box = (kind, ...content) =>
  h("div", { class: `box box-${kind}` }, icon("warning"), h("div", {}, content));

function missedBox(missed, form, route, isBound) {
  const agreed = missed.filter((item) => item.appointment_id).length;
  const words = [
    agreed ? plural(agreed, "appointment") : "",
    missed.length > agreed ? plural(missed.length - agreed, "must") : "",
  ];
  return box(
    "problem",
    h("h3", {}, `${words.filter(Boolean).join(" and ")} could not be kept`),
    h(
      "ul",
      { class: "missed" },
      missed.map((item) => (isBound ? boundItem(item) : missedItem(item, form, route))),
    ),
    h("p", {}, "The rest is planned."),
  );
}

/** What has been accepted or planned anew is not planned from its beginning again. */
function boundItem(item) {
  const [reason] = item.reasons;
  const name = item.name ?? `Visit ${visitId(item)}`;
  return h(
    "li",
    {},
    h("strong", {}, name),
    h("span", {}, ` ${reason.detail}`),
    reason.fix ? h("span", { class: "fix" }, ` ${reason.fix}`) : null,
    h(
      "button",
      {
        type: "button",
        class: "link",
        "aria-label": `Give it up: ${name}`,
        onclick: (event) => act(event.target, "giveUp", visitId(item)),
      },
      "Give it up",
    ),
  );
}

function missedItem(item, form, route) {
  const [reason] = item.reasons;
  const actions = fixActions(item, form, route);
  const appointment = form.appointments.find((one) => appointmentId(one) === item.appointment_id);
  const name =
    item.name ?? (appointment ? appointmentName(appointment) : `Account ${item.account_id}`);
  const dropAppointment = () => ({
    label: "Drop the appointment",
    form: { ...form, appointments: form.appointments.filter((one) => one !== appointment) },
  });
  return h(
    "li",
    {},
    h("strong", {}, name),
    h("span", {}, ` ${reason.detail}`),
    reason.fix && !actions.length ? h("span", { class: "fix" }, ` ${reason.fix}`) : null,
    fixButtons(appointment ? [...actions, dropAppointment()] : actions),
    item.required && !item.appointment_id && item.account_id
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
