"""
Plans worth going back to, and what to take over from them.

A pool of good plans that differ. Half of recombining them is done by `ruin_elite`, which gives some
shifts of the plan under work the visits they have in a plan of the pool; the other half by whatever
fills the gaps.
"""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import Arrays
from routing.search.compiled import compiled
from routing.search.plan import (
    ELITE_PLANS,
    UNVISITED,
    Plan,
    insert,
    remove,
    remove_twins,
    set_end,
    set_start,
)
from routing.search.randomness import below

TOO_ALIKE_SHARE = 0.1
"""Plans that differ in fewer of their visits than this share are one and the same to the pool."""


@compiled
def keep_elite(plan: Plan, energy_cents: float) -> None:
    """Take the plan under work into the pool if it is good enough, in place of its like."""
    shifts = len(plan.visits)
    place = 0
    for member in range(1, ELITE_PLANS):
        if plan.elite_energy[member] < plan.elite_energy[place]:
            place = member
    if energy_cents <= plan.elite_energy[place]:
        return
    for member in range(ELITE_PLANS):
        if _is_alike(plan, member):
            if energy_cents <= plan.elite_energy[member]:
                return
            place = member
            break
    plan.elite_energy[place] = energy_cents
    for shift in range(shifts):
        count = plan.visits[shift]
        plan.elite_visits[place, shift] = count
        for position in range(count + 2):
            plan.elite_stop[place, shift, position] = plan.stop[shift, position]


@compiled
def _is_alike(plan: Plan, member: int) -> bool:
    """Whether a member of the pool visits nearly the same clients on the same days."""
    same = 0
    visits = 0
    for shift in range(len(plan.visits)):
        for position in range(1, plan.elite_visits[member, shift] + 1):
            same += plan.shift_of[plan.elite_stop[member, shift, position]] == shift
        visits += max(plan.elite_visits[member, shift], plan.visits[shift])
    return same >= (1.0 - TOO_ALIKE_SHARE) * visits


@compiled
def ruin_elite(a: Arrays, plan: Plan) -> None:
    """Make some successive shifts those of a plan in the pool; elsewhere their clients go."""
    member = below(plan.random, ELITE_PLANS)
    shifts = len(plan.visits)
    if plan.elite_visits[member].sum() == 0 or shifts == 1:
        return
    first = below(plan.random, shifts)
    last = first + below(plan.random, max(shifts // 2, 1))
    last = min(last, shifts - 1)
    for shift in range(first, last + 1):
        for position in range(plan.visits[shift], 0, -1):
            remove(plan, shift, position)
    for shift in range(first, last + 1):
        count = plan.elite_visits[member, shift]
        for position in range(count):
            client = plan.elite_stop[member, shift, position + 1]
            if plan.shift_of[client] != UNVISITED:
                remove(plan, plan.shift_of[client], plan.position_of[client])
            remove_twins(a, plan, client)
            insert(plan, client, shift, plan.visits[shift])
        set_start(plan, shift, plan.elite_stop[member, shift, 0])
        set_end(plan, shift, plan.elite_stop[member, shift, count + 1])
    if first > 0 and a.is_night_chosen[first - 1]:
        set_end(plan, first - 1, plan.stop[first, 0])
    if last + 1 < shifts and a.is_night_chosen[last]:
        set_start(plan, last + 1, plan.stop[last, plan.visits[last] + 1])
