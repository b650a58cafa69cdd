"""Small random problems with all their plans, one of which is explained."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, permutations, product

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from routing.explain import Explanation, explain
from routing.problem import (
    UNREACHABLE,
    Break,
    Client,
    OvernightPlace,
    Problem,
    Shift,
    TimeWindow,
)
from routing.reasons import FixKind, Reason
from routing.schedule import schedule_route
from routing.solution import Route, Solution
from tests.routing.tiny import random_week

DAY_S = 86400
Sequences = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Case:
    """A problem, all its feasible plans, and one of them explained."""

    problem: Problem
    plans: tuple[Solution, ...]
    given: Solution
    explanation: Explanation
    is_metric: bool

    @property
    def reasons(self) -> Iterator[tuple[int, Reason]]:
        return ((why.client_index, r) for why in self.explanation.left_out for r in why.reasons)


def all_plans(problem: Problem) -> tuple[Solution, ...]:
    """Every plan that fits, with the schedules of `schedule_route`."""
    known: dict[tuple[int, int, tuple[int, ...], int], Route | None] = {}

    def route(k: int, start: int, sequence: tuple[int, ...], end: int) -> Route | None:
        key = (k, start, sequence, end)
        if key not in known:
            known[key] = schedule_route(problem, *key)
        return known[key]

    plans = []
    for ends in _all_ends(problem):
        for sequences in _all_sequences(len(problem.clients), len(problem.shifts)):
            routes = [
                route(k, start, sequence, end)
                for k, ((start, end), sequence) in enumerate(zip(ends, sequences, strict=True))
            ]
            if None not in routes:
                solution = Solution(problem, tuple(r for r in routes if r is not None))
                if keeps_rules(solution):
                    plans.append(solution)
    return tuple(plans)


def keeps_rules(solution: Solution) -> bool:
    """Whether routes that fit each by itself do so together."""
    problem = solution.problem
    groups = [problem.clients[i].group for i in solution.visited]
    grouped = [group for group in groups if group is not None]
    if len(set(grouped)) < len(grouped):
        return False
    if problem.max_travel_s is not None and solution.travel_s > problem.max_travel_s:
        return False
    return keeps_nights(solution)


def keeps_nights(solution: Solution) -> bool:
    """Nights away, as a string of days: `x` for one that limits count, a space for any other."""
    problem = solution.problem
    homes = {p.location_index for p in problem.overnight_places if p.is_home}
    active = [k for k, route in enumerate(solution.routes) if not route.is_idle]
    nights = "".join(
        "x" if shift.end_location is None and route.end_location not in homes else " "
        for shift, route in zip(problem.shifts, solution.routes, strict=True)
    )
    under_way = nights[active[0] : active[-1]] if active else ""
    longest = max(map(len, under_way.split()), default=0)
    return (problem.max_nights is None or under_way.count("x") <= problem.max_nights) and (
        problem.max_nights_in_a_row is None or longest <= problem.max_nights_in_a_row
    )


def _all_ends(problem: Problem) -> Iterator[list[tuple[int, int]]]:
    inns = [place.location_index for place in problem.overnight_places]
    choices = [inns if s.end_location is None else [s.end_location] for s in problem.shifts]
    first = problem.shifts[0].start_location
    assert first is not None
    for chosen in product(*choices):
        starts = [first]
        starts += [
            last if shift.start_location is None else shift.start_location
            for last, shift in zip(chosen, problem.shifts[1:], strict=False)
        ]
        yield list(zip(starts, chosen, strict=True))


def _all_sequences(clients: int, shifts: int) -> Iterator[Sequences]:
    for size in range(clients + 1):
        for order in permutations(range(clients), size):
            for cuts in product(range(size + 1), repeat=shifts - 1):
                if list(cuts) == sorted(cuts):
                    edges = (0, *cuts, size)
                    yield tuple(order[a:b] for a, b in pairwise(edges))


@st.composite
def problems(draw: st.DrawFn) -> tuple[Problem, bool]:
    shifts_count = draw(st.integers(1, 2))
    clients_count = draw(st.integers(1, 5 if shifts_count == 1 else 4))
    inns_count = draw(st.integers(1, 2))
    size = 2 + inns_count + clients_count
    is_metric = draw(st.booleans())
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    if is_metric:
        xy = random.integers(0, 25, (size, 2))
        minutes = np.abs(xy[:, np.newaxis] - xy).sum(axis=2)
    else:
        minutes = random.integers(1, 40, (size, size))
        np.fill_diagonal(minutes, 0)
    duration_s = minutes * 60
    distance_m = duration_s * 20
    if not is_metric:
        no_road = (random.random((size, size)) < 0.08) & ~np.eye(size, dtype=bool)
        duration_s[no_road] = UNREACHABLE
        distance_m[no_road] = UNREACHABLE
    end = draw(st.sampled_from([0, 1]))
    is_team = shifts_count == 2 and draw(st.booleans())
    is_free = shifts_count == 2 and not is_team and draw(st.booleans())
    shifts = []
    for k in range(shifts_count):
        start_s = 0 if is_team else k * DAY_S
        length_s = 60 * draw(st.integers(45, 130))
        is_last = k == shifts_count - 1
        shifts.append(
            Shift(
                start_s,
                start_s + length_s,
                0 if k == 0 else None if is_free else end,
                end if is_last or not is_free else None,
            )
        )
    clients = []
    for index in range(clients_count):
        moments = st.integers(-600, 8400)
        edges = draw(st.lists(moments, min_size=4, max_size=4, unique=True).map(sorted))
        day_s = draw(st.sampled_from([shift.start_s for shift in shifts]))
        windows = [TimeWindow(day_s + edges[k], day_s + edges[k + 1]) for k in (0, 2)]
        clients.append(
            Client(
                2 + inns_count + index,
                60 * draw(st.integers(0, 40)),
                100 * draw(st.integers(0, 80)),
                draw(st.sampled_from([False, False, False, True])),
                tuple(windows[: draw(st.integers(0, 2))]),
            )
        )
    # The first place for the night may be the start itself: then days may pass there, unpaid.
    inns = [draw(st.sampled_from([0, 2])), 3]
    problem = Problem(
        tuple(clients),
        tuple(shifts),
        duration_s,
        distance_m,
        tuple(OvernightPlace(inns[k], 1000 * (k + 1)) for k in range(inns_count)),
        draw(st.sampled_from([0, 4500])),
        draw(st.sampled_from([0, 30])),
        draw(st.none() | st.integers(20, 160).map(lambda minute: 60 * minute)),
    )
    return problem, is_metric


@st.composite
def cases(draw: st.DrawFn) -> Case:
    problem, is_metric = draw(problems())
    return draw(_explained(problem, is_metric))


@st.composite
def weeks(draw: st.DrawFn) -> Problem:
    """A problem of `random_week` in minutes, so that fixes in whole minutes are of its size."""
    seed = draw(st.integers(0, 10**6))
    return in_minutes(random_week(seed, clients=3 if seed % 4 == 3 else 4))


@st.composite
def week_cases(draw: st.DrawFn) -> Case:
    # Shared setups make a visit easier after another one: nothing here is metric.
    return draw(_explained(draw(weeks()), is_metric=False))


any_cases = st.one_of(cases(), week_cases())


@st.composite
def _explained(draw: st.DrawFn, problem: Problem, is_metric: bool) -> Case:
    plans = all_plans(problem)
    assume(plans)
    # The best plan half of the time: it is what a search would hand over.
    best = max(plans, key=lambda plan: plan.quality)
    given = draw(st.just(best) | st.sampled_from(plans))
    return Case(problem, plans, given, explain(problem, given), is_metric)


def in_minutes(problem: Problem) -> Problem:
    """The problem with a minute for every second, and as much costing as much."""

    def window(early_s: int, late_s: int) -> tuple[int, int]:
        return 60 * early_s, 60 * late_s

    return replace(
        problem,
        clients=tuple(
            replace(
                client,
                service_duration_s=60 * client.service_duration_s,
                setup_duration_s=60 * client.setup_duration_s,
                time_windows=tuple(
                    TimeWindow(*window(w.early_s, w.late_s)) for w in client.time_windows
                ),
            )
            for client in problem.clients
        ),
        shifts=tuple(
            replace(
                shift,
                start_s=60 * shift.start_s,
                end_s=60 * shift.end_s,
                max_travel_s=None if shift.max_travel_s is None else 60 * shift.max_travel_s,
                breaks=tuple(
                    Break(60 * one.duration_s, *window(one.early_s, one.late_s))
                    for one in shift.breaks
                ),
            )
            for shift in problem.shifts
        ),
        duration_s=60 * problem.duration_s,
        hour_rate_cents=problem.hour_rate_cents // 60,
        max_travel_s=None if problem.max_travel_s is None else 60 * problem.max_travel_s,
    )


def with_sequences(solution: Solution, sequences: Sequences) -> Solution | None:
    """The plan with these visits and the nights it has, or None where they do not fit."""
    problem, routes = solution.problem, []
    for k, (route, sequence) in enumerate(zip(solution.routes, sequences, strict=True)):
        new = schedule_route(problem, k, route.start_location, sequence, route.end_location)
        if new is None:
            return None
        routes.append(new)
    changed = Solution(problem, tuple(routes))
    return changed if keeps_rules(changed) else None


def sequences_of(solution: Solution) -> Sequences:
    return tuple(tuple(v.client_index for v in route.visits) for route in solution.routes)


def without(sequences: Sequences, *clients: int) -> Sequences:
    return tuple(tuple(i for i in sequence if i not in clients) for sequence in sequences)


def insertions(solution: Solution, sequences: Sequences, client: int) -> Iterator[Solution]:
    """The plans with these visits and the client in any gap, as far as they fit."""
    for k, sequence in enumerate(sequences):
        for gap in range(len(sequence) + 1):
            longer = (*sequence[:gap], client, *sequence[gap:])
            changed = with_sequences(solution, (*sequences[:k], longer, *sequences[k + 1 :]))
            if changed is not None:
                yield changed


def room_s(problem: Problem, shift: int, side: FixKind) -> int:
    """How far a shift may reach without touching another or growing beyond a day."""
    one = problem.shifts[shift]
    if side is FixKind.START_EARLIER:
        gaps = [one.start_s - other.end_s for other in problem.shifts]
    else:
        gaps = [other.start_s - one.end_s for other in problem.shifts]
    spare_s = max(DAY_S - one.shift_duration_s, 0)
    return min([spare_s, *(gap for gap in gaps if gap >= 0)])


def stretched(solution: Solution, shift: int, side: FixKind, amount_s: int) -> Solution:
    """The plan in a problem with one shift made longer."""
    shifts = list(solution.problem.shifts)
    if side is FixKind.START_EARLIER:
        shifts[shift] = replace(shifts[shift], start_s=shifts[shift].start_s - amount_s)
    else:
        shifts[shift] = replace(shifts[shift], end_s=shifts[shift].end_s + amount_s)
    return Solution(replace(solution.problem, shifts=tuple(shifts)), solution.routes)


def fixed(solution: Solution, reason: Reason, less_s: int = 0) -> Solution:
    """The plan in the problem changed as advised."""
    problem, fix = solution.problem, reason.fix
    assert fix is not None
    if fix.kind is FixKind.RAISE_TRAVEL_LIMIT:
        assert problem.max_travel_s is not None
        assert fix.amount_s is not None
        raised_s = problem.max_travel_s + fix.amount_s - less_s
        return Solution(replace(problem, max_travel_s=raised_s), solution.routes)
    assert fix.shift_index is not None
    shift = problem.shifts[fix.shift_index]
    if fix.kind in (FixKind.START_EARLIER, FixKind.END_LATER):
        assert fix.amount_s is not None
        assert fix.amount_s % 60 == 0
        assert fix.amount_s <= room_s(problem, fix.shift_index, fix.kind)
        return stretched(solution, fix.shift_index, fix.kind, fix.amount_s - less_s)
    if fix.kind is FixKind.RAISE_MAX_VISITS:
        assert shift.max_visits is not None
        assert fix.amount_visits is not None
        shift = replace(shift, max_visits=shift.max_visits + fix.amount_visits)
    elif fix.kind is FixKind.RAISE_DRIVE_LIMIT:
        assert shift.max_travel_s is not None
        assert fix.amount_s is not None
        shift = replace(shift, max_travel_s=shift.max_travel_s + fix.amount_s)
    elif fix.kind is FixKind.RAISE_DISTANCE_LIMIT:
        assert shift.max_distance_m is not None
        assert fix.amount_m is not None
        shift = replace(shift, max_distance_m=shift.max_distance_m + fix.amount_m)
    else:
        assert fix.break_index is not None
        assert fix.amount_s is not None
        breaks = list(shift.breaks)
        one = breaks[fix.break_index]
        if fix.kind is FixKind.SHORTEN_BREAK:
            one = replace(one, duration_s=one.duration_s - fix.amount_s)
        else:
            assert fix.kind is FixKind.MOVE_BREAK
            one = replace(one, early_s=one.early_s + fix.amount_s, late_s=one.late_s + fix.amount_s)
        breaks[fix.break_index] = one
        shift = replace(shift, breaks=tuple(breaks))
    shifts = list(problem.shifts)
    shifts[fix.shift_index] = shift
    return Solution(replace(problem, shifts=tuple(shifts)), solution.routes)
