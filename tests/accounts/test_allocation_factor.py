import numpy as np
import pytest

from accounts import InvalidResponseError
from accounts.allocation.factor import (
    allocation_factor,
    allocation_index,
    damped_step,
    follow_factor,
)
from accounts.allocation.optimum import allocate
from accounts.allocation.response_curves import PowerCurves, VisitCurves
from benchmarks.allocation_cases import saturating_case


def test_factor_is_the_share_of_value_times_elasticity():
    # 100 x 0.3 = 30 and 50 x 0.2 = 10: three quarters and one.
    assert allocation_factor(np.array([100.0, 50.0]), np.array([0.3, 0.2])) == pytest.approx(
        [0.75, 0.25]
    )


def test_where_nothing_responds_the_shares_are_equal():
    assert allocation_factor(np.array([100.0, 50.0]), np.zeros(2)).tolist() == [0.5, 0.5]


def test_index_is_the_factor_over_the_share_of_effort():
    curves = PowerCurves(np.array([30.0, 5.0, 12.0]), np.array([0.2, 0.3, 0.4]))
    effort = np.array([4.0, 1.0, 5.0])
    factor = allocation_factor(curves.value(effort), curves.elasticity(effort))
    assert allocation_index(curves, effort) == pytest.approx(factor / (effort / 10))


def test_index_of_the_optimum_is_one_everywhere():
    curves = PowerCurves(np.array([30.0, 5.0, 12.0]), np.array([0.2, 0.3, 0.4]))
    assert allocation_index(curves, allocate(curves, 10.0).effort) == pytest.approx(np.ones(3))


def test_a_unit_without_effort_has_an_index_by_what_its_first_visit_brings():
    # First bits bring 10 x 0.5 and 40 x 0.5 x 4**-0.5: 5 against 10, which is all there is.
    curves = VisitCurves(np.array([10.0, 40.0]), np.full(2, 0.5), np.ones(2))
    assert allocation_index(curves, np.array([0.0, 3.0])) == pytest.approx([0.5, 1.0])


def test_without_any_effort_there_is_nothing_to_compare():
    curves = VisitCurves(np.array([10.0, 40.0]), np.full(2, 0.5), np.ones(2))
    assert np.isnan(allocation_index(curves, np.zeros(2))).all()


def test_an_upright_curve_has_no_index():
    curves = PowerCurves(np.array([30.0, 5.0]), np.array([0.2, 0.3]))
    assert np.isnan(allocation_index(curves, np.array([0.0, 5.0]))).tolist() == [True, False]


def test_a_damped_step_goes_half_the_way_and_keeps_the_sum():
    # 10 hours; the factor would give 7.5 and 2.5.
    step = damped_step(np.array([5.0, 5.0]), np.array([0.75, 0.25]))
    assert step == pytest.approx([6.25, 3.75])


@pytest.mark.parametrize("damping", [0.0, 1.5, float("nan")])
def test_impossible_damping_is_refused(damping):
    with pytest.raises(InvalidResponseError, match="Damping is"):
        damped_step(np.ones(2), np.array([0.5, 0.5]), damping)


def test_the_rule_converges_on_power_curves():
    curves = PowerCurves(np.array([30.0, 5.0, 12.0]), np.array([0.2, 0.3, 0.4]))
    best = allocate(curves, 10.0)
    steps = follow_factor(curves, np.full(3, 10 / 3), 12, damping=1.0)
    assert steps[-1] == pytest.approx(best.effort, rel=1e-3)


def test_on_saturating_curves_only_the_damped_rule_arrives():
    """Undamped it swings for ever, and ends below an equal split."""
    one = saturating_case()
    best = allocate(one.curves, one.budget).value
    equal = np.full(3, one.budget / 3)

    def share(effort):
        return one.curves.value(effort).sum() / best

    wild = follow_factor(one.curves, equal, 40, damping=1.0)
    calm = follow_factor(one.curves, equal, 40)
    assert np.abs(wild[-1] - wild[-2]).max() > 1.0
    assert share(wild[-1]) < share(equal) < 1
    assert share(calm[-1]) > 0.9999
