/** The matrix of potential and visit value in words. */

/** High potential first, high visit value first. */
export const CELLS = {
  raise_frequency: { action: "Visit more often", words: "High potential, high visit value" },
  reactivate_acquire: { action: "Reactivate, acquire", words: "High potential, low visit value" },
  keep: { action: "Keep", words: "Low potential, high visit value" },
  telesales: { action: "Move to telesales", words: "Low potential, low visit value" },
};

/** "High potential, low visit value". */
export const cellWords = (cell) => CELLS[cell]?.words ?? cell;

/**
 * The filter of the section of accounts that holds the accounts of a cell.
 *
 * @param {string} cell
 * @param {Record<string, string>} query what the matrix was asked for
 */
export function filterOfCell(cell, query) {
  const number = (text) => (text ? Number(text) : null);
  return {
    cell,
    cellPotential: number(query.potential),
    cellVisitValue: number(query.visit_value),
    owner: query.rep_id ?? "",
    segment: query.segment ? [query.segment] : [],
    region: query.postcode_prefix ?? "",
  };
}
