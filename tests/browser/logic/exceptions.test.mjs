import assert from "node:assert/strict";
import { test } from "node:test";
import {
  exceptionBody,
  exceptionWords,
  lastingExceptions,
} from "../../../api/static/js/logic/exceptions.js";

test("an exception says what holds instead, and until when", () => {
  const one = { strategic: true, visit_interval_days: 30, expires_on: "2027-03-01" };
  assert.match(exceptionWords(one), /^field trips may visit it, a visit every 30 days, until 1 Mar/);
  const other = { channel: "inside_sales", strategic: false, service_duration_s: 1800, expires_on: "2027-03-01" };
  assert.match(exceptionWords(other), /^served by inside sales, 30 min each, until/);
});

test("what has ended is not shown, what ends tomorrow is", () => {
  const items = [{ expires_on: "2026-11-28" }, { expires_on: "2026-11-29" }];
  assert.deepEqual(lastingExceptions(items, "2026-11-28"), [items[1]]);
});

test("what was left empty follows the rule", () => {
  const typed = { strategic: false, interval: "45", minutes: "", reason: "New shop", until: "2027-01-01" };
  assert.deepEqual(exceptionBody(typed), {
    strategic: false,
    visit_interval_days: 45,
    service_duration_s: undefined,
    reason: "New shop",
    expires_on: "2027-01-01",
  });
});
