"""Sharing effort on a grid by dynamic programming: slow, coarse, and right for any curve."""

import numpy as np

from accounts.allocation.response_curves import Array, ResponseCurves

GRID = 240
"""Parts that the effort is cut into."""


def best_on_grid(curves: ResponseCurves, budget: float, low: Array, high: Array) -> Array:
    """
    The best effort of each unit in whole parts of what is left beyond the least, (n,).

    O(n GRID^2). All of the budget is given, as far as the limits let it be.
    """
    n = len(curves)
    part = (budget - float(low.sum())) / GRID
    most = np.minimum((high - low) / part * (1 + 1e-12), GRID).astype(np.int64)
    tables = np.array([curves.value(np.minimum(low + k * part, high)) for k in range(GRID + 1)]).T
    best = np.full(GRID + 1, -np.inf)
    best[0] = 0.0
    chosen = np.zeros((n, GRID + 1), dtype=np.int64)
    totals = np.arange(GRID + 1)
    for unit, table in enumerate(tables):
        left = totals[:, None] - totals[None, : most[unit] + 1]
        sums = np.where(left >= 0, best[left], -np.inf) + table[: most[unit] + 1]
        chosen[unit] = np.argmax(sums, axis=1)
        best = sums[totals, chosen[unit]]
    parts = np.zeros(n)
    total = int(np.flatnonzero(np.isfinite(best))[-1])
    for unit in reversed(range(n)):
        parts[unit] = chosen[unit, total]
        total -= int(parts[unit])
    return np.minimum(low + parts * part, high)
