"""Local hours on the planner's axis, worked out by hand, also where the clocks change."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from accounts.account import OpeningWindow
from api.schemas.day import Day
from api.schemas.route_request import TimeWindow
from api.services.trip_time import TripTime, zone_named
from routing.problem import TimeWindow as AxisWindow

BERLIN = ZoneInfo("Europe/Berlin")
LONDON = ZoneInfo("Europe/London")
HOUR = 3600


def trip(*days: tuple[str, str], zone: ZoneInfo = BERLIN) -> TripTime:
    return TripTime.of(
        [
            Day(
                date=date.fromisoformat(start[:10]),
                start=datetime.fromisoformat(start),
                end=datetime.fromisoformat(end),
            )
            for start, end in days
        ],
        zone,
    )


def test_the_axis_begins_at_midnight_utc_before_the_first_start() -> None:
    time = trip(("2026-06-01T08:00:00+02:00", "2026-06-01T18:00:00+02:00"))
    assert time.zero == datetime(2026, 6, 1, tzinfo=UTC)
    assert time.shifts == ((6 * HOUR, 16 * HOUR),)
    assert time.moment(6 * HOUR).isoformat() == "2026-06-01T08:00:00+02:00"


def test_a_start_soon_after_local_midnight_is_not_before_the_axis() -> None:
    time = trip(("2026-06-01T00:30:00+02:00", "2026-06-01T18:00:00+02:00"))
    assert time.zero == datetime(2026, 5, 31, tzinfo=UTC)
    assert time.shifts[0][0] == int(22.5 * HOUR)
    assert time.dates == time.dates_in(BERLIN) == (date(2026, 6, 1),)


def test_a_service_ends_by_closing_time() -> None:
    """Open 9 to 17, half an hour there: it may start from 9:00 to 16:30, that is 7:00 to 14:30."""
    time = trip(("2026-06-01T08:00:00+02:00", "2026-06-01T18:00:00+02:00"))
    hours = (OpeningWindow(1, 9 * HOUR, 17 * HOUR), OpeningWindow(2, 9 * HOUR, 17 * HOUR))
    assert time.open_windows(hours, HOUR // 2) == (AxisWindow(7 * HOUR, int(14.5 * HOUR)),)


def test_a_service_longer_than_the_opening_starts_with_it() -> None:
    time = trip(("2026-06-01T08:00:00+02:00", "2026-06-01T18:00:00+02:00"))
    hours = (OpeningWindow(1, 9 * HOUR, 10 * HOUR),)
    assert time.open_windows(hours, 2 * HOUR) == (AxisWindow(7 * HOUR, 7 * HOUR),)


def test_hours_outside_every_day_leave_nothing() -> None:
    time = trip(("2026-06-01T08:00:00+02:00", "2026-06-01T18:00:00+02:00"))
    assert time.open_windows((OpeningWindow(7, 0, 24 * HOUR),), 0) == ()
    assert time.open_windows((OpeningWindow(1, 19 * HOUR, 20 * HOUR),), 0) == ()


def test_opening_hours_follow_the_clock_when_it_goes_back() -> None:
    """
    Night of 25 October 2026: 03:00 becomes 02:00. 8:00 is 6:00 UTC on Saturday, 7:00 on Sunday.
    """
    time = trip(
        ("2026-10-24T07:00:00+02:00", "2026-10-24T19:00:00+02:00"),
        ("2026-10-25T07:00:00+01:00", "2026-10-25T19:00:00+01:00"),
    )
    hours = tuple(OpeningWindow(day, 8 * HOUR, 9 * HOUR) for day in (6, 7))
    assert time.open_windows(hours, 0) == (
        AxisWindow(6 * HOUR, 7 * HOUR),
        AxisWindow((24 + 7) * HOUR, (24 + 8) * HOUR),
    )


def test_a_day_that_loses_an_hour_is_shorter_by_it() -> None:
    """28 March 2027: 02:00 becomes 03:00, so midnight to 8:00 are seven hours."""
    time = trip(("2027-03-28T00:00:00+01:00", "2027-03-28T08:00:00+02:00"))
    ((start_s, end_s),) = time.shifts
    assert end_s - start_s == 7 * HOUR
    assert time.moment(end_s).isoformat() == "2027-03-28T08:00:00+02:00"


def test_hours_that_the_clock_skips_are_no_contradiction() -> None:
    time = trip(("2027-03-28T00:00:00+01:00", "2027-03-28T08:00:00+02:00"))
    hours = (OpeningWindow(7, int(2.25 * HOUR), int(2.75 * HOUR)),)
    (window,) = time.open_windows(hours, 0)
    assert window.late_s >= window.early_s


def test_a_night_shift_meets_the_hours_of_both_dates() -> None:
    time = trip(("2026-06-01T20:00:00+02:00", "2026-06-02T06:00:00+02:00"))
    hours = (OpeningWindow(1, 22 * HOUR, 24 * HOUR), OpeningWindow(2, 0, 2 * HOUR))
    # 22:00 to 24:00 and 0:00 to 2:00 touch: one window from 20:00 UTC on.
    assert time.open_windows(hours, 0) == (AxisWindow(20 * HOUR, 24 * HOUR),)


def test_a_week_across_the_change_to_summer_time_keeps_the_hours_of_the_clock() -> None:
    """
    Friday 27 to Monday 30 March 2026; in the night to Sunday 02:00 becomes 03:00.

    9:00 is 8:00 UTC on Friday and 7:00 UTC on Monday.
    """
    time = trip(
        ("2026-03-27T08:00:00+01:00", "2026-03-27T17:00:00+01:00"),
        ("2026-03-30T08:00:00+02:00", "2026-03-30T17:00:00+02:00"),
    )
    hours = tuple(OpeningWindow(day, 9 * HOUR, 12 * HOUR) for day in (1, 5))
    expected = (
        AxisWindow(8 * HOUR, 11 * HOUR),
        AxisWindow((72 + 7) * HOUR, (72 + 10) * HOUR),
    )
    assert time.open_windows(hours, 0) == expected
    weekly = TimeWindow(weekdays=(1, 5), opens="09:00", closes="12:00")
    assert time.requested_windows([weekly]) == expected
    assert time.moment(expected[1].early_s).isoformat() == "2026-03-30T09:00:00+02:00"


def test_hours_are_those_of_the_clock_at_the_place() -> None:
    """9:00 to 17:00 in London is 10:00 to 18:00 in Berlin: 8 to 16 UTC in summer."""
    time = trip(("2026-06-01T08:00:00+02:00", "2026-06-01T20:00:00+02:00"))
    hours = (OpeningWindow(1, 9 * HOUR, 17 * HOUR),)
    assert time.open_windows(hours, 0, LONDON) == (AxisWindow(8 * HOUR, 16 * HOUR),)
    assert time.open_windows(hours, 0) == (AxisWindow(7 * HOUR, 15 * HOUR),)
    weekly = TimeWindow(weekdays=(1,), opens="09:00", closes="17:00")
    assert time.requested_windows([weekly], LONDON) == (AxisWindow(8 * HOUR, 16 * HOUR),)


def test_a_day_meets_the_dates_of_each_zone() -> None:
    """Monday 22:30 UTC is Tuesday in Berlin, Monday in London and Tuesday in Auckland."""
    time = trip(("2026-12-07T22:30:00+00:00", "2026-12-07T22:45:00+00:00"), zone=LONDON)
    assert time.dates_in(LONDON) == (date(2026, 12, 7),)
    assert time.dates_in(ZoneInfo("Pacific/Auckland")) == (date(2026, 12, 8),)
    tuesday = (OpeningWindow(2, 0, 24 * HOUR),)
    assert time.open_windows(tuesday, 0, LONDON) == ()
    (window,) = time.open_windows(tuesday, 0, ZoneInfo("Pacific/Auckland"))
    # From 00:00 there, 13 hours ahead of UTC.
    assert window.early_s == 11 * HOUR


def test_a_place_without_hours_is_open_from_midnight_to_midnight_of_a_date() -> None:
    time = trip(
        ("2026-06-01T08:00:00+02:00", "2026-06-01T18:00:00+02:00"),
        ("2026-06-02T08:00:00+02:00", "2026-06-02T18:00:00+02:00"),
    )
    # Service of an hour: it ends by midnight, which is 22:00 UTC.
    assert time.open_on(date(2026, 6, 2), (), HOUR, BERLIN) == (
        AxisWindow((24 - 2) * HOUR, (48 - 3) * HOUR),
    )
    assert time.open_on(date(2026, 6, 3), (), HOUR, BERLIN) == ()
    closed = (OpeningWindow(1, 9 * HOUR, 17 * HOUR),)
    assert time.open_on(date(2026, 6, 2), closed, HOUR, BERLIN) == ()


def test_windows_of_a_request_are_sorted_and_merged() -> None:
    time = trip(("2026-06-01T08:00:00+02:00", "2026-06-01T18:00:00+02:00"))

    def dated(start: str, end: str) -> TimeWindow:
        return TimeWindow(
            start=datetime.fromisoformat(f"2026-06-01T{start}:00+02:00"),
            end=datetime.fromisoformat(f"2026-06-01T{end}:00+02:00"),
        )

    windows = [dated("14:00", "15:00"), dated("09:00", "11:00"), dated("10:00", "12:00")]
    assert time.requested_windows(windows) == (
        AxisWindow(7 * HOUR, 10 * HOUR),
        AxisWindow(12 * HOUR, 13 * HOUR),
    )


def test_weekly_windows_of_a_request_are_starts_and_are_taken_as_given() -> None:
    time = trip(("2026-06-01T08:00:00+02:00", "2026-06-01T18:00:00+02:00"))
    weekly = TimeWindow(weekdays=(1, 1, 3), opens="09:00", closes="10:00")
    assert time.requested_windows([weekly]) == (AxisWindow(7 * HOUR, 8 * HOUR),)


@pytest.mark.parametrize("name", ["", "Europe", "Europe/Kassel", "../etc/passwd", "/etc/passwd"])
def test_what_is_no_time_zone_is_none(name: str) -> None:
    assert zone_named(name) is None
