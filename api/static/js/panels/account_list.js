/** The accounts that pass the filter, page by page. */

import { act, h, icon, onChange } from "../dom.js";
import { issueWords, segmentWords } from "../logic/account_words.js";
import { shownFigure } from "../logic/account_list.js";
import { dueMark } from "./due_mark.js";
import { listedAccount, skeleton } from "./listed_account.js";

export function mountAccountList(el) {
  const list = h("ol", { class: "way-list account-list", "aria-label": "Accounts" });
  const foot = h("div", { class: "more" });
  el.append(list, foot);
  /** Rows by what they were made from, so that another page does not make the first ones anew. */
  let rows = new Map();

  const showList = onChange(
    (state) => [state.accountList, state.sort],
    ({ status, items, next, detail }, sort) => {
      el.setAttribute("aria-busy", String(status === "loading"));
      list.classList.toggle("is-stale", status === "loading");
      if (status === "failed") {
        rows = new Map();
        list.replaceChildren();
        foot.replaceChildren(hint("The list did not come", detail));
        return;
      }
      const fresh = new Map(items.map((item) => [item, rows.get(item) ?? accountRow(item, sort)]));
      const isLonger = [...rows.keys()].every((item, index) => items[index] === item);
      if (isLonger) for (const item of items.slice(rows.size)) list.append(fresh.get(item));
      else list.replaceChildren(...fresh.values());
      rows = fresh;
      if (status === "loading" && !items.length) foot.replaceChildren(skeleton(8));
      else if (status === "loading") foot.replaceChildren();
      else if (!items.length && status === "ready") foot.replaceChildren(hint("No account fits", "Take a filter away, or search for less."));
      else foot.replaceChildren(...(next ? [moreButton(el)] : []));
    },
  );

  const showOpen = onChange(
    (state) => [state.account?.id, state.accountList],
    (openId) => {
      for (const [{ account_id }, row] of rows) {
        row.classList.toggle("is-selected", account_id === openId);
      }
    },
  );

  return {
    update(state) {
      showList(state);
      showOpen(state);
    },
  };
}

const moreButton = (el) =>
  h(
    "button",
    { type: "button", class: "button button-small", onclick: () => act(el, "moreAccounts") },
    "Show more",
  );

const hint = (title, words) => h("div", { class: "empty" }, h("h2", {}, title), h("p", {}, words));

function accountRow(item, sort) {
  const [figure, title] = shownFigure(item, sort);
  return listedAccount(
    item,
    item.position,
    "account-row",
    h("span", { class: "item-prize", title }, figure),
    h(
      "p",
      { class: "row-facts" },
      dueMark(item.due),
      h("span", {}, [
        `${item.postcode ?? ""} ${item.town ?? ""}`.trim(),
        segmentWords(item.segment),
        item.owner,
      ]
        .filter(Boolean)
        .join(" · ")),
    ),
    item.location_issue
      ? h("p", { class: "row-issue" }, icon("warning"), issueWords(item.location_issue))
      : null,
  );
}
