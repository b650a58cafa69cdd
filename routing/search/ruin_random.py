"""Take out visits anywhere."""

from routing.search.compiled import compiled
from routing.search.plan import Plan, remove, visit_count
from routing.search.randomness import below

MAX_REMOVED = 10


@compiled
def ruin_random(plan: Plan) -> None:
    visits = visit_count(plan)
    if visits == 0:
        return
    for _ in range(1 + below(plan.random, min(MAX_REMOVED, visits))):
        skip = below(plan.random, visit_count(plan))
        for shift in range(len(plan.visits)):
            if skip < plan.visits[shift]:
                remove(plan, shift, skip + 1)
                break
            skip -= plan.visits[shift]
