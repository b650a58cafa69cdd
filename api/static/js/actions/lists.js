/** The lists beside the plan: who was left out, who is on the way. */

import { emptyList, onTheWayQuery, withPage } from "../logic/on_the_way.js";
import { fieldErrors } from "../logic/problems.js";

const PAGE_SIZE = 50;

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function listActions(controller, service) {
  let turn = 0;

  async function loadOnTheWay({ cursor = null } = {}) {
    const { form, onTheWay, route } = controller.state;
    const query = onTheWayQuery(form, onTheWay.sort);
    if (!query) {
      controller.change({ onTheWay: emptyList(onTheWay.sort) });
      return;
    }
    const asked = JSON.stringify(query);
    if (!cursor && onTheWay.asked === asked && onTheWay.status !== "failed") return;
    turn += 1;
    const mine = turn;
    const kept = cursor ? onTheWay.items : [];
    const list = { ...onTheWay, status: "loading", asked, items: kept };
    controller.change({ onTheWay: list });
    try {
      const answer = await service.listOnTheWay({ ...query, cursor, limit: PAGE_SIZE });
      if (turn !== mine) return; // Ends or order changed while it was under way.
      const fits = controller.state.fits + (route || cursor ? 0 : 1);
      controller.change({ onTheWay: withPage(list, kept, answer), connectionLost: false, fits });
    } catch (error) {
      if (error.name !== "ServiceError") throw error;
      if (turn === mine) failOnTheWay(list, error);
    }
  }

  function failOnTheWay(list, error) {
    const { errors, formOpen } = controller.state;
    controller.change({
      onTheWay: { ...list, status: "failed", detail: error.message },
      errors: error.problem ? fieldErrors(error.problem) : errors,
      formOpen: formOpen || error.problem !== null,
      connectionLost: error.isConnectionLost,
    });
  }

  return {
    openTab(tab) {
      controller.change({ tab, highlighted: null });
      if (tab === "onTheWay") loadOnTheWay();
    },

    /** After the form has changed. */
    refreshOnTheWay() {
      if (controller.state.tab === "onTheWay") loadOnTheWay();
    },

    sortOnTheWay(sort) {
      controller.change({ onTheWay: { ...controller.state.onTheWay, sort } });
      loadOnTheWay();
    },

    moreOnTheWay() {
      loadOnTheWay({ cursor: controller.state.onTheWay.next });
    },

    /** The next page of those left out for one reason. */
    async lookUpLeftOut(code) {
      const { route, leftOut } = controller.state;
      const before = leftOut[code] ?? { items: [], next: null };
      if (before.loading) return;
      const put = (page) => {
        if (controller.state.route !== route) return;
        const pages = { ...controller.state.leftOut, [code]: { ...before, ...page } };
        controller.change({ leftOut: pages });
      };
      put({ loading: true, failed: null });
      try {
        const { revision } = route;
        const filter = { revision, code, cursor: before.next, limit: PAGE_SIZE };
        const page = await service.listLeftOut(route.route_id, filter);
        const items = [...before.items, ...page.items];
        put({ items, next: page.next_cursor ?? null, loading: false });
      } catch (error) {
        if (error.name !== "ServiceError") throw error;
        put({ loading: false, failed: error.message });
      }
    },
  };
}
