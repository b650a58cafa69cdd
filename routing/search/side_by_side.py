"""Searches side by side that tell each other of their best plans."""

import numpy as np

from routing.search.arrays import Arrays
from routing.search.loop import construct
from routing.search.plan import Plan
from routing.search.start import set_plan


def quality(plan: Plan) -> tuple[float, float]:
    """Of the best plan of a search, higher is better: required clients missing, then the value."""
    return -float(plan.best[0]), float(plan.best[1])


def adopt(arrays: Arrays, plan: Plan, other: Plan) -> None:
    """Go on from the best plan of another search, or of the same one."""
    shifts = range(len(plan.visits))
    stops = [other.best_stop[s, : other.best_visits[s] + 2].tolist() for s in shifts]
    set_plan(plan, [(s[0], s[-1]) for s in stops], [s[1:-1] for s in stops])
    construct(arrays, plan, 0.5, 0)


def exchange(arrays: Arrays, plans: list[Plan]) -> None:
    """
    Give the best plan of each search to the pools of the others.

    The one that is farthest behind goes on from the best of all.
    """
    for plan in plans:
        for other in plans:
            if other is not plan:
                weakest = int(np.argmin(plan.elite_energy))
                plan.elite_stop[weakest] = other.best_stop
                plan.elite_visits[weakest] = other.best_visits
                plan.elite_energy[weakest] = other.best[2]
    leader, last = max(plans, key=quality), min(plans, key=quality)
    if quality(leader) > quality(last):
        adopt(arrays, last, leader)
