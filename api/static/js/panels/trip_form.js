/** The form of a trip. Its markup is templates/trip_form.html. */

import { act, h, icon, onChange } from "../dom.js";
import { addDays, dayRange, isDate, shortDay } from "../logic/calendar.js";
import { currencySymbol, plural } from "../logic/format.js";
import {
  MAX_DAYS,
  NUMBERS,
  exampleTrip,
  hoursOf,
  standardNumbers,
  usesOptions,
} from "../logic/trip_form.js";
import { mountPlaceField } from "./place_field.js";

export function mountTripForm(el, service) {
  const ref = Object.fromEntries(
    [...el.querySelectorAll("[data-ref]")].map((e) => [e.dataset.ref, e]),
  );
  const { form } = ref;
  let current = null;
  let refusals = 0;
  const change = (patch) => act(el, "changeForm", patch);
  const field = (name) => el.querySelector(`[data-field="${name}"]`);

  const ends = Object.fromEntries(
    ["from", "to"].map((name) => [
      name,
      mountPlaceField(field(name), service.findPlaces.bind(service), (choice) =>
        change({ [name]: choice }),
      ),
    ]),
  );
  ref.swap.append(icon("swap"));
  ref.swap.addEventListener("click", () => change({ from: current.to, to: current.from }));
  for (const button of el.querySelectorAll("[data-verb]")) {
    button.addEventListener("click", () => act(el, button.dataset.verb));
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(el, "planTrip");
  });
  form.addEventListener("change", ({ target }) => {
    const { name, value } = target;
    if (name === "firstDay") change({ firstDay: value });
    else if (name === "dayCount") change({ dayCount: Number(value) });
    else if (name.startsWith("hours.")) {
      change({ hours: { ...current.hours, [name.slice(6)]: value } });
    } else if (name.startsWith("day.")) {
      const [, day, end] = name.split(".");
      const own = { ...hoursOf(current, day), [end]: value };
      change({ ownHours: { ...current.ownHours, [day]: own } });
    } else if (name in NUMBERS) change({ [name]: value === "" ? null : Number(value) });
    else if (name === "nights") change({ nights: target.checked });
    else if (name === "objective") change({ objective: value });
  });

  const showForm = onChange(
    (state) => [state.form],
    (now) => {
      current = now;
      for (const name of ["from", "to"]) ends[name].update(now[name]);
      put("firstDay", now.firstDay);
      put("dayCount", now.dayCount);
      put("hours.start", now.hours.start);
      put("hours.end", now.hours.end);
      for (const name of Object.keys(NUMBERS)) put(name, now[name] ?? "");
      form.elements.nights.checked = now.nights;
      form.elements.objective.value = now.objective;
      showDays(now);
      showMusts(now.musts);
      if (usesOptions(now)) ref.optionsFold.open = true;
    },
  );

  function put(name, value) {
    const input = form.elements[name];
    if (document.activeElement !== input && input.value !== String(value)) input.value = value;
  }

  const showDays = (now) => {
    const days = isDate(now.firstDay) ? Math.min(Math.max(now.dayCount, 1), MAX_DAYS) : 0;
    ref.daysSummary.textContent = days
      ? `${dayRange(now.firstDay, days)} · hours day by day`
      : "Hours day by day";
    while (ref.dayRows.children.length > days) ref.dayRows.lastChild.remove();
    while (ref.dayRows.children.length < days)
      ref.dayRows.append(dayRow(ref.dayRows.children.length));
    [...ref.dayRows.children].forEach((row, day) => {
      const { start, end } = hoursOf(now, day);
      row.querySelector(".day-name").textContent = shortDay(addDays(now.firstDay, day));
      put(`day.${day}.start`, start);
      put(`day.${day}.end`, end);
      row.querySelector("button").hidden = !(day in now.ownHours);
    });
  };

  function dayRow(day) {
    const time = (end, words) =>
      h("input", {
        type: "time",
        name: `day.${day}.${end}`,
        "aria-label": `${words} of day ${day + 1}`,
        "aria-describedby": `day${day}-error`,
      });
    const reset = () => {
      const { [day]: _, ...others } = current.ownHours;
      change({ ownHours: others });
    };
    return h(
      "div",
      { class: "field day-row", "data-field": `day${day}` },
      h("span", { class: "day-name" }),
      h(
        "div",
        { class: "time-range" },
        time("start", "Start"),
        h("span", { "aria-hidden": "true" }, "–"),
        time("end", "End"),
      ),
      h("button", { type: "button", class: "link", onclick: reset, hidden: true }, "As the others"),
      h("div", { class: "field-error", id: `day${day}-error` }),
    );
  }

  function showMusts(musts) {
    ref.musts.hidden = musts.length === 0;
    ref.mustList.replaceChildren(
      ...musts.map(({ account_id, name, town }) =>
        h(
          "li",
          { class: "chip" },
          h("span", { class: "chip-text" }, town ? `${name}, ${town}` : name),
          h(
            "button",
            {
              type: "button",
              class: "chip-remove",
              "aria-label": `No longer a must: ${name}`,
              onclick: () => act(el, "dropMust", account_id),
            },
            icon("close"),
          ),
        ),
      ),
    );
  }

  const showDefaults = onChange(
    (state) => [state.dataset],
    (now) => {
      for (const [name, value] of Object.entries(standardNumbers(now?.defaults))) {
        form.elements[name].placeholder = String(value);
      }
      if (!now) return;
      for (const unit of el.querySelectorAll("[data-currency]")) {
        unit.textContent = currencySymbol();
      }
      ref.example.hidden = !now.example;
      if (now.example) ref.example.textContent = `Example: ${exampleTrip(now)}`;
    },
  );

  const showErrors = onChange(
    (state) => [state.errors, state.refusals, state.form.dayCount],
    (errors, refusalsNow) => {
      for (const box of el.querySelectorAll(".field-error")) box.replaceChildren();
      for (const input of form.elements) input.removeAttribute("aria-invalid");
      for (const error of errors) showError(error);
      if (refusalsNow > refusals) focusFirst(errors);
      refusals = refusalsNow;
    },
  );

  function showError({ field: name, detail, suggestions = [] }) {
    const place = field(name) ?? field("form");
    const fold = place.closest("details");
    if (fold) fold.open = true;
    for (const input of place.querySelectorAll("input")) input.setAttribute("aria-invalid", "true");
    place
      .querySelector(".field-error")
      .append(
        h("p", {}, detail),
        suggestions.length
          ? h("div", { class: "suggestions" }, suggestions.map(suggestion(name)))
          : "",
      );
  }

  const suggestion = (name) => (choice) =>
    h(
      "button",
      {
        type: "button",
        class: "button button-small",
        onclick: () => {
          change({ [name]: choice });
          field(name).querySelector("input").focus();
        },
      },
      choice.text,
    );

  function focusFirst(errors) {
    const place = field(errors[0].field);
    place?.querySelector("input")?.focus();
    place?.scrollIntoView({ block: "nearest" });
  }

  const showLost = onChange(
    (state) => [state.connectionLost],
    (isLost) => {
      ref.lost.replaceChildren(...(isLost ? lostMessage() : []));
    },
  );

  const lostMessage = () => [
    h("p", {}, "The connection to the service is lost. Your entries are kept."),
    h(
      "button",
      { type: "button", class: "button button-small", onclick: () => act(el, "retry") },
      "Try again",
    ),
  ];

  const showMode = onChange(
    (state) => [state.formOpen, state.route, state.form.musts, state.progress !== null],
    (formOpen, route, musts, isPlanning) => {
      const hadFocus = ref.bar.contains(document.activeElement);
      form.hidden = !formOpen;
      ref.bar.hidden = formOpen || !route;
      if (route) showBar(route, musts);
      ref.submit.disabled = isPlanning;
      ref.submit.textContent = isPlanning ? "Planning …" : "Plan the trip";
      if (formOpen && hadFocus) form.elements.from.focus();
    },
  );

  function showBar(route, musts) {
    const facts = [
      dayRange(route.days[0].date, route.days.length),
      plural(route.days.length, "day"),
    ];
    if (musts.length) facts.push(plural(musts.length, "must"));
    ref.barEnds.replaceChildren(
      ...endName(route.start.name ?? "Start"),
      h("span", { class: "arrow" }, h("span", { class: "visually-hidden" }, " to "), " → "),
      ...endName(route.end.name ?? "End"),
    );
    ref.barFacts.textContent = facts.join(" · ");
  }

  /** "Kassel, Hessen", with the region set back. */
  function endName(name) {
    const comma = name.indexOf(",");
    if (comma < 0) return [name];
    return [name.slice(0, comma), h("span", { class: "region" }, name.slice(comma))];
  }

  return {
    update(state) {
      showForm(state);
      showDefaults(state);
      showLost(state);
      showMode(state); // First, since only what is shown takes the focus.
      showErrors(state);
    },
  };
}
