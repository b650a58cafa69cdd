/** Accounts that may be there twice. */

import { withoutPair } from "../logic/duplicates.js";

const PAGE_SIZE = 30;

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function duplicateActions(controller, service) {
  async function load({ cursor = null } = {}) {
    const { duplicates: before } = controller.state;
    const kept = cursor ? before.items : [];
    controller.change({ duplicates: { ...before, status: "loading" } });
    try {
      const answer = await service.whenReady(() =>
        service.listDuplicates({ cursor, limit: PAGE_SIZE }),
      );
      const { items, next_cursor: next = null, total = null } = answer;
      const duplicates = { status: "ready", items: [...kept, ...items], next, total };
      controller.change({ duplicates, connectionLost: false });
    } catch (error) {
      if (error.name !== "ServiceError") throw error;
      controller.change({
        duplicates: { ...before, status: "failed", detail: error.message },
        connectionLost: error.isConnectionLost,
      });
    }
  }

  return {
    loadDuplicates() {
      const { section, accountsTab, duplicates } = controller.state;
      if (section !== "accounts" || duplicates.status === "loading") return;
      if (accountsTab === "duplicates" || duplicates.status === "idle") load();
    },

    /** Accounts have come in. */
    reloadDuplicates() {
      load();
    },

    moreDuplicates() {
      load({ cursor: controller.state.duplicates.next });
    },

    /** On the map too. */
    lookAtPair(pair) {
      controller.change({ pair, account: null, pin: null, view: "map" });
    },

    /** @param {{pair: object, keep: string | null}} decision keep: the one that stays; null: two accounts */
    async decidePair({ pair, keep }) {
      const [first, second] = pair.accounts.map(({ account_id }) => account_id);
      const decision = keep === null ? { decision: "distinct" } : { decision: "merge", keep };
      const before = controller.state.duplicates;
      controller.change({ duplicates: { ...before, deciding: pair, refused: null } });
      try {
        await service.decideDuplicate({ account_id: first, other_id: second, ...decision });
      } catch (error) {
        if (error.name !== "ServiceError") throw error;
        const refused = { pair, detail: error.problem?.errors?.[0]?.detail ?? error.message };
        const { duplicates } = controller.state;
        controller.change({ duplicates: { ...duplicates, deciding: null, refused } });
        return;
      }
      const goneId = keep === null ? null : keep === first ? second : first;
      const { duplicates } = controller.state;
      const items = withoutPair(duplicates.items, pair, goneId);
      const lost = duplicates.items.length - items.length;
      const total = duplicates.total === null ? null : Math.max(0, duplicates.total - lost);
      controller.change({
        duplicates: { ...duplicates, items, total, deciding: null, refused: null },
        pair: null,
        announcement: goneId ? "The two accounts are one now." : "They stay two accounts.",
      });
      if (goneId) controller.act("reloadAccounts");
      if (!items.length && duplicates.next) load();
    },
  };
}
