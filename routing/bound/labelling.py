"""
Labelling: the best routes of one shift at given duals.

A label is a partial route from a start to a client. Labels are extended client by client in order
of time; one that another is at least as good as, whatever follows, is dropped (`dominance`). Ends
are tried whenever a label is extended, and all starts grow labels together, so that one run prices
every pair of places for the nights around a shift.
"""

# mypy: disable-error-code="no-any-return"

import numpy as np
from numpy.typing import NDArray

from routing.bound.dominance import is_kept
from routing.bound.labels import (
    AT,
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
    WAITING,
    Completion,
    Labels,
    Memory,
    Onward,
    Prices,
)
from routing.bound.shift_kinds import ShiftGraph
from routing.search.compiled import compiled, inlined


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
        value = _value_at_end(g, p, w, label, number)
        if value > w.done_value[row, number]:
            w.done_value[row, number] = value
            w.done_label[row, number] = label
        if value > w.pair_value[start, number]:
            w.pair_value[start, number] = value
            w.pair_label[start, number] = label


@inlined
def _value_at_end(g: ShiftGraph, p: Prices, w: Labels, label: int, number: int) -> float:
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
    """Add a label if it is kept; returns the number of labels then."""
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

    w.value[count, READY] = ready
    w.value[count, AT] = at
    w.value[count, STILL] = still
    w.link[count, ROW] = client
    w.link[count, PARENT] = parent
    w.link[count, HAD] = had
    w.link[count, START] = w.link[parent, START]
    w.link[count, STATE] = WAITING
    if not is_kept(g, w, count, compare):
        return count
    bucket = int(ready / g.bucket_s)
    of_client = client * (len(g.break_s) + 1) + had
    w.link[count, NEXT] = w.head[of_client, bucket]
    w.head[of_client, bucket] = count
    w.top[of_client, bucket] = max(w.top[of_client, bucket], at)
    w.low[of_client, bucket] = min(w.low[of_client, bucket], at)
    return count + 1


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
            worth = _value_at_end(g, p, w, label, number)
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
