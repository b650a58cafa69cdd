"""
Join labels grown from both ends of a shift (Righini, Salani 2006, bounded bidirectional search).

Labels grow forwards up to a moment and backwards down to it; a route is a forward label that goes
past the moment and a backward label at the same client. Few labels are grown far, where there are
most of them.
"""

import numpy as np
from numpy.typing import NDArray

from routing.bound.labels import AT, NEXT, READY, STILL, Labels, Prices
from routing.bound.shift_kinds import ShiftGraph
from routing.search.compiled import compiled


@compiled
def join_labels(
    g: ShiftGraph,
    p: Prices,
    forth: Labels,
    back: Labels,
    until_s: float,
    cutoff: float,
    value: NDArray[np.float64],
    forth_label: NDArray[np.int32],
    back_label: NDArray[np.int32],
) -> None:
    """
    Find the best joined route by client and stretch of time, of those worth more than the cutoff.

    Parameters
    ----------
    g, p
        Of the forward direction.
    until_s
        Forward labels that are ready later are joined.
    value, forth_label, back_label
        (n, BUCKETS + 1), filled.
    """
    value[:] = cutoff
    breaks = len(g.break_s)
    buckets = forth.head.shape[1]
    for client in p.active:
        service = g.service_s[client]
        twice = p.gain[client] - g.hour_rate * service
        for had in range(breaks + 1):
            of_forth = client * (breaks + 1) + had
            of_back = client * (breaks + 1) + breaks - had
            for bucket in range(int(until_s / g.bucket_s), buckets):
                one = forth.head[of_forth, bucket]
                while one >= 0:
                    ready = forth.value[one, READY]
                    if ready > until_s:
                        at = forth.value[one, AT] - twice
                        still = forth.value[one, STILL] - twice
                        still -= g.hour_rate * (g.horizon_s + service)
                        latest = g.horizon_s + service - ready
                        for before in range(min(int(latest / g.bucket_s), buckets - 1), -1, -1):
                            if at + back.top[of_back, before] <= value[client, bucket]:
                                continue
                            other = back.head[of_back, before]
                            while other >= 0:
                                worth = min(
                                    at + back.value[other, AT], still + back.value[other, STILL]
                                )
                                if (
                                    worth > value[client, bucket]
                                    and back.value[other, READY] <= latest
                                    and _fit(g, forth, back, client, one, other)
                                ):
                                    value[client, bucket] = worth
                                    forth_label[client, bucket] = one
                                    back_label[client, bucket] = other
                                other = back.link[other, NEXT]
                    one = forth.link[one, NEXT]


@compiled
def _fit(g: ShiftGraph, forth: Labels, back: Labels, client: int, one: int, other: int) -> bool:
    """Whether two halves share no unit they remember but the client's, and keep the limits."""
    for word in range(forth.memory.shape[1]):
        both = forth.memory[one, word] & back.memory[other, word]
        if word == g.unit_word[client]:
            both &= ~g.unit_bit[client]
        if both:
            return False
    return not g.has_limits or (
        forth.used[one, 0] + back.used[other, 0] - 1 <= g.max_visits
        and forth.used[one, 1] + back.used[other, 1] <= g.max_travel_s
        and forth.used[one, 2] + back.used[other, 2] <= g.max_distance_m
    )
