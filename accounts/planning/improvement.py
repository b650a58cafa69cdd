"""What a change of cadence, channel or owner is worth in a year, before it is made."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.errors import InvalidAccountsError
from accounts.planning.expected_sales import expected_sales, response_factor
from accounts.touches.cost_to_serve import Served, cost_to_serve
from accounts.touches.settings import TOUCH_CHANNELS, TouchChannel, TouchSettings
from accounts.visit_value import Worth

MONTHS_PER_YEAR = 12
FIELD = TOUCH_CHANNELS.index(TouchChannel.FIELD)


@dataclass(frozen=True, slots=True, eq=False)
class ServicePlan:
    """
    How n accounts are served in a year, through c channels.

    Parameters
    ----------
    touches
        (n, c) float64, in the order of `TOUCH_CHANNELS`: what can be kept, not what is promised.
    visit_s
        (n,) float64, how long a visit takes.
    travel_s, travel_m
        (n,) float64, of one journey to it.

    Raises
    ------
    InvalidAccountsError
        When columns differ in length, or hold what is negative or no number.
    """

    touches: NDArray[np.float64]
    visit_s: NDArray[np.float64]
    travel_s: NDArray[np.float64]
    travel_m: NDArray[np.float64]

    def __post_init__(self) -> None:
        n = len(self.touches)
        for name in self.__slots__:
            column = getattr(self, name)
            if len(column) != n:
                raise InvalidAccountsError(f"{n} accounts but {len(column)} entries in {name}.")
            if not (np.isfinite(column) & (column >= 0)).all():
                raise InvalidAccountsError(f"{name} holds what is negative or no number.")

    @property
    def visits(self) -> NDArray[np.float64]:
        """In the field, (n,)."""
        return np.asarray(self.touches[:, FIELD])


@dataclass(frozen=True, slots=True, eq=False)
class Year:
    """
    What comes of serving accounts so for a year.

    Parameters
    ----------
    visits, other_touches
        (n,) float64.
    hours, travel_h, travel_km
        (n,) float64, of everybody who takes part, journeys included; on the road; driven.
    sales_eur, contribution_eur, cost_eur
        (n,) float64.
    """

    visits: NDArray[np.float64]
    other_touches: NDArray[np.float64]
    hours: NDArray[np.float64]
    travel_h: NDArray[np.float64]
    travel_km: NDArray[np.float64]
    sales_eur: NDArray[np.float64]
    contribution_eur: NDArray[np.float64]
    cost_eur: NDArray[np.float64]


def year_of(plan: ServicePlan, today: ServicePlan, worth: Worth, settings: TouchSettings) -> Year:
    """
    A year in which accounts are served so.

    Calls and mails of today are in what accounts buy today, and so in their base: only those that
    come or go beside them count, each as its share of a visit.

    Parameters
    ----------
    today
        How the same accounts are served now.
    """
    effect = np.array([one.effect_share for one in settings.types])
    more = plan.touches - today.touches
    more[:, FIELD] = 0
    monthly = np.maximum(plan.visits + more @ effect, 0.0) / MONTHS_PER_YEAR
    expected = expected_sales(worth, monthly, MONTHS_PER_YEAR)
    none = np.zeros(len(plan.touches), dtype=np.int64)
    cost = cost_to_serve(
        Served(
            touches=plan.touches,
            contact_s=np.full(plan.touches.shape, np.nan),
            visit_s=plan.visit_s,
            travel_s=plan.travel_s,
            travel_m=plan.travel_m,
            # Care beside touches is the same before and after.
            contacts=none,
            orders=none,
            buys=np.zeros(len(plan.touches), dtype=np.bool_),
            years=1.0,
        ),
        settings,
    )
    journeys = plan.touches[:, [one.needs_journey for one in settings.types]].sum(axis=1)
    return Year(
        visits=plan.visits,
        other_touches=plan.touches.sum(axis=1) - plan.visits,
        hours=cost.hours,
        travel_h=cost.travel_s / 3600,
        travel_km=journeys * plan.travel_m / 1000,
        sales_eur=expected.sales_eur,
        contribution_eur=expected.contribution_eur,
        cost_eur=cost.total_eur,
    )


def with_elasticity(
    worth: Worth, elasticity: float, visits_per_month: NDArray[np.float64]
) -> Worth:
    """
    The same sales at today's cadence, but another response to visits.

    What is sure is what accounts buy today; what is not is how much of it the visits bring.
    """
    sales_eur = expected_sales(worth, visits_per_month).sales_eur
    other = np.full(len(worth.base_eur), elasticity)
    return Worth(sales_eur / response_factor(visits_per_month, other), other, worth.margin_share)
