"""Make room for a client that is left out by taking out visits near it."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import Arrays
from routing.search.compiled import compiled
from routing.search.plan import UNVISITED, Plan, has_twin, remove, remove_twins
from routing.search.randomness import below, uniform
from routing.search.ruin_strings import random_worked_shift

MAX_REMOVED = 8
DRAWS = 6


@compiled
def ruin_forced(a: Arrays, plan: Plan) -> int:
    """
    Remove visits near a left-out client, which is returned; -1 if all are in.

    Required clients that are missing come first, otherwise larger prizes are likelier. For a
    required one a whole shift is sometimes cleared of optional visits, wherever it lies.
    """
    client = _missing_required(a, plan)
    if client >= 0 and uniform(plan.random) < 0.5:
        shift = random_worked_shift(plan)
        if shift >= 0:
            for position in range(plan.visits[shift], 0, -1):
                if not a.is_required[plan.stop[shift, position]]:
                    remove(plan, shift, position)
            return client
    if client < 0:
        client = _left_out(a, plan)
    if client < 0:
        return client
    remove_twins(a, plan, client)
    wanted = 1 + below(plan.random, MAX_REMOVED)
    for neighbour in a.neighbours[client]:
        shift = plan.shift_of[neighbour]
        if shift != UNVISITED and uniform(plan.random) < 0.8:
            remove(plan, shift, plan.position_of[neighbour])
            wanted -= 1
            if wanted == 0:
                break
    return client


@compiled
def _missing_required(a: Arrays, plan: Plan) -> int:
    missing = 0
    chosen = -1
    for client in a.required:
        if plan.shift_of[client] == UNVISITED and not has_twin(a, plan, client):
            missing += 1
            if below(plan.random, missing) == 0:
                chosen = client
    return chosen


@compiled
def _left_out(a: Arrays, plan: Plan) -> int:
    chosen, chosen_draw = -1, -1.0
    for _ in range(DRAWS):
        client = below(plan.random, len(plan.shift_of))
        if plan.shift_of[client] == UNVISITED:
            draw = a.top_prize_cents[client] * uniform(plan.random)
            if draw > chosen_draw:
                chosen, chosen_draw = client, draw
    return chosen
