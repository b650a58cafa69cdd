"""Take visits out until a plan keeps its times, and visits that cost more than they bring."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import Arrays
from routing.search.compiled import compiled
from routing.search.durations import duration_without_s
from routing.search.plan import Plan, remove
from routing.search.randomness import uniform
from routing.search.schedule import IN_TIME, exceeds_limits, reschedule
from routing.search.windows import as_long
from routing.search.worth import travel_total_s


@compiled
def repair_shift(a: Arrays, plan: Plan, shift: int) -> bool:
    """
    Remove visits, least prize for time first, until none is late and no limit exceeded.

    Of late ones, only those up to the first late stop help.
    """
    while True:
        late = reschedule(a, plan, shift)
        if late == IN_TIME:
            if not exceeds_limits(a, plan, shift):
                return True
            late = plan.visits[shift]
        if plan.visits[shift] == 0:
            return False
        remove(plan, shift, _least_worth(a, plan, shift, min(late, plan.visits[shift])))


@compiled
def repair_touched(a: Arrays, plan: Plan) -> bool:
    """
    Make all touched shifts feasible again and keep the limit on driving.

    Returns False where even removing all their visits does not help.
    """
    for shift in range(len(plan.visits)):
        if plan.is_touched[shift] and not repair_shift(a, plan, shift):
            return False
    while travel_total_s(plan) > a.max_travel_s:
        longest = -1
        for shift in range(len(plan.visits)):
            if plan.visits[shift] > 0 and (
                longest < 0 or plan.travel_s[shift] > plan.travel_s[longest]
            ):
                longest = shift
        if longest < 0:
            return False
        remove(plan, longest, _least_worth(a, plan, longest, plan.visits[longest]))
        if not repair_shift(a, plan, longest):
            return False
    return True


@compiled
def _least_worth(a: Arrays, plan: Plan, shift: int, last: int) -> int:
    """The position up to `last` with most time for its prize, roughly; required ones come last."""
    stop = plan.stop[shift]
    worst, worst_ratio = 1, -1.0
    for position in range(1, last + 1):
        client = stop[position]
        saved = (
            as_long(a.leg_s[stop[position - 1], client])
            + as_long(a.leg_s[client, stop[position + 1]])
            - as_long(a.leg_s[stop[position - 1], stop[position + 1]])
            + a.service_s[client]
        )
        ratio = (max(saved, 0) + 1.0) / (a.prize_cents[shift, client] + 0.01 * a.scale_cents)
        ratio *= 0.7 + 0.6 * uniform(plan.random)
        if a.is_required[client]:
            ratio *= 1e-12 / a.missing_weight[client]
        if ratio > worst_ratio:
            worst, worst_ratio = position, ratio
    return worst


@compiled
def drop_losers(a: Arrays, plan: Plan) -> bool:
    """
    Remove from touched shifts, worst first, the optional visits that cost more than they bring.

    Returns whether the plan is still feasible; where a detour is faster than the direct way it
    may not be.
    """
    if a.hour_rate_cents == 0 and a.km_rate_cents == 0:
        return True
    for shift in range(len(plan.visits)):
        while plan.is_touched[shift]:
            worst, worst_loss = -1, 0.0
            for position in range(1, plan.visits[shift] + 1):
                loss = _loss_cents(a, plan, shift, position)
                if loss > worst_loss:
                    worst, worst_loss = position, loss
            if worst < 0:
                break
            remove(plan, shift, worst)
            if not repair_shift(a, plan, shift):
                return False
    return travel_total_s(plan) <= a.max_travel_s


@compiled
def _loss_cents(a: Arrays, plan: Plan, shift: int, position: int) -> float:
    """What a plan gains without a visit; 0 for required ones."""
    stop = plan.stop[shift]
    client, before, behind = stop[position], stop[position - 1], stop[position + 1]
    if a.is_required[client]:
        return 0.0
    saved_m = (
        as_long(a.distance_m[before, client])
        + as_long(a.distance_m[client, behind])
        - as_long(a.distance_m[before, behind])
    )
    loss = a.km_rate_cents * saved_m / 1000.0 - a.prize_cents[shift, client]
    if a.hour_rate_cents > 0:
        shorter_s = duration_without_s(a, plan, shift, position)
        loss += a.hour_rate_cents * (plan.duration_s[shift] - shorter_s) / 3600.0
    return loss
