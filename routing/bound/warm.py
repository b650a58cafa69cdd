"""Compile the pricing of routes, so that the first bound does not wait for it."""

from collections.abc import Callable

import numpy as np

from routing.bound.column_generation import upper_bound
from routing.problem import Break, Client, OvernightPlace, Problem, Shift, TimeWindow
from routing.stop import MaxIterations


def warm_up(progress: Callable[[str], None] | None = None) -> None:
    """
    Bound two tiny problems, which compiles all pricing or loads it from numba's cache.

    One has chosen nights, one a single way from start to end, whose labels grow from both.
    """
    if progress is not None:
        progress("Compiling the bound on every plan")
    minutes = np.array([[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]])
    clients = (
        Client(1, 600, 5_000, time_windows=(TimeWindow(0, 3_000), TimeWindow(6_000, 9_000))),
        Client(2, 600, 5_000),
    )
    several = Problem(
        clients=clients,
        shifts=(Shift(0, 10_000, 0, None, max_visits=1), Shift(20_000, 30_000, None, 3)),
        duration_s=minutes * 60,
        distance_m=minutes * 1_000,
        overnight_places=(OvernightPlace(0, 0), OvernightPlace(3, 1_000)),
        hour_rate_cents=4_500,
        km_rate_cents=30,
        max_travel_s=20_000,
    )
    single = Problem(
        clients=clients,
        shifts=(Shift(0, 10_000, 0, 3, breaks=(Break(600, 1_000, 3_000),)),),
        duration_s=minutes * 60,
        distance_m=minutes * 1_000,
    )
    for problem in (several, single):
        upper_bound(problem, None, MaxIterations(100))
