/** Something changed: what has happened on the way, from which the rest is planned anew. */

import { act, h, onChange } from "../dom.js";
import { longDay } from "../logic/calendar.js";
import { currencySymbol } from "../logic/format.js";
import { markOf, momentOf, withMark } from "../logic/replan.js";
import { accepted } from "../logic/standing.js";
import { accountMarkup, mountAccountField } from "./account_field.js";
import { showAccountChips } from "./chips.js";
import { mountPlaceField, placeMarkup } from "./place_field.js";
import { closeOnEscape, errorBox, put, showErrors, taskField, taskHead } from "./task.js";

const MARKS = { done: "Done", cancelled: "Cancelled" };

export function mountChangeForm(el, service) {
  let now = null;
  let route = null;
  let refusals = 0;
  let seen = 0;
  const change = (patch) => act(el, "changeNews", patch);
  const input = (name, type, read, more = {}) =>
    h("input", {
      id: `task-${name}`,
      type,
      "aria-describedby": `task-${name}-error task-${name}-hint`,
      onchange: ({ target }) => change(read(target.value)),
      ...more,
    });
  const numeric = { min: "0", inputmode: "numeric" };
  const minutesOf = (value) => (value === "" ? null : Number(value));

  const date = input("date", "date", (value) => ({ date: value, isClock: false }), {
    "aria-label": "Date of now",
    "aria-describedby": "task-now-error task-now-hint",
  });
  const time = input("now", "time", (value) => ({ time: value, isClock: false }));
  const late = input("late", "number", (value) => ({ late: minutesOf(value) }), {
    ...numeric,
    step: "1",
    placeholder: "0",
  });
  const keepUntil = input("keepUntil", "time", (value) => ({ keepUntil: value }));
  const price = input("changePrice", "number", (value) => ({ changePrice: minutesOf(value) }), {
    ...numeric,
    step: "any",
  });
  const withUnit = (control, unit) =>
    h("div", { class: "with-unit" }, control, h("span", { class: "unit", "aria-hidden": "true" }, unit));

  const place = placeMarkup("task-position", "You are at", { placeholder: "where the plan says" });
  place.dataset.field = "position";
  place.append(errorBox("position"));
  const placeField = mountPlaceField(place, service.findPlaces.bind(service), (choice) =>
    change({ place: choice }),
  );

  const urgent = accountMarkup("task-urgent", "Add an urgent visit");
  urgent.dataset.field = "urgent";
  const urgentList = h("ul", { class: "chips", "aria-label": "Urgent visits" });
  urgent.append(urgentList, errorBox("urgent"));
  mountAccountField(urgent, service.findAccounts.bind(service), (account) => {
    const others = now.urgent.filter(({ account_id: id }) => id !== account.account_id);
    change({ urgent: [...others, account] });
  });

  const nowHint = h("p", { class: "hint", id: "task-now-hint" });
  const visits = h("div", { class: "marks" });
  const symbol = h("span", { class: "unit", "aria-hidden": "true" });
  const submit = h("button", { type: "submit", class: "button button-primary" }, "Plan anew");
  const form = h(
    "form",
    {
      class: "task-form",
      novalidate: true,
      "aria-labelledby": "change-heading",
      onsubmit: (event) => {
        event.preventDefault();
        act(el, "sendNews");
      },
    },
    h(
      "div",
      { class: "task-row" },
      h(
        "div",
        { class: "field", "data-field": "now" },
        h("label", { for: "task-now" }, "It is now"),
        h("div", { class: "moment" }, time, date),
        nowHint,
        errorBox("now"),
      ),
      taskField("late", "Running late by", withUnit(late, "min")),
    ),
    h(
      "fieldset",
      { class: "field" },
      h("legend", {}, "What is done, and what is cancelled"),
      visits,
    ),
    urgent,
    place,
    h(
      "details",
      { class: "fold" },
      h("summary", {}, h("span", { class: "fold-title" }, "What may change")),
      h(
        "div",
        { class: "task-row" },
        taskField("keepUntil", "Keep visits before", keepUntil, "On that day, in their order."),
        taskField(
          "changePrice",
          "Price of a change",
          h("div", { class: "with-unit" }, price, symbol),
          "Of moving or dropping a visit whose customer knows the time.",
        ),
      ),
    ),
    h("div", { class: "field-error", id: "task-form-error", role: "alert" }),
    submit,
  );
  el.append(taskHead("change-heading", "Something changed"), form);
  closeOnEscape(el);

  const rows = new Map();
  const showDays = onChange(
    (state) => [state.days, state.route],
    (days, shown) => {
      route = shown;
      rows.clear();
      const groups = days
        .map((day) => ({ day, stops: day.stops.filter(({ id }) => id !== null) }))
        .filter(({ stops }) => stops.length);
      visits.replaceChildren(
        ...groups.map(({ day, stops }) =>
          h(
            "details",
            { class: "fold marks-day", "data-date": day.date },
            h("summary", {}, h("span", { class: "fold-title" }, longDay(day.date))),
            h("ul", {}, stops.map(markRow)),
          ),
        ),
      );
    },
  );

  function markRow(stop) {
    const buttons = Object.entries(MARKS).map(([mark, words]) =>
      h(
        "button",
        {
          type: "button",
          class: "mark",
          "data-mark": mark,
          "aria-label": `${words}: ${stop.name}`,
          disabled: stop.status === "done",
          onclick: () => change({ marks: withMark(now, stop, mark, route.timezone).marks }),
        },
        words,
      ),
    );
    rows.set(stop, buttons);
    return h(
      "li",
      { class: "mark-row", "data-field": `visit-${stop.id}` },
      h("span", { class: "mark-time" }, stop.from),
      h("span", { class: "mark-name" }, stop.name),
      h("span", { class: "mark-buttons" }, buttons),
      errorBox(`visit-${stop.id}`),
    );
  }

  const showNews = onChange(
    (state) => [state.news, state.days],
    (news) => {
      now = news;
      if (!news) return;
      put(date, news.date);
      put(time, news.time);
      put(late, news.late ?? "");
      put(keepUntil, news.keepUntil);
      put(price, news.changePrice ?? "");
      placeField.update(news.place);
      showAccountChips(urgentList, urgentList, news.urgent, "No longer urgent", (id) =>
        change({ urgent: now.urgent.filter(({ account_id: one }) => one !== id) }),
      );
      nowHint.textContent = news.isClock ? "By the clock." : "The moment to plan anew for.";
      for (const [stop, buttons] of rows) {
        const mark = markOf(stop, news, route.timezone);
        for (const button of buttons) {
          button.setAttribute("aria-pressed", String(button.dataset.mark === mark));
        }
        buttons[0].closest("li").dataset.mark = mark;
      }
    },
  );

  /** The day of the moment is unfolded; others stay as the user left them. */
  const unfold = onChange(
    (state) => [state.days, state.task === "change", state.news?.date],
    (days, isOpen, day) => {
      if (!isOpen || momentOf(now, route.timezone) === null) return;
      for (const fold of visits.children) if (fold.dataset.date === day) fold.open = true;
    },
  );

  const showPrice = onChange(
    (state) => [state.dataset, accepted(state.revisions) !== undefined],
    (dataset, isAccepted) => {
      symbol.textContent = currencySymbol();
      price.placeholder = String(dataset?.defaults.change_price ?? "");
      price.closest(".field").hidden = !isAccepted; // Nobody has been told a time before.
    },
  );

  const showFaults = onChange(
    (state) => [state.taskErrors, state.taskRefusals],
    (errors) => {
      const first = showErrors(el, el.hidden ? [] : errors, (place) => change({ place }));
      if (!first || !errors.length) return;
      const fold = first.closest("details");
      if (fold) fold.open = true;
      if (refusals !== seen) first.focus();
      seen = refusals;
    },
  );
  const showOpen = onChange(
    (state) => [state.task === "change" && state.route !== null],
    (isOpen) => {
      el.hidden = !isOpen;
      if (isOpen) late.focus({ preventScroll: true });
    },
  );

  const showBusy = onChange(
    (state) => [state.working],
    (working) => {
      submit.disabled = working !== null;
      submit.replaceChildren(
        ...(working === "replan" ? [h("span", { class: "spinner" }), "Planning anew"] : ["Plan anew"]),
      );
    },
  );

  return {
    update(state) {
      refusals = state.taskRefusals;
      if (!state.route) {
        showOpen(state);
        return;
      }
      showDays(state);
      showNews(state);
      showOpen(state);
      unfold(state);
      showPrice(state);
      showFaults(state);
      showBusy(state);
    },
  };
}
