/** Starts the page: one controller, the panels, and the first requests. */

import { accountEditActions } from "./actions/account_edit.js";
import { exceptionActions } from "./actions/account_exceptions.js";
import { accountListActions } from "./actions/account_list.js";
import { dataActions } from "./actions/data.js";
import { duplicateActions } from "./actions/duplicates.js";
import { formActions } from "./actions/form.js";
import { listActions } from "./actions/lists.js";
import { importActions } from "./actions/imports.js";
import { insightsActions } from "./actions/insights.js";
import { planningActions } from "./actions/planning.js";
import { sectionActions } from "./actions/sections.js";
import { storedPlanActions } from "./actions/stored_plans.js";
import { tryingActions } from "./actions/trying.js";
import { underWayActions } from "./actions/under_way.js";
import { viewActions } from "./actions/view.js";
import { worklistActions } from "./actions/worklist.js";
import { Controller } from "./controller.js";
import { routeInHash } from "./logic/address.js";
import { Service } from "./service.js";
import { mountAccountCard } from "./panels/account_card.js";
import { mountAccountFilter } from "./panels/account_filter.js";
import { mountAccountList } from "./panels/account_list.js";
import { mountAccountsLegend } from "./panels/accounts_legend.js";
import { mountAnnouncer } from "./panels/announcer.js";
import { mountChangeForm } from "./panels/change_form.js";
import { mountDatasetNote, mountTitleBar } from "./panels/title_bar.js";
import { mountDuplicates } from "./panels/duplicates.js";
import { mountImport } from "./panels/import.js";
import { mountInsights } from "./panels/insights/insights.js";
import { mountLeftOut } from "./panels/left_out.js";
import { mountLegend } from "./panels/legend.js";
import { mountMap } from "./panels/map.js";
import { mountOnTheWay } from "./panels/on_the_way.js";
import { mountPinEditor } from "./panels/pin_editor.js";
import { mountPlan } from "./panels/plan.js";
import { mountProgress } from "./panels/progress.js";
import { mountResults } from "./panels/results.js";
import { mountAccounts, mountSections } from "./panels/sections.js";
import { mountStanding } from "./panels/standing.js";
import { mountStoredPlans } from "./panels/stored_plans.js";
import { mountAreaBar, mountSummaryOfAccounts } from "./panels/summary_of_accounts.js";
import { mountTripForm } from "./panels/trip_form.js";
import { mountTryVisit } from "./panels/try_visit.js";
import { mountViewSwitch, mountWorkspace } from "./panels/workspace.js";
import { mountWorklist } from "./panels/worklist.js";
import { initialState } from "./state.js";

const PANELS = {
  "title-bar": mountTitleBar,
  "dataset-note": mountDatasetNote,
  sections: mountSections,
  workspace: mountWorkspace,
  "trip-form": mountTripForm,
  "stored-plans": mountStoredPlans,
  results: mountResults, // Before the progress, which takes the focus while results are inert.
  progress: mountProgress,
  plan: mountPlan,
  "change-form": mountChangeForm,
  "try-visit": mountTryVisit,
  standing: mountStanding, // After its tasks: the focus goes back to what opened them.
  "left-out": mountLeftOut,
  "on-the-way": mountOnTheWay,
  accounts: mountAccounts,
  "account-filter": mountAccountFilter,
  "accounts-summary": mountSummaryOfAccounts,
  "area-bar": mountAreaBar,
  "account-list": mountAccountList,
  worklist: mountWorklist,
  duplicates: mountDuplicates,
  import: mountImport,
  insights: mountInsights,
  "account-card": mountAccountCard,
  "pin-editor": mountPinEditor,
  legend: mountLegend,
  "accounts-legend": mountAccountsLegend,
  map: mountMap,
  "view-switch": mountViewSwitch,
  announcer: mountAnnouncer,
};

const service = new Service();
const controller = new Controller(document.body, initialState());
const ACTIONS = [
  formActions,
  planningActions,
  underWayActions,
  storedPlanActions,
  tryingActions,
  listActions,
  dataActions,
  viewActions,
  sectionActions,
  accountListActions,
  accountEditActions,
  exceptionActions,
  worklistActions,
  duplicateActions,
  importActions,
  insightsActions,
];
for (const actions of ACTIONS) {
  controller.addActions(actions(controller, service));
}
for (const [name, mount] of Object.entries(PANELS)) {
  controller.addPanel(mount(document.querySelector(`[data-panel="${name}"]`), service));
}
window.addEventListener("popstate", () => controller.act("followAddress"));
controller.act("loadData");
const isTrip = controller.state.section === "trip";
if (!isTrip || routeInHash(location.hash)) controller.act("followAddress");
else controller.act("nameAccounts");
controller.act("listStoredPlans");
controller.change({});
