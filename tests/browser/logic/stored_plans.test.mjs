import assert from "node:assert/strict";
import { test } from "node:test";
import { plansOf, storedQuery, storedWords } from "../../../api/static/js/logic/stored_plans.js";
import { emptyForm } from "../../../api/static/js/logic/trip_form.js";

const week = { ...emptyForm("2026-12-02"), mode: "week", repId: "12" };
const item = { route_id: "r-1", revision: 1, visits: 41, created_at: "2026-11-25T17:11:00Z" };

test("only the week of a rep has stored plans", () => {
  assert.deepEqual(storedQuery(week), { rep_id: "12", week: "2026-W49", limit: 10 });
  assert.equal(storedQuery({ ...week, mode: "trip" }), null);
  assert.equal(storedQuery({ ...week, repId: null }), null);
  assert.equal(storedQuery({ ...week, firstDay: "" }), null);
});

test("accepted plans come first, and what has no plan is left out", () => {
  const ids = plansOf([
    { ...item, route_id: "new" },
    { ...item, route_id: "failed", visits: undefined },
    { ...item, route_id: "agreed", accepted_revision: 1 },
  ]).map(({ route_id: id }) => id);
  assert.deepEqual(ids, ["agreed", "new"]);
});

test("a stored plan says whether it is accepted, and what it holds", () => {
  const words = (patch) => storedWords({ ...item, ...patch }, "Europe/Berlin");
  assert.equal(words({}), "41 visits · made Wed 25 Nov, 18:11");
  assert.equal(
    words({ net_value: 6422.9, accepted_revision: 1 }),
    "accepted · 41 visits · €6,423 · made Wed 25 Nov, 18:11",
  );
  assert.match(words({ revision: 2, accepted_revision: 1 }), /^accepted, changed since · /);
});
