"""Prove how far a stored plan is from the best there can be; goes on after the answer."""

import time
from typing import Any

import orjson

from api.schemas.route_request import RouteRequest
from api.services.better_plan import BetterPlan, better_plan
from api.services.outcome import FollowUp, Outcome
from api.services.progress import Listener, PlanCancelledError, Silence, UntilTold
from api.services.trip_setup import PreparedTrip, prepare_trip
from api.state import AppState
from data import route_store
from data.database import Session
from data.errors import NotFoundError
from data.route_store import StoredRoute
from data.tables import Job, JobStatus
from routing.bound import Bound, gap, upper_bound
from routing.bound import warm_up as warm_bound
from routing.explain import explain
from routing.problem import Problem
from routing.schedule import schedule_route
from routing.solution import Solution
from routing.stop import FirstOf, MaxRuntime

KIND = "bound"

BETWEEN_WRITES_S = 1.0
"""A bound that is better is stored at most this often while it goes on."""

UNPROVEN = {"bound_state": "none"}


def follow_up(route_id: str, revision: int, prepared: PreparedTrip, plan: Solution) -> FollowUp:
    """The job that bounds a plan once it is stored."""
    return FollowUp(
        KIND,
        {
            "revision": revision,
            "value_cents": plan.value_cents,
            "routes": [
                [r.start_location, [v.client_index for v in r.visits], r.end_location]
                for r in plan.routes
            ],
        },
        result_id=route_id,
    )


def note_status(session: Session, job: Job, status: JobStatus) -> None:
    """What was not proven will not be where the job fails or is cancelled."""
    if status in (JobStatus.FAILED, JobStatus.CANCELLED):
        _set(session, job, UNPROVEN)


def run(state: AppState, job: Job, listener: Listener) -> Outcome:
    """
    Bound the plan of a revision until it is proven best, time is up or the listener has enough.

    A better plan that is found on the way becomes the next revision, unless somebody counts on
    this one. Nothing is proven where accounts or roads have changed so that the problem is another
    one.
    """
    again = _again(state, job)
    if again is None:
        return Outcome(JobStatus.COMPLETE, lambda session: _set(session, job, UNPROVEN))
    stored, prepared, plan = again
    warm_bound()
    last_write_s = time.monotonic()

    def on_bound(bound: Bound) -> None:
        nonlocal last_write_s
        now_s = time.monotonic()
        if now_s - last_write_s >= BETWEEN_WRITES_S:
            last_write_s = now_s
            with state.database.session() as session:
                _set(session, job, told(prepared, plan, bound, "running"))

    limit = MaxRuntime(state.settings.bound_s, time.monotonic)
    stop = FirstOf((limit, UntilTold(listener, 0, 1)))
    bound = upper_bound(prepared.trip.problem, plan, stop, on_bound)
    if listener.is_gone:
        raise PlanCancelledError
    better = None if bound.best is None else _better(state, stored, prepared, bound.best, bound)

    def store(session: Session) -> None:
        _set(session, job, told(prepared, plan, bound, "proven"))
        if better is not None:
            better.store(session, job)

    return Outcome(JobStatus.COMPLETE, store)


def _better(
    state: AppState, stored: StoredRoute, prepared: PreparedTrip, plan: Solution, bound: Bound
) -> BetterPlan:
    # What explaining comes upon is better still, and bounded all the same.
    explanation = explain(prepared.trip.problem, plan)
    proven = told(prepared, explanation.solution, bound, "proven")
    return better_plan(stored, prepared, explanation, proven, state.clock())


def told(prepared: PreparedTrip, plan: Solution, bound: Bound, state: str) -> dict[str, Any]:
    """A bound as keys of `search` in an answer."""
    if bound.upper_bound_cents is None:
        return UNPROVEN if state == "proven" else {"bound_state": state}
    direct_cents = prepared.direct.value_cents
    upper_cents = bound.upper_bound_cents - direct_cents
    found = {
        "bound_state": state,
        "upper_bound": upper_cents / 100,
        "bound_candidates": len(prepared.trip.problem.clients),
        "gap": gap(plan.value_cents - direct_cents, upper_cents),
    }
    if bound.relaxed:
        found["bound_relaxed"] = list(bound.relaxed)
    return found


def _again(state: AppState, job: Job) -> tuple[StoredRoute, PreparedTrip, Solution] | None:
    """A stored revision, its trip and its plan; None where they cannot be had any more."""
    dataset_id = state.snapshot().dataset.id
    try:
        with state.database.session() as session:
            stored = route_store.get(session, dataset_id, _route_id(job), job.params["revision"])
    except NotFoundError:
        return None
    request = RouteRequest.model_validate_json(orjson.dumps(stored.request), strict=True)
    prepared = prepare_trip(state, request, Silence())
    if prepared.trip.snapshot.data_version != stored.body["data_version"]:
        return None
    plan = _plan(prepared.trip.problem, job.params["routes"])
    if plan is None or plan.value_cents != job.params["value_cents"]:
        return None
    return stored, prepared, plan


def _plan(problem: Problem, routes: list[tuple[int, list[int], int]]) -> Solution | None:
    scheduled = [
        schedule_route(problem, k, start, visits, end)
        for k, (start, visits, end) in enumerate(routes)
    ]
    found = tuple(route for route in scheduled if route is not None)
    return Solution(problem, found) if len(found) == len(problem.shifts) else None


def _set(session: Session, job: Job, bound: dict[str, Any]) -> None:
    route_store.set_bound(session, _route_id(job), job.params["revision"], bound)


def _route_id(job: Job) -> str:
    assert job.result_id is not None
    return job.result_id
