/** Exceptions of the account whose card is open. */

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function exceptionActions(controller, service) {
  const path = (id) => `/accounts/${encodeURIComponent(id)}/exceptions`;

  function change(id, patch) {
    const { account } = controller.state;
    if (account?.id === id) controller.change({ account: { ...account, ...patch } });
  }

  /** The card is opened anew, since cadence, channel and prize follow from it. */
  async function changed(id, work, announcement) {
    change(id, { saving: "exception", refusedException: null });
    try {
      await work();
    } catch (error) {
      if (error.name !== "ServiceError") throw error;
      const refusedException = error.problem?.errors?.[0]?.detail ?? error.message;
      change(id, { saving: null, refusedException });
      controller.change({ announcement: refusedException });
      return;
    }
    const card = await controller.orNothing(service.getAccount(id));
    const exceptionsAdded = (controller.state.account?.exceptionsAdded ?? 0) + 1;
    change(id, { saving: null, exceptionsAdded, ...(card ? { card } : {}) });
    controller.change({ announcement });
    await controller.act("loadExceptions", id);
  }

  return {
    async loadExceptions(id) {
      const answer = await controller.orNothing(service.read(path(id)));
      if (answer) change(id, { exceptions: answer.items });
    },

    addException({ id, body }) {
      return changed(id, () => service.write("POST", path(id), body), "The exception counts from now on.");
    },

    endException({ id, exceptionId }) {
      const one = `${path(id)}/${encodeURIComponent(exceptionId)}`;
      return changed(id, () => service.write("DELETE", one), "The exception has ended.");
    },
  };
}
