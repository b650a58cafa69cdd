/** Everyone who is not in the plan, by reason; the shortlisted one by one, the rest on request. */

import { act, h, onChange } from "../dom.js";
import { fixActions } from "../logic/fixes.js";
import { fixButtons } from "./fix_buttons.js";
import { count, duration, money } from "../logic/format.js";
import { groupLeftOut } from "../logic/left_out.js";
import { isOutdated, isUnderWay } from "../logic/standing.js";

const FIRST = 10;

export function mountLeftOut(el) {
  let groups = new Map();

  let form = null;

  const showGroups = onChange(
    (state) => [state.route, state.revisions],
    (route, revisions) => {
      groups = new Map();
      if (!route) {
        el.replaceChildren(
          h(
            "div",
            { class: "empty" },
            h("h2", {}, "Nobody is left out yet"),
            h(
              "p",
              {},
              "Once a trip is planned, this list says for every account why it is not in the plan.",
            ),
          ),
        );
        return;
      }
      const open = new Set([...el.querySelectorAll(".group[open]")].map((one) => one.dataset.code));
      const make = (item) => leftOutItem(item, route, revisions, form);
      const folds = groupLeftOut(route).map((group) => {
        const fold = groupFold(el, group, make);
        fold.element.open = open.has(group.code);
        groups.set(group.code, fold);
        return fold.element;
      });
      el.replaceChildren(h("h2", { class: "list-heading" }, "Left out, and why"), ...folds);
    },
  );

  const showPages = onChange(
    (state) => [state.leftOut, state.route],
    (pages) => {
      for (const [code, page] of Object.entries(pages)) groups.get(code)?.showPage(page);
    },
  );

  return {
    update(state) {
      form = state.form;
      showGroups(state);
      showPages(state);
    },
  };
}

/** @param {(item: import("../types.js").LeftOut) => HTMLElement} make */
function groupFold(el, group, make) {
  const named = new Set(group.named.map((item) => item.account_id));
  const shortlist = h("ul", { class: "left-out-list" });
  const others = h("ul", { class: "left-out-list" });
  const more = h("div", { class: "more" });
  const rest = h("div", { class: "more" });
  const element = h(
    "details",
    { class: "group", "data-code": group.code },
    h(
      "summary",
      {},
      h("span", { class: "group-title" }, group.title),
      h("span", { class: "group-count" }, count(group.count)),
    ),
    h("p", { class: "group-note" }, group.note),
    shortlist,
    more,
    others,
    rest,
  );
  let isFilled = false;
  element.addEventListener("toggle", () => {
    if (element.open && !isFilled) {
      isFilled = true;
      showNamed(FIRST);
      showPage({ items: [], next: null });
    }
  });

  function showNamed(most) {
    shortlist.replaceChildren(
      ...group.named.slice(0, most).map(make),
    );
    const hidden = group.named.length - most;
    more.replaceChildren(
      ...(hidden > 0
        ? [moreButton(`Show ${count(hidden)} more`, () => showNamed(group.named.length))]
        : []),
    );
  }

  function showPage({ items, next, loading, failed }) {
    const unseen = items.filter((item) => !named.has(item.account_id));
    others.replaceChildren(...unseen.map(make));
    const left = group.rest - unseen.length;
    const isDone = group.rest === 0 || (items.length > 0 && !next);
    if (isDone) rest.replaceChildren();
    else if (loading) rest.replaceChildren(h("span", { class: "spinner" }), "Loading");
    else {
      const words = unseen.length
        ? "Show more"
        : `Look up the ${group.named.length ? "other " : ""}${count(left)}`;
      rest.replaceChildren(
        failed ? h("p", { class: "field-error" }, failed) : "",
        moreButton(words, () => act(el, "lookUpLeftOut", group.code)),
      );
    }
  }

  return { element, showPage };
}

const moreButton = (words, onclick) =>
  h("button", { type: "button", class: "button button-small", onclick }, words);

function leftOutItem(item, route, revisions, form) {
  // What has been accepted or planned anew is not planned from its beginning again.
  const isBound = isUnderWay(route, revisions);
  const fixes = isBound ? [] : fixActions(item, form, route);
  const name = item.name ?? `Account ${item.account_id ?? item.appointment_id ?? item.visit_id}`;
  const id = item.account_id;
  const mark = (target) => (event) => act(event.target, "highlight", target);
  const [reason] = item.reasons;
  return h(
    "li",
    {
      class: "left-out-item",
      onpointerenter: mark(id ? { account_id: id } : null),
      onpointerleave: mark(null),
      onfocusin: mark(id ? { account_id: id } : null),
      onfocusout: mark(null),
    },
    h(
      "div",
      { class: "item-title" },
      id
        ? h(
            "button",
            {
              type: "button",
              class: "item-name",
              onclick: (event) => act(event.target, "openAccount", id),
            },
            name,
          )
        : h("span", { class: "item-name" }, name),
      item.prize === undefined
        ? null
        : h("span", { class: "item-prize" }, money(item.prize, route.currency)),
    ),
    h(
      "p",
      { class: "item-facts" },
      [item.town, item.detour_s === undefined ? "" : `${duration(item.detour_s)} detour`]
        .filter(Boolean)
        .join(" · "),
    ),
    h(
      "p",
      { class: "reason" },
      reason.detail,
      reason.certainty === "best_known"
        ? h("span", { class: "tag", title: "Depends on the search" }, "best known")
        : null,
    ),
    fixes.length ? null : fixLine(reason),
    h(
      "div",
      { class: "item-actions" },
      fixButtons(fixes),
      id && !isOutdated(route, revisions)
        ? tryButton({ account_id: id, name, town: item.town })
        : null,
      id && !item.required && !item.appointment_id && !isBound
        ? mustButton({ account_id: id, name, town: item.town })
        : null,
    ),
  );
}

/** What would help, unless it is what the button below offers. */
export function fixLine({ fix }) {
  return fix && fix !== "Make it a must." ? h("p", { class: "fix" }, fix) : null;
}

/** Where it would fit into the plan that is shown, which stays as it is. */
export function tryButton(account) {
  return h(
    "button",
    {
      type: "button",
      class: "button button-small must-button",
      "aria-label": `Where would it fit: ${account.name}`,
      onclick: (event) => act(event.target, "tryVisit", account),
    },
    "Where would it fit?",
  );
}

export function mustButton(must) {
  return h(
    "button",
    {
      type: "button",
      class: "button button-small must-button",
      "aria-label": `Make it a must: ${must.name}`,
      onclick: (event) => act(event.target, "requireAccount", must),
    },
    "Make it a must",
  );
}
