"""What a plan is worth, exactly as `routing.solution.Solution` counts it."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import Arrays
from routing.search.compiled import compiled
from routing.search.plan import UNVISITED, Plan, is_idle


@compiled
def rated_cents(rate_cents: int, amount: int, per: int) -> int:
    return (2 * rate_cents * amount + per) // (2 * per)


@compiled
def missing_required(a: Arrays, plan: Plan) -> int:
    missing = 0
    for client in a.required:
        if plan.shift_of[client] == UNVISITED:
            missing += 1
    return missing


@compiled
def travel_total_s(plan: Plan) -> int:
    return plan.travel_s.sum()


@compiled
def nights_cents(a: Arrays, plan: Plan) -> int:
    """Cost of the nights under way, and, as a side effect, of each idle shift's activation."""
    shifts = len(plan.visits)
    plan.activation_cents[:] = 0
    if len(a.chosen_nights) == 0:
        return 0
    first, last = shifts, -1
    for shift in range(shifts):
        if not is_idle(plan, shift):
            first = min(first, shift)
            last = shift
    cents = 0
    for shift in range(first, last):
        cents += _night_cents(a, plan, shift)
    extra = 0
    for shift in range(first - 1, -1, -1):
        if last >= 0:
            extra += _night_cents(a, plan, shift)
            plan.activation_cents[shift] = extra
    extra = 0
    for shift in range(last + 1, shifts):
        if last >= 0:
            extra += _night_cents(a, plan, shift - 1)
            plan.activation_cents[shift] = extra
    return cents


@compiled
def _night_cents(a: Arrays, plan: Plan, shift: int) -> int:
    if not a.is_night_chosen[shift]:
        return 0
    return a.night_cents[plan.stop[shift, plan.visits[shift] + 1]]


@compiled
def value_cents(a: Arrays, plan: Plan) -> int:
    worked_s = plan.duration_s.sum() if a.hour_rate_cents > 0 else 0
    return (
        plan.prize_cents.sum()
        - rated_cents(a.hour_rate_cents, worked_s, 3600)
        - rated_cents(a.km_rate_cents, plan.distance_m.sum(), 1000)
        - nights_cents(a, plan)
    )
