"""The periods in which results are looked at, and how a month's figure spreads over its days."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accounts.errors import InvalidAccountsError

FORTNIGHTS_FROM = date(2000, 1, 3)
"""A Monday on which two weeks begin; all others are counted from it."""

WORKWEEK = (1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
"""Weights of Monday to Sunday where orders do not tell."""

FEWEST_ORDERS = 50
"""From so many on, orders tell on which weekdays they come."""


class Level(StrEnum):
    """How far ahead is looked: a day, two weeks, a quarter, a year."""

    OPERATIONAL = "operational"
    TACTICAL = "tactical"
    STRATEGIC_SHORT = "strategic_short"
    STRATEGIC_LONG = "strategic_long"


@dataclass(frozen=True, slots=True)
class Period:
    """
    Days in a row.

    Parameters
    ----------
    first, last
        Both within.

    Raises
    ------
    InvalidAccountsError
        When it ends before it begins.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidAccountsError(f"A period from {self.first} to {self.last} has no days.")

    @property
    def days(self) -> tuple[date, ...]:
        count = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=k) for k in range(count))

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of the months that it touches."""
        months = [month_of(self.first)]
        while (following := next_month(months[-1])) <= self.last:
            months.append(following)
        return tuple(months)


def period_at(level: Level, day: date) -> Period:
    """The period of a level that a day lies in."""
    match level:
        case Level.OPERATIONAL:
            return Period(day, day)
        case Level.TACTICAL:
            first = day - timedelta(days=(day - FORTNIGHTS_FROM).days % 14)
            return Period(first, first + timedelta(days=13))
        case Level.STRATEGIC_SHORT:
            first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
            following = next_month(next_month(next_month(first)))
            return Period(first, following - timedelta(days=1))
        case Level.STRATEGIC_LONG:
            return Period(date(day.year, 1, 1), date(day.year, 12, 31))


def a_year_before(level: Level, period: Period) -> Period:
    """
    What a period is compared with.

    Days and weeks with the same weekdays, 52 weeks before; others with the same dates.
    """
    if level in (Level.OPERATIONAL, Level.TACTICAL):
        back = timedelta(weeks=52)
        return Period(period.first - back, period.last - back)
    return Period(_last_year(period.first), _last_year(period.last))


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after one."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def days_of(month: date) -> Period:
    """All days of a month, given by one of them."""
    return Period(month_of(month), next_month(month) - timedelta(days=1))


def weekday_weights(orders: ArrayLike) -> NDArray[np.float64]:
    """
    How much of a week's sales each weekday brings, (7,) from Monday, summing to 1.

    Counted in orders and not in money, since one large order would make its weekday the best.

    Parameters
    ----------
    orders
        (7,) orders by weekday. Fewer than `FEWEST_ORDERS` in all: those of `WORKWEEK`.
    """
    count = np.asarray(orders, dtype=np.float64)
    if count.sum() < FEWEST_ORDERS:
        count = np.array(WORKWEEK)
    return np.asarray(count / count.sum())


def day_shares(month: date, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Share of a month's figure that each of its days has, (days of the month,), summing to 1.

    Holidays are not known; their share is that of their weekday.
    """
    weight = weights[[day.weekday() for day in days_of(month).days]]
    return np.asarray(weight / weight.sum())


def _last_year(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
