/** The three lists as tabs. */

import { act, onChange } from "../dom.js";
import { count } from "../logic/format.js";
import { leftOutCount } from "../logic/left_out.js";
import { mountTabs } from "./tabs.js";

export function mountResults(el) {
  const openTab = mountTabs(el, (name) => act(el, "openTab", name));
  const showTab = onChange((state) => [state.tab], openTab);

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
