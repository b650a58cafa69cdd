import numpy as np
import pytest

from accounts import InvalidResponseError, Worth
from accounts.allocation.optimum import allocate
from accounts.allocation.rep_count import reps_that_pay
from accounts.allocation.response_curves import PowerCurves, VisitCurves
from accounts.allocation.selling_effort import (
    CurveForm,
    SellingEffort,
    Units,
    visits_done_per_month,
)
from accounts.allocation.window import BAND_ELASTICITIES, allocation_window


def column(*values):
    return np.array(values, dtype=np.float64)


@pytest.fixture
def effort(make_table):
    """
    Three accounts, 24 months: a visit in each, two in each of twelve, none at all.

    Service 30 minutes, travel 30: an hour a visit. Sales EUR 1,000, 800 and 500 a month without
    visits, b = 0.5, margin 0.25.
    """
    months = np.zeros((3, 9), dtype=np.int64)
    months[0, 1] = 24
    months[1, [0, 2]] = 12
    months[2, 0] = 24
    table = make_table(3, visit_months=months)
    worth = Worth(column(1000, 800, 500), np.full(3, 0.5), np.full(3, 0.25))
    return SellingEffort.of(table, worth, np.full(3, 1800.0))


def test_visits_done_are_those_of_all_months(make_table):
    months = np.zeros((2, 9), dtype=np.int64)
    months[0, [0, 1, 3]] = [20, 2, 2]  # 2 + 6 in 24 months
    months[1, 8] = 24
    assert visits_done_per_month(make_table(2, visit_months=months)) == pytest.approx([1 / 3, 8.0])


def test_hours_and_contribution_of_a_year(effort):
    assert effort.done == pytest.approx([1, 1, 0])
    assert effort.hours == pytest.approx([12, 12, 0])
    # 12 x 0.25 x 1000 x 2**0.5, and the last one without visits.
    assert effort.contribution_eur == pytest.approx([3000 * 2**0.5, 2400 * 2**0.5, 1500])


@pytest.mark.parametrize("elasticity", [None, 0.2, 0.4])
@pytest.mark.parametrize("form", list(CurveForm))
def test_curves_pass_through_today_whatever_the_elasticity(effort, form, elasticity):
    for group in (np.arange(3), np.array([0, 0, 1]), np.array([1, 0, 1])):
        units = Units.of(effort, group, int(group.max()) + 1)
        has_hours = units.today > 0
        value = units.curves(form, elasticity).value(units.today)
        assert value[has_hours] == pytest.approx(units.contribution_eur[has_hours])


def test_accounts_in_any_order_are_their_own_units(effort):
    turned = Units.of(effort, np.array([2, 0, 1]), 3)
    assert turned.contribution_eur[2] == effort.contribution_eur[0]
    value = turned.curves(CurveForm.VISITS).value(turned.today)
    assert value == pytest.approx(turned.contribution_eur)


def test_a_unit_without_visits_is_drawn_by_its_visit_intervals(effort):
    # The interval is a month: one visit of an hour a month.
    units = Units.of(effort, np.array([0, 0, 1]), 2)
    assert units.today.tolist() == [24, 0]
    assert units.pattern == pytest.approx([24, 12])
    # Visited once a month it would bring 1500 x 2**0.5.
    value = units.curves(CurveForm.VISITS).value(column(24, 12))
    assert value[1] == pytest.approx(1500 * 2**0.5)


def test_the_visit_curve_is_the_one_that_visit_values_are_made_of(effort):
    """The value of an hour is the derivative of what the planner's visit values are steps of."""
    units = Units.of(effort, np.arange(3), 3)
    marginal = units.curves(CurveForm.VISITS).marginal(units.today)
    # One account: 0.25 x 1000 x 0.5 x (1 + 1)**-0.5 a visit in the month, an hour each.
    assert marginal[0] == pytest.approx(0.25 * 1000 * 0.5 * 2**-0.5)


def power_window(today=(4.0, 1.0, 5.0), elasticity=0.3, budget=None, **limits):
    today = column(*today)
    value = column(30, 20, 10)

    def curves_of(b):
        power = np.full(3, 0.25 if b is None else b)
        return PowerCurves(value / today**power, power)

    low, high = limits.get("least", 0.0), limits.get("most", np.inf)
    return allocation_window(
        curves_of,
        elasticity,
        today,
        float(today.sum()) if budget is None else budget,
        np.full(3, low),
        np.full(3, high),
    )


def test_window_names_who_should_get_more():
    window = power_window()
    # One elasticity for all: the factor is the share of value, 30, 20 and 10 of 60.
    assert window.factor == pytest.approx([1 / 2, 1 / 3, 1 / 6])
    assert window.index == pytest.approx([0.5 / 0.4, (1 / 3) / 0.1, (1 / 6) / 0.5])
    # Half of the way from 4, 1, 5 to 5, 3.33, 1.67.
    assert window.next_step == pytest.approx([4.5, 13 / 6, 10 / 3])
    better = window.best.effort - window.today
    assert ((better > 0) == (window.index > 1)).all()


def test_band_holds_the_optima_of_the_three_elasticities():
    window = power_window()
    assert tuple(point.elasticity for point in window.band) == BAND_ELASTICITIES
    optima = np.array([point.best.effort for point in window.band])
    assert (window.band_low == optima.min(axis=0)).all()
    assert (window.band_high == optima.max(axis=0)).all()
    assert (window.band_low <= window.best.effort + 1e-9).all()
    assert (window.best.effort <= window.band_high + 1e-9).all()


def test_a_quarter_off_the_optimum_costs_little():
    assert 0 < power_window().loss_when_off < 0.02


def test_limits_hold_in_the_band_and_for_the_next_step_too():
    window = power_window(least=1.0, most=4.4)
    assert (window.next_step >= 1.0).all()
    assert (window.next_step <= 4.4).all()
    assert window.next_step.sum() == pytest.approx(10.0)
    assert (window.band_low >= 1.0).all()
    assert (window.band_high <= 4.4).all()


def counted(curves, cost, hours, most):
    """With 14 hours today."""
    limits = np.zeros(len(curves)), np.full(len(curves), most)
    return reps_that_pay(curves, cost, hours, 14.0, allocate(curves, 14.0, *limits), *limits)


def test_reps_pay_until_an_hour_brings_what_it_costs():
    # 100 x 0.5 / 2 x (1 + x/2)**-0.5 = 10 at 1 + x/2 = 6.25: 10.5 hours each, 21 of two units.
    curves = VisitCurves(column(100, 100), column(0.5, 0.5), column(2, 2))
    count = counted(curves, 10.0, 7.0, 99.0)
    assert count.hours == pytest.approx(21)
    assert count.reps == pytest.approx(3)
    assert not count.is_at_limit
    # From 7 to 10.5 hours each: 200 x (6.25**0.5 - 4.5**0.5).
    assert count.one_more_brings == pytest.approx(200 * (2.5 - 4.5**0.5))
    assert count.one_more_costs == 70


def test_reps_beyond_the_limits_are_said_to_be_so():
    curves = VisitCurves(column(100, 100), column(0.5, 0.5), column(2, 2))
    count = counted(curves, 10.0, 7.0, 9.0)
    assert (count.hours, count.is_at_limit) == (18.0, True)


@pytest.mark.parametrize(("cost", "hours"), [(0.0, 7.0), (float("nan"), 7.0), (10.0, 0.0)])
def test_free_hours_and_reps_without_any_are_refused(cost, hours):
    curves = VisitCurves(column(100), column(0.5), column(2))
    with pytest.raises(InvalidResponseError, match="hour"):
        counted(curves, cost, hours, 9.0)
