"""Where a client fits into a shift, and how good an idea that is."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

import math

from routing.search.arrays import Arrays
from routing.search.compiled import compiled, inlined
from routing.search.plan import Plan
from routing.search.schedule import as_long, earliest_start_s, window_at

DOES_NOT_FIT = -2.0
"""Score of an insertion that is infeasible."""

AT_A_LOSS = -1.0
"""Score of one that fits but costs at least what it brings. All others are above zero."""

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
        Time used is blend x (delay of the next start) + (1 - blend) x (detour and service).
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
    leg_to = as_long(a.travel_s[before, client])
    arrival = earliest_next + leg_to
    if arrival > a.closes_s[shift, client]:
        return DOES_NOT_FIT
    start = earliest_start_s(a, shift, client, arrival)
    leg_from = as_long(a.travel_s[client, behind])
    next_arrival = start + a.service_s[client] + leg_from
    if next_arrival > plan.latest_s[shift, position + 1]:
        return DOES_NOT_FIT
    extra_travel = leg_to + leg_from - as_long(a.travel_s[before, behind])
    if extra_travel > spare_travel_s:
        return DOES_NOT_FIT

    gain = float(a.prize_cents[client])
    if a.km_rate_cents > 0:
        extra_m = (
            as_long(a.distance_m[before, client])
            + as_long(a.distance_m[client, behind])
            - as_long(a.distance_m[before, behind])
        )
        gain -= a.km_rate_cents * extra_m / 1000.0
    if a.hour_rate_cents > 0:
        extra_s = _extra_duration_s(a, plan, client, shift, position, start, leg_to, leg_from)
        gain -= a.hour_rate_cents * extra_s / 3600.0
    gain -= plan.activation_cents[shift]

    delay = max(next_arrival - plan.begin_s[shift, position + 1], 0)
    detour = extra_travel + a.service_s[client]
    used = max(blend * delay + (1.0 - blend) * detour, 0.0) + 1.0
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


@inlined
def _extra_duration_s(
    a: Arrays,
    plan: Plan,
    client: int,
    shift: int,
    position: int,
    start_s: int,
    leg_to_s: int,
    leg_from_s: int,
) -> int:
    """By how much the shortest duration of a shift grows with a client behind a position."""
    if a.window_count[shift, client] == 1:
        opens, closes = a.opens_s[shift, client], a.closes_s[shift, client]
    else:
        window = window_at(a, shift, client, start_s)
        opens, closes = a.window_opens_s[window], a.window_closes_s[window]
    offset = plan.before_s[shift, position] + leg_to_s
    late = plan.before_late_s[shift, position]
    wait = max(opens - offset - late, 0)
    late = min(closes - offset, late)
    offset += wait + a.service_s[client] + leg_from_s
    wait = max(plan.after_early_s[shift, position + 1] - offset - late, 0)
    return offset + wait + plan.after_s[shift, position + 1] - plan.duration_s[shift]


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
    if plan.widest_s[shift] < a.need_s[client]:
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
