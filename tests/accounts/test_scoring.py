from dataclasses import replace

import numpy as np
import pytest

from accounts import NEVER_VISITED, PROGRAMME, Rules
from accounts import score as score_by
from accounts.scoring import percentile_rank
from accounts.value.account_values import ValueParameters, value_accounts

ASSUMED = ValueParameters.assumed(len(PROGRAMME))


def score(table, today_day, margin_share=0.3, **changes):
    rules = replace(Rules.of_segments(table, PROGRAMME), **changes)
    worth = value_accounts(table, ASSUMED, today_day, margin_share).worth
    return score_by(table, today_day, worth, rules)


def test_prize_is_visit_value_times_due_factor(make_table):
    # Interval 30.4375 days: after 30 days the ratio is 0.9856, after 61 days 2.004.
    table = make_table(3, last_visit_day=np.array([70, 39, 95]))
    scores = score(table, today_day=100)
    assert scores.visit_value_cents[0] == scores.visit_value_cents[1]
    assert scores.prize_cents[0] == pytest.approx(
        scores.visit_value_cents[0] * (30 / 30.4375 - 0.7) / 0.3, abs=1
    )
    assert scores.prize_cents[1] == pytest.approx(1.5 * scores.visit_value_cents[1], abs=1)
    assert scores.prize_cents[2] == 0


def test_account_never_visited_gets_the_full_visit_value(make_table):
    scores = score(make_table(last_visit_day=np.array([NEVER_VISITED])), today_day=100)
    assert scores.prize_cents[0] == scores.visit_value_cents[0] > 0


def test_largest_accounts_are_not_served_in_the_field(make_table):
    scores = score(make_table(3, segment=np.array([0, 3, 4], dtype=np.uint8)), today_day=100)
    assert scores.is_field.tolist() == [True, True, False]


def test_an_interval_of_zero_makes_no_infinite_prize(make_table):
    table = make_table(
        2, visit_interval_days=np.array([0.0, 1.0]), last_visit_day=np.array([90, 90])
    )
    scores = score(table, 100)
    assert scores.due_ratio.tolist() == [10.0, 10.0]
    assert scores.prize_cents[0] == scores.prize_cents[1] > 0


def test_prize_scales_with_the_margin(make_table):
    low, high = (score(make_table(), 100, margin_share=share) for share in (0.2, 0.4))
    assert high.prize_cents[0] == pytest.approx(2 * low.prize_cents[0], abs=2)


def test_stretched_intervals_make_accounts_less_due(make_table):
    table = make_table(last_visit_day=np.array([70]))
    plain = score(table, 100)
    stretched = score(table, 100, interval_stretch=np.array([1.25]))
    assert stretched.due_ratio[0] == pytest.approx(plain.due_ratio[0] / 1.25)
    assert stretched.prize_cents[0] < plain.prize_cents[0]
    assert stretched.visit_value_cents[0] == plain.visit_value_cents[0]


def test_special_situations_multiply_the_prize_and_add_to_it(make_table):
    table = make_table(last_visit_day=np.array([NEVER_VISITED]))
    plain = score(table, 100)
    special = score(table, 100, prize_factor=np.array([1.5]), prize_extra_cents=np.array([70_000]))
    expected = 1.5 * plain.prize_cents[0] + 70_000
    assert special.prize_cents[0] == pytest.approx(expected, abs=1)


def test_percentile_rank_treats_equal_values_alike():
    assert percentile_rank(np.array([5, 1, 5, 9, 3])).tolist() == [50, 0, 50, 100, 25]
    assert percentile_rank(np.array([7])).tolist() == [100]
