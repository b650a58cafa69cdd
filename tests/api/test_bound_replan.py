"""How good a replan is at least: no other plan of what is left brings the route more."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from api.jobs import work
from api.schemas.replan import ReplanRequest
from api.services import plan_route, replan_route, stored_routes
from api.state import AppState
from data.job_store import DueJob
from tests.api.small_world import trip_request
from tests.api.test_bound_route import URL
from tests.api.test_replan import after, at, visits_of
from tests.api.test_replan_properties import asked, reported
from tests.api.trips import read

Body = dict[str, Any]

TIGHT = (0, 1, 3, 4, 5, 10, 16, 20, 21, 27, 29)
"""Seeds of trips whose rest goes on without waiting and sets out on its first day."""

LOOSE = (7, 8, 9, 11, 15, 17)
"""Of others, where the bound leaves room for what another plan might save of that."""

ROUNDING = 0.07


@pytest.fixture
def state(bounding_state: AppState) -> AppState:
    return bounding_state


def planned(state: AppState, request: Body) -> Body:
    """Without asking how good it is."""
    bound_s = state.settings.bound_s
    state.settings = replace(state.settings, bound_s=0)
    route = plan_route.submit(state, read(request), URL)
    work.work_on(state, route.job_id, "test")
    state.settings = replace(state.settings, bound_s=bound_s)
    return stored_routes.body(state, route.route_id)


def replanned(state: AppState, route: Body, report: Body) -> tuple[Body, tuple[DueJob, ...]]:
    replan = ReplanRequest.model_validate_json(json.dumps(report), strict=True)
    submitted = replan_route.submit(state, route["route_id"], replan)
    following = work.work_on(state, submitted.job_id, "test")
    return replan_route.replanned(state, submitted), following


@pytest.mark.parametrize("seed", [*TIGHT, *LOOSE])
def test_no_replan_is_worth_more_than_the_bound_of_another(state: AppState, seed: int) -> None:
    """One that hardly searches and keeps what was told, and one that searches long and does not."""
    random = np.random.default_rng(seed)
    request = asked(random)
    route, same = planned(state, request), planned(state, request)
    start, end = at(route["days"][0]["start"]), at(route["days"][-1]["end"])
    now = (start + random.random() * 0.8 * (end - start)).replace(microsecond=0)
    report = reported(random, route, now) | {"now": now.isoformat()}

    hasty, [bound] = replanned(state, route, report | {"options": {"iterations": 1}})
    assert hasty["search"]["bound_state"] == "running"
    work.work_on(state, bound.job_id, "test")
    later = stored_routes.body(state, route["route_id"])
    assert {**later, "search": None} == {**hasty, "search": None}
    search, value = later["search"], later["totals"]["net_value"]
    assert search["bound_state"] == "proven"
    assert search["bound_candidates"] == search["shortlisted"]

    long = {"told": "none", "options": {"iterations": 2_000}}
    best = max(value, replanned(state, same, report | long)[0]["totals"]["net_value"])
    assert best <= search["upper_bound"]
    if seed in TIGHT:
        assert search["upper_bound"] <= best + ROUNDING
    if value >= 0:
        assert search["gap"] == pytest.approx(1 - value / search["upper_bound"])
    else:
        assert search["gap"] is None


def test_both_revisions_are_bounded_each_by_its_own(state: AppState) -> None:
    submitted = plan_route.submit(state, read(trip_request(1)), URL)
    [first] = work.work_on(state, submitted.job_id, "test")
    route = stored_routes.body(state, submitted.route_id)
    begun = {"now": after(next(iter(visits_of(route).values())))}
    _, [second] = replanned(state, route, begun)
    for job in (second, first):
        work.work_on(state, job.job_id, "test")
    for revision in (1, 2):
        search = stored_routes.body(state, submitted.route_id, revision)["search"]
        assert search["bound_state"] == "proven"
        assert search["upper_bound"] >= route["totals"]["net_value"]


def test_the_plan_of_a_replan_stays_though_a_better_one_was_found(state: AppState) -> None:
    """Told customers are not to be moved, so the plan is worse than it could be."""
    route = planned(state, trip_request(2, options={"iterations": 1, "seed": 3}))
    stay = {"now": route["days"][0]["start"], "told": "all", "change_price": 1_000}
    again, [bound] = replanned(state, route, stay)
    work.work_on(state, bound.job_id, "test")
    later = stored_routes.body(state, route["route_id"])
    assert (later["revision"], later["cause"]) == (2, "replan")
    assert later["search"]["upper_bound"] > again["totals"]["net_value"] + 1
