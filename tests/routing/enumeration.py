"""
The best plan of a tiny problem by trying everything.

Shares no code with the search or its schedules: the shortest duration of a sequence is found by
trying every departure, second by second. Up to about seven clients and shifts of some hundred
seconds.
"""

from dataclasses import dataclass
from itertools import pairwise, product

from routing.problem import UNREACHABLE, Problem
from routing.solution import Solution


@dataclass(frozen=True, slots=True, order=True)
class Optimum:
    """
    Better is larger: fewer required clients missing, those of high precedence first; then value.
    """

    minus_missing: tuple[int, ...]
    value_cents: int


@dataclass(frozen=True, slots=True)
class _Day:
    """One way to spend one shift."""

    start: int
    end: int
    visited: frozenset[int]
    worked_s: int
    distance_m: int
    travel_s: int

    @property
    def is_idle(self) -> bool:
        return not self.visited and self.start == self.end


def best_plan(problem: Problem) -> Optimum | None:
    """The best there is, or None if not even a plan without visits is feasible."""
    best: Optimum | None = None
    for days in _itineraries(problem, 0, None, frozenset()):
        if not _keeps_nights(problem, days):
            continue
        if problem.max_travel_s is not None and (
            sum(day.travel_s for day in days) > problem.max_travel_s
        ):
            continue
        plan = _judge(problem, days)
        if best is None or plan > best:
            best = plan
    return best


def _judge(problem: Problem, days: tuple[_Day, ...]) -> Optimum:
    visited = frozenset().union(*(day.visited for day in days))
    missing = [
        sum(
            c.required and c.precedence == level and i not in visited
            for i, c in enumerate(problem.clients)
        )
        for level in (3, 2, 1, 0)
    ]
    worked_s = sum(day.worked_s for day in days)
    distance_m = sum(day.distance_m for day in days)
    price = {p.location_index: p.cost_cents for p in reversed(problem.overnight_places)}
    nights = sum(price[place] for place in _nights(problem, days))
    value = -nights
    for k, day in enumerate(days):
        for i in day.visited:
            client = problem.clients[i]
            value += (
                client.shift_prizes_cents[k] if client.shift_prizes_cents else (client.prize_cents)
            )
    value -= int(problem.hour_rate_cents * worked_s / 3600 + 0.5)
    value -= int(problem.km_rate_cents * distance_m / 1000 + 0.5)
    return Optimum(tuple(-number for number in missing), value)


def _nights(problem: Problem, days: tuple[_Day, ...]) -> list[int]:
    """Where the chosen nights under way are spent."""
    active = [k for k, day in enumerate(days) if not day.is_idle]
    if not active:
        return []
    return [
        days[k].end for k in range(active[0], active[-1]) if problem.shifts[k].end_location is None
    ]


def _keeps_nights(problem: Problem, days: tuple[_Day, ...]) -> bool:
    homes = {p.location_index for p in problem.overnight_places if p.is_home}
    active = [k for k, day in enumerate(days) if not day.is_idle]
    away = [
        bool(active)
        and active[0] <= k < active[-1]
        and problem.shifts[k].end_location is None
        and days[k].end not in homes
        for k in range(len(days) - 1)
    ]
    runs = "".join("x" if one else " " for one in away).split()
    return (problem.max_nights is None or sum(away) <= problem.max_nights) and (
        problem.max_nights_in_a_row is None
        or max(map(len, runs), default=0) <= problem.max_nights_in_a_row
    )


def _itineraries(problem, shift_index, place, used):
    if shift_index == len(problem.shifts):
        yield ()
        return
    shift = problem.shifts[shift_index]
    start = place if shift.start_location is None else shift.start_location
    ends = [shift.end_location]
    if shift.end_location is None:
        ends = sorted({p.location_index for p in problem.overnight_places})
    for end in ends:
        for day in _days(problem, shift_index, start, end, used):
            for rest in _itineraries(problem, shift_index + 1, end, used | day.visited):
                yield (day, *rest)


def _days(problem, shift_index, start, end, used):
    """Ways to spend a shift, without those that another with the same visits beats in all."""
    efficient: dict[frozenset[int], list[_Day]] = {}
    for sequence in _sequences(problem, shift_index, start, end, (), used):
        stops = [start, *(problem.clients[i].location_index for i in sequence), end]
        legs = [(stops[k], stops[k + 1]) for k in range(len(stops) - 1)]
        travel_s = sum(int(problem.duration_s[leg]) for leg in legs)
        worked_s = shortest_worked_s(problem, shift_index, stops, sequence)
        if worked_s is None:
            continue
        distance_m = sum(int(problem.distance_m[leg]) for leg in legs)
        if not keeps_limits(problem, stops, shift_index):
            continue
        new = _Day(start, end, frozenset(sequence), worked_s, distance_m, travel_s)
        others = efficient.setdefault(new.visited, [])
        if not any(
            old.worked_s <= worked_s and old.distance_m <= distance_m and old.travel_s <= travel_s
            for old in others
        ):
            others.append(new)
    return [day for days in efficient.values() for day in days]


def keeps_limits(problem, stops, shift_index):
    shift = problem.shifts[shift_index]
    legs = list(pairwise(stops))
    return (
        (shift.max_visits is None or len(stops) - 2 <= shift.max_visits)
        and (
            shift.max_travel_s is None
            or sum(int(problem.duration_s[leg]) for leg in legs) <= shift.max_travel_s
        )
        and (
            shift.max_distance_m is None
            or sum(int(problem.distance_m[leg]) for leg in legs) <= shift.max_distance_m
        )
    )


def _sequences(problem, shift_index, start, end, sequence, used):
    yield sequence
    for index in range(len(problem.clients)):
        if index in used or index in sequence:
            continue
        group = problem.clients[index].group
        if group is not None and any(
            problem.clients[other].group == group for other in used.union(sequence)
        ):
            continue
        longer = (*sequence, index)
        if _earliest_end_s(problem, shift_index, start, longer) is not None:
            yield from _sequences(problem, shift_index, start, end, longer, used)


def _earliest_end_s(problem, shift_index, start, sequence):
    """When the last service of a sequence ends, leaving at once; None if too late."""
    time_s = problem.shifts[shift_index].start_s
    here = start
    for index in sequence:
        client = problem.clients[index]
        leg_s = int(problem.duration_s[here, client.location_index])
        if leg_s >= UNREACHABLE:
            return None
        time_s = _start_s(client, time_s + leg_s)
        if time_s is None:
            return None
        time_s += client.service_duration_s
        here = client.location_index
    return time_s if time_s <= problem.shifts[shift_index].end_s else None


def _start_s(client, arrival_s):
    if not client.time_windows:
        return arrival_s
    starts = [max(w.early_s, arrival_s) for w in client.time_windows if w.late_s >= arrival_s]
    return min(starts, default=None)


def shortest_worked_s(problem, shift_index, stops, sequence):
    """
    The least paid time over every departure, and every moment of it at which breaks could start.

    Second by second, a state is how much of the leg has been driven and which breaks were had.
    """
    shift = problem.shifts[shift_index]
    if not sequence and stops[0] == stops[-1]:
        return 0
    best = None
    for departure_s in range(shift.start_s, shift.end_s + 1):
        had = sum(1 for one in shift.breaks if one.early_s + one.duration_s <= departure_s)
        for first in range(had + 1):
            for arrival_s, paid_s in _arrivals(problem, shift, stops, sequence, departure_s, first):
                if arrival_s <= shift.end_s and (best is None or paid_s < best):
                    best = paid_s
    return best


def _arrivals(problem, shift, stops, sequence, departure_s, first_break):
    """(arrival, paid time) of every way to take breaks from `first_break` on or after arriving."""
    ways = [(departure_s, first_break, 0)]
    for here, there, index in zip(stops, stops[1:], [*sequence, None], strict=False):
        busy_s = int(problem.duration_s[here, there])
        if index is not None and here != there:
            busy_s += problem.clients[index].setup_duration_s
        following = set()
        for time_s, had, off_s in ways:
            following |= _ways_through_leg(shift, time_s, busy_s, had, off_s)
        ways = []
        for time_s, had, off_s in following:
            if index is not None:
                time_s = _start_s(problem.clients[index], time_s)
                if time_s is None:
                    continue
                time_s += problem.clients[index].service_duration_s
            ways.append((time_s, had, off_s))
    for time_s, had, off_s in ways:
        if all(time_s <= one.late_s for one in shift.breaks[had:]):
            yield time_s, time_s - departure_s - off_s


def _ways_through_leg(shift, time_s, busy_s, had, off_s):
    """Every (end, breaks had, time off) of a leg, its next breaks begun at any moment in it."""
    ways = {(time_s + busy_s, had, off_s)}
    if had < len(shift.breaks):
        one = shift.breaks[had]
        for start_s in range(max(time_s, one.early_s), one.late_s + 1):
            left_s = max(busy_s - (start_s - time_s), 0)
            end_s = start_s + one.duration_s
            ways |= _ways_through_leg(shift, end_s, left_s, had + 1, off_s + one.duration_s)
    return ways


def all_plans_without_visits(problem: Problem) -> list[Optimum]:
    """Every chain of places for the nights, judged; for `direct_trip`."""
    places = sorted({p.location_index for p in problem.overnight_places})
    choices = [[s.end_location] if s.end_location is not None else places for s in problem.shifts]
    plans = []
    for ends in product(*choices):
        days = []
        place = problem.shifts[0].start_location
        for shift, end in zip(problem.shifts, ends, strict=True):
            start = place if shift.start_location is None else shift.start_location
            leg_s = int(problem.duration_s[start, end])
            if leg_s > shift.end_s - shift.start_s:
                break
            days.append(
                _Day(start, end, frozenset(), leg_s, int(problem.distance_m[start, end]), leg_s)
            )
            place = end
        else:
            travel_s = sum(day.travel_s for day in days)
            if problem.max_travel_s is None or travel_s <= problem.max_travel_s:
                plans.append(_judge(problem, tuple(days)))
    return plans


def optimum_of(solution: Solution) -> Optimum:
    """What a solution reaches, in the terms of the enumeration."""
    missing = [solution.problem.clients[i].precedence for i in solution.missing_required]
    return Optimum(tuple(-missing.count(level) for level in (3, 2, 1, 0)), solution.value_cents)
