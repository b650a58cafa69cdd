import numpy as np
import pytest

from accounts import InvalidResponseError
from accounts.allocation.whole_calls import plan_whole_calls
from benchmarks.allocation_cases import exhaustive_optimum, s_shaped_tables


def test_calls_go_by_best_gain_and_an_s_curve_is_taken_as_a_whole():
    # Gains of the first: 10, 4, 1. The second brings 0 for one call and 16 for two: 8 a call.
    value = np.array([[0, 10, 14, 15], [0, 0, 16, 17]], dtype=float)
    # One call: 10. Three calls: 10 + 16. Two calls: 10 + 4 since the second's two do not fit.
    assert plan_whole_calls(value, 1).calls.tolist() == [1, 0]
    assert plan_whole_calls(value, 3).calls.tolist() == [1, 2]
    done = plan_whole_calls(value, 2)
    assert done.calls.tolist() == [2, 0]
    assert (done.value, done.largest_step) == (14.0, 16.0)
    # The hull would bring 10 + 8, which nothing reaches: the best of two calls is 16.
    assert done.bound == 18.0


def test_long_calls_must_bring_more():
    # 10 for one hour against 15 for two.
    value = np.array([[0, 10], [0, 15]], dtype=float)
    assert plan_whole_calls(value, 2, np.array([1.0, 2.0])).calls.tolist() == [1, 0]
    assert plan_whole_calls(value, 3, np.array([1.0, 2.0])).calls.tolist() == [1, 1]


def test_nothing_is_called_where_it_brings_nothing():
    value = np.array([[5, 5, 4], [3, 2, 1]], dtype=float)
    done = plan_whole_calls(value, 10)
    assert done.calls.tolist() == [0, 0]
    assert done.value == 8


@pytest.mark.parametrize("seed", range(40))
def test_s_curves_come_within_one_step_of_the_hull_of_every_plan(seed):
    """All plans are looked through, for every number of calls from 0 to 30."""
    value = s_shaped_tables(seed)
    best = exhaustive_optimum(value, 30)
    for budget in range(31):
        done = plan_whole_calls(value, budget)
        assert done.calls.sum() <= budget
        assert done.value == pytest.approx(
            sum(table[calls] for table, calls in zip(value, done.calls, strict=True))
        )
        assert best[budget] - done.largest_step - 1e-9 <= done.value <= best[budget] + 1e-9
        assert best[budget] <= done.bound + 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_concave_tables_are_planned_at_the_optimum(seed):
    random = np.random.default_rng(seed)
    rises = -np.sort(-random.exponential(10, (5, 7)), axis=1)
    value = np.concatenate((np.zeros((5, 1)), np.cumsum(rises, axis=1)), axis=1)
    best = exhaustive_optimum(value, 20)
    for budget in range(21):
        assert plan_whole_calls(value, budget).value == pytest.approx(best[budget])


@pytest.mark.parametrize(
    ("value", "budget", "effort", "message"),
    [
        (np.array([[0.0, np.nan]]), 1, 1.0, "must be numbers"),
        (np.zeros(3), 1, 1.0, "must be numbers"),
        (np.zeros((1, 2)), -1, 1.0, "The budget is -1"),
        (np.zeros((1, 2)), 1, 0.0, "A call takes no time"),
    ],
)
def test_impossible_tables_are_refused(value, budget, effort, message):
    with pytest.raises(InvalidResponseError, match=message):
        plan_whole_calls(value, budget, effort)
