"""Appointments: when they are, what they take, and what is said where they cannot be kept."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.services.trip import Trip
from api.state import AppState
from routing.problem import Client, TimeWindow
from tests.api.problems import assert_problem
from tests.api.small_world import trip_request
from tests.api.trips import body_of, check_times, plan_of, prepared, prepared_trip

URL = "/api/v1/routes"
HOUR = 3600
AT_TEN = {"start": "2026-11-23T10:00:00+01:00", "end": "2026-11-23T11:30:00+01:00"}


def fixed(**changes: Any) -> dict[str, Any]:
    """With account 8 on Monday from 10:00 to 11:30."""
    return {"account_id": "8", "flexibility": "fixed", **AT_TEN, **changes}


def client_of(trip: Trip, wish: int = 0) -> Client:
    (row,) = (trip.considered.wish == wish).nonzero()[0].tolist()
    return trip.problem.clients[trip.clients.index(row)]


def test_a_fixed_appointment_starts_on_the_minute_and_takes_until_its_end(state: AppState) -> None:
    client = client_of(prepared_trip(state, appointments=[fixed()]))
    # 10:00 at +01:00 is 9:00 UTC.
    assert client.time_windows == (TimeWindow(9 * HOUR, 9 * HOUR),)
    assert client.service_duration_s == 1.5 * HOUR
    assert client.required
    assert client.precedence == 3


def test_a_fixed_appointment_is_kept_outside_of_opening_hours(state: AppState) -> None:
    """Account 6 opens on Sundays only."""
    client = client_of(prepared_trip(state, appointments=[fixed(account_id="6")]))
    assert client.time_windows == (TimeWindow(9 * HOUR, 9 * HOUR),)


def test_an_appointment_within_the_day_keeps_opening_hours_of_its_date(state: AppState) -> None:
    """Office hours are 8:00 to 17:00; an hour and a half ends by 17:00, which is 16:00 UTC."""
    trip = prepared_trip(state, 3, appointments=[fixed(flexibility="within_day")])
    client = client_of(trip)
    assert client.time_windows == (TimeWindow(7 * HOUR, int(14.5 * HOUR)),)
    assert client.precedence == 2


def test_an_appointment_within_the_week_may_be_on_any_day(state: AppState) -> None:
    trip = prepared_trip(state, 3, appointments=[{"account_id": "8", "flexibility": "within_week"}])
    client = client_of(trip)
    # The account's own service of 40 minutes.
    assert client.service_duration_s == 2400
    assert [w.early_s for w in client.time_windows] == [7 * HOUR, 31 * HOUR, 55 * HOUR]
    assert client.precedence == 1


def test_required_visits_come_after_appointments(state: AppState) -> None:
    trip = prepared_trip(
        state, visits=[{"account_id": "2", "required": True}], appointments=[fixed()]
    )
    assert [client_of(trip, wish).precedence for wish in (0, 1)] == [0, 3]


def test_the_stop_of_an_appointment_says_what_it_is(state: AppState) -> None:
    one = fixed(appointment_id="ap1", name="Annual review", prize=250, setup_duration_s=300)
    trip = prepared_trip(state, appointments=[one])
    body = body_of(trip, plan_of(trip, [0]))
    check_times(body)
    _, stop, _ = body["days"][0]["stops"]
    assert stop["type"] == "appointment"
    assert (stop["appointment_id"], stop["account_id"]) == ("ap1", "8")
    assert "visit_id" not in stop
    assert stop["name"] == "Annual review"
    assert stop["service_start"] == AT_TEN["start"]
    assert stop["departure"] == AT_TEN["end"]
    assert stop["setup_s"] == 300
    assert body["totals"]["visits"] == body["totals"]["required_visits"] == 1
    assert body["totals"]["prize"] == 250


def test_an_appointment_may_be_anywhere(state: AppState) -> None:
    one = {**fixed(), "location": {"place": "Nordstadt"}}
    del one["account_id"]
    trip = prepared_trip(state, visits=[], appointments=[one])
    assert trip.considered.name == ("Nordstadt, Hesse",)
    assert client_of(trip).prize_cents == 0


def test_appointments_do_not_change_who_else_is_considered(state: AppState) -> None:
    alone = prepared_trip(state)
    with_one = prepared_trip(state, appointments=[fixed()])
    assert len(alone.considered) == len(with_one.considered) == 30
    only = prepared_trip(state, visits=[{"account_id": "2"}], appointments=[fixed()])
    assert len(only.considered) == 2


def test_times_of_an_appointment_follow_the_place_across_a_time_zone(
    state: AppState,
) -> None:
    """An appointment late on Monday UTC is on the date that it has at the account."""
    one = fixed(
        flexibility="within_day",
        start="2026-11-23T23:30:00+00:00",
        end="2026-11-24T00:30:00+00:00",
    )
    # Half past midnight on Tuesday in Berlin.
    client = client_of(prepared_trip(state, 2, appointments=[one]))
    assert client.time_windows == (TimeWindow((24 + 7) * HOUR, (24 + 15) * HOUR),)


def test_an_appointment_outside_of_the_days_is_left_out_and_the_rest_planned(
    state: AppState, client: FlaskClient
) -> None:
    one = fixed(start="2026-12-24T10:00:00+01:00", end="2026-12-24T11:00:00+01:00")
    response = client.post(URL, json=trip_request(1, appointments=[{**one, "appointment_id": "x"}]))
    assert response.status_code == 201
    body = response.get_json()
    assert body["status"] == "infeasible"
    assert body["totals"]["visits"] > 0
    entry = body["unassigned"][0]
    assert (entry["appointment_id"], entry["account_id"]) == ("x", "8")
    assert entry["required"] is True
    (reason,) = entry["reasons"]
    assert reason["code"] == "CLOSED_DURING_TRIP"
    assert "within the days of this trip" in reason["detail"]
    told = [(w["code"], w["pointer"]) for w in body["warnings"]]
    assert told == [("APPOINTMENT_OUTSIDE_DAYS", "/appointments/0")]


def test_a_kept_appointment_says_so(client: FlaskClient) -> None:
    body = client.post(URL, json=trip_request(1, appointments=[fixed()])).get_json()
    assert body["status"] == "complete"
    stops = [s for day in body["days"] for s in day["stops"] if s["type"] == "appointment"]
    (stop,) = stops
    assert stop["why"]["rule"] == "appointment"
    assert stop["service_start"] == AT_TEN["start"]
    check_times(body)


def test_two_appointments_at_once_are_told_and_not_refused(state: AppState) -> None:
    later = fixed(
        account_id="2", start="2026-11-23T11:00:00+01:00", end="2026-11-23T12:00:00+01:00"
    )
    after = fixed(
        account_id="4", start="2026-11-23T12:00:00+01:00", end="2026-11-23T12:30:00+01:00"
    )
    told = prepared(state, trip_request(1, appointments=[later, fixed(), after])).warnings
    assert [(w.code, w.pointer) for w in told] == [("APPOINTMENTS_OVERLAP", "/appointments/0")]
    assert "/appointments/1" in told[0].detail


@pytest.mark.parametrize(
    ("earliest", "latest", "is_told"),
    [
        ("10:00", "11:00", True),
        # The break may be over when the appointment begins, or begin when it ends.
        ("09:30", "11:00", False),
        ("10:00", "11:30", False),
        ("09:31", "11:29", True),
    ],
)
def test_a_break_that_only_fits_into_an_appointment_is_told(
    state: AppState, earliest: str, latest: str, is_told: bool
) -> None:
    request = trip_request(1, appointments=[fixed()])
    request["days"][0]["breaks"] = [
        {"duration_s": 1800, "earliest_start": earliest, "latest_start": latest}
    ]
    told = [(w.code, w.pointer) for w in prepared(state, request).warnings]
    assert told == ([("BREAK_AGAINST_APPOINTMENT", "/appointments/0")] if is_told else [])


@pytest.mark.parametrize(
    ("one", "pointer", "code"),
    [
        ({"flexibility": "fixed", **AT_TEN}, "/appointments/0", "LOCATION_MISSING"),
        ({"account_id": "8", **AT_TEN}, "/appointments/0/flexibility", "MISSING"),
        (fixed(flexibility="sometime"), "/appointments/0/flexibility", "UNKNOWN_VALUE"),
        (fixed(start=None), "/appointments/0/start", "MISSING"),
        (fixed(flexibility="within_day", start=None), "/appointments/0/start", "MISSING"),
        (fixed(flexibility="within_week", start=None), "/appointments/0/start", "MISSING"),
        (fixed(end=None), "/appointments/0/end", "MISSING"),
        (fixed(end="2026-11-23T09:00:00+01:00"), "/appointments/0/end", "END_BEFORE_START"),
        (fixed(end="2026-11-24T10:00:01+01:00"), "/appointments/0/end", "OUT_OF_RANGE"),
        (fixed(service_duration_s=60), "/appointments/0/service_duration_s", "CONTRADICTION"),
        (fixed(account_id="77"), "/appointments/0/account_id", "UNKNOWN_ACCOUNT"),
        (fixed(location={"place": "Nirgends"}), "/appointments/0/location/place", "UNKNOWN_PLACE"),
        (fixed(remote=True), "/appointments/0/remote", "UNKNOWN_KEY"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_contradicts_itself_is_refused(
    client: FlaskClient, one: dict[str, Any], pointer: str, code: str
) -> None:
    response = client.post(URL, json=trip_request(1, appointments=[one]))
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


def test_an_account_is_named_once_by_visits_and_appointments(client: FlaskClient) -> None:
    request = trip_request(1, visits=[{"account_id": "8"}], appointments=[fixed(), fixed()])
    body = assert_problem(client.post(URL, json=request), 422, "INVALID_REQUEST")
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [
        ("/appointments/0/account_id", "DUPLICATE_VISIT"),
        ("/appointments/1/account_id", "DUPLICATE_VISIT"),
    ]


def test_an_excluded_account_has_no_appointment(client: FlaskClient) -> None:
    request = trip_request(
        1, appointments=[fixed()], candidate_filter={"exclude_account_ids": ["8"]}
    )
    assert_problem(
        client.post(URL, json=request),
        422,
        "INVALID_REQUEST",
        "/appointments/0/account_id",
        "CONTRADICTION",
    )


def test_a_duration_may_be_given_instead_of_the_end(state: AppState) -> None:
    one = fixed(end=None, service_duration_s=1200)
    assert client_of(prepared_trip(state, appointments=[one])).service_duration_s == 1200


def test_an_appointment_that_ends_after_the_day_is_not_in_time(client: FlaskClient) -> None:
    """The day ends at 17:00, the appointment at 17:30."""
    one = fixed(start="2026-11-23T16:00:00+01:00", end="2026-11-23T17:30:00+01:00")
    body = client.post(URL, json=trip_request(1, visits=[], appointments=[one])).get_json()
    assert body["status"] == "infeasible"
    (entry,) = body["unassigned"]
    assert entry["reasons"][0]["code"] == "OUTSIDE_TIME_WINDOWS"
    assert "reached in time" in entry["reasons"][0]["detail"]


def test_prizes_are_those_of_the_day_of_the_visit(state: AppState) -> None:
    """
    Last visit on 14 September at an interval of 100 days: 70 days later, on Monday 23 November, it
    is just not due (factor 0), and on Wednesday 2/30 of it are.
    """
    visit = {
        "account_id": "8",
        "required": True,
        "last_visit_at": "2026-09-14T10:00:00+02:00",
        "visit_interval_days": 100,
    }
    trip = prepared_trip(state, 3, visits=[visit])
    value = int(trip.considered.visit_value_cents[0])
    prizes = client_of(trip).shift_prizes_cents
    assert prizes == pytest.approx([0, value / 30, value * 2 / 30], abs=1)
    assert client_of(trip).prize_cents == prizes[2]
    rows = [trip.problem.shifts[0].start_location] * 2
    wednesday = body_of(trip, plan_of(trip, [], [], [0], nights=rows))  # type: ignore[arg-type]
    assert wednesday["totals"]["prize"] == prizes[2] / 100


def test_a_prize_of_the_request_is_the_same_every_day(state: AppState) -> None:
    trip = prepared_trip(state, 3, visits=[{"account_id": "8", "prize": 90}])
    assert client_of(trip).shift_prizes_cents == ()
    assert client_of(trip).prize_cents == 9000


def test_an_account_that_becomes_due_during_the_trip_is_a_candidate(state: AppState) -> None:
    """Not due on Monday is no reason to leave it out of the week."""
    visit = {
        "account_id": "8",
        "last_visit_at": "2026-09-14T10:00:00+02:00",
        "visit_interval_days": 100,
    }
    considered = prepared_trip(state, 3, visits=[visit]).considered
    assert considered.due_factor[0].tolist() == pytest.approx([0, 1 / 30, 2 / 30])
    assert considered.is_due.tolist() == [True]
    assert not prepared_trip(state, 1, visits=[visit]).considered.is_due.any()


def test_a_fixed_appointment_is_kept_before_a_required_visit(client: FlaskClient) -> None:
    """Both can only start at ten."""
    ten = [{"start": AT_TEN["start"], "end": AT_TEN["start"]}]
    request = trip_request(
        1,
        visits=[{"account_id": "2", "required": True, "time_windows": ten, "prize": 900}],
        appointments=[fixed(prize=0)],
    )
    body = client.post(URL, json=request).get_json()
    assert body["status"] == "infeasible"
    assert [s["account_id"] for s in body["days"][0]["stops"] if "account_id" in s] == ["8"]
    (entry,) = body["unassigned"]
    reason = entry["reasons"][0]
    assert (entry["account_id"], reason["code"]) == ("2", "CONFLICTS_WITH_APPOINTMENT")
    assert reason["detail"].endswith("without the appointment with Firma 8.")
    assert reason["fix"] == "Move or drop the appointment with Firma 8."


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_appointments_at_once_the_fixed_one_is_kept(client: FlaskClient, first: int) -> None:
    """The other one may move within the day, but takes all of it."""
    long = {
        "account_id": "2",
        "appointment_id": "long",
        "flexibility": "within_day",
        "start": "2026-11-23T08:30:00+01:00",
        "service_duration_s": 7 * HOUR,
    }
    both = [fixed(appointment_id="short"), long]
    request = trip_request(1, visits=[], appointments=[both[first], both[1 - first]])
    body = client.post(URL, json=request).get_json()
    assert body["status"] == "infeasible"
    assert [s.get("appointment_id") for s in body["days"][0]["stops"][1:-1]] == ["short"]
    (entry,) = body["unassigned"]
    assert entry["appointment_id"] == "long"
    assert entry["reasons"][0]["blocking_ids"] == ["short"]


def test_a_break_against_an_appointment_leaves_the_rest_planned(client: FlaskClient) -> None:
    """Lunch could only start at 10:30, within the appointment from 10:00 to 11:30."""
    request = trip_request(1, appointments=[fixed(appointment_id="x")])
    request["days"][0]["breaks"] = [
        {"duration_s": 1800, "earliest_start": "10:30", "latest_start": "10:30"}
    ]
    body = client.post(URL, json=request).get_json()
    check_times(body)
    assert body["status"] == "infeasible"
    assert body["totals"]["visits"] > 0
    entry = body["unassigned"][0]
    assert entry["appointment_id"] == "x"
    assert [w["code"] for w in body["warnings"]] == ["BREAK_AGAINST_APPOINTMENT"]
    assert "break" in entry["reasons"][0]["fix"]
