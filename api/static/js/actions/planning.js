/** Planning a trip, and opening one that was planned before. */

import {
  fromQuery,
  hashOfRoute,
  revisionInHash,
  routeInHash,
  toQuery,
} from "../logic/address.js";
import { money, plural } from "../logic/format.js";
import { planDays } from "../logic/plan.js";
import { fieldErrors } from "../logic/problems.js";
import { newest } from "../logic/standing.js";
import { workedDays } from "../logic/trip_days.js";
import { checkForm, formOfRoute } from "../logic/trip_form.js";
import { toRequest } from "../logic/trip_request.js";
import { TIMEZONE } from "../state.js";

/** How often a route is asked whether its bound is proven by now. */
const BOUND_EVERY_MS = 2000;

const NO_PLAN = { route: null, revisions: [], search: null, days: [] };
const NO_TASK = { task: null, news: null, taskErrors: [], working: null, trial: null };

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function planningActions(controller, service) {
  /** @type {AbortController | null} of the request under way */
  let planning = null;

  async function planTrip() {
    const { form, dataset } = controller.state;
    const errors = checkForm(form);
    if (errors.length) {
      refuse(errors);
      return;
    }
    planning?.abort();
    const mine = new AbortController();
    planning = mine;
    controller.change({
      errors: [],
      connectionLost: false,
      progress: { stages: [], improvements: [] },
      view: "list",
      announcement: form.mode === "week" ? "Planning the week." : "Planning the trip.",
    });
    try {
      const request = toRequest(form, dataset?.timezone ?? TIMEZONE);
      const route = await service.planRoute(request, follow, mine.signal);
      if (controller.state.section === "trip") {
        history.pushState(null, "", `${toQuery(form)}${hashOfRoute(route.route_id)}`);
      }
      showRoute({ route });
    } catch (error) {
      if (planning === mine) fail(error); // Otherwise a newer request has taken over.
    } finally {
      if (planning === mine) planning = null;
    }
  }

  function follow(event, value) {
    const { progress } = controller.state;
    if (event === "stage") {
      const stages = [...progress.stages, value];
      controller.change({ progress: { ...progress, stages }, announcement: value.detail });
    } else if (event === "improvement") {
      const improvements = [...progress.improvements, value];
      controller.change({ progress: { ...progress, improvements } });
    }
  }

  function fail(error) {
    if (error.name === "AbortError") {
      const formOpen = controller.state.route === null;
      controller.change({ progress: null, formOpen, announcement: "Planning was cancelled." });
    } else if (error.isConnectionLost) {
      const announcement = "The connection was lost. Your entries are kept.";
      controller.change({ progress: null, formOpen: true, connectionLost: true, announcement });
    } else if (error.problem) {
      const { form } = controller.state;
      const sent = { days: workedDays(form), appointments: form.appointments };
      refuse(fieldErrors(error.problem, sent));
    } else {
      controller.change({ progress: null, formOpen: true });
      throw error;
    }
  }

  function refuse(errors) {
    const refusals = controller.state.refusals + 1;
    const announcement = errors[0].detail;
    controller.change({ progress: null, formOpen: true, errors, refusals, announcement });
  }

  /** @param {{route: object, announcement?: string}} shown */
  function showRoute({ route, announcement }) {
    const { layers, fits, section, account } = controller.state;
    controller.change({
      route,
      revisions: [],
      ...NO_TASK,
      search: route.search,
      days: planDays(route),
      progress: null,
      routeLoading: false,
      formOpen: false,
      errors: [],
      tab: "plan",
      leftOut: {},
      highlighted: null,
      selected: null,
      account: section === "trip" ? null : account,
      layers: { ...layers, accounts: false },
      fits: fits + 1,
      announcement: announcement ?? readySentence(route),
    });
    followBound(route);
    controller.act("loadRevisions");
  }

  /**
   * The service goes on proving a bound: the sentence comes later. The plan stays as it is, unless a
   * better one was found on the way, and no older revision is looked at.
   */
  async function followBound(route) {
    const { route_id: id, revision } = route;
    const asked = revisionInHash(location.hash) === null ? undefined : revision;
    const isShown = () => controller.state.route === route;
    while (isShown() && controller.state.search?.bound_state === "running") {
      await new Promise((resolve) => setTimeout(resolve, BOUND_EVERY_MS));
      if (!isShown()) return;
      const later = await controller.orNothing(service.getRoute(id, asked));
      if (!later && !controller.state.connectionLost) return; // Refused: nothing will come.
      if (!later || !isShown()) continue;
      if (later.revision === revision) controller.change({ search: later.search });
      else return later.cause === "bound" ? showBetter(later) : controller.act("loadRevisions");
    }
  }

  /** Shows a better plan in place of the one on show; whatever else the user is at stays. */
  async function showBetter(route) {
    if (!route.geojson) {
      const { route_id: id, revision } = route;
      route.geojson = await controller.orNothing(service.getRouteGeojson(id, revision));
    }
    const { route: shown } = controller.state;
    if (!route.geojson || shown?.route_id !== route.route_id) return;
    const gain = money(route.totals.net_value - shown.totals.net_value);
    controller.change({
      route,
      search: route.search,
      days: planDays(route),
      leftOut: {},
      trial: null, // Its slots were those of the plan before.
      highlighted: null,
      selected: null,
      announcement: `A better plan was found, worth ${gain} more.`,
    });
    controller.act("loadRevisions");
  }

  async function openRoute(id, wanted = null) {
    controller.change({ routeLoading: true });
    try {
      const route = await service.getRoute(id, wanted);
      const { revision } = route;
      if (!route.geojson) route.geojson = await service.getRouteGeojson(id, revision);
      // The user may have gone on meanwhile.
      if (routeInHash(location.hash) !== id || revisionInHash(location.hash) !== wanted) return;
      const { form } = controller.state;
      if (!form.from.text && form.mode === "trip") {
        controller.change({ form: formOfRoute(route, form) });
      }
      showRoute({ route });
    } catch (error) {
      if (error.name !== "ServiceError") throw error;
      const errors = error.problem ? fieldErrors(error.problem) : [];
      const connectionLost = error.isConnectionLost;
      controller.change({ routeLoading: false, formOpen: true, errors, connectionLost });
    }
  }

  /** As far as it is about a trip. */
  function followTripAddress() {
    const id = routeInHash(location.hash);
    const revision = revisionInHash(location.hash);
    const { form, route, revisions } = controller.state;
    const isShown = id === route?.route_id && route.revision === (revision ?? newest(revisions)?.revision);
    controller.change({ form: fromQuery(location.search, form.firstDay) });
    controller.act("nameAccounts");
    if (!id) controller.change({ ...NO_PLAN, ...NO_TASK, formOpen: true, tab: "plan" });
    else if (!isShown) openRoute(id, revision);
  }

  return {
    planTrip,
    showRoute,
    followTripAddress,

    cancelPlanning() {
      planning?.abort();
    },

    retry() {
      const { form } = controller.state;
      controller.change({ connectionLost: false });
      controller.act("loadData");
      const id = routeInHash(location.hash);
      if (id && !controller.state.route) openRoute(id, revisionInHash(location.hash));
      else if (form.mode === "week" ? form.repId : form.from.text && form.to.text) planTrip();
    },
  };
}

function readySentence({ totals: { visits, nights = 0 }, status }) {
  const missed = status === "infeasible" ? " A must could not be kept." : "";
  return `The plan is ready: ${plural(visits, "visit")}, ${plural(nights, "night")}.${missed}`;
}
