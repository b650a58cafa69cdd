"""Plans to start from: places for the nights, and first visits put in greedily."""

from typing import NamedTuple

import numpy as np

from routing.search.arrays import NEVER_S, NO_LIMIT_S, Arrays
from routing.search.loop import construct
from routing.search.plan import UNVISITED, Plan
from routing.solution import Solution

Terminals = list[tuple[int, int]]
"""Rows where each shift starts and ends."""


_Way = tuple[float, Terminals]
"""What a chain of places is thought to be worth, and the chain."""


class _Stage(NamedTuple):
    """Row of the place for a night, and the nights away so far as far as they are limited."""

    row: int
    away: int
    in_a_row: int


def terminals_of(arrays: Arrays, solution: Solution) -> Terminals:
    """Rows of the terminals of a solution's routes."""
    n = len(arrays.service_s)
    row_of = {int(x): n + i for i, x in enumerate(arrays.location_of[n:])}
    return [(row_of[r.start_location], row_of[r.end_location]) for r in solution.routes]


def set_plan(plan: Plan, terminals: Terminals, visits: list[list[int]]) -> None:
    """Make the plan hold the given visits (rows), with nothing known about times yet."""
    plan.shift_of[:] = UNVISITED
    for shift, ((start, end), rows) in enumerate(zip(terminals, visits, strict=True)):
        plan.visits[shift] = len(rows)
        plan.stop[shift, : len(rows) + 2] = [start, *rows, end]
        plan.shift_of[rows] = shift
        plan.position_of[rows] = np.arange(1, len(rows) + 1)
    plan.is_touched[:] = False


def promising_nights(arrays: Arrays, terminals: Terminals, count: int) -> list[Terminals]:
    """
    Nights between which many prizes lie on the way, by dynamic programming over places.

    The prize of a shift between two places is guessed as the sum over all clients, each counted
    by the share of the spare time that its detour leaves.

    Parameters
    ----------
    count
        How many chains of places are wanted; there may be fewer, or none.

    Returns
    -------
    list[Terminals]
        The most promising first.
    """
    ways: dict[_Stage, list[_Way]] = {_Stage(terminals[0][0], 0, 0): [(0.0, [])]}
    guesses: dict[tuple[int, int, int], float] = {}
    for shift in range(len(terminals)):
        following: dict[_Stage, list[_Way]] = {}
        for stage, found in ways.items():
            place = stage.row
            if shift > 0 and not arrays.is_night_chosen[shift - 1]:
                place = terminals[shift][0]
            if arrays.is_night_chosen[shift]:
                ends = [int(row) for row in arrays.places]
            else:
                ends = [terminals[shift][1]]
            for end in ends:
                key = (place, end, shift)
                if key not in guesses:
                    guesses[key] = _guess_prize(arrays, place, end, shift)
                then = _next_stage(arrays, stage, end, shift)
                if then is not None and guesses[key] > -np.inf:
                    following.setdefault(then, []).extend(
                        (worth + guesses[key], [*way, (place, end)]) for worth, way in found
                    )
        ways = {stage: _best(found, count) for stage, found in following.items()}
    best = _best([way for found in ways.values() for way in found], count)
    return [way for _, way in best]


def _best(ways: list[_Way], count: int) -> list[_Way]:
    return sorted(ways, key=lambda way: (-way[0], way[1]))[:count]


def _next_stage(arrays: Arrays, stage: _Stage, end: int, shift: int) -> _Stage | None:
    """Where one is after a shift, or None if that is a night too many."""
    is_away = bool(arrays.is_night_chosen[shift] and arrays.is_away[end])
    away = in_a_row = 0
    if arrays.max_nights < NO_LIMIT_S:
        away = stage.away + is_away
    if arrays.max_nights_in_a_row < NO_LIMIT_S and is_away:
        in_a_row = stage.in_a_row + 1
    if away > arrays.max_nights or in_a_row > arrays.max_nights_in_a_row:
        return None
    return _Stage(end, away, in_a_row)


def _guess_prize(arrays: Arrays, start: int, end: int, shift: int) -> float:
    n = len(arrays.service_s)
    hours_s = int(arrays.shift_end_s[shift] - arrays.shift_start_s[shift])
    direct_s = int(arrays.travel_s[start, end])
    if direct_s > hours_s:
        return -np.inf
    through_s = (
        arrays.travel_s[start, :n].astype(np.int64) + arrays.travel_s[:n, end] + arrays.service_s
    )
    fits = (through_s <= hours_s) & (arrays.closes_s[shift] > NEVER_S)
    share = 1.0 - (through_s - direct_s) / (hours_s - direct_s + 1.0)
    cost = arrays.night_cents[end] if arrays.is_night_chosen[shift] else 0
    return float((arrays.prize_cents[shift] * share)[fits].sum() - cost)


def construct_greedily(arrays: Arrays, plan: Plan, terminals: Terminals) -> None:
    """Try several greedy rules between given terminals; the best plan is recorded."""
    nothing: list[list[int]] = [[] for _ in terminals]
    for blend in (0.5, 1.0, 0.0):
        for power in range(3):
            set_plan(plan, terminals, nothing)
            construct(arrays, plan, blend, power)
