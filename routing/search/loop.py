"""
Ruin, recreate, accept or reject: simulated annealing over plans.

After Schrimpf, Schneider, Stamm-Wilbrandt and Dueck (2000), "Record breaking optimization results
using the ruin and recreate principle", with Metropolis acceptance instead of a threshold.
"""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

import math

from routing.search.arrays import Arrays
from routing.search.compiled import compiled
from routing.search.elite import keep_elite
from routing.search.insertion import BY_GAIN_ALONE
from routing.search.operators import (
    ACCEPTED_REWARD,
    BETTER_REWARD,
    PERIOD,
    RECORD_REWARD,
    USES,
    adapt,
    choose_operator,
    reward,
    ruin,
)
from routing.search.plan import UNVISITED, Plan, keep, touch
from routing.search.randomness import below, uniform
from routing.search.recreate import recreate
from routing.search.repair import drop_losers, repair_touched
from routing.search.schedule import reschedule
from routing.search.worth import keeps_nights, missing_weight, travel_total_s, value_cents

MISSING_CENTS = 1e13
"""Weight of a required client left out: more than any prizes, so that they come first."""


@compiled
def run(a: Arrays, plan: Plan, iterations: int, temperature: float) -> bool:
    """Iterate at one temperature (cents). Returns whether a better plan was found."""
    has_improved = False
    for iteration in range(iterations):
        if iteration % PERIOD == PERIOD - 1:
            adapt(plan)
        operator = choose_operator(plan)
        plan.operator[USES, operator] += 1.0
        if _iterate(a, plan, operator, temperature):
            has_improved = True
    plan.current[1] += iterations
    return has_improved


@compiled
def _iterate(a: Arrays, plan: Plan, operator: int, temperature: float) -> bool:
    """One iteration with an operator. Returns whether a better plan was found."""
    keep(plan)
    forced = ruin(a, plan, operator)
    if not repair_touched(a, plan):
        restore(a, plan)
        return False
    _recreate_somehow(a, plan, forced)
    if not drop_losers(a, plan) or not keeps_nights(a, plan):
        restore(a, plan)
        return False
    energy = energy_cents(a, plan)
    threshold = plan.current[0]
    if temperature > 0.0:
        threshold += temperature * math.log(uniform(plan.random) + 1e-300)
    if energy < threshold:
        restore(a, plan)
        return False
    has_improved = False
    if energy != plan.current[0]:
        reward(plan, operator, BETTER_REWARD if energy > plan.current[0] else ACCEPTED_REWARD)
    if _is_record(a, plan):
        if not _finish(a, plan):
            restore(a, plan)
            return False
        energy = energy_cents(a, plan)
        reward(plan, operator, RECORD_REWARD)
        has_improved = record(a, plan)
    keep_elite(plan, energy)
    plan.current[0] = energy
    return has_improved


@compiled
def energy_cents(a: Arrays, plan: Plan) -> float:
    """What acceptance goes by, higher is better."""
    return (
        value_cents(a, plan)
        - MISSING_CENTS * missing_weight(a, plan)
        - a.travel_weight * travel_total_s(plan)
    )


@compiled
def record(a: Arrays, plan: Plan) -> bool:
    """
    Keep the plan if it is the best so far.

    Returns whether its value is better; a plan of equal value with less driving is kept silently.
    """
    if not _is_record(a, plan):
        return False
    missing, value = missing_weight(a, plan), value_cents(a, plan)
    is_better = missing < plan.best[0] or value > plan.best[1]
    plan.best[0] = missing
    plan.best[1] = value
    plan.best[2] = energy_cents(a, plan)
    for shift in range(len(plan.visits)):
        count = plan.visits[shift]
        plan.best_visits[shift] = count
        for position in range(count + 2):
            plan.best_stop[shift, position] = plan.stop[shift, position]
    return is_better


@compiled
def _is_record(a: Arrays, plan: Plan) -> bool:
    missing = missing_weight(a, plan)
    if missing != plan.best[0]:
        return missing < plan.best[0]
    value = value_cents(a, plan)
    if value != plan.best[1]:
        return value > plan.best[1]
    return energy_cents(a, plan) > plan.best[2]


@compiled
def restore(a: Arrays, plan: Plan) -> None:
    """Bring back the plan that was kept."""
    shifts = len(plan.visits)
    for shift in range(shifts):
        if plan.is_touched[shift]:
            for position in range(1, plan.visits[shift] + 1):
                plan.shift_of[plan.stop[shift, position]] = UNVISITED
    for shift in range(shifts):
        if plan.is_touched[shift]:
            plan.visits[shift] = plan.kept_visits[shift]
            for position in range(plan.visits[shift] + 2):
                plan.stop[shift, position] = plan.kept_stop[shift, position]
            for position in range(1, plan.visits[shift] + 1):
                plan.shift_of[plan.stop[shift, position]] = shift
                plan.position_of[plan.stop[shift, position]] = position
            reschedule(a, plan, shift)
    keep(plan)


@compiled
def _recreate_somehow(a: Arrays, plan: Plan, forced: int) -> None:
    """Recreate with settings drawn at random, since none is best everywhere."""
    draw = uniform(plan.random)
    blend = BY_GAIN_ALONE
    if draw < 0.93:
        blend = 1.0 if draw < 0.38 else (0.5 if draw < 0.57 else 0.0)
    power = below(plan.random, 4)
    considered_share = 0.6 if uniform(plan.random) < 0.5 else 1.0
    draw = uniform(plan.random)
    noise = 0.3 if draw < 0.4 else (0.9 if draw < 0.5 else 0.0)
    everywhere = uniform(plan.random) < 0.1
    recreate(a, plan, forced, blend, power, noise, considered_share, everywhere)


@compiled
def _finish(a: Arrays, plan: Plan) -> bool:
    """
    Fill what room is left in a plan that is about to become the best, and drop losers.

    Returns whether it is still feasible.
    """
    recreate(a, plan, -1, 0.5, 0, 0.0, 1.0, True)
    for shift in range(len(plan.visits)):
        touch(plan, shift)
    return drop_losers(a, plan)


@compiled
def construct(a: Arrays, plan: Plan, blend: float, power: int) -> bool:
    """
    Fill the plan greedily from its present visits and record it.

    Returns False if the plan is infeasible even without visits.
    """
    for shift in range(len(plan.visits)):
        touch(plan, shift)
    if not repair_touched(a, plan):
        return False
    recreate(a, plan, -1, blend, power, 0.0, 1.0, True)
    if not drop_losers(a, plan) or not keeps_nights(a, plan):
        return False
    plan.current[0] = energy_cents(a, plan)
    record(a, plan)
    keep(plan)
    return True
