"""What is assumed of ways off the road. The rule, with its reasons, stands in `docs/roads.md`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class AccessRule:
    """
    What is assumed of a way of which only the straight line is known.

    Parameters
    ----------
    circuity
        Length of an unknown way over its straight line; road networks have 1.2 to 1.4.
    access_kmh
        Speed on an unknown way.
    terminal_s
        Time at either end of a leg: parking, the walk to the door, the way out of the yard.
    max_access_m
        A place farther from the nearest road than this, as the crow flies, cannot be driven to.
    frontage_m
        Up to this the way between street and door belongs to the street and is no guess.

    Raises
    ------
    ValueError
        When a number is out of range.
    """

    circuity: float
    access_kmh: float
    terminal_s: int
    max_access_m: float
    frontage_m: float = 0.0

    def __post_init__(self) -> None:
        if self.terminal_s < 0:
            raise ValueError(f"terminal_s is {self.terminal_s}; it must not be negative.")
        if self.circuity < 1 or self.access_kmh <= 0 or self.max_access_m < 0:
            raise ValueError(
                f"circuity is {self.circuity}, access_kmh {self.access_kmh} and max_access_m "
                f"{self.max_access_m}; they must be at least 1, above 0 and at least 0."
            )

    def way(self, straight_m: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Seconds, rounded up, and metres of ways of which only the straight line is known."""
        way_m = straight_m * self.circuity
        seconds = np.ceil(way_m / (self.access_kmh / 3.6)).astype(np.int64)
        return seconds, np.rint(way_m).astype(np.int64)


HIGHWAYS = AccessRule(circuity=1.3, access_kmh=40.0, terminal_s=300, max_access_m=50_000.0)
"""For maps of highways, from which most places lie some way off."""

STREETS = AccessRule(
    circuity=1.3, access_kmh=15.0, terminal_s=120, max_access_m=2_000.0, frontage_m=250.0
)
"""For maps of all streets, where what remains is a track, a yard or a car park."""
