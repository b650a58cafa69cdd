/** The three lists as tabs (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/). */

import { act, onChange } from "../dom.js";
import { count } from "../logic/format.js";
import { leftOutCount } from "../logic/left_out.js";

export function mountResults(el) {
  const tabs = [...el.querySelectorAll("[role=tab]")];
  for (const tab of tabs) {
    tab.addEventListener("click", () => act(el, "openTab", tab.dataset.tab));
    tab.addEventListener("keydown", (event) => {
      const here = tabs.indexOf(tab);
      const to = {
        ArrowRight: (here + 1) % tabs.length,
        ArrowLeft: (here - 1 + tabs.length) % tabs.length,
        Home: 0,
        End: tabs.length - 1,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      tabs[to].focus();
      act(el, "openTab", tabs[to].dataset.tab);
    });
  }

  const showTab = onChange(
    (state) => [state.tab],
    (now) => {
      for (const tab of tabs) {
        const isOpen = tab.dataset.tab === now;
        tab.setAttribute("aria-selected", String(isOpen));
        tab.tabIndex = isOpen ? 0 : -1;
        document.getElementById(tab.getAttribute("aria-controls")).hidden = !isOpen;
      }
    },
  );

  const showCounts = onChange(
    (state) => [state.route, state.onTheWay],
    (route, onTheWay) => {
      const counts = {
        plan: route?.totals.visits,
        leftOut: route ? leftOutCount(route) : undefined,
        onTheWay: onTheWay.within,
      };
      for (const box of el.querySelectorAll("[data-count]")) {
        const value = counts[box.dataset.count];
        box.textContent = value === undefined ? "" : count(value);
      }
    },
  );

  const showBusy = onChange(
    (state) => [state.progress !== null],
    (isBusy) => el.toggleAttribute("inert", isBusy),
  );

  return {
    update(state) {
      showTab(state);
      showCounts(state);
      showBusy(state);
    },
  };
}
