import assert from "node:assert/strict";
import { test } from "node:test";
import {
  hourLines,
  locationWords,
  navigationLinks,
  quarterlyOrders,
} from "../../../api/static/js/logic/card.js";
import { roughMoney } from "../../../api/static/js/logic/format.js";
import { summaryGroups } from "../../../api/static/js/logic/summary.js";

test("days with the same hours share a line", () => {
  const day = (weekday, ...hours) => hours.map(([opens, closes]) => ({ weekday, opens, closes }));
  const noon = [
    ["08:00", "12:00"],
    ["13:00", "17:00"],
  ];
  const windows = [...day(1, ...noon), ...day(2, ...noon), ...day(3, ["08:00", "12:00"])];
  assert.deepEqual(hourLines(windows), [
    ["Mon–Tue", "08:00–12:00, 13:00–17:00"],
    ["Wed", "08:00–12:00"],
    ["Thu–Sun", "closed"],
  ]);
  assert.deepEqual(hourLines([]), []);
});

test("how well a place is known is said in words", () => {
  const coarse = locationWords({
    level: "place",
    source: "geocoder",
    confidence: 0.551,
    label: "34117 Kassel",
    road_distance_m: 1240,
    issue: "GEOCODE_TOO_COARSE",
  });
  assert.match(coarse.issue, /not planned until its pin is set/);
  assert.deepEqual(coarse.facts, [
    "Only the town is known",
    "55 % sure",
    "taken for 34117 Kassel",
    "1.2 km from the nearest road",
  ]);
  assert.deepEqual(locationWords({ level: "position", source: "hand", confidence: 1 }), {
    issue: null,
    facts: ["Pin set by hand"],
  });
  assert.equal(locationWords({ level: "address", source: "geocoder" }).facts[0], "Known to the house");
  assert.deepEqual(locationWords(undefined), { issue: null, facts: [] });
});

test("other programs get the position and never the name", () => {
  for (const [, href] of navigationLinks([9.5, 51.3])) assert.match(href, /51\.3,9\.5/);
});

test("orders are added up by quarter, those of before left out", () => {
  const orders = [
    { date: "2026-11-02", amount: 5 },
    { date: "2026-09-30", amount: 7 },
    { date: "2026-08-31", amount: 11 },
    { date: "2024-11-30", amount: 99 },
    { date: "2024-12-01", amount: 1 },
  ];
  assert.deepEqual(quarterlyOrders(orders, "2026-11-28"), [1, 0, 0, 0, 0, 0, 11, 12]);
});

test("sums are rough where they are large", () => {
  assert.equal(roughMoney(1_615_091_527), "€1.6 bn");
  assert.equal(roughMoney(45_400_000), "€45 M");
  assert.equal(roughMoney(999_600), "€1 M");
  assert.equal(roughMoney(126_400), "€126 k");
  assert.equal(roughMoney(99_999), "€99,999");
});

test("a selection is told by due state, segment and owner, with the rest together", () => {
  const owners = Array.from({ length: 9 }, (_, at) => ({ owner: `Rep ${at}`, count: 9 - at }));
  const [due, segment, owner] = summaryGroups({
    by_due: { red: 5, green: 10 },
    by_segment: { zero: 15, "1m_5m": 0 },
    by_owner: [...owners, { count: 1 }],
  });
  assert.deepEqual(due.lines, [
    { text: "overdue", count: 5, share: 0.5 },
    { text: "not due", count: 10, share: 1 },
  ]);
  assert.deepEqual(segment.lines, [{ text: "no revenue", count: 15, share: 1 }]);
  assert.deepEqual(owner.lines.at(-1), { text: "4 others", count: 7, share: 7 / 9 });
});
