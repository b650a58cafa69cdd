"""What the model expects of accounts and reps, at the cadence at which they are visited today."""

import numpy as np
from numpy.typing import NDArray

from accounts import NO_OWNER
from accounts.planning.expected_sales import ExpectedSales, expected_sales
from accounts.visit_value import visits_per_month
from api.state import Snapshot


def cadence(snapshot: Snapshot) -> NDArray[np.float64]:
    """Visits a month that each account can count on, (n,): less where there is no time for all."""
    stretch = snapshot.rules(snapshot.today_day).interval_stretch
    return np.asarray(visits_per_month(snapshot.table) / stretch)


def expected_month(snapshot: Snapshot) -> ExpectedSales:
    """Of each account in a month."""
    return snapshot.memo.get(
        "expected_month", lambda: expected_sales(snapshot.worth, cadence(snapshot))
    )


def month_by_rep(snapshot: Snapshot) -> dict[int, float]:
    """Sales of the accounts that each rep owns today, expected in a month; `NO_OWNER` too."""
    owners, rows = np.unique(snapshot.table.owner_rep_id, return_inverse=True)
    sums = np.bincount(rows, expected_month(snapshot).sales_eur, minlength=len(owners))
    by_owner = dict(zip(owners.tolist(), sums.tolist(), strict=True))
    return {key: by_owner.get(key, 0.0) for key in (*(r.id for r in snapshot.reps), NO_OWNER)}
