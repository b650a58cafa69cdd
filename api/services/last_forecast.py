"""How well an earlier version of the models foretold what has come since."""

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts import NEVER_ORDERED, AccountTable
from accounts.days import day_number
from accounts.errors import InvalidValueModelError
from accounts.value.account_values import ValueParameters, value_accounts
from accounts.value.fit_report import holdout_report
from accounts.value.panel import Panel
from accounts.visit_value import DAYS_PER_MONTH
from api.state import Snapshot
from data import account_store
from data.database import Session
from data.tables import ValueModel


def last_forecast(
    session: Session, snapshot: Snapshot, panel: Panel, model: ValueModel
) -> dict[str, Any] | None:
    """
    The sales that a version foretold from the past up to its own day, against those that came.

    Beside it stand the naive forecasts of the report: past sales go on, the last year goes on, and
    everybody buys the same.

    Parameters
    ----------
    panel
        Of the accounts of the snapshot, up to today.

    Returns
    -------
    dict | None
        A `HoldoutReport` as plain values, with `version`, `from` and `until`. None where the
        version cannot be read any more, or no account had ordered before its day.
    """
    day = day_number(model.fitted_for)
    try:
        parameters = ValueParameters.from_dict(model.parameters)
    except InvalidValueModelError:
        return None
    table = account_store.load_table(session, snapshot.dataset.id, model.fitted_for)
    bought = np.flatnonzero(table.last_order_day != NEVER_ORDERED)
    if not len(bought) or panel.today_day <= day:
        return None
    months = (panel.today_day - day) / DAYS_PER_MONTH
    values = value_accounts(table, parameters, day, snapshot.margin_share, months)
    actual = _sales_after(panel, snapshot.table, table, day)
    past = table.revenue_eur * months / max(table.history_months, 1e-9)
    report = holdout_report(
        months=months,
        deviance={},
        actual_eur=actual[bought],
        forecasts={
            "model": (values.expected_orders * values.order_eur)[bought],
            "past_sales": past[bought],
            "last_year": table.recent_revenue_eur[bought] * months / account_store.RECENT_MONTHS,
            "mean": np.full(len(bought), past[bought].mean()),
        },
        last_order_day=table.last_order_day[bought],
    )
    return asdict(report) | {
        "version": model.version,
        "from": model.fitted_for.isoformat(),
        "until": snapshot.today.isoformat(),
    }


def _sales_after(
    panel: Panel, now: AccountTable, then: AccountTable, day: int
) -> NDArray[np.float64]:
    """Sales after a day of the accounts that were there then, (n,)."""
    is_after = panel.order_day > day
    ids = now.account_id[panel.order_row[is_after]]
    rows = np.searchsorted(then.account_id, ids)
    inside = rows < len(then)
    inside[inside] = then.account_id[rows[inside]] == ids[inside]
    amounts = panel.order_eur[is_after][inside]
    return np.bincount(rows[inside], amounts, minlength=len(then)).astype(np.float64)
