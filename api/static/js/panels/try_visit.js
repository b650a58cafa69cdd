/** Another visit tried in the plan: its slots, best first, with what each costs and displaces. */

import { act, h, onChange } from "../dom.js";
import { duration, money } from "../logic/format.js";
import {
  movedRows,
  slotCost,
  slotDisplaced,
  slotGain,
  slotMoved,
  slotPlace,
  slotTime,
} from "../logic/slots.js";
import { accountMarkup, mountAccountField } from "./account_field.js";
import { closeOnEscape, errorBox, showErrors, taskHead } from "./task.js";

export function mountTryVisit(el, service) {
  const field = accountMarkup("task-account", "Customer");
  field.dataset.field = "account";
  const input = field.querySelector("input");
  const found = h("div", { class: "trial" });
  mountAccountField(field, service.findAccounts.bind(service), (account) =>
    act(el, "tryVisit", account),
  );
  field.append(errorBox("account"));
  el.append(taskHead("try-heading", "Try a visit"), field, found);
  closeOnEscape(el);

  const showOpen = onChange(
    (state) => [state.task === "try" && state.route !== null],
    (isOpen) => {
      el.hidden = !isOpen;
      if (isOpen) input.focus({ preventScroll: true });
    },
  );

  const showTrial = onChange(
    (state) => [state.trial, state.route],
    (trial, route) => {
      showErrors(field, trial?.status === "failed" ? [{ field: "account", detail: trial.detail }] : []);
      found.replaceChildren(...(trial ? trialOf(trial, route) : []));
      if (!trial) return;
      const heading = found.querySelector("h4");
      if (trial.status === "ready") heading.focus({ preventScroll: true });
      if (trial.status !== "loading") heading.scrollIntoView({ block: "start" });
    },
  );

  const showFaults = onChange(
    (state) => [state.taskErrors, state.working],
    (errors, working) => {
      if (el.hidden) return;
      for (const button of found.querySelectorAll("button.take")) {
        button.disabled = working !== null;
      }
      found
        .querySelector(".take-error")
        ?.replaceChildren(...errors.map(({ detail }) => h("p", {}, detail)));
    },
  );

  return {
    update(state) {
      showOpen(state);
      showTrial(state);
      showFaults(state);
    },
  };
}

function trialOf({ account, status, answer }, route) {
  const heading = h(
    "h4",
    { class: "trial-name", tabindex: "-1" },
    account.name,
    account.town ? h("span", { class: "stop-word" }, ` ${account.town}`) : null,
  );
  if (status === "loading") {
    return [heading, h("p", { class: "more" }, h("span", { class: "spinner" }), "Trying every gap")];
  }
  if (status === "failed") return [heading];
  const { slots, reason, prize, currency, service_duration_s: serviceS, warnings = [] } = answer;
  return [
    heading,
    h(
      "p",
      { class: "item-facts" },
      `Worth ${money(prize, currency)} now · ${duration(serviceS)} there`,
    ),
    ...warnings.map(({ detail }) => h("p", { class: "hint" }, detail)),
    reason ? h("p", { class: "reason" }, reason.detail) : "",
    reason?.fix ? h("p", { class: "fix" }, reason.fix) : "",
    h("div", { class: "field-error take-error", role: "alert" }),
    slots.length
      ? h(
          "ol",
          { class: "slots", "aria-label": "Slots, best first" },
          slots.map((slot) => slotItem(slot, account, route, currency)),
        )
      : h("p", { class: "trial-none" }, "There is no slot for it."),
  ];
}

function slotItem(slot, account, route, currency) {
  const time = slotTime(slot, route.timezone);
  const displaced = slotDisplaced(slot);
  const moved = slotMoved(slot);
  return h(
    "li",
    { class: "slot" },
    h(
      "div",
      { class: "item-title" },
      h("span", { class: "item-name" }, time),
      h(
        "span",
        { class: `item-prize ${slot.net_change < 0 ? "is-loss" : "is-gain"}` },
        h("span", { class: "visually-hidden" }, "changes the net value by "),
        slotGain(slot, currency),
      ),
    ),
    h("p", { class: "item-facts" }, slotPlace(slot)),
    h("p", { class: "item-facts" }, slotCost(slot, currency)),
    displaced ? h("p", { class: "slot-displaced" }, displaced) : null,
    moved
      ? h(
          "details",
          { class: "why" },
          h("summary", {}, h("span", {}, moved)),
          h(
            "dl",
            { class: "why-rows" },
            movedRows(slot).map(([name, words]) =>
              h("div", {}, h("dt", {}, name), h("dd", {}, words)),
            ),
          ),
        )
      : null,
    h(
      "button",
      {
        type: "button",
        class: "button button-small take",
        "aria-label": `Take the slot ${time} for ${account.name}`,
        onclick: (event) => act(event.target, "takeSlot", slot),
      },
      "Take this slot",
    ),
  );
}
