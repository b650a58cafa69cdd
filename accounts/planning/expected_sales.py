"""What accounts are expected to buy at the cadence with which they are visited."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accounts.errors import InvalidAccountsError
from accounts.visit_value import Worth


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedSales:
    """
    What each account is expected to bring over a period.

    Parameters
    ----------
    sales_eur, contribution_eur
        (n,) float64.
    """

    sales_eur: NDArray[np.float64]
    contribution_eur: NDArray[np.float64]


def expected_sales(
    worth: Worth, visits_per_month: ArrayLike, months: ArrayLike = 1.0
) -> ExpectedSales:
    """
    Sales and contribution of each account over so many months at a cadence.

    base x response factor x months, of which `margin_share` is contribution.

    Parameters
    ----------
    visits_per_month
        (n,) or one for all; need not be whole.
    months
        Length of the period; the same, or (n,).

    Raises
    ------
    InvalidAccountsError
        When a cadence or a length is negative or no number.
    """
    _check("Number of months", months)
    factor = response_factor(visits_per_month, worth.elasticity)
    sales_eur = np.asarray(worth.base_eur * factor * np.asarray(months, dtype=np.float64))
    return ExpectedSales(sales_eur, np.asarray(worth.margin_share * sales_eur))


def response_factor(visits_per_month: ArrayLike, elasticity: ArrayLike) -> NDArray[np.float64]:
    """
    Sales at a cadence over sales without visits, (n,), at least 1.

    Visits come one at a time: at 0.4 a month four months of ten have one and the others none.
    Between whole numbers the factor is therefore the mean of (1 + n)**elasticity on either side
    and not the curve itself, which lies above it. Raising a cadence by one visit a month thus
    brings what `Worth.visit_value_eur` says of that visit, and the first visit in a year brings
    2**elasticity - 1 and not the derivative at zero, a third more.

    Raises
    ------
    InvalidAccountsError
        When a cadence is negative or no number.
    """
    _check("Number of visits a month", visits_per_month)
    visits = np.asarray(visits_per_month, dtype=np.float64)
    whole = np.floor(visits)
    share = visits - whole
    return np.asarray((1 - share) * (1 + whole) ** elasticity + share * (2 + whole) ** elasticity)


def _check(what: str, value: ArrayLike) -> None:
    numbers = np.asarray(value, dtype=np.float64)
    is_wrong = ~(np.isfinite(numbers) & (numbers >= 0))
    if is_wrong.any():
        raise InvalidAccountsError(
            f"{what} is {numbers[is_wrong].flat[0]}; it must be a number and at least 0."
        )
