import assert from "node:assert/strict";
import { test } from "node:test";
import {
  count,
  currencySymbol,
  distance,
  duration,
  money,
  plural,
  useCurrency,
} from "../../../api/static/js/logic/format.js";
import { sparkline } from "../../../api/static/js/logic/sparkline.js";

test("money is whole euros, with cents only where they matter", () => {
  assert.equal(money(10588.4), "€10,588");
  assert.equal(money(0.3), "€0.30");
  assert.equal(money(0), "€0");
  assert.equal(money(-12), "−€12");
});

test("durations round to the minute and never show 60 of them", () => {
  assert.equal(duration(0), "0 min");
  assert.equal(duration(3599), "1 h 00");
  assert.equal(duration(11_100), "3 h 05");
  assert.equal(duration(-1800), "−30 min");
  assert.equal(duration(-10), "0 min");
});

test("short distances have a decimal", () => {
  assert.equal(distance(4230), "4.2 km");
  assert.equal(distance(995_400), "995 km");
});

test("numbers have thousands, words their plural", () => {
  assert.equal(count(24000), "24,000");
  assert.equal(plural(1, "visit"), "1 visit");
  assert.equal(plural(1200, "visit"), "1,200 visits");
});

test("a sparkline starts at the left, ends at the right, and a flat one is no division by 0", () => {
  assert.equal(sparkline([0, 5, 10]), "0,22 50,12 100,2");
  assert.equal(sparkline([4, 4]), "0,22 100,22");
  assert.equal(sparkline([4]), "");
});

test("money is in the currency of the data set", () => {
  useCurrency("GBP");
  assert.equal(money(120), "£120");
  assert.equal(money(120, "CHF"), "CHF\u00a0120");
  assert.equal(currencySymbol(), "£");
  useCurrency("EUR");
  assert.equal(money(120), "€120");
});
