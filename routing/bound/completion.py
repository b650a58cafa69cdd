"""
The most that a partial route can still gain, from a relaxation that soon forgets.

It is the best walk on from a client over stretches of time that never goes straight back (Houck et
al. 1980, two-cycle elimination), takes no breaks and pays no waiting.
"""

# mypy: disable-error-code="no-any-return"

import numpy as np

from routing.bound.labels import Completion, Prices
from routing.bound.shift_kinds import ShiftGraph
from routing.search.compiled import compiled


@compiled
def bound_completions(g: ShiftGraph, p: Prices, c: Completion) -> None:
    """Fill the bounds; one that has no stretches of time stays empty."""
    n = len(g.service_s)
    for step in range(c.best.shape[1] - 1, -1, -1):
        time = step * c.step_s
        for client in range(n):
            c.best[client, step] = -np.inf
            c.second[client, step] = -np.inf
            c.follower[client, step] = -2
        for client in p.active:
            if time > g.leaves_by_s[client] or time + c.step_s <= g.ready_s[client]:
                continue  # nobody is there then
            best, second, follower = -np.inf, -np.inf, -2
            for number, end in enumerate(g.ends):
                leg = g.leg_s[client, end]
                if time + leg <= g.horizon_s:
                    gain = p.end_value[number] - p.cost[client, end] - g.hour_rate * leg
                    if gain > best:
                        best, follower = gain, -1
            for after in p.active:
                leg = g.leg_s[client, after]
                ready = time + leg
                if ready > g.last_s[after] or after == client:
                    continue
                window = g.window_first[after]
                while g.closes_s[window] < ready:
                    window += 1
                then = max(ready, g.opens_s[window]) + g.service_s[after]
                if then > g.leaves_by_s[after]:
                    continue
                at = int(then / c.step_s)
                onward = c.best[after, at]
                if c.follower[after, at] == client:
                    onward = c.second[after, at]
                gain = p.gain[after] - p.cost[client, after] + onward
                gain -= g.hour_rate * (leg + g.service_s[after])
                if gain > best:
                    best, second, follower = gain, best, after
                elif gain > second:
                    second = gain
            c.best[client, step] = best
            c.second[client, step] = second
            c.follower[client, step] = follower
