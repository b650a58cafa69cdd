/**
 * The one owner of the page's state.
 *
 * State goes down: after a change every panel's `update(state)` is called once, before the next
 * frame. Actions come up: panels dispatch events named by verbs, and the method of that name
 * answers. State is never changed in place, so that panels can compare by identity.
 */

import { localDate, nextMonday } from "./logic/calendar.js";
import { fromQuery, routeInHash, toQuery } from "./logic/address.js";
import {
  checkForm,
  emptyForm,
  formOfRoute,
  placeWord,
  toRequest,
  withMust,
  withoutMust,
} from "./logic/trip_form.js";
import { plural } from "./logic/format.js";
import { planDays } from "./logic/plan.js";
import { fieldErrors } from "./logic/problems.js";
import { ServiceError } from "./service.js";

const VERBS = [
  "changeForm",
  "planTrip",
  "cancelPlanning",
  "editTrip",
  "showExample",
  "requireAccount",
  "dropMust",
  "openTab",
  "highlight",
  "select",
  "openAccount",
  "closeAccount",
  "sortOnTheWay",
  "moreOnTheWay",
  "lookUpLeftOut",
  "toggleLayer",
  "showView",
  "fitTrip",
  "toggleNote",
  "retry",
];

const NOTE_KEY = "territour.dataset-note";
const PAGE_SIZE = 50;
const EMPTY_LIST = { status: "idle", asked: "", sort: "value_for_time", items: [], next: null };

export class Controller {
  #panels = [];
  #scheduled = false;
  #planning = null;
  #onTheWayTurn = 0;

  constructor(root, service) {
    this.service = service;
    const today = localDate(new Date(), "Europe/Berlin");
    this.state = {
      dataset: null,
      noteOpen: localStorage.getItem(NOTE_KEY) !== "closed",
      /** @type {import("./types.js").TripForm} */
      form: fromQuery(location.search, nextMonday(today)),
      formOpen: true,
      /** @type {import("./types.js").FieldError[]} */
      errors: [],
      /** Counts refused attempts to plan: each moves the focus to the first fault. */
      refusals: 0,
      connectionLost: false,
      /** @type {import("./types.js").Progress | null} */
      progress: null,
      route: null,
      routeLoading: false,
      /** @type {import("./logic/plan.js").DayView[]} */
      days: [],
      tab: "plan",
      /** What the pointer or the focus is on: {key} of a stop or {account_id}. */
      highlighted: null,
      /** The same, chosen by a click: the list scrolls to it. */
      selected: null,
      onTheWay: EMPTY_LIST,
      /** Pages of those left out, by reason code. */
      leftOut: {},
      account: null,
      accountPoints: null,
      layers: { accounts: true, onTheWay: true },
      view: "list",
      fits: 0,
      announcement: "",
    };
    for (const verb of VERBS) {
      root.addEventListener(verb, (event) => this[verb](event.detail));
    }
    window.addEventListener("popstate", () => this.#followAddress());
  }

  get timezone() {
    return this.state.dataset?.timezone ?? "Europe/Berlin";
  }

  /** @param {{update(state: object): void}} panel */
  add(panel) {
    this.#panels.push(panel);
  }

  start() {
    this.#change({});
    this.#loadDataset();
    this.#loadAccountPoints();
    this.#nameMusts();
    const id = routeInHash(location.hash);
    if (id) this.#openRoute(id);
  }

  #change(patch) {
    this.state = { ...this.state, ...patch };
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      for (const panel of this.#panels) panel.update(this.state);
    });
  }

  // The form

  changeForm(patch) {
    const form = { ...this.state.form, ...patch };
    const touched = Object.keys(patch);
    const errors = this.state.errors.filter(
      ({ field }) => field !== "form" && !touched.includes(field) && !/^(hours|day\d+)$/.test(field),
    );
    this.#change({ form, errors });
    this.#writeAddress();
    const ends = touched.includes("from") || touched.includes("to");
    if (ends && this.state.tab === "onTheWay") this.#loadOnTheWay();
  }

  editTrip() {
    this.#change({ formOpen: true });
  }

  showExample() {
    const choice = (place) => ({ text: place, query: { place } });
    const day = nextMonday(this.state.dataset?.as_of ?? localDate(new Date(), this.timezone));
    const form = { ...emptyForm(day), from: choice("Kassel"), to: choice("München") };
    this.#change({ form: { ...form, musts: this.state.form.musts }, errors: [] });
    this.planTrip();
  }

  requireAccount(must) {
    const { account_id, name, town } = must;
    this.#change({ form: withMust(this.state.form, { account_id, name, town }) });
    this.#writeAddress();
    if (this.state.route) this.planTrip();
    else this.#change({ announcement: `${name} must be visited.` });
  }

  dropMust(accountId) {
    this.changeForm({ musts: withoutMust(this.state.form, accountId).musts });
  }

  // Planning

  async planTrip() {
    const { form } = this.state;
    const errors = checkForm(form);
    if (errors.length) {
      this.#refuse(errors);
      return;
    }
    this.#planning?.abort();
    const planning = new AbortController();
    this.#planning = planning;
    this.#change({
      errors: [],
      connectionLost: false,
      progress: { stages: [], improvements: [] },
      view: "list",
      announcement: "Planning the trip.",
    });
    try {
      const route = await this.service.planRoute(
        toRequest(form, this.timezone),
        (event, value) => this.#progress(event, value),
        planning.signal,
      );
      history.pushState(null, "", `${toQuery(form)}#route=${route.route_id}`);
      this.#showRoute(route);
    } catch (error) {
      if (this.#planning !== planning) return; // A newer request has taken over.
      this.#planFailed(error);
    } finally {
      if (this.#planning === planning) this.#planning = null;
    }
  }

  cancelPlanning() {
    this.#planning?.abort();
  }

  #progress(event, value) {
    const { progress } = this.state;
    if (!progress) return;
    if (event === "stage") {
      const stages = [...progress.stages, value];
      this.#change({ progress: { ...progress, stages }, announcement: value.detail });
    } else if (event === "improvement") {
      this.#change({ progress: { ...progress, improvements: [...progress.improvements, value] } });
    }
  }

  #planFailed(error) {
    if (error.name === "AbortError") {
      const formOpen = this.state.route === null;
      this.#change({ progress: null, formOpen, announcement: "Planning was cancelled." });
    } else if (error instanceof ServiceError && error.isConnectionLost) {
      const announcement = "The connection was lost. Your entries are kept.";
      this.#change({ progress: null, formOpen: true, connectionLost: true, announcement });
    } else if (error instanceof ServiceError) {
      this.#refuse(fieldErrors(error.problem));
    } else {
      this.#change({ progress: null, formOpen: true });
      throw error;
    }
  }

  #refuse(errors) {
    const refusals = this.state.refusals + 1;
    const announcement = errors[0].detail;
    this.#change({ progress: null, formOpen: true, errors, refusals, announcement });
  }

  retry() {
    this.planTrip();
    if (!this.state.dataset) this.#loadDataset();
    if (!this.state.accountPoints) this.#loadAccountPoints();
  }

  #showRoute(route) {
    const { visits, nights = 0 } = route.totals;
    const missed = route.status === "infeasible" ? " A must could not be kept." : "";
    this.#change({
      route,
      days: planDays(route),
      progress: null,
      routeLoading: false,
      formOpen: false,
      errors: [],
      tab: "plan",
      leftOut: {},
      highlighted: null,
      selected: null,
      account: null,
      layers: { ...this.state.layers, accounts: false },
      fits: this.state.fits + 1,
      announcement: `The plan is ready: ${plural(visits, "visit")}, ${plural(nights, "night")}.${missed}`,
    });
  }

  // Addresses

  /** The address of a planned trip keeps the form it was planned with: going back finds it. */
  #writeAddress() {
    if (!routeInHash(location.hash)) history.replaceState(null, "", toQuery(this.state.form));
  }

  #followAddress() {
    const id = routeInHash(location.hash);
    this.#change({ form: fromQuery(location.search, this.state.form.firstDay) });
    this.#nameMusts();
    if (id && id !== this.state.route?.route_id) this.#openRoute(id);
    if (!id) this.#change({ route: null, days: [], formOpen: true, tab: "plan" });
  }

  async #openRoute(id) {
    this.#change({ routeLoading: true });
    try {
      const route = await this.service.getRoute(id);
      if (!route.geojson) route.geojson = await this.service.getRouteGeojson(id);
      if (!this.state.form.from.text) this.#change({ form: formOfRoute(route, this.state.form) });
      this.#showRoute(route);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const errors = error.problem ? fieldErrors(error.problem) : [];
      this.#change({ routeLoading: false, errors, connectionLost: error.isConnectionLost });
    }
  }

  // The data set

  async #loadDataset() {
    const dataset = await this.#orNothing(this.service.whenReady(this.service.getDataset));
    if (!dataset) return;
    const asked = new URLSearchParams(location.search).has("day");
    const untouched = this.state.form.from.text === "" && this.state.form.to.text === "";
    const firstDay = asked || !untouched ? this.state.form.firstDay : nextMonday(dataset.as_of);
    this.#change({ dataset, form: { ...this.state.form, firstDay } });
  }

  async #loadAccountPoints() {
    const accountPoints = await this.#orNothing(
      this.service.whenReady(this.service.getAccountPoints),
    );
    if (accountPoints) this.#change({ accountPoints });
  }

  /** What the page can live without: a failure is shown, not thrown. */
  async #orNothing(promise) {
    try {
      const answer = await promise;
      if (this.state.connectionLost) this.#change({ connectionLost: false });
      return answer;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.isConnectionLost) this.#change({ connectionLost: true });
      return null;
    }
  }

  toggleNote() {
    const noteOpen = !this.state.noteOpen;
    localStorage.setItem(NOTE_KEY, noteOpen ? "open" : "closed");
    this.#change({ noteOpen });
  }

  // Lists

  openTab(tab) {
    this.#change({ tab, highlighted: null });
    if (tab === "onTheWay") this.#loadOnTheWay();
  }

  sortOnTheWay(sort) {
    this.#change({ onTheWay: { ...this.state.onTheWay, sort, asked: "" } });
    this.#loadOnTheWay();
  }

  moreOnTheWay() {
    this.#loadOnTheWay(this.state.onTheWay.next);
  }

  async #loadOnTheWay(cursor = null) {
    const { form, onTheWay } = this.state;
    if (!form.from.text.trim() || !form.to.text.trim()) {
      this.#change({ onTheWay: { ...EMPTY_LIST, sort: onTheWay.sort } });
      return;
    }
    const query = {
      from: placeWord(form.from),
      to: placeWord(form.to),
      max_detour_s: form.maxDetourMin === null ? null : Math.round(form.maxDetourMin * 60),
      sort: onTheWay.sort,
    };
    const asked = JSON.stringify(query);
    if (!cursor && onTheWay.asked === asked && onTheWay.status !== "failed") return;
    this.#onTheWayTurn += 1;
    const turn = this.#onTheWayTurn;
    const kept = cursor ? onTheWay.items : [];
    this.#change({ onTheWay: { ...onTheWay, status: "loading", asked, items: kept } });
    let answer;
    try {
      answer = await this.service.listOnTheWay({ ...query, cursor, limit: PAGE_SIZE });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (turn !== this.#onTheWayTurn) return;
      this.#change({
        onTheWay: { ...this.state.onTheWay, status: "failed", detail: error.message },
        errors: error.problem ? fieldErrors(error.problem) : this.state.errors,
        formOpen: this.state.formOpen || error.problem?.status === 422,
        connectionLost: error.isConnectionLost,
      });
      return;
    }
    if (turn !== this.#onTheWayTurn) return; // Ends or order changed while it was under way.
    const list = {
      ...answer,
      items: [...kept, ...answer.items],
      next: answer.next_cursor ?? null,
      status: "ready",
      asked,
      sort: onTheWay.sort,
    };
    const fits = this.state.route || cursor ? this.state.fits : this.state.fits + 1;
    this.#change({ onTheWay: list, connectionLost: false, fits });
  }

  /** The next page of those left out for one reason, with their names. */
  async lookUpLeftOut(code) {
    const { route } = this.state;
    const before = this.state.leftOut[code] ?? { items: [], next: null };
    if (before.loading) return;
    const put = (page) =>
      this.#change({ leftOut: { ...this.state.leftOut, [code]: { ...before, ...page } } });
    put({ loading: true, failed: null });
    try {
      const query = { code, cursor: before.next, limit: PAGE_SIZE };
      const page = await this.service.listLeftOut(route.route_id, query);
      if (this.state.route !== route) return;
      const items = [...before.items, ...page.items];
      put({ items, next: page.next_cursor ?? null, loading: false });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (this.state.route === route) put({ loading: false, failed: error.message });
    }
  }

  // One account

  async openAccount(id) {
    const { route, days } = this.state;
    const stop = days.flatMap((day) => day.stops).find(({ accountId }) => accountId === id);
    this.#change({ account: { id, card: null, leftOut: null, stop: stop ?? null } });
    const [card, page] = await Promise.all([
      this.#orNothing(this.service.getAccount(id)),
      route && !stop
        ? this.#orNothing(this.service.listLeftOut(route.route_id, { account_id: id, limit: 1 }))
        : null,
    ]);
    if (this.state.account?.id !== id) return;
    const account = { ...this.state.account, leftOut: page?.items[0] ?? null };
    this.#change({ account: card ? { ...account, card } : null });
  }

  closeAccount() {
    this.#change({ account: null });
  }

  /** Musts that came by the address are known by number only. */
  async #nameMusts() {
    const cards = await Promise.all(
      this.state.form.musts.map(({ account_id }) =>
        this.#orNothing(this.service.getAccount(account_id)),
      ),
    );
    const byId = new Map(cards.filter(Boolean).map((card) => [card.account_id, card]));
    const musts = this.state.form.musts.map((must) => {
      const card = byId.get(must.account_id);
      return card ? { ...must, name: card.name, town: card.town } : must;
    });
    this.#change({ form: { ...this.state.form, musts } });
  }

  // List and map in step

  highlight(target) {
    this.#change({ highlighted: target });
  }

  select(target) {
    this.#change({ selected: target ? { ...target } : null, tab: target?.key ? "plan" : this.state.tab });
  }

  toggleLayer(name) {
    const { layers } = this.state;
    this.#change({ layers: { ...layers, [name]: !layers[name] } });
  }

  showView(view) {
    this.#change({ view });
  }

  fitTrip() {
    this.#change({ fits: this.state.fits + 1 });
  }
}
