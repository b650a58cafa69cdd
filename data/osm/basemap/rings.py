"""Points of many lines or rings in one array, as tiles are made of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """
    Points in runs: each a point, a line or a ring.

    Parameters
    ----------
    points
        (n, 2), y southwards: whole units of the tile where it is encoded. A ring ends where it
        began.
    first
        (r + 1,) int64, run k has the points from `first[k]` to `first[k + 1]`.
    feature
        (r,) int64, ascending, to which feature a run belongs.
    polygon
        (r,) int64, runs with the same number are side by side and make one polygon; its outer ring
        comes first.
    """

    points: NDArray[Any]
    first: NDArray[np.int64]
    feature: NDArray[np.int64]
    polygon: NDArray[np.int64]

    def pick(self, kept: NDArray[np.bool_]) -> "Rings":
        """The runs marked."""
        count = np.diff(self.first)[kept]
        points = self.points[np.repeat(kept, np.diff(self.first))]
        return Rings(points, offsets(count), self.feature[kept], self.polygon[kept])

    def joined(self, other: "Rings") -> "Rings":
        """Runs of both in the order of features."""
        points = np.concatenate((self.points, other.points))
        count = np.concatenate((np.diff(self.first), np.diff(other.first)))
        feature = np.concatenate((self.feature, other.feature))
        shift = int(self.polygon.max(initial=-1)) + 1
        polygon = np.concatenate((self.polygon, other.polygon + shift))
        order = np.argsort(feature, kind="stable")
        first = offsets(count[order])
        index = np.repeat(offsets(count)[:-1][order] - first[:-1], count[order])
        return Rings(points[index + np.arange(len(points))], first, feature[order], polygon[order])


def offsets(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n + 1,) int64, where each of n runs of these lengths begins, and where the last one ends."""
    first = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=first[1:])
    return first
