"""Accounts whose prices or margins stand out from those of their like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST_LIKE = 8
"""A group must hold so many for one of them to stand out."""

STANDS_OUT = 3.5
"""Robust z from which an account stands out, after Iglewicz and Hoaglin (1993)."""

MAD_TO_SD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""

MEAN_AD_TO_SD = 1.2533
"""The same over its mean absolute deviation, for groups of which more than half are equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """
    Each account beside its like, (n,) each.

    Parameters
    ----------
    usual
        Median of the group; NaN where the account was not compared.
    robust_z
        How many standard deviations of the group's middle it is off; 0 where it was not compared.
    group_size
        How many it was compared with, itself included; 0: with nobody.
    """

    usual: NDArray[np.float64]
    robust_z: NDArray[np.float64]
    group_size: NDArray[np.int64]

    def stand_out(self, limit: float = STANDS_OUT) -> NDArray[np.bool_]:
        return np.abs(self.robust_z) > limit


def compare(
    values: NDArray[np.float64],
    fine: NDArray[np.intp],
    coarse: NDArray[np.intp],
    least_scale: float = 0.0,
    fewest: int = FEWEST_LIKE,
) -> Comparison:
    """
    Compare each account with its group by the median and the median absolute deviation.

    Both bear almost half of the group being odd, which mean and standard deviation do not: one
    account at ten times the margin would hide itself.

    Parameters
    ----------
    values
        (n,) float64; who has NaN is neither compared nor compared with.
    fine, coarse
        (n,) group of each account, such as segment and size, and a larger one to fall back on
        where the first holds fewer than `fewest`, such as the segment.
    least_scale
        Standard deviation that a group is taken to have at least, in the unit of the values: where
        all are alike, cents of rounding would stand out otherwise.
    """
    n = len(values)
    usual, robust_z, size = np.full(n, np.nan), np.zeros(n), np.zeros(n, dtype=np.int64)
    is_known = np.isfinite(values)
    for groups in (coarse, fine):  # the finer one has the last word
        for group in np.unique(groups[is_known]):
            rows = np.flatnonzero(is_known & (groups == group))
            if len(rows) < fewest:
                continue
            middle = float(np.median(values[rows]))
            away = np.abs(values[rows] - middle)
            scale = MAD_TO_SD * float(np.median(away)) or MEAN_AD_TO_SD * float(away.mean())
            scale = max(scale, least_scale)
            usual[rows], size[rows] = middle, len(rows)
            robust_z[rows] = (values[rows] - middle) / scale if scale > 0 else 0.0
    return Comparison(usual, robust_z, size)
