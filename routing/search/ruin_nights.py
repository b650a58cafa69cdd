"""Move nights to other places."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import Arrays
from routing.search.compiled import compiled
from routing.search.plan import Plan, remove, set_end, set_start
from routing.search.randomness import below, uniform
from routing.search.repair import repair_shift
from routing.search.ruin_shift import clear_shift
from routing.search.worth import FORBIDDEN_CENTS, nights_cents


@compiled
def ruin_nights(a: Arrays, plan: Plan) -> None:
    """
    Change a night, sometimes the following one too, or spend it where the shift starts or ends.

    The visits of the shifts around it stay as far as they still fit; half the time a string of
    each is taken out besides.
    """
    chosen = below(plan.random, len(a.chosen_nights))
    night = a.chosen_nights[chosen]
    if uniform(plan.random) < 0.15:
        _stay(a, plan, night)
        return
    move_night(plan, night, a.places[below(plan.random, len(a.places))])
    if len(a.chosen_nights) > 1 and uniform(plan.random) < 0.3:
        night = a.chosen_nights[(chosen + 1) % len(a.chosen_nights)]
        move_night(plan, night, a.places[below(plan.random, len(a.places))])
    _keep_limits(a, plan)
    for shift in range(len(plan.visits)):
        if plan.is_touched[shift]:
            if not repair_shift(a, plan, shift):
                return
            if plan.visits[shift] > 0 and uniform(plan.random) < 0.5:
                length = 1 + below(plan.random, plan.visits[shift])
                first = 1 + below(plan.random, plan.visits[shift] - length + 1)
                for _ in range(length):
                    remove(plan, shift, first)


@compiled
def move_night(plan: Plan, night: int, row: int) -> None:
    """Spend the night after a shift at a row."""
    set_end(plan, night, row)
    set_start(plan, night + 1, row)


@compiled
def _keep_limits(a: Arrays, plan: Plan) -> None:
    """Spend nights at home, drawn at random, until the limits on nights away are kept."""
    if len(a.homes) == 0:
        return
    for _ in range(len(a.chosen_nights)):
        if nights_cents(a, plan) < FORBIDDEN_CENTS:
            return
        away = 0
        chosen = -1
        for night in a.chosen_nights:
            if a.is_away[plan.stop[night + 1, 0]]:
                away += 1
                if below(plan.random, away) == 0:
                    chosen = night
        if chosen < 0:
            return
        move_night(plan, chosen, a.homes[below(plan.random, len(a.homes))])


@compiled
def _stay(a: Arrays, plan: Plan, night: int) -> None:
    """Empty the shift before or after a night and sleep where its other end is: a day off."""
    if uniform(plan.random) < 0.5:
        clear_shift(plan, night)
        row = plan.stop[night, 0]
    else:
        clear_shift(plan, night + 1)
        row = plan.stop[night + 1, 1]
    if _is_place(a, row):
        move_night(plan, night, row)


@compiled
def _is_place(a: Arrays, row: int) -> bool:
    # A loop, since compiled code without numba's run-time knows no generators.
    for place in a.places:  # noqa: SIM110
        if place == row:
            return True
    return False
