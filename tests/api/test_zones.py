"""A trip across a time zone: the hours of each place, one time in the answer."""

from collections.abc import Iterator

import pytest

from api.state import AppState
from data.tables import Account
from routing.problem import TimeWindow
from tests.api.small_world import trip_request
from tests.api.trips import body_of, check_times, plan_of, prepared

HOUR = 3600


@pytest.fixture(scope="module")
def london(own_state: AppState) -> Iterator[AppState]:
    """Account 8 lies an hour behind the data set."""
    with own_state.database.session() as session:
        account = session.get(Account, 8)
        assert account is not None
        account.timezone = "Europe/London"
    return own_state


def test_opening_hours_are_those_of_the_clock_at_the_account(london: AppState) -> None:
    """
    Both are open from 8:00 to 17:00, and a visit takes 40 minutes at one, 30 at the other.

    Monday 23 November: 8:00 to 16:20 in London is as much UTC, 8:00 to 16:30 in Berlin 7:00 to
    15:30.
    """
    visits = [{"account_id": "8"}, {"account_id": "7"}]
    considered = prepared(london, trip_request(1, visits=visits)).trip.considered
    assert considered.windows(1) == (TimeWindow(8 * HOUR, 16 * HOUR + 1200),)
    assert considered.windows(0) == (TimeWindow(7 * HOUR, 15 * HOUR + 1800),)


def test_weekly_windows_of_a_request_are_local_to_the_account(london: AppState) -> None:
    weekly = [{"weekdays": [1], "opens": "10:00", "closes": "11:00"}]
    visits = [
        {"account_id": "8", "time_windows": weekly},
        {"location": {"place": "Nordstadt"}, "time_windows": weekly, "prize": 10},
    ]
    considered = prepared(london, trip_request(1, visits=visits)).trip.considered
    assert considered.windows(0) == (TimeWindow(10 * HOUR, 11 * HOUR),)
    assert considered.windows(1) == (TimeWindow(9 * HOUR, 10 * HOUR),)


def test_a_stop_in_another_zone_names_it_and_keeps_the_time_of_the_route(london: AppState) -> None:
    visits = [
        {"account_id": "8", "required": True, "time_windows": []},
        {"account_id": "7", "required": True, "time_windows": []},
    ]
    trip = prepared(london, trip_request(1, visits=visits)).trip
    body = body_of(trip, plan_of(trip, [0, 1]))
    check_times(body)
    _, there, here, _ = body["days"][0]["stops"]
    assert (there["account_id"], there["timezone"]) == ("8", "Europe/London")
    assert there["arrival"].endswith("+01:00")
    assert "timezone" not in here
    assert body["timezone"] == "Europe/Berlin"


def test_the_date_of_an_appointment_is_that_at_the_account(london: AppState) -> None:
    """23:30 UTC on Monday is still Monday in London, and Tuesday in Berlin."""
    one = {
        "account_id": "8",
        "flexibility": "within_day",
        "start": "2026-11-24T00:30:00+01:00",
        "service_duration_s": 3600,
    }
    request = trip_request(2, visits=[], appointments=[one])
    considered = prepared(london, request).trip.considered
    assert considered.windows(0) == (TimeWindow(8 * HOUR, 16 * HOUR),)
