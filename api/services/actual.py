"""What was sold, by rep and day, as planning rounds and results compare it."""

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from accounts import NO_OWNER
from accounts.planning.period import Period, weekday_weights
from api.state import AppState, Snapshot
from data import sales_results
from data.sales_results import DailySales


def sales_of(state: AppState, snapshot: Snapshot, period: Period) -> DailySales:
    """The sales of a period up to today."""

    def read() -> DailySales:
        last = min(period.last, snapshot.today)
        with state.database.session() as session:
            return sales_results.daily_sales(session, snapshot.dataset, period.first, last)

    return snapshot.memo.get(("daily_sales", period), read)


def by_rep(snapshot: Snapshot, sales: DailySales) -> dict[int, float]:
    """Sums by rep; `NO_OWNER` too."""
    sums = dict.fromkeys((*(rep.id for rep in snapshot.reps), NO_OWNER), 0)
    owners, rows = np.unique(sales.rep_id, return_inverse=True)
    cents = np.zeros(len(owners), dtype=np.int64)
    np.add.at(cents, rows, sales.sales_cents)
    sums.update(zip(owners.tolist(), cents.tolist(), strict=True))
    return {rep_id: cents / 100 for rep_id, cents in sums.items()}


def weights_of_weekdays(state: AppState, snapshot: Snapshot) -> NDArray[np.float64]:
    """How the sales of a week spread over its days, (7,) from Monday, by last year's orders."""

    def read() -> NDArray[np.float64]:
        first = snapshot.today - timedelta(weeks=52)
        with state.database.session() as session:
            orders = sales_results.orders_by_weekday(
                session, snapshot.dataset.id, first, snapshot.today
            )
        return weekday_weights(orders)

    return snapshot.memo.get("weekday_weights", read)
