/** Accounts whose pin is doubtful, those that could buy most first. */

import { act, h, icon, onChange } from "../dom.js";
import { issueWords } from "../logic/account_words.js";
import { count, money, plural } from "../logic/format.js";
import { addressLine, doubtfulCount, kindsOf } from "../logic/worklist.js";
import { skeleton } from "./listed_account.js";

export function mountWorklist(el) {
  const heading = h("h2", { class: "list-heading" }, "Doubtful pins");
  const words = h(
    "p",
    { class: "list-facts" },
    "The planner leaves these out until somebody says where they are.",
  );
  const kinds = h("div", { class: "toggles", role: "group", "aria-label": "What is doubtful" });
  const list = h("ol", { class: "way-list", "aria-label": "Doubtful pins" });
  const foot = h("div", { class: "more" });
  el.append(heading, words, kinds, list, foot);

  const showList = onChange(
    (state) => [state.worklist],
    (worklist) => {
      const { status, items, next, issue, detail } = worklist;
      const all = doubtfulCount(worklist);
      const codes = kindsOf(worklist);
      words.hidden = all === 0;
      kinds.hidden = all === 0 || codes.length < 2;
      kinds.replaceChildren(
        kind("", "All", all, issue),
        ...codes.map((code) => kind(code, issueWords(code), worklist.counts[code] ?? 0, issue)),
      );
      list.replaceChildren(...items.map(row));
      if (status === "failed") foot.replaceChildren(hint("The list did not come", detail));
      else if (status === "loading" && !items.length) foot.replaceChildren(skeleton(5));
      else if (status === "ready" && !items.length) {
        foot.replaceChildren(hint("Every pin can be relied on", "Nothing is left to look at here."));
      } else foot.replaceChildren(...(next ? [moreButton()] : []));
    },
  );

  const showOpen = onChange(
    (state) => [state.pin?.accountId, state.worklist],
    (openId) => {
      for (const item of list.children) {
        const isOpen = item.dataset.id === openId;
        item.classList.toggle("is-selected", isOpen);
        if (isOpen) item.scrollIntoView({ block: "nearest" });
      }
    },
  );

  const kind = (code, text, number, chosen) =>
    h(
      "label",
      { class: "toggle" },
      h("input", {
        type: "radio",
        name: "worklist-issue",
        checked: code === chosen,
        onchange: () => act(el, "filterWorklist", code),
      }),
      h("span", {}, `${text} `, h("strong", {}, count(number))),
    );

  const moreButton = () =>
    h(
      "button",
      { type: "button", class: "button button-small", onclick: () => act(el, "moreDoubtful") },
      "Show more",
    );

  return {
    update(state) {
      if (state.section !== "accounts" || state.accountsTab !== "pins") return;
      showList(state);
      showOpen(state);
    },
  };
}

function row(item) {
  const { account_id, name, address, location, potential } = item;
  const others = location.alternatives?.length ?? 0;
  return h(
    "li",
    { class: "way-item account-row", "data-id": account_id },
    h(
      "div",
      { class: "item-title" },
      h(
        "button",
        {
          type: "button",
          class: "item-name",
          onclick: (event) => act(event.target, "openDoubtful", item),
        },
        name,
      ),
      potential === undefined
        ? null
        : h("span", { class: "item-prize", title: "Potential a year" }, money(potential)),
    ),
    h("p", { class: "item-facts" }, addressLine(address) || "No address"),
    h(
      "p",
      { class: "row-issue" },
      icon("warning"),
      [issueWords(location.issue), others ? plural(others, "place") + " to choose from" : ""]
        .filter(Boolean)
        .join(" · "),
    ),
  );
}

const hint = (title, words) => h("div", { class: "empty" }, h("h2", {}, title), h("p", {}, words));
