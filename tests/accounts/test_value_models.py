import json
from dataclasses import replace

import numpy as np
import pytest

from accounts import (
    NEVER_ORDERED,
    AccountTable,
    InvalidAccountsError,
    InvalidValueModelError,
    ValueParameters,
    build_panel,
    fit,
    value_accounts,
)
from accounts.value.account_values import ALIVE_FROM
from accounts.visit_value import DAYS_PER_MONTH, visits_per_month
from benchmarks.value_points import rank_correlation, valued
from benchmarks.value_simulator import MARGIN_SHARE, simulate, table_of

TODAY = 20_000


@pytest.fixture(scope="module")
def run():
    """Simulated accounts with a response of 0.31, fitted and valued."""
    return valued(0.31, 24, 0)


@pytest.fixture(scope="module")
def mixed():
    """
    A past with all kinds: regular customers, a third lost after ten months, and prospects.

    Potentials are 30 times the monthly sales without visits, with some chance.
    """
    simulated = simulate(0.31, 24, 3, accounts=600)
    panel, rng = simulated.panel, np.random.default_rng(0)
    row = np.arange(600)
    prospect, lost = row % 6 == 0, row % 6 == 1
    month = panel.order_day - panel.first_day
    kept = ~prospect[panel.order_row] & ~(lost[panel.order_row] & (month > 300))
    panel = build_panel(
        segment=np.where(prospect, 0, 1),
        visit_row=np.nonzero(panel.visits)[0],
        visit_day=panel.first_day + 31 * np.nonzero(panel.visits)[1],
        order_row=panel.order_row[kept],
        order_day=panel.order_day[kept],
        order_eur=panel.order_eur[kept],
        first_day=panel.first_day,
        today_day=panel.today_day,
    )
    table = table_of(panel, DAYS_PER_MONTH / simulated.visits_per_month)
    base = simulated.rate_per_month * simulated.amount_eur
    table = replace(table, potential_eur=30 * base * rng.lognormal(0, 0.5, 600))
    parameters, report = fit(panel, table, panel.today_day, 2)
    return panel, table, parameters, report


def assert_finite(values):
    for name in values.__slots__:
        column = getattr(values, name)
        if isinstance(column, np.ndarray):
            assert np.isfinite(column).all(), name
    worth = values.worth
    for column in (worth.base_eur, worth.elasticity, worth.margin_share):
        assert np.isfinite(column).all()
        assert (column >= 0).all()
    assert (values.visit_value_eur >= 0).all()
    assert (values.visit_value_low_eur <= values.visit_value_eur).all()
    assert (values.visit_value_eur <= values.visit_value_high_eur).all()
    assert (values.visit_value_low_eur >= 0).all()
    assert ((values.churn_risk >= 0) & (values.churn_risk <= 1)).all()
    assert (values.growth_eur >= 0).all()


def test_values_of_visits_are_near_the_truth(run):
    truth = run.simulated.visit_value_eur
    assert rank_correlation(run.values.visit_value_eur, truth) >= 0.95
    assert run.values.visit_value_eur.sum() == pytest.approx(truth.sum(), rel=0.15)


def test_intervals_of_visit_values_hold_the_truth_as_often_as_promised(run):
    truth = run.simulated.visit_value_eur
    held = (run.values.visit_value_low_eur <= truth) & (truth <= run.values.visit_value_high_eur)
    assert held.mean() == pytest.approx(0.8, abs=0.08)


def test_visit_value_falls_with_the_cadence_and_goes_with_the_margin(run):
    worth, cadence = run.values.worth, run.simulated.visits_per_month
    assert (worth.visit_value_eur(cadence + 1) < worth.visit_value_eur(cadence)).all()
    today = run.simulated.panel.today_day
    double = value_accounts(run.simulated.table, run.parameters, today, 2 * MARGIN_SHARE)
    assert double.visit_value_eur == pytest.approx(2 * run.values.visit_value_eur)


def test_customer_value_is_orders_times_margin_of_one(run):
    values = run.values
    assert values.customer_value_eur == pytest.approx(
        values.expected_orders * values.expected_margin_eur
    )
    assert values.expected_margin_eur == pytest.approx(MARGIN_SHARE * values.order_eur)


def test_expected_orders_add_up_to_those_that_come():
    """Twelve months more of the same accounts, forecast from the first twelve."""
    simulated = simulate(0.31, 24, 2)
    earlier = simulated.panel.until(12)
    table = table_of(earlier, simulated.table.visit_interval_days)
    parameters, _ = fit(earlier, table, earlier.today_day)
    values = value_accounts(table, parameters, earlier.today_day, MARGIN_SHARE, 12.0)
    came = simulated.panel.orders[:, 12:].sum(axis=1)
    assert values.expected_orders.sum() == pytest.approx(came.sum(), rel=0.05)
    assert rank_correlation(values.expected_orders, came) > 0.9


def test_accounts_that_do_not_buy_are_valued_by_past_and_potential(mixed):
    """base = w own + (1 - w) potential x target share / 12, with w = n / (n + 3)."""
    _, table, parameters, _ = mixed
    values = value_accounts(table, parameters, int(table.last_visit_day[0]), MARGIN_SHARE)
    prospect = table.order_count == 0
    expected = table.potential_eur * parameters.target_share / 12
    assert values.base_eur[prospect] == pytest.approx(expected[prospect])
    inactive = table.status == 2
    weight = (table.order_count / (table.order_count + 3))[inactive]
    own = values.orders_per_month * values.order_eur * (1 - values.churn_risk)
    assert values.own_share[inactive] == pytest.approx(weight)
    assert values.base_eur[inactive] == pytest.approx(
        weight * own[inactive] + (1 - weight) * expected[inactive]
    )
    assert (values.visit_value_eur[prospect | inactive] > 0).all()
    assert_finite(values)


def test_lost_customers_are_at_higher_risk_and_worth_less(mixed):
    panel, table, parameters, _ = mixed
    values = value_accounts(table, parameters, panel.today_day, MARGIN_SHARE)
    lost = (np.arange(600) % 6 == 1) & (table.order_count >= 5)
    steady = (np.arange(600) % 6 > 1) & (table.order_count >= 5)
    assert values.churn_risk[lost].mean() > 0.8 > 0.1 > values.churn_risk[steady].mean()
    assert not values.is_alive[lost].any() or values.is_alive[lost].mean() < 0.1
    assert (values.is_alive == (values.has_orders & (values.churn_risk <= 1 - ALIVE_FROM))).all()


def test_a_stated_potential_is_kept_and_a_missing_one_forecast_with_an_interval(mixed):
    panel, table, _, _ = mixed
    hidden = np.arange(600) % 5 == 2
    unknown = replace(table, potential_eur=np.where(hidden, 0.0, table.potential_eur))
    parameters, _ = fit(panel, unknown, panel.today_day, 2)
    values = value_accounts(unknown, parameters, panel.today_day, MARGIN_SHARE)
    assert (values.is_potential_stated == ~hidden).all()
    assert values.potential_forecast_eur[~hidden] == pytest.approx(table.potential_eur[~hidden])
    assert (values.potential_low_eur[hidden] < values.potential_forecast_eur[hidden]).all()
    within = (values.potential_low_eur <= table.potential_eur) & (
        table.potential_eur <= values.potential_high_eur
    )
    assert 0.65 <= within[hidden].mean() <= 0.95
    assert_finite(values)


def test_target_is_never_below_what_is_bought_today(mixed):
    panel, table, parameters, _ = mixed
    values = value_accounts(table, parameters, panel.today_day, MARGIN_SHARE)
    customer = table.status == 1
    assert (values.target_eur[customer] >= table.recent_revenue_eur[customer] - 1e-6).all()
    assert values.growth_eur[customer] == pytest.approx(
        values.target_eur[customer] - table.recent_revenue_eur[customer]
    )


def test_parameters_come_back_from_json_as_they_went(mixed):
    parameters = mixed[2]
    for one in (parameters, ValueParameters.assumed(6)):
        assert ValueParameters.from_dict(json.loads(json.dumps(one.to_dict()))) == one


def test_report_is_json_and_says_how_well_it_forecast(mixed):
    report = mixed[3]
    text = json.dumps(report.to_dict(), allow_nan=False)
    assert "past_sales" in text
    assert report.holdout.errors["model"].total_ratio == pytest.approx(1, abs=0.2)
    naive = [report.holdout.errors[name] for name in ("past_sales", "last_year", "mean")]
    model = report.holdout.errors["model"]
    assert model.mean_absolute_eur < min(one.mean_absolute_eur for one in naive)
    assert len(report.holdout.calibration) == 10
    assert any("came or went" in note for note in report.notes)


@pytest.mark.parametrize("change", [{"version": 99}, {"purchases": {"q": 1}}, {"peers": None}])
def test_a_stored_model_of_another_form_is_refused(change):
    stored = ValueParameters.assumed(6).to_dict() | change
    with pytest.raises(InvalidValueModelError, match="Fit the model again"):
        ValueParameters.from_dict(stored)


def test_segments_that_came_after_the_fit_go_by_all_together(mixed):
    _, table, parameters, _ = mixed
    table = replace(table, segment=np.full(len(table), 7, dtype=np.uint8))
    values = value_accounts(table, parameters, int(table.last_visit_day[0]), MARGIN_SHARE)
    assert values.elasticity == pytest.approx(parameters.elasticity[-1])


def test_assumed_parameters_value_accounts_as_before_anything_was_fitted(make_table):
    table = make_table(3, order_count=np.array([24, 1, 0]), revenue_eur=np.array([2.4e4, 1e3, 0]))
    values = value_accounts(table, ValueParameters.assumed(6), 0, 0.3)
    weight = table.order_count / (table.order_count + 3)
    own = table.revenue_eur / 24 / 2**0.3
    assert values.base_eur == pytest.approx(weight * own + (1 - weight) * 500)
    assert not values.is_data.any()
    assert_finite(values)


def bad_table(make_table, **columns) -> AccountTable:
    n = 4
    facts = {
        "status": np.array([1, 1, 0, 2], dtype=np.uint8),
        "order_count": np.array([5, 1, 0, 3]),
        "revenue_eur": np.array([5_000.0, 10.0, 0.0, 900.0]),
        "first_order_day": np.array([TODAY - 700, TODAY - 3, NEVER_ORDERED, TODAY - 720]),
        "last_order_day": np.array([TODAY - 30, TODAY - 3, NEVER_ORDERED, TODAY - 600]),
    }
    return make_table(n, **(facts | columns))


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"revenue_eur": np.array([-500.0, np.nan, 0.0, 0.0])},
        {"order_count": np.array([0, 0, 0, 0]), "revenue_eur": np.zeros(4)},
        {"potential_eur": np.array([0.0, np.nan, np.inf, -5.0])},
        {"margin_share": np.array([-2.0, np.nan, 40.0, 0.0])},
        {"last_order_day": np.full(4, TODAY + 400), "first_order_day": np.full(4, TODAY + 300)},
        {"recent_revenue_eur": np.array([np.nan, -5.0, 1e12, 0.0])},
        {"lon": np.full(4, np.nan), "lat": np.full(4, np.nan), "postcode": ("",) * 4},
        {"history_months": 0.0, "visit_months": np.zeros((4, 9), dtype=np.int64)},
        {"visit_interval_days": np.array([0.0, -3.0, np.nan, 1e9])},
        {"service_duration_s": np.zeros(4, dtype=np.int64)},
        {"segment": np.full(4, 200, dtype=np.uint8)},
    ],
)
def test_bad_input_never_makes_an_answer_that_is_no_number(make_table, mixed, columns):
    for parameters in (mixed[2], ValueParameters.assumed(6), ValueParameters.assumed()):
        assert_finite(value_accounts(bad_table(make_table, **columns), parameters, TODAY, 0.3))


def test_no_accounts_at_all_are_valued(make_table):
    none = replace(mixed_table := make_table(1), **empty_columns(mixed_table))
    assert len(value_accounts(none, ValueParameters.assumed(6), TODAY, 0.3).base_eur) == 0


def empty_columns(table):
    return {
        name: getattr(table, name)[:0]
        for name in table.__slots__
        if name not in ("history_months", "opening_patterns", "timezones")
    }


def test_one_order_of_a_thousand_times_the_rest_moves_an_account_little(mixed):
    panel, table, _, _ = mixed
    row = int(np.flatnonzero(table.status == 1)[0])
    mine = panel.order_row == row
    usual = np.median(panel.order_eur[mine])
    rows = np.append(panel.order_row, row)
    spiked = build_panel(
        segment=panel.segment,
        visit_row=np.zeros(0, dtype=np.int64),
        visit_day=np.zeros(0, dtype=np.int64),
        order_row=rows,
        order_day=np.append(panel.order_day, panel.today_day - 40),
        order_eur=np.append(panel.order_eur, 1_000 * usual),
        first_day=panel.first_day,
        today_day=panel.today_day,
    )
    gross = table.revenue_eur.copy()
    gross[row] += 1_000 * usual
    table_with = replace(table, revenue_eur=gross)
    parameters, report = fit(spiked, table_with, panel.today_day, 2)
    before = value_accounts(table, mixed[2], panel.today_day, MARGIN_SHARE).base_eur[row]
    after = value_accounts(table_with, parameters, panel.today_day, MARGIN_SHARE).base_eur[row]
    assert after < 3 * before
    assert parameters.revenue_cut_eur[int(table.account_id[row])] > 900 * usual
    assert any("out of all proportion" in note for note in report.notes)


@pytest.mark.parametrize("months", [1, 6, 13])
def test_short_histories_are_fitted_and_said(months):
    simulated = simulate(0.31, months, 1, accounts=80)
    table, panel = simulated.table, simulated.panel
    parameters, report = fit(panel, table, panel.today_day, 1)
    assert_finite(value_accounts(table, parameters, panel.today_day, MARGIN_SHARE))
    assert (report.holdout is None) == (months < 12)
    assert (months >= 12) or any("too short" in note for note in report.notes)


def test_no_history_at_all_leaves_what_is_assumed(make_table):
    nothing = np.zeros(0, dtype=np.int64)
    panel = build_panel(
        np.zeros(4, np.int64), nothing, nothing, nothing, nothing, np.zeros(0), TODAY - 720, TODAY
    )
    table = make_table(4, order_count=np.zeros(4, dtype=np.int64), revenue_eur=np.zeros(4))
    parameters, report = fit(panel, table, TODAY, 6)
    assert parameters == ValueParameters.assumed(6)
    assert "no orders" in report.notes[0]
    assert_finite(value_accounts(table, parameters, TODAY, 0.3))


def test_a_segment_with_one_account_is_valued_by_the_prior(mixed):
    panel, table, _, _ = mixed
    segment = panel.segment.copy()
    row = int(np.flatnonzero(table.status == 1)[0])
    segment[row] = 5
    table = replace(table, segment=segment.astype(np.uint8))
    parameters, report = fit(replace(panel, segment=segment), table, panel.today_day, 6)
    values = value_accounts(table, parameters, panel.today_day, MARGIN_SHARE)
    assert not values.is_data[row]
    assert report.segments[5].basis == "prior"
    assert report.segments[5].elasticity == 0.3
    assert_finite(values)


def test_a_panel_of_other_accounts_is_refused(mixed, make_table):
    with pytest.raises(InvalidAccountsError, match="600 accounts, the table 2"):
        fit(mixed[0], make_table(2), TODAY)


def test_the_same_past_gives_the_same_model(mixed):
    panel, table, parameters, report = mixed
    again, report_again = fit(panel, table, panel.today_day, 2)
    assert again == parameters
    assert report_again == report


def test_cadence_of_an_interval_of_zero_is_no_infinite_value(make_table):
    table = make_table(2, visit_interval_days=np.array([0.0, 30.0]))
    assert np.isfinite(visits_per_month(table)).all()
