/** What the map shows of the state: a trip is not drawn among the accounts, nor are areas and pairs on a trip. */

const NO_DAYS = [];
const NO_WAY = { items: [] };
const ACCOUNTS = { accounts: true, onTheWay: false };

/** @param {object} state @param {object | null} drawn what was drawn last */
export function seen(state, drawn) {
  if (state.section === "trip") {
    return { ...state, area: null, pair: null, hitFits: drawn?.hitFits ?? 0 };
  }
  return {
    ...state,
    area: state.filter.area,
    route: null,
    days: NO_DAYS,
    onTheWay: NO_WAY,
    layers: ACCOUNTS,
    selected: null,
    // A wish to see the trip waits until it is there again.
    fits: drawn?.fits ?? 0,
  };
}
