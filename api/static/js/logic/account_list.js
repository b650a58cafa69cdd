/** The list of accounts and what it adds up to, before anything was asked. */

export const NO_LIST = Object.freeze({
  status: "idle",
  asked: "",
  items: [],
  next: null,
  total: null,
});

export const NO_SUMMARY = Object.freeze({ status: "idle", asked: "", answer: null });
