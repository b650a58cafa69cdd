"""The cheapest way from start to end without a visit: what every plan is measured against."""

from dataclasses import dataclass
from enum import IntEnum

from routing.errors import NoDirectTripError
from routing.problem import Problem
from routing.schedule import schedule_route
from routing.solution import Route, Solution

_MICROCENTS_PER_CENT = 3_600_000
"""Costs are added in units in which an hour's and a kilometre's rate are whole per s and per m."""


class _Phase(IntEnum):
    """A trip begins with its first shift that goes somewhere and ends with the last one."""

    BEFORE = 0
    UNDER_WAY = 1
    OVER = 2


@dataclass(frozen=True, slots=True, order=True)
class _State:
    """Where one is for the night, and the nights away so far as far as they are limited."""

    place: int
    phase: _Phase
    away: int
    in_a_row: int


@dataclass(frozen=True, slots=True, order=True)
class _Label:
    """A way to have come to where one is: cheapest first, then least driving, then first places."""

    cost: int
    travel_s: int
    ends: tuple[tuple[int, int], ...]


def direct_trip(problem: Problem) -> Solution:
    """
    The cheapest plan without visits.

    Dynamic programming over shifts; a state is the place of the night, whether the trip has begun
    or is over, since nights count only under way, and the nights away so far where they are
    limited. With a limit on driving a state keeps every way that is not both dearer and longer than
    another.

    Raises
    ------
    NoDirectTripError
        When the shifts are too short to get to the end, or the limit on driving is.
    """
    places = sorted({place.location_index for place in problem.overnight_places})
    first = problem.shifts[0].start_location
    assert first is not None
    states: dict[_State, list[_Label]] = {_State(first, _Phase.BEFORE, 0, 0): [_Label(0, 0, ())]}
    for shift_index, shift in enumerate(problem.shifts):
        following: dict[_State, list[_Label]] = {}
        legs: dict[tuple[int, int], Route | None] = {}
        for state, labels in sorted(states.items()):
            start = state.place if shift.start_location is None else shift.start_location
            for end in places if shift.end_location is None else [shift.end_location]:
                if (start, end) not in legs:
                    legs[start, end] = schedule_route(problem, shift_index, start, (), end)
                leg = legs[start, end]
                if leg is None:
                    continue
                drive_cost = 1000 * problem.hour_rate_cents * leg.worked_s
                drive_cost += 3600 * problem.km_rate_cents * leg.distance_m
                night_cost = 0
                if shift.end_location is None:
                    night_cost = _MICROCENTS_PER_CENT * problem.night_cost_cents(end)
                for phase in _phases_after(state.phase, is_idle=leg.is_idle):
                    is_night = phase is _Phase.UNDER_WAY and shift.end_location is None
                    then = _after_night(problem, state, end, phase, is_night)
                    if then is None:
                        continue
                    cost = drive_cost + (night_cost if is_night else 0)
                    bucket = following.setdefault(then, [])
                    for label in labels:
                        _keep_if_efficient(
                            bucket,
                            _Label(
                                label.cost + cost,
                                label.travel_s + leg.travel_s,
                                (*label.ends, (start, end)),
                            ),
                            problem.max_travel_s,
                        )
        states = following
        if not any(states.values()):
            raise NoDirectTripError(_too_short(problem, shift_index))

    # A trip still under way after the last shift would have counted no night too many: the night
    # after the last shift is no night of the trip, and the last end is given.
    best = min(label for labels in states.values() for label in labels)
    routes = []
    for shift_index, (start, end) in enumerate(best.ends):
        route = schedule_route(problem, shift_index, start, (), end)
        assert route is not None
        routes.append(route)
    return Solution(problem, tuple(routes))


def _after_night(
    problem: Problem, state: _State, end: int, phase: _Phase, is_night: bool
) -> _State | None:
    """The state after a shift that ends at a place, or None where that is a night too many."""
    is_away = is_night and problem.is_night_away(end)
    away = state.away + is_away if problem.max_nights is not None else 0
    in_a_row = 0
    if problem.max_nights_in_a_row is not None and is_away:
        in_a_row = state.in_a_row + 1
    if problem.max_nights is not None and away > problem.max_nights:
        return None
    if problem.max_nights_in_a_row is not None and in_a_row > problem.max_nights_in_a_row:
        return None
    return _State(end, phase, away, in_a_row)


def _phases_after(phase: _Phase, is_idle: bool) -> tuple[_Phase, ...]:
    if phase is _Phase.BEFORE:
        if is_idle:
            return (_Phase.BEFORE,)
        return (_Phase.UNDER_WAY, _Phase.OVER)
    if phase is _Phase.UNDER_WAY:
        # A day off under way; or this shift is the last one that goes somewhere.
        return (_Phase.UNDER_WAY,) if is_idle else (_Phase.UNDER_WAY, _Phase.OVER)
    return (_Phase.OVER,) if is_idle else ()


def _keep_if_efficient(bucket: list[_Label], new: _Label, max_travel_s: int | None) -> None:
    """Add a label to those of its state unless another is as cheap and as short."""
    if max_travel_s is not None and new.travel_s > max_travel_s:
        return
    if max_travel_s is None:
        # Nothing but cost and order matters: one label is enough.
        bucket[:] = [min([*bucket, new])]
        return
    if any(old.cost <= new.cost and old.travel_s <= new.travel_s for old in bucket):
        return
    bucket[:] = [
        old for old in bucket if not (new.cost <= old.cost and new.travel_s <= old.travel_s)
    ] + [new]


def _too_short(problem: Problem, shift_index: int) -> str:
    hours = [f"{s.shift_duration_s / 3600:.1f} h" for s in problem.shifts]
    limit = ""
    if problem.max_travel_s is not None:
        limit = f" and a limit of {problem.max_travel_s / 3600:.1f} h of driving"
    if problem.max_nights is not None:
        limit += f" and at most {problem.max_nights} nights away"
    return (
        f"There is no way from start to end within shifts of {', '.join(hours)}{limit}: none gets "
        f"past shift {shift_index + 1}. Lengthen the shifts, allow another one, or offer places "
        "for the night in between."
    )
