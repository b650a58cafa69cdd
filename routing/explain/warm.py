"""Compile the explanation, so that the first request does not wait for it."""

from collections.abc import Callable

import numpy as np

from routing.explain.arrays import plan_arrays, problem_arrays
from routing.explain.layers import explain
from routing.explain.moves import find_removals, find_trials
from routing.explain.timing import new_scratch
from routing.problem import Break, Client, OvernightPlace, Problem, Shift, TimeWindow
from routing.schedule import schedule_route
from routing.solution import Solution


def warm_up(progress: Callable[[str], None] | None = None) -> None:
    """
    Explain a tiny plan, which compiles all that explaining and trying slots need, or loads it from
    numba's cache.

    The second required client has no time beside the first, so every layer is run.
    """
    if progress is not None:
        progress("Compiling the reasons for and against visits")
    minutes = np.array([[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]])
    problem = Problem(
        clients=(
            Client(1, 7_000, 0, required=True, time_windows=(TimeWindow(0, 9_000),)),
            Client(2, 7_000, 0, required=True),
            Client(2, 90_000, 0),
        ),
        shifts=(
            Shift(0, 10_000, 0, None, (Break(600, 3_000, 9_000),)),
            Shift(20_000, 22_000, None, 3),
        ),
        duration_s=minutes * 60,
        distance_m=minutes * 1_000,
        overnight_places=(OvernightPlace(0, 0), OvernightPlace(3, 1_000)),
        max_travel_s=20_000,
        max_nights=1,
    )
    first = schedule_route(problem, 0, 0, (0,), 3)
    second = schedule_route(problem, 1, 3, (), 3)
    assert first is not None
    assert second is not None
    solution = Solution(problem, (first, second))
    explain(problem, solution)
    # What tries slots for one client needs nothing else besides.
    arrays, plan = problem_arrays(problem), plan_arrays(solution)
    scratch = new_scratch(arrays)
    find_trials(arrays, plan, 2, find_removals(arrays, plan, scratch), scratch)
