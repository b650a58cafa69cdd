"""Plan a route anew while it is driven: a new revision from what has happened by now."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import orjson

from api.exports.geojson import route_geojson
from api.schemas.base import RequestModel
from api.schemas.replan import ReplanRequest
from api.schemas.route import Route, SearchAnswer, Unassigned
from api.services.accounts import row_of
from api.services.day_so_far import VISITS
from api.services.errors import (
    DatasetChangedError,
    FailedJobError,
    Fault,
    RefusedRequestError,
    pointer,
)
from api.services.joining import joined
from api.services.outcome import Outcome
from api.services.places import PlaceResolver
from api.services.progress import Listener
from api.services.rest_of_route import RestOfRoute, rest_of_route
from api.services.route_answer import route_answer
from api.services.route_changes import changes
from api.services.route_so_far import Report
from api.services.searching import LONGEST_S
from api.services.searching_on import FoundOn, search_on
from api.services.stored_routes import body, finished
from api.services.trip_setup import rep_of
from api.services.trip_unassigned import tell_unassigned
from api.services.under_way import RowFinder, StopKey
from api.services.whole_route import Whole, whole_of
from api.services.wishes import wishes_of
from api.state import AppState, Snapshot
from data import job_store, route_store
from data.route_store import StoredRoute
from data.tables import Job, JobStatus
from routing import referee
from routing.replan import Promise
from routing.solution import Solution

KIND = "replan"


@dataclass(frozen=True, slots=True)
class SubmittedReplan:
    """A route that is to be planned anew, the job that does it, and the revision it will make."""

    route_id: str
    job_id: str
    revision: int


def submit(state: AppState, route_id: str, asked: ReplanRequest) -> SubmittedReplan:
    """
    Store that a route is to be planned anew. Someone has to hand the job to a worker.

    Raises
    ------
    NotStoredError, NotFinishedError
        When there is no such route, or it has no plan yet.
    """
    snapshot = state.snapshot()
    stored = finished(state, snapshot, route_id)
    job_id = job_store.new_job_id()
    with state.database.session() as session:
        job_store.add(
            session,
            job_id=job_id,
            dataset_id=snapshot.dataset.id,
            kind=KIND,
            params={"replan": _as_json(asked), "revision": stored.revision},
            created_at=state.clock(),
            result_id=route_id,
        )
    return SubmittedReplan(route_id, job_id, stored.revision + 1)


def replanned(state: AppState, submitted: SubmittedReplan) -> dict[str, Any]:
    """
    The answer to somebody who has waited for the job to end.

    Raises
    ------
    FailedJobError
        When it failed; the route is as it was then.
    """
    with state.database.session() as session:
        job = job_store.get(session, submitted.job_id)
    if job.problem is not None:
        raise FailedJobError(job.problem)
    return body(state, submitted.route_id, submitted.revision)


def run(state: AppState, job: Job, listener: Listener) -> Outcome:
    """
    Plan what is left of the route of a job.

    Raises
    ------
    RefusedRequestError, ImpossibleTripError
        When something in the request cannot be used.
    OutdatedRevisionError
        When the route has been planned anew since it was asked for. Storing it raises this too.
    DatasetChangedError
        When another data set has been chosen since.
    PlanCancelledError
        When the listener has gone.
    """
    started = time.monotonic()
    snapshot = state.snapshot()
    if snapshot.dataset.id != job.dataset_id:
        raise DatasetChangedError(
            "Another data set was chosen before the route was planned anew. Ask for it again, or "
            "choose the former data set first."
        )
    assert job.result_id is not None
    stored = finished(state, snapshot, job.result_id)
    if stored.revision != job.params["revision"]:
        raise route_store.outdated(stored.route_id, job.params["revision"])
    raw = orjson.dumps(job.params["replan"])
    asked = ReplanRequest.model_validate_json(raw, strict=True)
    whole = _with_news(whole_of(stored, snapshot), asked)
    told = _read(asked, stored, whole, snapshot)
    try:
        rest = rest_of_route(state, snapshot, stored, whole, told.report, asked.visits, listener)
    except RefusedRequestError as refusal:
        before = len(whole.request.visits or ())
        raise type(refusal)([_of_replan(fault, before) for fault in refusal.faults]) from None

    answer = partial(_answer, state, stored, rest, started)

    def show(solution: Solution) -> dict[str, Any]:
        """Of a plan on the way, what does not depend on the reasons."""
        referee.check(rest.prepared.trip.problem, solution)
        shown = answer(FoundOn(solution, None, (), 0, "iteration_limit"), (), {})
        return {"days": shown["days"], "totals": shown["totals"]}

    listener.stage("search", "Choosing and ordering what is left")
    price = state.settings.change_price_eur if asked.change_price is None else asked.change_price
    promises = _promises(rest, told.keys, asked.change_tolerance_s, round(100 * price))
    found = search_on(
        rest.prepared,
        rest.plan,
        promises,
        listener,
        show,
        iterations=asked.options.iterations or state.settings.replan_iterations,
        time_limit_s=LONGEST_S,
        seed=asked.options.seed,
        searches=state.settings.searches,
        wants_reasons=asked.options.explain,
    )
    prepared = rest.prepared
    unassigned, counts, packed = tell_unassigned(
        prepared.trip,
        prepared.sweep,
        prepared.screening,
        prepared.standing,
        found.solution.visited,
        found.explanation,
    )
    route = answer(found, unassigned, counts)
    route = _revised(state, stored, rest, route, told.keys)
    store = partial(
        route_store.revise,
        route_id=stored.route_id,
        former_revision=stored.revision,
        status=JobStatus(route["status"]),
        request={
            "replan": job.params["replan"],
            "trip": _as_json(rest.whole.request),
            "completed": sorted(whole.completed | _done_ids(route)),
            "cancelled": sorted(whole.cancelled),
        },
        body=route,
        unassigned=packed.to_bytes(),
        created_at=state.clock(),
    )
    return Outcome(JobStatus(route["status"]), store)


def _as_json(request: RequestModel) -> dict[str, Any]:
    return request.model_dump(mode="json", exclude_none=True)


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


def _answer(
    state: AppState,
    stored: StoredRoute,
    rest: RestOfRoute,
    started: float,
    found: FoundOn,
    unassigned: tuple[Unassigned, ...],
    unassigned_counts: dict[str, int],
) -> dict[str, Any]:
    """The body of the whole route with this plan for its rest."""
    prepared, trip = rest.prepared, rest.prepared.trip
    strangers = len(rest.kept.fixed) - int(prepared.standing.is_fixed.sum())
    answer = route_answer(
        trip,
        route_id=stored.route_id,
        self_link=stored.body["links"]["self"],
        created_at=stored.created_at,
        data_version=trip.snapshot.data_version,
        solution=found.solution,
        visits=() if found.explanation is None else found.explanation.visits,
        direct_value_cents=prepared.direct.value_cents,
        unassigned=unassigned,
        unassigned_counts=unassigned_counts,
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
    return joined(rest, answer.body(), stored.body, state.settings, trip.snapshot)


def _revised(
    state: AppState,
    stored: StoredRoute,
    rest: RestOfRoute,
    body: dict[str, Any],
    told: frozenset[StopKey],
) -> dict[str, Any]:
    """The body as the next revision, with what has changed."""
    body = body | {
        "revision": stored.revision + 1,
        "revised_at": state.clock().isoformat(),
        "changes": changes(stored.body, body, told),
    }
    body = Route.model_validate(body).body()
    if rest.whole.request.options.geometry == "geojson":
        body["geojson"] = route_geojson(body, rest.prepared.trip.engine)
    return body


def _done_ids(body: dict[str, Any]) -> frozenset[str]:
    """Ids of the visits that a body tells to have been made."""
    return frozenset(
        one
        for day in body["days"]
        for stop in day["stops"]
        if stop.get("status") == "done"
        for one in StopKey.of(stop).ids
    )
