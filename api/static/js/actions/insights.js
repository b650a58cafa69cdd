/** The section of insights: which tab is open, what it is asked for, and what changes it. */

import { toInsightsQuery } from "../logic/insights_address.js";
import { TABS } from "../panels/insights/tabs.js";

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function insightsActions(controller, service) {
  const turns = {};

  const put = (patch) => controller.change({ insights: { ...controller.state.insights, ...patch } });

  const putAnswer = (tab, patch) => {
    const { answers } = controller.state.insights;
    put({ answers: { ...answers, [tab]: { ...answers[tab], ...patch } } });
  };

  async function load({ isForced = false } = {}) {
    const { section, insights, dataset } = controller.state;
    const tab = TABS.find(({ name }) => name === insights.tab);
    if (section !== "insights" || !tab) return;
    const asked = JSON.stringify(insights.query);
    const before = insights.answers[tab.name];
    if (!isForced && before?.asked === asked && before.status !== "failed") return;
    const mine = (turns[tab.name] = (turns[tab.name] ?? 0) + 1);
    // What is there stays in sight until the answer comes.
    putAnswer(tab.name, { asked, status: "loading" });
    try {
      const answer = await service.whenReady(() => tab.load(service, insights.query));
      if (turns[tab.name] !== mine) return;
      putAnswer(tab.name, { status: "ready", answer });
      controller.change({ connectionLost: false, announcement: `${tab.title} loaded.` });
    } catch (error) {
      if (error.name !== "ServiceError") throw error;
      if (turns[tab.name] !== mine) return;
      const detail = error.problem?.errors?.[0]?.detail ?? error.message;
      putAnswer(tab.name, { status: "failed", detail });
      controller.change({ connectionLost: error.isConnectionLost, announcement: detail });
    }
  }

  return {
    /** @param {{tab?: string, query?: Record<string, any>}} wanted another tab begins without a query */
    openInsights({ tab, query }) {
      const { insights, account } = controller.state;
      const name = tab ?? insights.tab;
      const asked = query ?? (name === insights.tab ? insights.query : {});
      const given = Object.entries(asked).filter(([, value]) => value !== "" && value != null);
      put({ tab: name, query: Object.fromEntries(given), refusal: null });
      const address = { tab: name, query: asked, accountId: account?.id ?? null };
      history.pushState(null, "", toInsightsQuery(address));
      load();
    },

    loadInsights() {
      load();
    },

    /**
     * @param {{work: (service: object) => Promise<any>, message: string, done?: (isDone: boolean) => void}} change
     */
    async changeInsights({ work, message, done = () => {} }) {
      put({ refusal: null });
      try {
        await work(service);
      } catch (error) {
        if (error.name !== "ServiceError") throw error;
        const refusal = error.problem?.errors?.[0]?.detail ?? error.message;
        put({ refusal });
        controller.change({ announcement: refusal });
        done(false);
        return;
      }
      controller.change({ announcement: message });
      done(true);
      // What other tabs show may have changed with it.
      const { answers, tab } = controller.state.insights;
      put({ answers: { [tab]: answers[tab] } });
      await load({ isForced: true });
    },
  };
}
