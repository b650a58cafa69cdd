import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_FILTER, filterQuery } from "../../../api/static/js/logic/account_filter.js";
import { fromAccountsQuery, toAccountsQuery } from "../../../api/static/js/logic/accounts_address.js";
import { cellWords, filterOfCell } from "../../../api/static/js/logic/matrix.js";

const shown = { accountsTab: "list", sort: "name", colourBy: "due" };

test("a cell of a rep's matrix leads to the same accounts in the list", () => {
  const asked = { rep_id: "7", postcode_prefix: "34", potential: "50000", visit_value: "12.5" };
  const filter = { ...NO_FILTER, ...filterOfCell("telesales", asked) };
  assert.deepEqual(filterQuery(filter), {
    owner: "7",
    postcode_prefix: "34",
    cell: "telesales",
    cell_potential: 50000,
    cell_visit_value: 12.5,
  });
});

test("thresholds that were not asked for are left to the service", () => {
  const filter = { ...NO_FILTER, ...filterOfCell("keep", {}) };
  assert.deepEqual(filterQuery(filter), { cell: "keep" });
});

test("thresholds say nothing without a cell", () => {
  assert.deepEqual(filterQuery({ ...NO_FILTER, cellPotential: 5 }), {});
});

test("a cell and a region stand in the address", () => {
  const asked = { segment: "zero", potential: "0.5" };
  const filter = { ...NO_FILTER, ...filterOfCell("reactivate_acquire", asked), region: "SW1A 1" };
  const address = toAccountsQuery({ ...shown, filter });
  assert.deepEqual(fromAccountsQuery(address).filter, filter);
});

test("a cell that is none, and a region that is none, are left out", () => {
  const { filter } = fromAccountsQuery("?show=accounts&cell=stars&cellvalue=1&postcode=%3Cb%3E");
  assert.deepEqual(filter, NO_FILTER);
  assert.equal(fromAccountsQuery("?cell=keep&cellvalue=-1").filter.cellVisitValue, null);
});

test("a cell is told by what is high and low", () => {
  assert.equal(cellWords("telesales"), "Low potential, low visit value");
});
