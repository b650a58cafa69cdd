import numpy as np
import pytest

from accounts.value.order_rate import OrderRates, fit_order_rates

ONE = np.ones((1, 1))


def test_rate_is_a_mixture_of_the_own_count_and_the_mean_of_others():
    # Shape 2, mean 0.5 a month: like 2 orders in 4 months. With 10 orders in 8 months: 12 in 12.
    rates = OrderRates(2.0, (float(np.log(0.5)),))
    assert rates.expected(np.array([10]), np.array([8.0]), ONE) == pytest.approx([1.0])


def test_account_without_orders_and_time_has_the_mean_rate():
    rates = OrderRates(2.0, (float(np.log(0.5)),))
    assert rates.expected(np.array([0]), np.array([0.0]), ONE) == pytest.approx([0.5])


def test_distribution_of_rates_is_found():
    rng = np.random.default_rng(0)
    rate, exposure = rng.gamma(3.0, 0.8 / 3.0, 8_000), rng.uniform(5, 25, 8_000)
    found = fit_order_rates(rng.poisson(rate * exposure), exposure, np.ones((8_000, 1)))
    assert found.shape == pytest.approx(3.0, rel=0.06)
    assert np.exp(found.coefficient[0]) == pytest.approx(0.8, rel=0.03)


def test_rates_that_grow_with_a_feature_are_found():
    rng = np.random.default_rng(1)
    size = rng.normal(0, 1, 6_000)
    rate = 0.5 * np.exp(0.4 * size) * rng.gamma(3.0, 1 / 3.0, 6_000)
    x = np.column_stack([np.ones(6_000), size])
    found = fit_order_rates(rng.poisson(rate * 12), np.full(6_000, 12.0), x)
    assert found.coefficient[1] == pytest.approx(0.4, abs=0.03)


@pytest.mark.parametrize("months", [1, 3, 6])
def test_shrunk_rates_forecast_better_than_raw_ones(months):
    """In the mean over twenty splits, of lognormal rates for which the gamma is not made."""
    ratios = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        rate = rng.lognormal(0, 1, 500)
        count, later = rng.poisson(rate * months), rng.poisson(rate * 12)
        exposure, x = np.full(500, float(months)), np.ones((500, 1))
        shrunk = fit_order_rates(count, exposure, x).expected(count, exposure, x)
        errors = [((12 * r - later) ** 2).mean() for r in (shrunk, count / months)]
        ratios.append(errors[0] / errors[1])
    assert np.mean(ratios) < 1


@pytest.mark.parametrize(
    ("count", "exposure"), [([], []), ([0, 0], [5.0, 5.0]), ([3], [0.0]), ([1_000_000], [1.0])]
)
def test_odd_counts_leave_finite_rates(count, exposure):
    n = len(count)
    found = fit_order_rates(np.array(count, dtype=np.int64), np.array(exposure), np.ones((n, 1)))
    rate = found.expected(np.array([0]), np.array([12.0]), ONE)
    assert np.isfinite(rate).all()
    assert (rate >= 0).all()


def test_a_mixture_of_means_weighs_each_by_how_well_it_explains_the_count():
    """
    Means 1 and 4 a month, equally likely, both of shape 2; 3 orders in a month. By hand the chance
    of 3 is 4 (2/3)**2 (1/3)**3 = 0.0658 at mean 1 and 4 (1/3)**2 (2/3)**3 = 0.1317 at mean 4, so a
    third and two thirds; means given the count (2 + 3) / (2/1 + 1) = 5/3 and 5 / (2/4 + 1) = 10/3.
    """
    rates = OrderRates(2.0, (0.0,), (1.0, 4.0), (0.5, 0.5), 2.0)
    expected = rates.expected(np.array([3]), np.array([1.0]), ONE)
    assert expected == pytest.approx([5 / 3 / 3 + 10 / 3 * 2 / 3])


def test_a_heavy_tail_is_fitted_by_a_mixture_and_a_gamma_by_itself():
    rng = np.random.default_rng(2)
    exposure, x = np.full(3_000, 12.0), np.ones((3_000, 1))
    heavy = fit_order_rates(rng.poisson(rng.lognormal(0, 1.2, 3_000) * 12), exposure, x)
    plain = fit_order_rates(rng.poisson(rng.gamma(3, 1 / 3, 3_000) * 12), exposure, x)
    assert heavy.step_shape > 0
    assert plain.step_shape == 0
    # At 30 a month for a year nothing is left to doubt.
    assert heavy.expected(np.array([360]), np.array([12.0]), ONE) == pytest.approx([30], rel=0.05)
