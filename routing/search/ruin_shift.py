"""Take out all visits of one shift."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.compiled import compiled
from routing.search.plan import Plan, remove
from routing.search.ruin_strings import random_worked_shift


@compiled
def ruin_shift(plan: Plan) -> int:
    """Clear a random shift, which is returned; -1 if there are no visits."""
    shift = random_worked_shift(plan)
    if shift >= 0:
        clear_shift(plan, shift)
    return shift


@compiled
def clear_shift(plan: Plan, shift: int) -> None:
    for position in range(plan.visits[shift], 0, -1):
        remove(plan, shift, position)
