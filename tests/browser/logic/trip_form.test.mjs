import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkForm,
  emptyForm,
  exampleTrip,
  formOfRoute,
  placeQuery,
  placeWord,
  withExcluded,
  withMust,
  withoutMust,
} from "../../../api/static/js/logic/trip_form.js";
import { withDayPlan } from "../../../api/static/js/logic/trip_days.js";
import { toRequest } from "../../../api/static/js/logic/trip_request.js";

const BERLIN = "Europe/Berlin";
const place = (name) => ({ text: name, query: { place: name } });
const trip = (patch = {}) => ({
  ...emptyForm("2026-11-23"),
  from: place("Kassel"),
  to: place("München"),
  ...patch,
});

test("a form with two ends and a day can be sent", () => {
  assert.deepEqual(checkForm(trip()), []);
});

test("an empty form says what is missing, field by field", () => {
  const fields = checkForm(emptyForm()).map((error) => error.field);
  assert.deepEqual(fields, ["from", "to", "firstDay"]);
});

test("a day that ends before it starts is refused at its own row", () => {
  const late = trip({ ownHours: { 1: { start: "18:00", end: "08:00" } } });
  assert.deepEqual(
    checkForm(late).map((error) => error.field),
    ["day1"],
  );
  const all = trip({ hours: { start: "18:00", end: "18:00" } });
  assert.deepEqual(
    checkForm(all).map((error) => error.field),
    ["hours"],
  );
});

test("numbers outside their limits are refused, empty ones are not", () => {
  const fields = (patch) => checkForm(trip(patch)).map((error) => error.field);
  assert.deepEqual(fields({ dayCount: 15 }), ["dayCount"]);
  assert.deepEqual(fields({ dayCount: 1.5 }), ["dayCount"]);
  assert.deepEqual(fields({ perHour: -1 }), ["perHour"]);
  assert.deepEqual(fields({ shortlist: 20.5 }), ["shortlist"]);
  assert.deepEqual(fields({ perHour: 0, maxExtraMin: null }), []);
});

test("the plain request names ends and days and leaves the rest to the service", () => {
  assert.deepEqual(toRequest(trip({ dayCount: 1 }), BERLIN), {
    timezone: BERLIN,
    start: { place: "Kassel" },
    end: { place: "München" },
    days: [
      { date: "2026-11-23", start: "2026-11-23T08:00:00+01:00", end: "2026-11-23T18:00:00+01:00" },
    ],
    options: { geometry: "geojson" },
  });
});

test("every option reaches the request in the units of the service", () => {
  const request = toRequest(
    trip({
      maxExtraMin: 180,
      maxDetourMin: 0,
      maxVisits: 6,
      maxDriveH: 4.5,
      maxKm: 300,
      setupMin: 10,
      perHour: 50,
      perKm: 0.4,
      perNight: 90,
      objective: "prize",
      shortlist: 150,
      seed: 7,
    }),
    BERLIN,
  );
  assert.deepEqual(request.limits, {
    max_detour_s: 10800,
    max_detour_per_visit_s: 0,
    max_visits_per_day: 6,
    max_drive_s_per_day: 16200,
    max_distance_m_per_day: 300000,
  });
  assert.deepEqual(request.overnight, { cost_per_night: 90 });
  assert.deepEqual(request.costs, { per_hour: 50, per_km: 0.4 });
  assert.deepEqual(request.candidate_filter, { shortlist: 150 });
  assert.deepEqual(request.options, {
    objective: "prize",
    seed: 7,
    setup_duration_s: 600,
    geometry: "geojson",
  });
});

test("own hours of a day replace those of all days", () => {
  const { days } = toRequest(trip({ ownHours: { 1: { start: "09:30", end: "12:00" } } }), BERLIN);
  assert.equal(days[0].start, "2026-11-23T08:00:00+01:00");
  assert.equal(days[1].start, "2026-11-24T09:30:00+01:00");
  assert.equal(days[1].end, "2026-11-24T12:00:00+01:00");
});

test("a must is sent as a required visit, beside all other candidates, and only once", () => {
  const must = { account_id: "17", name: "Somebody" };
  const form = withMust(withMust(trip(), must), must);
  const request = toRequest(form, BERLIN);
  assert.deepEqual(request.visits, [{ account_id: "17", required: true }]);
  assert.deepEqual(request.candidate_filter, {});
  assert.equal("visits" in toRequest(withoutMust(form, "17"), BERLIN), false);
});

test("free text is a postcode, a position or a name; a chosen suggestion wins", () => {
  assert.deepEqual(placeQuery({ text: " 34117 ", query: null }), { postcode: "34117" });
  assert.deepEqual(placeQuery({ text: "9.5, 51.31", query: null }), { position: [9.5, 51.31] });
  assert.deepEqual(placeQuery({ text: "Kassel", query: null }), { place: "Kassel" });
  assert.deepEqual(placeQuery({ text: "34117 Kassel", query: { postcode: "34117" } }), {
    postcode: "34117",
  });
  assert.equal(placeWord({ text: "9.5, 51.31", query: null }), "9.5,51.31");
});

test("nights are none, or chosen within what is said of them", () => {
  const overnight = (patch) => toRequest(trip(patch), BERLIN).overnight;
  assert.equal(overnight({}), undefined);
  assert.deepEqual(overnight({ nights: false, maxNights: 2 }), { allowed: false });
  const preferred = [{ text: "Fulda", query: null }];
  assert.deepEqual(overnight({ maxNights: 2, maxNightsInARow: 1, minDriveHomeH: 1.5, preferred }), {
    max_nights: 2,
    max_nights_in_a_row: 1,
    min_drive_home_s: 5400,
    preferred_places: [{ place: "Fulda" }],
  });
});

test("one switch gives every day its break, but for days that are over before it", () => {
  const ownHours = { 1: { start: "08:00", end: "11:00" } };
  const { days } = toRequest(trip({ dayCount: 2, lunch: true, ownHours }), BERLIN);
  assert.deepEqual(days[0].breaks, [
    { break_id: "lunch", duration_s: 2700, earliest_start: "11:30", latest_start: "13:30" },
  ]);
  assert.equal("breaks" in days[1], false);
});

test("a day off is not sent, and another has places and limits of its own", () => {
  let form = withDayPlan(trip(), 1, { isOff: true });
  form = withDayPlan(form, 2, { end: place("Fulda"), maxVisits: 3, maxDriveH: 2, maxKm: 100 });
  const { days } = toRequest(form, BERLIN);
  assert.deepEqual(
    days.map(({ date }) => date),
    ["2026-11-23", "2026-11-25"],
  );
  assert.deepEqual(days[1].end_place, { place: "Fulda" });
  assert.deepEqual(days[1].limits, { max_visits: 3, max_drive_s: 7200, max_distance_m: 100000 });
  assert.equal("start_place" in days[1], false);
});

test("what a day no longer has of its own is forgotten", () => {
  const form = withDayPlan(withDayPlan(trip(), 1, { maxVisits: 3 }), 1, { maxVisits: null });
  assert.deepEqual(form.dayPlans, {});
});

test("the week of a rep is a rep and a week, whichever of its days was chosen", () => {
  const form = { ...emptyForm("2026-12-02"), mode: "week", repId: "12" };
  assert.deepEqual(checkForm(form), []);
  assert.deepEqual(toRequest(form, BERLIN), {
    timezone: BERLIN,
    rep_id: "12",
    week: "2026-W49",
    options: { geometry: "geojson" },
  });
});

test("a week with hours of its own is sent day by day, from home to home", () => {
  const form = { ...emptyForm("2026-12-02"), mode: "week", repId: "12", ownDays: true };
  const request = toRequest(withDayPlan(form, 4, { isOff: true }), BERLIN);
  assert.equal("week" in request, false);
  assert.deepEqual(request.start, { place: "home" });
  assert.deepEqual(
    request.days.map(({ date }) => date),
    ["2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03"],
  );
});

test("a week without a rep is refused at the rep, ends are not asked for", () => {
  const form = { ...emptyForm("2026-12-02"), mode: "week" };
  assert.deepEqual(
    checkForm(form).map(({ field }) => field),
    ["rep"],
  );
});

test("a break must be able to start, and a trip needs a day that is worked", () => {
  const fields = (form) => checkForm(form).map(({ field }) => field);
  assert.deepEqual(fields(trip({ lunch: true, lunchEarliest: "14:00" })), ["lunch"]);
  assert.deepEqual(fields(trip({ lunch: true, lunchMin: 0 })), ["lunch"]);
  assert.deepEqual(fields(trip({ dayCount: 1, dayPlans: { 0: { isOff: true } } })), ["day0"]);
  assert.deepEqual(fields(trip({ dayPlans: { 1: { maxKm: -1 } } })), ["day1"]);
});

test("an account is required or left out, never both", () => {
  const account = { account_id: "17", name: "Somebody" };
  const out = withExcluded(withMust(trip(), account), account);
  assert.deepEqual(out.musts, []);
  assert.deepEqual(toRequest(out, BERLIN).candidate_filter, { exclude_account_ids: ["17"] });
  assert.deepEqual(withMust(out, account).excluded, []);
});

test("the stored week of a rep opens as one", () => {
  const day = (date) => ({ date, start: `${date}T07:30:00+01:00`, end: `${date}T17:00:00+01:00` });
  const days = [day("2026-12-01"), day("2026-12-03")];
  const home = { name: "Home in Berlin" };
  const route = { timezone: BERLIN, rep_id: "12", start: home, end: home, days };
  const form = formOfRoute(route, emptyForm());
  assert.deepEqual([form.mode, form.repId, form.firstDay], ["week", "12", "2026-11-30"]);
});

test("a stored route fills the form, gaps between its days included", () => {
  const day = (date) => ({ date, start: `${date}T07:30:00+01:00`, end: `${date}T17:00:00+01:00` });
  const route = {
    timezone: BERLIN,
    start: { name: "Kassel" },
    end: { name: "München" },
    days: [day("2026-11-23"), day("2026-11-25")],
  };
  const form = formOfRoute(route, emptyForm());
  assert.equal(form.from.text, "Kassel");
  assert.equal(form.firstDay, "2026-11-23");
  assert.equal(form.dayCount, 3);
  assert.deepEqual(form.hours, { start: "07:30", end: "17:00" });
});

test("the example names its places and its days", () => {
  const example = (days) => ({ as_of: "2026-11-19", example: { start: "A", end: "B", days } });
  assert.equal(exampleTrip(example(3)), "A to B, Mon–Wed");
  assert.equal(exampleTrip(example(1)), "A to B, Mon");
});
