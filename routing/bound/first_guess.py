"""
What can be said before any route is priced: the shifts as one bag of hours.

Every visit takes its service and half of a leg on either side, and the hours of all shifts hold no
more than so many: a fractional knapsack. It bounds every plan at once, and its price of an hour
says what a visit is worth beside the others, which is where the duals start.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.bound.ground import NEVER_S, Ground
from routing.bound.master import Duals
from routing.bound.network import Network
from routing.bound.shift_kinds import ShiftKind

NEAR = 4
"""How many legs to neighbours stand for the leg that a visit will take."""


class _Worth(NamedTuple):
    """Hours that visits take and what they bring beyond the cost of these, by unit."""

    needs_s: NDArray[np.float64]
    value: NDArray[np.float64]


def bag_bound(ground: Ground, kinds: tuple[ShiftKind, ...]) -> float:
    """No plan is worth more than this."""
    n = len(ground.client_of)
    if n == 0:
        return 0.0
    in_s, out_s = _without_own(ground.leg_s, n)
    in_m, out_m = _without_own(ground.distance_m, n)
    needs_s = ground.service_s + (in_s.min(axis=0) + out_s.min(axis=1)) / 2
    driven_m = (in_m.min(axis=0) + out_m.min(axis=1)) / 2
    prize = np.max([kind.prize_cents for kind in kinds], axis=0)
    worth = _by_unit(
        ground, needs_s, prize - ground.hour_rate * needs_s - ground.km_rate * driven_m
    )
    left_s = sum(kind.forward.horizon_s * len(kind.shifts) for kind in kinds)
    total = float(worth.value[worth.value < 0][ground.is_unit_required[worth.value < 0]].sum())
    for unit in np.argsort(-worth.value / np.maximum(worth.needs_s, 1e-9), kind="stable"):
        if worth.value[unit] <= 0 or left_s <= 0:
            break
        share = min(1.0, left_s / max(worth.needs_s[unit], 1e-9))
        total += share * float(worth.value[unit])
        left_s -= float(worth.needs_s[unit])
    return total


def first_duals(ground: Ground, kinds: tuple[ShiftKind, ...], network: Network) -> Duals:
    """Duals of the units: what a visit brings beyond the price of the time it is likely to take."""
    n = len(ground.client_of)
    units = np.zeros(ground.units)
    if n > 1:
        both_s = ground.leg_s[:n, :n] + ground.leg_s[:n, :n].T
        both_m = ground.distance_m[:n, :n] + ground.distance_m[:n, :n].T
        np.fill_diagonal(both_s, np.inf)
        near = np.argsort(both_s, axis=1, kind="stable")[:, : min(NEAR, n - 1)]
        leg_s = np.minimum(np.take_along_axis(both_s, near, axis=1), NEVER_S).mean(axis=1) / 2
        leg_m = np.take_along_axis(both_m, near, axis=1).mean(axis=1) / 2
        needs_s = np.maximum(ground.service_s + leg_s, 1.0)
        prize = np.max([kind.prize_cents for kind in kinds], axis=0)
        value = prize - ground.hour_rate * needs_s - ground.km_rate * leg_m
        rate = value / needs_s
        order = np.argsort(-rate, kind="stable")
        used_s = np.cumsum(needs_s[order])
        last = min(int(np.searchsorted(used_s, _free_s(kinds))), n - 1)
        price = max(float(rate[order[last]]), 0.0)
        np.maximum.at(units, ground.unit_of, np.maximum(value - price * needs_s, 0.0))
    return Duals(units, np.zeros(len(network.supply) + 1), np.zeros(len(network.limits)), 0.0)


def _free_s(kinds: tuple[ShiftKind, ...]) -> float:
    """Time of all shifts beside breaks and the way from start to end."""
    free_s = 0.0
    for kind in kinds:
        graph = kind.forward
        way_s = float(np.minimum(graph.leg_s[np.ix_(graph.starts, graph.ends)], 0.5e9).mean())
        one_s = graph.horizon_s - float(graph.break_s.sum()) - way_s
        free_s += len(kind.shifts) * max(one_s, 0.0)
    return free_s


def _without_own(
    matrix: NDArray[np.float64], n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Legs to and from the first n rows, those from a row to itself left out."""
    others = matrix.copy()
    np.fill_diagonal(others, np.inf)
    return others[:, :n], others[:n]


def _by_unit(ground: Ground, needs_s: NDArray[np.float64], value: NDArray[np.float64]) -> _Worth:
    """The least time and the most value of the clients of each unit."""
    least_s, most = np.full(ground.units, np.inf), np.full(ground.units, -np.inf)
    np.minimum.at(least_s, ground.unit_of, needs_s)
    np.maximum.at(most, ground.unit_of, value)
    return _Worth(least_s, most)
