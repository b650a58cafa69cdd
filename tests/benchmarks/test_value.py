"""The simulator does what it says, and the benchmark of values measures what it says."""

import json

import numpy as np
import pytest

from benchmarks import value
from benchmarks.cdnow import purchases_at
from benchmarks.value_holdout import boosted, table_lines
from benchmarks.value_points import (
    farthest,
    permutation_points,
    pooled_estimate,
    prior_point,
    split_ratio,
)
from benchmarks.value_simulator import permuted, simulate


def test_simulated_orders_follow_rate_and_visits():
    simulated = simulate(0.31, 24, 0)
    panel = simulated.panel
    expected = simulated.rate_per_month[:, None] * (1.0 + panel.visits) ** 0.31
    assert panel.orders.sum() == pytest.approx(expected.sum(), rel=0.01)
    assert np.log(simulated.rate_per_month).std() == pytest.approx(1.0, abs=0.08)


def test_simulated_visits_are_steered_to_good_customers():
    simulated = simulate(0.0, 24, 0)
    visits = simulated.panel.visits.mean(axis=1)
    assert np.corrcoef(np.log(simulated.rate_per_month), visits)[0, 1] > 0.5
    # So that a comparison between accounts finds a response where there is none.
    assert pooled_estimate(simulated) > 0.5


def test_the_same_accounts_are_simulated_with_any_response():
    one, other = simulate(0.0, 6, 3), simulate(0.31, 6, 3)
    assert (one.rate_per_month == other.rate_per_month).all()
    assert (one.panel.visits == other.panel.visits).all()


def test_shuffling_keeps_the_visits_of_each_account():
    simulated = simulate(0.31, 12, 0, accounts=50)
    shuffled = permuted(simulated, 0)
    assert (np.sort(shuffled.visits) == np.sort(simulated.panel.visits)).all()
    assert (shuffled.orders == simulated.panel.orders).all()
    assert (shuffled.visits != simulated.panel.visits).any()


def test_points_hold_for_two_seeds():
    assert all(point.holds for point in permutation_points(2))
    assert prior_point().holds
    ratios = [split_ratio(simulate(0.31, 24, seed).panel, 3, seed) for seed in range(4)]
    assert np.mean(ratios) < 1


def test_purchases_are_cut_at_a_day():
    # Customer 1 orders on days 0, 7 and 21, customer 2 on day 14 only, customer 3 after the cut.
    customer, day = np.array([1, 1, 1, 2, 3]), np.array([0, 7, 21, 14, 20])
    known = purchases_at(customer, day, cut_day=14, horizon_weeks=2.0)
    assert known.repeats.tolist() == [1, 0]
    assert known.recency_weeks.tolist() == [1.0, 0.0]
    assert known.age_weeks.tolist() == [2.0, 0.0]
    assert known.later.tolist() == [1, 0]


def test_the_booster_learns():
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 1, (2_000, 2))
    forecast = boosted(x, rng.poisson(5 * x[:, 0]).astype(float), x)
    assert np.corrcoef(forecast, x[:, 0])[0, 1] > 0.9


def test_the_worst_is_the_farthest_on_either_side():
    assert farthest([0.9, 1.05, 0.97], 1.0) == 0.9
    assert table_lines("title", "EUR", [])[0] == "title"


def test_last_line_has_the_keys_and_null_where_nothing_was_measured(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["value", "--json", "--only", "allocation"])
    monkeypatch.setattr(value, "allocation_cases", lambda: {"cases_each": 0})
    value.main()
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(last) == list(value.KEYS)
    assert set(last.values()) == {None}
