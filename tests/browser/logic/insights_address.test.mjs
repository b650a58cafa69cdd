import assert from "node:assert/strict";
import { test } from "node:test";
import { sectionOf } from "../../../api/static/js/logic/accounts_address.js";
import { fromInsightsQuery, toInsightsQuery } from "../../../api/static/js/logic/insights_address.js";

const TABS = ["week", "matrix"];

test("an address leads back to the tab and to what it was asked for", () => {
  const asked = { tab: "matrix", query: { rep_id: "12", week: "2026-W48" }, accountId: "17" };
  const address = toInsightsQuery(asked);
  assert.equal(sectionOf(address), "insights");
  assert.deepEqual(fromInsightsQuery(address, TABS), asked);
});

test("what is empty is not said", () => {
  const query = { rep_id: "", week: null, b: undefined, level: 0 };
  assert.equal(toInsightsQuery({ tab: "week", query }), "?show=insights&tab=week&level=0");
});

test("what cannot be read is left out, and another tab is the first one", () => {
  const address = "?show=insights&tab=x&rep_id=<b>&Bad=1&ok=a-b.c&account=../";
  assert.deepEqual(fromInsightsQuery(address, TABS), {
    tab: "week",
    query: { ok: "a-b.c" },
    accountId: null,
  });
});
