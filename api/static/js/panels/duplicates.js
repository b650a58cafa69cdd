/** Pairs of accounts that may be one, side by side; nothing is merged unless somebody says so. */

import { act, h, icon, onChange } from "../dom.js";
import { STATUS_WORDS } from "../logic/account_words.js";
import { keyOf, reasonWords } from "../logic/duplicates.js";
import { money } from "../logic/format.js";
import { addressLine } from "../logic/worklist.js";

export function mountDuplicates(el) {
  const heading = h("h2", { class: "list-heading" }, "Duplicates");
  const words = h(
    "p",
    { class: "list-facts" },
    "Accounts at the same place with similar names. None is merged before you say so.",
  );
  const list = h("ol", { class: "pairs", "aria-label": "Possible duplicates" });
  const foot = h("div", { class: "more" });
  el.append(heading, words, list, foot);

  /** What is asked before a merge: {key, keep}. */
  let asked = null;
  let shown = null;

  const draw = (state) => {
    const { status, items, next, detail, deciding, refused } = state.duplicates;
    words.hidden = items.length === 0;
    list.replaceChildren(
      ...items.map((pair) => {
        const isOpen = state.pair && keyOf(state.pair) === keyOf(pair);
        const isBusy = Boolean(deciding) && keyOf(deciding) === keyOf(pair);
        const fault = refused && keyOf(refused.pair) === keyOf(pair) ? refused.detail : null;
        return pairRow(pair, { isOpen, isBusy, fault });
      }),
    );
    if (status === "failed") foot.replaceChildren(hint("The list did not come", detail));
    else if (status === "loading" && !items.length) foot.replaceChildren(h("span", { class: "spinner" }), "Loading");
    else if (status === "ready" && !items.length) {
      foot.replaceChildren(hint("No duplicates", "No two accounts look like one."));
    } else foot.replaceChildren(...(next ? [moreButton()] : []));
  };
  const showList = onChange((state) => [state.duplicates, state.pair], () => draw(shown));

  const moreButton = () =>
    h(
      "button",
      { type: "button", class: "button button-small", onclick: () => act(el, "moreDuplicates") },
      "Show more",
    );

  function pairRow(pair, { isOpen, isBusy, fault }) {
    const key = keyOf(pair);
    const [first, second] = pair.accounts;
    const decide = (keep) => {
      asked = null;
      act(el, "decidePair", { pair, keep });
    };
    const ask = (keep) => {
      asked = keep === null ? null : { key, keep };
      draw(shown);
      list.querySelector(`[data-key="${key}"] .confirm-merge`)?.focus();
    };
    const isAsked = asked?.key === key;
    const kept = isAsked && (asked.keep === first.account_id ? first : second);
    const gone = kept === first ? second : first;
    return h(
      "li",
      { class: isOpen ? "pair is-selected" : "pair", "data-key": key },
      h(
        "div",
        { class: "pair-head" },
        h("p", { class: "item-facts" }, reasonWords(pair)),
        h(
          "button",
          {
            type: "button",
            class: "link",
            "aria-label": `Show on the map: ${first.name} and ${second.name}`,
            onclick: () => act(el, "lookAtPair", pair),
          },
          "Show on the map",
        ),
      ),
      h("div", { class: "pair-sides" }, pair.accounts.map((one, index) => side(one, index + 1))),
      fault ? h("p", { class: "field-error", role: "alert" }, fault) : null,
      isAsked
        ? h(
            "div",
            { class: "box box-notice" },
            icon("warning"),
            h(
              "div",
              {},
              h(
                "p",
                {},
                `${gone.name} goes; its visits, orders and contacts move to ${kept.name}. `,
                "This cannot be undone.",
              ),
              h(
                "div",
                { class: "item-actions" },
                h(
                  "button",
                  {
                    type: "button",
                    class: "button button-small confirm-merge",
                    disabled: isBusy,
                    onclick: () => decide(kept.account_id),
                  },
                  "Merge them",
                ),
                h(
                  "button",
                  { type: "button", class: "button button-small", onclick: () => ask(null) },
                  "Back",
                ),
              ),
            ),
          )
        : h(
            "div",
            { class: "item-actions" },
            h(
              "button",
              {
                type: "button",
                class: "button button-small",
                disabled: isBusy,
                onclick: () => decide(null),
              },
              "Two accounts",
            ),
            pair.accounts.map((one, index) =>
              h(
                "button",
                {
                  type: "button",
                  class: "button button-small",
                  disabled: isBusy,
                  "aria-label": `Merge, keep ${one.name}, number ${index + 1}`,
                  onclick: () => ask(one.account_id),
                },
                `Merge, keep ${index + 1}`,
              ),
            ),
          ),
    );
  }

  return {
    update(state) {
      shown = state;
      if (state.section !== "accounts" || state.accountsTab !== "duplicates") return;
      showList(state);
    },
  };
}

function side(account, number) {
  return h(
    "div",
    { class: "pair-side" },
    h(
      "p",
      { class: "pair-name" },
      h("span", { class: "pin-number", "aria-hidden": "true" }, String(number)),
      h(
        "button",
        {
          type: "button",
          class: "item-name",
          onclick: (event) => act(event.target, "openAccount", account.account_id),
        },
        account.name,
      ),
    ),
    h("p", {}, addressLine(account.address)),
    h(
      "p",
      { class: "card-facts" },
      [
        STATUS_WORDS[account.status],
        `potential ${money(account.potential)}`,
        ...(account.external_refs ?? []).map(({ system, external_id }) => `${system} ${external_id}`),
      ]
        .filter(Boolean)
        .join(" · "),
    ),
  );
}

const hint = (title, words) => h("div", { class: "empty" }, h("h2", {}, title), h("p", {}, words));
