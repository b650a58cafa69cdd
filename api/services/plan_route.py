"""Plan a route: ask for it, and, where jobs are done, fetch, compute and store."""

import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import orjson

from api.exports.geojson import route_geojson
from api.schemas.route import Route, SearchAnswer
from api.schemas.route_request import RouteRequest
from api.services import bound_route
from api.services.errors import DatasetChangedError
from api.services.outcome import FollowUp, Outcome
from api.services.progress import Listener
from api.services.route_answer import route_answer
from api.services.searching import LONGEST_S, Found, search
from api.services.trip_setup import PreparedTrip, prepare_trip
from api.services.trip_unassigned import tell_unassigned
from api.state import AppState
from data import job_store, route_store
from data.database import Session
from data.tables import Job, JobStatus
from routing import referee
from routing.solution import Solution

KIND = "plan"


@dataclass(frozen=True, slots=True)
class SubmittedRoute:
    """A route that is asked for, the job that plans it, and where the route will be."""

    route_id: str
    job_id: str
    label: str | None
    created_at: datetime
    link: str


def submit(state: AppState, request: RouteRequest, base: str) -> SubmittedRoute:
    """
    Store that a route is to be planned. Someone has to hand the job to a worker.

    Parameters
    ----------
    base
        Path under which routes are found.
    """
    route_id, job_id = route_store.new_route_id(), job_store.new_job_id()
    link = f"{base}/{route_id}"
    dataset_id, now = state.snapshot().dataset.id, state.clock()
    with state.database.session() as session:
        route_store.begin(
            session,
            route_id=route_id,
            dataset_id=dataset_id,
            created_at=now,
            label=request.label,
        )
        job_store.add(
            session,
            job_id=job_id,
            dataset_id=dataset_id,
            kind=KIND,
            params={"request": _as_json(request), "link": link},
            created_at=now,
            result_id=route_id,
        )
    return SubmittedRoute(route_id, job_id, request.label, now, link)


def discard(state: AppState, submitted: SubmittedRoute) -> None:
    """Forget a route that nobody will ask for. A worker that is at it stops."""
    with state.database.session() as session:
        job_store.remove(session, submitted.job_id)
        route_store.remove(session, submitted.route_id)


def note_status(session: Session, job: Job, status: JobStatus) -> None:
    """A route is as far as its job."""
    route_store.set_status(session, _route_id(job), status)


def run(state: AppState, job: Job, listener: Listener) -> Outcome:
    """
    Plan the route of a job, until it is done or the listener wants the best so far.

    Raises
    ------
    RefusedRequestError, ImpossibleTripError
        When something in the request cannot be used.
    DatasetChangedError
        When another data set has been chosen since the route was asked for.
    PlanCancelledError
        When the listener has gone.
    """
    started = time.monotonic()
    if state.snapshot().dataset.id != job.dataset_id:
        raise DatasetChangedError(
            "Another data set was chosen before the route was planned. Ask for it again, or choose "
            "the former data set first."
        )
    request = _from_json(job.params["request"])
    prepared = prepare_trip(state, request, listener)
    answer = partial(_answer, prepared, job, started=started)

    def show(solution: Solution) -> dict[str, Any]:
        """Of a plan on the way, what does not depend on the reasons."""
        referee.check(prepared.trip.problem, solution)
        body = answer(Found(solution, None, 0, "iteration_limit")).body()
        return {"days": body["days"], "totals": body["totals"]}

    listener.stage("search", "Choosing and ordering visits")
    found = search(
        prepared.trip.problem,
        prepared.direct,
        listener,
        show,
        iterations=request.options.iterations or state.settings.iterations,
        time_limit_s=request.options.time_limit_s or LONGEST_S,
        seed=request.options.seed,
        searches=state.settings.searches,
        wants_reasons=request.options.explain,
    )
    unassigned, counts, packed = tell_unassigned(
        prepared, found.solution.visited, found.explanation
    )
    is_to_be_bounded = bound_route.is_wanted(state, request.options.explain, found.stopped_by)
    route = answer(
        found,
        unassigned=unassigned,
        unassigned_counts=counts,
        is_to_be_bounded=is_to_be_bounded,
    )
    if found.stopped_by == "cancelled":
        route = route.model_copy(update={"status": JobStatus.CANCELLED.value})
    body = route.body()
    if request.options.geometry == "geojson":
        body["geojson"] = route_geojson(body, prepared.trip.engine)
    status = JobStatus(route.status)
    following: tuple[FollowUp, ...] = ()
    if is_to_be_bounded:
        amounts = bound_route.amounts_of(found.solution, prepared.direct)
        following = (bound_route.follow_up(_route_id(job), 1, found.solution, amounts),)
    store = partial(_store, job, prepared, status, body, packed.to_bytes())
    return Outcome(status, store, following)


def _answer(
    prepared: PreparedTrip,
    job: Job,
    found: Found,
    *,
    started: float,
    unassigned: tuple[Any, ...] = (),
    unassigned_counts: dict[str, int] | None = None,
    is_to_be_bounded: bool = False,
) -> Route:
    trip, snapshot = prepared.trip, prepared.trip.snapshot
    return route_answer(
        trip,
        route_id=_route_id(job),
        self_link=job.params["link"],
        created_at=job.created_at,
        data_version=snapshot.data_version,
        solution=found.solution,
        visits=() if found.explanation is None else found.explanation.visits,
        direct_value_cents=prepared.direct.value_cents,
        unassigned=unassigned,
        unassigned_counts=unassigned_counts or {},
        warnings=prepared.warnings,
        search=SearchAnswer(
            accounts_considered=len(trip.considered),
            shortlisted=len(trip.clients),
            iterations=found.iterations,
            stopped_by=found.stopped_by,
            elapsed_ms=round(1000 * (time.monotonic() - started)),
            bound_state="running" if is_to_be_bounded else "none",
        ),
    )


def _store(
    job: Job,
    prepared: PreparedTrip,
    status: JobStatus,
    body: dict[str, Any],
    unassigned: bytes,
    session: Session,
) -> None:
    route_store.answer(
        session,
        route_id=_route_id(job),
        status=status,
        request=job.params["request"],
        body=body,
        created_at=job.created_at,
        rep_id=None if prepared.rep is None else prepared.rep.id,
        unassigned=unassigned,
    )


def _route_id(job: Job) -> str:
    assert job.result_id is not None
    return job.result_id


def _as_json(request: RouteRequest) -> dict[str, Any]:
    return request.model_dump(mode="json", exclude_none=True)


def _from_json(request: dict[str, Any]) -> RouteRequest:
    return RouteRequest.model_validate_json(orjson.dumps(request), strict=True)
