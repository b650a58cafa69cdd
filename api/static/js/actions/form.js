/** Filling in the trip. */

import { routeInHash, toQuery } from "../logic/address.js";
import { nextMonday } from "../logic/calendar.js";
import { emptyForm, withMust, withoutMust } from "../logic/trip_form.js";

const HOURS = /^(hours|day\d+)$/;

/** @param {import("../controller.js").Controller} controller */
export function formActions(controller) {
  function changeForm(patch) {
    const form = { ...controller.state.form, ...patch };
    const touched = Object.keys(patch);
    const isOpen = ({ field }) =>
      field !== "form" && !touched.includes(field) && !HOURS.test(field);
    controller.change({ form, errors: controller.state.errors.filter(isOpen) });
    writeAddress(form);
    controller.act("refreshOnTheWay");
  }

  return {
    changeForm,

    editTrip() {
      controller.change({ formOpen: true });
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

    dropMust(accountId) {
      changeForm(withoutMust(controller.state.form, accountId));
    },
  };
}

/** The address of a planned trip keeps the form it was planned with: going back finds it. */
function writeAddress(form) {
  if (!routeInHash(location.hash)) history.replaceState(null, "", toQuery(form));
}
