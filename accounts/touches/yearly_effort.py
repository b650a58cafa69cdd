"""Visits, hours and money that the cadence of accounts takes in a year, by segment."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.engagement import NO_VISITS_DAYS, Channel, Programme
from accounts.touches.cost_to_serve import Served, cost_to_serve
from accounts.touches.settings import TOUCH_CHANNELS, TouchChannel, TouchSettings

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Effort:
    """Of a year: visits and calls made, hours of everybody with journeys, and their cost."""

    account_count: int
    visits: float
    calls: float
    hours: float
    cost_eur: float


@dataclass(frozen=True, slots=True, eq=False)
class YearlyEffort:
    """
    Of each account; (n,) float64 each.

    Parameters
    ----------
    visits, calls
        In a year. Nobody visits an account that has no interval, or whose segment is served by
        those who only respond.
    hours
        Of everybody who takes part, journeys included.
    cost_eur
        Of these hours with overhead, of kilometres and expenses.
    """

    visits: NDArray[np.float64]
    calls: NDArray[np.float64]
    hours: NDArray[np.float64]
    cost_eur: NDArray[np.float64]

    def of(self, rows: NDArray[np.bool_]) -> Effort:
        return Effort(
            int(rows.sum()),
            *(
                float(column[rows].sum())
                for column in (self.visits, self.calls, self.hours, self.cost_eur)
            ),
        )


def yearly_effort(
    programme: Programme,
    segment: NDArray[np.int64],
    visit_interval_days: NDArray[np.float64],
    service_duration_s: NDArray[np.int64],
    travel_s: NDArray[np.float64],
    travel_m: NDArray[np.float64],
    settings: TouchSettings,
) -> YearlyEffort:
    """
    What the cadence takes as it is promised, whoever makes the visits.

    Parameters
    ----------
    segment
        (n,), index into the programme.
    visit_interval_days, service_duration_s, travel_s, travel_m
        (n,), of one visit to each account; the last two on the road.
    """
    n = len(segment)
    answers_only = np.array([one.channel is Channel.RESPOND_ONLY for one in programme])[segment]
    is_visited = (visit_interval_days < NO_VISITS_DAYS) & ~answers_only
    touches = np.zeros((n, len(TOUCH_CHANNELS)))
    field = TOUCH_CHANNELS.index(TouchChannel.FIELD)
    touches[:, field] = np.where(is_visited, DAYS_PER_YEAR / visit_interval_days, 0.0)
    for index, one in enumerate(programme):
        if one.call_channel is not None and one.call_interval_days is not None:
            column = TOUCH_CHANNELS.index(TouchChannel(one.call_channel.value))
            touches[segment == index, column] = DAYS_PER_YEAR / one.call_interval_days
    none = np.zeros(n, dtype=np.int64)
    cost = cost_to_serve(
        Served(
            touches=touches,
            contact_s=np.full(touches.shape, np.nan),
            visit_s=service_duration_s.astype(np.float64),
            travel_s=travel_s,
            travel_m=travel_m,
            contacts=none,
            orders=none,
            buys=np.zeros(n, dtype=bool),
            years=1.0,
        ),
        settings,
    )
    return YearlyEffort(
        visits=touches[:, field],
        calls=touches.sum(axis=1) - touches[:, field],
        hours=cost.hours,
        cost_eur=cost.total_eur,
    )
