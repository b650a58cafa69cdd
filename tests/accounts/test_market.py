import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import InvalidAccountsError
from accounts.market import (
    CATEGORIES,
    Category,
    TargetRule,
    categorise,
    check_categories,
    peer_share,
    set_targets,
    sum_markets,
)
from accounts.outliers import compare

MARKET = np.array([0, 0, 1, 1], dtype=np.intp)
POTENTIAL = np.array([100.0, 300.0, 200.0, 0.0])
REVENUE = np.array([40.0, 0.0, 20.0, 0.0])
BUYS = np.array([True, False, True, False])


def sums():
    return sum_markets(MARKET, 3, BUYS, POTENTIAL, REVENUE, np.array([4.0, 1, 2, 0]))


def test_shares_of_a_market_by_hand():
    found = sums()
    assert found.potential_eur.tolist() == [400, 200, 0]
    assert found.base_potential_eur.tolist() == [100, 200, 0]
    # 40 of 400 and 20 of 200 sold; of what customers buy, 40 of 100 and 20 of 200. The third
    # market has no potential, and no share of it.
    assert found.share.tolist() == pytest.approx([0.1, 0.1, 0])
    assert found.share_of_wallet.tolist() == pytest.approx([0.4, 0.1, 0])
    assert found.base_gap_eur.tolist() == [60, 180, 0]
    assert found.customers.tolist() == [1, 1, 0]


def test_the_gap_is_what_is_missing_to_the_target():
    nowhere = np.zeros(4, dtype=bool)
    found = set_targets(MARKET, sums(), POTENTIAL, nowhere, 0.25, 0.075)
    assert found.target_eur.tolist() == [100, 50, 0]
    assert found.gap_eur.tolist() == [60, 30, 0]
    assert found.target_share.tolist() == [0.25, 0.25, 0.25]


def test_a_crowded_part_of_a_market_aims_at_less():
    crowded = np.array([True, False, False, False])
    found = set_targets(MARKET, sums(), POTENTIAL, crowded, 0.25, 0.075)
    # 0.075 x 100 + 0.25 x 300 = 82.5 of 400
    assert found.target_eur.tolist() == pytest.approx([82.5, 50, 0])
    assert found.target_share[0] == pytest.approx(82.5 / 400)


def test_a_target_that_is_reached_leaves_no_gap():
    found = set_targets(MARKET, sums(), POTENTIAL, np.zeros(4, dtype=bool), 0.05, 0.075)
    assert found.gap_eur.tolist() == [0, 0, 0]


def test_a_crowded_market_never_aims_at_more_than_others():
    found = set_targets(MARKET, sums(), POTENTIAL, np.ones(4, dtype=bool), 0.06, 0.10)
    assert found.target_share[:2].tolist() == pytest.approx([0.06, 0.06])


def test_without_a_target_the_best_quarter_says_what_can_be_reached():
    market = np.arange(5, dtype=np.intp)
    found = sum_markets(
        market, 5, np.ones(5, bool), np.full(5, 100.0), np.array([10.0, 20, 30, 40, 50]), market
    )
    assert peer_share(found) == pytest.approx(0.4)


def test_few_markets_are_measured_by_the_whole():
    assert peer_share(sums()) == pytest.approx(60 / 600)


def test_credits_lower_no_market_below_nothing():
    found = sum_markets(MARKET[:1], 1, BUYS[:1], POTENTIAL[:1], np.array([-500.0]), np.zeros(1))
    assert (found.revenue_eur[0], found.share[0]) == (0, 0)


def test_prefixes_say_where_it_is_crowded():
    rule = TargetRule(crowded_prefixes=("80", "1"))
    assert rule.is_crowded(["80331", "8", "10115", "34117", ""]).tolist() == [
        True,
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "rule", [{"target_share": 0.0}, {"target_share": 1.1}, {"crowded_share": 0.2}]
)
def test_a_share_out_of_range_is_refused(rule):
    with pytest.raises(InvalidAccountsError, match="must lie"):
        TargetRule(**rule)


def test_an_account_belongs_to_the_largest_category_it_reaches():
    potential = np.array([1e6, 250_000, 249_999, 75_000, 20_000, 19_999, 0])
    names = [CATEGORIES[k].name for k in categorise(potential, CATEGORIES)]
    assert names == ["A", "A", "B", "B", "C", "D", "D"]


@pytest.mark.parametrize(
    "categories",
    [
        (),
        (Category("A", 5.0, 1),),
        (Category("A", 0.0, 1), Category("B", 5.0, 1)),
        (Category("A", 5.0, 1), Category("B", 5.0, 1), Category("C", 0.0, 1)),
        (Category("A", 5.0, 1), Category("A", 0.0, 1)),
    ],
)
def test_categories_that_are_none_are_refused(categories):
    with pytest.raises(InvalidAccountsError):
        check_categories(categories)


GROUP = np.zeros(9, dtype=np.intp)


def test_who_stands_out_by_hand():
    """
    Margins of 26 to 33 %, and one of 60 %.

    Median 0.30; absolute deviations .04 .03 .02 .01 0 .01 .02 .03 .30, median .02. Robust z of the
    last = 0.30 / (1.4826 x 0.02) = 10.118. With mean and standard deviation it would be 2.7.
    """
    values = np.array([0.26, 0.27, 0.28, 0.29, 0.30, 0.31, 0.32, 0.33, 0.60])
    found = compare(values, GROUP, GROUP)
    assert found.usual[8] == pytest.approx(0.30)
    assert found.robust_z[8] == pytest.approx(10.118, abs=1e-3)
    assert found.stand_out().tolist() == [False] * 8 + [True]
    assert found.group_size.tolist() == [9] * 9


def test_a_small_group_falls_back_on_the_larger_one():
    values = np.linspace(0.2, 0.4, 9)
    fine = np.array([0] * 8 + [1], dtype=np.intp)
    found = compare(values, fine, GROUP)
    assert found.group_size.tolist() == [8] * 8 + [9]
    assert found.usual[8] == pytest.approx(0.3)  # of all nine


def test_who_is_alone_is_compared_with_nobody():
    found = compare(np.array([0.3, 0.9]), GROUP[:2], GROUP[:2])
    assert np.isnan(found.usual).all()
    assert found.robust_z.tolist() == [0, 0]
    assert not found.stand_out().any()


def test_who_has_no_margin_is_left_out_and_counts_for_nobody():
    values = np.append(np.linspace(0.2, 0.4, 8), np.nan)
    found = compare(values, GROUP, GROUP)
    assert found.group_size.tolist() == [8] * 8 + [0]
    assert np.isfinite(found.robust_z).all()


def test_where_all_are_alike_rounding_does_not_stand_out():
    values = np.full(9, 0.3)
    assert not compare(values, GROUP, GROUP).stand_out().any()
    values[0] += 1e-6
    values[1] -= 1e-7
    assert compare(values, GROUP, GROUP).stand_out()[0]
    assert not compare(values, GROUP, GROUP, least_scale=0.005).stand_out().any()


def test_one_that_differs_from_many_equals_stands_out():
    """The median absolute deviation is 0 there; the mean one takes its place: 0.3 / 9 x 1.2533."""
    values = np.append(np.full(8, 0.3), 0.6)
    found = compare(values, GROUP, GROUP)
    assert found.robust_z[8] == pytest.approx(0.3 / (0.3 / 9 * 1.2533))


@given(
    st.lists(st.floats(-1, 1), min_size=8, max_size=30),
    st.floats(0.5, 100),
    st.floats(-10, 10),
)
def test_standing_out_knows_no_unit(values, factor, shift):
    numbers = np.array(values)
    group = np.zeros(len(numbers), dtype=np.intp)
    found = compare(numbers, group, group)
    moved = compare(numbers * factor + shift, group, group)
    # Equal numbers that rounding parts again are no matter of units.
    scale = 1.4826 * np.median(np.abs(numbers - np.median(numbers)))
    if scale > 1e-3:
        assert moved.robust_z == pytest.approx(found.robust_z, rel=1e-6, abs=1e-6)
