import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkForm,
  emptyForm,
  exampleTrip,
  formOfRoute,
  placeQuery,
  placeWord,
  toRequest,
  usesOptions,
  withMust,
  withoutMust,
} from "../../../api/static/js/logic/trip_form.js";

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
    overnight: { allowed: true },
    candidate_filter: {},
    options: { objective: "net_value", geometry: "geojson" },
  });
});

test("every option reaches the request in the units of the service", () => {
  const request = toRequest(
    trip({
      maxExtraMin: 180,
      maxDetourMin: 0,
      nights: false,
      perHour: 50,
      perKm: 0.4,
      perNight: 90,
      objective: "prize",
      shortlist: 150,
      seed: 7,
    }),
    BERLIN,
  );
  assert.deepEqual(request.limits, { max_detour_s: 10800, max_detour_per_visit_s: 0 });
  assert.deepEqual(request.overnight, { allowed: false, cost_per_night: 90 });
  assert.deepEqual(request.costs, { per_hour: 50, per_km: 0.4 });
  assert.deepEqual(request.candidate_filter, { shortlist: 150 });
  assert.deepEqual(request.options, { objective: "prize", seed: 7, geometry: "geojson" });
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

test("options count as used once one differs from its default", () => {
  assert.equal(usesOptions(trip()), false);
  assert.equal(usesOptions(trip({ seed: 0 })), true);
  assert.equal(usesOptions(trip({ nights: false })), true);
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
