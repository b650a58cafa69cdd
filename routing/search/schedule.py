"""
Times of one shift: earliest and latest starts.

Earliest starts come from a pass forwards, latest starts from a pass backwards; with both, whether
a client fits into a gap is known in O(1), exactly, also with several windows per client: to start
earlier never makes anything behind it late. With breaks both are kept by the number of breaks had
(`breaks.py`), which stays exact and takes O(b^2) for b breaks.
"""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import Arrays
from routing.search.breaks import schedule_with_breaks
from routing.search.compiled import compiled
from routing.search.durations import measure
from routing.search.plan import Plan, is_idle
from routing.search.windows import as_long, earliest_start_s, latest_start_s

IN_TIME = -1
"""What `reschedule` returns for a shift without a fault."""


@compiled
def reschedule(a: Arrays, plan: Plan, shift: int) -> int:
    """
    Recompute everything that is known about the times of a shift.

    Returns `IN_TIME`, or the first position that is reached too late; then nothing known about
    the shift may be used. Limits on visits, driving and distance are another matter.
    """
    has_several_windows = _add_up(a, plan, shift)
    if a.break_count[shift] > 0:
        late = schedule_with_breaks(a, plan, shift)
        if late >= 0 and not is_idle(plan, shift):
            return late
    else:
        late = _schedule(a, plan, shift)
        if late >= 0:
            return late
    if a.hour_rate_cents > 0:
        measure(a, plan, shift, has_several_windows)
    return IN_TIME


@compiled
def _add_up(a: Arrays, plan: Plan, shift: int) -> bool:
    """Sums over a shift; whether some client of it has several windows."""
    stop, count = plan.stop[shift], plan.visits[shift]
    travel = 0
    distance = 0
    prize = 0
    has_several_windows = False
    previous = stop[0]
    for position in range(1, count + 1):
        client = stop[position]
        travel += as_long(a.travel_s[previous, client])
        distance += as_long(a.distance_m[previous, client])
        prize += a.prize_cents[shift, client]
        if a.window_count[shift, client] > 1:
            has_several_windows = True
        previous = client
    plan.travel_s[shift] = travel + as_long(a.travel_s[previous, stop[count + 1]])
    plan.distance_m[shift] = distance + as_long(a.distance_m[previous, stop[count + 1]])
    plan.prize_cents[shift] = prize
    return has_several_windows


@compiled
def _schedule(a: Arrays, plan: Plan, shift: int) -> int:
    """Earliest and latest starts; -1, or the first position that is reached too late."""
    stop, count = plan.stop[shift], plan.visits[shift]
    begin, ready, latest = plan.begin_s[shift], plan.ready_s[shift], plan.latest_s[shift]
    time = a.shift_start_s[shift]
    begin[0] = time
    ready[0] = time
    previous = stop[0]
    for position in range(1, count + 1):
        client = stop[position]
        time += as_long(a.leg_s[previous, client])
        if time > a.closes_s[shift, client]:
            return position
        time = earliest_start_s(a, shift, client, time)
        begin[position] = time
        time += a.service_s[client]
        ready[position] = time
        previous = client
    last = count + 1
    time += as_long(a.leg_s[previous, stop[last]])
    if time > a.shift_end_s[shift]:
        return last
    begin[last] = time
    ready[last] = time

    time = a.shift_end_s[shift]
    latest[last] = time
    widest = time - ready[count]
    for position in range(count, 0, -1):
        client = stop[position]
        time -= as_long(a.leg_s[client, stop[position + 1]]) + a.service_s[client]
        time = latest_start_s(a, shift, client, time)
        latest[position] = time
        widest = max(widest, time - ready[position - 1])
    plan.widest_s[shift] = widest
    return -1


@compiled
def exceeds_limits(a: Arrays, plan: Plan, shift: int) -> bool:
    """Whether a shift has more visits, driving or distance than it may."""
    return (
        plan.visits[shift] > a.shift_max_visits[shift]
        or plan.travel_s[shift] > a.shift_max_travel_s[shift]
        or plan.distance_m[shift] > a.shift_max_distance_m[shift]
    )
