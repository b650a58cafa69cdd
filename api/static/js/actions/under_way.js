/** What is done with a plan once it is there: accept it, plan it anew, look at what it was before. */

import { hashOfRoute } from "../logic/address.js";
import { changesSentence } from "../logic/changes.js";
import { plural } from "../logic/format.js";
import { checkNews, isMended, likelyMoment, newsErrors, noNews, toReplan } from "../logic/replan.js";
import { newest } from "../logic/standing.js";

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function underWayActions(controller, service) {
  /** In this revision, or in a better plan that has taken its place meanwhile. */
  const isShown = ({ route_id: id }) => controller.state.route?.route_id === id;

  function refuse(taskErrors) {
    const taskRefusals = controller.state.taskRefusals + 1;
    const announcement = taskErrors[0].detail;
    controller.change({ working: null, taskErrors, taskRefusals, announcement });
  }

  /** @param {(problem: import("../types.js").Problem) => import("../types.js").FieldError[]} at */
  function fail(error, at) {
    if (error.name !== "ServiceError") throw error;
    controller.change({ connectionLost: error.isConnectionLost });
    if (error.problem?.code === "OUTDATED_REVISION") loadRevisions(); // The standing shows the way.
    refuse(error.problem ? at(error.problem) : [{ field: "form", detail: error.message }]);
  }

  async function loadRevisions() {
    const { route } = controller.state;
    const revisions = await controller.orNothing(service.listRevisions(route.route_id));
    if (revisions && controller.state.route === route) controller.change({ revisions });
  }

  /**
   * Plan the rest of the route that is shown anew, and go on with the answer. The address of the
   * plan before names its revision from then on, so that the browser's way back leads to it.
   */
  async function replan({ body, errorsOf = (problem) => newsErrors(problem, body) }) {
    const { route } = controller.state;
    controller.change({ working: "replan", taskErrors: [], announcement: "Planning anew." });
    try {
      const next = await service.replanRoute(route.route_id, body);
      if (!isShown(route)) return; // The user has gone on meanwhile.
      const { pathname, search } = location;
      const at = (revision) => `${pathname}${search}${hashOfRoute(route.route_id, revision)}`;
      history.replaceState(null, "", at(route.revision));
      history.pushState(null, "", at(null));
      const announcement = `Planned anew: ${changesSentence(next)}.`;
      controller.act("showRoute", { route: next, announcement });
    } catch (error) {
      if (isShown(route)) fail(error, errorsOf);
      else if (error.name !== "ServiceError") throw error;
    }
  }

  return {
    loadRevisions,
    replan,

    async acceptPlan() {
      const { route } = controller.state;
      controller.change({ working: "accept", task: null, taskErrors: [] });
      try {
        const { commitments } = await service.acceptRoute(route.route_id, route.revision);
        if (!isShown(route)) return;
        await loadRevisions();
        const announcement = `Accepted: ${plural(commitments, "visit")} promised.`;
        controller.change({ working: null, announcement });
      } catch (error) {
        if (isShown(route)) fail(error, acceptErrors);
        else if (error.name !== "ServiceError") throw error;
      }
    },

    /** @param {"change" | "try" | null} task */
    openTask(task) {
      const { route, revisions, news } = controller.state;
      const isNew = task === "change" && !news;
      controller.change({
        task,
        tab: "plan",
        taskErrors: [],
        news: isNew ? noNews(route, revisions, new Date()) : news,
      });
    },

    changeNews(patch) {
      const { news, taskErrors } = controller.state;
      const isOpen = ({ field }) => !isMended(field, patch);
      controller.change({ news: { ...news, ...patch }, taskErrors: taskErrors.filter(isOpen) });
    },

    sendNews() {
      const { news, days, route } = controller.state;
      const errors = checkNews(news, route.timezone);
      if (errors.length) refuse(errors);
      else replan({ body: toReplan(news, days, route.timezone) });
    },

    /** A visit that must be made, and cannot. */
    giveUp(id) {
      const { route, revisions } = controller.state;
      const { instant: now } = likelyMoment(route, revisions, new Date());
      replan({ body: { now, cancelled: [id] } });
    },

    /** @param {number} revision the newest one goes by the address without a number */
    showRevision(revision) {
      const { route, revisions } = controller.state;
      const isNewest = revision === newest(revisions)?.revision;
      const hash = hashOfRoute(route.route_id, isNewest ? null : revision);
      history.pushState(null, "", `${location.search}${hash}`);
      controller.act("followAddress");
    },
  };
}

/** Each stop that another promise is in the way of says so; beside the button that was pressed. */
function acceptErrors(problem) {
  const details = (problem.errors ?? []).map(({ detail }) => detail);
  return (details.length ? details : [problem.detail]).map((detail) => ({
    field: "accept",
    detail,
  }));
}
