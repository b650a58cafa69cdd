"""What accounts are worth by fitted numbers: customer value, visit value, potential, growth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.account import AccountTable
from accounts.response import PowerResponse
from accounts.value.features import (
    ATTAINABLE_KINDS,
    attainable_features,
    potential_features,
    potential_kind,
    size_features,
)
from accounts.value.fit import fit, window_orders
from accounts.value.fit_report import FitReport
from accounts.value.history import History, history_of_table
from accounts.value.parameters import ValueParameters
from accounts.value.potential_forecast import UNKNOWN_LOG_WIDTH, LogForecast, Places
from accounts.value.response_fit import INTERVAL_Z, LIMITS
from accounts.visit_value import Worth, monthly_base_eur, visits_per_month

__all__ = ["AccountValues", "FitReport", "ValueParameters", "fit", "value_accounts"]

HORIZON_MONTHS = 12.0

ALIVE_FROM = 0.5
"""Chance of being a customer still from which one counts as alive."""

MARGIN_SHRINKAGE_ORDERS = 3.0
"""Orders at which an account's own margin and that of the data set count the same."""

POTENTIAL_LOG_SD = 1.0
"""Uncertainty of what an account without orders would buy, where nothing else is known."""


@dataclass(frozen=True, slots=True, eq=False)
class AccountValues:
    """
    What each of n accounts is worth; every array is (n,) float64 unless said, and never NaN.

    Parameters
    ----------
    worth
        What the planner's prizes are made of.
    visit_value_eur, visit_value_low_eur, visit_value_high_eur
        Expected extra contribution of one more visit, with an interval of 80 %.
    is_data
        (n,) bool: whether the elasticity comes from data (`basis: data`) or from the literature.
    orders_per_month, order_eur
        What the base is made of: the shrunk rate of orders without visits, and their mean amount.
    own_share
        Weight of the account's own past in its base, 0 to 1; the rest is its potential.
    expected_orders, expected_margin_eur
        Orders within the horizon, and contribution of one.
    customer_value_eur
        The product of the two.
    has_orders
        (n,) bool, whether there is a past to tell from; without one the churn risk is 0.
    churn_risk
        Chance that the customer has gone already.
    is_alive
        (n,) bool, whether it is more likely still a customer than not.
    potential_forecast_eur, potential_low_eur, potential_high_eur
        What the account could buy in a year from anybody: as stated, or forecast from accounts
        like it with an interval of 80 %. A stated potential has no interval.
    is_potential_stated
        (n,) bool.
    attainable_eur, attainable_low_eur, attainable_high_eur
        Yearly sales: expected of a customer; of others what accounts like them buy once they do,
        as likely too low as too high, with an interval of 80 %.
    target_eur, growth_eur
        Yearly sales to aim at, and how much that is above today's.
    """

    worth: Worth
    visit_value_eur: NDArray[np.float64]
    visit_value_low_eur: NDArray[np.float64]
    visit_value_high_eur: NDArray[np.float64]
    is_data: NDArray[np.bool_]
    orders_per_month: NDArray[np.float64]
    order_eur: NDArray[np.float64]
    own_share: NDArray[np.float64]
    expected_orders: NDArray[np.float64]
    expected_margin_eur: NDArray[np.float64]
    customer_value_eur: NDArray[np.float64]
    has_orders: NDArray[np.bool_]
    churn_risk: NDArray[np.float64]
    is_alive: NDArray[np.bool_]
    potential_forecast_eur: NDArray[np.float64]
    potential_low_eur: NDArray[np.float64]
    potential_high_eur: NDArray[np.float64]
    is_potential_stated: NDArray[np.bool_]
    attainable_eur: NDArray[np.float64]
    attainable_low_eur: NDArray[np.float64]
    attainable_high_eur: NDArray[np.float64]
    target_eur: NDArray[np.float64]
    growth_eur: NDArray[np.float64]

    @property
    def base_eur(self) -> NDArray[np.float64]:
        """Expected sales a month if nobody visited, (n,)."""
        return self.worth.base_eur

    @property
    def elasticity(self) -> NDArray[np.float64]:
        return self.worth.elasticity

    @property
    def margin_share(self) -> NDArray[np.float64]:
        return self.worth.margin_share


def value_accounts(
    table: AccountTable,
    parameters: ValueParameters,
    today_day: int,
    margin_share: float,
    horizon_months: float = HORIZON_MONTHS,
) -> AccountValues:
    """
    Value every account on one day; 0.2 s for 24,000.

    Parameters
    ----------
    parameters
        Fitted, or `ValueParameters.assumed()`.
    today_day
        Days since 1970-01-01.
    margin_share
        Of the data set, for accounts whose own is not known.
    horizon_months
        Over which customer value counts.
    """
    cuts = _cuts(table, parameters)
    history = history_of_table(table, today_day, cuts)
    group = parameters.group_of(table.segment)
    elasticity = np.clip(np.array(parameters.elasticity)[group], *LIMITS)
    margin = _margins(table, margin_share)
    potential, potential_width, is_stated = _potential(table, parameters)
    past = _past(table, history, parameters, elasticity, horizon_months)

    # A customer goes by its past; who does not buy by its past and its potential.
    weight = history.order_count / (history.order_count + parameters.shrinkage_orders)
    own_share = np.where(history.is_customer & parameters.is_fitted, 1.0, weight)
    from_potential = potential * parameters.target_share / 12
    own = past.rate * past.order_eur * past.alive
    base = own_share * own + (1 - own_share) * from_potential
    if not parameters.is_fitted:
        response = PowerResponse(float(elasticity.max(initial=0.0)))
        assumed = monthly_base_eur(
            table, response, parameters.target_share, parameters.shrinkage_orders
        )
        base = np.maximum(np.nan_to_num(assumed), 0.0)

    # Customer value: orders within the horizon times contribution of one.
    bought = np.where(history.is_customer, 1.0, weight)
    per_order = np.maximum(past.order_eur, 1e-9)
    expected_orders = bought * past.expected_orders
    expected_orders += (1 - bought) * from_potential * horizon_months / per_order

    worth = Worth(base, elasticity, margin)
    sd = own_share * past.relative_sd + (1 - own_share) * POTENTIAL_LOG_SD
    value, low, high = _visit_value(
        worth, visits_per_month(table), np.array(parameters.elasticity_sd)[group], sd
    )
    yearly = past.expected_orders * past.order_eur * 12 / horizon_months
    attainable, attainable_width = _attainable(table, parameters, history, potential)
    attainable = np.where(history.is_customer, yearly, attainable)
    width = np.where(history.is_customer, INTERVAL_Z * past.relative_sd, attainable_width)
    today_eur = np.where(history.is_customer, np.nan_to_num(table.recent_revenue_eur) - cuts, 0.0)
    today_eur = np.maximum(today_eur, 0.0)
    aim = np.where(history.is_customer, parameters.peers.target_eur(potential), attainable)
    target = np.maximum(aim, today_eur)
    return AccountValues(
        worth=worth,
        visit_value_eur=value,
        visit_value_low_eur=low,
        visit_value_high_eur=high,
        is_data=np.array(parameters.elasticity_is_data)[group],
        orders_per_month=past.rate,
        order_eur=past.order_eur,
        own_share=own_share,
        expected_orders=expected_orders,
        expected_margin_eur=margin * past.order_eur,
        customer_value_eur=margin * expected_orders * past.order_eur,
        has_orders=history.has_orders,
        churn_risk=np.where(history.has_orders, 1 - past.alive, 0.0),
        is_alive=history.has_orders & (past.alive >= ALIVE_FROM),
        potential_forecast_eur=potential,
        potential_low_eur=potential * np.exp(-potential_width),
        potential_high_eur=potential * np.exp(potential_width),
        is_potential_stated=is_stated,
        attainable_eur=attainable,
        attainable_low_eur=attainable * np.exp(-width),
        attainable_high_eur=attainable * np.exp(width),
        target_eur=target,
        growth_eur=target - today_eur,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Past:
    """What the orders of each account say, (n,) each."""

    rate: NDArray[np.float64]
    order_eur: NDArray[np.float64]
    alive: NDArray[np.float64]
    expected_orders: NDArray[np.float64]
    relative_sd: NDArray[np.float64]


def _past(
    table: AccountTable,
    history: History,
    parameters: ValueParameters,
    elasticity: NDArray[np.float64],
    horizon_months: float,
) -> _Past:
    n = len(table)
    count = history.order_count
    rows = np.flatnonzero(history.has_orders)
    repeats, recency = history.repeat_orders[rows], history.recency_months[rows]
    age = history.age_months[rows]
    alive, expected = np.zeros(n), np.zeros(n)
    alive[rows] = parameters.purchases.alive_share(repeats, recency, age)
    expected[rows] = parameters.purchases.expected_orders(horizon_months, repeats, recency, age)
    exposure = history.exposure(elasticity)
    mean = history.revenue_eur / np.maximum(count, 1)
    rates, amounts = parameters.rates, parameters.amounts
    features = size_features(table.potential_eur, parameters.usual_log_potential)
    counted = history.counted_orders
    if rates is None:
        rate, shape = counted / exposure, 1.0
    else:
        rate, shape = rates.expected(counted, exposure, features), rates.shape
    if amounts is None:
        typical = float(np.median(mean[rows])) if len(rows) else 1.0
        order_eur = np.where(count > 0, mean, typical)
        spread = 1 / np.sqrt(np.maximum(count, 1))
    else:
        order_eur = amounts.expected_eur(count, mean, features)
        spread = amounts.relative_sd(count)
    if parameters.counts_window:
        expected = window_orders(
            parameters.purchases, history, rate, exposure, alive, horizon_months
        )
    return _Past(rate, order_eur, alive, expected, np.sqrt(1 / (shape + counted) + spread**2))


def _visit_value(
    worth: Worth,
    cadence: NDArray[np.float64],
    elasticity_sd: NDArray[np.float64],
    base_log_sd: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Value of a visit and its interval; both uncertainties are taken for independent."""
    value = worth.visit_value_eur(cadence)
    step = INTERVAL_Z * elasticity_sd
    less, more = (
        Worth(worth.base_eur, np.clip(worth.elasticity + sign * step, *LIMITS), worth.margin_share)
        .visit_value_eur(cadence)
        for sign in (-1, 1)
    )  # fmt: skip
    by_base = np.exp(INTERVAL_Z * base_log_sd)
    down = np.hypot(value - less, value - value / by_base)
    up = np.hypot(more - value, value * by_base - value)
    return value, np.maximum(value - down, 0.0), value + up


def _cuts(table: AccountTable, parameters: ValueParameters) -> NDArray[np.float64]:
    cuts = np.zeros(len(table))
    for account_id, cut in parameters.revenue_cut_eur.items():
        row = table.row_of(account_id)
        if row is not None:
            cuts[row] = cut
    return cuts


def _margins(table: AccountTable, margin_share: float) -> NDArray[np.float64]:
    """Margin of each account, its own as far as it has orders; at least 0 and at most 1."""
    count = np.maximum(table.order_count, 0)
    known = np.isfinite(table.margin_share)
    weight = np.where(known, count / (count + MARGIN_SHRINKAGE_ORDERS), 0.0)
    own = np.where(known, table.margin_share, margin_share)
    return np.asarray(np.clip(weight * own + (1 - weight) * margin_share, 0.0, 1.0))


def _potential(
    table: AccountTable, parameters: ValueParameters
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Potential, half the width of its interval in logarithms, and whether it is stated."""
    is_stated = np.isfinite(table.potential_eur) & (table.potential_eur > 0)
    potential = np.where(is_stated, table.potential_eur, 0.0)
    width = np.zeros(len(table))
    wanted = np.flatnonzero(~is_stated)
    if len(wanted) and parameters.potential is not None:
        known = np.where(is_stated, np.log(np.where(is_stated, potential, 1.0)), np.nan)
        features = potential_features(table, parameters.segment_count)
        forecast = parameters.potential.log_of(
            features, Places.of(table.postcode, table.lon, table.lat), known, wanted
        )
        potential[wanted] = np.exp(forecast)
        width[wanted] = np.array(parameters.potential.log_width)[potential_kind(table)[wanted]]
    elif len(wanted):
        width[wanted] = UNKNOWN_LOG_WIDTH
    return potential, width, is_stated


def _attainable(
    table: AccountTable,
    parameters: ValueParameters,
    history: History,
    potential: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Yearly sales of those who are no customers once they are, and the width as above."""
    forecast: LogForecast | None = parameters.attainable
    if forecast is None:
        share = parameters.target_share
        return potential * share, np.full(len(table), UNKNOWN_LOG_WIDTH)
    yearly = np.where(history.is_customer, table.recent_revenue_eur, 0.0)
    bought = yearly > 0
    known = np.where(bought, np.log(np.where(bought, yearly, 1.0)), np.nan)
    wanted = np.flatnonzero(~history.is_customer & (potential > 0))
    attainable = np.zeros(len(table))
    attainable[wanted] = np.exp(
        forecast.log_of(
            attainable_features(potential),
            Places.of(table.postcode, table.lon, table.lat),
            known,
            wanted,
        )
    )
    assert len(forecast.log_width) == ATTAINABLE_KINDS
    return attainable, np.full(len(table), forecast.log_width[0])
