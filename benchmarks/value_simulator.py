"""
Accounts whose response to visits is known: what a model finds can be compared with the truth.

1,000 accounts place a Poisson number of orders each month at rate x (1 + visits) ** beta. Rates
without visits are lognormal with a log standard deviation of 1. Visits are steered: the better an
account, the more often it is visited, as in any sales force.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.account import AccountTable
from accounts.value.history import history_of_panel
from accounts.value.panel import Panel, build_panel, month_of
from accounts.visit_value import DAYS_PER_MONTH

ACCOUNTS = 1_000
MEDIAN_RATE = 2.0
"""Orders a month."""

RATE_LOG_SD = 1.0
MEAN_VISITS = 0.5
"""A month at an account of median rate; it grows with the root of the rate."""

AMOUNT_EUR, AMOUNT_LOG_SD, ORDER_SHAPE = 500.0, 0.5, 4.0
MARGIN_SHARE = 0.3

FIRST_YEAR = 2024


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """
    What happened, and the truth behind it.

    Parameters
    ----------
    rate_per_month, amount_eur
        (n,) float64, orders a month without visits and their mean amount.
    visits_per_month
        (n,) float64, the cadence.
    """

    panel: Panel
    table: AccountTable
    rate_per_month: NDArray[np.float64]
    amount_eur: NDArray[np.float64]
    visits_per_month: NDArray[np.float64]
    beta: float

    @property
    def visit_value_eur(self) -> NDArray[np.float64]:
        """The true value of one more visit at the cadence, (n,)."""
        n, base = self.visits_per_month, self.rate_per_month * self.amount_eur
        return np.asarray(MARGIN_SHARE * base * ((2 + n) ** self.beta - (1 + n) ** self.beta))


def simulate(beta: float, months: int, seed: int, accounts: int = ACCOUNTS) -> Simulated:
    """A past of whole calendar months from the first of `FIRST_YEAR` on."""
    rng = np.random.default_rng(seed)
    relative = rng.lognormal(0, RATE_LOG_SD, accounts)
    rate = MEDIAN_RATE * relative
    cadence = MEAN_VISITS * np.sqrt(relative)
    amount = AMOUNT_EUR * rng.lognormal(0, AMOUNT_LOG_SD, accounts)
    visits = rng.poisson(cadence[:, None], (accounts, months))
    orders = rng.poisson(rate[:, None] * (1.0 + visits) ** beta)

    first_month = (FIRST_YEAR - 1970) * 12
    begin = np.arange(first_month, first_month + months + 1).astype("datetime64[M]")
    begin = begin.astype("datetime64[D]").astype(np.int64)
    visit_row, visit_day = _events(visits, begin, rng)
    order_row, order_day = _events(orders, begin, rng)
    order_eur = amount[order_row] * rng.gamma(ORDER_SHAPE, 1 / ORDER_SHAPE, len(order_row))
    panel = build_panel(
        segment=np.zeros(accounts, dtype=np.int64),
        visit_row=visit_row,
        visit_day=visit_day,
        order_row=order_row,
        order_day=order_day,
        order_eur=order_eur,
        first_day=int(begin[0]),
        today_day=int(begin[-1]) - 1,
    )
    table = table_of(panel, DAYS_PER_MONTH / cadence)
    return Simulated(panel, table, rate, amount, cadence, beta)


def table_of(panel: Panel, visit_interval_days: NDArray[np.float64]) -> AccountTable:
    """The account table that goes with a panel, all at one place and of one potential."""
    n = len(panel)
    history = history_of_panel(panel)
    recent = panel.order_day > panel.today_day - 365
    return AccountTable(
        account_id=np.arange(1, n + 1),
        name=("",) * n,
        postcode=("34117",) * n,
        town=("Kassel",) * n,
        lon=np.full(n, 9.49),
        lat=np.full(n, 51.31),
        status=history.status,
        segment=panel.segment.astype(np.uint8),
        potential_eur=np.full(n, 100_000.0),
        revenue_eur=history.revenue_eur,
        order_count=history.order_count,
        history_months=history.months,
        visit_interval_days=visit_interval_days,
        service_duration_s=np.full(n, 1800),
        last_visit_day=np.full(n, panel.today_day),
        opening_hours=np.zeros(n, dtype=np.int32),
        recent_revenue_eur=np.bincount(
            panel.order_row[recent], panel.order_eur[recent], minlength=n
        ).astype(np.float64),
        first_order_day=history.first_order_day,
        last_order_day=history.last_order_day,
        visit_months=history.visit_months.astype(np.int64),
    )


def permuted(simulated: Simulated, seed: int) -> Panel:
    """The panel with the months of each account's visits shuffled: without any response left."""
    panel = simulated.panel
    rng = np.random.default_rng(seed)
    row, month = np.nonzero(panel.visits)
    count = panel.visits[row, month]
    shuffled = rng.permuted(panel.visits, axis=1)
    assert int(shuffled.sum()) == int(count.sum())
    return Panel(**{name: getattr(panel, name) for name in panel.__slots__} | {"visits": shuffled})


def _events(
    counts: NDArray[np.int64], begin: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row and day of each event, spread evenly over its month."""
    row, month = np.nonzero(counts)
    repeats = counts[row, month]
    row, month = np.repeat(row, repeats), np.repeat(month, repeats)
    length = begin[month + 1] - begin[month]
    day = begin[month] + (rng.random(len(month)) * length).astype(np.int64)
    assert (month_of(day) - month_of(begin[:1])[0] == month).all()
    return row.astype(np.int64), day
