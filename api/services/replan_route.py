"""Plan a route anew while it is driven: a new revision from what has happened by now."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.exports.geojson import route_geojson
from api.schemas.replan import ReplanRequest
from api.schemas.route import Route, SearchAnswer
from api.services.accounts import row_of
from api.services.day_so_far import VISITS
from api.services.errors import Fault, RefusedRequestError, pointer
from api.services.joining import joined
from api.services.places import PlaceResolver
from api.services.progress import Listener, Silence
from api.services.rest_of_route import RestOfRoute, rest_of_route
from api.services.route_answer import route_answer
from api.services.route_changes import changes
from api.services.route_so_far import Report
from api.services.searching import LONGEST_S
from api.services.searching_on import FoundOn, search_on
from api.services.stored_routes import finished
from api.services.trip_setup import rep_of
from api.services.trip_unassigned import tell_unassigned
from api.services.under_way import RowFinder, StopKey
from api.services.whole_route import Whole, whole_of
from api.services.wishes import wishes_of
from api.state import AppState, Snapshot
from data import route_store
from data.route_store import StoredRoute
from data.tables import RouteStatus
from routing.replan import Promise


def replan(
    state: AppState, route_id: str, asked: ReplanRequest, listener: Listener | None = None
) -> dict[str, Any]:
    """
    Plan what is left of a route, store it as its next revision and return that.

    Raises
    ------
    NotStoredError, NotFinishedError
        When there is no such route, or it has no plan yet.
    RefusedRequestError, ImpossibleTripError
        When something in the request cannot be used; nothing is stored.
    OutdatedRevisionError
        When the route was changed by somebody else meanwhile.
    PlanCancelledError
        When the listener has gone; nothing is stored.
    """
    started = time.monotonic()
    listener = listener or Silence()
    snapshot = state.snapshot()
    stored = finished(state, snapshot, route_id)
    whole = whole_of(stored, snapshot)
    whole = _with_news(whole, asked)
    told = _read(asked, stored, whole, snapshot)
    try:
        rest = rest_of_route(state, snapshot, stored, whole, told.report, asked.visits, listener)
    except RefusedRequestError as refusal:
        before = len(whole.request.visits or ())
        raise type(refusal)([_of_replan(fault, before) for fault in refusal.faults]) from None

    listener.stage("search", "Choosing and ordering what is left")
    price = state.settings.change_price_eur if asked.change_price is None else asked.change_price
    promises = _promises(rest, told.keys, asked.change_tolerance_s, round(100 * price))
    found = search_on(
        rest.prepared,
        rest.plan,
        promises,
        listener,
        iterations=asked.options.iterations or state.settings.replan_iterations,
        time_limit_s=LONGEST_S,
        seed=asked.options.seed,
        wants_reasons=asked.options.explain,
    )
    body, unassigned = _body(state, stored, rest, found, told.keys, started)
    with state.database.session() as session:
        route_store.revise(
            session,
            route_id=route_id,
            former_revision=stored.revision,
            status=RouteStatus(body["status"]),
            request={
                "replan": asked.model_dump(mode="json", exclude_none=True),
                "trip": rest.whole.request.model_dump(mode="json", exclude_none=True),
                "completed": sorted(whole.completed | _done_ids(body)),
                "cancelled": sorted(whole.cancelled),
            },
            body=body,
            unassigned=unassigned,
            created_at=state.clock(),
        )
    return body


def _with_news(whole: Whole, asked: ReplanRequest) -> Whole:
    """What is completed and cancelled by now; who is asked for again is not cancelled any more."""
    done = frozenset(asked.done or ())
    wanted = {visit.account_id for visit in asked.visits}
    return replace(
        whole,
        completed=whole.completed | done,
        cancelled=(whole.cancelled | frozenset(asked.cancelled)) - done - wanted,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What the request says, and the visits of the plan whose customers know their time."""

    report: Report
    keys: frozenset[StopKey]


def _read(asked: ReplanRequest, stored: StoredRoute, whole: Whole, snapshot: Snapshot) -> _Told:
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
    both |= {one for one in asked.cancelled if one in _done_ids(stored.body)}
    faults += [
        Fault(
            pointer("cancelled", asked.cancelled.index(one)),
            "CONTRADICTION",
            f"The visit {one} has been made, so it cannot be cancelled any more.",
        )
        for one in sorted(both)
    ]
    made = _done_ids(stored.body) | frozenset(asked.done or ())
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
    return _Told(
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


def _of_replan(fault: Fault, visits_before: int) -> Fault:
    """A fault of the request of the rest, pointing into that of the replan."""
    parts = fault.pointer.split("/")
    if parts[1:2] == ["visits"] and len(parts) > 2 and int(parts[2]) >= visits_before:
        parts[2] = str(int(parts[2]) - visits_before)
        return replace(fault, pointer="/".join(parts))
    if fault.code in ("NO_DIRECT_TRIP", "UNREACHABLE_BY_ROAD"):
        return replace(fault, pointer="/position")
    return fault


def _promises(
    rest: RestOfRoute, told: Iterable[StopKey], tolerance_s: int, price_cents: int
) -> tuple[Promise, ...]:
    trip = rest.prepared.trip
    finder = RowFinder(trip.considered, trip.snapshot)
    client_of = {row: index for index, row in enumerate(trip.clients)}
    promises = []
    for stop in (stop for day in rest.kept.planned for stop in day):
        key = StopKey.of(stop)
        row = finder.row(key)
        if key in told and row in client_of and price_cents > 0:
            start_s = trip.time.seconds(datetime.fromisoformat(stop["service_start"]))
            promises.append(Promise(client_of[row], start_s, tolerance_s, price_cents))
    return tuple(promises)


def _body(
    state: AppState,
    stored: StoredRoute,
    rest: RestOfRoute,
    found: FoundOn,
    told: frozenset[StopKey],
    started: float,
) -> tuple[dict[str, Any], bytes]:
    """The answer, and who is left out as it is stored."""
    prepared, trip = rest.prepared, rest.prepared.trip
    unassigned, counts, packed = tell_unassigned(
        trip,
        prepared.sweep,
        prepared.screening,
        prepared.standing,
        found.solution.visited,
        found.explanation,
    )
    strangers = len(rest.kept.fixed) - int(prepared.standing.is_fixed.sum())
    answer = route_answer(
        trip,
        route_id=stored.route_id,
        self_link=stored.body["links"]["self"],
        created_at=stored.created_at,
        data_version=f"{trip.snapshot.world.version}.{trip.snapshot.version}",
        solution=found.solution,
        visits=() if found.explanation is None else found.explanation.visits,
        direct_value_cents=prepared.direct.value_cents,
        unassigned=unassigned,
        unassigned_counts=counts,
        warnings=(*rest.warnings, *prepared.warnings),
        search=SearchAnswer(
            # A visit that was made to an account that is gone was considered all the same.
            accounts_considered=len(trip.considered) + strangers,
            shortlisted=len(trip.clients),
            iterations=found.iterations,
            stopped_by=found.stopped_by,
            elapsed_ms=round(1000 * (time.monotonic() - started)),
            bound_state="none",
        ),
    )
    body = joined(rest, answer.body(), stored.body, state.settings, trip.snapshot)
    body |= {
        "revision": stored.revision + 1,
        "revised_at": state.clock().isoformat(),
        "changes": changes(stored.body, body, told),
    }
    body = Route.model_validate(body).body()
    if rest.whole.request.options.geometry == "geojson":
        body["geojson"] = route_geojson(body, trip.engine)
    return body, packed.to_bytes()


def _done_ids(body: dict[str, Any]) -> frozenset[str]:
    """Ids of the visits that a body tells to have been made."""
    return frozenset(
        one
        for day in body["days"]
        for stop in day["stops"]
        if stop.get("status") == "done"
        for one in StopKey.of(stop).ids
    )
