/** What the service does while it plans, as its event stream tells. */

import { act, h, icon, onChange } from "../dom.js";
import { money, plural } from "../logic/format.js";
import { sparkline } from "../logic/sparkline.js";

export function mountProgress(el) {
  const value = h("p", { class: "progress-value" });
  const visits = h("p", { class: "progress-visits" });
  const bar = h("progress", { max: "1", value: "0", "aria-label": "Search" });
  const line = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  line.setAttribute("class", "sparkline");
  line.setAttribute("viewBox", "0 0 100 24");
  line.setAttribute("preserveAspectRatio", "none");
  line.setAttribute("aria-hidden", "true");
  const stages = h("ol", { class: "stages" });
  const cancel = h(
    "button",
    { type: "button", class: "button button-small", onclick: () => act(el, "cancelPlanning") },
    "Cancel",
  );
  el.append(
    h("div", { class: "progress-head" }, h("h2", { id: "progress-heading" }, "Planning"), cancel),
    h("div", { class: "progress-best" }, h("div", {}, value, visits), line),
    bar,
    stages,
  );

  /** What was pressed to plan is disabled meanwhile, so the focus goes here and on from here. */
  function moveFocus(isPlanning) {
    const hadFocus = el.contains(document.activeElement);
    el.hidden = !isPlanning;
    if (isPlanning) cancel.focus();
    else if (hadFocus) document.getElementById("results").focus({ preventScroll: true });
  }

  return {
    update: onChange(
      (state) => [state.progress],
      (progress) => {
        if (el.hidden !== (progress === null)) moveFocus(progress !== null);
        if (!progress) return;
        const best = progress.improvements.at(-1);
        value.textContent = best ? money(best.value) : "…";
        visits.textContent = best
          ? `best value so far, ${plural(best.visits, "visit")}`
          : "looking for a first plan";
        if (best) bar.value = best.progress;
        else bar.removeAttribute("value");
        const points = sparkline(progress.improvements.map((one) => one.value));
        line.innerHTML = points ? `<polyline points="${points}"/>` : "";
        stages.replaceChildren(
          ...progress.stages.map(({ detail }, index) => {
            const isLast = index === progress.stages.length - 1;
            return h(
              "li",
              { class: isLast ? "stage stage-now" : "stage" },
              isLast ? h("span", { class: "spinner" }) : icon("check"),
              h("span", {}, detail),
            );
          }),
        );
      },
    ),
  };
}
