from dataclasses import replace

import numpy as np
import pytest

from accounts import FOUNDING_PROGRAMME, NO_VISITS_DAYS, PROGRAMME, Channel, Segment
from accounts.programme_change import Served, change_programme

SMALL = Segment("small", 0.0, Channel.FIELD, 100, 1800)
LARGE = Segment("large", 50_000.0, Channel.FIELD, 30, 3600)


def served(segment, interval, duration=None, own_interval=None, own_duration=None) -> Served:
    n = len(segment)
    return Served(
        account_id=np.arange(1, n + 1),
        segment=np.array(segment, dtype=np.int64),
        visit_interval_days=np.array(interval, dtype=np.float64),
        service_duration_s=np.array(duration or [1800] * n, dtype=np.int64),
        has_own_interval=np.array(own_interval or [False] * n, dtype=bool),
        has_own_duration=np.array(own_duration or [False] * n, dtype=bool),
    )


def unknown(n: int) -> np.ndarray:
    return np.full(n, np.nan)


def test_whose_rule_is_the_same_keeps_what_the_account_has():
    before = served([0, 1], [87.5, 33.1], [1500, 3900])
    same = change_programme(before, (SMALL, LARGE), (SMALL, LARGE), unknown(2))
    assert not same.is_changed.any()
    assert same.after.visit_interval_days.tolist() == [87.5, 33.1]


def test_another_rule_reaches_everybody_but_those_with_values_of_their_own():
    """The interval of `large` goes from 30 to 20 days; nothing else is said anew."""
    before = served([1, 1, 0], [33.1, 45.0, 87.5], own_interval=[False, True, True])
    after = (SMALL, replace(LARGE, visit_interval_days=20))
    change = change_programme(before, (SMALL, LARGE), after, unknown(3))
    assert change.after.visit_interval_days.tolist() == [20, 45, 87.5]
    assert change.after.service_duration_s.tolist() == [1800, 1800, 1800]
    assert change.keeps_interval.tolist() == [False, True, False]
    assert change.is_changed.tolist() == [True, False, False]

    taken = change_programme(before, (SMALL, LARGE), after, unknown(3), keeps_own=False)
    assert taken.after.visit_interval_days.tolist() == [20, 20, 87.5]
    # The third keeps its own: its rule is the same.
    assert taken.after.has_own_interval.tolist() == [False, False, True]


def test_accounts_come_where_their_revenue_belongs_and_others_stay():
    before = served([0, 1, 1], [100, 30, 30])
    revenue = np.array([60_000.0, 10.0, np.nan])
    change = change_programme(before, (SMALL, LARGE), (SMALL, LARGE), revenue)
    assert change.after.segment.tolist() == [1, 0, 1]
    assert change.is_moved.tolist() == [True, True, False]
    # Those who moved got the rule of where they are now.
    assert change.after.visit_interval_days.tolist() == [30, 100, 30]
    assert change.after.service_duration_s.tolist() == [3600, 1800, 1800]

    stay = change_programme(before, (SMALL, LARGE), (SMALL, LARGE), revenue, moves_by_revenue=False)
    assert stay.after.segment.tolist() == [0, 1, 1]


def test_the_founding_programme_ends_visits_to_the_smallest():
    before = served([0, 1, 2, 4], [365, 150, 75, 28])
    change = change_programme(before, PROGRAMME, FOUNDING_PROGRAMME, unknown(4))
    assert change.after.segment.tolist() == [0, 1, 2, 4]
    intervals = change.after.visit_interval_days.tolist()
    assert intervals == [NO_VISITS_DAYS, NO_VISITS_DAYS, 365, 30]
    # And the way back gives them visits again.
    back = change_programme(change.after, FOUNDING_PROGRAMME, PROGRAMME, unknown(4))
    assert back.after.visit_interval_days.tolist() == [365, 150, 75, 28]


def test_fewer_segments_take_all_in():
    only = (Segment("all", 0.0, Channel.FIELD, 90, 1800),)
    before = served(range(6), [365, 150, 75, 42, 28, 14])
    change = change_programme(before, PROGRAMME, only, np.array([0, 5, 1e5, 1e6, 1e7, np.nan]))
    assert change.after.segment.tolist() == [0] * 6
    assert change.after.visit_interval_days.tolist() == [90.0] * 6


def test_no_accounts_are_no_trouble():
    change = change_programme(served([], []), PROGRAMME, FOUNDING_PROGRAMME, unknown(0))
    assert len(change.is_changed) == 0


@pytest.mark.parametrize("keeps_own", [True, False])
def test_applying_a_programme_twice_is_applying_it_once(keeps_own):
    rng = np.random.default_rng(3)
    before = served(
        rng.integers(0, 6, 200),
        rng.uniform(10, 400, 200),
        own_interval=(rng.random(200) < 0.3).tolist(),
    )
    revenue = np.where(rng.random(200) < 0.5, rng.uniform(0, 2e6, 200), np.nan)
    once = change_programme(before, PROGRAMME, FOUNDING_PROGRAMME, revenue, keeps_own=keeps_own)
    twice = change_programme(
        once.after, FOUNDING_PROGRAMME, FOUNDING_PROGRAMME, revenue, keeps_own=keeps_own
    )
    assert not twice.is_changed.any()
