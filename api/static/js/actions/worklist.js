/** Doubtful pins: the worklist, and setting the pin of an account by hand. */

import { plural } from "../logic/format.js";
import { withPoint } from "../logic/points.js";
import { choosing, doubtfulCount, pinBody, pinOf, placing, settled } from "../logic/worklist.js";

const PAGE_SIZE = 50;

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function worklistActions(controller, service) {
  let turn = 0;

  async function load({ cursor = null } = {}) {
    turn += 1;
    const mine = turn;
    const { worklist } = controller.state;
    controller.change({ worklist: { ...worklist, status: "loading" } });
    try {
      const query = { issue: worklist.issue || undefined, cursor, limit: PAGE_SIZE };
      const answer = await service.whenReady(() => service.listDoubtful(query));
      if (turn !== mine) return;
      const kept = cursor ? worklist.items : [];
      const items = [...kept, ...answer.items];
      const { counts, next_cursor: next = null } = answer;
      controller.change({ worklist: { ...worklist, status: "ready", counts, items, next } });
    } catch (error) {
      if (error.name !== "ServiceError") throw error;
      if (turn !== mine) return;
      controller.change({
        worklist: { ...controller.state.worklist, status: "failed", detail: error.message },
        connectionLost: error.isConnectionLost,
      });
    }
  }

  function changePin(change) {
    const { pin } = controller.state;
    if (pin && !pin.isSaving) controller.change({ pin: change(pin) });
  }

  function open(account, isQueued) {
    const { view } = controller.state;
    const pin = pinOf(account, isQueued);
    const others = pin.alternatives.length;
    controller.change({
      pin,
      account: null,
      highlighted: null,
      view: isQueued && view === "list" ? "map" : view,
      announcement: others ? `${plural(others, "place")} to choose from.` : "",
    });
    lookNear(pin);
  }

  /** Of a pin that is nowhere, at least the map shows its town. */
  async function lookNear({ accountId, address, position, alternatives }) {
    const text = address?.postcode || address?.town;
    if (position || alternatives.length || !text) return;
    const places = await controller.orNothing(service.findPlaces(text));
    const near = places?.[0]?.position;
    const { pin } = controller.state;
    if (near && pin?.accountId === accountId && !pin.position) {
      controller.change({ pin: { ...pin, near } });
    }
  }

  /** Puts what the service now says of an account's place wherever the page shows it. */
  function placed(accountId, location) {
    const { accountPoints, accountList, account } = controller.state;
    const listed = accountList.items.find((item) => item.account_id === accountId);
    const card = account?.id === accountId ? account.card : null;
    const known = accountPoints?.features.find(({ id }) => id === Number(accountId));
    const issue = location.issue;
    const points =
      listed || card
        ? withPoint(accountPoints, { ...(listed ?? card), issue }, location.position)
        : known
          ? moved(accountPoints, known, location)
          : accountPoints;
    const items = accountList.items.map((item) =>
      item === listed ? { ...item, position: location.position, location_issue: issue } : item,
    );
    // What is filtered by the position may be another list now: asked for when it is opened again.
    controller.change({ accountPoints: points, accountList: { ...accountList, items, asked: "" } });
    if (points === accountPoints) controller.act("reloadPoints");
  }

  return {
    /** As soon as its tab is open, and once before, for its number. */
    loadWorklist() {
      const { worklist, accountsTab, section } = controller.state;
      if (section !== "accounts" || worklist.status === "loading") return;
      if (accountsTab === "pins" || worklist.status === "idle") load();
    },

    /** Accounts have come in. */
    reloadWorklist() {
      load();
    },

    filterWorklist(issue) {
      controller.change({ worklist: { ...controller.state.worklist, issue, items: [] }, pin: null });
      load();
    },

    moreDoubtful() {
      load({ cursor: controller.state.worklist.next });
    },

    /** The next of a list follows once it is set. */
    openDoubtful(account) {
      open(account, true);
    },

    /** From the card of an account. */
    movePin(account) {
      open(account, false);
      controller.change({ view: "map" });
    },

    chooseAlternative(choice) {
      changePin((pin) => choosing(pin, choice));
    },

    /** @param {import("../types.js").Position} position */
    placePin(position) {
      changePin((pin) => placing(pin, position));
    },

    closePin() {
      const { pin } = controller.state;
      controller.change({ pin: null });
      if (pin && !pin.isQueued) controller.act("openAccount", pin.accountId);
      else controller.change({ view: "list" });
    },

    async savePin() {
      const { pin } = controller.state;
      if (!pin?.position || pin.isSaving) return;
      const saving = { ...pin, isSaving: true, detail: null };
      controller.change({ pin: saving });
      try {
        const location = await service.setLocation(pin.accountId, pinBody(pin));
        placed(pin.accountId, location);
        const [worklist, next] = settled(controller.state.worklist, pin.accountId);
        controller.change({ worklist });
        if (controller.state.pin !== saving) return; // The user has gone on meanwhile.
        controller.change({ pin: null, announcement: `The pin of ${pin.name} is set.` });
        if (!pin.isQueued) controller.act("openAccount", pin.accountId);
        else if (next) open(next, true);
        else if (worklist.next || doubtfulCount(worklist)) await load();
      } catch (error) {
        if (error.name !== "ServiceError") throw error;
        if (controller.state.pin !== saving) return;
        const detail = error.problem?.errors?.[0]?.detail ?? error.message;
        controller.change({ pin: { ...pin, detail }, announcement: detail });
      }
    },

    /** The service looks for the address again. */
    async forgetPin(accountId) {
      const location = await controller.orNothing(service.forgetLocation(accountId));
      if (!location) return;
      placed(accountId, location);
      controller.act("openAccount", accountId);
      controller.act("loadWorklist");
    },
  };
}

function moved(points, feature, { position, issue = "" }) {
  const properties = { ...feature.properties, issue };
  const geometry = { type: "Point", coordinates: position };
  const features = points.features.map((one) =>
    one === feature ? { ...feature, properties, geometry } : one,
  );
  return { ...points, features };
}
