/** Where the plan stands, and what can be done with it. */

import { act, h, icon, onChange } from "../dom.js";
import { isOutdated, newest, revisionWords, standing } from "../logic/standing.js";

const TASKS = { change: "Something changed", try: "Try a visit" };

export function mountStanding(el) {
  let last = 1;
  let wasAccepting = false;
  let openTask = null;
  let shown = null;
  const words = h("p", { class: "standing-words", id: "standing-words", tabindex: "-1" });
  const accept = h("button", {
    type: "button",
    class: "button button-primary",
    "aria-describedby": "standing-words",
    onclick: () => act(el, "acceptPlan"),
  });
  const back = h(
    "button",
    { type: "button", class: "button", onclick: () => act(el, "showRevision", last) },
    "Show the newest plan",
  );
  const tasks = Object.entries(TASKS).map(([task, label]) =>
    h(
      "button",
      {
        type: "button",
        class: "button",
        "data-task": task,
        "aria-expanded": "false",
        "aria-controls": `task-${task}`,
        onclick: ({ currentTarget }) => {
          const isOpen = currentTarget.getAttribute("aria-expanded") === "true";
          act(el, "openTask", isOpen ? null : task);
        },
      },
      label,
    ),
  );
  const faults = h("div", { class: "field-error", role: "alert" });
  const revisionList = h("ol", { class: "revision-list" });
  const revisions = h(
    "details",
    { class: "fold revisions" },
    h("summary", {}, h("span", { class: "fold-title" }, "Revisions")),
    revisionList,
  );
  el.append(
    words,
    faults,
    h("div", { class: "standing-actions" }, accept, back, tasks),
    revisions,
  );
  const showStanding = onChange(
    (state) => [state.route, state.revisions],
    (route, known) => {
      el.hidden = !route || !known.length;
      if (el.hidden) return;
      last = newest(known).revision;
      const { state, title, words: sentence } = standing(route, known);
      el.dataset.standing = state;
      words.replaceChildren(
        ...(state === "accepted" ? [icon("check")] : []),
        h("span", {}, h("strong", {}, `${title}.`), ` ${sentence}`),
      );
      accept.hidden = state === "accepted" || state === "outdated";
      accept.replaceChildren(state === "changed" ? "Accept the change" : "Accept the plan");
      back.hidden = !isOutdated(route, known);
      for (const button of tasks) button.hidden = state === "outdated";
      revisions.hidden = known.length < 2;
      revisionList.replaceChildren(
        ...known.map((one) =>
          h(
            "li",
            {},
            h(
              "button",
              {
                type: "button",
                class: "link",
                "aria-current": one.revision === route.revision ? "true" : null,
                onclick: () => act(el, "showRevision", one.revision),
              },
              revisionWords(one, route.timezone, route.currency),
            ),
          ),
        ),
      );
    },
  );

  /** What was pressed to accept is gone then: the focus goes to the sentence that has changed. */
  const showBusy = onChange(
    (state) => [state.working],
    (working) => {
      accept.disabled = working !== null;
      for (const button of tasks) button.disabled = working !== null;
      if (wasAccepting && working === null && accept.hidden) words.focus({ preventScroll: true });
      wasAccepting = working === "accept";
    },
  );
  const showFaults = onChange(
    (state) => [state.taskErrors, state.task],
    (errors, task) => {
      const mine = errors.filter(({ field }) => field === "accept" || (field === "form" && !task));
      faults.replaceChildren(...mine.map(({ detail }) => h("p", {}, detail)));
    },
  );

  const showTask = onChange(
    (state) => [state.task, state.route],
    (task, route) => {
      for (const button of tasks) {
        button.setAttribute("aria-expanded", String(button.dataset.task === task));
      }
      const opener = tasks.find((button) => button.dataset.task === openTask);
      if (openTask && !task && shown === route) opener.focus({ preventScroll: true });
      openTask = task;
      shown = route;
    },
  );
  return {
    update(state) {
      showStanding(state);
      showBusy(state);
      showFaults(state);
      showTask(state);
    },
  };
}
