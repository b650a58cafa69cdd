import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOSED, close, narrow, offer, press } from "../../../api/static/js/logic/combobox.js";

const keys = (state, ...names) => {
  let effect = null;
  for (const name of names) [state, effect] = press(state, name);
  return { state, effect };
};

test("suggestions open the list without marking one: free text stays", () => {
  assert.deepEqual(offer(["a", "b"]), { open: true, options: ["a", "b"], active: -1 });
  assert.equal(offer([]).open, false);
});

test("arrows go through the options and, between the ends, back to the text", () => {
  const list = offer(["a", "b"]);
  assert.equal(keys(list, "ArrowDown").state.active, 0);
  assert.equal(keys(list, "ArrowDown", "ArrowDown").state.active, 1);
  assert.equal(keys(list, "ArrowDown", "ArrowDown", "ArrowDown").state.active, -1);
  assert.equal(keys(list, "ArrowUp").state.active, 1);
  assert.equal(keys(list, "ArrowUp", "ArrowUp", "ArrowUp").state.active, -1);
});

test("a closed list opens at its near end", () => {
  const closed = close(offer(["a", "b"]));
  assert.deepEqual(keys(closed, "ArrowDown").state, { open: true, options: ["a", "b"], active: 0 });
  assert.equal(keys(closed, "ArrowUp").state.active, 1);
});

test("enter takes the marked option and keeps the form from being sent", () => {
  const { state, effect } = keys(offer(["a", "b"]), "ArrowDown", "Enter");
  assert.deepEqual(effect, { type: "choose", handled: true, option: "a" });
  assert.equal(state.open, false);
});

test("enter without a marked option sends the form", () => {
  const { state, effect } = keys(offer(["a"]), "Enter");
  assert.equal(effect.handled, false);
  assert.equal(state.open, false);
});

test("tab takes the marked option and moves on", () => {
  const { effect } = keys(offer(["a"]), "ArrowDown", "Tab");
  assert.deepEqual(effect, { type: "choose", handled: false, option: "a" });
});

test("escape closes the list first and then clears the text", () => {
  const once = keys(offer(["a"]), "Escape");
  assert.equal(once.effect.type, "none");
  assert.equal(once.state.open, false);
  assert.equal(keys(once.state, "Escape").effect.type, "clear");
});

test("without suggestions arrows move the caret as ever", () => {
  assert.equal(press(CLOSED, "ArrowDown")[1].handled, false);
});

test("suggestions that no longer fit what is typed go before the new ones come", () => {
  const box = press(offer(["Fürth, Bayern", "Fulda, Hessen", "Bad Fusch"]), "ArrowDown")[0];
  const nameOf = (option) => option;
  assert.deepEqual(narrow(box, "fu", nameOf).options, box.options);
  const narrowed = narrow(box, "Fuld", nameOf);
  assert.deepEqual(narrowed, { open: true, options: ["Fulda, Hessen"], active: -1 });
  assert.deepEqual(narrow(box, "fürth bay", nameOf).options, ["Fürth, Bayern"]);
  assert.deepEqual(narrow(box, "Fux", nameOf), CLOSED);
});
