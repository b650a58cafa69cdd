/** The data set and its accounts. */

import { useSegments } from "../logic/account_words.js";
import { nextMonday } from "../logic/calendar.js";
import { useCurrency } from "../logic/format.js";
import { readPoints } from "../logic/points.js";
import { rememberNote } from "../state.js";

/**
 * @param {import("../controller.js").Controller} controller
 * @param {import("../service.js").Service} service
 */
export function dataActions(controller, service) {
  const proposedDay = controller.state.form.firstDay;
  /** Points are classed by its segments. @type {Promise<void> | null} */
  let datasetLoaded = null;

  async function loadDataset() {
    const dataset = await controller.orNothing(service.whenReady(service.getDataset));
    if (!dataset) return;
    const { form } = controller.state;
    const isChosen =
      form.firstDay !== proposedDay || new URLSearchParams(location.search).has("day");
    const firstDay = isChosen ? form.firstDay : nextMonday(dataset.as_of);
    useCurrency(dataset.currency);
    useSegments(dataset.segments);
    const { filter } = controller.state;
    const names = new Set(dataset.segments.map(({ segment }) => segment));
    const segment = filter.segment.filter((name) => names.has(name));
    controller.change({
      dataset,
      form: { ...form, firstDay },
      // Links may be older than the programme whose segments they name.
      ...(segment.length < filter.segment.length && { filter: { ...filter, segment } }),
    });
  }

  async function loadReps() {
    const reps = await controller.orNothing(service.whenReady(() => service.listReps()));
    if (reps) controller.change({ reps });
  }

  async function loadAccountPoints() {
    const points = await controller.orNothing(service.whenReady(service.getAccountPoints));
    await datasetLoaded;
    if (points) controller.change({ accountPoints: readPoints(points) });
  }

  return {
    /** What has not been loaded yet. */
    loadData() {
      if (!controller.state.dataset) datasetLoaded = loadDataset();
      if (!controller.state.reps.length) loadReps();
      if (!controller.state.accountPoints) loadAccountPoints();
    },

    reloadPoints: loadAccountPoints,

    reloadDataset() {
      datasetLoaded = loadDataset();
      return datasetLoaded;
    },

    toggleNote() {
      const noteOpen = !controller.state.noteOpen;
      rememberNote(noteOpen);
      controller.change({ noteOpen });
    },

    async openAccount(id) {
      const { route, days, accountList } = controller.state;
      const filter = { revision: route?.revision, account_id: id, limit: 1 };
      const stop = days.flatMap((day) => day.stops).find(({ accountId }) => accountId === id);
      const known = accountList.items.find((item) => item.account_id === id) ?? null;
      const account = { id, known, card: null, value: null, leftOut: null, stop: stop ?? null };
      controller.change({ account, pin: null });
      controller.act("keepAddress");
      const [card, value, page] = await Promise.all([
        controller.orNothing(service.getAccount(id)),
        controller.orNothing(service.getAccountValue(id)),
        route && !stop
          ? controller.orNothing(service.listLeftOut(route.route_id, filter))
          : null,
      ]);
      if (controller.state.account !== account) return;
      const leftOut = page?.items[0] ?? null;
      controller.change({ account: card ? { ...account, card, value, leftOut } : null });
      if (!card) return;
      controller.act("loadExceptions", id);
      // The first answer after a change reads all touches of the past, which the card need not await.
      const touches = await controller.orNothing(service.getAccountTouches(id));
      const shown = controller.state.account;
      if (shown?.id === id && shown.card) controller.change({ account: { ...shown, touches } });
    },

    closeAccount() {
      controller.change({ account: null });
      controller.act("keepAddress");
    },

    /** Accounts that came by the address are known by number only. */
    async nameAccounts() {
      const { musts, excluded, appointments } = controller.state.form;
      const accounts = [...musts, ...excluded, ...appointments.map((one) => one.account)];
      const ids = [...new Set(accounts.filter(Boolean).map(({ account_id }) => account_id))];
      if (!ids.length) return;
      const cards = await Promise.all(
        ids.map((id) => controller.orNothing(service.whenReady(() => service.getAccount(id)))),
      );
      const byId = new Map(cards.filter(Boolean).map((card) => [card.account_id, card]));
      const named = (account) => {
        const card = byId.get(account?.account_id);
        return card ? { ...account, name: card.name, town: card.town } : account;
      };
      const { form } = controller.state;
      controller.change({
        form: {
          ...form,
          musts: form.musts.map(named),
          excluded: form.excluded.map(named),
          appointments: form.appointments.map((one) => ({ ...one, account: named(one.account) })),
        },
      });
    },
  };
}
