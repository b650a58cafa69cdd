"""
What one visit is worth: the extra contribution it brings, not revenue divided by visits.

Revenue per visit credits the visit with everything the account would have bought anyway, several
times the true effect; the planner would then chase the biggest accounts and nobody else.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.account import AccountTable
from accounts.response import PowerResponse, extra_sales

DAYS_PER_MONTH = 365.25 / 12

TARGET_SHARE = 0.05
"""Share of its potential that an account without history is expected to buy, unvisited."""

SHRINKAGE_ORDERS = 3.0
"""Number of orders at which an account's own history and its potential count the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """
    What each account buys, and how it responds to visits.

    Parameters
    ----------
    base_eur
        (n,) float64, expected sales a month if nobody visited.
    elasticity
        (n,) float64, with which sales respond to visits.
    margin_share
        (n,) float64, of sales that is contribution.
    """

    base_eur: NDArray[np.float64]
    elasticity: NDArray[np.float64]
    margin_share: NDArray[np.float64]

    def visit_value_eur(self, visits_per_month: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Contribution that one more visit adds in the month it is made, (n,) EUR.

        margin x base x [(2 + n)**b - (1 + n)**b] at a cadence of n visits a month. Never negative;
        falls with the cadence; scales with the margin.
        """
        extra_eur = extra_sales(self.base_eur, visits_per_month, self.elasticity)
        return np.asarray(self.margin_share * extra_eur)


def monthly_base_eur(
    table: AccountTable,
    response: PowerResponse,
    target_share: float = TARGET_SHARE,
    shrinkage_orders: float = SHRINKAGE_ORDERS,
) -> NDArray[np.float64]:
    """
    Expected sales of each account per month if nobody visited it, (n,) EUR.

    The account's own rate, freed of the visits it had, and a rate from its potential are mixed by
    the number of its orders: w = orders / (orders + shrinkage_orders).
    """
    weight = table.order_count / (table.order_count + shrinkage_orders)
    months = max(table.history_months, 1e-9)
    observed = response.base(table.revenue_eur / months, visits_per_month(table))
    return np.asarray(weight * observed + (1 - weight) * table.potential_eur * target_share / 12)


def visits_per_month(table: AccountTable) -> NDArray[np.float64]:
    """
    Cadence of each account, (n,).

    An interval of less than a day, which nobody can mean, counts as one day; an unknown one as a
    month.
    """
    interval_days = np.nan_to_num(table.visit_interval_days, nan=DAYS_PER_MONTH)
    return np.asarray(DAYS_PER_MONTH / np.maximum(interval_days, 1.0))
