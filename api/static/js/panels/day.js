/** One day of the plan as an ordered list along a coloured rail. */

import { act, h, icon } from "../dom.js";
import { longDay } from "../logic/calendar.js";
import { distance, duration, money, plural } from "../logic/format.js";
import { timeParts } from "../logic/plan.js";
import { whyRows, whySentence } from "../logic/why.js";

/**
 * @param {import("../logic/plan.js").DayView} day
 * @param {import("../logic/plan.js").DayView | undefined} before where this day's start was left
 */
export function daySection(day, before, route) {
  const { totals, colour } = day;
  const headingId = `day-${day.index}`;
  return h(
    "section",
    {
      class: "day",
      "aria-labelledby": headingId,
      style: { "--day": colour.fill, "--day-ink": colour.ink },
      "data-dashed": colour.dashed,
    },
    h(
      "header",
      { class: "day-head" },
      h("h3", { id: headingId }, h("span", { class: "day-swatch" }), longDay(day.date)),
      h("p", { class: "day-facts" }, day.isFree ? "nothing to do" : dayFacts(day)),
      day.isFree ? null : timeLine(totals),
    ),
    h(
      "ol",
      { class: "stops" },
      day.stops.map((stop) => stopItem(stop, before, route)),
    ),
  );
}

const dayFacts = ({ totals, leave, arrive }) =>
  [`${leave} – ${arrive}`, plural(totals.visits, "visit"), distance(totals.distanceM)].join(" · ");

/** Where the time goes, part by part. */
function timeLine(totals) {
  return h(
    "ul",
    { class: "day-times", "aria-label": "Time" },
    timeParts(totals).map(([words, seconds]) =>
      h("li", {}, h("strong", {}, duration(seconds)), ` ${words}`),
    ),
  );
}

const STATUS_WORDS = { done: "done", in_progress: "there now", frozen: "kept" };

const END_WORDS = { start: "Leave", end: "Arrive", overnight: "Stay overnight", wait: "On the way" };

function stopItem(stop, before, route) {
  const key = stop.type === "start" && before ? before.stops.at(-1).key : stop.key;
  if (stop.type === "break") return breakItem(stop, key);
  if (stop.number === null) return endItem(stop, key);
  const isAppointment = stop.type === "appointment";
  return h(
    "li",
    {
      class: `stop stop-visit stop-${stop.type}`,
      "data-key": key,
      "data-status": stop.status,
    },
    driveLine(stop),
    h(
      "span",
      { class: "stop-mark" },
      h("span", { class: "visually-hidden" }, isAppointment ? "Appointment " : "Visit "),
      `${stop.number}`,
    ),
    h("span", { class: "stop-time" }, stop.from),
    h(
      "div",
      { class: "stop-body" },
      h(
        "div",
        { class: "stop-title" },
        h(
          "button",
          {
            type: "button",
            class: "stop-name",
            onclick: (event) => act(event.target, "selectStop", { key }),
          },
          stop.name,
        ),
        !stop.why?.prize
          ? null
          : h("span", { class: "stop-prize" }, money(stop.why.prize, route.currency)),
      ),
      stop.status || stop.change
        ? h(
            "p",
            { class: "stop-news" },
            [STATUS_WORDS[stop.status], stop.change].filter(Boolean).join(" · "),
          )
        : null,
      h(
        "p",
        { class: "stop-facts" },
        [stop.town, `${duration(stop.serviceS)} there`, stop.why?.rule === "required" ? "must" : ""]
          .filter(Boolean)
          .join(" · "),
      ),
      stop.why ? whyFold(stop, route) : null,
    ),
  );
}

function breakItem(stop, key) {
  return h(
    "li",
    { class: "stop stop-break", "data-key": key },
    driveLine(stop),
    h("span", { class: "stop-mark" }, icon("cup")),
    h("span", { class: "stop-time" }, stop.from),
    h(
      "div",
      { class: "stop-body" },
      h(
        "button",
        {
          type: "button",
          class: "stop-name",
          onclick: (event) => act(event.target, "selectStop", { key }),
        },
        "Break ",
        h("span", { class: "stop-word" }, duration(stop.serviceS)),
      ),
      h(
        "p",
        { class: "stop-facts" },
        `until ${stop.until}, ${stop.onTheWay ? "on the road" : `at ${stop.name}`}`,
      ),
    ),
  );
}

function endItem(stop, key) {
  const names = { start: "start", end: "flag", overnight: "night" };
  return h(
    "li",
    { class: `stop stop-end stop-${stop.type}`, "data-key": key },
    driveLine(stop),
    h("span", { class: "stop-mark" }, icon(names[stop.type] ?? "pin")),
    h("span", { class: "stop-time" }, stop.from),
    h(
      "div",
      { class: "stop-body" },
      h(
        "button",
        {
          type: "button",
          class: "stop-name",
          onclick: (event) => act(event.target, "selectStop", { key }),
        },
        h("span", { class: "stop-word" }, `${END_WORDS[stop.type] ?? stop.type} `),
        stop.name,
      ),
    ),
  );
}

function driveLine(stop) {
  // A visit right after the break that was taken there needs no drive.
  const isHere = stop.driveS === 0 && stop.driveM === 0 && stop.setupS + stop.waitS < 60;
  if (stop.driveS === null || isHere) return null;
  return h(
    "p",
    { class: "stop-drive" },
    icon("car"),
    `${duration(stop.driveS)} · ${distance(stop.driveM)}`,
    stop.setupS >= 60 ? ` · then ${duration(stop.setupS)} setup` : "",
    stop.waitS >= 60 ? ` · then ${duration(stop.waitS)} waiting` : "",
  );
}

const NAVIGATION = { google: "Google Maps", apple: "Apple Maps", waze: "Waze", geo: "Other app" };

function whyFold(stop, route) {
  const rows = whyRows(stop, route.currency, route.search.shortlisted);
  const links = Object.entries(NAVIGATION).filter(([name]) => stop.navigation[name]);
  return h(
    "details",
    { class: "why" },
    h("summary", {}, h("span", {}, whySentence(stop.why, route.currency))),
    h(
      "dl",
      { class: "why-rows" },
      rows.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))),
    ),
    links.length
      ? h(
          "p",
          { class: "navigation" },
          "Navigate: ",
          links.map(([name, words]) =>
            h(
              "a",
              { href: stop.navigation[name], target: "_blank", rel: "noopener noreferrer" },
              words,
            ),
          ),
        )
      : null,
    stop.accountId
      ? h(
          "button",
          {
            type: "button",
            class: "link",
            onclick: (event) => act(event.target, "openAccount", stop.accountId),
          },
          "About this customer",
        )
      : null,
  );
}
