/** The form of a trip or of a rep's week. Its markup is templates/trip_form.html. */

import { act, h, icon, onChange } from "../dom.js";
import { addDays, dayRange, isDate, isoWeek } from "../logic/calendar.js";
import {
  appointmentsSummary,
  costsSummary,
  daysSummary,
  limitsSummary,
  lunchSummary,
  nightsSummary,
} from "../logic/form_summary.js";
import { currencySymbol } from "../logic/format.js";
import { dayCountOf, firstDayOf, isRepsWeek } from "../logic/trip_days.js";
import { NUMBERS, exampleTrip, standardNumbers } from "../logic/trip_form.js";
import { mountAppointments } from "./appointments.js";
import { showAccountChips } from "./chips.js";
import { mountDayRows } from "./day_rows.js";
import { mountPlaceField } from "./place_field.js";
import { mountPreferredPlaces } from "./preferred_places.js";
import { showTripBar } from "./trip_bar.js";

const SUMMARIES = {
  daysSummary,
  lunchSummary,
  appointmentsSummary,
  nightsSummary,
  limitsSummary,
  costsSummary,
};

/** Fields that hold the text they are shown with. */
const TEXTS = ["firstDay", "lunchEarliest", "lunchLatest"];

export function mountTripForm(el, service) {
  const ref = Object.fromEntries(
    [...el.querySelectorAll("[data-ref]")].map((e) => [e.dataset.ref, e]),
  );
  const { form } = ref;
  let current = null;
  let refusals = 0;
  const change = (patch) => act(el, "changeForm", patch);
  const field = (name) => el.querySelector(`[data-field="${name}"]`);

  const findPlaces = service.findPlaces.bind(service);
  const ends = Object.fromEntries(
    ["from", "to"].map((name) => [
      name,
      mountPlaceField(field(name), findPlaces, (choice) => change({ [name]: choice })),
    ]),
  );
  const dayRows = mountDayRows(ref.dayRows, findPlaces, ({ ownHours, dayPlans }) =>
    change({ ownHours, dayPlans }),
  );
  const appointments = mountAppointments(
    ref.appointmentList,
    ref.addAppointment,
    findPlaces,
    (list) => change({ appointments: list }),
  );
  const preferred = mountPreferredPlaces(
    ref.preferredList,
    ref.preferredField,
    findPlaces,
    (places) => change({ preferred: places }),
  );
  for (const [name, days] of [
    ["weekBefore", -7],
    ["weekAfter", 7],
  ]) {
    ref[name].append(icon("chevron"));
    ref[name].addEventListener("click", () => {
      if (isDate(current.firstDay)) change({ firstDay: addDays(firstDayOf(current), days) });
    });
  }
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
    if (TEXTS.includes(name)) change({ [name]: value });
    else if (name === "dayCount" || name === "lunchMin") change({ [name]: Number(value) });
    else if (name.startsWith("hours.")) {
      change({ hours: { ...current.hours, [name.slice(6)]: value } });
    } else if (name in NUMBERS) change({ [name]: value === "" ? null : Number(value) });
    else if (name === "nights" || name === "lunch") change({ [name]: target.checked });
    else if (name === "objective" || name === "mode") change({ [name]: value });
    else if (name === "ownDays") change({ ownDays: value === "yes" });
    else if (name === "rep") change({ repId: value || null });
  });

  const showForm = onChange(
    (state) => [state.form],
    (now) => {
      current = now;
      for (const name of ["from", "to"]) ends[name].update(now[name]);
      for (const name of [...TEXTS, "dayCount", "lunchMin"]) put(name, now[name]);
      put("hours.start", now.hours.start);
      put("hours.end", now.hours.end);
      for (const name of Object.keys(NUMBERS)) put(name, now[name] ?? "");
      form.elements.nights.checked = now.nights;
      form.elements.lunch.checked = now.lunch;
      form.elements.objective.value = now.objective;
      form.elements.mode.value = now.mode;
      form.elements.ownDays.value = now.ownDays ? "yes" : "no";
      form.elements.rep.value = now.repId ?? "";
      dayRows.update(now);
      appointments.update(now);
      preferred.update(now.preferred);
      for (const name of ["must", "excluded"]) showChips[name](now);
      for (const [name, words] of Object.entries(SUMMARIES)) ref[name].textContent = words(now);
      showFrame(now);
    },
  );

  const showChips = {
    must: ({ musts }) =>
      showAccountChips(ref.musts, ref.mustList, musts, "No longer a must", (id) =>
        act(el, "dropMust", id),
      ),
    excluded: ({ excluded }) =>
      showAccountChips(ref.excluded, ref.excludedList, excluded, "No longer left out", (id) =>
        act(el, "allowAccount", id),
      ),
  };

  /** What a trip asks for and a week does not, and the other way round. */
  function showFrame(now) {
    const isWeek = now.mode === "week";
    const ofRep = isRepsWeek(now);
    ref.ends.hidden = isWeek;
    ref.rep.hidden = !isWeek;
    ref.ownDays.hidden = !isWeek;
    ref.weekSteps.hidden = !isWeek;
    ref.dayCount.hidden = isWeek;
    ref.hours.hidden = ofRep;
    ref.when.classList.toggle("when-week", isWeek);
    ref.daysFold.hidden = ofRep;
    ref.lunchFold.hidden = ofRep;
    ref.lunchWindow.hidden = !now.lunch;
    for (const name of ["maxNights", "maxNightsInARow", "minDriveHomeH", "perNight", "preferred"]) {
      field(name).hidden = !now.nights;
    }
    ref.firstDayLabel.textContent = isWeek ? "Week of" : "First day";
    const first = firstDayOf(now);
    ref.weekWords.replaceChildren(
      ...(isWeek && isDate(first)
        ? [
            h("strong", {}, `Week ${Number(isoWeek(first).slice(6))}`),
            h("span", {}, dayRange(first, dayCountOf(now))),
          ]
        : []),
    );
  }

  function put(name, value) {
    const input = form.elements[name];
    if (document.activeElement !== input && input.value !== String(value)) input.value = value;
  }

  const showReps = onChange(
    (state) => [state.reps],
    (reps) => {
      form.elements.rep.replaceChildren(
        h("option", { value: "" }, "Choose a rep"),
        ...reps.map(({ rep_id, name, town }) =>
          h("option", { value: rep_id }, town ? `${name}, ${town}` : name),
        ),
      );
      form.elements.rep.value = current.repId ?? "";
    },
  );

  const showDefaults = onChange(
    (state) => [state.dataset],
    (now) => {
      // A data set without reps has no weeks to plan; one in the address is kept all the same.
      ref.mode.hidden = now?.rep_count === 0 && current.mode === "trip";
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
    (state) => [state.errors, state.refusals, state.form.dayCount, state.form.mode],
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
    for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
    const marked = place.querySelectorAll("input:not([type=checkbox]), select");
    for (const input of marked) input.setAttribute("aria-invalid", "true");
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
          takeSuggestion(name, choice);
          field(name).querySelector("input").focus();
        },
      },
      choice.text,
    );

  function takeSuggestion(name, choice) {
    const key = Number(/^appointment(\d+)$/.exec(name)?.[1]);
    if (name in ends) change({ [name]: choice });
    else if (key) {
      const place = { place: choice };
      const list = current.appointments.map((one) => (one.key === key ? { ...one, ...place } : one));
      change({ appointments: list });
    }
  }

  function focusFirst(errors) {
    const place = field(errors[0].field);
    place?.querySelector("input, select")?.focus();
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
    (state) => [state.formOpen, state.route, state.form, state.progress !== null, state.reps],
    (formOpen, route, now, isPlanning, reps) => {
      const hadFocus = ref.bar.contains(document.activeElement);
      form.hidden = !formOpen;
      ref.bar.hidden = formOpen || !route;
      if (route) showTripBar(ref, route, now, reps);
      ref.submit.disabled = isPlanning;
      const words = now.mode === "week" ? "Plan the week" : "Plan the trip";
      ref.submit.textContent = isPlanning ? "Planning …" : words;
      if (formOpen && hadFocus) (now.mode === "week" ? form.elements.rep : form.elements.from).focus();
    },
  );

  const showOpened = onChange(
    (state) => [state.opened],
    (opened) => {
      if (opened === null) return;
      ref.appointmentsFold.open = true;
      appointments.focus(opened.key);
    },
  );

  return {
    update(state) {
      showForm(state);
      showReps(state);
      showDefaults(state);
      showLost(state);
      showMode(state); // First, since only what is shown takes the focus.
      showErrors(state);
      showOpened(state);
    },
  };
}
