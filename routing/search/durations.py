"""
Paid durations: of a shift, of its parts, and of what joining parts makes of them.

The shortest duration of a sequence of stops and of its parts follows Vidal, Crainic, Gendreau and
Prins (2013), "A hybrid genetic algorithm with adaptive diversity management for a large class of
vehicle routing problems with time windows", section 4.2: every part has a duration and the first
and last starts that allow it, and two parts are joined in O(1). A break is a part of its own at the
beginning of its leg, whose time is not paid. That holds for one window per client and breaks that
stay on their legs. With several windows, the parts use the windows of the earliest schedule (a
guide for the search), while the duration of the whole is found exactly.
"""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import Arrays
from routing.search.breaks import BEFORE_LEAVING, place_breaks
from routing.search.compiled import compiled
from routing.search.plan import Plan, is_idle
from routing.search.windows import as_long, earliest_start_s, latest_start_s, window_at


@compiled
def measure(a: Arrays, plan: Plan, shift: int, has_several_windows: bool) -> None:
    """The shortest paid duration of a shift that is in time, and those of its parts."""
    has_breaks = a.break_count[shift] > 0
    shortest = 0
    if has_breaks and is_idle(plan, shift):
        plan.break_leg[shift] = BEFORE_LEAVING
    elif has_breaks:
        shortest = place_breaks(a, plan, shift)
    _measure_parts(a, plan, shift)
    if has_breaks:
        plan.duration_s[shift] = shortest
    elif has_several_windows:
        plan.duration_s[shift] = shortest_duration_s(a, plan, shift)


@compiled
def _measure_parts(a: Arrays, plan: Plan, shift: int) -> None:
    """Durations of every beginning and every remainder of a shift."""
    stop, count = plan.stop[shift], plan.visits[shift]
    start, end = a.shift_start_s[shift], a.shift_end_s[shift]
    breaks, first = a.break_count[shift], a.break_first[shift]
    taken, left = 0, breaks
    while taken < breaks and plan.break_leg[shift, taken] == BEFORE_LEAVING:
        over = a.break_early_s[first + taken] + a.break_duration_s[first + taken]
        start = max(start, over)
        taken += 1
    while left > taken and plan.break_leg[shift, left - 1] == count + 1:
        left -= 1
        end = min(end, a.break_late_s[first + left])

    plan.before_s[shift, 0] = 0
    plan.before_late_s[shift, 0] = end
    for position in range(1, count + 2):
        leg = as_long(a.leg_s[stop[position - 1], stop[position]])
        opens, closes, service = start, end, 0
        if position <= count:
            client = stop[position]
            service = a.service_s[client]
            window = window_at(a, shift, client, plan.begin_s[shift, position])
            opens, closes = a.window_opens_s[window], a.window_closes_s[window]
        before, late = plan.before_s[shift, position - 1], plan.before_late_s[shift, position - 1]
        while taken < left and plan.break_leg[shift, taken] == position - 1:
            before, late = after_break_s(a, first + taken, leg, before, late)
            taken += 1
        offset = before + leg
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
        leg = as_long(a.leg_s[client, stop[position + 1]])
        early = plan.after_early_s[shift, position + 1] - leg
        after = plan.after_s[shift, position + 1] + leg
        while taken > 0 and plan.break_leg[shift, taken - 1] == position:
            taken -= 1
            duration = a.break_duration_s[first + taken]
            wait = max(early - duration - a.break_late_s[first + taken], 0)
            after += wait
            early = max(early - duration, a.break_early_s[first + taken] - leg) - wait
        offset = a.service_s[client]
        wait = max(early - offset - closes, 0)
        plan.after_s[shift, position] = offset + wait + after
        plan.after_early_s[shift, position] = max(early - offset, opens) - wait


@compiled
def after_break_s(
    a: Arrays, number: int, leg_s: int, before_s: int, late_s: int
) -> tuple[int, int]:
    """A beginning of a shift with one more break at its end, on a leg of that length."""
    wait = max(a.break_early_s[number] - leg_s - before_s - late_s, 0)
    late = min(a.break_late_s[number] - before_s, late_s) + a.break_duration_s[number]
    return before_s + wait, late


@compiled
def joined_s(plan: Plan, shift: int, before_s: int, late_s: int, position: int) -> int:
    """Duration of a beginning, as in `Plan.before_s`, followed by what begins at a position."""
    wait = max(plan.after_early_s[shift, position] - before_s - late_s, 0)
    return before_s + wait + plan.after_s[shift, position]


@compiled
def duration_with_s(
    a: Arrays,
    plan: Plan,
    client: int,
    shift: int,
    position: int,
    start_s: int,
    leg_to_s: int,
    leg_from_s: int,
) -> int:
    """
    Duration of a shift with a client behind a position; the breaks of that leg go where it is best.

    `start_s` is the earliest start of service there, which chooses the client's window.
    """
    if a.window_count[shift, client] == 1:
        opens, closes = a.opens_s[shift, client], a.closes_s[shift, client]
    else:
        window = window_at(a, shift, client, start_s)
        opens, closes = a.window_opens_s[window], a.window_closes_s[window]
    before, late = plan.before_s[shift, position], plan.before_late_s[shift, position]
    shortest = _with_client_s(
        a, plan, client, shift, position, opens, closes, leg_to_s, leg_from_s, before, late, 0
    )
    first = a.break_first[shift]
    for number in range(a.break_count[shift]):
        if plan.break_leg[shift, number] == position:
            before, late = after_break_s(a, first + number, leg_to_s, before, late)
            duration = _with_client_s(
                a,
                plan,
                client,
                shift,
                position,
                opens,
                closes,
                leg_to_s,
                leg_from_s,
                before,
                late,
                number + 1,
            )
            shortest = min(shortest, duration)
    return shortest


@compiled
def _with_client_s(
    a: Arrays,
    plan: Plan,
    client: int,
    shift: int,
    position: int,
    opens_s: int,
    closes_s: int,
    leg_to_s: int,
    leg_from_s: int,
    before_s: int,
    late_s: int,
    next_break: int,
) -> int:
    """Duration with a client behind a beginning, and the other breaks of its leg behind it."""
    offset = before_s + leg_to_s
    wait = max(opens_s - offset - late_s, 0)
    late = min(closes_s - offset, late_s)
    before = offset + wait + a.service_s[client]
    for number in range(next_break, a.break_count[shift]):
        if plan.break_leg[shift, number] == position:
            before, late = after_break_s(a, a.break_first[shift] + number, leg_from_s, before, late)
    return joined_s(plan, shift, before + leg_from_s, late, position + 1)


@compiled
def duration_without_s(a: Arrays, plan: Plan, shift: int, position: int) -> int:
    """Duration of a shift without the visit at a position."""
    stop = plan.stop[shift]
    leg = as_long(a.leg_s[stop[position - 1], stop[position + 1]])
    before, late = plan.before_s[shift, position - 1], plan.before_late_s[shift, position - 1]
    for number in range(a.break_count[shift]):
        if position - 1 <= plan.break_leg[shift, number] <= position:
            before, late = after_break_s(a, a.break_first[shift] + number, leg, before, late)
    return joined_s(plan, shift, before + leg, late, position + 1)


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
            time += as_long(a.leg_s[stop[position - 1], client])
            if time > a.closes_s[shift, client]:
                return shortest
            time = earliest_start_s(a, shift, client, time) + a.service_s[client]
        arrival = time + as_long(a.leg_s[stop[count], stop[count + 1]])
        if arrival > a.shift_end_s[shift]:
            return shortest

        time = arrival
        for position in range(count, 0, -1):
            client = stop[position]
            time -= as_long(a.leg_s[client, stop[position + 1]]) + a.service_s[client]
            time = latest_start_s(a, shift, client, time)
        departure = time - as_long(a.leg_s[stop[0], stop[1]])
        shortest = min(shortest, arrival - departure)

        # How much later still, until some client misses its window or the shift ends?
        time = departure
        waited = 0
        room = a.shift_end_s[shift] - arrival
        for position in range(1, count + 1):
            client = stop[position]
            time += as_long(a.leg_s[stop[position - 1], client])
            start = earliest_start_s(a, shift, client, time)
            waited += start - time
            closes = a.window_closes_s[window_at(a, shift, client, start)]
            room = min(room, closes - start + waited)
            time = start + a.service_s[client]
        departure += room + 1
