"""
Labelling: the best routes of one shift at given duals.

A label is a partial route from a start to a client. Labels are extended client by client in order
of time; one that another is at least as good as, whatever follows, is dropped (dominance; Feillet,
Dejax, Gendreau, Gueguen 2004). Ends are tried whenever a label is extended, and all starts grow
labels together, so that one run prices every pair of places for the nights around a shift.
"""

# mypy: disable-error-code="no-any-return"

import numpy as np
from numpy.typing import NDArray

from routing.bound.labels import (
    ALIKE,
    AT,
    BEST_ONLY,
    BY_MEMORY,
    BY_SET,
    DOMINATED,
    EXTENDED,
    HAD,
    NEXT,
    PARENT,
    READY,
    ROW,
    START,
    STATE,
    STILL,
    TIE,
    WAITING,
    Completion,
    Labels,
    Memory,
    Onward,
    Prices,
)
from routing.bound.shift_kinds import ShiftGraph
from routing.search.compiled import compiled, inlined

ROUGHLY_LISTS = 128
"""Clients times breaks for which labels are told apart in every stretch of time by `BEST_ONLY`."""


@compiled
def grow_labels(
    g: ShiftGraph,
    p: Prices,
    m: Memory,
    c: Completion,
    w: Labels,
    cutoff: float,
    until_s: float,
    compare: int,
    max_labels: int,
) -> int:
    """
    Grow all labels that may lead to a route worth more than `cutoff`.

    Parameters
    ----------
    c
        Bounds on completions; without stretches of time none is used.
    until_s
        Labels that are ready later are kept, but not extended.
    compare
        `BEST_ONLY`, `BY_MEMORY` or `BY_SET`.

    Returns
    -------
    Number of labels. The best routes are in `w.done_value` and `w.pair_value`. Where the limit on
    labels struck, `w.rest` bounds what was left out, and is minus infinity otherwise.
    """
    w.head[:] = -1
    w.top[:] = -np.inf
    w.low[:] = np.inf
    if compare == BY_SET:
        w.of_hash[:] = -1
    w.done_value[:] = -np.inf
    w.pair_value[:] = -np.inf
    w.rest[0] = -np.inf
    breaks = len(g.break_s)
    count = 0
    for number in range(len(g.starts)):
        if p.start_value[number] == -np.inf:
            continue
        ready = 0.0
        for had in range(breaks + 1):
            if had > 0:
                ready = max(ready, g.break_early_s[had - 1] + g.break_s[had - 1])
            w.value[count, READY] = ready
            w.value[count, AT] = p.start_value[number]
            w.value[count, STILL] = p.start_value[number] + g.hour_rate * g.horizon_s
            w.memory[count] = 0
            if g.has_limits:
                w.used[count] = 0.0
            w.link[count, ROW] = g.starts[number]
            w.link[count, PARENT] = -1
            w.link[count, HAD] = had
            w.link[count, START] = number
            w.link[count, STATE] = EXTENDED
            count += 1
    for label in range(count):
        _finish(g, p, w, label)
        count = _extend(g, p, m, c, w, label, count, cutoff, compare, max_labels)

    for bucket in range(w.head.shape[1]):
        again = True
        while again:
            again = False
            for client in p.active:
                for had in range(breaks + 1):
                    label = w.head[client * (breaks + 1) + had, bucket]
                    while label >= 0:
                        if w.link[label, STATE] == WAITING and w.value[label, READY] <= until_s:
                            if count >= max_labels:
                                bound_the_rest(g, c, w, count)
                                return count
                            w.link[label, STATE] = EXTENDED
                            again = True
                            _finish(g, p, w, label)
                            count = _extend(
                                g, p, m, c, w, label, count, cutoff, compare, max_labels
                            )
                        label = w.link[label, NEXT]
    if count >= max_labels:  # the last label extended may not have been to all clients
        bound_the_rest(g, c, w, count)
    return count


@inlined
def _finish(g: ShiftGraph, p: Prices, w: Labels, label: int) -> None:
    """Complete a label at every end."""
    row, start = w.link[label, ROW], w.link[label, START]
    for number in range(len(g.ends)):
        value = value_at_end(g, p, w, label, number)
        if value > w.done_value[row, number]:
            w.done_value[row, number] = value
            w.done_label[row, number] = label
        if value > w.pair_value[start, number]:
            w.pair_value[start, number] = value
            w.pair_label[start, number] = label


@inlined
def value_at_end(g: ShiftGraph, p: Prices, w: Labels, label: int, number: int) -> float:
    """
    What a label is worth completed at an end, minus infinity where it cannot be.

    The breaks still to be had are on the last leg or later.
    """
    breaks, end = len(g.break_s), g.ends[number]
    row, start = w.link[label, ROW], w.link[label, START]
    if row == end and row == g.starts[start] and w.link[label, PARENT] < 0:
        return -np.inf  # who stays has no route
    leg = g.leg_s[row, end]
    if g.has_limits and (
        w.used[label, 1] + g.drive_s[row, end] > g.max_travel_s
        or w.used[label, 2] + g.distance_m[row, end] > g.max_distance_m
    ):
        return -np.inf
    ready, at, still = w.value[label, READY], w.value[label, AT], w.value[label, STILL]
    had = w.link[label, HAD]
    best = -np.inf
    while True:
        arrival = ready + leg
        if arrival > g.horizon_s:
            return best
        if had == breaks or arrival <= g.break_late_s[had]:
            best = max(best, at - g.hour_rate * leg - p.cost[row, end] + p.end_value[number])
        if had == breaks or ready > g.break_late_s[had]:
            return best
        ready, at, still = _after_break(g, had, leg, ready, at, still)
        had += 1


@inlined
def _after_break(
    g: ShiftGraph, number: int, leg: float, ready: float, at: float, still: float
) -> tuple[float, float, float]:
    """A label's value with a break on its next leg, at any moment of it (see `Break`)."""
    early = g.break_early_s[number] - leg
    ready = max(ready, early) + g.break_s[number]
    at = min(at, still - g.hour_rate * early)
    still = min(
        still + g.hour_rate * g.break_s[number],
        at + g.hour_rate * (g.break_late_s[number] + g.break_s[number]),
    )
    return ready, at, still


@inlined
def _extend(
    g: ShiftGraph,
    p: Prices,
    m: Memory,
    c: Completion,
    w: Labels,
    label: int,
    count: int,
    cutoff: float,
    compare: int,
    max_labels: int,
) -> int:
    """Extend a label to every client it may visit next; returns the number of labels then."""
    breaks = len(g.break_s)
    has_bounds = c.unpaid.best.shape[1] > 0
    row = w.link[label, ROW]
    if g.has_limits and w.used[label, 0] + 1 > g.max_visits:
        return count
    is_near = row < len(g.service_s) and p.near.shape[1] > 0
    for number in range(p.near.shape[1] if is_near else len(p.active)):
        client = p.near[row, number] if is_near else p.active[number]
        leg = g.leg_s[row, client]
        if w.value[label, READY] + leg > g.last_s[client] or client == row:
            continue
        if w.memory[label, g.unit_word[client]] & g.unit_bit[client]:
            continue
        if g.has_limits and not _keeps_limits(g, w, label, row, client):
            continue
        cost = p.cost[row, client]
        service = g.service_s[client]
        ready, at, still = w.value[label, READY], w.value[label, AT], w.value[label, STILL]
        had = w.link[label, HAD]
        while True:
            arrival = ready + leg
            if arrival > g.last_s[client] or arrival + service > g.leaves_by_s[client]:
                break
            first, last = g.window_first[client], g.window_first[client + 1]
            if has_bounds:
                # Before looking at windows, as for most clients that is all.
                then = max(arrival + service, g.ready_s[client])
                state = client * (breaks + 1) + had
                most = c.unpaid.best[state, int(then / c.step_s)]
                if at + p.net[row, client] + most <= cutoff:
                    last = first
            for window in range(first, last):
                closes = g.closes_s[window]
                if arrival > closes:
                    continue
                opens = g.opens_s[window]
                then = max(arrival, opens) + service
                if then > g.leaves_by_s[client]:
                    break
                if had < breaks and then > g.break_late_s[had]:
                    break  # too late for its break
                then_at = p.gain[client] - g.hour_rate * service - cost
                then_at += min(at - g.hour_rate * leg, still - g.hour_rate * opens)
                then_still = min(
                    still + p.gain[client] - cost, then_at + g.hour_rate * (closes + service)
                )
                if not _is_hopeless(
                    g, m, c, w, label, client, row, had, then, then_at, then_still, cutoff
                ):
                    if count >= max_labels:
                        # The caller finds it among the labels not extended.
                        w.link[label, STATE] = WAITING
                        return count
                    count = _admit(
                        g, m, w, label, client, had, then, then_at, then_still, count, compare
                    )
                if g.hour_rate == 0.0:
                    break  # to start later gains nothing
            if had == breaks or ready > g.break_late_s[had]:
                break
            ready, at, still = _after_break(g, had, leg, ready, at, still)
            had += 1
    return count


@inlined
def _keeps_limits(g: ShiftGraph, w: Labels, label: int, row: int, client: int) -> bool:
    return (
        w.used[label, 1] + g.drive_s[row, client] <= g.max_travel_s
        and w.used[label, 2] + g.distance_m[row, client] <= g.max_distance_m
    )


@inlined
def _is_hopeless(
    g: ShiftGraph,
    m: Memory,
    c: Completion,
    w: Labels,
    label: int,
    client: int,
    row: int,
    had: int,
    then: float,
    then_at: float,
    then_still: float,
    cutoff: float,
) -> bool:
    """Whether a visit next, over at `then`, cannot lead to a route worth more than the cutoff."""
    if c.unpaid.best.shape[1] == 0:
        return False
    step = int(then / c.step_s)
    if then_at + _most_onward(g, m, c.unpaid, w, label, client, row, had, step) <= cutoff:
        return True
    if c.paid.best.shape[1] == 0:
        return False
    return then_still + _most_onward(g, m, c.paid, w, label, client, row, had, step) <= cutoff


@inlined
def _most_onward(
    g: ShiftGraph,
    m: Memory,
    o: Onward,
    w: Labels,
    label: int,
    client: int,
    row: int,
    had: int,
    step: int,
) -> float:
    """The most that a walk on gains from a visit next, without what the label remembers."""
    state = client * (len(g.break_s) + 1) + had
    follower = o.follower[state, step]
    if follower < 0:
        return o.best[state, step]
    word, bit = g.unit_word[follower], g.unit_bit[follower]
    if follower == row or w.memory[label, word] & m.kept[client, word] & bit:
        return o.second[state, step]
    return o.best[state, step]


@inlined
def _admit(
    g: ShiftGraph,
    m: Memory,
    w: Labels,
    parent: int,
    client: int,
    had: int,
    ready: float,
    at: float,
    still: float,
    count: int,
    compare: int,
) -> int:
    """Add a label unless another one dominates it; returns the number of labels then."""
    words = w.memory.shape[1]
    new = w.memory[count]
    for word in range(words):
        new[word] = w.memory[parent, word] & m.kept[client, word]
    new[g.unit_word[client]] |= g.unit_bit[client]
    if g.has_limits:
        row = w.link[parent, ROW]
        w.used[count, 0] = w.used[parent, 0] + 1
        w.used[count, 1] = w.used[parent, 1] + g.drive_s[row, client]
        w.used[count, 2] = w.used[parent, 2] + g.distance_m[row, client]

    bucket = int(ready / g.bucket_s)
    of_client = client * (len(g.break_s) + 1) + had
    if compare == BEST_ONLY:
        # Of many clients only one label stays in several stretches of time.
        together = max(1, len(w.head) // ROUGHLY_LISTS)
        last = min(bucket - bucket % together + together, w.head.shape[1])
        for before in range(last):
            if w.top[of_client, before] >= at - TIE:
                return count
        if w.head[of_client, bucket] >= 0:
            w.link[w.head[of_client, bucket], STATE] = DOMINATED
            w.head[of_client, bucket] = -1
    elif compare == BY_MEMORY:
        if _is_dominated(g, w, client, had, ready, at, still, count):
            return count
        _drop_dominated(g, w, client, had, ready, at, still, count)
    elif not _is_best_of_set(g, w, client, had, ready, at, still, count):
        return count
    w.value[count, READY] = ready
    w.value[count, AT] = at
    w.value[count, STILL] = still
    w.link[count, ROW] = client
    w.link[count, PARENT] = parent
    w.link[count, HAD] = had
    w.link[count, START] = w.link[parent, START]
    w.link[count, STATE] = WAITING
    w.link[count, NEXT] = w.head[of_client, bucket]
    w.head[of_client, bucket] = count
    w.top[of_client, bucket] = max(w.top[of_client, bucket], at)
    w.low[of_client, bucket] = min(w.low[of_client, bucket], at)
    return count + 1


@inlined
def _is_dominated(
    g: ShiftGraph,
    w: Labels,
    client: int,
    had: int,
    ready: float,
    at: float,
    still: float,
    new: int,
) -> bool:
    """Whether a label that is there is at least as good as a new one."""
    breaks = len(g.break_s)
    bucket, first = int(ready / g.bucket_s), int(g.ready_s[client] / g.bucket_s)
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
                if (
                    w.value[other, AT] >= at - TIE
                    and w.value[other, READY] <= ready
                    and w.value[other, STILL] >= still + paid - TIE
                    and _may_dominate(g, w, other, new)
                ):
                    return True
                other = w.link[other, NEXT]
    return False


@inlined
def _drop_dominated(
    g: ShiftGraph,
    w: Labels,
    client: int,
    had: int,
    ready: float,
    at: float,
    still: float,
    new: int,
) -> None:
    """Drop the labels that a new one is at least as good as."""
    breaks = len(g.break_s)
    bucket, last = int(ready / g.bucket_s), int(g.leaves_by_s[client] / g.bucket_s)
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
                if (
                    at >= w.value[other, AT]
                    and ready <= w.value[other, READY]
                    and still >= w.value[other, STILL] + paid
                    and _may_dominate(g, w, new, other)
                ):
                    w.link[other, STATE] = DOMINATED
                    if before < 0:
                        w.head[of_client, later] = after
                    else:
                        w.link[before, NEXT] = after
                else:
                    before = other
                other = after


@inlined
def _is_best_of_set(
    g: ShiftGraph,
    w: Labels,
    client: int,
    had: int,
    ready: float,
    at: float,
    still: float,
    new: int,
) -> bool:
    """
    Whether no label with the same visits and breaks is at least as good as a new one.

    If so, it is put among them, and those that it is at least as good as are dropped.
    """
    key = np.uint64(client)
    for word in range(w.memory.shape[1]):
        key = (key ^ w.memory[new, word]) * np.uint64(0x9E3779B97F4A7C15)
        key ^= key >> np.uint64(32)
    place = int(key % np.uint64(len(w.of_hash)))
    other = w.of_hash[place]
    while other >= 0:
        if (
            w.link[other, ROW] == client
            and w.link[other, HAD] == had
            and w.link[other, STATE] != DOMINATED
            and _remembers_no_more(w, other, new)
            and _remembers_no_more(w, new, other)
        ):
            if (
                w.value[other, AT] >= at - TIE
                and w.value[other, READY] <= ready
                and w.value[other, STILL] >= still - TIE
                and _uses_no_more(g, w, other, new)
            ):
                return False
            if (
                at >= w.value[other, AT]
                and ready <= w.value[other, READY]
                and still >= w.value[other, STILL]
                and _uses_no_more(g, w, new, other)
            ):
                w.link[other, STATE] = DOMINATED
        other = w.link[other, ALIKE]
    w.link[new, ALIKE] = w.of_hash[place]
    w.of_hash[place] = new
    return True


@inlined
def _may_dominate(g: ShiftGraph, w: Labels, one: int, other: int) -> bool:
    """Whether a label leaves open what another one does, by its visits and limits."""
    return _remembers_no_more(w, one, other) and _uses_no_more(g, w, one, other)


@inlined
def _remembers_no_more(w: Labels, one: int, other: int) -> bool:
    for word in range(w.memory.shape[1]):
        if w.memory[one, word] & ~w.memory[other, word]:
            return False
    return True


@inlined
def _uses_no_more(g: ShiftGraph, w: Labels, one: int, other: int) -> bool:
    return not g.has_limits or (
        w.used[one, 0] <= w.used[other, 0]
        and w.used[one, 1] <= w.used[other, 1]
        and w.used[one, 2] <= w.used[other, 2]
    )


@compiled
def collect_routes(
    g: ShiftGraph,
    p: Prices,
    w: Labels,
    count: int,
    cutoff: float,
    value: NDArray[np.float64],
    label_end: NDArray[np.int32],
) -> int:
    """
    Write down all complete routes worth more than the cutoff, as far as there is room.

    Returns how many there are.
    """
    found = 0
    for label in range(count):
        if w.link[label, STATE] == DOMINATED:
            continue
        for number in range(len(g.ends)):
            worth = value_at_end(g, p, w, label, number)
            if worth > cutoff:
                if found < len(value):
                    value[found] = worth
                    label_end[found, 0] = label
                    label_end[found, 1] = number
                found += 1
    return found


@compiled
def bound_the_rest(g: ShiftGraph, c: Completion, w: Labels, count: int) -> None:
    """Note what routes are worth at most that labels not extended may lead to."""
    rest = -np.inf
    for label in range(count):
        if w.link[label, STATE] == WAITING:
            row = w.link[label, ROW]
            if c.unpaid.best.shape[1] == 0 or row >= len(g.service_s):
                rest = np.inf
                break
            step = int(w.value[label, READY] / c.step_s)
            state = row * (len(g.break_s) + 1) + w.link[label, HAD]
            most = w.value[label, AT] + c.unpaid.best[state, step]
            if c.paid.best.shape[1] > 0:
                most = min(most, w.value[label, STILL] + c.paid.best[state, step])
            rest = max(rest, most)
    w.rest[0] = rest
