import assert from "node:assert/strict";
import { test } from "node:test";
import { isUnderWay, revisionWords, standing } from "../../../api/static/js/logic/standing.js";

const one = { revision: 1, cause: "plan", created_at: "2026-11-20T09:00:00Z", is_accepted: false };
const two = { ...one, revision: 2, cause: "replan", now: "2026-11-23T10:40:00+01:00" };
const accepted = (revision) => ({ ...revision, is_accepted: true });
const stateOf = (shown, revisions) => standing({ revision: shown }, revisions).state;

test("a plan is open, accepted, changed since, or an older one", () => {
  assert.equal(stateOf(1, [one]), "open");
  assert.equal(stateOf(1, [accepted(one)]), "accepted");
  assert.equal(stateOf(2, [accepted(one), two]), "changed");
  assert.equal(stateOf(2, [one, accepted(two)]), "accepted");
  assert.equal(stateOf(2, [one, two]), "open");
  assert.equal(stateOf(1, [accepted(one), two]), "outdated");
  assert.match(standing({ revision: 2 }, [accepted(one), two]).words, /revision 1\./);
});

test("what was accepted or planned anew is not planned from its beginning again", () => {
  assert.equal(isUnderWay({ revision: 1 }, [one]), false);
  assert.equal(isUnderWay({ revision: 1 }, []), false);
  assert.equal(isUnderWay({ revision: 1 }, [accepted(one)]), true);
  assert.equal(isUnderWay({ revision: 2, cause: "replan" }, []), true);
  assert.equal(isUnderWay({ revision: 1 }, [one, two]), true);
  const better = { ...one, revision: 2, cause: "bound" };
  assert.equal(isUnderWay(better, [one, better]), false);
});

test("a revision says what made it and what it is worth", () => {
  const words = (revision) => revisionWords(revision, "Europe/Berlin", "EUR");
  assert.equal(words(one), "Revision 1: planned Fri 20 Nov, 10:00");
  assert.equal(
    words({ ...one, revision: 2, cause: "bound" }),
    "Revision 2: better plan found Fri 20 Nov, 10:00",
  );
  assert.equal(
    words(accepted({ ...two, visits: 40, net_value: 6345.4 })),
    "Revision 2: planned anew for Mon 23 Nov, 10:40 · 40 visits · €6,345 · accepted",
  );
});
