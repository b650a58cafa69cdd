import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_FILTER } from "../../../api/static/js/logic/account_filter.js";
import {
  fromAccountsQuery,
  sectionOf,
  toAccountsQuery,
} from "../../../api/static/js/logic/accounts_address.js";

const shown = { accountsTab: "list", filter: NO_FILTER, sort: "name", colourBy: "due" };

test("an address leads back to what was shown", () => {
  const area = [
    [9.1234, 51],
    [-10, 51.5],
    [10, -52],
  ];
  const filter = { ...NO_FILTER, due: ["red"], segment: ["zero", "1m_5m"], status: ["customer"] };
  const all = {
    accountsTab: "pins",
    filter: { ...filter, owner: "12", issue: "any", minPotential: 2500.5, area },
    sort: "potential",
    colourBy: "owner",
    accountId: "17",
  };
  const query = toAccountsQuery(all);
  assert.equal(sectionOf(query), "accounts");
  assert.deepEqual(fromAccountsQuery(query), all);
});

test("what is as usual is not said", () => {
  assert.equal(toAccountsQuery(shown), "?show=accounts");
  assert.deepEqual(fromAccountsQuery("?show=accounts"), { ...shown, accountId: null });
  assert.equal(sectionOf("?from=Kassel"), "trip");
});

test("no customer's name stands in an address", () => {
  const query = toAccountsQuery({ ...shown, filter: { ...NO_FILTER, q: "Müller" } });
  assert.doesNotMatch(decodeURIComponent(query), /Müller/);
});

test("what cannot be read keeps its default", () => {
  const nonsense =
    "?show=accounts&tab=x&due=blue.red&owner=<b>&issue=?&potential=-1&area=1~2~3&sort=x&colour=x&account=../";
  const { filter, ...others } = fromAccountsQuery(nonsense);
  assert.deepEqual(filter, { ...NO_FILTER, due: ["red"] });
  assert.deepEqual({ ...others, filter: NO_FILTER }, { ...shown, accountId: null });
  assert.equal(fromAccountsQuery("?area=1~2~3~4~5~95").filter.area, null);
});
