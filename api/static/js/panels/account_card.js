/** One account: who it is, what it could buy, and where it stands in the plan. */

import { act, h, icon, onChange } from "../dom.js";
import { duration, money } from "../logic/format.js";
import { cardRows, dueShare } from "../logic/card.js";
import { accountDetails } from "./account_details.js";
import { mountExceptions } from "./account_exceptions.js";
import { mountNotes } from "./account_notes.js";
import { dueMark } from "./due_mark.js";
import { isOutdated, isUnderWay } from "../logic/standing.js";
import { fixLine, mustButton, tryButton } from "./left_out.js";

export function mountAccountCard(el) {
  let opener = null;
  const close = () => {
    act(el, "closeAccount");
    opener?.isConnected && opener.focus();
  };
  el.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });

  let shownId = null;
  const notes = mountNotes();
  const exceptions = mountExceptions();
  // What is written in stays in the page while the rest is drawn anew.
  const kept = h("div", {}, exceptions.element, notes.element);
  return {
    update: onChange(
      (state) => [
        state.account,
        state.form.musts,
        state.route,
        state.revisions,
        state.section,
        state.dataset?.as_of,
      ],
      (account, musts, route, revisions, section, asOf) => {
        el.hidden = !account;
        if (!account) {
          shownId = null;
          return;
        }
        if (account.id !== shownId) {
          shownId = account.id;
          opener = document.activeElement;
          el.scrollTop = 0;
        }
        if (account.card) {
          notes.update(account);
          exceptions.update(account, asOf);
        }
        const plan = { route, revisions };
        const parts = content(account, musts, plan, section, close).filter(Boolean);
        const rest = account.card
          ? [...accountDetails(account, asOf), kept]
          : [h("div", { class: "skeleton" }, h("div", {}), h("div", {}))];
        replaceBut(el, kept, [...parts, ...rest]);
        if (account.card && opener !== document.body && !el.contains(opener)) {
          el.querySelector("button").focus({ preventScroll: true });
        }
      },
    ),
  };
}

/** Without taking the one out of the page, which would cost it the focus and what is typed. */
function replaceBut(el, kept, children) {
  if (kept.parentNode !== el || children.at(-1) !== kept) {
    el.replaceChildren(...children);
    return;
  }
  for (const child of [...el.children]) if (child !== kept) child.remove();
  kept.before(...children.slice(0, -1));
}

function content(account, musts, { route, revisions }, section, close) {
  const { card, leftOut, stop, id } = account;
  const known = card ?? account.known;
  const head = h(
    "header",
    { class: "card-head" },
    h(
      "div",
      {},
      h("h2", { id: "account-card-heading" }, known?.name ?? "Account"),
      h(
        "p",
        { class: "card-town" },
        known ? `${known.postcode ?? ""} ${known.town ?? ""}`.trim() : " ",
      ),
    ),
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Close the account", onclick: close },
      icon("close"),
    ),
  );
  if (!card) return [head];
  const isMust = musts.some(({ account_id }) => account_id === id);
  const share = dueShare(card);
  const must = { account_id: id, name: card.name, town: card.town };
  const isBound = route !== null && isUnderWay(route, revisions);
  return [
    head,
    h("div", { class: "card-due" }, dueMark(card.due), share === null ? null : dueBar(share)),
    h(
      "dl",
      { class: "card-rows" },
      cardRows(card).map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))),
    ),
    stop
      ? h("p", { class: "card-plan" }, `In the plan: visit ${stop.number} at ${stop.from}.`)
      : null,
    leftOut
      ? h(
          "div",
          { class: "card-plan" },
          h("h3", {}, "Why it is not in the plan"),
          h("p", {}, leftOut.reasons[0].detail),
          fixLine(leftOut.reasons[0]),
          leftOut.prize === undefined
            ? null
            : h(
                "p",
                { class: "item-facts" },
                `A visit now is worth ${money(leftOut.prize)}` +
                  (leftOut.detour_s === undefined
                    ? "."
                    : ` and takes ${duration(leftOut.detour_s)} of detour.`),
              ),
        )
      : null,
    ...(section === "accounts"
      ? [planButton(must)]
      : [
          route && !stop && !isOutdated(route, revisions) ? tryButton(must) : null,
          ...(isBound ? [] : wishes(must, isMust)),
        ]),
  ];
}

const planButton = (account) =>
  h(
    "button",
    {
      type: "button",
      class: "button button-small must-button",
      onclick: (event) => act(event.target, "planWith", account),
    },
    icon("route"),
    "Plan a trip with it",
  );

/** What the next plan is to do about it. */
const wishes = (account, isMust) => [
  isMust ? h("p", { class: "is-must" }, icon("check"), "Must visit") : mustButton(account),
  h(
    "button",
    {
      type: "button",
      class: "button button-small must-button",
      onclick: (event) => act(event.target, "addAppointment", account),
    },
    "Add an appointment",
  ),
];

const dueBar = (share) =>
  h(
    "div",
    {
      class: "due-bar",
      role: "img",
      "aria-label": `${Math.round(share * 100)} % of the visit interval has passed`,
    },
    h("span", { style: { width: `${Math.min(share / 1.5, 1) * 100}%` } }),
  );
