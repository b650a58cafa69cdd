/** The two sections of the page, trip and accounts, and which of them the address means. */

import { fromAccountsQuery, sectionOf, toAccountsQuery } from "../logic/accounts_address.js";
import { hashOfRoute, routeInHash, toQuery } from "../logic/address.js";

/** @param {import("../controller.js").Controller} controller */
export function sectionActions(controller) {
  /** Of the trip as it was left, since it may name an older revision. */
  let tripHash = location.hash;

  function tripAddress() {
    const { form, route } = controller.state;
    if (!route) return toQuery(form);
    const isLeft = routeInHash(tripHash) === route.route_id;
    return `${toQuery(form)}${isLeft ? tripHash : hashOfRoute(route.route_id)}`;
  }

  const accountsAddress = () => {
    const { account } = controller.state;
    return toAccountsQuery({ ...controller.state, accountId: account?.id ?? null });
  };

  function show(section) {
    if (controller.state.section === section) return;
    controller.change({ section, highlighted: null, drawing: null, pin: null, account: null });
  }

  return {
    /** @param {"trip" | "accounts"} section */
    openSection(section) {
      const { section: before, view } = controller.state;
      if (before === section) return;
      if (before === "trip") tripHash = location.hash;
      show(section);
      history.pushState(null, "", section === "trip" ? tripAddress() : accountsAddress());
      if (section === "accounts") controller.act("loadAccounts");
      else controller.act("listStoredPlans");
      const name = section === "trip" ? "Trip" : "Accounts";
      controller.change({ view, announcement: `${name} opened.` });
    },

    /** @param {"list" | "pins" | "duplicates" | "import"} accountsTab */
    openAccountsTab(accountsTab) {
      if (controller.state.accountsTab === accountsTab) return;
      controller.change({ accountsTab, highlighted: null, drawing: null, pin: null, pair: null });
      history.pushState(null, "", accountsAddress());
      controller.act("loadAccounts");
    },

    /** What is shown has changed, and a link should lead to it. */
    keepAddress() {
      if (controller.state.section !== "accounts") return;
      history.replaceState(null, "", accountsAddress());
    },

    /** After the user has gone back or forth, or has come by a link. */
    followAddress() {
      const section = sectionOf(location.search);
      show(section);
      if (section === "trip") {
        tripHash = location.hash;
        controller.act("followTripAddress");
        return;
      }
      const { accountId, ...shown } = fromAccountsQuery(location.search);
      const { filter, account } = controller.state;
      controller.change({ ...shown, filter: { ...shown.filter, q: filter.q } });
      controller.act("loadAccounts");
      if (accountId && accountId !== account?.id) controller.act("openAccount", accountId);
      else if (!accountId && account) controller.act("closeAccount");
    },
  };
}
