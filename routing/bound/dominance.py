"""
Dominance: which labels are kept of those at a client (Feillet, Dejax, Gendreau, Gueguen 2004).

Labels are compared by their rows: that of a new one is filled before it is known to stay.
"""

# mypy: disable-error-code="no-any-return"

import numpy as np

from routing.bound.labels import (
    ALIKE,
    AT,
    BEST_ONLY,
    BY_MEMORY,
    DOMINATED,
    HAD,
    NEXT,
    READY,
    ROW,
    STATE,
    STILL,
    TIE,
    Labels,
)
from routing.bound.shift_kinds import ShiftGraph
from routing.search.compiled import inlined

ROUGHLY_LISTS = 128
"""Clients times breaks for which labels are told apart in every stretch of time by `BEST_ONLY`."""


@inlined
def is_kept(g: ShiftGraph, w: Labels, new: int, compare: int) -> bool:
    """Whether a new label stays; if so, those that it is at least as good as are dropped."""
    if compare == BEST_ONLY:
        return _is_best_by_then(g, w, new)
    if compare == BY_MEMORY:
        if _is_dominated(g, w, new):
            return False
        _drop_dominated(g, w, new)
        return True
    return _is_best_of_set(g, w, new)


@inlined
def _is_best_by_then(g: ShiftGraph, w: Labels, new: int) -> bool:
    """For `BEST_ONLY`: of many clients only one label stays in several stretches of time."""
    of_client = w.link[new, ROW] * (len(g.break_s) + 1) + w.link[new, HAD]
    bucket = int(w.value[new, READY] / g.bucket_s)
    together = max(1, len(w.head) // ROUGHLY_LISTS)
    for before in range(min(bucket - bucket % together + together, w.head.shape[1])):
        if w.top[of_client, before] >= w.value[new, AT] - TIE:
            return False
    if w.head[of_client, bucket] >= 0:
        w.link[w.head[of_client, bucket], STATE] = DOMINATED
        w.head[of_client, bucket] = -1
    return True


@inlined
def _is_dominated(g: ShiftGraph, w: Labels, new: int) -> bool:
    """For `BY_MEMORY`: whether a label that is there is at least as good as a new one."""
    breaks, client, had = len(g.break_s), w.link[new, ROW], w.link[new, HAD]
    at = w.value[new, AT]
    bucket, first = int(w.value[new, READY] / g.bucket_s), int(g.ready_s[client] / g.bucket_s)
    paid = 0.0
    for more in range(had, breaks + 1):
        # Who has had its break early may have to wait, paid, where others have it then.
        if more > had:
            paid += g.hour_rate * g.break_s[more - 1]
        of_client = client * (breaks + 1) + more
        for before in range(bucket, first - 1, -1):
            if w.top[of_client, before] < at - TIE:
                continue
            other = w.head[of_client, before]
            while other >= 0:
                if _is_as_good(g, w, other, new, paid, TIE) and _remembers_no_more(w, other, new):
                    return True
                other = w.link[other, NEXT]
    return False


@inlined
def _drop_dominated(g: ShiftGraph, w: Labels, new: int) -> None:
    """For `BY_MEMORY`: drop the labels that a new one is at least as good as."""
    breaks, client, had = len(g.break_s), w.link[new, ROW], w.link[new, HAD]
    at = w.value[new, AT]
    bucket, last = int(w.value[new, READY] / g.bucket_s), int(g.leaves_by_s[client] / g.bucket_s)
    paid = 0.0
    for fewer in range(had, -1, -1):
        if fewer < had:
            paid += g.hour_rate * g.break_s[fewer]
        of_client = client * (breaks + 1) + fewer
        for later in range(bucket, last + 1):
            if w.low[of_client, later] > at:
                continue
            before, other = -1, w.head[of_client, later]
            while other >= 0:
                after = w.link[other, NEXT]
                if _is_as_good(g, w, new, other, paid, 0.0) and _remembers_no_more(w, new, other):
                    w.link[other, STATE] = DOMINATED
                    if before < 0:
                        w.head[of_client, later] = after
                    else:
                        w.link[before, NEXT] = after
                else:
                    before = other
                other = after


@inlined
def _is_best_of_set(g: ShiftGraph, w: Labels, new: int) -> bool:
    """
    For `BY_SET`: whether no label with the same visits and breaks is at least as good.

    If so, the new one is put among them, and those that it is at least as good as are dropped.
    """
    key = np.uint64(w.link[new, ROW])
    for word in range(w.memory.shape[1]):
        key = (key ^ w.memory[new, word]) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(32)
    place = int(key % np.uint64(len(w.of_hash)))
    other = w.of_hash[place]
    while other >= 0:
        if (
            w.link[other, ROW] == w.link[new, ROW]
            and w.link[other, HAD] == w.link[new, HAD]
            and w.link[other, STATE] != DOMINATED
            and _remembers_no_more(w, other, new)
            and _remembers_no_more(w, new, other)
        ):
            if _is_as_good(g, w, other, new, 0.0, TIE):
                return False
            if _is_as_good(g, w, new, other, 0.0, 0.0):
                w.link[other, STATE] = DOMINATED
        other = w.link[other, ALIKE]
    w.link[new, ALIKE] = w.of_hash[place]
    w.of_hash[place] = new
    return True


@inlined
def _is_as_good(g: ShiftGraph, w: Labels, one: int, other: int, paid: float, tie: float) -> bool:
    """Whether a label is worth as much whenever it is complete, and has no less left of limits."""
    return (
        w.value[one, AT] >= w.value[other, AT] - tie
        and w.value[one, READY] <= w.value[other, READY]
        and w.value[one, STILL] >= w.value[other, STILL] + paid - tie
        and (
            not g.has_limits
            or (
                w.used[one, 0] <= w.used[other, 0]
                and w.used[one, 1] <= w.used[other, 1]
                and w.used[one, 2] <= w.used[other, 2]
            )
        )
    )


@inlined
def _remembers_no_more(w: Labels, one: int, other: int) -> bool:
    for word in range(w.memory.shape[1]):
        if w.memory[one, word] & ~w.memory[other, word]:
            return False
    return True
