/**
 * Shapes of the data that flows through the page. Only types: nothing here runs.
 *
 * @typedef {{place?: string, postcode?: string, position?: Position}} PlaceQuery
 *   How the service is asked for a place: exactly one of them is there.
 *
 * @typedef {object} PlaceChoice
 * @property {string} text what stands in the field
 * @property {PlaceQuery | null} query set once a suggestion was chosen; null for free text
 *
 * @typedef {{start: string, end: string}} Hours  local "HH:MM"
 *
 * @typedef {{account_id: string, name: string, town?: string}} Must
 *
 * @typedef {object} TripForm
 * @property {PlaceChoice} from
 * @property {PlaceChoice} to
 * @property {string} firstDay ISO date
 * @property {number} dayCount
 * @property {Hours} hours of every day that has none of its own
 * @property {Record<number, Hours>} ownHours by index of the day
 * @property {number | null} maxExtraMin of the whole trip; null: no limit
 * @property {number | null} maxDetourMin of one account; null: the service's default
 * @property {boolean} nights whether sleeping away is allowed
 * @property {number | null} perHour EUR
 * @property {number | null} perKm EUR
 * @property {number | null} perNight EUR
 * @property {"net_value" | "prize"} objective
 * @property {number | null} shortlist
 * @property {number | null} seed
 * @property {Must[]} musts
 *
 * @typedef {object} FieldError
 * @property {string} field name of the form field, or "form"
 * @property {string} detail
 * @property {PlaceChoice[]} [suggestions]
 *
 * @typedef {object} Problem  application/problem+json, RFC 9457
 * @property {string} title
 * @property {number} status
 * @property {string} detail
 * @property {string} [code]
 * @property {{pointer: string, code: string, detail: string, suggestions?: any[]}[]} [errors]
 *
 * @typedef {object} Progress
 * @property {{stage: string, detail: string}[]} stages those reached, in order
 * @property {{elapsed_ms: number, value: number, visits: number, progress: number}[]} improvements
 *
 * @typedef {[number, number]} Position  [lon, lat]
 *
 * @typedef {object} Why
 * @property {"appointment" | "required" | "prize" | "frozen"} rule
 * @property {number} [visit_value]
 * @property {number} [due_factor]
 * @property {number} [prize]
 * @property {number} [due_ratio]
 * @property {number} [added_travel_s]
 * @property {number} [added_cost]
 * @property {number} [net]
 * @property {number} [rank]
 *
 * @typedef {object} Reason
 * @property {string} code
 * @property {string} detail
 * @property {"proved" | "best_known"} certainty
 * @property {string | null} [fix]
 *
 * @typedef {object} LeftOut
 * @property {string} [account_id]
 * @property {string} [visit_id]
 * @property {string} [name]
 * @property {string} [town]
 * @property {boolean} required
 * @property {number} [prize]
 * @property {number} [detour_s]
 * @property {Reason[]} reasons
 *
 * @typedef {object} Page
 * @property {LeftOut[]} items
 * @property {string | null} next_cursor
 */
export {};
