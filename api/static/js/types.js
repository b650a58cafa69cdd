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
 * @typedef {object} DayPlan  what a day has of its own
 * @property {boolean} [isOff]
 * @property {PlaceChoice} [start] where it starts, instead of where the day before ends
 * @property {PlaceChoice} [end]
 * @property {number} [maxVisits]
 * @property {number} [maxDriveH]
 * @property {number} [maxKm]
 *
 * @typedef {object} AppointmentEntry
 * @property {number} key of its row
 * @property {Must | null} account null: at `place`
 * @property {PlaceChoice} place
 * @property {"fixed" | "within_day" | "within_week"} flexibility
 * @property {string} date ISO date
 * @property {string} time "HH:MM"
 * @property {number} minutes
 *
 * @typedef {object} TripForm
 * @property {"trip" | "week"} mode
 * @property {PlaceChoice} from
 * @property {PlaceChoice} to
 * @property {string | null} repId whose week it is
 * @property {boolean} ownDays whether the week has the hours of the form, not those of the rep
 * @property {string} firstDay ISO date; of a week any of its days
 * @property {number} dayCount
 * @property {Hours} hours of every day that has none of its own
 * @property {Record<number, Hours>} ownHours by index of the day
 * @property {Record<number, DayPlan>} dayPlans by index of the day
 * @property {boolean} lunch whether every day has a break
 * @property {number} lunchMin
 * @property {string} lunchEarliest "HH:MM" at which it may start
 * @property {string} lunchLatest
 * @property {number | null} maxExtraMin of the whole trip; null: no limit
 * @property {number | null} maxDetourMin of one account; null: the service's default
 * @property {number | null} maxVisits of a day
 * @property {number | null} maxDriveH of a day
 * @property {number | null} maxKm of a day
 * @property {number | null} setupMin between arrival and service
 * @property {boolean} nights whether sleeping away is allowed
 * @property {number | null} maxNights
 * @property {number | null} maxNightsInARow
 * @property {number | null} minDriveHomeH away only if the drive home takes longer
 * @property {PlaceChoice[]} preferred places for nights
 * @property {number | null} perHour EUR
 * @property {number | null} perKm EUR
 * @property {number | null} perNight EUR
 * @property {"net_value" | "prize"} objective
 * @property {number | null} shortlist
 * @property {number | null} seed
 * @property {Must[]} musts
 * @property {Must[]} excluded accounts that are left out on purpose
 * @property {AppointmentEntry[]} appointments
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
 * @property {Change} [change] the fix in figures
 *
 * @typedef {object} Change
 * @property {string} kind
 * @property {string} [day] ISO date
 * @property {number} [amount_s]
 * @property {number} [amount_m]
 * @property {number} [amount_visits]
 * @property {string[]} [drop_ids]
 *
 * @typedef {object} LeftOut
 * @property {string} [account_id]
 * @property {string} [visit_id]
 * @property {string} [appointment_id]
 * @property {string} [name]
 * @property {string} [town]
 * @property {boolean} required
 * @property {number} [prize]
 * @property {number} [detour_s]
 * @property {Reason[]} reasons
 *
 * @typedef {object} Revision  of a route
 * @property {number} revision
 * @property {string} created_at
 * @property {"plan" | "replan" | "bound"} cause
 * @property {string} [now] of a replan: the moment it was made for
 * @property {number} [visits]
 * @property {number} [net_value]
 * @property {boolean} is_accepted
 *
 * @typedef {object} News  what has happened on the way
 * @property {string} date ISO date of the moment to plan anew for
 * @property {string} time "HH:MM"
 * @property {boolean} isClock whether that is the clock, and not a moment chosen for want of it
 * @property {number | null} late minutes behind the plan
 * @property {PlaceChoice} place where the rep is; empty: where the plan says
 * @property {Record<string, "done" | "cancelled" | "open">} marks of visits, by id, where the user said
 * @property {Must[]} urgent new visits that must be made
 * @property {string} keepUntil "HH:MM" of that day, before which visits stay as they are; or empty
 * @property {number | null} changePrice of moving or dropping what was told
 *
 * @typedef {object} Trial  one visit tried in the plan
 * @property {Must} account
 * @property {"loading" | "ready" | "failed"} status
 * @property {object} [answer] of POST /insertions
 * @property {string} [detail] why it failed
 *
 * @typedef {object} PinDraft  the pin of an account before it is set
 * @property {string} accountId
 * @property {string} name
 * @property {object | null} address as it was given
 * @property {object} location as the service tells it
 * @property {{position: Position, level: string, label: string}[]} alternatives
 * @property {Position | null} from where it is stored
 * @property {Position | null} position where it would be set
 * @property {Position | null} near where the map looks while there is no position
 * @property {number | null} choice index of the alternative that was chosen
 * @property {boolean} isQueued whether the next of the worklist follows
 * @property {boolean} isSaving
 * @property {string | null} detail why it was refused
 *
 * @typedef {object} Page
 * @property {LeftOut[]} items
 * @property {string | null} next_cursor
 */
export {};
