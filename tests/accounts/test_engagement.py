import numpy as np
import pytest

from accounts import DUE_STATES, PROGRAMME, DueState
from accounts.account import NEVER_VISITED
from accounts.engagement import due_factor, due_ratio, due_state


@pytest.mark.parametrize(
    ("ratio", "factor", "state"),
    [
        (0.0, 0.0, DueState.GREEN),
        (0.69, 0.0, DueState.GREEN),
        (0.85, 0.5, DueState.YELLOW),
        (1.0, 1.0, DueState.RED),
        (1.5, 1.25, DueState.RED),
        (2.0, 1.5, DueState.RED),
        (9.0, 1.5, DueState.RED),
        (float("nan"), 1.0, DueState.YELLOW),
    ],
)
def test_due_factor_and_state_follow_the_ratio(ratio, factor, state):
    ratios = np.array([ratio])
    assert due_factor(ratios) == pytest.approx([factor])
    assert DUE_STATES[due_state(ratios)[0]] is state


def test_due_ratio_is_days_over_interval_and_unknown_without_a_visit():
    ratio = due_ratio(np.array([100, NEVER_VISITED]), 130, np.array([60.0, 60.0]))
    assert ratio[0] == pytest.approx(0.5)
    assert np.isnan(ratio[1])


def test_segments_ascend_by_revenue_from_zero():
    limits = [segment.revenue_from_eur for segment in PROGRAMME]
    assert limits[0] == 0
    assert limits == sorted(set(limits))
