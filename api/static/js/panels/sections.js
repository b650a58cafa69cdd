/** The switch between the sections of the page, and what belongs to which. */

import { act, onChange } from "../dom.js";
import { toAccountsQuery } from "../logic/accounts_address.js";
import { toQuery } from "../logic/address.js";
import { toInsightsQuery } from "../logic/insights_address.js";
import { count } from "../logic/format.js";
import { doubtfulCount } from "../logic/worklist.js";
import { mountTabs } from "./tabs.js";

const TITLES = {
  trip: "Territour: who to visit on the way",
  accounts: "Territour: accounts",
  insights: "Territour: insights",
};

export function mountSections(el) {
  const links = [...el.querySelectorAll("a")];
  for (const link of links) {
    link.addEventListener("click", (event) => {
      // Another window or a download is left to the browser.
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      act(el, "openSection", link.dataset.section);
    });
  }
  const parts = [...document.querySelectorAll("[data-of]")];
  const sidebar = document.querySelector(".sidebar");
  const scrolled = { trip: 0, accounts: 0, insights: 0 };
  let shown = "trip";
  sidebar.addEventListener("scroll", () => (scrolled[shown] = sidebar.scrollTop));

  const show = onChange(
    (state) => [state.section],
    (section) => {
      shown = section;
      for (const part of parts) part.hidden = !part.dataset.of.split(" ").includes(section);
      for (const link of links) {
        if (link.dataset.section === section) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      document.body.dataset.section = section;
      document.title = TITLES[section];
      sidebar.scrollTop = scrolled[section];
    },
  );

  /** They lead to the same when opened in another window. */
  const showTargets = onChange(
    (state) => [
      state.form,
      state.filter,
      state.sort,
      state.colourBy,
      state.accountsTab,
      state.insights,
    ],
    (form, filter, sort, colourBy, accountsTab, { tab, query }) => {
      const target = {
        trip: toQuery(form),
        accounts: toAccountsQuery({ accountsTab, filter, sort, colourBy }),
        insights: toInsightsQuery({ tab, query }),
      };
      for (const link of links) link.href = target[link.dataset.section];
    },
  );

  return {
    update(state) {
      show(state);
      showTargets(state);
    },
  };
}

/** The tabs of the section of accounts. */
export function mountAccounts(el) {
  const openTab = mountTabs(el, (name) => act(el, "openAccountsTab", name));
  const counts = Object.fromEntries(
    [...el.querySelectorAll("[data-count]")].map((box) => [box.dataset.count, box]),
  );
  const showTab = onChange((state) => [state.accountsTab], openTab);
  const showCounts = onChange(
    (state) => [state.worklist, state.duplicates],
    (worklist, duplicates) => {
      const known = (value) => (value === undefined || value === null ? "" : count(value));
      counts.pins.textContent =
        worklist.status === "idle" ? "" : known(doubtfulCount(worklist) || null);
      counts.duplicates.textContent = known(duplicates.total || null);
    },
  );
  return {
    update(state) {
      showTab(state);
      showCounts(state);
    },
  };
}
