"""Breaks: from local hours to the axis, and from a plan to stops of their own."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.exports.geojson import route_geojson
from api.schemas.day import Break, Day
from api.services.trip_breaks import TripBreaks, trip_breaks
from api.services.trip_time import TripTime
from api.state import AppState
from tests.api.small_world import trip_request
from tests.api.trips import body_of, check_times, plan_of, prepared, prepared_trip

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3600
ALWAYS: list[Any] = []
LUNCH = {"duration_s": 2700, "earliest_start": "11:30", "latest_start": "13:30"}


def breaks_of(start: str, end: str, *breaks: Break, zone: ZoneInfo = BERLIN) -> TripBreaks:
    day = Day(
        date=date.fromisoformat(start[:10]),
        start=datetime.fromisoformat(start),
        end=datetime.fromisoformat(end),
        breaks=breaks,
    )
    return trip_breaks((day,), TripTime.of([day], zone), zone)


def lunch(duration_s: int, earliest: str | None = None, latest: str | None = None) -> Break:
    return Break(duration_s=duration_s, earliest_start=earliest, latest_start=latest)


SUMMER = ("2026-06-01T08:00:00+02:00", "2026-06-01T17:00:00+02:00")


def windows(found: TripBreaks) -> list[tuple[int, int, int]]:
    """Duration, and the window in hours of UTC."""
    return [(b.duration_s, b.early_s / HOUR, b.late_s / HOUR) for b in found.of_day[0]]


def test_a_break_starts_within_local_hours() -> None:
    found = breaks_of(*SUMMER, lunch(2700, "11:30", "13:30"))
    assert windows(found) == [(2700, 9.5, 11.5)]
    assert found.faults == found.warnings == ()


def test_a_break_without_hours_may_be_at_any_time_of_the_day() -> None:
    """8:00 to 17:00 is 6 to 15 UTC; an hour of break starts by 14 UTC."""
    assert windows(breaks_of(*SUMMER, lunch(3600))) == [(3600, 6, 14)]


def test_the_hours_of_a_break_follow_the_clock_when_it_goes_back() -> None:
    """On 25 October 2026 at 12:00 the offset is one hour again: 11 UTC."""
    found = breaks_of(
        "2026-10-25T00:30:00+02:00", "2026-10-25T20:00:00+01:00", lunch(1800, "12:00", "12:00")
    )
    # The axis begins at midnight UTC on the 24th.
    assert windows(found) == [(1800, 24 + 11, 24 + 11)]


def test_a_night_shift_has_the_break_of_its_second_date() -> None:
    found = breaks_of(
        "2026-06-01T20:00:00+02:00", "2026-06-02T06:00:00+02:00", lunch(1800, "01:00", "02:00")
    )
    assert windows(found) == [(1800, 23, 24)]


def test_a_break_may_span_midnight() -> None:
    found = breaks_of(
        "2026-06-01T20:00:00+02:00", "2026-06-02T06:00:00+02:00", lunch(1800, "23:30", "00:30")
    )
    assert windows(found) == [(1800, 21.5, 22.5)]


def test_breaks_of_one_window_follow_each_other() -> None:
    """Two of half an hour from 10:00 to 12:00: the first by 11:30, the second from 10:30 on."""
    found = breaks_of(*SUMMER, lunch(1800, "10:00", "12:00"), lunch(1800, "10:00", "12:00"))
    assert windows(found) == [(1800, 8, 9.5), (1800, 8.5, 10)]


def test_breaks_come_in_the_order_of_their_hours_and_keep_their_own_index() -> None:
    found = breaks_of(*SUMMER, lunch(1800, "14:00", "15:00"), lunch(900, "09:00", "10:00"))
    assert [one.index for one in found.of_day[0]] == [1, 0]


def test_breaks_that_cannot_follow_each_other_are_a_fault() -> None:
    found = breaks_of(*SUMMER, lunch(3600, "12:00", "12:30"), lunch(3600, "12:00", "12:30"))
    assert [(f.pointer, f.code) for f in found.faults] == [("/days/0/breaks", "BREAKS_OVERLAP")]


def test_a_break_outside_of_its_day_is_left_out_with_a_warning() -> None:
    found = breaks_of(*SUMMER, lunch(1800, "18:00", "19:00"), lunch(1800, "12:00", "13:00"))
    assert [one.index for one in found.of_day[0]] == [1]
    assert [(w.code, w.pointer) for w in found.warnings] == [
        ("BREAK_OUTSIDE_DAY", "/days/0/breaks/0")
    ]


def one_visit(place: str, breaks: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """From Anfang to Ostburg past one place where a service takes an hour."""
    request = trip_request(
        1,
        visits=[
            {
                "location": {"place": place},
                "service_duration_s": 3600,
                "time_windows": ALWAYS,
                "required": True,
                **changes,
            }
        ],
    )
    request["days"][0]["breaks"] = breaks
    return request


def test_a_break_on_the_road_divides_the_leg(state: AppState) -> None:
    """
    The visit at Nordstadt starts at 12:00, so there is no time for the break of 11:30 there: after
    a quarter of an hour another one is driven.
    """
    request = one_visit(
        "Nordstadt",
        [
            {
                "break_id": "tea",
                "duration_s": 900,
                "earliest_start": "11:30",
                "latest_start": "11:30",
            }
        ],
        time_windows=[{"start": "2026-11-23T12:00:00+01:00", "end": "2026-11-23T12:00:00+01:00"}],
    )
    trip = prepared(state, request).trip
    body = body_of(trip, plan_of(trip, [0]))
    check_times(body)
    (day,) = body["days"]
    assert [stop["type"] for stop in day["stops"]] == ["start", "break", "visit", "end"]
    tea = day["stops"][1]
    assert tea["break_id"] == "tea"
    assert tea["on_the_way"] is True
    assert "name" not in tea
    assert tea["service_start"] == "2026-11-23T11:30:00+01:00"
    assert tea["departure"] == "2026-11-23T11:45:00+01:00"
    # Due north from Anfang at 9.0, 51.0 to Nordstadt at 9.0, 51.4: 15 minutes before it.
    whole_s = day["legs"][0]["travel_s"] + day["legs"][1]["travel_s"]
    share = day["legs"][0]["travel_s"] / whole_s
    assert day["legs"][1]["travel_s"] == 900
    assert tea["location"] == pytest.approx([9.0, 51.0 + 0.4 * share], abs=2e-3)
    assert day["totals"]["break_s"] == 900
    assert body["totals"]["break_s"] == 900


def test_the_lines_of_a_divided_leg_join_where_the_break_is(state: AppState) -> None:
    request = one_visit(
        "Nordstadt",
        [{"duration_s": 900, "earliest_start": "11:30", "latest_start": "11:30"}],
        time_windows=[{"start": "2026-11-23T12:00:00+01:00", "end": "2026-11-23T12:00:00+01:00"}],
    )
    trip = prepared(state, request).trip
    body = body_of(trip, plan_of(trip, [0]))
    features = route_geojson(body, trip.engine)["features"]
    lines = [f["geometry"]["coordinates"] for f in features if "from_seq" in f["properties"]]
    where = body["days"][0]["stops"][1]["location"]
    assert len(lines) == 3
    assert lines[0][-1] == lines[1][0] == pytest.approx(where, abs=2e-5)
    assert all(len(line) >= 2 for line in lines)
    (point,) = [f for f in features if f["properties"].get("type") == "break"]
    assert point["geometry"]["coordinates"] == where


def test_a_break_at_a_visit_comes_before_its_service(state: AppState) -> None:
    """Service starts at 12:00 at the earliest; the lunch from 11:00 on fits before it."""
    request = one_visit(
        "Nordstadt",
        [{"duration_s": 1800, "earliest_start": "11:00", "latest_start": "11:30"}],
        time_windows=[{"start": "2026-11-23T12:00:00+01:00", "end": "2026-11-23T12:00:00+01:00"}],
    )
    trip = prepared(state, request).trip
    body = body_of(trip, plan_of(trip, [0]))
    check_times(body)
    start, lunch_stop, visit, _ = body["days"][0]["stops"]
    assert lunch_stop["type"] == "break"
    assert "on_the_way" not in lunch_stop
    assert lunch_stop["location"] == visit["location"]
    assert lunch_stop["name"] == visit["name"] == "Nordstadt, Hesse"
    assert visit["arrival"] == lunch_stop["departure"]
    assert visit["service_start"] == "2026-11-23T12:00:00+01:00"
    assert start["departure"] < lunch_stop["arrival"]


def test_a_break_at_a_visit_shares_waiting_and_setup_with_it(state: AppState) -> None:
    """Setup of ten minutes goes on before the break, where there is time."""
    request = one_visit(
        "Nordstadt",
        [{"duration_s": 1800, "earliest_start": "11:00", "latest_start": "11:05"}],
        setup_duration_s=600,
        time_windows=[{"start": "2026-11-23T12:00:00+01:00", "end": "2026-11-23T12:00:00+01:00"}],
    )
    trip = prepared(state, request).trip
    body = body_of(trip, plan_of(trip, [0]))
    check_times(body)
    stops = body["days"][0]["stops"]
    assert [stop["type"] for stop in stops] == ["start", "break", "visit", "end"]
    assert sum(stop.get("setup_s", 0) for stop in stops) == 600
    assert body["totals"]["setup_s"] == 600


def test_a_break_after_a_visit_is_taken_where_it_was(state: AppState) -> None:
    """The visit ends at 12:00 sharp, and the break can start at no other time."""
    request = one_visit(
        "Nordstadt",
        [{"duration_s": 1800, "earliest_start": "12:00", "latest_start": "12:00"}],
        time_windows=[{"start": "2026-11-23T11:00:00+01:00", "end": "2026-11-23T11:00:00+01:00"}],
    )
    trip = prepared(state, request).trip
    body = body_of(trip, plan_of(trip, [0]))
    check_times(body)
    _, visit, lunch_stop, end = body["days"][0]["stops"]
    assert (visit["type"], lunch_stop["type"]) == ("visit", "break")
    assert lunch_stop["location"] == visit["location"]
    assert lunch_stop["arrival"] == visit["departure"] == lunch_stop["service_start"]
    assert body["days"][0]["legs"][1]["travel_s"] == 0
    assert end["type"] == "end"


def test_a_day_that_is_over_by_then_needs_no_break(state: AppState) -> None:
    request = one_visit("Anfang", [{"duration_s": 1800, "earliest_start": "16:00"}])
    trip = prepared(state, request).trip
    body = body_of(trip, plan_of(trip, [0]))
    assert "break" not in [stop["type"] for stop in body["days"][0]["stops"]]
    assert body["totals"]["break_s"] == 0


def test_a_break_on_the_way_is_not_paid(state: AppState) -> None:
    """It begins the day a quarter of an hour earlier, at the same cost."""
    noon = [{"start": "2026-11-23T12:00:00+01:00", "end": "2026-11-23T12:00:00+01:00"}]
    tea = {"duration_s": 900, "earliest_start": "11:30", "latest_start": "11:30"}
    with_break, without = (
        plan_of(trip, [0])
        for trip in (
            prepared(state, one_visit("Nordstadt", breaks, time_windows=noon)).trip
            for breaks in ([tea], [])
        )
    )
    assert with_break.routes[0].departure_s == without.routes[0].departure_s - 900
    assert with_break.labour_cents == without.labour_cents


def test_each_day_has_its_own_breaks_and_limits(state: AppState) -> None:
    request = trip_request(
        2, limits={"max_visits_per_day": 6, "max_drive_s_per_day": 14_400}, visits=[]
    )
    request["days"][1] |= {"breaks": [LUNCH], "limits": {"max_visits": 2, "max_distance_m": 90_000}}
    first, second = prepared(state, request).trip.problem.shifts
    assert (first.breaks, first.max_visits, first.max_travel_s) == ((), 6, 14_400)
    assert first.max_distance_m is None
    assert (second.max_visits, second.max_travel_s) == (2, 14_400)
    assert second.max_distance_m == 90_000
    # 11:30 to 13:30 on the second day, at +01:00.
    (pause,) = second.breaks
    assert (pause.duration_s, pause.early_s, pause.late_s) == (2700, 34.5 * HOUR, 36.5 * HOUR)


def test_breaks_are_local_to_the_time_zone_of_the_request(state: AppState) -> None:
    request = trip_request(1, timezone="Europe/London", visits=[])
    request["days"][0]["breaks"] = [LUNCH]
    (pause,) = prepared(state, request).trip.problem.shifts[0].breaks
    assert (pause.early_s, pause.late_s) == (11.5 * HOUR, 13.5 * HOUR)


def test_visits_at_one_position_share_a_row_and_their_setup(state: AppState) -> None:
    visits = [
        {"location": {"place": "Nordstadt"}, "required": True, "service_duration_s": 600},
        {"location": {"place": "Neustadt, Hesse"}, "required": True},
        {"location": {"place": "Nordstadt"}, "required": True, "service_duration_s": 900},
    ]
    trip = prepared_trip(state, visits=visits, options={"setup_duration_s": 300})
    rows = [client.location_index for client in trip.problem.clients]
    assert rows[0] == rows[2] != rows[1]
    together = body_of(trip, plan_of(trip, [0, 2, 1]))
    check_times(together)
    assert together["totals"]["setup_s"] == 600
    assert [s.get("setup_s", 0) for s in together["days"][0]["stops"][1:-1]] == [300, 0, 300]
    assert together["days"][0]["legs"][1]["travel_s"] == 0
    apart = body_of(trip, plan_of(trip, [0, 1, 2]))
    assert apart["totals"]["setup_s"] == 900
