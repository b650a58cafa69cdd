"""
The best plan of a tiny problem by trying everything.

Shares no code with the search or its schedules: the shortest duration of a sequence is found by
trying every departure, second by second. Up to about seven clients and shifts of some hundred
seconds.
"""

from dataclasses import dataclass
from itertools import product

from routing.problem import UNREACHABLE, Problem


@dataclass(frozen=True, slots=True, order=True)
class Optimum:
    """Better is larger: fewer required clients missing, then more value."""

    minus_missing: int
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
    missing = sum(c.required and i not in visited for i, c in enumerate(problem.clients))
    worked_s = sum(day.worked_s for day in days)
    distance_m = sum(day.distance_m for day in days)
    price = {p.location_index: p.cost_cents for p in problem.overnight_places}
    active = [k for k, day in enumerate(days) if not day.is_idle]
    nights = 0
    if active:
        for k in range(active[0], active[-1]):
            if problem.shifts[k].end_location is None:
                nights += price[days[k].end]
    value = sum(problem.clients[i].prize_cents for i in visited) - nights
    value -= int(problem.hour_rate_cents * worked_s / 3600 + 0.5)
    value -= int(problem.km_rate_cents * distance_m / 1000 + 0.5)
    return Optimum(-missing, value)


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
        new = _Day(start, end, frozenset(sequence), worked_s, distance_m, travel_s)
        others = efficient.setdefault(new.visited, [])
        if not any(
            old.worked_s <= worked_s and old.distance_m <= distance_m and old.travel_s <= travel_s
            for old in others
        ):
            others.append(new)
    return [day for days in efficient.values() for day in days]


def _sequences(problem, shift_index, start, end, sequence, used):
    yield sequence
    for index in range(len(problem.clients)):
        if index in used or index in sequence:
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
    shift = problem.shifts[shift_index]
    best = None
    for departure_s in range(shift.start_s, shift.end_s + 1):
        time_s = departure_s
        for here, there, index in zip(stops, stops[1:], [*sequence, None], strict=False):
            leg_s = int(problem.duration_s[here, there])
            time_s += leg_s
            if index is not None:
                time_s = _start_s(problem.clients[index], time_s)
                if time_s is None:
                    break
                time_s += problem.clients[index].service_duration_s
        if time_s is None or time_s > shift.end_s:
            break
        if best is None or time_s - departure_s < best:
            best = time_s - departure_s
    return best


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
