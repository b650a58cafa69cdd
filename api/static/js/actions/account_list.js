/** The list of accounts: filtered, sorted, in pages, and summed up. */

import { filterQuery, hasSameIds, listQuery, needsIds } from "../logic/account_filter.js";
import { NO_LIST } from "../logic/account_list.js";
import { polygonOf } from "../logic/area.js";
import { count, plural } from "../logic/format.js";

const PAGE_SIZE = 50;

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function accountListActions(controller, service) {
  let listTurn = 0;
  let summaryTurn = 0;

  async function loadList({ cursor = null } = {}) {
    const { filter, sort, accountList: before } = controller.state;
    const query = listQuery(filter, sort);
    const asked = JSON.stringify(query);
    if (!cursor && before.asked === asked && before.status !== "failed") return;
    listTurn += 1;
    const mine = listTurn;
    const kept = cursor ? before.items : [];
    // What is there stays in sight until the answer comes.
    controller.change({ accountList: { ...before, asked, status: "loading" } });
    try {
      const answer = await service.whenReady(() =>
        service.listAccounts({ ...query, cursor, limit: PAGE_SIZE }),
      );
      if (listTurn !== mine) return;
      const { items, next_cursor: next = null, total = null } = answer;
      const accountList = { status: "ready", asked, items: [...kept, ...items], next, total };
      controller.change({ accountList, connectionLost: false });
      const words = total === null ? plural(items.length, "account") : plural(total, "account");
      controller.change({
        announcement: cursor ? `${count(items.length)} more.` : `${words} in the list.`,
      });
    } catch (error) {
      if (error.name !== "ServiceError") throw error;
      if (listTurn !== mine) return;
      const accountList = { ...NO_LIST, asked, status: "failed", detail: error.message };
      controller.change({ accountList, connectionLost: error.isConnectionLost });
    }
  }

  /** Count and sums of what the list holds, and its ids where the map needs them. */
  async function loadSummary() {
    const { filter, summary: before } = controller.state;
    const body = {
      ...(filter.area ? { polygon: polygonOf(filter.area) } : {}),
      ...filterBody(filter),
    };
    const asked = JSON.stringify(body);
    if (before.asked === asked && before.status !== "failed") return;
    summaryTurn += 1;
    const mine = summaryTurn;
    controller.change({ summary: { ...before, asked, status: "loading" } });
    const [answer, hits] = await Promise.all([
      controller.orNothing(service.whenReady(() => service.selectAccounts(body))),
      filter.area && needsIds(filter)
        ? controller.orNothing(service.whenReady(() => service.selectAccounts(filterBody(filter))))
        : null,
    ]);
    if (summaryTurn !== mine) return;
    const found = hits ?? answer;
    let ids = needsIds(filter) && found ? found.account_ids : null;
    if (ids && found.truncated) {
      // Too many to be named: the points of the filter have them all.
      const points = await controller.orNothing(service.getAccountPoints(filterQuery(filter)));
      if (summaryTurn !== mine) return;
      ids = points?.features.map(({ id }) => String(id)) ?? null;
    }
    // Without them the map shows whom their classes let pass, and the legend says so.
    const isCut = needsIds(filter) && Boolean(found) && !ids;
    const hitIds = ids && new Set(ids);
    const summary = { status: answer ? "ready" : "failed", asked, answer };
    controller.change({ summary, hitIds, hitsCut: isCut });
  }

  function load() {
    const { section, accountsTab } = controller.state;
    if (section !== "accounts" || accountsTab !== "list") return;
    loadList();
    loadSummary();
  }

  return {
    /** What the open tab shows, as far as it is not there. */
    loadAccounts() {
      load();
      controller.act("loadWorklist");
      controller.act("loadDuplicates");
      controller.act("loadImports");
    },

    /** The accounts themselves have changed. */
    reloadAccounts() {
      const { accountList, summary } = controller.state;
      // Asked for again when their tab is opened.
      controller.change({
        accountList: { ...accountList, asked: "" },
        summary: { ...summary, asked: "" },
      });
      load();
      controller.act("reloadPoints");
    },

    /** @param {import("../logic/account_filter.js").AccountFilter} filter */
    filterAccounts(filter) {
      const { accountsTab } = controller.state;
      const isKept = hasSameIds(filter, controller.state.filter);
      controller.change({ filter, ...(isKept ? {} : { hitIds: null, hitsCut: false }) });
      if (accountsTab !== "list") controller.change({ accountsTab: "list" });
      controller.act("keepAddress");
      load();
    },

    sortAccounts(sort) {
      controller.change({ sort });
      controller.act("keepAddress");
      load();
    },

    colourAccounts(colourBy) {
      controller.change({ colourBy });
      controller.act("keepAddress");
    },

    moreAccounts() {
      loadList({ cursor: controller.state.accountList.next });
    },

    /** @param {"lasso" | "rectangle" | null} drawing null: no longer */
    drawArea(drawing) {
      const isOn = controller.state.drawing === drawing;
      const hint = drawing === "lasso" ? "Draw around the accounts." : "Drag a rectangle.";
      controller.change({
        drawing: isOn ? null : drawing,
        account: null,
        announcement: drawing && !isOn ? `${hint} Escape ends it.` : "",
        ...(drawing && !isOn ? { view: "map" } : {}),
      });
    },

    /** @param {import("../types.js").Position[]} area */
    takeArea(area) {
      controller.change({ drawing: null });
      controller.act("filterAccounts", { ...controller.state.filter, area });
    },

    /** All that pass the filter, on the map. */
    fitAccounts() {
      controller.change({ hitFits: controller.state.hitFits + 1 });
    },

    /** @param {[import("../types.js").Position, import("../types.js").Position]} mapBounds */
    lookAt(mapBounds) {
      controller.change({ mapBounds });
    },
  };
}

/** Lists are lists in a body. */
function filterBody(filter) {
  const many = ["segment", "status", "due", "owner", "issue", "cell"];
  return Object.fromEntries(
    Object.entries(filterQuery(filter)).map(([name, value]) => [
      name,
      many.includes(name) ? value.split(",") : value,
    ]),
  );
}
