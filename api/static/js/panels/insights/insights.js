/** The section of insights: one tab for each question that managers ask. */

import { act, h, onChange } from "../../dom.js";
import { skeleton } from "../listed_account.js";
import { mountTabs } from "../tabs.js";
import { TABS } from "./tabs.js";

export function mountInsights(el) {
  const tabs = TABS.map(({ name, title }) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${name}`,
        "data-tab": name,
        "aria-controls": `panel-${name}`,
        "aria-selected": "false",
        tabindex: "-1",
      },
      title,
    ),
  );
  const panels = TABS.map(({ name }) =>
    h("div", { role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}`, hidden: true }),
  );
  const list = h("div", { class: "tabs tabs-scroll", role: "tablist", "aria-label": "Insights" }, tabs);
  el.append(list, ...panels);
  const openTab = mountTabs(el, (tab) => act(el, "openInsights", { tab }));

  const showTab = onChange(
    (state) => [state.insights.tab],
    (name) => {
      openTab(name);
      tabs.find((tab) => tab.dataset.tab === name)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    },
  );

  const showAnswer = onChange(
    (state) => [state.insights, state.dataset, state.reps],
    (insights, dataset, reps) => {
      const at = TABS.findIndex(({ name }) => name === insights.tab);
      if (at < 0) return;
      const { status, answer, detail } = insights.answers[insights.tab] ?? { status: "idle" };
      const panel = panels[at];
      panel.setAttribute("aria-busy", String(status === "loading"));
      if (status === "failed") {
        panel.replaceChildren(
          h("div", { class: "empty" }, h("h2", {}, "This did not come"), h("p", {}, detail)),
        );
      } else if (!answer || !dataset) panel.replaceChildren(skeleton(6));
      else show(panel, TABS[at].view(answer, toolsOf(insights, dataset, reps)), insights.refusal);
    },
  );

  const toolsOf = ({ tab, query }, dataset, reps) => ({
    query,
    dataset,
    reps,
    ask: (wanted) => act(el, "openInsights", { tab, query: wanted }),
    run: (work, message) =>
      new Promise((done) => act(el, "changeInsights", { work, message, done })),
    act: (verb, detail) => act(el, verb, detail),
  });

  return {
    update(state) {
      if (state.section !== "insights") return;
      showTab(state);
      showAnswer(state);
    },
  };
}

/** What had the focus keeps it, as long as something of that id is still there. */
function show(panel, parts, refusal) {
  const focused = panel.contains(document.activeElement) ? document.activeElement.id : "";
  const told = refusal ? [h("p", { class: "refusal", role: "alert" }, refusal)] : [];
  panel.replaceChildren(...told, ...parts.filter((part) => part !== null));
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}
