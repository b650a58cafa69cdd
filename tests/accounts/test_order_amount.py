import numpy as np
import pytest

from accounts.value.order_amount import (
    OrderAmounts,
    fit_gamma_gamma,
    fit_order_amounts,
    within_shape,
)


def test_expected_amount_is_that_of_the_gamma_gamma_model():
    # p = 6, q = 4, gamma = 15: of 2 orders of mean 40, 6 (15 + 80) / (12 + 3) = 38; of none, 30.
    amounts = OrderAmounts(6.0, 4.0, 15.0, (0.0,))
    found = amounts.expected_eur(np.array([2, 0]), np.array([40.0, 0.0]), np.ones((2, 1)))
    assert found == pytest.approx([38.0, 30.0])


def drawn(n, p, q, gamma, rng):
    """Orders of accounts whose amounts are gamma with a gamma scale; at least one each."""
    scale = rng.gamma(q, 1 / gamma, n)
    count = 1 + rng.poisson(4, n)
    row = np.repeat(np.arange(n), count)
    return row, rng.gamma(p, 1, len(row)) / scale[row], count


def test_parameters_are_found_from_means_where_the_model_is_true():
    row, amount, count = drawn(20_000, 4.0, 3.5, 15.0, np.random.default_rng(0))
    p, q, gamma = fit_gamma_gamma(count, np.bincount(row, amount) / count)
    assert (p, q, gamma) == (
        pytest.approx(4.0, rel=0.15),
        pytest.approx(3.5, rel=0.1),
        pytest.approx(15.0, rel=0.25),
    )


def test_shape_within_accounts_is_found_however_accounts_differ():
    """Lognormal between accounts: means alone would say a shape far too small."""
    rng = np.random.default_rng(1)
    count = rng.integers(2, 12, 5_000)
    row = np.repeat(np.arange(5_000), count)
    amount = rng.lognormal(6, 2, 5_000)[row] * rng.gamma(4.0, 0.25, len(row))
    mean = np.bincount(row, amount) / count
    spread = np.log(mean) - np.bincount(row, np.log(amount)) / count
    assert within_shape(count, spread) == pytest.approx(4.0, rel=0.05)
    assert fit_gamma_gamma(count, mean / 400)[0] < 2
    fitted = fit_order_amounts(row, amount, np.ones((5_000, 1)))
    assert fitted.p == pytest.approx(4.0, rel=0.05)


def test_equal_amounts_leave_no_doubt():
    count = np.full(50, 5)
    row = np.repeat(np.arange(50), 5)
    fitted = fit_order_amounts(row, np.full(250, 70.0), np.ones((50, 1)))
    expected = fitted.expected_eur(count[:1], np.array([70.0]), np.ones((1, 1)))
    assert expected == pytest.approx([70.0], rel=1e-3)


@pytest.mark.parametrize("orders", [0, 1, 5])
def test_few_orders_leave_finite_amounts(orders):
    row = np.zeros(orders, dtype=np.int64)
    fitted = fit_order_amounts(row, np.full(orders, 20.0), np.ones((3, 1)))
    count, mean = np.array([orders, 0, 0]), np.array([20.0, 0.0, 0.0])
    expected = fitted.expected_eur(count, mean, np.ones((3, 1)))
    assert np.isfinite(expected).all()
    assert (expected > 0).all()
