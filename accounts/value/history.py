"""What is known of each account's past in a few columns, from the table or from a panel."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from accounts.account import MOST_MONTHLY_VISITS, NEVER_ORDERED, STATUSES, AccountTable, Status
from accounts.value.panel import Panel, sums
from accounts.visit_value import DAYS_PER_MONTH

RECENT_DAYS = 365
"""Who ordered within so many days is a customer; who ordered only before is inactive."""

IMPROBABLE = 0.01
"""Chance below which silence before the first or after the last order is no accident."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """
    The past of n accounts up to one day.

    Parameters
    ----------
    segment
        (n,) int64.
    status
        (n,) uint8, index into `accounts.account.STATUSES`.
    order_count, revenue_eur
        (n,) int64 and float64, at least 0.
    first_order_day, last_order_day
        (n,) int64, or `NEVER_ORDERED`.
    visit_months
        (n, `MOST_MONTHLY_VISITS` + 1) float64, months with no visit, one visit and so on.
    months
        Length of the history.
    start_months
        (n,) float64: months before the account began, and 0 where it was there from the start.
        It began when it was first visited, or else placed its first order, if so long a silence
        before the first order cannot be chance.
    today_day
        The day up to which the past counts.
    """

    segment: NDArray[np.int64]
    status: NDArray[np.uint8]
    order_count: NDArray[np.int64]
    revenue_eur: NDArray[np.float64]
    first_order_day: NDArray[np.int64]
    last_order_day: NDArray[np.int64]
    visit_months: NDArray[np.float64]
    months: float
    start_months: NDArray[np.float64]
    today_day: int

    def __len__(self) -> int:
        return len(self.segment)

    @property
    def has_orders(self) -> NDArray[np.bool_]:
        return np.asarray(self.order_count > 0)

    @property
    def is_customer(self) -> NDArray[np.bool_]:
        """Has orders, and is not called inactive."""
        return np.asarray(self.has_orders & (self.status == STATUSES.index(Status.CUSTOMER)))

    @property
    def repeat_orders(self) -> NDArray[np.int64]:
        """Orders after the first, (n,)."""
        return np.maximum(self.order_count - 1, 0)

    @property
    def counted_orders(self) -> NDArray[np.int64]:
        """
        Orders that say how often the account orders, (n,).

        Of an account that began with its first order, that order says nothing.
        """
        is_new = (self.start_months > 0) & (self.order_count > 1)
        return np.asarray(self.order_count - is_new)

    @property
    def recency_months(self) -> NDArray[np.float64]:
        """From the first to the last order, (n,); 0 where there was none."""
        days = np.where(self.has_orders, self.last_order_day - self.first_order_day, 0)
        return np.asarray(days / DAYS_PER_MONTH)

    @property
    def age_months(self) -> NDArray[np.float64]:
        """From the first order until today, (n,); 0 where there was none."""
        days = np.where(self.has_orders, self.today_day - self.first_order_day, 0)
        return np.asarray(np.maximum(days, 0) / DAYS_PER_MONTH)

    def take(self, rows: NDArray[np.int64]) -> "History":
        """Of some accounts."""
        plain = ("months", "today_day")
        columns = {name: getattr(self, name)[rows] for name in self.__slots__ if name not in plain}
        return replace(self, **columns)

    def exposure(self, elasticity: NDArray[np.float64]) -> NDArray[np.float64]:
        """Months at which the account would have bought as much without visits, (n,)."""
        levels = np.arange(self.visit_months.shape[1])
        factor = (1.0 + levels[None, :]) ** elasticity[:, None]
        total = (self.visit_months * factor).sum(axis=1)
        # There were no visits in the months before the account began.
        return np.asarray(np.maximum(total - self.start_months, 1 / DAYS_PER_MONTH))


def history_of_table(
    table: AccountTable, today_day: int, revenue_cut_eur: NDArray[np.float64] | None = None
) -> History:
    """
    The past as the account table has it.

    Parameters
    ----------
    revenue_cut_eur
        (n,), taken off the revenue: orders out of all proportion.
    """
    revenue = np.where(np.isfinite(table.revenue_eur), table.revenue_eur, 0.0)
    if revenue_cut_eur is not None:
        revenue = revenue - revenue_cut_eur
    count = np.where(revenue > 0, np.maximum(table.order_count, 0), 0)
    # A table that was made without days of orders: spread over the whole history.
    span = round(table.history_months * DAYS_PER_MONTH)
    unknown = (count > 0) & (table.first_order_day == NEVER_ORDERED)
    first = np.where(unknown, today_day - span, table.first_order_day)
    last = np.where(unknown, today_day - span // np.maximum(count, 1) // 2, table.last_order_day)
    first, last = np.minimum(first, today_day), np.minimum(last, today_day)
    return History(
        segment=table.segment.astype(np.int64),
        status=table.status,
        order_count=count,
        revenue_eur=np.where(count > 0, revenue, 0.0),
        first_order_day=np.where(count > 0, first, NEVER_ORDERED),
        last_order_day=np.where(count > 0, np.maximum(first, last), NEVER_ORDERED),
        visit_months=table.visit_months.astype(np.float64),
        months=max(table.history_months, 1 / DAYS_PER_MONTH),
        start_months=_start_months(
            count, first, table.first_visit_day, today_day, table.history_months
        ),
        today_day=today_day,
    )


def history_of_panel(panel: Panel) -> History:
    """The past as a panel has it."""
    n, months, today_day = len(panel), panel.month_count, panel.today_day
    row, day = panel.order_row, panel.order_day
    revenue = sums(row, panel.order_eur, n) - panel.returned_eur
    count = np.where(revenue > 0, np.bincount(row, minlength=n), 0)
    first = np.full(n, np.iinfo(np.int64).max)
    last = np.full(n, NEVER_ORDERED)
    np.minimum.at(first, row, day)
    np.maximum.at(last, row, day)
    first = np.where(count > 0, first, NEVER_ORDERED)
    last = np.where(count > 0, last, NEVER_ORDERED)
    visits = np.minimum(panel.visits, MOST_MONTHLY_VISITS)
    exposure = panel.exposure
    width = MOST_MONTHLY_VISITS + 1
    index = (np.arange(n)[:, None] * width + visits).ravel()
    visit_months = sums(index, exposure.ravel(), n * width).reshape(n, width)
    has_visit = visits.any(axis=1)
    begin = np.arange(panel.first_month, panel.first_month + months).astype("datetime64[M]")
    visit_day = begin.astype("datetime64[D]").astype(np.int64)[(visits > 0).argmax(axis=1)]
    observed = exposure.sum(axis=1)
    total = float(observed.max()) if n else 0.0
    status = np.full(n, STATUSES.index(Status.INACTIVE), dtype=np.uint8)
    status[count == 0] = STATUSES.index(Status.PROSPECT)
    status[(count > 0) & (last >= today_day - RECENT_DAYS)] = STATUSES.index(Status.CUSTOMER)
    return History(
        segment=panel.segment,
        status=status,
        order_count=count,
        revenue_eur=np.where(count > 0, revenue, 0.0),
        first_order_day=first,
        last_order_day=last,
        visit_months=visit_months,
        months=total,
        start_months=np.maximum(
            _start_months(
                count, first, np.where(has_visit, visit_day, NEVER_ORDERED), today_day, total
            )
            - (total - observed),
            0.0,
        ),
        today_day=today_day,
    )


def _start_months(
    order_count: NDArray[np.int64],
    first_order_day: NDArray[np.int64],
    first_visit_day: NDArray[np.int64],
    today_day: int,
    months: float,
) -> NDArray[np.float64]:
    """
    Months before an account began, see `History`.

    Of k orders that fall anywhere in a period, all fall in its last part s with chance s**k.
    """
    age = np.clip((today_day - first_order_day) / DAYS_PER_MONTH, 0.0, months)
    silence_is_chance = (age / max(months, 1e-9)) ** order_count >= IMPROBABLE
    known_months = np.clip((today_day - first_visit_day) / DAYS_PER_MONTH, 0.0, months)
    known_months = np.where(first_visit_day == NEVER_ORDERED, 0.0, known_months)
    start = months - np.maximum(age, known_months)
    is_new = (order_count > 0) & ~silence_is_chance
    return np.where(is_new, np.maximum(start, 0.0), 0.0)
