import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fromQuery,
  hashOfRoute,
  revisionInHash,
  routeInHash,
  toQuery,
} from "../../../api/static/js/logic/address.js";
import { emptyForm } from "../../../api/static/js/logic/trip_form.js";

const full = () => ({
  ...emptyForm("2026-11-23"),
  from: { text: "Kassel", query: null },
  to: { text: "Neustadt (Hessen)", query: null },
  dayCount: 2,
  hours: { start: "07:30", end: "16:00" },
  ownHours: { 1: { start: "09:00", end: "12:00" } },
  maxExtraMin: 90,
  maxDetourMin: 45,
  nights: false,
  perHour: 50,
  perKm: 0.4,
  perNight: 0,
  objective: "prize",
  shortlist: 150,
  seed: 7,
  musts: [{ account_id: "17", name: "Account 17" }],
  excluded: [{ account_id: "18", name: "Account 18" }],
  dayPlans: { 1: { end: { text: "Fulda", query: null }, maxVisits: 3 } },
  lunch: true,
  lunchMin: 30,
  lunchEarliest: "12:00",
  lunchLatest: "13:00",
  maxVisits: 8,
  maxDriveH: 4.5,
  maxKm: 300,
  setupMin: 5,
  maxNights: 2,
  maxNightsInARow: 1,
  minDriveHomeH: 1.5,
  preferred: [{ text: "Fulda, Hessen", query: null }],
  appointments: [
    {
      key: 1,
      account: { account_id: "19", name: "Account 19" },
      place: { text: "", query: null },
      flexibility: "fixed",
      date: "2026-11-24",
      time: "10:15",
      minutes: 45,
    },
    {
      key: 2,
      account: null,
      place: { text: "34117", query: null },
      flexibility: "within_week",
      date: "2026-11-24",
      time: "10:00",
      minutes: 60,
    },
  ],
});

test("a form survives the way through the address", () => {
  assert.deepEqual(fromQuery(toQuery(full())), full());
});

test("so does the week of a rep, with its days off", () => {
  const week = {
    ...emptyForm("2026-12-02"),
    mode: "week",
    repId: "12",
    ownDays: true,
    dayPlans: { 4: { isOff: true } },
  };
  assert.deepEqual(fromQuery(toQuery(week)), week);
});

test("the address holds ids of accounts, never their names", () => {
  const form = full();
  form.musts = [{ account_id: "17", name: "Geheim GmbH", town: "Fulda" }];
  form.excluded = [{ account_id: "18", name: "Geheim GmbH" }];
  form.appointments[0].account = { account_id: "19", name: "Geheim GmbH" };
  const query = toQuery(form);
  assert.match(query, /must=17/);
  assert.match(query, /at=19~fixed/);
  assert.doesNotMatch(query, /Geheim/);
});

test("a chosen suggestion stands in the address as the service will read it", () => {
  const form = { ...full(), from: { text: "34117 Kassel", query: { postcode: "34117" } } };
  assert.equal(new URLSearchParams(toQuery(form)).get("from"), "34117");
});

test("what cannot be read keeps its default", () => {
  const form = fromQuery("?day=tomorrow&days=-3&hours=late&seed=x&hour=NaN&must=<b>&at=1~never&lunch=x&rep=<b>&off1=maybe", "2026-11-23");
  assert.deepEqual(form, emptyForm("2026-11-23"));
});

test("the hash names a stored route", () => {
  assert.equal(routeInHash("#route=r-01JABC"), "r-01JABC");
  assert.equal(routeInHash("#trip"), null);
  assert.equal(routeInHash(""), null);
  assert.equal(revisionInHash("#route=r-01JABC"), null);
  assert.equal(hashOfRoute("r-01JABC"), "#route=r-01JABC");
  const old = hashOfRoute("r-01JABC", 2);
  assert.deepEqual([routeInHash(old), revisionInHash(old)], ["r-01JABC", 2]);
});
