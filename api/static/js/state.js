/** What the page knows at the start. The controller replaces the state, never changes it in place. */

import { fromAccountsQuery, sectionOf } from "./logic/accounts_address.js";
import { fromQuery } from "./logic/address.js";
import { localDate, nextMonday } from "./logic/calendar.js";
import { NO_DUPLICATES } from "./logic/duplicates.js";
import { NO_IMPORTS } from "./logic/imports.js";
import { fromInsightsQuery } from "./logic/insights_address.js";
import { emptyList } from "./logic/on_the_way.js";
import { NO_LIST, NO_SUMMARY } from "./logic/account_list.js";
import { NO_WORKLIST } from "./logic/worklist.js";
import { TABS } from "./panels/insights/tabs.js";

/** Used until the data set has said its own. */
export const TIMEZONE = "Europe/Berlin";

const NOTE_KEY = "territour.dataset-note";

export function initialState() {
  const section = sectionOf(location.search);
  return {
    ...accountsState(section === "accounts" ? location.search : ""),
    /** @type {"trip" | "accounts" | "insights"} */
    section,
    /** The open tab of the insights, what it is asked for, what was answered, and what was refused. */
    insights: {
      ...insightsAsked(section === "insights" ? location.search : ""),
      answers: {},
      refusal: null,
    },
    dataset: null,
    /** @type {{rep_id: string, name: string, town: string, account_count: number}[]} */
    reps: [],
    noteOpen: localStorage.getItem(NOTE_KEY) !== "closed",
    connectionLost: false,

    /** @type {import("./types.js").TripForm} */
    form: fromQuery(
      section === "trip" ? location.search : "",
      nextMonday(localDate(new Date(), TIMEZONE)),
    ),
    formOpen: true,
    /** {key} of an appointment that was just added from elsewhere: its time is asked for. */
    opened: null,
    /** @type {import("./types.js").FieldError[]} */
    errors: [],
    /** Counts refused attempts to plan: each moves the focus to the first fault. */
    refusals: 0,

    /** @type {import("./types.js").Progress | null} */
    progress: null,
    route: null,
    routeLoading: false,
    /** What there is of the route, oldest first; empty until it is known. @type {import("./types.js").Revision[]} */
    revisions: [],
    /** Plans of the rep's week that the form names. */
    storedPlans: [],
    /** What is being done with the plan that is shown. @type {"change" | "try" | null} */
    task: null,
    /** @type {import("./types.js").News | null} */
    news: null,
    /** What was refused at the plan, by the field of its task. @type {import("./types.js").FieldError[]} */
    taskErrors: [],
    /** Counts them, so that each moves the focus to the first fault. */
    taskRefusals: 0,
    /** What the service does with the plan. @type {"accept" | "replan" | null} */
    working: null,
    /** @type {import("./types.js").Trial | null} */
    trial: null,
    /** `search` of the route as last heard: its bound is proven after the plan is shown. */
    search: null,
    /** @type {import("./logic/plan.js").DayView[]} */
    days: [],
    /** Pages of those left out, by reason code. */
    leftOut: {},
    onTheWay: emptyList(),
    /** @type {"plan" | "leftOut" | "onTheWay"} */
    tab: "plan",

    /** What the pointer or the focus is on: {key} of a stop or {account_id}. */
    highlighted: null,
    /** The same, chosen by a click: list and map move to it. */
    selected: null,
    /** The open card: {id, known, card, leftOut, stop}. */
    account: null,
    /** GeoJSON of all accounts, as `readPoints` makes it. */
    accountPoints: null,
    layers: { accounts: true, onTheWay: true },
    /** Counts wishes to see the whole trip on the map. */
    fits: 0,
    /** @type {"list" | "map"} what a phone shows */
    view: "list",
    /** What a screen reader is told. */
    announcement: "",
  };
}

function insightsAsked(search) {
  const names = TABS.map(({ name }) => name);
  const { tab, query } = fromInsightsQuery(search, names);
  return { tab, query };
}

/** Of the section of accounts. */
function accountsState(search) {
  const { accountsTab, filter, sort, colourBy } = fromAccountsQuery(search);
  return {
    /** @type {"list" | "pins" | "duplicates" | "import"} */
    accountsTab,
    /** @type {import("./logic/account_filter.js").AccountFilter} */
    filter,
    sort,
    /** @type {"due" | "segment" | "potential" | "owner"} */
    colourBy,
    accountList: NO_LIST,
    summary: NO_SUMMARY,
    /** Ids that pass the filter, where the points of the map cannot tell. @type {Set<string> | null} */
    hitIds: null,
    /** Whether they were too many to be named. */
    hitsCut: false,
    /** Counts wishes to see all that pass the filter on the map. */
    hitFits: 0,
    /** South-west and north-east of what the map shows. */
    mapBounds: null,
    /** @type {"lasso" | "rectangle" | null} */
    drawing: null,
    /** Accounts whose position is doubtful. */
    worklist: NO_WORKLIST,
    /** The pin that is being set. @type {import("./types.js").PinDraft | null} */
    pin: null,
    duplicates: NO_DUPLICATES,
    /** The two that are looked at. */
    pair: null,
    /** The import that is looked at, and those that were made. */
    imports: NO_IMPORTS,
  };
}

export function rememberNote(isOpen) {
  localStorage.setItem(NOTE_KEY, isOpen ? "open" : "closed");
}
