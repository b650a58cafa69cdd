import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyList, onTheWayQuery, withPage } from "../../../api/static/js/logic/on_the_way.js";
import { emptyForm } from "../../../api/static/js/logic/trip_form.js";

const form = (patch) => ({
  ...emptyForm("2026-11-23"),
  from: { text: "34117 Kassel", query: { postcode: "34117" } },
  to: { text: "München", query: null },
  ...patch,
});

test("nothing is asked while an end is missing", () => {
  assert.equal(onTheWayQuery(form({ to: { text: " ", query: null } }), "detour"), null);
});

test("ends go as the service reads them, the detour in seconds, and only if it was given", () => {
  const query = { from: "34117", to: "München", max_detour_s: null, sort: "prize" };
  assert.deepEqual(onTheWayQuery(form(), "prize"), query);
  assert.equal(onTheWayQuery(form({ maxDetourMin: 20 }), "prize").max_detour_s, 1200);
});

test("a page is added to those before and keeps the question", () => {
  const list = { ...emptyList("prize"), asked: "q" };
  const joined = withPage(list, [{ account_id: "1" }], {
    within: 2,
    items: [{ account_id: "2" }],
    next_cursor: "50",
  });
  assert.deepEqual(
    joined.items.map((item) => item.account_id),
    ["1", "2"],
  );
  assert.equal(joined.next, "50");
  assert.equal(joined.asked, "q");
  assert.equal(joined.status, "ready");
});
