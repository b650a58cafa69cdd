/** Changing an account from its card. */

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function accountEditActions(controller, service) {
  function change(id, patch) {
    const { account } = controller.state;
    if (account?.id === id) controller.change({ account: { ...account, ...patch } });
  }

  return {
    /** @param {{id: string, version: number, notes: string}} edited */
    async saveNotes({ id, version, notes }) {
      change(id, { saving: "notes", refused: null });
      try {
        const card = await service.changeAccount(id, version, { notes });
        const { account } = controller.state;
        if (account?.id !== id) return;
        change(id, { card: { ...account.card, ...card }, saving: null, saved: "notes" });
        controller.change({ announcement: "The notes are saved." });
      } catch (error) {
        if (error.name !== "ServiceError") throw error;
        const isOvertaken = error.problem?.status === 412;
        const detail = isOvertaken
          ? "Somebody else has changed this account meanwhile. Copy what you wrote and open it again."
          : (error.problem?.errors?.[0]?.detail ?? error.message);
        change(id, { saving: null, refused: detail });
        controller.change({ announcement: detail });
      }
    },
  };
}
