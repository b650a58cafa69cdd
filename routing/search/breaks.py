"""
Breaks within a shift: what is possible with how many of them had, and on which legs they are best.

Breaks are had in order, so what matters at a stop is only how many have been: a state. One that is
over before the shift begins, or begins after it ends, is had at home. One that is taken on a leg
needs no place: driving may be done before and after it, and whatever time is left is waited.
"""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import NEVER_S, NO_LIMIT_S, Arrays
from routing.search.compiled import compiled
from routing.search.plan import Plan
from routing.search.windows import as_long, earliest_start_s, latest_start_s, window_at

BEFORE_LEAVING = -1


@compiled
def leg_with_breaks_s(a: Arrays, shift: int, ready_s: int, leg_s: int, had: int, then: int) -> int:
    """
    When a leg has been driven that is begun with some breaks had and ended with more.

    `NO_LIMIT_S` where a break would begin too late.
    """
    free_s = ready_s
    done_s = ready_s + leg_s
    for number in range(a.break_first[shift] + had, a.break_first[shift] + then):
        early, duration = a.break_early_s[number], a.break_duration_s[number]
        free_s = max(free_s, early)
        if free_s > a.break_late_s[number]:
            return NO_LIMIT_S
        free_s += duration
        done_s = max(done_s, early) + duration
    return done_s


@compiled
def leave_by_s(a: Arrays, shift: int, done_by_s: int, leg_s: int, had: int, then: int) -> int:
    """Last moment to begin a leg that is to be done by a time; `NEVER_S` where there is none."""
    done_s = done_by_s
    begin_s = NO_LIMIT_S
    for number in range(a.break_first[shift] + then - 1, a.break_first[shift] + had - 1, -1):
        early, duration = a.break_early_s[number], a.break_duration_s[number]
        done_s -= duration
        begin_s = min(a.break_late_s[number], begin_s - duration)
        if done_s < early or begin_s < early:
            return NEVER_S
    return min(done_s - leg_s, begin_s)


@compiled
def schedule_with_breaks(a: Arrays, plan: Plan, shift: int) -> int:
    """
    Earliest and latest starts of a shift with breaks, by number of breaks had.

    Returns -1, or the first position that is reached too late.
    """
    stop, count, breaks = plan.stop[shift], plan.visits[shift], a.break_count[shift]
    had_ready, had_latest = plan.had_ready_s[shift], plan.had_latest_s[shift]
    first = a.break_first[shift]
    last = count + 1
    start = a.shift_start_s[shift]
    plan.begin_s[shift, 0] = start
    plan.ready_s[shift, 0] = start
    had_ready[0, 0] = start
    for had in range(1, breaks + 1):
        over = a.break_early_s[first + had - 1] + a.break_duration_s[first + had - 1]
        had_ready[had, 0] = max(start, over)
    for position in range(1, last + 1):
        leg = as_long(a.leg_s[stop[position - 1], stop[position]])
        begin = NO_LIMIT_S
        for then in range(breaks, -1, -1):
            arrival = _arrival_s(a, plan, shift, position - 1, leg, then)
            if position <= count:
                client = stop[position]
                if arrival > a.closes_s[shift, client]:
                    had_ready[then, position] = NO_LIMIT_S
                    continue
                start = earliest_start_s(a, shift, client, arrival)
                had_ready[then, position] = start + a.service_s[client]
            else:
                start = arrival
                if arrival > last_arrival_s(a, shift, then):
                    start = NO_LIMIT_S
                had_ready[then, position] = start
            begin = min(begin, start)
        if begin >= NO_LIMIT_S:
            if count > 0 or stop[0] != stop[1]:
                return position
            begin = a.shift_start_s[shift]  # one who stays at home has all breaks there
        plan.begin_s[shift, position] = begin
        plan.ready_s[shift, position] = begin + (
            a.service_s[stop[position]] if position <= count else 0
        )

    plan.latest_s[shift, last] = a.shift_end_s[shift]
    for had in range(breaks + 1):
        had_latest[had, last] = last_arrival_s(a, shift, had)
    widest = a.shift_end_s[shift] - plan.ready_s[shift, count]
    for position in range(count, 0, -1):
        client = stop[position]
        leg = as_long(a.leg_s[client, stop[position + 1]])
        latest = NEVER_S
        for had in range(breaks + 1):
            time = NEVER_S
            for then in range(had, breaks + 1):
                by = had_latest[then, position + 1]
                if by > NEVER_S:
                    time = max(time, leave_by_s(a, shift, by, leg, had, then))
            time -= a.service_s[client]
            if time >= a.opens_s[shift, client]:
                time = latest_start_s(a, shift, client, time)
                latest = max(latest, time)
            else:
                time = NEVER_S
            had_latest[had, position] = time
        plan.latest_s[shift, position] = latest
        widest = max(widest, latest - plan.ready_s[shift, position - 1])
    plan.widest_s[shift] = widest
    return -1


@compiled
def last_arrival_s(a: Arrays, shift: int, had: int) -> int:
    """Latest end of a shift after some breaks; the next one must still be had at home."""
    if had == a.break_count[shift]:
        return a.shift_end_s[shift]
    return min(a.shift_end_s[shift], a.break_late_s[a.break_first[shift] + had])


@compiled
def _arrival_s(a: Arrays, plan: Plan, shift: int, position: int, leg_s: int, then: int) -> int:
    """Earliest arrival over a leg from a position with some breaks had in the end."""
    arrival = NO_LIMIT_S
    for had in range(then + 1):
        ready = plan.had_ready_s[shift, had, position]
        if ready < NO_LIMIT_S:
            arrival = min(arrival, leg_with_breaks_s(a, shift, ready, leg_s, had, then))
    return arrival


@compiled
def next_arrival_s(
    a: Arrays, plan: Plan, client: int, shift: int, position: int, leg_to_s: int, leg_from_s: int
) -> int:
    """
    Earliest arrival at the stop behind a position when a client goes between; exact.

    `NO_LIMIT_S` where anything would be late, then or later.
    """
    breaks = a.break_count[shift]
    for had in range(breaks + 1):
        time = _arrival_s(a, plan, shift, position, leg_to_s, had)
        if time > a.closes_s[shift, client]:
            time = NO_LIMIT_S
        else:
            time = earliest_start_s(a, shift, client, time) + a.service_s[client]
        plan.through_s[had] = time
    earliest = NO_LIMIT_S
    for then in range(breaks + 1):
        by = plan.had_latest_s[shift, then, position + 1]
        for had in range(then + 1):
            ready = plan.through_s[had]
            if ready < NO_LIMIT_S:
                arrival = leg_with_breaks_s(a, shift, ready, leg_from_s, had, then)
                if arrival <= by:
                    earliest = min(earliest, arrival)
    return earliest


@compiled
def place_breaks(a: Arrays, plan: Plan, shift: int) -> int:
    """
    Put the breaks of a shift on the legs that make its paid duration shortest; returns that.

    Every way that is in time is tried, as `routing.schedule.schedule_route` does.
    """
    breaks, last = a.break_count[shift], plan.visits[shift] + 1
    tried, best = plan.break_try, plan.break_leg[shift]
    shortest = NO_LIMIT_S
    for number in range(breaks):
        tried[number] = BEFORE_LEAVING
    while True:
        if breaks > 1 or _may_take(a, plan, shift, tried[0]):
            duration = _paid_duration_s(a, plan, shift)
            if duration < shortest:
                shortest = duration
                for number in range(breaks):
                    best[number] = tried[number]
        # The next way in which legs do not fall: count up from behind.
        number = breaks - 1
        while number >= 0 and tried[number] == last:
            number -= 1
        if number < 0:
            return shortest
        leg = tried[number] + 1
        for later in range(number, breaks):
            tried[later] = leg


@compiled
def _may_take(a: Arrays, plan: Plan, shift: int, leg: int) -> bool:
    """Whether the only break of a shift can be taken on a leg, in time for all that follows."""
    last = plan.visits[shift] + 1
    if leg == BEFORE_LEAVING:
        return True
    if leg == last:
        return plan.had_ready_s[shift, 0, last] < NO_LIMIT_S
    ready = plan.had_ready_s[shift, 0, leg]
    if ready >= NO_LIMIT_S:
        return False
    leg_s = as_long(a.leg_s[plan.stop[shift, leg], plan.stop[shift, leg + 1]])
    arrival = leg_with_breaks_s(a, shift, ready, leg_s, 0, 1)
    return arrival <= plan.had_latest_s[shift, 1, leg + 1]


@compiled
def _paid_duration_s(a: Arrays, plan: Plan, shift: int) -> int:
    """
    Shortest paid time with each break on the leg `break_try` says; `NO_LIMIT_S` where late.

    Departures are tried as in `shortest_duration_s`: the ends of the stretches on which arriving
    does not get later.
    """
    stop, count, first = plan.stop[shift], plan.visits[shift], a.break_first[shift]
    breaks, tried = a.break_count[shift], plan.break_try
    departure, end = a.shift_start_s[shift], a.shift_end_s[shift]
    break_s = 0
    for number in range(breaks):
        if tried[number] == BEFORE_LEAVING:
            over = a.break_early_s[first + number] + a.break_duration_s[first + number]
            departure = max(departure, over)
        elif tried[number] == count + 1:
            end = min(end, a.break_late_s[first + number])
        else:
            break_s += a.break_duration_s[first + number]
    shortest = NO_LIMIT_S
    while True:
        arrival, _ = _drive(a, plan, shift, departure)
        if arrival > end:
            return shortest

        time = arrival
        number = breaks - 1
        while number >= 0 and tried[number] == count + 1:
            number -= 1
        for position in range(count, -1, -1):
            then = number + 1
            while number >= 0 and tried[number] == position:
                number -= 1
            leg = as_long(a.leg_s[stop[position], stop[position + 1]])
            time = leave_by_s(a, shift, time, leg, number + 1, then)
            if position > 0:
                client = stop[position]
                time = latest_start_s(a, shift, client, time - a.service_s[client])
        departure = time
        shortest = min(shortest, arrival - departure - break_s)

        _, room = _drive(a, plan, shift, departure)
        room = min(room, end - arrival)
        departure += room + 1


@compiled
def _drive(a: Arrays, plan: Plan, shift: int, departure_s: int) -> tuple[int, int]:
    """
    Arrival when leaving at a time with breaks on the legs of `break_try`, and how much later one
    may leave without missing the window of a client or a break; `NO_LIMIT_S` where one is missed.
    """
    stop, count, first = plan.stop[shift], plan.visits[shift], a.break_first[shift]
    breaks, tried = a.break_count[shift], plan.break_try
    time = departure_s
    waited = 0
    room = NO_LIMIT_S
    number = 0
    while number < breaks and tried[number] == BEFORE_LEAVING:
        number += 1
    for position in range(count + 1):
        leg = as_long(a.leg_s[stop[position], stop[position + 1]])
        busy = leg
        free = time
        done = time + leg
        break_waited = 0
        while number < breaks and tried[number] == position:
            early, late = a.break_early_s[first + number], a.break_late_s[first + number]
            break_waited += max(early - free, 0)
            free = max(free, early)
            if free > late:
                return NO_LIMIT_S, 0
            room = min(room, late - free + waited + break_waited)
            duration = a.break_duration_s[first + number]
            free += duration
            done = max(done, early) + duration
            busy += duration
            number += 1
        if position == count:
            return done, room
        client = stop[position + 1]
        if done > a.closes_s[shift, client]:
            return NO_LIMIT_S, 0
        begin = earliest_start_s(a, shift, client, done)
        waited += begin - time - busy
        closes = a.window_closes_s[window_at(a, shift, client, begin)]
        room = min(room, closes - begin + waited)
        time = begin + a.service_s[client]
    return NO_LIMIT_S, 0
