/** Filling in the trip. */

import { routeInHash, toQuery } from "../logic/address.js";
import { movedAlong, newAppointment } from "../logic/appointments.js";
import { isDate, nextMonday } from "../logic/calendar.js";
import { storedQuery } from "../logic/stored_plans.js";
import { firstDayOf } from "../logic/trip_days.js";
import { emptyForm, withMust, withoutExcluded, withoutMust } from "../logic/trip_form.js";

/** Faults that a change elsewhere in the form may have mended. */
const RELATED = /^(hours|lunch|day\d+|appointment\d*)$/;

/** @param {import("../controller.js").Controller} controller */
export function formActions(controller) {
  function changeForm(patch) {
    const { form: before } = controller.state;
    let form = { ...before, ...patch };
    const first = firstDayOf(form);
    if (first !== firstDayOf(before) && isDate(first) && !patch.appointments) {
      form = { ...form, appointments: movedAlong(before.appointments, before, first) };
    }
    const touched = Object.keys(patch);
    const isOpen = ({ field }) =>
      field !== "form" && !touched.includes(field) && !RELATED.test(field);
    controller.change({ form, errors: controller.state.errors.filter(isOpen) });
    if (controller.state.section === "trip") writeAddress(form);
    controller.act("refreshOnTheWay");
    if (storedQuery(form)?.week !== storedQuery(before)?.week || form.repId !== before.repId) {
      controller.act("listStoredPlans");
    }
  }

  return {
    changeForm,

    editTrip() {
      controller.change({ formOpen: true });
      controller.act("listStoredPlans");
    },

    showExample() {
      const { dataset, form } = controller.state;
      const choice = (place) => ({ text: place, query: { place } });
      const day = nextMonday(dataset.as_of);
      const { start, end, days: dayCount } = dataset.example;
      const ends = { from: choice(start), to: choice(end), dayCount };
      controller.change({ form: { ...emptyForm(day), ...ends, musts: form.musts }, errors: [] });
      controller.act("planTrip");
    },

    /** With a plan on the page this means: plan again, with it. */
    requireAccount({ account_id, name, town }) {
      changeForm(withMust(controller.state.form, { account_id, name, town }));
      if (controller.state.route) controller.act("planTrip");
      else controller.change({ announcement: `${name} must be visited.` });
    },

    /** From the section of accounts: the form opens with it as a must. */
    planWith(account) {
      const { account_id, name, town } = account;
      controller.act("openSection", "trip");
      changeForm(withMust(controller.state.form, { account_id, name, town }));
      const announcement = `${name} must be visited. Say from where to where, and when.`;
      controller.change({ formOpen: true, view: "list", announcement });
    },

    dropMust(accountId) {
      changeForm(withoutMust(controller.state.form, accountId));
    },

    allowAccount(accountId) {
      changeForm(withoutExcluded(controller.state.form, accountId));
    },

    /** The form opens, since when it is has still to be said. */
    addAppointment(account) {
      const { form } = controller.state;
      const added = newAppointment(form, account);
      changeForm({ appointments: [...form.appointments, added] });
      const announcement = "Appointment added. Say when it is.";
      controller.change({ formOpen: true, opened: { key: added.key }, view: "list", announcement });
    },

    /** A fix of a reason: the form as it changes by it, and the plan anew. */
    applyFix({ form, label }) {
      changeForm(form);
      controller.change({ announcement: label });
      controller.act("planTrip");
    },
  };
}

/** The address of a planned trip keeps the form it was planned with: going back finds it. */
function writeAddress(form) {
  if (!routeInHash(location.hash)) history.replaceState(null, "", toQuery(form));
}
