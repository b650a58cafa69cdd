import math
from dataclasses import replace

import numpy as np
import pytest

from accounts import (
    DUE_STATES,
    FOUNDING_PROGRAMME,
    NO_VISITS_DAYS,
    PROGRAMME,
    CallChannel,
    Channel,
    DueState,
    InvalidProgrammeError,
    Segment,
)
from accounts.account import NEVER_VISITED
from accounts.engagement import (
    checked_programme,
    due_factor,
    due_ratio,
    due_state,
    segment_like,
    segment_of_revenue,
)


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


def test_what_is_not_visited_is_never_due_even_where_nobody_ever_was():
    intervals = np.array([NO_VISITS_DAYS, NO_VISITS_DAYS, NO_VISITS_DAYS * 1.5])
    ratio = due_ratio(np.array([100, NEVER_VISITED, 100]), 20_000, intervals)
    assert ratio.tolist() == [0, 0, 0]
    assert due_factor(ratio).tolist() == [0, 0, 0]


def segment(name: str = "a", revenue_from: float = 0.0, **facts) -> Segment:
    return replace(Segment(name, revenue_from, Channel.FIELD, 60, 1800), **facts)


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"name": "A b"}, "name"),
        ({"name": ""}, "name"),
        ({"revenue_from_eur": -1.0}, "revenue_from"),
        ({"revenue_from_eur": math.nan}, "revenue_from"),
        ({"visit_interval_days": 0}, "visit_interval_days"),
        ({"visit_interval_days": math.inf}, "visit_interval_days"),
        ({"call_channel": CallChannel.PHONE, "call_interval_days": 0}, "call_interval_days"),
        ({"call_channel": CallChannel.PHONE}, "call_interval_days"),
        ({"call_interval_days": 30}, "call_interval_days"),
        ({"service_duration_s": -1}, "service_duration_s"),
    ],
)
def test_a_segment_that_cannot_be_is_refused_by_the_key_at_fault(facts, key):
    with pytest.raises(InvalidProgrammeError) as refused:
        segment(**facts)
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("segments", "key", "index"),
    [
        ((), "", None),
        ([segment(f"s{k}", float(k)) for k in range(13)], "", None),
        ([segment("a", 5.0)], "revenue_from", 0),
        ([segment("a"), segment("a", 5.0)], "name", 1),
        ([segment("a"), segment("b", 5.0), segment("c", 5.0)], "revenue_from", 2),
    ],
)
def test_segments_of_a_programme_begin_at_nothing_and_rise(segments, key, index):
    with pytest.raises(InvalidProgrammeError) as refused:
        checked_programme(segments)
    assert (refused.value.key, refused.value.segment_index) == (key, index)


def test_both_programmes_can_be_used():
    assert checked_programme(PROGRAMME) == PROGRAMME
    assert checked_programme(FOUNDING_PROGRAMME) == FOUNDING_PROGRAMME


def test_an_account_belongs_to_the_highest_segment_that_its_revenue_reaches():
    revenues = (-10.0, 0.0, 0.99, 1.0, 9_999.0, 10_000.0, 5e6, 9e9)
    found = [segment_of_revenue(PROGRAMME, one) for one in revenues]
    assert found == [0, 0, 0, 1, 1, 2, 5, 5]
    assert segment_of_revenue((segment(),), 1e6) == 0


def test_a_segment_that_is_gone_leads_to_the_one_that_holds_its_lowest_revenue():
    other = (segment("small"), segment("100k_1m", 50_000.0), segment("huge", 2e6))
    # up_to_10k began at 1, above_5m at 5 M; 100k_1m is still there, wherever it begins now.
    assert [segment_like(other, one) for one in PROGRAMME] == [0, 0, 0, 1, 1, 2]


def test_field_trips_visit_what_inside_sales_serve_where_the_programme_says_so():
    names = [one.name for one in FOUNDING_PROGRAMME if one.is_visited_by_field]
    assert names == ["10k_100k", "100k_1m"]
    assert not segment(channel=Channel.INSIDE_SALES).is_visited_by_field
    assert segment(channel=Channel.INSIDE_SALES, has_field_visits=True).is_visited_by_field
    assert segment().is_visited_by_field
