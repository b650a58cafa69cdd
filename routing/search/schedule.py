"""
Times of one shift: earliest and latest starts, and the shortest duration.

Earliest starts come from a pass forwards, latest starts from a pass backwards; with both, whether
a client fits into a gap is known in O(1), exactly, also with several windows per client: to start
earlier never makes anything behind it late.

The shortest duration of a sequence of stops and of its parts follows Vidal, Crainic, Gendreau and
Prins (2013), "A hybrid genetic algorithm with adaptive diversity management for a large class of
vehicle routing problems with time windows", section 4.2: every part has a duration and the first
and last starts that allow it, and two parts are joined in O(1). That holds for one window per
client. With several, the parts use the windows of the earliest schedule (a guide for the search),
while the duration of the whole is found exactly by `shortest_duration_s`.
"""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import Arrays
from routing.search.compiled import compiled, inlined
from routing.search.plan import Plan

IN_TIME = -1
"""What `reschedule` returns for a shift without a fault."""


@compiled
def window_at(a: Arrays, shift: int, client: int, time_s: int) -> int:
    """The first window of a client that closes at a time or later; there must be one."""
    window = a.window_first[shift, client]
    while a.window_closes_s[window] < time_s:
        window += 1
    return window


@compiled
def earliest_start_s(a: Arrays, shift: int, client: int, time_s: int) -> int:
    """First moment to start from a time on that is not after the last closing."""
    if a.window_count[shift, client] == 1:
        return max(time_s, a.opens_s[shift, client])
    return max(time_s, a.window_opens_s[window_at(a, shift, client, time_s)])


@compiled
def latest_start_s(a: Arrays, shift: int, client: int, time_s: int) -> int:
    """Last moment to start up to a time that is not before the first opening."""
    if a.window_count[shift, client] == 1:
        return min(time_s, a.closes_s[shift, client])
    window = a.window_first[shift, client] + a.window_count[shift, client] - 1
    while a.window_opens_s[window] > time_s:
        window -= 1
    return min(time_s, a.window_closes_s[window])


@compiled
def reschedule(a: Arrays, plan: Plan, shift: int) -> int:
    """
    Recompute everything that is known about the times of a shift.

    Returns `IN_TIME`, or the first position that is reached too late; then nothing known about
    the shift may be used.
    """
    stop, count = plan.stop[shift], plan.visits[shift]
    begin, ready, latest = plan.begin_s[shift], plan.ready_s[shift], plan.latest_s[shift]
    time = a.shift_start_s[shift]
    begin[0] = time
    ready[0] = time
    travel = 0
    distance = 0
    prize = 0
    has_several_windows = False
    previous = stop[0]
    for position in range(1, count + 1):
        client = stop[position]
        leg = as_long(a.travel_s[previous, client])
        travel += leg
        distance += a.distance_m[previous, client]
        time += leg
        if time > a.closes_s[shift, client]:
            return position
        if a.window_count[shift, client] > 1:
            has_several_windows = True
        time = earliest_start_s(a, shift, client, time)
        begin[position] = time
        time += a.service_s[client]
        ready[position] = time
        prize += a.prize_cents[client]
        previous = client
    last = count + 1
    leg = as_long(a.travel_s[previous, stop[last]])
    time += leg
    if time > a.shift_end_s[shift]:
        return last
    begin[last] = time
    ready[last] = time
    plan.travel_s[shift] = travel + leg
    plan.distance_m[shift] = distance + a.distance_m[previous, stop[last]]
    plan.prize_cents[shift] = prize

    time = a.shift_end_s[shift]
    latest[last] = time
    widest = time - ready[count]
    for position in range(count, 0, -1):
        client = stop[position]
        time -= as_long(a.travel_s[client, stop[position + 1]]) + a.service_s[client]
        time = latest_start_s(a, shift, client, time)
        latest[position] = time
        widest = max(widest, time - ready[position - 1])
    plan.widest_s[shift] = widest

    if a.hour_rate_cents > 0:
        _measure_parts(a, plan, shift)
        if has_several_windows:
            plan.duration_s[shift] = shortest_duration_s(a, plan, shift)
    return IN_TIME


@inlined
def as_long(value: int) -> int:
    """An entry of an int32 matrix as a 64-bit integer, so that sums do not overflow."""
    return int(value)


@compiled
def _measure_parts(a: Arrays, plan: Plan, shift: int) -> None:
    """Durations of every beginning and every remainder of a shift."""
    stop, count = plan.stop[shift], plan.visits[shift]
    start, end = a.shift_start_s[shift], a.shift_end_s[shift]
    plan.before_s[shift, 0] = 0
    plan.before_late_s[shift, 0] = end
    for position in range(1, count + 2):
        leg = as_long(a.travel_s[stop[position - 1], stop[position]])
        opens, closes, service = start, end, 0
        if position <= count:
            client = stop[position]
            service = a.service_s[client]
            window = window_at(a, shift, client, plan.begin_s[shift, position])
            opens, closes = a.window_opens_s[window], a.window_closes_s[window]
        offset = plan.before_s[shift, position - 1] + leg
        late = plan.before_late_s[shift, position - 1]
        wait = max(opens - offset - late, 0)
        plan.before_s[shift, position] = offset + wait + service
        plan.before_late_s[shift, position] = min(closes - offset, late)
    plan.duration_s[shift] = plan.before_s[shift, count + 1]

    plan.after_s[shift, count + 1] = 0
    plan.after_early_s[shift, count + 1] = start
    for position in range(count, 0, -1):
        client = stop[position]
        window = window_at(a, shift, client, plan.begin_s[shift, position])
        opens, closes = a.window_opens_s[window], a.window_closes_s[window]
        offset = a.service_s[client] + as_long(a.travel_s[client, stop[position + 1]])
        early = plan.after_early_s[shift, position + 1]
        wait = max(early - offset - closes, 0)
        plan.after_s[shift, position] = offset + wait + plan.after_s[shift, position + 1]
        plan.after_early_s[shift, position] = max(early - offset, opens) - wait


@compiled
def shortest_duration_s(a: Arrays, plan: Plan, shift: int) -> int:
    """
    Shortest time from departure to arrival over all departures, for several windows per client.

    Arrival as a function of departure is flat while waiting absorbs the delay, then rises with it,
    and jumps where a client's window closes and the next one has to be waited for. Only the ends
    of flat stretches can be best, and there is at most one after each jump.
    """
    stop, count = plan.stop[shift], plan.visits[shift]
    shortest = a.shift_end_s[shift] - a.shift_start_s[shift]
    departure = a.shift_start_s[shift]
    while True:
        time = departure
        for position in range(1, count + 1):
            client = stop[position]
            time += as_long(a.travel_s[stop[position - 1], client])
            if time > a.closes_s[shift, client]:
                return shortest
            time = earliest_start_s(a, shift, client, time) + a.service_s[client]
        arrival = time + as_long(a.travel_s[stop[count], stop[count + 1]])
        if arrival > a.shift_end_s[shift]:
            return shortest

        time = arrival
        for position in range(count, 0, -1):
            client = stop[position]
            time -= as_long(a.travel_s[client, stop[position + 1]]) + a.service_s[client]
            time = latest_start_s(a, shift, client, time)
        departure = time - as_long(a.travel_s[stop[0], stop[1]])
        shortest = min(shortest, arrival - departure)

        # How much later still, until some client misses its window or the shift ends?
        time = departure
        waited = 0
        room = a.shift_end_s[shift] - arrival
        for position in range(1, count + 1):
            client = stop[position]
            time += as_long(a.travel_s[stop[position - 1], client])
            start = earliest_start_s(a, shift, client, time)
            waited += start - time
            closes = a.window_closes_s[window_at(a, shift, client, start)]
            room = min(room, closes - start + waited)
            time = start + a.service_s[client]
        departure += room + 1
