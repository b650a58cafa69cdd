"""The German sample as the models of value see it, without a database; and the truth behind it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from accounts.account import MOST_MONTHLY_VISITS, NEVER_ORDERED, AccountTable
from accounts.value.panel import Panel, build_panel, sums
from accounts.visit_value import visits_per_month
from data.samples import truth
from data.samples.calendar import DAYS_PER_YEAR, history_before
from data.samples.generate import Sample, generate

TODAY = date(2026, 11, 16)


@dataclass(frozen=True, slots=True, eq=False)
class SampleCase:
    """
    The sample of one seed.

    Parameters
    ----------
    base_eur, beta
        (n,) float64, true sales a month without visits and true response.
    """

    sample: Sample
    table: AccountTable
    panel: Panel
    base_eur: NDArray[np.float64]
    beta: NDArray[np.float64]

    @property
    def today_day(self) -> int:
        return self.panel.today_day

    @property
    def visit_value_eur(self) -> NDArray[np.float64]:
        """The true value of one more visit at the cadence from now on, (n,)."""
        n = visits_per_month(self.table)
        gain = (2 + n) ** self.beta - (1 + n) ** self.beta
        return np.asarray(truth.MARGIN_SHARE * self.base_eur * gain)


def sample_case(seed: int = 1) -> SampleCase:
    """Read the arrays of a sample as `data.account_store` reads them from the database."""
    sample = generate(TODAY, seed)
    history = history_before(TODAY, truth.HISTORY_MONTHS)
    customers, orders, visits = sample.customers, sample.orders, sample.visits
    panel = build_panel(
        segment=sample.segment,
        visit_row=visits.account,
        visit_day=visits.day,
        order_row=orders.account,
        order_day=orders.day,
        order_eur=orders.amount_cents / 100,
        first_day=history.first_day,
        today_day=history.today_day - 1,
    )
    return SampleCase(
        sample,
        _table(sample, panel.today_day),
        panel,
        customers.rate_per_month * customers.amount_eur,
        customers.beta,
    )


def _table(sample: Sample, today_day: int) -> AccountTable:
    customers, n = sample.customers, len(sample.customers)
    begin_day = today_day - round(truth.HISTORY_MONTHS * DAYS_PER_YEAR / 12)
    row, day, amount = _within(sample, begin_day)
    visited = sample.visits.day > begin_day
    visit_row, visit_day = sample.visits.account[visited], sample.visits.day[visited]
    month = ((today_day - visit_day) * 12 / DAYS_PER_YEAR).astype(np.int64)
    monthly = np.zeros((n, truth.HISTORY_MONTHS), dtype=np.int64)
    np.add.at(monthly, (visit_row, np.minimum(month, truth.HISTORY_MONTHS - 1)), 1)
    visit_months = np.zeros((n, MOST_MONTHLY_VISITS + 1), dtype=np.int64)
    capped = np.minimum(monthly, MOST_MONTHLY_VISITS)
    np.add.at(visit_months, (np.arange(n)[:, None], capped), 1)
    return AccountTable(
        account_id=np.arange(1, n + 1),
        name=customers.name,
        postcode=customers.sites.postcode,
        town=customers.sites.town,
        lon=customers.sites.lon,
        lat=customers.sites.lat,
        status=sample.status,
        segment=sample.segment,
        potential_eur=customers.potential_eur,
        revenue_eur=sums(row, amount, n),
        order_count=np.bincount(row, minlength=n),
        history_months=float(truth.HISTORY_MONTHS),
        visit_interval_days=sample.visit_interval_days,
        service_duration_s=customers.service_duration_s,
        last_visit_day=_edge(n, sample.visits.account, sample.visits.day, np.maximum),
        opening_hours=np.zeros(n, dtype=np.int32),
        recent_revenue_eur=sums(row, amount * (day > today_day - 365), n),
        first_order_day=_edge(n, row, day, np.minimum),
        last_order_day=_edge(n, row, day, np.maximum),
        first_visit_day=_edge(n, visit_row, visit_day, np.minimum),
        visit_months=visit_months,
    )


def _within(
    sample: Sample, begin_day: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    orders = sample.orders
    kept = orders.day > begin_day
    return orders.account[kept], orders.day[kept], orders.amount_cents[kept] / 100


def _edge(
    n: int, row: NDArray[np.int64], day: NDArray[np.int64], keep: np.ufunc
) -> NDArray[np.int64]:
    """First or last day of each account."""
    start = np.iinfo(np.int64).max if keep is np.minimum else NEVER_ORDERED
    edge = np.full(n, start)
    keep.at(edge, row, day)
    return np.where(np.bincount(row, minlength=n) > 0, edge, NEVER_ORDERED)
