import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts import InvalidResponseError
from accounts.allocation.optimum import allocate
from accounts.allocation.pattern_curves import PatternCurves
from accounts.allocation.response_curves import VisitCurves


def random_pattern(seed, groups=4, accounts=60):
    random = np.random.default_rng(seed)
    group = np.concatenate((np.arange(groups), random.integers(0, groups, accounts - groups)))
    return PatternCurves(
        group=group,
        base=random.lognormal(3, 1, accounts),
        visits=random.integers(1, 40, accounts) / 24,
        power=random.choice([0.1, 0.3, 0.5], accounts),
        pattern_effort=random.uniform(20, 200, groups),
    )


def test_value_is_the_sum_over_the_accounts_of_a_group():
    # Twice the pattern: 10 x (1 + 2 x 4)**0.5 + 20 x (1 + 2 x 1.5)**0.5 = 30 + 40.
    curves = PatternCurves(
        np.array([0, 0]), np.array([10.0, 20.0]), np.array([4.0, 1.5]), np.full(2, 0.5),
        np.array([8.0]),
    )  # fmt: skip
    assert curves.value(np.array([16.0])) == pytest.approx([70.0])
    assert curves.value(np.array([0.0])) == pytest.approx([30.0])


def test_accounts_that_are_visited_alike_count_as_one():
    alike = PatternCurves(
        np.array([0, 0, 0]), np.array([1.0, 2.0, 3.0]), np.ones(3), np.full(3, 0.3), np.ones(1)
    )
    assert alike.base.tolist() == [6.0]


def test_one_account_each_is_the_visit_curve():
    base, visits, power = np.array([10.0, 4.0]), np.array([0.5, 2.0]), np.array([0.3, 0.2])
    effort = np.array([6.0, 48.0])
    patterns = PatternCurves(np.arange(2), base, visits, power, effort)
    single = VisitCurves(base, power, effort / visits)
    assert allocate(patterns, 40.0).effort == pytest.approx(allocate(single, 40.0).effort)


@pytest.mark.parametrize("seed", range(10))
def test_effort_at_a_price_has_that_marginal_value(seed):
    curves = random_pattern(seed)
    least, most = np.zeros(4), np.full(4, np.inf)
    for price in (0.02, 0.1, 1.0, 5.0):
        effort = curves.effort_at(price, least, most)
        inside = effort > 0
        assert curves.marginal(effort)[inside] == pytest.approx(price, rel=1e-9)
        assert (curves.marginal(effort)[~inside] <= price).all()


@pytest.mark.parametrize("seed", range(10))
def test_marginals_are_slopes_and_are_equal_at_the_optimum(seed):
    curves = random_pattern(seed)
    effort, step = np.random.default_rng(seed).uniform(10, 100, 4), 1e-4
    slope = (curves.value(effort + step) - curves.value(effort - step)) / (2 * step)
    assert curves.marginal(effort) == pytest.approx(slope, rel=1e-6)
    done = allocate(curves, 400.0)
    inside = curves.marginal(done.effort)[(done.effort > 1e-6)]
    assert np.ptp(inside) / inside.mean() < 1e-6
    assert done.effort.sum() == pytest.approx(400.0)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), weights=st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_no_other_allocation_brings_more(seed, weights):
    curves, weight = random_pattern(seed), np.array(weights) + 1e-9
    best = allocate(curves, 300.0)
    assert curves.value(300.0 * weight / weight.sum()).sum() <= best.value * (1 + 1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"group": np.array([0, 1])}, "in no group; there are 1"),
        ({"visits": np.array([1.0, -1.0])}, "Visits is -1"),
        ({"pattern_effort": np.zeros(1)}, "Effort of the pattern is 0"),
        ({"base": np.array([1.0, np.inf])}, "Base is inf"),
    ],
)
def test_impossible_patterns_are_refused(change, message):
    facts = {
        "group": np.array([0, 0]),
        "base": np.ones(2),
        "visits": np.ones(2),
        "power": np.full(2, 0.3),
        "pattern_effort": np.ones(1),
    }
    with pytest.raises(InvalidResponseError, match=message):
        PatternCurves(**(facts | change))
