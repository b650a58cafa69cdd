"""Compile the pricing of routes, so that the first bound does not wait for it."""

from collections.abc import Callable

import numpy as np

from routing.bound.column_generation import MAX_LABELS, upper_bound
from routing.bound.first_guess import first_duals
from routing.bound.ground import build_ground
from routing.bound.lagrangian import Lagrangian
from routing.bound.neighbourhoods import Neighbourhoods
from routing.bound.network import build_network
from routing.bound.pricing import Pricing
from routing.bound.shift_kinds import shift_kinds
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
    _write_down_routes(single)


def _write_down_routes(problem: Problem) -> None:
    """What a bound does last, and here not at all, since the first plans found are the best."""
    ground = build_ground(problem, keeps_required=False)
    kinds = shift_kinds(ground)
    network = build_network(problem, kinds)
    neighbourhoods = Neighbourhoods(ground)
    memory = neighbourhoods.memory()
    lagrangian = Lagrangian(network, Pricing(ground, kinds, neighbourhoods.words, MAX_LABELS))
    duals = lagrangian.evaluate(first_duals(ground, kinds, network), memory).duals
    lagrangian.routes_of_plans_within(1.0, duals, memory)
