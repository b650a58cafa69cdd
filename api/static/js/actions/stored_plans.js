/** Plans of a rep's week that are there already. */

import { hashOfRoute, toQuery } from "../logic/address.js";
import { plansOf, storedQuery } from "../logic/stored_plans.js";

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function storedPlanActions(controller, service) {
  let turn = 0;

  return {
    /** As far as the form names a week of a rep. */
    async listStoredPlans() {
      turn += 1;
      const mine = turn;
      const query = storedQuery(controller.state.form);
      if (!query) {
        if (controller.state.storedPlans.length) controller.change({ storedPlans: [] });
        return;
      }
      const items = await controller.orNothing(service.whenReady(() => service.listRoutes(query)));
      if (turn === mine) controller.change({ storedPlans: plansOf(items ?? []) });
    },

    openStoredPlan(id) {
      const { form } = controller.state;
      history.pushState(null, "", `${toQuery(form)}${hashOfRoute(id)}`);
      controller.change({ formOpen: false });
      controller.act("followAddress");
    },
  };
}
