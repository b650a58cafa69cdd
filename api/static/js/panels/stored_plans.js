/** In the form of a week: plans of it that are there already. */

import { act, h, onChange } from "../dom.js";
import { storedWords } from "../logic/stored_plans.js";
import { TIMEZONE } from "../state.js";

export function mountStoredPlans(el) {
  const list = h("ul", { class: "stored-list", "aria-labelledby": "stored-heading" });
  el.append(h("h3", { class: "label", id: "stored-heading" }, "Plans of this week"), list);

  return {
    update: onChange(
      (state) => [state.storedPlans, state.route, state.dataset?.timezone ?? TIMEZONE],
      (items, route, timezone) => {
        el.hidden = items.length === 0;
        list.replaceChildren(...items.map((item) => storedItem(item, route, timezone)));
      },
    ),
  };
}

function storedItem(item, route, timezone) {
  const isShown = item.route_id === route?.route_id;
  return h(
    "li",
    {},
    h(
      "button",
      {
        type: "button",
        class: "link",
        "aria-current": isShown ? "true" : null,
        onclick: (event) => act(event.target, "openStoredPlan", item.route_id),
      },
      storedWords(item, timezone),
    ),
  );
}
