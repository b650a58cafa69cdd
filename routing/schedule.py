"""
When to leave, arrive, take breaks and serve along a given sequence of clients.

The search uses its own compiled form of this; the referee uses neither.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, pairwise

from routing.problem import UNREACHABLE, Break, Client, Problem, Shift
from routing.solution import Route, TakenBreak, Visit

BEFORE_LEAVING = -1
"""Place of a break that is over when the route begins; one that begins after its end is at the
number of clients + 1, and one on the way at the number of its leg."""


@dataclass(frozen=True, slots=True)
class _Course:
    """
    A sequence of clients with its breaks on given legs.

    Parameters
    ----------
    drive_s, setup_s
        Driving to each client and to the end, and the setup there (none at the end).
    breaks
        Those taken on each leg, in order, with their numbers in the shift.
    first_s, last_s
        Earliest departure and latest arrival.
    """

    clients: tuple[Client, ...]
    client_indices: tuple[int, ...]
    drive_s: tuple[int, ...]
    setup_s: tuple[int, ...]
    breaks: tuple[tuple[tuple[int, Break], ...], ...]
    first_s: int
    last_s: int

    @property
    def break_s(self) -> int:
        return sum(one.duration_s for of_leg in self.breaks for _, one in of_leg)


def schedule_route(
    problem: Problem,
    shift_index: int,
    start_location: int,
    client_indices: Sequence[int],
    end_location: int,
) -> Route | None:
    """
    The route of one shift that takes the least paid time, and of those the one that arrives first.

    Returns None when the sequence cannot be served within the shift, its limits, its breaks and
    the windows.

    Every way to spread the breaks over the legs is tried. For each, arrival as a function of
    departure is flat while waiting absorbs the delay, then rises with it, and jumps where a
    client's window closes and its next one has to be waited for. Only ends of flat stretches can be
    best (Savelsbergh 1992, forward time slack), and there is at most one after each jump: with one
    window per client a single one.
    """
    shift = problem.shifts[shift_index]
    clients = tuple(problem.clients[i] for i in client_indices)
    stops = [start_location, *(c.location_index for c in clients), end_location]
    drive_s = tuple(int(problem.duration_s[a, b]) for a, b in pairwise(stops))
    if any(leg_s >= UNREACHABLE for leg_s in drive_s):
        return None
    distance_m = sum(int(problem.distance_m[a, b]) for a, b in pairwise(stops))
    if _exceeds_limits(shift, len(clients), sum(drive_s), distance_m):
        return None
    if not clients and start_location == end_location:
        return Route(start_location, end_location, shift.start_s, shift.start_s, (), 0, 0)
    setup_s = tuple(
        client.setup_duration_s if before != client.location_index else 0
        for before, client in zip(stops, clients, strict=False)
    )

    best: Route | None = None
    for course in _courses(shift, clients, tuple(client_indices), drive_s, (*setup_s, 0)):
        for departure_s, arrival_s, visits, breaks in _efficient_drives(course):
            worked_s = arrival_s - departure_s - course.break_s
            if best is None or (worked_s, arrival_s) < (best.worked_s, best.arrival_s):
                best = Route(
                    start_location,
                    end_location,
                    departure_s,
                    arrival_s,
                    visits,
                    sum(drive_s),
                    distance_m,
                    breaks,
                )
    return best


def _exceeds_limits(shift: Shift, visits: int, travel_s: int, distance_m: int) -> bool:
    return any(
        limit is not None and amount > limit
        for amount, limit in (
            (visits, shift.max_visits),
            (travel_s, shift.max_travel_s),
            (distance_m, shift.max_distance_m),
        )
    )


def _courses(
    shift: Shift,
    clients: tuple[Client, ...],
    client_indices: tuple[int, ...],
    drive_s: tuple[int, ...],
    setup_s: tuple[int, ...],
) -> Iterator[_Course]:
    """Every way to spread a shift's breaks over the legs, and the time before and after them."""
    after_arriving = len(drive_s)
    for places in combinations_with_replacement(
        range(BEFORE_LEAVING, after_arriving + 1), len(shift.breaks)
    ):
        on_leg: list[list[tuple[int, Break]]] = [[] for _ in drive_s]
        first_s, last_s = shift.start_s, shift.end_s
        for number, (place, one) in enumerate(zip(places, shift.breaks, strict=True)):
            if place == BEFORE_LEAVING:
                first_s = max(first_s, one.early_s + one.duration_s)
            elif place == after_arriving:
                last_s = min(last_s, one.late_s)
            else:
                on_leg[place].append((number, one))
        breaks = tuple(tuple(of_leg) for of_leg in on_leg)
        yield _Course(clients, client_indices, drive_s, setup_s, breaks, first_s, last_s)


def _efficient_drives(
    course: _Course,
) -> Iterator[tuple[int, int, tuple[Visit, ...], tuple[TakenBreak, ...]]]:
    """Departures that may be best, with their arrival, visits and breaks; earlier ones first."""
    departure_s: int | None = course.first_s
    while departure_s is not None:
        drive = _drive(course, departure_s)
        if drive is None or drive.arrival_s > course.last_s:
            return
        departure_s = _latest_departure_s(course, drive.arrival_s)
        drive = _drive(course, departure_s)
        assert drive is not None
        yield departure_s, drive.arrival_s, tuple(drive.visits), tuple(drive.breaks)
        departure_s = None if drive.room_s is None else departure_s + drive.room_s + 1


@dataclass(slots=True)
class _Drive:
    """A course driven from a given departure; `room_s` is how much later no window is missed."""

    visits: list[Visit]
    breaks: list[TakenBreak]
    arrival_s: int
    room_s: int | None


def _drive(course: _Course, departure_s: int) -> _Drive | None:
    """The course when leaving at a given time and doing everything as early as possible."""
    drive = _Drive([], [], departure_s, None)
    time_s = departure_s
    waited_s = 0

    def keep_room(spare_s: int) -> None:
        drive.room_s = spare_s if drive.room_s is None else min(drive.room_s, spare_s)

    for leg, (drive_s, setup_s) in enumerate(zip(course.drive_s, course.setup_s, strict=True)):
        left_s, break_waited_s = drive_s + setup_s, 0
        arrival_s = time_s + drive_s
        at_place_s = 0
        for k, (number, one) in enumerate(course.breaks[leg]):
            start_s = max(time_s, one.early_s)
            if start_s > one.late_s:
                return None
            keep_room(one.late_s - start_s + waited_s + break_waited_s + start_s - time_s)
            done_s = min(left_s, start_s - time_s)
            break_waited_s += start_s - time_s
            is_last = k == len(course.breaks[leg]) - 1 and leg < len(course.clients)
            if done_s > 0 and start_s + left_s - done_s <= one.late_s and is_last:
                # Rather at the next place than on the road, where that is as good.
                start_s, done_s = start_s + left_s - done_s, left_s
            left_s -= done_s
            if start_s >= arrival_s:
                at_place_s += one.duration_s
            else:
                arrival_s += one.duration_s
            drive.breaks.append(TakenBreak(number, leg, start_s, start_s + one.duration_s))
            time_s = start_s + one.duration_s
        ready_s = time_s + left_s
        if leg == len(course.clients):
            drive.arrival_s = ready_s
            break
        client = course.clients[leg]
        begin_s = earliest_start_s(client, ready_s)
        if begin_s is None:
            return None
        leave_s = begin_s + client.service_duration_s
        drive.visits.append(
            Visit(course.client_indices[leg], arrival_s, begin_s, leave_s, setup_s, at_place_s)
        )
        worked_s = drive_s + setup_s + sum(one.duration_s for _, one in course.breaks[leg])
        before_s = drive.visits[-2].departure_s if leg > 0 else departure_s
        waited_s += begin_s - before_s - worked_s
        for window in client.time_windows:
            if window.early_s <= begin_s <= window.late_s:
                keep_room(window.late_s - begin_s + waited_s)
        time_s = leave_s
    return drive


def _latest_departure_s(course: _Course, arrival_s: int) -> int:
    """Last departure that still arrives then; there is one."""
    time_s = arrival_s
    for leg in range(len(course.drive_s) - 1, -1, -1):
        if leg < len(course.clients):
            client = course.clients[leg]
            start_s = latest_start_s(client, time_s - client.service_duration_s)
            assert start_s is not None
            time_s = start_s
        # Without driving between them, each break must be in time by itself.
        begin_s: int | None = None
        for _, one in reversed(course.breaks[leg]):
            late_s = one.late_s if begin_s is None else min(one.late_s, begin_s - one.duration_s)
            begin_s = late_s
            time_s -= one.duration_s
        time_s -= course.drive_s[leg] + course.setup_s[leg]
        if begin_s is not None:
            time_s = min(time_s, begin_s)
    return time_s


def earliest_start_s(client: Client, time_s: int) -> int | None:
    """First moment from `time_s` on at which service may start, or None."""
    if not client.time_windows:
        return time_s
    position = bisect_left(client.time_windows, time_s, key=lambda window: window.late_s)
    if position == len(client.time_windows):
        return None
    return max(time_s, client.time_windows[position].early_s)


def latest_start_s(client: Client, time_s: int) -> int | None:
    """Last moment up to `time_s` at which service may start, or None."""
    if not client.time_windows:
        return time_s
    for window in reversed(client.time_windows):
        if window.early_s <= time_s:
            return min(time_s, window.late_s)
    return None
