"""The second check accepts what is right and finds what is spoilt, from plain numbers."""

from copy import deepcopy
from typing import Any

import pytest

from benchmarks.recheck import RawDayPlan, RawInstance, RecheckError, recheck

Plan = list[RawDayPlan]


@pytest.fixture
def instance() -> RawInstance:
    """
    Two days from 0 to 1 by the hotel 2, over the clients at 3 and 4 (places on a line).

        0 --10-- 3 --10-- 2 --10-- 4 --10-- 1

    Each leg of 10 is a kilometre; the first day has a break of 5 that starts from 15 to 20.
    """
    line = [0, 40, 20, 10, 30]
    length = [[abs(a - b) for b in line] for a in line]
    return RawInstance(
        duration=length,
        distance=[[100 * x for x in row] for row in length],
        clients=[
            {"location": 3, "service": 20, "prize": 500, "windows": [[0, 12], [20, 30]]},
            {"location": 4, "service": 30, "prize": 700, "windows": []},
        ],
        days=[
            {
                "start": 0,
                "end": 100,
                "start_location": 0,
                "end_location": None,
                "breaks": [{"duration": 5, "early": 15, "late": 20}],
            },
            {"start": 200, "end": 300, "start_location": None, "end_location": 1, "breaks": []},
        ],
        nights=[[2, 90]],
        hour_rate=3600,
        km_rate=10,
    )


@pytest.fixture
def plan() -> Plan:
    """Leaves at 0, break at 15 before client 0 at 20, hotel at 50; client 1 from 210 to 240."""
    return [
        {
            "start_location": 0,
            "end_location": 2,
            "leaves": 0,
            "arrives": 50,
            "visits": [(0, 20)],
            "breaks": [(0, 15)],
        },
        {
            "start_location": 2,
            "end_location": 1,
            "leaves": 200,
            "arrives": 250,
            "visits": [(1, 210)],
            "breaks": [],
        },
    ]


def test_a_right_plan_has_the_value_worked_out_by_hand(instance: RawInstance, plan: Plan) -> None:
    """Prizes 1,200; 45 and 50 seconds at 1 cent; 4 km at 10 cents; a night at 90: 975."""
    assert recheck(instance, plan) == 975


def test_half_a_cent_is_rounded_up(instance: RawInstance, plan: Plan) -> None:
    """95 seconds at 1,800 an hour are 47.5 cents."""
    instance["hour_rate"] = 1800
    assert recheck(instance, plan) == 1200 - 48 - 40 - 90


def test_an_idle_day_has_no_night_and_needs_no_break(instance: RawInstance, plan: Plan) -> None:
    instance["nights"] = [[0, 90]]
    plan[0].update(end_location=0, arrives=0, visits=[], breaks=[])
    plan[1].update(start_location=0, leaves=200, arrives=270, visits=[(1, 230)])
    assert recheck(instance, plan) == 700 - 70 - 40


@pytest.mark.parametrize(
    ("day", "change", "message"),
    [
        (0, {"visits": [(0, 19)]}, "outside of"),
        (0, {"visits": [(0, 20), (0, 40)]}, "more than once"),
        (0, {"breaks": []}, "has no break"),
        (0, {"breaks": [(0, 14)]}, "not in"),
        (0, {"breaks": [(0, 20)]}, "cut by a service"),
        (0, {"breaks": [(0, 15), (0, 15)]}, "not within its time"),
        (0, {"arrives": 49}, "for a way of 10"),
        (0, {"arrives": 101}, "beyond"),
        (0, {"leaves": 6}, "for a way of 10"),
        (0, {"end_location": 3}, "at one place"),
        (1, {"start_location": 0, "leaves": 200}, "at one place|way of"),
        (1, {"end_location": 2}, "way of|ends at"),
        (1, {"leaves": 199}, "beyond"),
        (1, {"arrives": 249}, "for a way of 10"),
    ],
)
def test_a_spoilt_plan_is_refused(
    instance: RawInstance, plan: Plan, day: int, change: dict[str, Any], message: str
) -> None:
    spoilt = deepcopy(plan)
    spoilt[day].update(change)  # type: ignore[typeddict-item]
    with pytest.raises(RecheckError, match=message):
        recheck(instance, spoilt)


def test_a_missing_day_is_refused(instance: RawInstance, plan: Plan) -> None:
    with pytest.raises(RecheckError, match="1 days are planned of 2"):
        recheck(instance, plan[:1])
