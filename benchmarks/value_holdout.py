"""Forecasts against what came then: orders of CDNOW, sales and potentials of the sample."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor

from accounts.account import NEVER_ORDERED, STATUSES, AccountTable, Status
from accounts.engagement import PROGRAMME
from accounts.value.account_values import fit, value_accounts
from accounts.value.fit import HOLDOUT_MONTHS
from accounts.value.fit_report import FitReport, ForecastError, forecast_error
from accounts.value.history import RECENT_DAYS, History, history_of_panel
from accounts.value.panel import Panel, sums
from accounts.value.purchases import fit_purchases
from benchmarks.cdnow import CUT_DAY, HORIZON_WEEKS, WEEK_DAYS, Purchases, purchases_at
from benchmarks.value_sample import SampleCase

HIDDEN_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Row:
    """One way to forecast or to rank, and how it did; None where it only ranks."""

    name: str
    error: ForecastError | None
    top_tenth_share: float


def row_of(name: str, actual: NDArray[np.float64], forecast: NDArray[np.float64]) -> Row:
    error = forecast_error(actual, forecast)
    return Row(name, error, error.top_tenth_share)


def boosted(
    features: NDArray[np.float64], target: NDArray[np.float64], wanted: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A gradient-boosted forecast of amounts or counts; seeds and settings are fixed."""
    model = HistGradientBoostingRegressor(
        loss="poisson", learning_rate=0.05, max_iter=200, min_samples_leaf=40, random_state=0
    )
    model.fit(features, target)
    return np.asarray(model.predict(wanted))


def cdnow_rows(customer: NDArray[np.int64], day: NDArray[np.int64]) -> list[Row]:
    """
    Orders of 39 weeks from those of the 39 before.

    The booster learns from the first half of what is known what the second half brought; it may
    not see the weeks that it forecasts. `told` may: it learns from every other customer what they
    bought then, which nobody could know, and forecasts the rest.
    """
    known = purchases_at(customer, day, CUT_DAY, HORIZON_WEEKS)
    actual = known.later.astype(np.float64)
    rows = []
    for regularity, may_stop in ((1, False), (1, True), (2, True)):
        columns = (known.repeats, known.recency_weeks, known.age_weeks)
        model = fit_purchases(*columns, regularity, may_stop)
        rows.append(row_of(model.name, actual, model.expected_orders(HORIZON_WEEKS, *columns)))
    past = known.repeats * HORIZON_WEEKS / known.age_weeks
    rows.append(row_of("past orders", actual, past))
    rows.append(row_of("mean", actual, np.full(len(actual), past.mean())))
    recency = forecast_error(actual, known.recency_weeks - known.age_weeks).top_tenth_share
    rows.append(Row("recency", None, recency))

    half = HORIZON_WEEKS / 2
    earlier = purchases_at(customer, day, round(CUT_DAY - half * WEEK_DAYS), half)
    rows.append(
        row_of(
            "gradient boosting",
            actual,
            2 * boosted(_features(earlier), earlier.later.astype(np.float64), _features(known)),
        )
    )
    told, even = np.zeros(len(actual)), np.arange(len(actual)) % 2 == 0
    for train in (even, ~even):
        told[~train] = boosted(_features(known)[train], actual[train], _features(known)[~train])
    rows.append(row_of("gradient boosting, told", actual, told))
    return rows


def _features(known: Purchases) -> NDArray[np.float64]:
    """Shares of the age, so that what is learnt at one age can be used at another."""
    age = np.maximum(known.age_weeks, 1.0)
    return np.column_stack(
        [known.repeats / age, known.recency_weeks / age, known.repeats, known.repeats > 0]
    )


def sample_rows(case: SampleCase, report: FitReport) -> list[Row]:
    """Sales of the last six months of the sample, from the report of the fit and a booster."""
    assert report.holdout is not None
    rows = [
        Row(name.replace("_", " "), error, error.top_tenth_share)
        for name, error in report.holdout.errors.items()
    ]
    rows.append(Row("recency", None, report.holdout.recency_top_tenth_share))
    panel = case.panel
    learnt = panel.until(panel.month_count - 2 * HOLDOUT_MONTHS)
    known = panel.until(panel.month_count - HOLDOUT_MONTHS)
    target, learnt_months = _sales_after(known, learnt)
    actual, months = _sales_after(panel, known)
    x, wanted = (
        _sales_features(history_of_panel(one), one, case.table.potential_eur)
        for one in (learnt, known)
    )
    bought_then, bought = (history_of_panel(one).has_orders for one in (learnt, known))
    forecast = boosted(x[bought_then], target[bought_then] / learnt_months, wanted[bought])
    return [*rows, row_of("gradient boosting", actual[bought], forecast * months)]


def _sales_after(panel: Panel, before: Panel) -> tuple[NDArray[np.float64], float]:
    later = panel.order_day > before.today_day
    months = float(panel.exposure[0, before.month_count :].sum())
    return sums(panel.order_row[later], panel.order_eur[later], len(panel)), months


def _sales_features(
    history: History, panel: Panel, potential_eur: NDArray[np.float64]
) -> NDArray[np.float64]:
    recent = panel.order_day > panel.today_day - RECENT_DAYS // 2
    half_year = sums(panel.order_row[recent], panel.order_eur[recent], len(panel))
    return np.column_stack(
        [
            history.revenue_eur / history.months,
            half_year / 6,
            history.order_count / history.months,
            (panel.today_day - np.maximum(history.last_order_day, 0)) / 30,
            panel.visits.sum(axis=1) / history.months,
            potential_eur,
        ]
    )


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """A forecast with an interval, on accounts whose truth was hidden."""

    name: str
    count: int
    coverage_share: float
    log_error: float
    log_error_of_median: float


def interval_rows(case: SampleCase) -> list[IntervalRow]:
    """
    Coverage of the intervals of potential and attainable sales; 80 % is aimed at.

    The potential of a fifth of the accounts is hidden. A fifth of the customers is made to look as
    if they had never bought.
    """
    rng = np.random.default_rng(0)
    table, panel, today = case.table, case.panel, case.today_day
    hidden = rng.random(len(table)) < HIDDEN_SHARE
    unknown = replace(table, potential_eur=np.where(hidden, 0.0, table.potential_eur))
    parameters, _ = fit(panel, unknown, today, len(PROGRAMME))
    values = value_accounts(unknown, parameters, today, 0.3)
    buys = table.recent_revenue_eur > 0
    rows = [
        _interval_row(
            f"potential, {name}",
            table.potential_eur[part],
            values.potential_forecast_eur[part],
            values.potential_low_eur[part],
            values.potential_high_eur[part],
        )
        for name, part in (("buying", hidden & buys), ("not buying", hidden & ~buys))
    ]
    customer = table.status == STATUSES.index(Status.CUSTOMER)
    masked = customer & hidden
    new, without = _as_prospects(case, masked)
    parameters, _ = fit(without, new, today, len(PROGRAMME))
    values = value_accounts(new, parameters, today, 0.3)
    rows.append(
        _interval_row(
            "attainable sales, made to look new",
            table.recent_revenue_eur[masked],
            values.attainable_eur[masked],
            values.attainable_low_eur[masked],
            values.attainable_high_eur[masked],
        )
    )
    return rows


def _as_prospects(case: SampleCase, masked: NDArray[np.bool_]) -> tuple[AccountTable, Panel]:
    table, panel = case.table, case.panel
    nothing: dict[str, Any] = {
        name: np.where(masked, 0, getattr(table, name)).astype(getattr(table, name).dtype)
        for name in ("revenue_eur", "recent_revenue_eur", "order_count", "segment")
    }
    days: dict[str, Any] = {
        name: np.where(masked, NEVER_ORDERED, getattr(table, name))
        for name in ("first_order_day", "last_order_day")
    }
    status = np.where(masked, STATUSES.index(Status.PROSPECT), table.status).astype(np.uint8)
    kept = ~masked[panel.order_row]
    return replace(table, status=status, **nothing, **days), replace(
        panel,
        orders=np.where(masked[:, None], 0, panel.orders),
        segment=np.where(masked, 0, panel.segment),
        order_row=panel.order_row[kept],
        order_day=panel.order_day[kept],
        order_eur=panel.order_eur[kept],
    )


def _interval_row(
    name: str,
    truth: NDArray[np.float64],
    forecast: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> IntervalRow:
    logs = np.log(truth)
    return IntervalRow(
        name,
        len(truth),
        float(((low <= truth) & (truth <= high)).mean()),
        float(np.sqrt(((np.log(forecast) - logs) ** 2).mean())),
        float(np.sqrt(((logs - np.median(logs)) ** 2).mean())),
    )


def table_lines(title: str, unit: str, rows: Sequence[Row]) -> list[str]:
    """As text."""
    lines = [
        title,
        f"  {'':26}{'mean abs':>10}{'rms':>10}{'total':>8}{'top tenth':>11}   ({unit})",
    ]
    for row in rows:
        if row.error is None:
            figures = f"{'-':>10}{'-':>10}{'-':>8}"
        else:
            error = row.error
            figures = (
                f"{error.mean_absolute_eur:>10.4g}{error.root_mean_square_eur:>10.5g}"
                f"{error.total_ratio:>8.3f}"
            )
        lines.append(f"  {row.name:26}{figures}{row.top_tenth_share:>11.3f}")
    return lines
