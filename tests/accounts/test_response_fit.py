from dataclasses import replace

import numpy as np
import pytest
from statsmodels.discrete.conditional_models import ConditionalPoisson

from accounts.response import DEFAULT_ELASTICITY
from accounts.value.response_fit import PRIOR_SD, fit_response, is_steady
from benchmarks.value_simulator import permuted, simulate


def oracle(panel):
    """Estimate by statsmodels, with month effects as dummies."""
    n, months = panel.orders.shape
    dummies = np.tile(np.eye(months)[:, 1:], (n, 1))
    x = np.column_stack([np.log1p(panel.visits).ravel(), dummies])
    groups = np.repeat(np.arange(n), months)
    model = ConditionalPoisson(panel.orders.ravel(), x, groups=groups)
    result = model.fit(method="bfgs", disp=False)
    return float(result.params[0]), float(result.bse[0])


@pytest.mark.filterwarnings("ignore")
def test_estimate_is_that_of_conditional_poisson_regression_by_statsmodels():
    panel = simulate(0.31, 8, 3, accounts=60).panel
    steady = np.flatnonzero(
        is_steady(panel.orders, panel.exposure) & (panel.orders.sum(axis=1) > 0)
    )
    panel = replace(
        panel,
        orders=panel.orders[steady],
        visits=panel.visits[steady],
        exposure=panel.exposure[steady],
        segment=panel.segment[steady],
    )
    estimate, error = oracle(panel)
    ours = fit_response(panel, 1)
    assert ours.estimate[0] == pytest.approx(estimate, abs=1e-4)
    # Ours is robust to dependence within an account and never below the plain one.
    assert error * 0.999 <= ours.error[0] < 1.6 * error


@pytest.mark.parametrize("beta", [0.0, 0.31])
def test_response_is_found_though_visits_are_steered_to_good_accounts(beta):
    fit = fit_response(simulate(beta, 24, 0).panel, 1)
    assert abs(fit.estimate[0] - beta) < 0.03
    assert fit.is_data[0]


def test_shuffling_visits_within_accounts_leaves_no_response():
    simulated = simulate(0.31, 24, 0)
    fit = fit_response(permuted(simulated, 1), 1)
    assert abs(fit.estimate[0]) < 2 * fit.error[0]


def test_segments_have_responses_of_their_own():
    none, some = (simulate(beta, 24, 5, accounts=400).panel for beta in (0.0, 0.31))
    both = replace(
        none,
        orders=np.vstack([none.orders, some.orders]),
        visits=np.vstack([none.visits, some.visits]),
        exposure=np.vstack([none.exposure, some.exposure]),
        segment=np.repeat([0, 1], 400),
    )
    fit = fit_response(both, 3)
    assert fit.elasticity[0] < 0.1 < 0.25 < fit.elasticity[1]
    assert fit.is_data.tolist() == [True, True, False, True]
    assert fit.elasticity[2] == DEFAULT_ELASTICITY


def test_visits_that_never_change_leave_the_prior():
    panel = simulate(0.31, 24, 0, accounts=100).panel
    fit = fit_response(replace(panel, visits=np.ones_like(panel.visits)), 1)
    assert not fit.is_data.any()
    assert fit.elasticity.tolist() == [DEFAULT_ELASTICITY] * 2
    assert fit.shrunk_sd.tolist() == [PRIOR_SD] * 2
    assert fit.informative.tolist() == [0, 0]


def test_a_segment_with_one_account_leaves_the_prior():
    panel = simulate(0.31, 24, 0, accounts=101).panel
    segment = np.zeros(101, dtype=np.int64)
    segment[7] = 1
    fit = fit_response(replace(panel, segment=segment), 2)
    assert fit.is_data.tolist() == [True, False, True]
    assert fit.elasticity[1] == DEFAULT_ELASTICITY


def test_a_season_is_no_response_to_visits():
    """Visits and orders both triple in every twelfth month, and neither moves the other."""
    rng = np.random.default_rng(4)
    panel = simulate(0.0, 24, 4).panel
    season = np.where(np.arange(24) % 12 == 11, 3.0, 1.0)
    visits = rng.poisson(0.5 * season, panel.visits.shape)
    orders = rng.poisson(2.0 * season, panel.orders.shape)
    fit = fit_response(replace(panel, visits=visits, orders=orders), 1)
    assert abs(fit.estimate[0]) < 3 * fit.error[0]
    assert fit.month_effect[11] - fit.month_effect[0] == pytest.approx(np.log(3), abs=0.15)


def test_lost_accounts_do_not_pass_for_a_response():
    """A third stops ordering and being visited after a year: plainly fitted, the response is 1."""
    panel = simulate(0.0, 24, 6).panel
    lost = np.arange(len(panel)) % 3 == 0
    stop = lost[:, None] & (np.arange(24) >= 12)[None, :]
    panel = replace(
        panel, visits=np.where(stop, 0, panel.visits), orders=np.where(stop, 0, panel.orders)
    )
    fit = fit_response(panel, 1)
    assert abs(fit.estimate[0]) < 0.03
    assert fit.left_out >= 0.9 * (panel.orders[lost].sum(axis=1) > 0).sum()


def test_no_orders_at_all_leave_the_prior():
    panel = simulate(0.31, 6, 0, accounts=50).panel
    fit = fit_response(replace(panel, orders=np.zeros_like(panel.orders)), 1)
    assert fit.elasticity.tolist() == [DEFAULT_ELASTICITY] * 2
    assert np.isfinite(fit.month_effect).all()


def test_steady_means_that_the_silence_may_be_chance():
    exposure = np.ones((3, 10))
    orders = np.zeros((3, 10), dtype=np.int64)
    orders[0, :5] = 1  # five orders in the first half: (1/2)**5 = 0.03
    orders[1, :5] = 2  # ten: 0.001
    orders[2, 4] = 1  # one
    assert is_steady(orders, exposure).tolist() == [True, False, True]
