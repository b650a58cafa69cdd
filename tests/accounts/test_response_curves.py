import numpy as np
import pytest

from accounts import InvalidResponseError
from accounts.allocation.adbudg import AdbudgAnswers, AdbudgCurves
from accounts.allocation.response_curves import ExponentialCurves, PowerCurves, VisitCurves
from benchmarks.allocation_cases import CONCAVE, adbudg_s_shaped

FORMS = {**CONCAVE, "adbudg_s_shaped": adbudg_s_shaped}


def column(*values):
    return np.array(values, dtype=np.float64)


@pytest.mark.parametrize("name", FORMS)
def test_marginal_and_elasticity_agree_with_differences(name):
    random = np.random.default_rng(11)
    curves = FORMS[name](random, 6)
    x, step = random.uniform(1, 10, 6), 1e-6
    slope = (curves.value(x + step) - curves.value(x - step)) / (2 * step)
    assert curves.marginal(x) == pytest.approx(slope, rel=1e-6)
    assert curves.elasticity(x) == pytest.approx(slope * x / curves.value(x), rel=1e-6)


@pytest.mark.parametrize("name", FORMS)
def test_effort_at_a_price_beats_every_other_effort(name):
    random = np.random.default_rng(12)
    curves, grid = FORMS[name](random, 5), np.linspace(0.5, 20, 400)
    least, most = np.full(5, 0.5), np.full(5, 20.0)
    for price in (0.01, 0.5, 2.0, 10.0, 1e4):
        best = curves.effort_at(price, least, most)
        assert (best >= least).all()
        assert (best <= most).all()
        at_best = curves.value(best) - price * best
        for x in grid:
            assert (curves.value(np.full(5, x)) - price * x <= at_best + 1e-9 + 1e-9 * price).all()


def test_elasticity_without_effort_or_value_is_zero():
    assert PowerCurves(column(3, 0), column(0.3, 0.3)).elasticity(column(0, 5)).tolist() == [0, 0]


def test_four_answers_give_back_the_curve_that_they_describe():
    # By hand: d = (100 - 40)/(40 - 2) = 1.5789; (52 - 2)/(100 - 52) = 1.04167;
    # g = ln(1.5789 x 1.04167)/ln 1.5 = 1.2272.
    answers = AdbudgAnswers(2.0, 40.0, 52.0, 100.0)
    assert answers.half_point == pytest.approx(1.5789, abs=1e-4)
    assert answers.shape == pytest.approx(1.2272, abs=1e-4)
    curves = AdbudgCurves.of_answers((answers,), column(1.0), column(8.0))
    for hours, sales in ((0.0, 2.0), (8.0, 40.0), (12.0, 52.0)):
        assert curves.value(column(hours)) == pytest.approx(sales)
    assert curves.value(column(1e9)) == pytest.approx(100.0, rel=1e-6)
    # (Smax - Smin) g d / ((d + 1)^2 S) at today's effort.
    d, g = answers.half_point, answers.shape
    assert curves.elasticity(column(8.0)) == pytest.approx(98 * g * d / (d + 1) ** 2 / 40)


def test_answers_as_shares_are_scaled_by_todays_value():
    answers = AdbudgAnswers(0.6, 1.0, 1.1, 1.3)
    curves = AdbudgCurves.of_answers((answers,), column(5_000.0), column(8.0))
    assert curves.value(column(8.0)) == pytest.approx(5_000.0)
    assert curves.value(column(12.0)) == pytest.approx(5_500.0)


@pytest.mark.parametrize(
    "answers",
    [(1.0, 1.0, 1.2, 1.5), (0.5, 1.0, 0.9, 1.5), (0.5, 1.0, 1.2, 1.2), (1.5, 1.0, 1.2, 1.6)],
)
def test_answers_that_do_not_grow_are_refused(answers):
    with pytest.raises(InvalidResponseError, match="do not grow"):
        AdbudgAnswers(*answers)


@pytest.mark.parametrize("bad", [-0.1, float("nan"), float("inf")])
def test_answers_that_are_no_amounts_are_refused(bad):
    with pytest.raises(InvalidResponseError, match="at least 0"):
        AdbudgAnswers(bad, 1.0, 1.2, 1.5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: PowerCurves(column(1, -1), column(0.3, 0.3)), "Scale is -1.0 for unit 1"),
        (lambda: PowerCurves(column(1), column(1.0)), "Elasticity is 1.0 for unit 0"),
        (lambda: PowerCurves(column(np.nan), column(0.3)), "Scale is nan"),
        (lambda: VisitCurves(column(1), column(0.3), column(0)), "Effort of a visit is 0.0"),
        (lambda: ExponentialCurves(column(2), column(1), column(1)), "Ceiling less floor is -1.0"),
        (lambda: ExponentialCurves(column(0), column(1), column(0)), "Rate is 0.0"),
    ],
)
def test_impossible_curves_are_refused_by_unit(make, message):
    with pytest.raises(InvalidResponseError, match=message):
        make()
