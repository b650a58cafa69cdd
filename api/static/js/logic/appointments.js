/** Appointments of the form: visits that were agreed on. */

import { addDays, instantOf, isDate } from "./calendar.js";
import { dateOf, dayCountOf, firstDayOf } from "./trip_days.js";

/** @typedef {import("../types.js").AppointmentEntry} AppointmentEntry */

export const MAX_APPOINTMENTS = 100;

/** What may be moved: in the words of the form, in the order of firmness. */
export const FLEXIBILITIES = {
  fixed: "at this time",
  within_day: "any time that day",
  within_week: "any day",
};

/** A new one. The key tells rows apart while others come and go; it is never sent. */
export function newAppointment(form, account = null) {
  const key = 1 + Math.max(0, ...form.appointments.map((one) => one.key));
  return {
    key,
    account,
    place: { text: "", query: null },
    flexibility: "fixed",
    date: firstDayOf(form),
    time: "10:00",
    minutes: 60,
  };
}

/** The id under which the service calls it. */
export const appointmentId = ({ key }) => `appointment-${key}`;

export function appointmentName({ account, place }) {
  return account?.name ?? (place.text.trim() || "New appointment");
}

/** Faults of one appointment as a sentence, or null. @param {AppointmentEntry} one */
export function appointmentFault(one, form) {
  if (!one.account && !one.place.text.trim()) return "Say where the appointment is.";
  if (!Number.isInteger(one.minutes) || one.minutes < 1 || one.minutes > 1440) {
    return "An appointment takes 1 to 1,440 minutes.";
  }
  if (one.flexibility === "within_week") return null;
  if (!isDate(one.date)) return "Choose the date of the appointment.";
  const first = firstDayOf(form);
  if (isDate(first)) {
    const last = addDays(first, Math.max(dayCountOf(form), 1) - 1);
    if (one.date < first || one.date > last) return "This date is not among the days planned.";
  }
  if (one.flexibility === "fixed" && !/^\d\d:\d\d$/.test(one.time)) {
    return "Say when the appointment starts.";
  }
  return null;
}

/** As the service takes it. @param {(choice: any) => object} placeQuery */
export function appointmentRequest(one, timezone, placeQuery) {
  const at = one.flexibility === "fixed" ? one.time : "12:00";
  return {
    appointment_id: appointmentId(one),
    ...(one.account ? { account_id: one.account.account_id } : { location: placeQuery(one.place) }),
    flexibility: one.flexibility,
    ...(one.flexibility === "within_week" ? {} : { start: instantOf(one.date, at, timezone) }),
    service_duration_s: one.minutes * 60,
  };
}

/** With the dates moved along when the first day of the trip moves. */
export function movedAlong(appointments, before, after) {
  const first = firstDayOf(before);
  return appointments.map((one) => {
    for (let day = 0; isDate(first) && day < dayCountOf(before); day += 1) {
      if (one.date === dateOf(before, day)) return { ...one, date: addDays(after, day) };
    }
    return one;
  });
}
