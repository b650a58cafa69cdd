/** The plan: what it is worth, then day by day. The list is the plan; the map mirrors it. */

import { act, h, onChange } from "../dom.js";
import { missedMusts } from "../logic/plan.js";
import { changesBox } from "./changes.js";
import { daySection } from "./day.js";
import { planSummary, planWarnings, showBound } from "./summary.js";

export function mountPlan(el) {
  const [top, notes, list] = ["top", "notes", "days"].map((ref) =>
    el.querySelector(`[data-ref="${ref}"]`),
  );
  let stops = new Map();
  let planned = false;
  let form = null;

  const showPlan = onChange(
    (state) => [state.route, state.days, state.routeLoading],
    (route, days, isLoading) => {
      stops = new Map();
      if (!route) {
        top.replaceChildren(isLoading ? loading() : emptyPlan());
        list.replaceChildren();
        return;
      }
      const heading = h("h2", { class: "plan-heading", tabindex: "-1" }, "The plan");
      const sections = days.map((day) => daySection(day, days[day.index - 1], route));
      top.replaceChildren(heading);
      list.replaceChildren(planSummary(route), ...sections);
      for (const item of el.querySelectorAll("[data-key]")) stops.set(item.dataset.key, item);
      if (planned) {
        heading.focus({ preventScroll: true });
        el.closest(".sidebar").scrollTop = 0;
      }
    },
  );

  const showNotes = onChange(
    (state) => [state.route, state.revisions],
    (route, revisions) => {
      if (!route) notes.replaceChildren();
      else {
        const warnings = planWarnings(route, revisions, missedMusts(route), form);
        notes.replaceChildren(...[warnings, changesBox(route)].filter(Boolean));
      }
    },
  );

  const showProof = onChange(
    (state) => [state.search, state.days],
    (search) => showBound(el, search),
  );

  const notePlanning = onChange(
    (state) => [state.progress !== null || state.working === "replan"],
    (isPlanning) => {
      if (isPlanning) planned = true;
    },
  );

  const showMarks = onChange(
    (state) => [state.highlighted, state.selected, state.days],
    (highlighted, selected) => {
      for (const [key, item] of stops) {
        item.classList.toggle("is-highlighted", key === highlighted?.key);
        item.classList.toggle("is-selected", key === selected?.key);
      }
    },
  );

  const scrollToSelected = onChange(
    (state) => [state.selected, state.view],
    (selected, view) => {
      if (selected?.fromMap && view === "list") {
        stops.get(selected.key)?.scrollIntoView({ block: "nearest" });
      }
    },
  );

  // One listener for all stops: pointer and focus mark the same stop on the map.
  const keyAt = (event) => event.target.closest?.("[data-key]")?.dataset.key;
  const mark = (event) => act(el, "highlight", keyAt(event) ? { key: keyAt(event) } : null);
  el.addEventListener("pointerover", mark);
  el.addEventListener("focusin", mark);
  el.addEventListener("pointerleave", () => act(el, "highlight", null));
  el.addEventListener("focusout", (event) => {
    if (!el.contains(event.relatedTarget)) act(el, "highlight", null);
  });

  return {
    update(state) {
      form = state.form; // As it was planned with: later changes alter the plan's fixes no more.
      notePlanning(state);
      showPlan(state);
      showNotes(state);
      showProof(state);
      showMarks(state);
      scrollToSelected(state);
    },
  };
}

const loading = () =>
  h(
    "div",
    { class: "empty" },
    h("span", { class: "spinner" }),
    h("p", {}, "Opening the stored plan"),
  );

const emptyPlan = () =>
  h(
    "div",
    { class: "empty" },
    h("h2", {}, "No plan yet"),
    h(
      "p",
      {},
      "Say where you start, where you end and which days you have. You get the visits worth the " +
        "way, in order, with the reason for each, and the reason for everyone left out.",
    ),
  );
