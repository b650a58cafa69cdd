import assert from "node:assert/strict";
import { test } from "node:test";
import { planDays } from "../../../api/static/js/logic/plan.js";
import {
  checkNews,
  isMended,
  likelyMoment,
  markOf,
  newsErrors,
  noNews,
  toReplan,
  withMark,
} from "../../../api/static/js/logic/replan.js";

const BERLIN = "Europe/Berlin";
const at = (time, date = "2026-11-23") => `${date}T${time}:00+01:00`;
const visit = (seq, account_id, start, end, more = {}) => ({
  seq,
  type: "visit",
  account_id,
  name: `Firma ${account_id}`,
  service_start: at(start),
  departure: at(end),
  ...more,
});

/** A Monday with visits to 1, 2 and the appointment a. */
const ROUTE = {
  timezone: BERLIN,
  revision: 1,
  days: [
    {
      date: "2026-11-23",
      start: at("08:00"),
      end: at("17:00"),
      stops: [
        { seq: 0, type: "start", departure: at("08:00") },
        visit(1, "1", "09:00", "09:30"),
        visit(2, "2", "10:00", "10:30"),
        visit(3, "3", "11:00", "12:00", { type: "appointment", appointment_id: "a" }),
        { seq: 4, type: "end", arrival: at("13:00") },
      ],
      legs: [],
      totals: {},
    },
  ],
};
const DAYS = planDays(ROUTE);
const [, FIRST, SECOND] = DAYS[0].stops;
const news = (patch = {}) => ({ ...noNews(ROUTE, [], new Date(at("10:40"))), ...patch });

test("while the trip is under way it is planned anew for the clock", () => {
  assert.deepEqual(likelyMoment(ROUTE, [], new Date(at("10:40"))), {
    instant: "2026-11-23T09:40:00.000Z",
    isClock: true,
  });
  const { date, time, isClock } = news();
  assert.deepEqual([date, time, isClock], ["2026-11-23", "10:40", true]);
});

test("for another week the moment is that of the last replan, or when the trip begins", () => {
  const now = new Date("2026-11-01T10:00:00Z");
  assert.equal(likelyMoment(ROUTE, [{ revision: 1 }], now).instant, at("08:00"));
  const replanned = [{ revision: 1 }, { revision: 2, now: at("09:50") }];
  assert.equal(likelyMoment(ROUTE, replanned, now).instant, at("09:50"));
  assert.equal(likelyMoment(ROUTE, replanned, new Date(at("09:40"))).isClock, false);
});

test("what is over by the plan is done, and what is late is not", () => {
  assert.equal(markOf(FIRST, news(), BERLIN), "done");
  assert.equal(markOf(SECOND, news(), BERLIN), "done");
  assert.equal(markOf(SECOND, news({ late: 25 }), BERLIN), "open");
  assert.equal(markOf(SECOND, news({ time: "" }), BERLIN), "open");
});

test("a mark of the user goes before the plan, and pressed again is taken back", () => {
  const cancelled = withMark(news(), FIRST, "cancelled", BERLIN);
  assert.equal(markOf(FIRST, cancelled, BERLIN), "cancelled");
  assert.equal(markOf(FIRST, withMark(cancelled, FIRST, "cancelled", BERLIN), BERLIN), "open");
  assert.equal(markOf(FIRST, withMark(news(), FIRST, "done", BERLIN), BERLIN), "open");
});

test("a visit that an earlier replan told to be done stays so", () => {
  const [, done] = planDays({
    ...ROUTE,
    days: [{ ...ROUTE.days[0], stops: [{ seq: 0, type: "start" }, visit(1, "1", "15:00", "16:00", { status: "done" })] }],
  })[0].stops;
  assert.equal(markOf(done, news(), BERLIN), "done");
});

test("a replan says what is done, and only what else was entered", () => {
  assert.deepEqual(toReplan(news(), DAYS, BERLIN), { now: at("10:40"), done: ["1", "2"] });
  const full = news({
    late: 25,
    marks: { a: "cancelled" },
    place: { text: "34117", query: null },
    urgent: [{ account_id: "9", name: "Neun" }],
    keepUntil: "12:00",
    changePrice: 0,
  });
  assert.deepEqual(toReplan(full, DAYS, BERLIN), {
    now: at("10:40"),
    late_s: 1500,
    position: { postcode: "34117" },
    done: ["1"],
    cancelled: ["a"],
    visits: [{ account_id: "9", required: true }],
    freeze_before: at("12:00"),
    change_price: 0,
  });
});

test("what cannot be sent is told at its field", () => {
  const fields = (patch) => checkNews(news(patch), BERLIN).map(({ field }) => field);
  assert.deepEqual(fields({}), []);
  assert.deepEqual(fields({ time: "", late: 1.5, changePrice: -1 }), ["now", "late", "changePrice"]);
  assert.deepEqual(fields({ date: "soon", late: 1441 }), ["now", "late"]);
});

test("refusals stand where they were caused, those of a visit at its row", () => {
  const body = { done: ["1"], cancelled: ["2", "a"] };
  const field = (pointer) => newsErrors({ errors: [{ pointer, detail: "no" }] }, body)[0].field;
  const expected = {
    "/now": "now",
    "/late_s": "late",
    "/position/place": "position",
    "/visits/0/account_id": "urgent",
    "/freeze_before": "keepUntil",
    "/change_price": "changePrice",
    "/cancelled/1": "visit-a",
    "/done/0": "visit-1",
    "/done/7": "form",
    "/options/seed": "form",
  };
  for (const [pointer, name] of Object.entries(expected)) assert.equal(field(pointer), name, pointer);
  const unknown = { pointer: "/position", detail: "None. Did you mean A?", suggestions: [{ label: "A", query: { place: "A" } }] };
  assert.deepEqual(newsErrors({ errors: [unknown] }, body), [
    {
      field: "position",
      detail: "None. Did you mean:",
      suggestions: [{ text: "A", query: { place: "A" } }],
    },
  ]);
  const plain = { title: "Outdated", detail: "Read it again.", errors: [] };
  assert.deepEqual(newsErrors(plain, body), [{ field: "form", detail: "Read it again." }]);
});

test("a change mends what was wrong with its own field", () => {
  assert.ok(isMended("now", { time: "11:00" }));
  assert.ok(isMended("position", { place: {} }));
  assert.ok(isMended("visit-1", { marks: {} }));
  assert.ok(isMended("form", { late: 5 }));
  assert.equal(isMended("now", { late: 5 }), false);
  assert.equal(isMended("visit-1", { late: 5 }), false);
});
