"""What a plan is worth, exactly as `routing.solution.Solution` counts it."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import NO_LIMIT_S, Arrays
from routing.search.compiled import compiled
from routing.search.plan import UNVISITED, Plan, is_idle

FORBIDDEN_CENTS = 2**50
"""Cost of nights that break a limit: more than all prizes."""


@compiled
def rated_cents(rate_cents: int, amount: int, per: int) -> int:
    return (2 * rate_cents * amount + per) // (2 * per)


@compiled
def missing_weight(a: Arrays, plan: Plan) -> float:
    """How much required clients are missing: 0 if none."""
    missing = 0.0
    for client in a.required:
        if plan.shift_of[client] == UNVISITED:
            missing += a.missing_weight[client]
    return missing


@compiled
def travel_total_s(plan: Plan) -> int:
    return plan.travel_s.sum()


@compiled
def nights_cents(a: Arrays, plan: Plan) -> int:
    """
    Cost of the nights under way, and, as a side effect, of each idle shift's activation.

    `FORBIDDEN_CENTS` where they break the limits on nights.
    """
    shifts = len(plan.visits)
    plan.activation_cents[:] = 0
    if len(a.chosen_nights) == 0:
        return 0
    first, last = shifts, -1
    for shift in range(shifts):
        if not is_idle(plan, shift):
            first = min(first, shift)
            last = shift
    cents = _nights_between(a, plan, first, last)
    if last >= 0:
        for shift in range(first):
            more = _nights_between(a, plan, shift, last)
            plan.activation_cents[shift] = more if more >= FORBIDDEN_CENTS else more - cents
        for shift in range(last + 1, shifts):
            more = _nights_between(a, plan, first, shift)
            plan.activation_cents[shift] = more if more >= FORBIDDEN_CENTS else more - cents
    return cents


@compiled
def _nights_between(a: Arrays, plan: Plan, first: int, last: int) -> int:
    """Cost of the chosen nights of a trip from its first to its last shift."""
    cents = 0
    away = 0
    in_a_row = 0
    for shift in range(first, last):
        row = plan.stop[shift, plan.visits[shift] + 1]
        if not a.is_night_chosen[shift] or not a.is_away[row]:
            in_a_row = 0
        else:
            away += 1
            in_a_row += 1
            if away > a.max_nights or in_a_row > a.max_nights_in_a_row:
                return FORBIDDEN_CENTS
        if a.is_night_chosen[shift]:
            cents += a.night_cents[row]
    return cents


@compiled
def keeps_nights(a: Arrays, plan: Plan) -> bool:
    """Whether the nights of a plan keep the limits on them."""
    if a.max_nights == NO_LIMIT_S and a.max_nights_in_a_row == NO_LIMIT_S:
        return True
    return nights_cents(a, plan) < FORBIDDEN_CENTS


@compiled
def value_cents(a: Arrays, plan: Plan) -> int:
    """Of a plan whose nights keep their limits."""
    worked_s = plan.duration_s.sum() if a.hour_rate_cents > 0 else 0
    return (
        plan.prize_cents.sum()
        - rated_cents(a.hour_rate_cents, worked_s, 3600)
        - rated_cents(a.km_rate_cents, plan.distance_m.sum(), 1000)
        - nights_cents(a, plan)
    )
