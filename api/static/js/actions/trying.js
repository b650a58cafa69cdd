/** Trying a visit in the plan, and taking one of its slots. */

import { toInsertion, toTaken } from "../logic/slots.js";

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function tryingActions(controller, service) {
  /** @param {import("../types.js").Must} account */
  async function tryVisit(account) {
    const { route } = controller.state;
    const trial = { account, status: "loading" };
    controller.act("openTask", "try");
    const announcement = `Looking where ${account.name} fits.`;
    controller.change({ trial, account: null, view: "list", announcement });
    const isWanted = () => controller.state.trial === trial;
    try {
      const body = toInsertion(account, route, new Date());
      const answer = await service.tryVisit(route.route_id, body);
      if (!isWanted()) return;
      const many = answer.slots.length;
      const found = many ? `${many} ${many === 1 ? "slot" : "slots"}` : "no slot";
      const said = `${account.name}: ${found}.`;
      controller.change({ trial: { ...trial, status: "ready", answer }, announcement: said });
    } catch (error) {
      if (error.name !== "ServiceError") throw error;
      if (!isWanted()) return;
      const detail = error.problem?.errors?.[0]?.detail ?? error.message;
      controller.change({
        trial: { ...trial, status: "failed", detail },
        connectionLost: error.isConnectionLost,
        announcement: detail,
      });
    }
  }

  return {
    tryVisit,

    takeSlot(slot) {
      const { trial, route, revisions } = controller.state;
      const body = toTaken(trial.account, slot, route, revisions, new Date());
      const errorsOf = (problem) =>
        (problem.errors ?? [problem]).map(({ detail }) => ({ field: "slot", detail }));
      controller.act("replan", { body, errorsOf });
    },
  };
}
