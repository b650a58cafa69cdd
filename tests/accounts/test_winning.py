import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from accounts import InvalidAccountsError
from accounts.touches.settings import WinningPrior
from accounts.touches.winning import Pursuits, find_pursuits, kaplan_meier, winning

NEVER = -(10**6)
PRIOR = WinningPrior(touches=6.0, days=180.0, strength_wins=5.0)


def test_survival_by_hand():
    """
    Five prospects: won after 1 touch, censored after 2, won after 2, won after 4, censored after 4.

    After 1: 4/5. After 2, where the censored one is still there: 4/5 x 3/4 = 0.6. After 4, with
    two left: 0.6 x 1/2 = 0.3.
    """
    found = kaplan_meier(np.array([1.0, 2, 2, 4, 4]), np.array([True, False, True, True, False]))
    assert found.at.tolist() == [1, 2, 4]
    assert found.share.tolist() == pytest.approx([0.8, 0.6, 0.3])
    # Greenwood: 0.8 sqrt(1 / (5 x 4)) at 1.
    assert found.standard_error[0] == pytest.approx(0.8 * (1 / 20) ** 0.5)
    assert found.median == 4
    assert found.won_share(3)[0] == pytest.approx(0.4)
    assert found.won_share(0.5) == (0, 0, 0)


def test_the_median_is_unknown_where_fewer_than_half_are_won():
    found = kaplan_meier(np.array([1.0, 2, 3]), np.array([True, False, False]))
    assert found.median is None


@given(
    st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=2, max_size=60).filter(
        lambda rows: any(won for _, won in rows)
    )
)
def test_survival_is_that_of_statsmodels(rows):
    duration = np.array([float(one) for one, _ in rows])
    is_won = np.array([won for _, won in rows])
    ours, theirs = kaplan_meier(duration, is_won), SurvfuncRight(duration, is_won.astype(int))
    assert ours.at == pytest.approx(theirs.surv_times)
    assert ours.share == pytest.approx(theirs.surv_prob, abs=1e-12)
    inside = ours.share > 1e-12
    assert ours.standard_error[inside] == pytest.approx(
        np.asarray(theirs.surv_prob_se)[inside], abs=1e-12
    )
    assert np.isfinite(ours.standard_error).all()


def test_few_wins_are_drawn_to_the_prior():
    # 20 touches and 400 days on 4 prospects, one of them won: (20 + 5 x 6) / (1 + 5).
    pursuits = Pursuits(
        np.array([5.0, 5, 5, 5]), np.array([100.0] * 4), np.array([True, False, False, False])
    )
    found = winning(pursuits, PRIOR)
    assert (found.pursued, found.won, found.basis) == (4, 1, "prior")
    assert found.touches_per_win == pytest.approx(50 / 6)
    assert found.days_per_win == pytest.approx((400 + 5 * 180) / 6)


def test_no_history_is_the_prior_and_no_number_is_missing():
    nothing = Pursuits(np.empty(0), np.empty(0), np.empty(0, dtype=bool))
    found = winning(nothing, PRIOR)
    assert (found.touches_per_win, found.days_per_win, found.basis) == (6, 180, "prior")
    assert (found.won_share, found.won_share_low, found.won_share_high) == (0, 0, 0)
    assert found.median_touches is None


def test_a_known_chance_of_a_win_is_found_although_most_are_still_open():
    """Each touch wins one in ten; everybody is given up or still open after at most eight."""
    random = np.random.default_rng(3)
    until, last = random.geometric(0.1, 4000), random.integers(1, 9, 4000)
    is_won = until <= last
    touches = np.minimum(until, last).astype(float)
    found = winning(Pursuits(touches, 30 * touches, is_won), PRIOR)
    assert found.basis == "data"
    assert found.touches_per_win == pytest.approx(10, rel=0.06)
    assert is_won.mean() < 0.5
    after_3 = found.by_touches.share[found.by_touches.at == 3][0]
    assert after_3 == pytest.approx(0.9**3, abs=0.02)
    # Those who were won were won quickly, which alone would say a third of the truth.
    assert touches[is_won].mean() < 4


def test_more_of_the_same_history_weighs_more():
    def of(times: int):
        touches, won = np.tile([4.0, 4.0], times), np.tile([True, False], times)
        return winning(Pursuits(touches, touches, won), PRIOR).touches_per_win

    # Eight touches a win against a prior of six.
    assert 6 < of(1) < of(10) < of(1000) < 8
    assert of(1000) == pytest.approx(8, abs=0.02)


@pytest.mark.parametrize("value", [-1.0, float("nan")])
def test_a_duration_that_is_none_is_refused(value):
    with pytest.raises(InvalidAccountsError):
        winning(Pursuits(np.array([value]), np.array([1.0]), np.array([False])), PRIOR)


def test_pursuits_begin_with_the_first_touch_and_end_with_the_first_order():
    """
    The history begins on day 0, pursuits count from day 100 on, today is day 500.

    0: touched on 150, 200 and 400, first order on 300: won by 2 touches in 150 days.
    1: touched on 200 and 350, never ordered: 2 touches, 300 days, open.
    2: touched on 50 already: nobody knows since when.
    3: ordered on 100, touched on 200: a customer.
    4: never touched.
    5: touched and ordered on 250: won by 1 touch in 0 days.
    """
    account = np.array([0, 0, 0, 1, 1, 2, 2, 3, 5])
    day = np.array([150, 200, 400, 200, 350, 50, 150, 200, 250])
    first_order = np.array([300, NEVER, NEVER, 100, NEVER, 250])
    rows, found = find_pursuits(account, day, first_order, NEVER, 100, 500)
    assert rows.tolist() == [0, 1, 5]
    assert found.touches.tolist() == [2, 2, 1]
    assert found.days.tolist() == [150, 300, 0]
    assert found.is_won.tolist() == [True, False, True]
    only_won = found.of(found.is_won)
    assert only_won.days.tolist() == [150, 0]
