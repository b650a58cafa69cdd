"""What a replan request says, held against the route that it is about."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.schemas.replan import ReplanRequest
from api.services.accounts import row_of
from api.services.day_so_far import VISITS
from api.services.errors import Fault, RefusedRequestError, pointer
from api.services.places import PlaceResolver
from api.services.route_so_far import Report
from api.services.trip_setup import rep_of
from api.services.under_way import StopKey
from api.services.whole_route import Whole
from api.services.wishes import wishes_of
from api.state import Snapshot
from data.route_store import StoredRoute


def with_news(whole: Whole, asked: ReplanRequest) -> Whole:
    """What is completed and cancelled by now; who is asked for again is not cancelled any more."""
    done = frozenset(asked.done or ())
    wanted = {visit.account_id for visit in asked.visits}
    return replace(
        whole,
        completed=whole.completed | done,
        cancelled=(whole.cancelled | frozenset(asked.cancelled)) - done - wanted,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What the request says, and the visits of the plan whose customers know their time."""

    report: Report
    keys: frozenset[StopKey]


def read(asked: ReplanRequest, stored: StoredRoute, whole: Whole, snapshot: Snapshot) -> Told:
    """
    Raises
    ------
    RefusedRequestError
        With every fault.
    """
    stops = (stop for day in stored.body["days"] for stop in day["stops"])
    visits = [stop for stop in stops if stop["type"] in VISITS]
    known = {one for stop in visits for one in StopKey.of(stop).ids}
    for wish in wishes_of(whole.request):
        known |= {one for one in (wish.own_id, wish.account_id) if one is not None}
    faults = [*_faults_of_now(asked, stored)]
    for key in ("done", "cancelled", "told"):
        ids = getattr(asked, key)
        if isinstance(ids, tuple):
            faults += _unknown(ids, key, known, snapshot)
    both = set(asked.done or ()) & set(asked.cancelled)
    both |= {one for one in asked.cancelled if one in done_ids(stored.body)}
    faults += [
        Fault(
            pointer("cancelled", asked.cancelled.index(one)),
            "CONTRADICTION",
            f"The visit {one} has been made, so it cannot be cancelled any more.",
        )
        for one in sorted(both)
    ]
    made = done_ids(stored.body) | frozenset(asked.done or ())
    faults += [
        Fault(
            pointer("visits", k, "account_id"),
            "DUPLICATE_VISIT",
            f"Account {visit.account_id} has been visited. A second visit can be given by its "
            "location.",
        )
        for k, visit in enumerate(asked.visits)
        if visit.account_id in made
    ]
    resolver = PlaceResolver(snapshot.world, snapshot, rep_of(whole.request.rep_id, snapshot))
    position = None
    if asked.position is not None:
        position = resolver.resolve(asked.position, "/position")
    faults += resolver.faults
    if faults:
        raise RefusedRequestError(faults)
    wanted = asked.told
    if wanted is None:
        wanted = "none" if stored.accepted_revision is None else "all"
    keys = (StopKey.of(stop) for stop in visits)
    if isinstance(wanted, str):
        told = frozenset(keys if wanted == "all" else ())
    else:
        told = frozenset(key for key in keys if key.ids & set(wanted))
    freeze = asked.freeze_before
    return Told(
        Report(
            now_s=int(asked.now.timestamp()),
            position=position,
            done=None if asked.done is None else frozenset(asked.done),
            cancelled=whole.cancelled,
            late_s=asked.late_s,
            freeze_before_s=None if freeze is None else int(freeze.timestamp()),
        ),
        told,
    )


def _faults_of_now(asked: ReplanRequest, stored: StoredRoute) -> Iterator[Fault]:
    last = stored.request.get("replan", {}).get("now")
    if last is not None and asked.now < datetime.fromisoformat(last):
        yield Fault(
            "/now",
            "NOW_BEFORE_LAST_REPLAN",
            f"The route was planned anew for {last}, later than {asked.now.isoformat()}. Give a "
            "moment from then on.",
        )
    end = datetime.fromisoformat(stored.body["days"][-1]["end"])
    if asked.now >= end:
        yield Fault(
            "/now",
            "NOW_AFTER_TRIP",
            f"The trip is over since {end.isoformat()}. Plan a new route instead.",
        )


def _unknown(
    ids: tuple[str, ...], key: str, known: set[str], snapshot: Snapshot
) -> Iterator[Fault]:
    for k, one in enumerate(ids):
        # A rep may have visited, or may want to leave out, an account that is not in the plan.
        is_account = key != "told" and row_of(snapshot, one) is not None
        if one not in known and not is_account:
            yield Fault(
                pointer(key, k),
                "UNKNOWN_VISIT",
                f"The route has no visit {one!r}. Give the visit_id, appointment_id or account_id "
                "of one of its stops.",
            )


def of_replan(fault: Fault, visits_before: int) -> Fault:
    """A fault of the request of the rest, pointing into that of the replan."""
    parts = fault.pointer.split("/")
    if parts[1:2] == ["visits"] and len(parts) > 2 and int(parts[2]) >= visits_before:
        parts[2] = str(int(parts[2]) - visits_before)
        return replace(fault, pointer="/".join(parts))
    if fault.code in ("NO_DIRECT_TRIP", "UNREACHABLE_BY_ROAD"):
        return replace(fault, pointer="/position")
    return fault


def done_ids(body: dict[str, Any]) -> frozenset[str]:
    """Ids of the visits that a body tells to have been made."""
    return frozenset(
        one
        for day in body["days"]
        for stop in day["stops"]
        if stop.get("status") == "done"
        for one in StopKey.of(stop).ids
    )
