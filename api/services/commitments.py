"""Visits that other routes have promised: what they mean for a new plan."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from accounts.days import day_number
from api.schemas.appointment import Appointment
from api.schemas.route import Warning_
from api.schemas.route_request import TripRequest
from api.services.accounts import row_of
from api.services.wishes import wishes_of
from api.state import Snapshot
from data.commitment_store import Commitment
from data.tables import Rep

PREFIX = "commitment-"
"""Of the `appointment_id` of a visit that another route of the rep has promised."""


def binding(
    snapshot: Snapshot, request: TripRequest, route_id: str | None
) -> tuple[Commitment, ...]:
    """Those that a plan has to respect: of all routes but itself, unless the request says not."""
    if request.ignore_commitments:
        return ()
    return tuple(one for one in snapshot.commitments if one.route_id != route_id)


def with_appointments(
    request: TripRequest, commitments: tuple[Commitment, ...], rep: Rep | None, snapshot: Snapshot
) -> tuple[TripRequest, tuple[Warning_, ...]]:
    """
    The request with what other routes of its rep have promised within its days, as appointments.

    An account that the request names itself is planned as it says.
    """
    if rep is None:
        return request, ()
    own = [
        one
        for one in commitments
        if one.rep_id == rep.id
        and row_of(snapshot, str(one.account_id)) is not None
        and any(day.start <= one.start_at <= day.end for day in request.days)
    ]
    named = {wish.account_id for wish in wishes_of(request)}
    kept: dict[str, Appointment] = {}
    warnings = list(_overridden(own, named))
    for one in own:
        account_id = str(one.account_id)
        if account_id not in named and account_id not in kept:
            kept[account_id] = Appointment(
                appointment_id=f"{PREFIX}{one.visit_id}",
                account_id=account_id,
                flexibility="fixed",
                start=one.start_at,
                service_duration_s=one.duration_s,
            )
    if kept:
        warnings.append(
            Warning_(
                code="COMMITMENTS_KEPT",
                detail=f"{len(kept)} visits that other accepted routes of the rep have promised "
                "are kept as appointments. With ignore_commitments they are not.",
            )
        )
    appointments = (*request.appointments, *kept.values())
    return request.model_copy(update={"appointments": appointments}), tuple(warnings)


def _overridden(own: list[Commitment], named: set[str | None]) -> Iterator[Warning_]:
    for one in own:
        if str(one.account_id) in named:
            yield Warning_(
                code="COMMITTED_ELSEWHERE",
                detail=f"Another accepted route of the rep visits account {one.account_id} at "
                f"{one.start_at.isoformat()}. Here it is planned as the request says.",
            )


def committed_days(
    commitments: tuple[Commitment, ...], snapshot: Snapshot
) -> tuple[tuple[int, int], ...]:
    """Row of the account and local day, since 1970-01-01, of each commitment."""
    found = []
    table = snapshot.table
    for one in commitments:
        row = row_of(snapshot, str(one.account_id))
        if row is not None:
            zone = ZoneInfo(table.timezones[table.timezone[row]])
            day: date = one.start_at.astimezone(zone).date()
            found.append((row, day_number(day)))
    return tuple(found)


def as_last_visit(last_day: int, committed_day: int, day: int) -> int:
    """
    The last visit as it counts on a day: a commitment counts from its day on.

    Before that day it counts as if it were as long ago as it is ahead: a visit a week before
    another one is as early as a visit a week after it.
    """
    seen = committed_day if committed_day <= day else 2 * day - committed_day
    return max(last_day, seen)
