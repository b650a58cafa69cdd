"""Sales response: what an account buys as a function of how often it is visited."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accounts.errors import InvalidResponseError

DEFAULT_ELASTICITY = 0.3
"""Elasticity of personal selling where the data say nothing. The meta-analysis of Albers, Mantrala
and Sridhar (2010) gives a mean of 0.34, and 0.245 in pharmaceutical detailing."""


@dataclass(frozen=True, slots=True)
class PowerResponse:
    """
    Sales S(n) = base (1 + n)**elasticity at n visits in a period, with sales even at no visit.

    Parameters
    ----------
    elasticity
        Between 0 and 1, both excluded at 1: returns diminish.

    Raises
    ------
    InvalidResponseError
        When the elasticity is outside that range.
    """

    elasticity: float = DEFAULT_ELASTICITY

    def __post_init__(self) -> None:
        if not 0 <= self.elasticity < 1:
            raise InvalidResponseError(
                f"Elasticity is {self.elasticity}; it must be at least 0 and below 1."
            )

    def sales(self, base: ArrayLike, visits: ArrayLike) -> NDArray[np.float64]:
        """Sales per period, in the unit of `base`, at `visits` in that period."""
        return np.asarray(base) * (1 + np.asarray(visits)) ** self.elasticity

    def base(self, sales: ArrayLike, visits: ArrayLike) -> NDArray[np.float64]:
        """Sales per period without visits, from the sales seen at `visits`."""
        return np.asarray(sales) / (1 + np.asarray(visits)) ** self.elasticity


def extra_sales(base: ArrayLike, visits: ArrayLike, elasticity: ArrayLike) -> NDArray[np.float64]:
    """
    What one more visit in a period adds to sales: base [(2 + n)**b - (1 + n)**b].

    Never negative, and falls with `visits`. The arguments broadcast against each other.
    """
    visits = np.asarray(visits)
    gain = (2 + visits) ** np.asarray(elasticity) - (1 + visits) ** np.asarray(elasticity)
    return np.asarray(np.asarray(base) * gain)
