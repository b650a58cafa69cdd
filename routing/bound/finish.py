"""
Finish: the best plan of all, where the routes that it may need are few enough to write down.

Routes are left out by the Lagrangian bound first and by the linear program over what remains next;
CP-SAT decides among the rest. Their bounds hold for every plan that is worth more than the one
known.
"""

from dataclasses import replace

from routing.bound.bound import ROUNDING_OF_PLAN_CENTS
from routing.bound.ground import Ground
from routing.bound.labels import Memory
from routing.bound.lagrangian import Lagrangian
from routing.bound.master import Duals, Master
from routing.bound.polish import Polished, best_of_columns
from routing.bound.shift_kinds import ShiftKind
from routing.solution import Solution

EFFORT = 2.0
"""Deterministic time of CP-SAT."""


def finish(
    ground: Ground,
    kinds: tuple[ShiftKind, ...],
    lagrangian: Lagrangian,
    duals: Duals,
    bound_cents: float,
    memory: Memory,
    plan: Solution,
) -> Polished | None:
    """
    Find the best plan, from a bound and the duals that it was evaluated at.

    The bound of the answer holds for every plan. None where too many routes are in question, or
    driving is limited over all shifts: then a route may be needed although another one with the
    same visits is worth more.
    """
    if ground.problem.max_travel_s is not None:
        return None
    above_cents = plan.value_cents - ROUNDING_OF_PLAN_CENTS
    routes = lagrangian.routes_of_plans_within(bound_cents - above_cents, duals, memory)
    if routes is None:
        return None
    master = Master(ground, lagrangian.network)
    master.add(routes)
    optimum = master.solve()
    if optimum is None:
        return None
    value_cents, duals = optimum
    spare_cents = max(value_cents - above_cents, 0.0)
    needed = [r for r in routes if lagrangian.reduced_value(r, duals) >= -spare_cents]
    best = best_of_columns(ground, kinds, lagrangian.network, needed, above_cents, EFFORT)
    return replace(best, bound_cents=min(best.bound_cents, max(value_cents, above_cents)))
