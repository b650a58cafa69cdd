/** What the accounts of the filter, or of an area drawn on the map, add up to. */

import { act, h, icon, onChange } from "../dom.js";
import { count, plural, roughMoney } from "../logic/format.js";
import { summaryGroups } from "../logic/summary.js";

export function mountSummaryOfAccounts(el) {
  const heading = h("h3", { id: "accounts-summary-heading" });
  const facts = h("dl", { class: "facts" });
  const groups = h("div", { class: "summary-groups" });
  const fold = h(
    "details",
    { class: "fold" },
    h("summary", {}, h("span", { class: "fold-title" }, "By due state, segment and owner")),
    groups,
  );
  const drop = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Drop the area" },
    icon("close"),
  );
  el.append(h("header", { class: "task-head" }, heading, drop), facts, fold);

  return {
    update: onChange(
      (state) => [state.summary, state.filter],
      ({ answer, status }, filter) => {
        el.hidden = !answer || answer.count === 0;
        if (el.hidden) return;
        el.setAttribute("aria-busy", String(status === "loading"));
        heading.textContent = filter.area ? "In the drawn area" : "Altogether";
        heading.classList.toggle("visually-hidden", !filter.area);
        el.classList.toggle("is-area", Boolean(filter.area));
        drop.hidden = !filter.area;
        drop.onclick = () => act(el, "filterAccounts", { ...filter, area: null });
        const share = Math.round((answer.overdue / answer.count) * 100);
        facts.replaceChildren(
          ...[
            ["Potential", roughMoney(answer.potential), " a year"],
            ["Overdue", count(answer.overdue), ` ${share} %`],
            ["Visit value", roughMoney(answer.visit_value), ""],
          ].map(([label, value, more]) =>
            h("div", {}, h("dt", {}, label), h("dd", {}, value, h("span", {}, more))),
          ),
        );
        groups.replaceChildren(...summaryGroups(answer).map(group));
      },
    ),
  };
}

/** The same in short, over the map of a phone. */
export function mountAreaBar(el) {
  const words = h("p", {});
  const drop = h(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Drop the area" },
    icon("close"),
  );
  el.append(
    words,
    h(
      "button",
      {
        type: "button",
        class: "button button-small",
        onclick: () => act(el, "showView", "list"),
      },
      "Show in list",
    ),
    drop,
  );
  return {
    update: onChange(
      (state) => [state.summary, state.filter, state.section, state.pin, state.accountsTab],
      ({ answer, status }, filter, section, pin, tab) => {
        el.hidden = !filter.area || section !== "accounts" || pin !== null || tab !== "list";
        if (el.hidden) return;
        drop.onclick = () => act(el, "filterAccounts", { ...filter, area: null });
        if (status !== "ready" || !answer) words.textContent = "Adding up …";
        else {
          words.replaceChildren(
            h("strong", {}, plural(answer.count, "account")),
            ` · ${count(answer.overdue)} overdue · ${roughMoney(answer.potential)}`,
          );
        }
      },
    ),
  };
}

const group = ({ title, lines }) =>
  h(
    "section",
    {},
    h("h4", {}, title),
    h(
      "ul",
      { class: "bars" },
      lines.map(({ text, count: number, share }) =>
        h(
          "li",
          {},
          h("span", { class: "bar-text" }, text),
          h("span", { class: "bar", style: { "--share": `${share * 100}%` } }),
          h("span", { class: "bar-count" }, count(number)),
        ),
      ),
    ),
  );
