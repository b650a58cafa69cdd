"""Compile the search, so that the first request does not wait for it."""

from collections.abc import Callable

import numpy as np

from routing.problem import Client, OvernightPlace, Problem, Shift, TimeWindow
from routing.solve import solve
from routing.stop import MaxIterations


def warm_up(progress: Callable[[str], None] | None = None) -> None:
    """
    Solve a tiny problem, which compiles all of the search or loads it from numba's cache.

    Takes about a minute the first time and well under a second with a filled cache.
    """
    if progress is not None:
        progress("Compiling the search for the best visits")
    minutes = np.array([[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]])
    problem = Problem(
        clients=(
            Client(1, 600, 5_000, time_windows=(TimeWindow(0, 3_000), TimeWindow(6_000, 9_000))),
            Client(2, 600, 5_000, required=True),
        ),
        shifts=(Shift(0, 10_000, 0, None), Shift(20_000, 30_000, None, 3)),
        duration_s=minutes * 60,
        distance_m=minutes * 1_000,
        overnight_places=(OvernightPlace(0, 0), OvernightPlace(3, 1_000)),
        hour_rate_cents=4_500,
        km_rate_cents=30,
        max_travel_s=20_000,
    )
    solve(problem, MaxIterations(20))
