import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addDays,
  clock,
  dayRange,
  instantOf,
  isDate,
  isoWeek,
  localDate,
  mondayOf,
  nextMonday,
  shiftedTime,
} from "../../../api/static/js/logic/calendar.js";

const BERLIN = "Europe/Berlin";

test("the next Monday is never the day itself", () => {
  assert.equal(nextMonday("2026-11-22"), "2026-11-23"); // a Sunday
  assert.equal(nextMonday("2026-11-23"), "2026-11-30"); // a Monday
  assert.equal(nextMonday("2026-11-28"), "2026-11-30"); // a Saturday
});

test("days cross months, years and the end of summer time", () => {
  assert.equal(addDays("2026-12-31", 1), "2027-01-01");
  assert.equal(addDays("2026-10-24", 2), "2026-10-26");
  assert.equal(addDays("2028-02-28", 1), "2028-02-29");
});

test("an instant carries the offset of its own day", () => {
  assert.equal(instantOf("2026-11-23", "08:00", BERLIN), "2026-11-23T08:00:00+01:00");
  assert.equal(instantOf("2026-06-01", "08:00", BERLIN), "2026-06-01T08:00:00+02:00");
  assert.equal(instantOf("2026-06-01", "08:00", "America/St_Johns"), "2026-06-01T08:00:00-02:30");
});

test("around the clock changes the offset is the one in force at that hour", () => {
  assert.equal(instantOf("2026-10-25", "01:30", BERLIN), "2026-10-25T01:30:00+02:00");
  assert.equal(instantOf("2026-10-25", "04:00", BERLIN), "2026-10-25T04:00:00+01:00");
  assert.equal(instantOf("2026-03-29", "01:30", BERLIN), "2026-03-29T01:30:00+01:00");
  assert.equal(instantOf("2026-03-29", "04:00", BERLIN), "2026-03-29T04:00:00+02:00");
});

test("a clock shows local time whatever offset the instant was written with", () => {
  assert.equal(clock("2026-11-23T07:00:00Z", BERLIN), "08:00");
  assert.equal(clock("2026-11-23T08:00:00+01:00", BERLIN), "08:00");
  assert.equal(localDate("2026-11-22T23:30:00Z", BERLIN), "2026-11-23");
});

test("midnight is 00:00", () => {
  assert.equal(clock("2026-11-23T00:00:00+01:00", BERLIN), "00:00");
});

test("a range of days names the month once where it can", () => {
  assert.equal(dayRange("2026-11-23", 3), "Mon 23 – Wed 25 Nov");
  assert.equal(dayRange("2026-11-30", 2), "Mon 30 Nov – Tue 1 Dec");
  assert.equal(dayRange("2026-11-23", 1), "Mon 23 Nov");
});

test("only a real ISO date is a date", () => {
  assert.ok(isDate("2026-11-23"));
  assert.ok(!isDate("2026-13-01"));
  assert.ok(!isDate("23.11.2026"));
  assert.ok(!isDate(""));
});

test("a week belongs to the year of its Thursday and begins on Monday", () => {
  assert.equal(isoWeek("2026-12-02"), "2026-W49");
  assert.equal(isoWeek("2027-01-01"), "2026-W53");
  assert.equal(isoWeek("2027-01-04"), "2027-W01");
  assert.equal(isoWeek("2024-12-31"), "2025-W01");
  assert.equal(mondayOf("2026-11-30"), "2026-11-30");
  assert.equal(mondayOf("2026-12-06"), "2026-11-30");
});

test("a time that is shifted stays within its day", () => {
  assert.equal(shiftedTime("17:50", 25), "18:15");
  assert.equal(shiftedTime("00:10", -30), "00:00");
  assert.equal(shiftedTime("23:50", 30), "23:59");
});
