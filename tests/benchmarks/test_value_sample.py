"""On the German sample: what is fitted against the truth behind it."""

import numpy as np
import pytest

from accounts.engagement import Channel
from accounts.value.account_values import fit, value_accounts
from benchmarks.value_holdout import interval_rows
from benchmarks.value_points import PROGRAMME, rank_correlation
from benchmarks.value_sample import sample_case


@pytest.fixture(scope="module")
def case():
    return sample_case(1)


@pytest.fixture(scope="module")
def fitted(case):
    return fit(case.panel, case.table, case.today_day, len(PROGRAMME))


def test_responses_of_large_segments_are_within_three_errors_of_the_truth(case, fitted):
    parameters, report = fitted
    for part in (1, 2, 3):
        truth = float(case.beta[case.table.segment == part][0])
        off = abs(parameters.elasticity[part] - truth)
        assert off < 3 * parameters.elasticity_sd[part]
        assert report.segments[part].basis == "data"
    # Accounts that never bought, and two of the largest, cannot tell.
    assert [report.segments[part].basis for part in (0, 5)] == ["prior", "prior"]


def test_values_of_field_customers_are_near_the_truth(case, fitted):
    values = value_accounts(case.table, fitted[0], case.today_day, 0.3)
    field = np.array([part.channel is Channel.FIELD for part in PROGRAMME])
    rows = (case.table.status == 1) & field[case.table.segment]
    ours, truth = values.visit_value_eur[rows], case.visit_value_eur[rows]
    assert rank_correlation(ours, truth) >= 0.95
    assert ours.sum() == pytest.approx(truth.sum(), rel=0.15)
    held = (values.visit_value_low_eur[rows] <= truth) & (
        truth <= values.visit_value_high_eur[rows]
    )
    assert held.mean() == pytest.approx(0.8, abs=0.05)


def test_sales_held_out_are_forecast_better_than_by_naive_ways(fitted):
    holdout = fitted[1].holdout
    model = holdout.errors["model"]
    assert model.total_ratio == pytest.approx(1, abs=0.05)
    for name in ("past_sales", "last_year", "mean"):
        assert model.mean_absolute_eur < holdout.errors[name].mean_absolute_eur
        assert model.root_mean_square_eur < holdout.errors[name].root_mean_square_eur
        assert model.top_tenth_share >= holdout.errors[name].top_tenth_share
    for point in holdout.calibration:
        assert point.forecast_eur == pytest.approx(point.actual_eur, rel=0.2)


def test_intervals_hold_the_hidden_truth_as_often_as_promised(case):
    for row in interval_rows(case):
        assert row.coverage_share == pytest.approx(0.8, abs=0.03), row.name
