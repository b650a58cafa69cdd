/** Exceptions of an account from the engagement programme: what there is, and another one. */

import { act, h, onChange } from "../dom.js";
import { addDays } from "../logic/calendar.js";
import { exceptionBody, exceptionWords, lastingExceptions } from "../logic/exceptions.js";

const USUAL_DAYS = 182;

export function mountExceptions() {
  let accountId = null;
  let addedBefore = 0;
  const list = h("ul", { class: "next-steps" });
  const strategic = h("input", { id: "exception-strategic", type: "checkbox" });
  const field = (id, label, facts) => {
    const input = h("input", { id, autocomplete: "off", ...facts });
    return { input, el: h("div", { class: "field" }, h("label", { for: id }, label), input) };
  };
  const interval = field("exception-interval", "Days between visits", {
    type: "number",
    min: "1",
    max: "3650",
    step: "any",
    placeholder: "as its segment",
  });
  const minutes = field("exception-minutes", "Minutes of a visit", {
    type: "number",
    min: "0",
    max: "1440",
    placeholder: "as usual",
  });
  const until = field("exception-until", "Until", { type: "date", required: true });
  const reason = field("exception-reason", "Why", { type: "text", required: true, maxlength: "500" });
  const error = h("div", { class: "field-error", role: "alert" });
  const add = h("button", { type: "submit", class: "button button-small" }, "Add the exception");
  const form = h(
    "form",
    {
      class: "exception-form",
      onsubmit: (event) => {
        event.preventDefault();
        const body = exceptionBody({
          strategic: strategic.checked,
          interval: interval.input.value,
          minutes: minutes.input.value,
          reason: reason.input.value.trim(),
          until: until.input.value,
        });
        act(element, "addException", { id: accountId, body });
      },
    },
    h("label", { class: "check" }, strategic, h("span", {}, "Field trips may visit it")),
    h("div", { class: "exception-fields" }, interval.el, minutes.el, until.el),
    reason.el,
    error,
    add,
  );
  const fold = h("details", { class: "exception-fold" }, h("summary", {}, "Make an exception"), form);
  const element = h("section", { class: "card-part" }, h("h3", {}, "Exceptions"), list, fold);

  const show = onChange(
    ({ account, asOf }) => [account.id, account.exceptions, account.exceptionsAdded ?? 0, asOf],
    (id, items, added, asOf) => {
      if (id !== accountId || added !== addedBefore) form.reset();
      addedBefore = added;
      if (id !== accountId) fold.open = false;
      if (asOf && !until.input.value) {
        until.input.min = addDays(asOf, 1);
        until.input.value = addDays(asOf, USUAL_DAYS);
      }
      accountId = id;
      const lasting = lastingExceptions(items ?? [], asOf);
      list.replaceChildren(...lasting.map(row));
      list.hidden = lasting.length === 0;
    },
  );

  const row = (one) =>
    h(
      "li",
      {},
      h("p", {}, one.reason),
      h("p", { class: "card-facts" }, exceptionWords(one)),
      h(
        "button",
        {
          type: "button",
          class: "button button-small",
          "aria-label": `End the exception: ${one.reason}`,
          onclick: () => act(element, "endException", { id: accountId, exceptionId: one.exception_id }),
        },
        "End it",
      ),
    );

  return {
    element,
    /** @param {{id: string, exceptions?: object[], refusedException?: string | null, saving?: string | null}} account */
    update(account, asOf) {
      show({ account, asOf });
      error.textContent = account.refusedException ?? "";
      add.disabled = account.saving === "exception";
    },
  };
}
