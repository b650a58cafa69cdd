"""Where a client fits into a shift, and how good an idea that is."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

import math

from routing.search.arrays import NO_LIMIT_S, Arrays
from routing.search.breaks import next_arrival_s
from routing.search.compiled import compiled, inlined
from routing.search.durations import duration_with_s
from routing.search.plan import Plan, has_twin
from routing.search.windows import as_long, earliest_start_s
from routing.search.worth import FORBIDDEN_CENTS

DOES_NOT_FIT = -2.0
"""Score of an insertion that is infeasible."""

AT_A_LOSS = -1.0
"""Score of one that fits but costs at least what it brings. All others are above zero."""

BY_GAIN_ALONE = -1.0
"""Value of `blend` for the client and place that bring most, whatever time they take."""

MUST_SCORE = 1e15
"""Factor that puts what has to be inserted before everything that may be."""


@inlined
def position_score(
    a: Arrays,
    plan: Plan,
    client: int,
    shift: int,
    position: int,
    blend: float,
    power: int,
    is_must: bool,
    spare_travel_s: int,
) -> float:
    """
    Worth of inserting a client behind a position: gain to a power over time used.

    Parameters
    ----------
    blend
        Time used is blend x (delay of the next start) + (1 - blend) x (detour and service);
        `BY_GAIN_ALONE` counts no time.
    power
        0 to 3 for the gain to the power of 1, 1.5, 2 or 3.
    is_must
        Whether the client has to go in even at a loss.
    spare_travel_s
        Driving that the limit on all shifts together still allows.
    """
    earliest_next = plan.ready_s[shift, position]
    span = plan.latest_s[shift, position + 1] - earliest_next
    if span < a.need_s[client]:
        return DOES_NOT_FIT
    before, behind = plan.stop[shift, position], plan.stop[shift, position + 1]
    leg_to = as_long(a.leg_s[before, client])
    arrival = earliest_next + leg_to
    if arrival > a.closes_s[shift, client]:
        return DOES_NOT_FIT
    start = earliest_start_s(a, shift, client, arrival)
    leg_from = as_long(a.leg_s[client, behind])
    next_arrival = start + a.service_s[client] + leg_from
    if next_arrival > plan.latest_s[shift, position + 1]:
        return DOES_NOT_FIT
    extra_travel = (
        as_long(a.travel_s[before, client])
        + as_long(a.travel_s[client, behind])
        - as_long(a.travel_s[before, behind])
    )
    if extra_travel > spare_travel_s:
        return DOES_NOT_FIT
    if plan.travel_s[shift] + extra_travel > a.shift_max_travel_s[shift]:
        return DOES_NOT_FIT
    if a.break_count[shift] > 0:
        next_arrival = next_arrival_s(a, plan, client, shift, position, leg_to, leg_from)
        if next_arrival >= NO_LIMIT_S:
            return DOES_NOT_FIT

    gain = float(a.prize_cents[shift, client])
    if a.km_rate_cents > 0 or a.shift_max_distance_m[shift] < NO_LIMIT_S:
        extra_m = (
            as_long(a.distance_m[before, client])
            + as_long(a.distance_m[client, behind])
            - as_long(a.distance_m[before, behind])
        )
        if plan.distance_m[shift] + extra_m > a.shift_max_distance_m[shift]:
            return DOES_NOT_FIT
        gain -= a.km_rate_cents * extra_m / 1000.0
    if a.hour_rate_cents > 0:
        duration = duration_with_s(a, plan, client, shift, position, start, leg_to, leg_from)
        gain -= a.hour_rate_cents * (duration - plan.duration_s[shift]) / 3600.0
    gain -= plan.activation_cents[shift]

    delay = max(next_arrival - plan.begin_s[shift, position + 1], 0)
    detour = leg_to + leg_from - as_long(a.leg_s[before, behind]) + a.service_s[client]
    used = 1.0
    if blend != BY_GAIN_ALONE:
        used += max(blend * delay + (1.0 - blend) * detour, 0.0)
    if is_must:
        return MUST_SCORE / used
    if gain <= 0.0:
        return AT_A_LOSS
    if power == 1:
        gain *= math.sqrt(gain)
    elif power == 2:
        gain *= gain
    elif power == 3:
        gain *= gain * gain
    return gain / used


@compiled
def is_open_to(a: Arrays, plan: Plan, client: int, shift: int) -> bool:
    """Whether a shift may take one more visit, and no alternative of the client is visited."""
    return (
        plan.visits[shift] < a.shift_max_visits[shift]
        and plan.activation_cents[shift] < FORBIDDEN_CENTS
        and not has_twin(a, plan, client)
    )


@compiled
def best_position(
    a: Arrays,
    plan: Plan,
    client: int,
    shift: int,
    blend: float,
    power: int,
    is_must: bool,
    spare_travel_s: int,
) -> tuple[float, int]:
    """Best score of a client in a shift, and the position behind which it is reached, or -1."""
    best_score = DOES_NOT_FIT
    best = -1
    if plan.widest_s[shift] < a.need_s[client] or not is_open_to(a, plan, client, shift):
        return best_score, best
    closes = a.closes_s[shift, client]
    for position in range(plan.visits[shift] + 1):
        if plan.ready_s[shift, position] > closes:
            break
        score = position_score(
            a, plan, client, shift, position, blend, power, is_must, spare_travel_s
        )
        if score > best_score:
            best_score = score
            best = position
    return best_score, best
