"""
Take out strings of successive visits near one place.

After Christiaens and Vanden Berghe (2020), "Slack induction by string removals for vehicle
routing problems": a seed visit, then strings in the shifts of its nearest neighbours; half of the
strings are split, that is, some of their visits stay.
"""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import Arrays
from routing.search.compiled import compiled
from routing.search.plan import UNVISITED, Plan, remove
from routing.search.randomness import below, uniform

MAX_STRING = 10
MAX_SHIFTS = 3


@compiled
def ruin_strings(a: Arrays, plan: Plan) -> None:
    shift = random_worked_shift(plan)
    if shift < 0:
        return
    seed = plan.stop[shift, 1 + below(plan.random, plan.visits[shift])]
    wanted = 1
    if len(plan.visits) > 1 and uniform(plan.random) < 0.5:
        wanted = 1 + below(plan.random, min(len(plan.visits), MAX_SHIFTS))
    _remove_string(plan, shift, plan.position_of[seed])
    for client in a.neighbours[seed]:
        if wanted <= 1:
            return
        shift = plan.shift_of[client]
        if shift != UNVISITED and not plan.is_touched[shift]:
            _remove_string(plan, shift, plan.position_of[client])
            wanted -= 1


@compiled
def random_worked_shift(plan: Plan) -> int:
    """A shift with visits, or -1 if there is none."""
    worked = 0
    for count in plan.visits:
        worked += count > 0
    if worked == 0:
        return -1
    skip = below(plan.random, worked)
    for shift in range(len(plan.visits)):
        if plan.visits[shift] > 0:
            if skip == 0:
                return shift
            skip -= 1
    return -1


@compiled
def _remove_string(plan: Plan, shift: int, through: int) -> None:
    """Remove a string of visits that holds the given position."""
    count = plan.visits[shift]
    length = 1 + below(plan.random, min(MAX_STRING, count))
    first = max(1, through - length + 1)
    last = min(through, count - length + 1)
    position = first + below(plan.random, last - first + 1)
    keeps_some = uniform(plan.random) < 0.5
    for _ in range(length):
        if keeps_some and uniform(plan.random) < 0.3:
            position += 1
        else:
            remove(plan, shift, position)
