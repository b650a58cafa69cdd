"""
Which operator takes visits out next: drawn by how much each has helped of late.

After Ropke and Pisinger (2006), "An adaptive large neighborhood search heuristic for the pickup and
delivery problem with time windows", section 3.4. Deviations: each operator keeps a share of its own
to begin with, found by trying, and stays between a third and three times of it, so that none dies
out on a short run.
"""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import Arrays
from routing.search.compiled import compiled
from routing.search.elite import ruin_elite
from routing.search.plan import OPERATORS, Plan
from routing.search.randomness import uniform
from routing.search.ruin_forced import ruin_forced
from routing.search.ruin_nights import ruin_nights
from routing.search.ruin_random import ruin_random
from routing.search.ruin_shift import ruin_shift
from routing.search.ruin_strings import ruin_strings
from routing.search.ruin_tails import ruin_tails

STRINGS, RANDOM, FORCED, SHIFT, TAILS, ELITE, NIGHTS = range(OPERATORS)

SHARE, WEIGHT, REWARD, USES = range(4)
"""Rows of `Plan.operator`: share to begin with, factor on it, and what came of its latest uses."""

RECORD_REWARD, BETTER_REWARD, ACCEPTED_REWARD = 8.0, 3.0, 0.5

PERIOD = 200
"""Iterations after which weights are set anew."""

REACTION = 0.15
"""Share of the latest period in a new weight."""


def shares(shifts: int, chosen_nights: int) -> tuple[float, ...]:
    """How often each operator is used to begin with, found by trying."""
    nights = 0.25 if chosen_nights else 0.0
    alone, several = (0.5, 0.18, 0.32, 0.0, 0.0, 0.0), (0.48, 0.17, 0.26, 0.03, 0.02, 0.04)
    rest = alone if shifts == 1 else several
    return (*((1.0 - nights) * share for share in rest), nights)


@compiled
def choose_operator(plan: Plan) -> int:
    total = 0.0
    for operator in range(OPERATORS):
        total += plan.operator[SHARE, operator] * plan.operator[WEIGHT, operator]
    draw = uniform(plan.random) * total
    for operator in range(OPERATORS - 1):
        draw -= plan.operator[SHARE, operator] * plan.operator[WEIGHT, operator]
        if draw < 0.0:
            return operator
    return OPERATORS - 1 if plan.operator[SHARE, OPERATORS - 1] > 0.0 else STRINGS


@compiled
def ruin(a: Arrays, plan: Plan, operator: int) -> int:
    """Apply an operator; returns the client it makes room for, or -1."""
    if operator == STRINGS:
        ruin_strings(a, plan)
    elif operator == RANDOM:
        ruin_random(plan)
    elif operator == FORCED:
        return ruin_forced(a, plan)
    elif operator == SHIFT:
        ruin_shift(plan)
    elif operator == TAILS:
        ruin_tails(a, plan)
    elif operator == ELITE:
        ruin_elite(a, plan)
    else:
        ruin_nights(a, plan)
    return -1


@compiled
def reward(plan: Plan, operator: int, amount: float) -> None:
    """Note what came of using an operator."""
    plan.operator[REWARD, operator] += amount


@compiled
def adapt(plan: Plan) -> None:
    """Set the weights by the rewards of the latest period, relative to their mean."""
    total, uses = 0.0, 0.0
    for operator in range(OPERATORS):
        total += plan.operator[REWARD, operator]
        uses += plan.operator[USES, operator]
    if total > 0.0:
        mean = total / uses
        for operator in range(OPERATORS):
            if plan.operator[USES, operator] > 0.0:
                merit = plan.operator[REWARD, operator] / plan.operator[USES, operator] / mean
                weight = plan.operator[WEIGHT, operator]
                weight += REACTION * (merit - weight)
                plan.operator[WEIGHT, operator] = min(max(weight, 1.0 / 3.0), 3.0)
    plan.operator[REWARD] = 0.0
    plan.operator[USES] = 0.0
