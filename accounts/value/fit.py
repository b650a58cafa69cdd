"""Fits all models of value to the past of a data set, and reports how well they forecast."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.account import AccountTable
from accounts.errors import InvalidAccountsError
from accounts.value.features import (
    ATTAINABLE_KINDS,
    POTENTIAL_KINDS,
    attainable_features,
    potential_features,
    potential_kind,
    size_features,
    usual_log_potential,
)
from accounts.value.fit_report import FitReport, HoldoutReport, SegmentReport, holdout_report
from accounts.value.growth import fit_peer_shares
from accounts.value.history import RECENT_DAYS, History, history_of_panel
from accounts.value.order_amount import OrderAmounts, fit_order_amounts
from accounts.value.order_rate import OrderRates, fit_order_rates
from accounts.value.panel import Panel, sums
from accounts.value.parameters import ASSUMED_PURCHASES, ValueParameters
from accounts.value.potential_forecast import LogForecast, Places, fit_forecast
from accounts.value.purchases import PurchaseModel, fit_purchases, model_name
from accounts.value.response_fit import ResponseFit, fit_response

Floats = NDArray[np.float64]

HOLDOUT_MONTHS = 6

MIN_CUSTOMERS = 50
"""With fewer customers, how they come and go is not fitted."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """
    A way to forecast orders; the parameters as in `PurchaseModel` and `ValueParameters`.
    """

    regularity: int = 1
    may_stop_at_first: bool = False
    counts_window: bool = False

    @property
    def name(self) -> str:
        """As shown."""
        name = model_name(self.regularity, self.may_stop_at_first)
        return f"{name}, rate of the whole history" if self.counts_window else name


CANDIDATES = (
    Candidate(),
    Candidate(may_stop_at_first=True),
    Candidate(2, may_stop_at_first=True),
    Candidate(3, may_stop_at_first=True),
    Candidate(counts_window=True),
    Candidate(may_stop_at_first=True, counts_window=True),
)
"""The plain BG/NBD comes first; another must predict better."""

CANDIDATE_ACCOUNTS = 4_000
"""Accounts on which candidates are compared; more cost time and change nothing."""

BETTER_BY_SHARE = 0.005
"""A variant must predict better by so much to be taken instead of the plain model."""


@dataclass(frozen=True, slots=True, eq=False)
class _Core:
    """What is fitted to the past of accounts before one day."""

    response: ResponseFit
    rates: OrderRates
    amounts: OrderAmounts
    exposure: NDArray[np.float64]


def fit(
    panel: Panel,
    table: AccountTable,
    today_day: int,
    segment_count: int | None = None,
    seed: int = 0,
) -> tuple[ValueParameters, FitReport]:
    """
    Fit everything to a panel, and measure forecasts on its last six months.

    Parameters
    ----------
    panel, table
        Of the same accounts in the same order.
    today_day
        On which the table was read.
    segment_count
        Of the engagement programme; as many as occur unless given.
    seed
        Of the halves of known accounts behind intervals.

    Raises
    ------
    InvalidAccountsError
        When panel and table are of different accounts.
    """
    if len(panel) != len(table):
        raise InvalidAccountsError(f"The panel has {len(panel)} accounts, the table {len(table)}.")
    segments = segment_count or int(panel.segment.max(initial=0)) + 1
    rng = np.random.default_rng(seed)
    notes = list(panel.notes)
    too_short = int((table.visit_interval_days <= 0).sum())
    if too_short:
        notes.append(f"{too_short} visit intervals of zero or less count as one day.")
    foreign = int(table.foreign_order_count.sum())
    if foreign and not any("currencies" in note for note in notes):
        notes.append(f"{foreign} orders in other currencies are left out.")
    history = history_of_panel(panel)
    if not history.has_orders.any():
        notes.append("There are no orders: everything is reckoned with as assumed.")
        return ValueParameters.assumed(segments), FitReport.empty(len(table), tuple(notes))

    usual = usual_log_potential(table.potential_eur)
    features = size_features(table.potential_eur, usual)
    earlier = panel.until(panel.month_count - HOLDOUT_MONTHS)
    can_hold_out = panel.month_count >= 2 * HOLDOUT_MONTHS and len(earlier.order_row) > 0
    choice, holdout = CANDIDATES[0], None
    if can_hold_out:
        choice, holdout = _hold_out(earlier, panel, features, segments, rng)
    else:
        notes.append("The history is too short to measure forecasts on a part that was held out.")

    core = _fit_core(panel, history, features, segments)
    purchases = _fit_purchases(history, choice, notes)
    potential, attainable = _fit_forecasts(table, history, segments, rng)
    yearly = np.where(history.is_customer, np.nan_to_num(table.recent_revenue_eur), 0.0)
    cut = np.flatnonzero(panel.cut_eur > 0)
    parameters = ValueParameters(
        segment_count=segments,
        elasticity=tuple(core.response.elasticity.tolist()),
        elasticity_sd=tuple(core.response.shrunk_sd.tolist()),
        elasticity_is_data=tuple(core.response.is_data.tolist()),
        purchases=purchases,
        counts_window=choice.counts_window,
        rates=core.rates,
        amounts=core.amounts,
        usual_log_potential=usual,
        potential=potential,
        attainable=attainable,
        peers=fit_peer_shares(np.nan_to_num(table.potential_eur), yearly - panel.cut_eur),
        revenue_cut_eur={int(table.account_id[row]): float(panel.cut_eur[row]) for row in cut},
        is_fitted=True,
    )
    if core.response.left_out:
        notes.append(
            f"{core.response.left_out} accounts came or went within the history; they say nothing "
            "about the effect of visits and are left out of it."
        )
    return parameters, FitReport(
        account_count=len(table),
        customer_count=int(history.is_customer.sum()),
        purchase_model=choice.name,
        segments=SegmentReport.of(core.response),
        holdout=holdout,
        notes=tuple(notes),
    )


def _fit_core(
    panel: Panel, history: History, features: NDArray[np.float64], segments: int
) -> _Core:
    response = fit_response(panel, segments)
    group = np.minimum(panel.segment, segments)
    exposure = history.exposure(response.elasticity[group])
    bought = history.has_orders
    return _Core(
        response,
        fit_order_rates(history.counted_orders[bought], exposure[bought], features[bought]),
        fit_order_amounts(panel.order_row, panel.order_eur, features),
        exposure,
    )


def _fit_purchases(
    history: History, candidate: Candidate, notes: list[str] | None = None
) -> PurchaseModel:
    rows = np.flatnonzero(history.has_orders & (history.age_months > 0))
    if len(rows) < MIN_CUSTOMERS:
        if notes is not None:
            notes.append(
                f"{len(rows)} customers are too few to tell how they come and go; that is assumed."
            )
        return ASSUMED_PURCHASES
    return fit_purchases(
        history.repeat_orders[rows],
        history.recency_months[rows],
        history.age_months[rows],
        candidate.regularity,
        candidate.may_stop_at_first,
    )


def _fit_forecasts(
    table: AccountTable, history: History, segments: int, rng: np.random.Generator
) -> tuple[LogForecast | None, LogForecast | None]:
    """Of the potential, from accounts that state it; of attainable sales, from customers."""
    places = Places.of(table.postcode, table.lon, table.lat)
    potential = np.nan_to_num(table.potential_eur)
    stated = np.flatnonzero(potential > 0)
    yearly = np.nan_to_num(table.recent_revenue_eur)
    buying = np.flatnonzero((potential > 0) & history.is_customer & (yearly > 0))
    return (
        fit_forecast(
            potential_features(table, segments)[stated],
            np.log(potential[stated]),
            places.take(stated),
            potential_kind(table)[stated],
            POTENTIAL_KINDS,
            rng,
        ),
        fit_forecast(
            attainable_features(potential[buying]),
            np.log(yearly[buying]),
            places.take(buying),
            np.zeros(len(buying), dtype=np.int64),
            ATTAINABLE_KINDS,
            rng,
        ),
    )


def _hold_out(
    earlier: Panel,
    panel: Panel,
    features: NDArray[np.float64],
    segments: int,
    rng: np.random.Generator,
) -> tuple[Candidate, HoldoutReport]:
    """The way to forecast orders that predicts best, and how well all of it does."""
    history = history_of_panel(earlier)
    core = _fit_core(earlier, history, features, segments)
    rate = core.rates.expected(history.counted_orders, core.exposure, features)
    months = float(panel.exposure[:, earlier.month_count :].max(axis=0).sum())
    after = panel.order_day > earlier.today_day
    orders = np.bincount(panel.order_row[after], minlength=len(panel))
    sales = sums(panel.order_row[after], panel.order_eur[after], len(panel))

    bought = np.flatnonzero(history.has_orders)
    some = bought
    if len(bought) > CANDIDATE_ACCOUNTS:
        some = np.sort(rng.choice(bought, CANDIDATE_ACCOUNTS, replace=False))

    def forecast(candidate: Candidate, model: PurchaseModel, rows: NDArray[np.int64]) -> Floats:
        past = history.take(rows)
        if not candidate.counts_window:
            columns = (past.repeat_orders, past.recency_months, past.age_months)
            return model.expected_orders(months, *columns)
        alive = model.alive_share(past.repeat_orders, past.recency_months, past.age_months)
        return window_orders(model, past, rate[rows], core.exposure[rows], alive, months)

    models = {one: _fit_purchases(history.take(some), one) for one in CANDIDATES}
    deviance = {
        one: poisson_deviance(orders[some], forecast(one, model, some))
        for one, model in models.items()
    }
    best = min(deviance, key=lambda one: deviance[one])
    if deviance[best] > (1 - BETTER_BY_SHARE) * deviance[CANDIDATES[0]]:
        best = CANDIDATES[0]

    mean = history.revenue_eur / np.maximum(history.order_count, 1)
    amount = core.amounts.expected_eur(history.order_count, mean, features)
    expected = forecast(best, models[best], bought) * amount[bought]
    last = earlier.order_day > earlier.today_day - RECENT_DAYS
    recent = sums(earlier.order_row[last], earlier.order_eur[last], len(panel))
    span = min(history.months, 12.0)
    past = history.revenue_eur[bought] * months / history.months
    report = holdout_report(
        months=months,
        deviance={one.name: value for one, value in deviance.items()},
        actual_eur=sales[bought],
        forecasts={
            "model": expected,
            "past_sales": past,
            "last_year": recent[bought] * months / span,
            "mean": np.full(len(bought), past.mean()),
        },
        last_order_day=history.last_order_day[bought],
    )
    return best, report


def window_orders(
    model: PurchaseModel,
    history: History,
    rate: NDArray[np.float64],
    exposure: NDArray[np.float64],
    alive: NDArray[np.float64],
    horizon_months: float,
) -> NDArray[np.float64]:
    """
    Orders within a horizon at the rate of the whole history and with as many visits, (n,).

    A purchase model counts from an account's first order on, but where the history is cut off at
    both ends, that is not when the customer was won, and the months before it count too. What
    remains to the model is who is still a customer, and the chance to stop after each order.

    Parameters
    ----------
    rate
        (n,), orders a month without visits.
    exposure
        (n,), see `History.exposure`.
    alive
        (n,), chance that the account is still a customer.
    """
    observed = np.maximum(history.months - history.start_months, 1e-9)
    orders = rate * exposure / observed * horizon_months
    stop = model.a / (model.a + model.b + history.repeat_orders + model.may_stop_at_first)
    return np.asarray(np.where(history.has_orders, -alive * np.expm1(-stop * orders) / stop, 0.0))


def poisson_deviance(actual: NDArray[np.int64], expected: NDArray[np.float64]) -> float:
    """Twice what a perfect forecast would gain in mean log-likelihood; less is better."""
    expected = np.maximum(expected, 1e-6)
    ratio = np.log(np.maximum(actual, 1e-12) / expected)
    gain = np.where(actual > 0, actual * ratio, 0.0) - (actual - expected)
    return float(2 * gain.mean()) if len(actual) else 0.0
