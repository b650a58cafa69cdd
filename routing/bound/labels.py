"""What compiled labelling works with: prices, labels and bounds on how labels can be completed."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.bound.shift_kinds import BUCKETS, ShiftGraph

READY, AT, STILL = 0, 1, 2
"""Columns of `Labels.value`: see there."""

ROW, PARENT, NEXT, HAD, START, STATE, ALIKE = range(7)
"""Columns of `Labels.link`: see there."""

WAITING, EXTENDED, DOMINATED = range(3)
"""States of a label."""

BEST_ONLY, BY_MEMORY, BY_SET = range(3)
"""
How labels are compared. Of those at a client after so many breaks,

- `BEST_ONLY` keeps one in a stretch of time: quick, but routes may be missed;
- `BY_MEMORY` drops one if another is as good and remembers no more: the best routes stay;
- `BY_SET` drops one if another is as good and has visited the same: every route stays that a best
  plan may need.
"""

HASHES = 1 << 17
"""Into how many lists labels are sorted by their visits."""

TIE = 1e-7
"""Cents by which a label may be better than one that dominates it. Sums of the same amounts in
another order differ by less; `ROUNDING_CENTS` in the bound makes up for it."""


class Prices(NamedTuple):
    """
    What parts of a route are worth at given duals, in cents.

    Parameters
    ----------
    gain
        (n,) float64, prize of a client less its dual.
    cost
        (m, m) float64, of a leg, without the hours it takes.
    net
        (m, n) float64, gain of a client less the leg to it from a row and the hours of both.
    start_value, end_value
        Of leaving a start and reaching an end, in the order of the graph's.
    active
        (a,) int64, clients that a route may gain by.
    near
        (n, k) int64, those of them that a client is followed by; without columns any may follow.
    """

    gain: NDArray[np.float64]
    cost: NDArray[np.float64]
    net: NDArray[np.float64]
    start_value: NDArray[np.float64]
    end_value: NDArray[np.float64]
    active: NDArray[np.int64]
    near: NDArray[np.int64]


class Memory(NamedTuple):
    """
    Which units a route remembers at which client (ng-sets, Baldacci, Mingozzi, Roberti 2011).

    Parameters
    ----------
    kept
        (n, w) uint64, bits of the units remembered at a client.
    """

    kept: NDArray[np.uint64]


class Labels(NamedTuple):
    """
    Partial routes.

    A partial route is complete at any time from `ready` on, with paid time max(duration, time -
    late): it may start later, up to `late`, but not work less than `duration`. With the value v it
    has collected and an hour rate c, it is worth v - c duration if it is complete early, and v + c
    late - c time if late.

    Parameters
    ----------
    value
        (l, 3) float64: ready, v - c duration (`AT`), v + c late (`STILL`).
    memory
        (l, w) uint64, bits of units that must not be visited again.
    used
        (l, 3) float64, visits, driving and metres; one row where no limit counts them.
    link
        (l, 7) int32: row where the partial route ends, label it extends, next label in the same
        list, breaks had, number of its start, state, next label with the same hash.
    head, top, low
        (n (b + 1), BUCKETS), first label in the list of a client, of breaks had and of a stretch of
        time, and bounds on `AT` of those in the list.
    of_hash
        (h,) int32, first label of those whose client and visits have a hash; for `BY_SET` alone.
    done_value, done_label
        (m, e) best complete routes by last row and end.
    pair_value, pair_label
        (s, e) the same by start and end.
    rest
        (1,) upper bound on what is left out by a limit on labels.
    """

    value: NDArray[np.float64]
    memory: NDArray[np.uint64]
    used: NDArray[np.float64]
    link: NDArray[np.int32]
    head: NDArray[np.int32]
    top: NDArray[np.float64]
    low: NDArray[np.float64]
    of_hash: NDArray[np.int32]
    done_value: NDArray[np.float64]
    done_label: NDArray[np.int32]
    pair_value: NDArray[np.float64]
    pair_label: NDArray[np.int32]
    rest: NDArray[np.float64]


class Onward(NamedTuple):
    """
    The most that a walk on can gain, by client and breaks had and by stretch of time.

    Parameters
    ----------
    best, second
        (n (b + 1), k) float64: the most, and the most by another client next than `follower`.
    follower
        (n (b + 1), k) int32, the client visited next for `best`; -1 for going to an end.
    """

    best: NDArray[np.float64]
    second: NDArray[np.float64]
    follower: NDArray[np.int32]


class Completion(NamedTuple):
    """
    The most that a partial route can still gain: bounds beyond `AT` and beyond `STILL`.

    Parameters
    ----------
    unpaid
        Beyond `AT`: no waiting is paid.
    paid
        Beyond `STILL`: all hours from the start of the shift on are paid. Without stretches of
        time where hours cost nothing.
    step_s
        Length of a stretch of time.
    """

    unpaid: Onward
    paid: Onward
    step_s: float


def new_labels(graphs: Sequence[ShiftGraph], words: int, capacity: int) -> Labels:
    """
    Work space that serves any of some graphs.

    Pages of it take memory only when there are as many labels.
    """
    m = len(graphs[0].leg_s)
    lists = max(len(g.service_s) * (len(g.break_s) + 1) for g in graphs)
    starts, ends = max(len(g.starts) for g in graphs), max(len(g.ends) for g in graphs)
    return Labels(
        value=np.empty((capacity, 3)),
        memory=np.empty((capacity, words), dtype=np.uint64),
        used=np.empty((capacity if any(g.has_limits for g in graphs) else 1, 3)),
        link=np.empty((capacity, 7), dtype=np.int32),
        head=np.empty((lists, BUCKETS + 1), dtype=np.int32),
        top=np.empty((lists, BUCKETS + 1)),
        low=np.empty((lists, BUCKETS + 1)),
        of_hash=np.empty(HASHES, dtype=np.int32),
        done_value=np.empty((m, ends)),
        done_label=np.empty((m, ends), dtype=np.int32),
        pair_value=np.empty((starts, ends)),
        pair_label=np.empty((starts, ends), dtype=np.int32),
        rest=np.empty(1),
    )


def new_completion(graph: ShiftGraph, steps: int) -> Completion:
    """Room for bounds over so many stretches of time; without any where they would be too long."""
    step_s = graph.horizon_s / max(steps, 1)
    columns = steps + 1 if steps > 0 and step_s <= graph.longest_step_s else 0
    rows = len(graph.service_s) * (len(graph.break_s) + 1)
    return Completion(
        _new_onward(rows, columns),
        _new_onward(rows, columns if graph.hour_rate > 0 else 0),
        step_s,
    )


def _new_onward(rows: int, columns: int) -> Onward:
    return Onward(
        best=np.empty((rows, columns)),
        second=np.empty((rows, columns)),
        follower=np.empty((rows, columns), dtype=np.int32),
    )
