/** The list of appointments in the form: where, when, for how long, and how firm each is. */

import { h, icon } from "../dom.js";
import { FLEXIBILITIES, appointmentName, newAppointment } from "../logic/appointments.js";
import { addDays, isDate } from "../logic/calendar.js";
import { dayCountOf, firstDayOf } from "../logic/trip_days.js";
import { mountPlaceField, placeMarkup } from "./place_field.js";

/**
 * @param {HTMLElement} list
 * @param {HTMLButtonElement} addButton
 * @param {(appointments: import("../types.js").AppointmentEntry[]) => void} onList
 */
export function mountAppointments(list, addButton, findPlaces, onList) {
  const rows = new Map();
  let current = null;
  addButton.prepend(icon("plus"));
  addButton.addEventListener("click", () => {
    const added = newAppointment(current);
    onList([...current.appointments, added]);
    // The row is there once the change has gone round.
    queueMicrotask(() => rows.get(added.key)?.focus());
  });

  const change = (key, patch) =>
    onList(current.appointments.map((one) => (one.key === key ? { ...one, ...patch } : one)));

  function remove(key) {
    onList(current.appointments.filter((one) => one.key !== key));
    addButton.focus();
  }

  return {
    update(form) {
      current = form;
      const keys = new Set(form.appointments.map(({ key }) => key));
      for (const [key, row] of rows) {
        if (keys.has(key)) continue;
        row.element.remove();
        rows.delete(key);
      }
      for (const one of form.appointments) {
        if (!rows.has(one.key)) {
          const row = appointmentRow(one, findPlaces, change, remove);
          rows.set(one.key, row);
          list.append(row.element);
        }
        rows.get(one.key).update(one, form);
      }
    },
    focus: (key) => rows.get(key)?.focus(),
  };
}

function appointmentRow({ key, account }, findPlaces, change, remove) {
  const id = (name) => `appointment${key}-${name}`;
  const error = `appointment${key}-error`;
  const input = (name, type, read = (value) => value) =>
    h("input", {
      id: id(name),
      type,
      "aria-describedby": error,
      onchange: ({ target }) => change(key, { [name]: read(target.value) }),
    });
  const place = account
    ? null
    : placeMarkup(id("place"), "Place", { placeholder: "City or postcode" });
  const placeField = place && mountPlaceField(place, findPlaces, (one) => change(key, { place: one }));
  const name = h("strong", { class: "appointment-name" });
  const date = input("date", "date");
  const time = input("time", "time");
  const minutes = input("minutes", "number", Number);
  minutes.min = "1";
  minutes.max = "1440";
  const firm = h(
    "select",
    { id: id("firm"), onchange: ({ target }) => change(key, { flexibility: target.value }) },
    Object.entries(FLEXIBILITIES).map(([value, words]) => h("option", { value }, words)),
  );
  const field = (control, name, label) =>
    h("div", { class: "field" }, h("label", { for: id(name) }, label), control);
  const when = field(date, "date", "Date");
  const at = field(time, "time", "Starts at");
  const removeButton = h(
    "button",
    { type: "button", class: "icon-button", onclick: () => remove(key) },
    icon("close"),
  );
  const element = h(
    "li",
    { class: "appointment", "data-field": `appointment${key}` },
    h("div", { class: "appointment-head" }, place ?? name, removeButton),
    h(
      "div",
      { class: "appointment-when" },
      field(firm, "firm", "When"),
      when,
      at,
      field(
        h(
          "div",
          { class: "with-unit" },
          minutes,
          h("span", { class: "unit", "aria-hidden": "true" }, "min"),
        ),
        "minutes",
        "Length",
      ),
    ),
    h("div", { class: "field-error", id: error }),
  );
  return {
    element,
    focus: () => (account ? firm : place.querySelector("input")).focus(),
    update(one, form) {
      placeField?.update(one.place);
      const called = appointmentName(one);
      name.textContent = [called, one.account?.town].filter(Boolean).join(", ");
      removeButton.setAttribute("aria-label", `Remove the appointment: ${called}`);
      firm.value = one.flexibility;
      put(date, one.date);
      put(time, one.time);
      put(minutes, String(one.minutes));
      const first = firstDayOf(form);
      if (isDate(first)) {
        date.min = first;
        date.max = addDays(first, Math.max(dayCountOf(form) || 1, 1) - 1);
      }
      when.hidden = one.flexibility === "within_week";
      at.hidden = one.flexibility !== "fixed";
    },
  };
}

function put(input, value) {
  if (document.activeElement !== input && input.value !== value) input.value = value;
}
