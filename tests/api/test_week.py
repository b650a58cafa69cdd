"""The weekly route: a rep and a week are enough."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from accounts.account import OpeningWindow
from api import create_app
from api.services.errors import RefusedRequestError
from api.services.trip_setup import PreparedTrip
from api.state import AppState
from data.tables import Rep
from tests.api.problems import assert_problem
from tests.api.trips import body_of, check_times, plan_of, prepared

URL = "/api/v1/routes"
HOUR = 3600
WEEK = {"rep_id": "1", "week": "2026-W48"}
"""Monday 23 to Friday 27 November."""


def window(weekday: int, opens: float, closes: float) -> OpeningWindow:
    return OpeningWindow(weekday, round(opens * HOUR), round(closes * HOUR))


def week_of(state: AppState, request: dict[str, Any] | None = None, **rep: Any) -> PreparedTrip:
    """The week of the first rep with these facts."""
    with state.database.session() as session:
        stored = session.get(Rep, 1)
        assert stored is not None
        before = {name: getattr(stored, name) for name in rep}
        for name, value in rep.items():
            setattr(stored, name, value)
    try:
        return prepared(state, WEEK | (request or {}))
    finally:
        with state.database.session() as session:
            stored = session.get(Rep, 1)
            for name, value in before.items():
                setattr(stored, name, value)


def test_a_week_is_monday_to_friday_from_home_and_back(state: AppState) -> None:
    trip = prepared(state, WEEK).trip
    assert [f"{day:%a %d}" for day in trip.time.dates] == [
        "Mon 23",
        "Tue 24",
        "Wed 25",
        "Thu 26",
        "Fri 27",
    ]
    # Office hours from 8:00 to 17:00 in Berlin.
    assert trip.time.shifts[0] == (7 * HOUR, 16 * HOUR)
    assert trip.places.start == trip.places.end
    assert trip.places.start.name == "Home in Anfang"
    # The accounts of the rep.
    assert len(trip.considered) == 15


def test_a_week_across_the_clock_change_keeps_the_hours(state: AppState) -> None:
    """W13 of 2026 is before the change on 29 March, W14 after it: 8:00 is 7:00, then 6:00 UTC."""
    for week, hour in (("2026-W13", 7), ("2026-W14", 6)):
        time = prepared(state, WEEK | {"week": week}).trip.time
        assert [start_s % (24 * HOUR) for start_s, _ in time.shifts] == [hour * HOUR] * 5


def test_hours_of_the_rep_decide_which_days_there_are(own_state: AppState) -> None:
    hours = (window(2, 9, 12), window(2, 13, 18), window(4, 8, 24), window(6, 8, 12))
    trip = week_of(own_state, working_hours=hours).trip
    assert trip.time.dates == (date(2026, 11, 24), date(2026, 11, 26))
    tuesday, thursday = trip.problem.shifts
    assert (tuesday.start_s, tuesday.end_s) == (8 * HOUR, 17 * HOUR)
    assert thursday.end_s - thursday.start_s == 16 * HOUR
    # The gap from 12:00 to 13:00 is a break at that time.
    (pause,) = tuesday.breaks
    assert (pause.duration_s, pause.early_s, pause.late_s) == (HOUR, 11 * HOUR, 11 * HOUR)
    assert thursday.breaks == ()


SETTINGS: dict[str, Any] = {
    "breaks": [{"duration_s": 2700, "earliest_start": "11:30", "latest_start": "13:30"}],
    "limits": {"max_visits_per_day": 7, "max_drive_s_per_day": 18_000},
    "overnight": {"max_nights": 2, "max_nights_in_a_row": 1, "min_drive_home_s": 3600},
    "setup_duration_s": 240,
}


def test_settings_of_the_rep_hold_where_the_request_says_nothing(own_state: AppState) -> None:
    trip = week_of(own_state, settings=SETTINGS).trip
    shifts, problem = trip.problem.shifts, trip.problem
    assert [len(shift.breaks) for shift in shifts] == [1] * 5
    assert {shift.max_visits for shift in shifts} == {7}
    assert {shift.max_travel_s for shift in shifts} == {18_000}
    assert (problem.max_nights, problem.max_nights_in_a_row) == (2, 1)
    assert {client.setup_duration_s for client in problem.clients} == {240}


def test_the_request_goes_before_the_settings_key_by_key(own_state: AppState) -> None:
    request = {
        "limits": {"max_visits_per_day": 3},
        "overnight": {"max_nights": 0},
        "options": {"setup_duration_s": 0},
    }
    problem = week_of(own_state, request, settings=SETTINGS).trip.problem
    assert problem.shifts[0].max_visits == 3
    assert problem.shifts[0].max_travel_s == 18_000
    assert (problem.max_nights, problem.max_nights_in_a_row) == (0, 1)
    assert problem.clients[0].setup_duration_s == 0


def test_usual_breaks_are_taken_only_on_days_they_lie_in(own_state: AppState) -> None:
    hours = (window(1, 8, 17), window(5, 7, 11), window(3, 8, 12), window(3, 14, 18))
    found = week_of(own_state, working_hours=hours, settings=SETTINGS)
    monday, wednesday, friday = found.trip.problem.shifts
    assert [pause.duration_s for pause in monday.breaks] == [2700]
    assert [pause.duration_s for pause in wednesday.breaks] == [2 * HOUR]
    assert friday.breaks == ()
    assert [w.code for w in found.warnings if "BREAK" in w.code] == []


def test_a_setting_that_cannot_be_used_is_named(own_state: AppState) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        week_of(own_state, settings={"limits": {"max_visits_per_day": "many"}})
    (fault,) = refused.value.faults
    assert (fault.pointer, fault.code) == ("/rep_id", "INVALID_REP_SETTINGS")
    assert "limits.max_visits_per_day" in fault.detail


@pytest.mark.parametrize("hours", [(), (window(6, 8, 12),)])
def test_a_rep_without_hours_has_no_week(
    own_state: AppState, hours: tuple[OpeningWindow, ...]
) -> None:
    with pytest.raises(RefusedRequestError) as refused:
        week_of(own_state, working_hours=hours)
    assert [(f.pointer, f.code) for f in refused.value.faults] == [("/rep_id", "REP_WITHOUT_HOURS")]


def test_hours_of_the_rep_are_local_to_home_whatever_zone_the_answer_has(
    own_state: AppState,
) -> None:
    trip = week_of(own_state, {"timezone": "America/New_York"}, settings=SETTINGS).trip
    assert trip.time.shifts[0] == (7 * HOUR, 16 * HOUR)
    (pause,) = trip.problem.shifts[0].breaks
    assert pause.early_s == 10.5 * HOUR
    body = body_of(trip, plan_of(trip, nights=[0] * 4))
    assert body["days"][0]["stops"][0]["type"] == "start"
    assert body["timezone"] == "America/New_York"


def test_a_week_may_start_and_end_elsewhere(state: AppState) -> None:
    trip = prepared(state, WEEK | {"end": {"place": "Ostburg"}}).trip
    assert trip.places.start.name == "Home in Anfang"
    assert trip.places.end.name == "Ostburg, Hesse"


def test_a_week_without_nights_comes_home_every_day(state: AppState) -> None:
    trip = prepared(state, WEEK | {"overnight": {"allowed": False}}).trip
    assert {(s.start_location, s.end_location) for s in trip.problem.shifts} == {(0, 0)}
    # Five stretches between the same places.
    assert len(trip.places.stretches) == 5


def test_a_past_week_is_planned_with_a_warning(state: AppState) -> None:
    """Today is Monday 16 November, of week 47."""
    past = prepared(state, WEEK | {"week": "2026-W46"})
    assert [(w.code, w.pointer) for w in past.warnings] == [("WEEK_IN_THE_PAST", "/week")]
    now = prepared(state, WEEK | {"week": "2026-W47"})
    assert now.warnings == ()


@pytest.mark.parametrize(
    ("request_body", "pointer", "code"),
    [
        ({"rep_id": "1", "week": "2026-W54"}, "/week", "OUT_OF_RANGE"),
        ({"rep_id": "1", "week": "2025-W53"}, "/week", "OUT_OF_RANGE"),
        ({"rep_id": "1", "week": "2026-W00"}, "/week", "OUT_OF_RANGE"),
        ({"rep_id": "1", "week": "1926-W10"}, "/week", "OUT_OF_RANGE"),
        ({"rep_id": "1", "week": "2026-48"}, "/week", "INVALID_FORMAT"),
        ({"rep_id": "1", "week": 48}, "/week", "WRONG_TYPE"),
        ({"week": "2026-W48"}, "/rep_id", "MISSING"),
        ({"rep_id": "99", "week": "2026-W48"}, "/rep_id", "UNKNOWN_REP"),
        ({"rep_id": "1"}, "/days", "MISSING"),
        (
            {
                **WEEK,
                "days": [
                    {
                        "date": "2026-11-23",
                        "start": "2026-11-23T08:00:00+01:00",
                        "end": "2026-11-23T17:00:00+01:00",
                    }
                ],
            },
            "/days",
            "CONTRADICTION",
        ),
    ],
)
def test_what_is_no_week_is_refused(
    client: FlaskClient, request_body: dict[str, Any], pointer: str, code: str
) -> None:
    assert_problem(client.post(URL, json=request_body), 422, "INVALID_REQUEST", pointer, code)


def test_2026_has_53_weeks(state: AppState) -> None:
    trip = prepared(state, WEEK | {"week": "2026-W53"}).trip
    assert trip.time.dates[0] == date(2026, 12, 28)


def test_a_week_is_planned(client: FlaskClient) -> None:
    response = client.post(URL, json=WEEK | {"options": {"iterations": 2_000}})
    assert response.status_code == 201
    body = response.get_json()
    check_times(body)
    assert len(body["days"]) == 5
    assert body["totals"]["visits"] >= 2
    assert body["search"]["accounts_considered"] == 15
    home = body["days"][0]["stops"][0]["location"]
    assert body["days"][4]["stops"][-1]["location"] == home
    assert client.get(body["links"]["self"]).get_json() == body


def test_a_week_keeps_as_many_required_visits_as_it_holds(client: FlaskClient) -> None:
    """Seven visits of six hours each, where a day has nine."""
    wished = [
        {"account_id": str(k), "required": True, "service_duration_s": 6 * HOUR}
        for k in (1, 2, 3, 4, 7, 8, 9)
    ]
    body = client.post(URL, json=WEEK | {"visits": wished}).get_json()
    check_times(body)
    assert body["status"] == "infeasible"
    assert [day["totals"]["visits"] for day in body["days"]] == [1] * 5
    assert len(body["unassigned"]) == 2
    for entry in body["unassigned"]:
        assert entry["required"] is True
        assert entry["reasons"][0]["certainty"] == "proved"
        assert "fix" in entry["reasons"][0]


def test_a_week_with_settings_has_lunch_and_keeps_its_limits(own_state: AppState) -> None:
    with own_state.database.session() as session:
        rep = session.get(Rep, 1)
        assert rep is not None
        rep.settings = SETTINGS | {"limits": {"max_visits_per_day": 2}}
    client = create_app(own_state).test_client()
    wished = [
        {"account_id": str(k), "required": True, "service_duration_s": 2 * HOUR}
        for k in (1, 2, 3, 4, 7, 8, 9)
    ]
    body = client.post(URL, json=WEEK | {"visits": wished}).get_json()
    check_times(body)
    assert body["status"] == "complete"
    assert max(day["totals"]["visits"] for day in body["days"]) <= 2
    lunches = [s for day in body["days"] for s in day["stops"] if s["type"] == "break"]
    assert lunches
    assert all("T11:30:00" <= lunch["service_start"][10:19] <= "T13:30:00" for lunch in lunches)
    assert body["totals"]["break_s"] == 2700 * len(lunches)
    assert body["totals"]["setup_s"] == 240 * 7


def test_a_week_considers_accounts_that_a_trip_finds_too_far_from_its_way(state: AppState) -> None:
    """They lie around home; going there and back is all that a week is about."""
    week = prepared(state, WEEK)
    near = prepared(state, WEEK | {"limits": {"max_detour_per_visit_s": 1_800}})
    assert len(week.trip.clients) > len(near.trip.clients)
