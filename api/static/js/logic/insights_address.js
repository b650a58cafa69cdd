/** The section of insights in the page's address: the tab, and what it was asked for. */

const NAME = /^[a-z_]{1,40}$/;
const VALUE = /^[\w.~:-]{1,80}$/;
const OWN = ["show", "tab", "account"];
const ID = /^\d{1,18}$/;

/** @returns {string} with its "?" */
export function toInsightsQuery({ tab, query, accountId = null }) {
  const address = new URLSearchParams({ show: "insights", tab });
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") address.set(name, String(value));
  }
  if (accountId) address.set("account", accountId);
  return `?${String(address).replaceAll("%7E", "~").replaceAll("%3A", ":")}`;
}

/**
 * What cannot be read is left out.
 * @param {string} search
 * @param {string[]} tabs the first one is the one to begin with
 */
export function fromInsightsQuery(search, tabs) {
  const address = new URLSearchParams(search);
  const tab = tabs.includes(address.get("tab")) ? address.get("tab") : tabs[0];
  const given = [...address].filter(
    ([name, value]) => !OWN.includes(name) && NAME.test(name) && VALUE.test(value),
  );
  const account = address.get("account") ?? "";
  return { tab, query: Object.fromEntries(given), accountId: ID.test(account) ? account : null };
}
