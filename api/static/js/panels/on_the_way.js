/** Customers on the way between the two ends, with or without a plan. */

import { act, h, icon, onChange } from "../dom.js";
import { count, distance, duration, money, percent } from "../logic/format.js";
import { dueMark } from "./due_mark.js";
import { mustButton } from "./left_out.js";
import { listedAccount, skeleton } from "./listed_account.js";

const SORTS = [
  ["value_for_time", "Value for time"],
  ["prize", "Prize"],
  ["potential", "Potential"],
  ["customer_value", "Customer value"],
  ["churn_risk", "Churn risk"],
  ["detour", "Detour"],
];

const IDLE = {
  trip: "Fill in from and to, and everyone on the way is listed here.",
  week: "A week begins and ends at home. Of a trip, everyone on the way is listed here.",
};

export function mountOnTheWay(el) {
  const heading = h("h2", { class: "list-heading" }, "Customers on the way");
  const facts = h("p", { class: "list-facts" });
  const select = h(
    "select",
    { id: "on-the-way-sort", onchange: (event) => act(el, "sortOnTheWay", event.target.value) },
    SORTS.map(([value, words]) => h("option", { value }, words)),
  );
  const sortRow = h(
    "div",
    { class: "sort-row" },
    h("label", { for: "on-the-way-sort" }, "Sort by"),
    select,
  );
  const body = h("div", {});
  el.append(heading, facts, sortRow, body);

  const showList = onChange(
    (state) => [state.onTheWay, state.form.musts, state.days, state.form.mode],
    (list, musts, days, mode) => {
      select.value = list.sort;
      const isListed = list.items.length > 0;
      facts.textContent =
        list.within === undefined || list.status === "idle"
          ? ""
          : `${count(list.within)} of ${count(list.considered)} accounts lie within the detour. ` +
            `The direct way takes ${duration(list.direct_travel_s)}, ${distance(list.direct_distance_m)}.`;
      sortRow.hidden = list.status === "idle" || list.status === "failed";
      if (list.status === "idle")
        body.replaceChildren(hint(IDLE[mode]));
      else if (list.status === "failed") body.replaceChildren(hint(list.detail));
      else if (list.status === "loading" && !isListed) body.replaceChildren(skeleton(6));
      else if (!isListed)
        body.replaceChildren(
          hint("No account lies within the detour. Allow more under “Most detour per account”."),
        );
      else body.replaceChildren(...rows(list, musts, days));
    },
  );

  function rows(list, musts, days) {
    const required = new Set(musts.map((must) => must.account_id));
    const stops = new Map(days.flatMap((day) => day.stops).map((stop) => [stop.accountId, stop]));
    const row = (item) => wayItem(item, required.has(item.account_id), stops.get(item.account_id));
    return [
      h("ol", { class: "way-list" }, list.items.map(row)),
      h(
        "div",
        { class: "more" },
        list.status === "loading"
          ? [h("span", { class: "spinner" }), "Loading"]
          : list.next
            ? h(
                "button",
                {
                  type: "button",
                  class: "button button-small",
                  onclick: () => act(el, "moreOnTheWay"),
                },
                "Show more",
              )
            : "",
      ),
    ];
  }

  return { update: showList };
}

const hint = (words) => h("div", { class: "empty" }, h("p", {}, words));

function wayItem(item, isRequired, stop) {
  return listedAccount(
    item,
    item.location,
    "",
    h("span", { class: "item-prize" }, money(item.prize)),
    h(
      "p",
      { class: "item-facts" },
      dueMark(item.due),
      [
        `${item.postcode} ${item.town}`,
        `${duration(item.detour_s)} detour`,
        `potential ${money(item.potential)}`,
        item.customer_value === undefined ? null : `customer value ${money(item.customer_value)}`,
        item.churn_risk === undefined ? null : `churn risk ${percent(item.churn_risk)}`,
      ]
        .filter(Boolean)
        .join(" · "),
    ),
    stop ? h("p", { class: "is-in" }, icon("route"), `In the plan, visit ${stop.number}`) : null,
    isRequired
      ? h("p", { class: "is-must" }, icon("check"), "Must")
      : mustButton({ account_id: item.account_id, name: item.name, town: item.town }),
  );
}
