"""
The most that a partial route can still gain, from a relaxation that soon forgets.

It is the best walk on from a client over stretches of time that never goes straight back (Houck et
al. 1980, two-cycle elimination), with the breaks still to be had. One bound pays no waiting, as if
the route could start later; one pays all of it.
"""

# mypy: disable-error-code="no-any-return"

import numpy as np

from routing.bound.labels import Completion, Onward, Prices
from routing.bound.shift_kinds import ShiftGraph
from routing.search.compiled import compiled, inlined


@compiled
def bound_completions(g: ShiftGraph, p: Prices, c: Completion) -> None:
    """Fill the bounds; one that has no stretches of time stays empty."""
    _forget(c.unpaid)
    _forget(c.paid)
    breaks = len(g.break_s)
    for step in range(c.unpaid.best.shape[1] - 1, -1, -1):
        time = step * c.step_s
        for client in p.active:
            if time > g.leaves_by_s[client] or time + c.step_s <= g.ready_s[client]:
                continue  # nobody is there then
            for had in range(breaks + 1):
                _bound_state(g, p, c, client, had, step)


@inlined
def _forget(o: Onward) -> None:
    o.best[:] = -np.inf
    o.second[:] = -np.inf
    o.follower[:] = -2


@inlined
def _bound_state(g: ShiftGraph, p: Prices, c: Completion, client: int, had: int, step: int) -> None:
    """Bound what follows a visit, from a stretch of time on and after so many breaks."""
    breaks, has_paid = len(g.break_s), c.paid.best.shape[1] > 0
    best, second, follower = -np.inf, -np.inf, -2
    paid_best, paid_second, paid_follower = -np.inf, -np.inf, -2
    time = step * c.step_s
    for number, end in enumerate(g.ends):
        leg = g.leg_s[client, end]
        gain = p.end_value[number] - p.cost[client, end]
        ready, now_had, paid_back = time, had, 0.0
        while ready + leg <= g.horizon_s:
            arrival = ready + leg
            if now_had == breaks or arrival <= g.break_late_s[now_had]:
                unpaid = gain - g.hour_rate * leg
                best, second, follower = _better(best, second, follower, unpaid, -1)
                if has_paid:
                    paid = gain + paid_back - g.hour_rate * arrival
                    paid_best, paid_second, paid_follower = _better(
                        paid_best, paid_second, paid_follower, paid, -1
                    )
            if now_had == breaks or ready > g.break_late_s[now_had]:
                break
            ready = max(ready, g.break_early_s[now_had] - leg) + g.break_s[now_had]
            paid_back += g.hour_rate * g.break_s[now_had]
            now_had += 1
    for after in p.active:
        leg = g.leg_s[client, after]
        if time + leg > g.last_s[after] or after == client:
            continue
        gain = p.gain[after] - p.cost[client, after]
        unpaid_gain = gain - g.hour_rate * (leg + g.service_s[after])
        ready, now_had, paid_back = time, had, 0.0
        while ready + leg <= g.last_s[after]:
            window = g.window_first[after]
            while g.closes_s[window] < ready + leg:
                window += 1
            then = max(ready + leg, g.opens_s[window]) + g.service_s[after]
            if then > g.leaves_by_s[after]:
                break
            if now_had == breaks or then <= g.break_late_s[now_had]:
                state, at = after * (breaks + 1) + now_had, int(then / c.step_s)
                unpaid = unpaid_gain + _onward(c.unpaid, state, at, client)
                best, second, follower = _better(best, second, follower, unpaid, after)
                if has_paid:
                    paid = gain + paid_back + _onward(c.paid, state, at, client)
                    paid_best, paid_second, paid_follower = _better(
                        paid_best, paid_second, paid_follower, paid, after
                    )
            if now_had == breaks or ready > g.break_late_s[now_had]:
                break
            ready = max(ready, g.break_early_s[now_had] - leg) + g.break_s[now_had]
            paid_back += g.hour_rate * g.break_s[now_had]
            now_had += 1
    state = client * (breaks + 1) + had
    _note(c.unpaid, state, step, best, second, follower)
    if has_paid:
        _note(c.paid, state, step, paid_best, paid_second, paid_follower)


@inlined
def _better(
    best: float, second: float, follower: int, gain: float, by: int
) -> tuple[float, float, int]:
    """The best gain, the best by another follower, and the follower, with one more at hand."""
    if gain > best:
        return gain, second if by == follower else best, by
    if gain > second and by != follower:
        return best, gain, follower
    return best, second, follower


@inlined
def _onward(o: Onward, state: int, step: int, before: int) -> float:
    """The most from here on without going straight back."""
    return o.second[state, step] if o.follower[state, step] == before else o.best[state, step]


@inlined
def _note(o: Onward, state: int, step: int, best: float, second: float, follower: int) -> None:
    o.best[state, step] = best
    o.second[state, step] = second
    o.follower[state, step] = follower
