"""Prove how far a stored plan is from the best there can be; goes on after the answer."""

import math
import time
from functools import partial
from typing import Any

from api.services.better_plan import BetterPlan, better_plan
from api.services.bounded_plan import (
    UNPROVEN,
    Amounts,
    BoundedPlan,
    as_params,
    found_again,
    told,
)
from api.services.outcome import FollowUp, Outcome
from api.services.progress import Listener, PlanCancelledError, UntilTold
from api.state import AppState
from data import route_store
from data.database import Session
from data.tables import Job, JobStatus
from routing.bound import Bound, upper_bound
from routing.bound import warm_up as warm_bound
from routing.explain import explain
from routing.solution import Solution
from routing.stop import FirstOf, MaxRuntime

KIND = "bound"

BETWEEN_WRITES_S = 0.5
"""A bound that is better is stored at most this often while it goes on."""


def is_wanted(state: AppState, wants_reasons: bool, stopped_by: str) -> bool:
    """A plan that was stopped, or that nobody wants explained, is not asked how good it is."""
    return state.settings.bound_s > 0 and wants_reasons and stopped_by != "cancelled"


def follow_up(route_id: str, revision: int, plan: Solution, amounts: Amounts) -> FollowUp:
    """The job that bounds a plan once it is stored."""
    return FollowUp(KIND, as_params(revision, plan, amounts), result_id=route_id)


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
    bounded = found_again(state, _route_id(job), job.params)
    if bounded is None:
        return Outcome(JobStatus.COMPLETE, lambda session: _set(session, job, UNPROVEN))
    problem = bounded.prepared.trip.problem
    amounts = Amounts(job.params["net_cents"], job.params["above_cents"])
    tell = partial(told, candidates=len(problem.clients), amounts=amounts)
    warm_bound()
    last_write_s = -math.inf

    def on_bound(bound: Bound) -> None:
        nonlocal last_write_s
        now_s = time.monotonic()
        if now_s - last_write_s >= BETWEEN_WRITES_S:
            last_write_s = now_s
            with state.database.session() as session:
                _set(session, job, tell(bound, state="running"))

    limit = MaxRuntime(state.settings.bound_s, time.monotonic)
    stop = FirstOf((limit, UntilTold(listener, 0, 1)))
    bound = upper_bound(problem, bounded.plan, stop, on_bound)
    if listener.is_gone:
        raise PlanCancelledError
    better = _better(state, bounded, bound)

    def store(session: Session) -> None:
        _set(session, job, tell(bound, state="proven"))
        if better is not None:
            better.store(session, job)

    return Outcome(JobStatus.COMPLETE, store)


def _better(state: AppState, bounded: BoundedPlan, bound: Bound) -> BetterPlan | None:
    """The next revision. A rep under way does not expect the plan to change by itself."""
    if bound.best is None or bounded.is_of_replan:
        return None
    prepared = bounded.prepared
    # What explaining comes upon is better still, and bounded all the same.
    explanation = explain(prepared.trip.problem, bound.best)
    amounts = amounts_of(explanation.solution, prepared.direct)
    proven = told(bound, len(prepared.trip.problem.clients), amounts, "proven")
    return better_plan(bounded.stored, prepared, explanation, proven, state.clock())


def amounts_of(plan: Solution, direct: Solution) -> Amounts:
    """Of a route that has not begun: its net value is counted above the direct trip."""
    return Amounts(plan.value_cents - direct.value_cents, -direct.value_cents)


def _set(session: Session, job: Job, bound: dict[str, Any]) -> None:
    route_store.set_bound(session, _route_id(job), job.params["revision"], bound)


def _route_id(job: Job) -> str:
    assert job.result_id is not None
    return job.result_id
