/** The form day by day: whether it is worked, from when to when, and under "more" where and how much. */

import { h } from "../dom.js";
import { isDate, shortDay } from "../logic/calendar.js";
import {
  DAY_NUMBERS,
  MAX_DAYS,
  dateOf,
  dayCountOf,
  hoursOf,
  isOff,
  withDayPlan,
  withHours,
  workedDays,
} from "../logic/trip_days.js";
import { mountPlaceField, placeMarkup } from "./place_field.js";

const UNITS = { maxVisits: "visits", maxDriveH: "h", maxKm: "km" };

/**
 * @param {HTMLElement} el
 * @param {(form: import("../types.js").TripForm) => void} onForm
 */
export function mountDayRows(el, findPlaces, onForm) {
  /** @type {{element: HTMLElement, update(form: object): void}[]} */
  const rows = [];
  let current = null;

  return {
    update(form) {
      current = form;
      const count = dayCountOf(form);
      const wanted = isDate(form.firstDay) ? Math.min(Math.max(count || 0, 0), MAX_DAYS) : 0;
      while (rows.length > wanted) rows.pop().element.remove();
      while (rows.length < wanted) {
        const row = dayRow(rows.length, findPlaces, () => current, onForm);
        rows.push(row);
        el.append(row.element);
      }
      for (const row of rows) row.update(form);
    },
  };
}

function dayRow(day, findPlaces, form, onForm) {
  const name = h("span", {});
  const works = h("input", {
    type: "checkbox",
    onchange: ({ target }) => onForm(withDayPlan(form(), day, { isOff: !target.checked })),
  });
  const time = (end, words) =>
    h("input", {
      type: "time",
      "aria-label": `${words} of day ${day + 1}`,
      "aria-describedby": `day${day}-error`,
      onchange: ({ target }) => onForm(withHours(form(), day, { [end]: target.value })),
    });
  const times = { start: time("start", "Start"), end: time("end", "End") };
  const range = h(
    "div",
    { class: "time-range" },
    times.start,
    h("span", { "aria-hidden": "true" }, "–"),
    times.end,
  );
  const off = h("span", { class: "day-off" }, "off");
  const reset = h(
    "button",
    {
      type: "button",
      class: "link",
      onclick: () => {
        const { [day]: _, ...others } = form().ownHours;
        onForm({ ...form(), ownHours: others });
      },
    },
    "As the others",
  );
  const more = moreOf(day, findPlaces, form, onForm);
  const element = h(
    "div",
    { class: "field day-row", "data-field": `day${day}` },
    h("label", { class: "check day-name" }, works, name),
    range,
    off,
    reset,
    more.element,
    h("div", { class: "field-error", id: `day${day}-error` }),
  );
  return {
    element,
    update(now) {
      const isFree = isOff(now, day);
      name.textContent = shortDay(dateOf(now, day));
      works.checked = !isFree;
      for (const [end, input] of Object.entries(times)) put(input, hoursOf(now, day)[end]);
      range.hidden = isFree;
      off.hidden = !isFree;
      more.element.hidden = isFree;
      reset.hidden = isFree || !(day in now.ownHours);
      more.update(now.dayPlans[day] ?? {}, now);
    },
  };
}

function moreOf(day, findPlaces, form, onForm) {
  const change = (patch) => onForm(withDayPlan(form(), day, patch));
  const places = [
    ["start", "Starts at"],
    ["end", "Ends at"],
  ].map(([end, words]) => {
    const field = placeMarkup(`day${day}-${end}`, words);
    field.classList.add("field-wide");
    return { end, field, panel: mountPlaceField(field, findPlaces, (one) => change({ [end]: one })) };
  });
  const numbers = Object.entries(DAY_NUMBERS).map(([key, { label, most, whole }]) => {
    const id = `day${day}-${key}`;
    const input = h("input", {
      id,
      type: "number",
      min: "0",
      max: String(most),
      step: whole ? "1" : "any",
      inputmode: "decimal",
      "aria-describedby": `day${day}-error`,
      onchange: ({ target: { value } }) => change({ [key]: value === "" ? null : Number(value) }),
    });
    const box = h(
      "div",
      { class: "with-unit" },
      input,
      h("span", { class: "unit", "aria-hidden": "true" }, UNITS[key]),
    );
    return { key, input, field: h("div", { class: "field" }, h("label", { for: id }, label), box) };
  });
  const element = h(
    "details",
    { class: "fold day-more" },
    h("summary", {}, h("span", {}, "Places and limits")),
    h(
      "div",
      { class: "options" },
      places.map(({ field }) => field),
      numbers.map(({ field }) => field),
    ),
  );
  return {
    element,
    update(own, now) {
      for (const { end, panel, field } of places) {
        panel.update(own[end] ?? { text: "" });
        field.querySelector("input").placeholder = usualPlace(now, day, end);
      }
      for (const { key, input } of numbers) {
        put(input, own[key] ?? "");
        input.placeholder = now[key] === null ? "no limit" : String(now[key]);
      }
      if (Object.keys(own).length) element.open = true;
    },
  };
}

/** Where a day starts or ends that has no place of its own. */
function usualPlace(form, day, end) {
  const whole = form.mode === "week" ? "at home" : `where the trip ${end}s`;
  const worked = workedDays(form);
  if (end === "start") return day === worked[0] ? whole : "where the day before ends";
  return day === worked.at(-1) ? whole : "where it suits best";
}

/** What is being typed stays. */
function put(input, value) {
  if (document.activeElement !== input && input.value !== String(value)) input.value = value;
}
