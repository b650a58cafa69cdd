/** The sections of the page, trip, accounts and insights, and which of them the address means. */

import { fromAccountsQuery, sectionOf, toAccountsQuery } from "../logic/accounts_address.js";
import { hashOfRoute, routeInHash, toQuery } from "../logic/address.js";
import { fromInsightsQuery, toInsightsQuery } from "../logic/insights_address.js";
import { TABS } from "../panels/insights/tabs.js";

const NAMES = { trip: "Trip", accounts: "Accounts", insights: "Insights" };
const LOADERS = { trip: "listStoredPlans", accounts: "loadAccounts", insights: "loadInsights" };

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

  const addresses = {
    trip: tripAddress,
    accounts: accountsAddress,
    insights: () => toInsightsQuery(controller.state.insights),
  };

  function show(section) {
    if (controller.state.section === section) return;
    controller.change({ section, highlighted: null, drawing: null, pin: null, account: null });
  }

  /** @returns the account whose card the address means */
  function followAccounts() {
    const { accountId, ...shown } = fromAccountsQuery(location.search);
    const { filter } = controller.state;
    controller.change({ ...shown, filter: { ...shown.filter, q: filter.q } });
    controller.act("loadAccounts");
    return accountId;
  }

  function followInsights() {
    const names = TABS.map(({ name }) => name);
    const { accountId, tab, query } = fromInsightsQuery(location.search, names);
    controller.change({ insights: { ...controller.state.insights, tab, query } });
    controller.act("loadInsights");
    return accountId;
  }

  return {
    /** @param {"trip" | "accounts" | "insights"} section */
    openSection(section) {
      const { section: before, view } = controller.state;
      if (before === section) return;
      if (before === "trip") tripHash = location.hash;
      show(section);
      history.pushState(null, "", addresses[section]());
      controller.act(LOADERS[section]);
      controller.change({ view, announcement: `${NAMES[section]} opened.` });
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
      const { section, account, insights } = controller.state;
      if (section === "accounts") history.replaceState(null, "", accountsAddress());
      if (section !== "insights") return;
      const address = toInsightsQuery({ ...insights, accountId: account?.id ?? null });
      history.replaceState(null, "", address);
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
      const accountId = section === "insights" ? followInsights() : followAccounts();
      const { account } = controller.state;
      if (accountId && accountId !== account?.id) controller.act("openAccount", accountId);
      else if (!accountId && account) controller.act("closeAccount");
    },
  };
}
