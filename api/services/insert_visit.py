"""Where another visit would fit into a stored route. Nothing is stored."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from api.schemas.insertion import (
    InsertionRequest,
    Insertions,
    MovedVisit,
    SlotAnswer,
    StopName,
)
from api.schemas.route import Warning_
from api.schemas.route_request import VisitRequest
from api.services.day_so_far import VISITS, seconds
from api.services.errors import Fault, OutdatedPlanError, RefusedRequestError
from api.services.fix_changes import fix_change
from api.services.left_out import reason_answer
from api.services.progress import Silence
from api.services.rest_of_route import RestOfRoute, rest_of_route
from api.services.route_so_far import Report
from api.services.stored_routes import finished
from api.services.trip import Trip
from api.services.trip_unassigned import ids_of, wording_of
from api.services.under_way import StopKey
from api.services.whole_route import Whole, whole_of
from api.state import AppState
from data.route_store import StoredRoute
from routing.insertions import Slot, Slots, insertions
from routing.reasons import Reason
from routing.solution import Solution

Stop = dict[str, Any]


def insert(state: AppState, route_id: str, asked: InsertionRequest) -> Insertions:
    """
    The slots for one visit in the rest of a route.

    Raises
    ------
    NotStoredError, NotFinishedError
        When there is no such route, or it has no plan.
    OutdatedPlanError
        When the plan cannot be driven any more as it was made.
    RefusedRequestError
        When the visit cannot be used, or is in the plan already.
    """
    snapshot = state.snapshot()
    stored = finished(state, snapshot, route_id)
    whole = _without(whole_of(stored, snapshot), asked, stored)
    visit = VisitRequest(**{name: getattr(asked, name) for name in VisitRequest.model_fields})
    wished = len(whole.request.visits or ())
    try:
        rest = rest_of_route(
            state, snapshot, stored, whole, _report(asked, stored, whole), [visit], Silence()
        )
    except RefusedRequestError as refusal:
        at = f"/visits/{wished}"
        faults = [
            replace(fault, pointer=fault.pointer.removeprefix(at) or "/account_id")
            for fault in refusal.faults
        ]
        raise type(refusal)(faults) from None
    if rest.plan is None:
        raise OutdatedPlanError(
            f"Route {route_id} cannot be driven any more as it was planned, since roads, places or "
            "accounts have changed. Plan it anew first."
        )
    trip = rest.prepared.trip
    row = int(np.flatnonzero(trip.considered.wish == wished)[0])
    slots: tuple[SlotAnswer, ...] = ()
    reason: Reason | None
    if row in trip.clients:
        found = insertions(rest.plan, trip.clients.index(row), asked.displacing)
        teller = _Teller(rest, rest.plan)
        slots, reason = teller.slots(found), found.reason
    else:
        reason = rest.prepared.screening.reason(row)
    wording, ids = wording_of(trip), ids_of(trip)
    change = None if reason is None else fix_change(reason, wording, ids)
    return Insertions(
        route_id=route_id,
        revision=stored.revision,
        data_version=snapshot.data_version,
        currency=snapshot.dataset.currency,
        prize=int(trip.considered.prize_cents[row]) / 100,
        service_duration_s=int(trip.considered.service_duration_s[row]),
        slots=slots,
        reason=None if reason is None else reason_answer(reason, wording, ids),
        if_longer=() if change is None else (change,),
        warnings=tuple(_warnings(stored, rest)),
    )


def _without(whole: Whole, asked: InsertionRequest, stored: StoredRoute) -> Whole:
    """
    The route without what it knows of the visit by now, which is not in its plan.

    Raises
    ------
    RefusedRequestError
        When the plan makes the visit.
    """
    ids = {one for one in (asked.visit_id, asked.account_id) if one is not None}
    for day in stored.body["days"]:
        for stop in day["stops"]:
            if stop["type"] in VISITS and StopKey.of(stop).ids & ids:
                key = "account_id" if stop.get("account_id") == asked.account_id else "visit_id"
                detail = (
                    f"The route makes this visit at {stop['service_start']} already. Cancel it in "
                    "a replan first, or give the second visit by its location."
                )
                raise RefusedRequestError([Fault(f"/{key}", "ALREADY_PLANNED", detail)])
    request = whole.request

    def is_other(account_id: str | None, own_id: str | None) -> bool:
        return not ids & {account_id, own_id}

    update: dict[str, Any] = {
        "appointments": tuple(
            one for one in request.appointments if is_other(one.account_id, one.appointment_id)
        )
    }
    if request.visits is not None:
        update["visits"] = tuple(
            one for one in request.visits if is_other(one.account_id, one.visit_id)
        )
    return replace(
        whole,
        request=request.model_copy(update=update),
        completed=whole.completed - ids,
        cancelled=whole.cancelled - ids,
    )


def _report(asked: InsertionRequest, stored: StoredRoute, whole: Whole) -> Report:
    """As far as the trip is by now: as said, else as of the last replan, else not begun."""
    if asked.now is not None:
        return Report(int(asked.now.timestamp()), cancelled=whole.cancelled)
    last = stored.request.get("replan", {}).get("now")
    now_s = seconds(stored.body["days"][0]["start"]) - 1 if last is None else seconds(last)
    # What was done then is told by the stops themselves.
    return Report(now_s, done=frozenset(), cancelled=whole.cancelled)


class _Teller:
    """Tells slots in the terms of the route."""

    def __init__(self, rest: RestOfRoute, plan: Solution) -> None:
        self._rest = rest
        self._plan = plan
        self._trip = rest.prepared.trip

    def slots(self, found: Slots) -> tuple[SlotAnswer, ...]:
        return tuple(self._slot(slot) for slot in found.ranked)

    def _slot(self, slot: Slot) -> SlotAnswer:
        trip, moment = self._trip, self._trip.time.moment
        return SlotAnswer(
            day=trip.request.days[slot.shift_index].date,
            after=self._neighbour(slot, -1),
            before=self._neighbour(slot, 1),
            arrival=moment(slot.visit.arrival_s),
            service_start=moment(slot.visit.start_s),
            departure=moment(slot.visit.departure_s),
            slack_s=slot.slack_s,
            displaced=() if slot.displaced is None else (StopName(**_name(trip, slot.displaced)),),
            moved=tuple(
                MovedVisit(**_name(trip, move.client_index), later_s=move.later_s)
                for move in slot.moved
            ),
            latest_shift_s=max((move.later_s for move in slot.moved), default=0),
            added_travel_s=slot.added_travel_s,
            added_work_s=slot.added_worked_s,
            added_distance_m=slot.added_distance_m,
            added_cost=slot.added_cost_cents / 100,
            net_change=slot.change_cents / 100,
        )

    def _neighbour(self, slot: Slot, step: int) -> StopName:
        route = slot.solution.routes[slot.shift_index]
        index = slot.gap + step
        if 0 <= index < len(route.visits):
            return StopName(**_name(self._trip, route.visits[index].client_index))
        kept = self._rest.kept.stops
        if index < 0 and slot.shift_index == 0 and kept:
            last: Stop = kept[-1]
            keys = StopName.model_fields
            return StopName(**{key: last[key] for key in keys if key in last})
        place = route.start_location if index < 0 else route.end_location
        is_last = slot.shift_index == len(slot.solution.routes) - 1
        kind = "start" if index < 0 else ("end" if is_last else "overnight")
        return StopName(type=kind, name=self._trip.place_names[place])


def _name(trip: Trip, client: int) -> dict[str, Any]:
    position = trip.clients[client]
    return {
        "type": "appointment" if trip.is_appointment(position) else "visit",
        "visit_id": trip.visit_id(position),
        "appointment_id": trip.appointment_id(position),
        "account_id": trip.account_id(position),
        "name": trip.considered.name[position],
    }


def _warnings(stored: StoredRoute, rest: RestOfRoute) -> Sequence[Warning_]:
    trip, plan = rest.prepared.trip, rest.plan
    warnings = []
    if stored.body["data_version"] != trip.snapshot.data_version:
        warnings.append(
            Warning_(
                code="DATA_CHANGED",
                detail="Roads or accounts have changed since the route was planned. Times and "
                "prizes here are those of today.",
            )
        )
    planned = sum(len(stops) for stops in rest.kept.planned)
    if plan is not None and len(plan.visited) < planned:
        warnings.append(
            Warning_(
                code="PLAN_OUTDATED",
                detail=f"{planned - len(plan.visited)} visits of the plan no longer fit, and are "
                "left out here. Plan the route anew.",
            )
        )
    return warnings
