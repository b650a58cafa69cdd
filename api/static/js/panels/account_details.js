/** The rest of an account's card: where it is, whom to talk to, when it is open, what was. */

import { act, h, icon } from "../dom.js";
import { modelWords, valueRows } from "../logic/account_value.js";
import { clock, localDate, plainDate } from "../logic/calendar.js";
import { hourLines, locationWords, navigationLinks, quarterlyOrders } from "../logic/card.js";
import { money, plural } from "../logic/format.js";
import { touchesRows } from "../logic/touches.js";
import { sparkline } from "../logic/sparkline.js";
import { addressLine } from "../logic/worklist.js";

const SHOWN = 4;

/**
 * @param {{card: object, value: object | null, touches?: object | null}} account
 * @param {string | undefined} asOf the day of the data set
 */
export function accountDetails({ card, value, touches }, asOf) {
  return [
    nextSteps(card),
    value ? worth(value) : null,
    touches ? effort(touches) : null,
    place(card),
    contacts(card),
    hours(card),
    orders(card, asOf),
    visits(card),
    references(card),
  ].filter(Boolean);
}

const part = (title, ...content) =>
  h("section", { class: "card-part" }, h("h3", {}, title), ...content);

function worth(value) {
  return part(
    "What it is worth",
    h(
      "dl",
      { class: "card-rows" },
      valueRows(value).map(([label, figure, how]) =>
        h(
          "div",
          {},
          h("dt", {}, label),
          h("dd", {}, figure, how ? h("span", { class: "card-how" }, how) : null),
        ),
      ),
    ),
    h("p", { class: "card-facts" }, modelWords(value)),
  );
}

function effort(touches) {
  return part(
    "What it takes",
    h(
      "dl",
      { class: "card-rows" },
      touchesRows(touches).map(([label, figure, how]) =>
        h(
          "div",
          {},
          h("dt", {}, label),
          h("dd", {}, figure, how ? h("span", { class: "card-how" }, how) : null),
        ),
      ),
    ),
  );
}

function nextSteps({ next_steps: steps = [] }) {
  if (!steps.length) return null;
  return part(
    "Next steps",
    h(
      "ul",
      { class: "next-steps" },
      steps.map(({ step, due_on: due, agreed_on: agreed, is_overdue: isOverdue }) =>
        h(
          "li",
          {},
          h("p", {}, step),
          h(
            "p",
            { class: isOverdue ? "row-issue" : "card-facts" },
            isOverdue ? icon("warning") : null,
            due ? `Due ${plainDate(due)}` : `Agreed ${plainDate(agreed)}`,
            isOverdue ? ", overdue" : null,
          ),
        ),
      ),
    ),
  );
}

function place(card) {
  const { issue, facts } = locationWords(card.location);
  const [lead, ...others] = facts;
  return part(
    "Where",
    h("p", {}, addressLine(card.address) || `${card.postcode ?? ""} ${card.town ?? ""}`.trim()),
    issue ? h("p", { class: "row-issue" }, icon("warning"), issue) : null,
    lead
      ? h("p", { class: "card-facts" }, h("strong", {}, lead), others.map((fact) => ` · ${fact}`))
      : null,
    h(
      "div",
      { class: "item-actions" },
      h(
        "button",
        {
          type: "button",
          class: "button button-small",
          onclick: (event) => act(event.target, "movePin", card),
        },
        icon("pin"),
        card.position ? "Move the pin" : "Set the pin",
      ),
      card.location?.source === "hand" && addressLine(card.address)
        ? h(
            "button",
            {
              type: "button",
              class: "button button-small",
              onclick: (event) => act(event.target, "forgetPin", card.account_id),
            },
            "Back to the address",
          )
        : null,
    ),
    card.position
      ? h(
          "p",
          { class: "navigation" },
          h("span", {}, "Drive there:"),
          navigationLinks(card.position).map(([words, href]) =>
            h("a", { href, target: "_blank", rel: "noopener noreferrer" }, words),
          ),
        )
      : null,
  );
}

function contacts({ contacts: people = [] }) {
  if (!people.length) return null;
  return part(
    "Contacts",
    h(
      "ul",
      { class: "contacts" },
      people.map(({ name, role, email, phone }) =>
        h(
          "li",
          {},
          h("p", {}, [name, role].filter(Boolean).join(", ")),
          h(
            "p",
            { class: "contact-links" },
            phone ? h("a", { href: `tel:${phone.replaceAll(/[^\d+]/g, "")}` }, phone) : null,
            email ? h("a", { href: `mailto:${encodeURIComponent(email).replace("%40", "@")}` }, email) : null,
          ),
        ),
      ),
    ),
  );
}

function hours({ opening_hours: windows }) {
  const lines = hourLines(windows);
  return part(
    "Opening hours",
    lines.length
      ? h(
          "dl",
          { class: "card-rows" },
          lines.map(([days, open]) => h("div", {}, h("dt", {}, days), h("dd", {}, open))),
        )
      : h("p", { class: "card-facts" }, "Not known: taken as always open."),
  );
}

function orders({ orders: past, order_count: total }, asOf) {
  if (!past.length) return null;
  const isOneCurrency = past.every(({ currency }) => currency === past[0].currency);
  const points = isOneCurrency && asOf ? sparkline(quarterlyOrders(past, asOf)) : "";
  return part(
    total > past.length ? `Orders, the last ${past.length} of ${total}` : "Orders",
    points && total <= past.length ? spark(points) : null,
    h(
      "dl",
      { class: "card-rows" },
      past
        .slice(0, SHOWN)
        .map(({ date, amount, currency }) =>
          h("div", {}, h("dt", {}, plainDate(date)), h("dd", {}, money(amount, currency))),
        ),
    ),
  );
}

const STATUS = {
  planned: "planned",
  committed: "agreed",
  done: "",
  missed: "missed",
  cancelled: "cancelled",
};

function visits({ visits: past, timezone }) {
  if (!past.length) return null;
  return part(
    "Visits",
    h(
      "dl",
      { class: "card-rows" },
      past
        .slice(0, SHOWN)
        .map(({ start, status, channel, outcome }) =>
          h(
            "div",
            {},
            h("dt", {}, `${plainDate(localDate(start, timezone))}, ${clock(start, timezone)}`),
            h(
              "dd",
              {},
              [STATUS[status] ?? status, channel === "field" ? "" : channel, outcome]
                .filter(Boolean)
                .join(", ") || "made",
            ),
          ),
        ),
    ),
    past.length > SHOWN
      ? h("p", { class: "card-facts" }, `${plural(past.length - SHOWN, "earlier visit")} not shown.`)
      : null,
  );
}

function references({ external_refs: refs = [] }) {
  if (!refs.length) return null;
  return part(
    "In other systems",
    h(
      "dl",
      { class: "card-rows" },
      refs.map(({ system, external_id }) =>
        h("div", {}, h("dt", {}, system), h("dd", { class: "reference" }, external_id)),
      ),
    ),
  );
}

function spark(points) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "sparkline");
  svg.setAttribute("viewBox", "0 0 100 24");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "Orders by quarter of the last two years");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  line.setAttribute("points", points);
  svg.append(line);
  return svg;
}
