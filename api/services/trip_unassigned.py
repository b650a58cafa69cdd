"""The part of an answer that says who is not in the plan, and why."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from api.schemas.route import Unassigned
from api.services.left_out import CODES, UNDECIDED, Screening, pack, reason_answer
from api.services.pool import NONE
from api.services.reason_texts import Wording
from api.services.route_stops import visit_value
from api.services.trip import Trip
from api.services.trip_setup import PreparedTrip
from data.unassigned import Unassigned as Packed
from routing.corridor import Corridor
from routing.explain import Explanation
from routing.problem import UNREACHABLE
from routing.reasons import Certainty, Reason, ReasonCode, Scope, Unit

SEARCH_LIMIT = Reason(ReasonCode.SEARCH_LIMIT, Certainty.BEST_KNOWN, Scope.SEARCH)
NOT_DUE = Reason(ReasonCode.NOT_DUE, Certainty.PROVED, Scope.VISIT)


def tell_unassigned(
    prepared: PreparedTrip,
    visited: tuple[int, ...],
    explanation: Explanation | None,
) -> tuple[tuple[Unassigned, ...], dict[str, int], Packed]:
    """
    The shortlisted and the requested one by one, the rest counted, and all of them packed.

    Parameters
    ----------
    visited
        Client indices.
    """
    trip, sweep = prepared.trip, prepared.sweep
    screening, standing = prepared.screening, prepared.standing
    considered = trip.considered
    is_visited = standing.is_fixed.copy()
    is_visited[[trip.clients[k] for k in visited]] = True
    reasons: dict[int, tuple[Reason, ...]] = {}
    if explanation is None:
        reasons = {row: (SEARCH_LIMIT,) for row in trip.clients if not is_visited[row]}
    else:
        for out in explanation.left_out:
            row = trip.clients[out.client_index]
            reasons[row] = _with_due_date(trip, row, out.reasons)
    # Those named or planned that a rule excludes never became clients.
    is_told = considered.is_requested | standing.is_planned | standing.is_settled
    if trip.request.is_week:
        is_told = is_told | considered.is_must
    for row in np.flatnonzero(is_told & ~is_visited & ~screening.is_in).tolist():
        reasons[row] = (screening.reason(row),)

    code = screening.code.copy()
    for row, given in reasons.items():
        code[row] = CODES.index(given[0].code)
    is_left = ~is_visited
    assert not (code[is_left] == UNDECIDED).any()
    told = np.zeros(len(considered), dtype=bool)
    told[list(reasons)] = True
    numbers = np.bincount(code[is_left & ~told], minlength=len(CODES)).tolist()
    counts = {CODES[k].value: numbers[k] for k in range(len(CODES)) if numbers[k]}
    prize_cents = considered.prize_cents
    order = sorted(
        reasons,
        key=lambda row: (
            -considered.precedence[row],
            not considered.is_required[row],
            -prize_cents[row],
            row,
        ),
    )
    wording, ids = wording_of(trip), ids_of(trip)
    entries = tuple(_entry(trip, sweep, row, reasons[row], wording, ids) for row in order)
    return entries, dict(sorted(counts.items())), _packed(trip, sweep, screening, code, is_left)


def wording_of(trip: Trip) -> Wording:
    """What the indices of reasons stand for."""
    return Wording(
        client_names=tuple(trip.considered.name[row] for row in trip.clients),
        shift_dates=trip.time.dates,
        shift_hours=tuple(
            (trip.time.moment(start_s), trip.time.moment(end_s))
            for start_s, end_s in trip.time.shifts
        ),
        currency=trip.snapshot.dataset.currency,
    )


def ids_of(trip: Trip) -> tuple[str | None, ...]:
    """By client index: the id by which an answer points to it."""
    return tuple(trip.wish_id(row) or trip.account_id(row) for row in trip.clients)


def _with_due_date(trip: Trip, row: int, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """A wish for an account that is not due is worth nothing for that reason in the first place."""
    considered = trip.considered
    is_worthless = considered.day_prize_cents[row].max() == 0 and not considered.is_due[row]
    if is_worthless and reasons[0].code is ReasonCode.VALUE_BELOW_COST:
        day = int(considered.committed_day[row])
        if day == NONE:
            return NOT_DUE, *reasons
        return replace(NOT_DUE, limit=day, unit=Unit.DAYS), *reasons
    return reasons


def _entry(
    trip: Trip,
    sweep: Corridor,
    row: int,
    reasons: tuple[Reason, ...],
    wording: Wording,
    ids: tuple[str | None, ...],
) -> Unassigned:
    considered = trip.considered
    wording = replace(wording, is_appointment=trip.is_appointment(row))
    priority, detour_s = int(considered.priority[row]), int(sweep.detour_s[row])
    return Unassigned(
        visit_id=trip.visit_id(row),
        appointment_id=trip.appointment_id(row),
        account_id=trip.account_id(row),
        required=bool(considered.is_required[row]),
        priority=None if priority == NONE else priority,
        visit_value=visit_value(considered, row),
        prize=int(considered.day_prize_cents[row].max()) / 100,
        detour_s=None if detour_s >= UNREACHABLE else detour_s,
        reasons=tuple(reason_answer(reason, wording, ids) for reason in reasons),
    )


def _packed(
    trip: Trip,
    sweep: Corridor,
    screening: Screening,
    code: np.ndarray,
    is_left: np.ndarray,
) -> Packed:
    """Accounts only: what has no account is told one by one in the body."""
    considered = trip.considered
    rows = np.flatnonzero(is_left & (considered.row != NONE))
    detour_s = sweep.detour_s[rows]
    facts: Mapping[str, np.ndarray] = {
        "detour_s": np.where(detour_s >= UNREACHABLE, NONE, detour_s),
        "visit_value_cents": considered.visit_value_cents[rows],
        "prize_cents": considered.prize_cents[rows],
        "priority": considered.priority[rows],
        "value": screening.value[rows],
        "limit": screening.limit[rows],
        "unit": screening.unit[rows],
    }
    account_id = trip.snapshot.table.account_id[considered.row[rows]]
    return pack(account_id, code[rows], dict(facts))
