"""How even an alignment is: the activity of each territory against its fair share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from territories.errors import InvalidAlignmentError


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """
    Activity of the territories of one alignment.

    Parameters
    ----------
    activity
        (k,) float64, sum over the units of each territory, in the unit of the measure.
    deviation_share
        (k,) float64, activity over the fair share minus 1. All zero where there is no activity.
    """

    activity: NDArray[np.float64]
    deviation_share: NDArray[np.float64]

    @property
    def max_deviation_share(self) -> float:
        """Largest deviation in either direction."""
        return float(np.abs(self.deviation_share).max(initial=0.0))


def balance(territory: ArrayLike, unit_activity: ArrayLike, territory_count: int) -> Balance:
    """
    Balance of an alignment with equal targets.

    Parameters
    ----------
    territory
        (n,) integers, the territory of each unit, 0 to `territory_count` - 1.
    unit_activity
        (n,) the measure that is balanced: potential, workload, number of accounts.

    Raises
    ------
    InvalidAlignmentError
        When a unit names a territory outside that range, or the lengths differ.
    """
    territory = np.asarray(territory, dtype=np.int64)
    unit_activity = np.asarray(unit_activity, dtype=np.float64)
    if territory.shape != unit_activity.shape:
        raise InvalidAlignmentError(
            f"{len(territory)} units are assigned but {len(unit_activity)} have an activity."
        )
    if len(territory) and not 0 <= territory.min() <= territory.max() < territory_count:
        raise InvalidAlignmentError(
            f"A unit is assigned to territory {territory.max()}, but there are {territory_count}, "
            "numbered from 0."
        )
    activity = np.zeros(territory_count)
    np.add.at(activity, territory, unit_activity)
    fair_share = activity.sum() / max(territory_count, 1)
    deviation = activity / fair_share - 1 if fair_share > 0 else np.zeros(territory_count)
    return Balance(activity, deviation)
