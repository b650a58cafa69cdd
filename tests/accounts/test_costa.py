import numpy as np
import pytest

from accounts import InvalidResponseError
from accounts.allocation.costa import best_hours, calling_share, sales_scale
from accounts.allocation.optimum import allocate
from accounts.allocation.response_curves import PowerCurves


def test_share_of_calling_is_one_over_one_plus_travel_per_calling_hour():
    assert calling_share(1800, 3600) == pytest.approx(1 / (1 + 0.5))


def test_the_scale_puts_the_curve_through_today():
    # 900 at 9 hours with b = 0.5: c = 300.
    assert sales_scale(900.0, 9.0, 0.5) == pytest.approx(300.0)


def test_a_rep_shares_hours_by_weight():
    # b = 0.5: a = (m c q**0.5)**2 = m**2 c**2 q. 0.25 x 16 x 0.5 = 2 and 0.25 x 36 x 1 = 9.
    done = best_hours(
        np.array([4.0, 6.0]), np.array([0.5, 1.0]), np.full(2, 0.5), np.zeros(2, int),
        np.array([22.0]), 0.5,
    )  # fmt: skip
    assert done.hours == pytest.approx([4, 18])
    assert done.contribution == pytest.approx([(22 * 11) ** 0.5])
    assert done.value_of_hour == pytest.approx([0.5 * (22 * 11) ** 0.5 / 22])


def test_closed_form_agrees_with_the_allocation_of_each_rep():
    random = np.random.default_rng(0)
    n, b = 12, 0.3
    scale, share = random.lognormal(3, 1, n), random.uniform(0.4, 0.9, n)
    margin, rep = random.uniform(0.2, 0.6, n), np.arange(n) % 3
    hours = np.array([1600.0, 900.0, 0.0])
    done = best_hours(scale, share, margin, rep, hours, b)
    for row in (0, 1):
        mine = rep == row
        curves = PowerCurves((margin * scale * share**b)[mine], np.full(mine.sum(), b))
        other = allocate(curves, float(hours[row]))
        assert done.hours[mine] == pytest.approx(other.effort)
        assert done.contribution[row] == pytest.approx(other.value)
        assert done.value_of_hour[row] == pytest.approx(other.price)
    assert done.hours[rep == 2].tolist() == [0] * 4
    assert np.isfinite(done.value_of_hour).all()


@pytest.mark.parametrize("elasticity", [0.0, 1.0, float("nan")])
def test_impossible_elasticity_is_refused(elasticity):
    with pytest.raises(InvalidResponseError, match="Elasticity is"):
        best_hours(np.ones(1), np.ones(1), np.ones(1), np.zeros(1, int), np.ones(1), elasticity)


def test_an_account_that_nobody_called_has_no_scale():
    with pytest.raises(InvalidResponseError, match="Calling hours is 0"):
        sales_scale(900.0, 0.0, 0.3)
