"""A road with side roads, on which plans are worked out by hand."""

from collections.abc import Sequence

import numpy as np

from routing import referee
from routing.explain import Explanation, explain
from routing.problem import Client, OvernightPlace, Problem, Shift, TimeWindow
from routing.reasons import Certainty, Reason, ReasonCode, Scope
from routing.schedule import schedule_route
from routing.solution import Solution

START, END = (0, 0), (60, 0)
MIN = 60
Place = tuple[int, int]


def road(
    places: Sequence[Place],
    clients: Sequence[Client],
    shifts: Sequence[Shift] = (Shift(0, 120 * MIN, 0, 1),),
    overnight: Sequence[OvernightPlace] = (),
    max_travel_min: int | None = None,
) -> Problem:
    """
    A main road from START (0) to END (1), an hour long, with side roads.

        START ---- x=10 ---- x=20 ---- ... ---- END
                     |
                     y=5 minutes along a side road

    A place (x, y) lies y minutes along the side road at minute x. An hour costs EUR 60 (a minute
    EUR 1), kilometres are free.
    """
    places = [START, END, *places]
    duration_s = [
        [MIN * (abs(ya - yb) if xa == xb else abs(xa - xb) + ya + yb) for xb, yb in places]
        for xa, ya in places
    ]
    return Problem(
        tuple(clients),
        tuple(shifts),
        np.array(duration_s),
        1000 // MIN * np.array(duration_s),
        tuple(overnight),
        hour_rate_cents=6000,
        max_travel_s=None if max_travel_min is None else max_travel_min * MIN,
    )


def client(
    location: int,
    eur: int,
    service_min: int = 10,
    required: bool = False,
    windows_min: Sequence[tuple[int, int]] = (),
) -> Client:
    windows = tuple(TimeWindow(early * MIN, late * MIN) for early, late in windows_min)
    return Client(location, service_min * MIN, eur * 100, required, windows)


def plan(problem: Problem, *sequences: Sequence[int], nights: Sequence[int] = ()) -> Solution:
    """The solution with these visits per shift; `nights` are the places of chosen nights."""
    routes = []
    chosen = iter(nights)
    start = problem.shifts[0].start_location
    for k, (shift, sequence) in enumerate(zip(problem.shifts, sequences, strict=True)):
        start = start if shift.start_location is None else shift.start_location
        end = next(chosen) if shift.end_location is None else shift.end_location
        assert start is not None
        route = schedule_route(problem, k, start, sequence, end)
        assert route is not None
        routes.append(route)
        start = end
    solution = Solution(problem, tuple(routes))
    referee.check(problem, solution)
    return solution


def explained(
    problem: Problem, *sequences: Sequence[int], nights: Sequence[int] = ()
) -> Explanation:
    explanation = explain(problem, plan(problem, *sequences, nights=nights))
    referee.check(problem, explanation.solution)
    return explanation


def only_reason(explanation: Explanation) -> Reason:
    """Of the one client that is left out."""
    (why,) = explanation.left_out
    (reason,) = why.reasons
    return reason


def about_visit(code: ReasonCode, **details: object) -> Reason:
    return Reason(code, Certainty.PROVED, Scope.VISIT, **details)  # type: ignore[arg-type]


def about_route(code: ReasonCode, **details: object) -> Reason:
    return Reason(code, Certainty.PROVED, Scope.ROUTE, **details)  # type: ignore[arg-type]
