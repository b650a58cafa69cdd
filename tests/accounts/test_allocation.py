import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import InvalidResponseError
from accounts.allocation.adbudg import AdbudgCurves
from accounts.allocation.optimum import allocate
from accounts.allocation.response_curves import (
    ExponentialCurves,
    PowerCurves,
    ReplacedCurves,
    VisitCurves,
)
from benchmarks.allocation_cases import (
    CASES,
    CONCAVE,
    adbudg_s_shaped,
    case,
    in_other_currency,
    marginal_spread,
    numerical_optimum,
    s_curves_loss,
)


def column(*values):
    return np.array(values, dtype=np.float64)


def test_power_curves_with_one_elasticity_share_by_the_closed_form():
    # x goes by a**(1/(1-b)); with b = 0.5 by a**2: 1, 4 and 9 of 14 parts of 28 hours.
    done = allocate(PowerCurves(column(1, 2, 3), np.full(3, 0.5)), 28.0)
    assert done.effort == pytest.approx([2, 8, 18])
    # T**b A**(1-b) = 28**0.5 x 14**0.5, and one more hour brings b of that over 28.
    assert done.value == pytest.approx((28 * 14) ** 0.5)
    assert done.price == pytest.approx(0.5 * (28 * 14) ** 0.5 / 28)


def test_visits_go_only_where_the_first_one_is_worth_its_price():
    # base b / h: 100 x 0.5 = 50 and 10 x 0.5 = 5 for a first bit. With 3 visits for the first,
    # the next bit still brings 50 x 4**-0.5 = 25, so the second gets none.
    curves = VisitCurves(column(100, 10), column(0.5, 0.5), column(1, 1))
    done = allocate(curves, 3.0)
    assert done.effort == pytest.approx([3, 0])
    assert done.price == pytest.approx(25)
    assert done.value == pytest.approx(100 * 2 + 10)


def test_exponential_curves_share_by_the_logarithm_of_what_they_promise():
    # Rates 1, room 100 and 20: x = ln(room / price). ln 100 - ln 20 = 1.609 apart; sum 4.
    curves = ExponentialCurves(column(0, 5), column(100, 25), column(1, 1))
    done = allocate(curves, 4.0)
    apart = np.log(5)
    assert done.effort == pytest.approx([2 + apart / 2, 2 - apart / 2])
    assert done.price == pytest.approx(100 * np.exp(-(2 + apart / 2)))


def test_limits_clip_and_the_rest_is_shared_by_the_others():
    # Without limits 2, 8, 18. The third may have 10 at most, the first needs 3: 15 stay.
    done = allocate(PowerCurves(column(1, 2, 3), np.full(3, 0.5)), 28.0, column(3, 0, 0), 10.0)
    assert done.effort == pytest.approx([8, 10, 10])
    done = allocate(
        PowerCurves(column(1, 2, 3), np.full(3, 0.5)), 28.0, column(3, 0, 0), column(99, 99, 10)
    )
    # 18 for the first two by 1 : 4 would give the first 3.6, which is above its least.
    assert done.effort == pytest.approx([3.6, 14.4, 10])


def test_effort_that_nobody_may_have_is_unspent():
    done = allocate(PowerCurves(column(1, 2), np.full(2, 0.5)), 28.0, most=10.0)
    assert done.effort.tolist() == [10, 10]
    assert (done.unspent, done.price) == (8.0, 0.0)


def test_effort_that_brings_nothing_anywhere_is_unspent():
    done = allocate(VisitCurves(column(0, 0), column(0.3, 0.3), column(1, 1)), 5.0)
    assert done.effort.tolist() == [0, 0]
    assert done.unspent == 5.0
    assert done.value == 0


def test_a_unit_without_value_gets_nothing():
    done = allocate(PowerCurves(column(0, 2), np.full(2, 0.3)), 6.0)
    assert done.effort == pytest.approx([0, 6])


def test_no_units_and_no_budget_are_answers():
    assert allocate(PowerCurves(column(), column()), 5.0).unspent == 5.0
    done = allocate(VisitCurves(column(10), column(0.5), column(2)), 0.0)
    assert done.effort.tolist() == [0]
    assert done.price == pytest.approx(10 * 0.5 / 2)


@pytest.mark.parametrize(
    ("budget", "least", "most", "message"),
    [
        (-1.0, 0.0, 9.0, "The budget is -1.0"),
        (float("nan"), 0.0, 9.0, "The budget is nan"),
        (5.0, 3.0, 9.0, "need 6 at least, more than the budget of 5"),
        (5.0, 2.0, 1.0, "least effort is more than its most"),
        (5.0, -1.0, 9.0, "least effort is negative"),
        (5.0, 0.0, float("nan"), "a most is none"),
    ],
)
def test_impossible_budgets_and_limits_are_refused(budget, least, most, message):
    with pytest.raises(InvalidResponseError, match=message):
        allocate(PowerCurves(column(1, 2), np.full(2, 0.5)), budget, least, most)


@pytest.mark.parametrize("name", CONCAVE)
def test_no_optimiser_finds_better_and_margins_are_equal_within(name):
    """200 random cases of each curve, half of them with limits."""
    for seed in range(CASES):
        one = case(CONCAVE[name], seed)
        done = allocate(one.curves, one.budget, one.least, one.most)
        assert done.effort.sum() == pytest.approx(one.budget, rel=1e-12)
        assert (done.effort >= one.least - 1e-12).all()
        assert (done.effort <= one.most + 1e-12).all()
        assert numerical_optimum(one) == pytest.approx(done.value, rel=1e-6)
        assert done.bound == pytest.approx(done.value, rel=1e-9)
        assert marginal_spread(one, done) < 1e-6


@pytest.mark.parametrize("name", CONCAVE)
def test_the_currency_changes_nothing(name):
    for seed in range(20):
        one = case(CONCAVE[name], seed)
        done = allocate(one.curves, one.budget, one.least, one.most)
        for rate in (1e-4, 117.31, 1e6):
            other = allocate(in_other_currency(one.curves, rate), one.budget, one.least, one.most)
            assert other.effort == pytest.approx(done.effort, rel=1e-9, abs=1e-9)
            assert other.value == pytest.approx(rate * done.value, rel=1e-9)
            assert other.price == pytest.approx(rate * done.price, rel=1e-9)


def test_the_price_is_what_one_more_bit_of_budget_brings():
    one = case(CONCAVE["visits"], 4)
    step = 1e-5 * one.budget
    more = allocate(one.curves, one.budget + step).value
    less = allocate(one.curves, one.budget - step).value
    price = allocate(one.curves, one.budget).price
    assert (more - less) / (2 * step) == pytest.approx(price, rel=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_s_curves_come_as_close_as_a_fine_grid_of_all_shares(seed):
    assert s_curves_loss(seed) < 1e-5


@pytest.mark.parametrize("seed", range(12))
def test_s_curves_are_within_one_step_of_their_hull(seed):
    """One unit at most is caught on the straight part of it."""
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 6))
    curves, budget = adbudg_s_shaped(random, n), float(random.uniform(1, 8) * n)
    done = allocate(curves, budget)
    hull_step = (curves.value(np.full(n, budget)) - curves.value(np.zeros(n))).max()
    assert done.effort.sum() == pytest.approx(budget)
    assert done.value - 1e-9 <= done.bound <= done.value + hull_step


def test_of_two_equal_s_curves_one_is_served_where_effort_is_short():
    # Half and half would leave both where the curve has hardly begun to rise.
    curves = AdbudgCurves(
        np.zeros(2), np.full(2, 100.0), np.ones(2), np.full(2, 4.0), np.full(2, 10.0)
    )
    done = allocate(curves, 14.0)
    assert sorted(done.effort) == pytest.approx([0, 14])
    assert done.value > 1.5 * curves.value(column(7, 7)).sum()


def test_many_equal_s_curves_are_served_as_far_as_effort_goes():
    n = 250
    curves = AdbudgCurves(
        np.zeros(n), np.full(n, 100.0), np.ones(n), np.full(n, 3.0), np.full(n, 10.0)
    )
    done = allocate(curves, 1000.0)
    assert done.effort.sum() == pytest.approx(1000.0)
    assert done.bound - done.value <= 100.0


def test_curves_of_different_forms_share_one_budget():
    usual = PowerCurves(column(5, 9, 3), column(0.3, 0.3, 0.4))
    other = ExponentialCurves(column(1), column(20), column(0.4))
    mixed = ReplacedCurves(usual, np.array([1]), other)
    done = allocate(mixed, 12.0)
    assert done.effort.sum() == pytest.approx(12.0)
    assert mixed.marginal(done.effort) == pytest.approx(np.full(3, done.price), rel=1e-9)
    assert mixed.value(column(0, 0, 0)).tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([2], "none of the 2"),
        ([0, 1], "2 units are to get 1"),
        ([], "0 units are to get 1"),
    ],
)
def test_rows_that_cannot_be_replaced_are_refused(rows, message):
    usual = PowerCurves(column(5, 3), column(0.3, 0.4))
    other = ExponentialCurves(column(1), column(20), column(0.4))
    with pytest.raises(InvalidResponseError, match=message):
        ReplacedCurves(usual, np.array(rows, dtype=np.intp), other)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), name=st.sampled_from(sorted(CONCAVE)), more=st.floats(1, 3))
def test_more_budget_never_brings_less_and_never_takes_from_a_unit(seed, name, more):
    one = case(CONCAVE[name], 2 * seed)
    done = allocate(one.curves, one.budget)
    then = allocate(one.curves, one.budget * more)
    assert then.value >= done.value * (1 - 1e-12)
    assert (then.effort >= done.effort - 1e-9 * one.budget).all()
    assert then.price <= done.price * (1 + 1e-9)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), name=st.sampled_from(sorted(CONCAVE)))
def test_order_of_units_does_not_matter(seed, name):
    one = case(CONCAVE[name], 2 * seed)
    reverse = np.arange(len(one.curves))[::-1]
    fields = type(one.curves).__dataclass_fields__
    turned = type(one.curves)(**{field: getattr(one.curves, field)[reverse] for field in fields})
    effort = allocate(one.curves, one.budget).effort
    assert allocate(turned, one.budget).effort[reverse] == pytest.approx(effort, rel=1e-9, abs=1e-9)
