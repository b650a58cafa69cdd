"""Plan a route anew while it is driven: a new revision from what has happened by now."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from api.exports.geojson import route_geojson
from api.schemas.base import RequestModel
from api.schemas.replan import ReplanRequest
from api.schemas.route import Route, SearchAnswer, Unassigned
from api.services import bound_route
from api.services.bounded_plan import Amounts
from api.services.errors import (
    DatasetChangedError,
    FailedJobError,
    NotStoredError,
)
from api.services.joining import joined
from api.services.outcome import FollowUp, Outcome
from api.services.progress import Listener
from api.services.replan_begun import begun
from api.services.replan_news import done_ids
from api.services.rest_of_route import RestOfRoute
from api.services.rest_value import most_above_rest_cents
from api.services.route_answer import route_answer
from api.services.route_changes import changes
from api.services.searching import LONGEST_S
from api.services.searching_on import FoundOn, search_on
from api.services.stored_routes import body, finished
from api.services.trip_unassigned import tell_unassigned
from api.services.under_way import RowFinder, StopKey
from api.state import AppState
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
    created_at: datetime


def submit(state: AppState, route_id: str, asked: ReplanRequest) -> SubmittedReplan:
    """
    Store that a route is to be planned anew. Someone has to hand the job to a worker.

    Raises
    ------
    NotStoredError, NotFinishedError
        When there is no such route, or it has no plan yet.
    """
    snapshot = state.snapshot()
    finished(state, snapshot, route_id)
    job_id, now = job_store.new_job_id(), state.clock()
    with state.database.session() as session:
        # Read again, and locked: a better plan may just have become the newest revision.
        revision = route_store.lock(session, route_id)
        if revision is None:
            raise NotStoredError(f"There is no route {route_id}.")
        job_store.add(
            session,
            job_id=job_id,
            dataset_id=snapshot.dataset.id,
            kind=KIND,
            params={"replan": _as_json(asked), "revision": revision},
            created_at=now,
            result_id=route_id,
        )
    return SubmittedReplan(route_id, job_id, revision + 1, now)


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
    replan = begun(state, snapshot, stored, job.params["replan"], listener)
    asked, told, rest = replan.asked, replan.told, replan.rest
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
    unassigned, counts, packed = tell_unassigned(
        rest.prepared, found.solution.visited, found.explanation
    )
    is_to_be_bounded = bound_route.is_wanted(state, asked.options.explain, found.stopped_by)
    route = answer(found, unassigned, counts, is_to_be_bounded)
    route = _revised(state, stored, rest, route, told.keys)
    status = JobStatus(route["status"])
    if found.stopped_by == "cancelled":
        # The route, not the job: that has a result.
        route["status"] = JobStatus.CANCELLED.value
    following: tuple[FollowUp, ...] = ()
    if is_to_be_bounded:
        revision, net_cents = stored.revision + 1, round(100 * route["totals"]["net_value"])
        above_cents = most_above_rest_cents(rest, found.solution, route, state.settings)
        amounts = Amounts(net_cents, above_cents)
        following = (bound_route.follow_up(stored.route_id, revision, found.solution, amounts),)
    store = partial(
        route_store.revise,
        route_id=stored.route_id,
        former_revision=stored.revision,
        status=JobStatus(route["status"]),
        request={
            "replan": job.params["replan"],
            "trip": _as_json(rest.whole.request),
            "completed": sorted(rest.whole.completed | done_ids(route)),
            "cancelled": sorted(rest.whole.cancelled),
        },
        body=route,
        unassigned=packed.to_bytes(),
        created_at=state.clock(),
    )
    return Outcome(status, store, following)


def _as_json(request: RequestModel) -> dict[str, Any]:
    return request.model_dump(mode="json", exclude_none=True)


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
    is_to_be_bounded: bool = False,
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
            bound_state="running" if is_to_be_bounded else "none",
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
        "cause": "replan",
        "changes": changes(stored.body, body, told),
    }
    body = Route.model_validate(body).body()
    if rest.whole.request.options.geometry == "geojson":
        body["geojson"] = route_geojson(body, rest.prepared.trip.engine)
    return body
