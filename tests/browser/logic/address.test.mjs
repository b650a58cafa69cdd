import assert from "node:assert/strict";
import { test } from "node:test";
import { fromQuery, routeInHash, toQuery } from "../../../api/static/js/logic/address.js";
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
});

test("a form survives the way through the address", () => {
  assert.deepEqual(fromQuery(toQuery(full())), full());
});

test("the address holds ids of accounts, never their names", () => {
  const form = full();
  form.musts = [{ account_id: "17", name: "Geheim GmbH", town: "Fulda" }];
  const query = toQuery(form);
  assert.match(query, /must=17/);
  assert.doesNotMatch(query, /Geheim|Fulda/);
});

test("a chosen suggestion stands in the address as the service will read it", () => {
  const form = { ...full(), from: { text: "34117 Kassel", query: { postcode: "34117" } } };
  assert.equal(new URLSearchParams(toQuery(form)).get("from"), "34117");
});

test("what cannot be read keeps its default", () => {
  const form = fromQuery("?day=tomorrow&days=-3&hours=late&seed=x&hour=NaN&must=<b>", "2026-11-23");
  assert.deepEqual(form, emptyForm("2026-11-23"));
});

test("the hash names a stored route", () => {
  assert.equal(routeInHash("#route=r-01JABC"), "r-01JABC");
  assert.equal(routeInHash("#trip"), null);
  assert.equal(routeInHash(""), null);
});
