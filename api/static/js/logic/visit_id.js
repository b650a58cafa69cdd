/** By what requests call a visit of a route. */
export const visitId = (visit) => visit.visit_id ?? visit.appointment_id ?? visit.account_id;
