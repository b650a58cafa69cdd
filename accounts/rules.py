"""What managers have decided about each account on one day, as columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.account import AccountTable
from accounts.engagement import Programme


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """
    Decisions that scoring goes by.

    Parameters
    ----------
    is_field
        (n,) bool, whether field trips may visit the account.
    interval_stretch
        (n,) float64, factor on the visit interval where the work exceeds the time there is; at
        least 1.
    prize_factor, prize_extra_cents
        (n,) float64 and int64, what the prize is multiplied with, and what is added to it then.
    is_must_visit
        (n,) bool, whether a visit is required.
    """

    is_field: NDArray[np.bool_]
    interval_stretch: NDArray[np.float64]
    prize_factor: NDArray[np.float64]
    prize_extra_cents: NDArray[np.int64]
    is_must_visit: NDArray[np.bool_]

    @classmethod
    def of_segments(cls, table: AccountTable, programme: Programme) -> "Rules":
        """What the engagement programme says, without anything special."""
        n = len(table)
        is_field = np.array([segment.is_visited_by_field for segment in programme])
        return cls(
            is_field=is_field[table.segment],
            interval_stretch=np.ones(n),
            prize_factor=np.ones(n),
            prize_extra_cents=np.zeros(n, dtype=np.int64),
            is_must_visit=np.zeros(n, dtype=np.bool_),
        )
