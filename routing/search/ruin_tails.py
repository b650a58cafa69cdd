"""Swap the ends of two shifts (2-opt*, Potvin and Rousseau 1995)."""

from routing.search.arrays import Arrays
from routing.search.compiled import compiled
from routing.search.plan import Plan, insert, remove
from routing.search.randomness import below


@compiled
def ruin_tails(a: Arrays, plan: Plan) -> None:
    """
    Swap what two shifts do after a moment, counted from the start of each.

    What does not fit where it comes to lie is taken out by the repair that follows.
    """
    shifts = len(plan.visits)
    if shifts < 2:
        return
    one = below(plan.random, shifts)
    other = (one + 1 + below(plan.random, shifts - 1)) % shifts
    cut = below(plan.random, plan.visits[one] + 1)
    moment = plan.begin_s[one, cut] - a.shift_start_s[one]
    other_cut = 0
    while (
        other_cut < plan.visits[other]
        and plan.begin_s[other, other_cut + 1] - a.shift_start_s[other] <= moment
    ):
        other_cut += 1

    tail = plan.visits[one] - cut
    other_tail = plan.visits[other] - other_cut
    for _ in range(tail):
        client = plan.stop[one, cut + 1]
        remove(plan, one, cut + 1)
        insert(plan, client, other, plan.visits[other])
    for _ in range(other_tail):
        client = plan.stop[other, other_cut + 1]
        remove(plan, other, other_cut + 1)
        insert(plan, client, one, plan.visits[one])
