"""Where days start and end, where nights may be spent, and what forbids them."""

from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from api.services.errors import ImpossibleTripError, RefusedRequestError
from api.services.trip import Trip
from api.state import AppState
from routing.problem import UNREACHABLE
from tests.api.problems import assert_problem
from tests.api.small_world import trip_request
from tests.api.trips import body_of, check_times, plan_of, prepared, prepared_trip

URL = "/api/v1/routes"
HOME = [9.1, 51.1]


def with_days(days: int, *of_day: dict[str, Any], **changes: Any) -> dict[str, Any]:
    request = trip_request(days, **changes)
    for day, more in zip(request["days"], of_day, strict=False):
        day |= more
    return request


def ends_of(trip: Trip) -> list[tuple[str | None, str | None]]:
    """Names of where each day starts and ends; None where that is chosen."""
    return [
        (
            None if shift.start_location is None else trip.place_names[shift.start_location],
            None if shift.end_location is None else trip.place_names[shift.end_location],
        )
        for shift in trip.problem.shifts
    ]


def nights_of(trip: Trip) -> dict[str | None, tuple[int, bool]]:
    """Cost in cents, and whether it is home, by name of the place."""
    return {
        trip.place_names[place.location_index]: (place.cost_cents, place.is_home)
        for place in trip.problem.overnight_places
    }


NORTH = {"place": "Nordstadt"}
SOUTH = {"place": "Suedend"}


def test_a_day_starts_where_the_one_before_is_said_to_end(state: AppState) -> None:
    trip = prepared(state, with_days(3, {"end_place": NORTH}, visits=[])).trip
    assert ends_of(trip) == [
        ("Anfang, Hesse", "Nordstadt, Hesse"),
        ("Nordstadt, Hesse", None),
        (None, "Ostburg, Hesse"),
    ]


def test_a_day_ends_where_the_next_one_is_said_to_start(state: AppState) -> None:
    trip = prepared(state, with_days(2, {}, {"start_place": NORTH}, visits=[])).trip
    assert ends_of(trip) == [
        ("Anfang, Hesse", "Nordstadt, Hesse"),
        ("Nordstadt, Hesse", "Ostburg, Hesse"),
    ]


def test_a_day_may_start_elsewhere_than_the_one_before_ended(state: AppState) -> None:
    request = with_days(2, {"end_place": NORTH}, {"start_place": SOUTH}, visits=[])
    trip = prepared(state, request).trip
    assert ends_of(trip) == [
        ("Anfang, Hesse", "Nordstadt, Hesse"),
        ("Suedend, Hesse", "Ostburg, Hesse"),
    ]
    body = body_of(trip, plan_of(trip))
    check_times(body)
    assert body["days"][0]["stops"][-1]["location"] == [9.0, 51.4]
    assert body["days"][1]["stops"][0]["location"] == [9.4, 51.0]


def test_places_of_the_first_and_last_day_go_before_those_of_the_trip(state: AppState) -> None:
    request = with_days(1, {"start_place": NORTH, "end_place": SOUTH}, visits=[])
    trip = prepared(state, request).trip
    assert ends_of(trip) == [("Nordstadt, Hesse", "Suedend, Hesse")]
    body = body_of(trip, plan_of(trip))
    assert (body["start"]["name"], body["end"]["name"]) == ("Nordstadt, Hesse", "Suedend, Hesse")


def test_detours_are_counted_from_the_way_through_all_given_places(state: AppState) -> None:
    """Anfang - Nordstadt - Ostburg is as long as the two ways."""
    through = prepared(state, with_days(2, {"end_place": NORTH}, visits=[]))
    ways = [
        prepared(state, trip_request(1, start={"place": a}, end={"place": b}, visits=[]))
        for a, b in (("Anfang", "Nordstadt"), ("Nordstadt", "Ostburg"))
    ]
    assert through.sweep.direct_s == sum(way.sweep.direct_s for way in ways)
    body = body_of(through.trip, plan_of(through.trip))
    assert body["totals"]["detour_s"] == 0


def test_an_account_near_a_given_place_is_no_detour(state: AppState) -> None:
    """Account 25 lies at 9.0, 51.36, near Nordstadt, far from the way along the south."""
    limits = {"max_detour_per_visit_s": 900}
    visits = [{"location": {"place": "Nordstadt"}, "prize": 100, "time_windows": []}]
    south = {"start": {"place": "Anfang"}, "end": {"place": "Suedend"}}
    without = prepared(state, with_days(2, visits=visits, limits=limits, **south))
    detour_s = int(without.sweep.detour_s[0])
    assert detour_s > 3600
    through = prepared(state, with_days(2, {"end_place": NORTH}, visits=visits, **south))
    assert int(through.sweep.detour_s[0]) < 300


def test_a_night_at_a_given_place_is_told_and_costs_nothing_more(state: AppState) -> None:
    trip = prepared(state, with_days(2, {"end_place": NORTH}, visits=[])).trip
    solution = plan_of(trip)
    body = body_of(trip, solution)
    assert body["days"][0]["stops"][-1]["type"] == "overnight"
    assert body["totals"]["nights"] == 1
    assert solution.overnight_cents == 0


def test_home_of_the_rep_is_a_free_place_for_nights(state: AppState) -> None:
    trip = prepared_trip(state, 2, rep_id="1", visits=[])
    nights = nights_of(trip)
    assert nights["Home in Anfang"] == (0, True)
    assert nights["Anfang, Hesse"] == (11_000, False)
    assert nights["Ostburg, Hesse"] == (11_000, False)
    home = next(p.location_index for p in trip.problem.overnight_places if p.is_home)
    body = body_of(trip, plan_of(trip, nights=[home]))
    assert body["days"][0]["stops"][-1]["location"] == HOME
    assert body["totals"]["nights"] == 0


def test_home_may_be_ruled_out(state: AppState) -> None:
    trip = prepared_trip(state, 2, rep_id="1", visits=[], overnight={"home_allowed": False})
    assert "Home in Anfang" not in nights_of(trip)
    assert nights_of(trip)["Anfang, Hesse"] == (11_000, False)


def test_the_start_of_a_round_trip_is_home(state: AppState) -> None:
    trip = prepared_trip(state, 2, end={"place": "Anfang"}, visits=[])
    assert nights_of(trip)["Anfang, Hesse"] == (0, True)


def test_without_nights_away_every_day_ends_and_starts_at_home(state: AppState) -> None:
    trip = prepared_trip(state, 3, rep_id="1", visits=[], overnight={"allowed": False})
    assert ends_of(trip) == [
        ("Anfang, Hesse", "Home in Anfang"),
        ("Home in Anfang", "Home in Anfang"),
        ("Home in Anfang", "Ostburg, Hesse"),
    ]
    assert trip.problem.overnight_places == ()


def test_without_nights_away_given_places_stay(state: AppState) -> None:
    request = with_days(
        3, {"end_place": NORTH}, rep_id="1", visits=[], overnight={"allowed": False}
    )
    assert ends_of(prepared(state, request).trip)[:2] == [
        ("Anfang, Hesse", "Nordstadt, Hesse"),
        ("Nordstadt, Hesse", "Home in Anfang"),
    ]


def test_without_home_nights_are_at_the_ends_of_the_trip(state: AppState) -> None:
    trip = prepared_trip(state, 2, visits=[], overnight={"allowed": False})
    assert nights_of(trip) == {
        "Anfang, Hesse": (11_000, False),
        "Ostburg, Hesse": (11_000, False),
    }


def test_a_preferred_place_may_have_a_price_of_its_own(state: AppState) -> None:
    inns = [
        {"position": [9.2, 51.2], "name": "The inn", "cost_per_night": 65.5},
        {"position": [9.3, 51.3], "name": "The mill"},
        {"place": "Ostburg", "cost_per_night": 80},
    ]
    overnight = {"preferred_places": inns, "cost_per_night": 90}
    nights = nights_of(prepared_trip(state, 2, visits=[], overnight=overnight))
    assert nights["The inn"] == (6550, False)
    assert nights["The mill"] == (9000, False)
    assert nights["Ostburg, Hesse"] == (8000, False)


def test_no_night_costs_anything_where_only_prizes_count(state: AppState) -> None:
    inn = {"position": [9.2, 51.2], "name": "The inn", "cost_per_night": 65.5}
    trip = prepared_trip(
        state,
        2,
        visits=[],
        overnight={"preferred_places": [inn]},
        options={"objective": "prize"},
    )
    assert {cost for cost, _ in nights_of(trip).values()} == {0}


def test_limits_on_nights_reach_the_problem(state: AppState) -> None:
    overnight = {"max_nights": 2, "max_nights_in_a_row": 1}
    problem = prepared_trip(state, 3, visits=[], overnight=overnight).problem
    assert (problem.max_nights, problem.max_nights_in_a_row) == (2, 1)


def hotel_trip(state: AppState, min_drive_home_s: int) -> Trip:
    """From home and back with a stop near home, one far from it, and a hotel beside that one."""
    return prepared_trip(
        state,
        2,
        rep_id="1",
        start={"place": "home"},
        end={"place": "home"},
        visits=[
            {"location": {"position": [9.1, 51.12]}, "time_windows": [], "prize": 900},
            {"location": {"position": [9.4, 51.4]}, "time_windows": [], "prize": 900},
        ],
        overnight={
            "preferred_places": [{"position": [9.4, 51.3], "name": "The inn"}],
            "min_drive_home_s": min_drive_home_s,
        },
    )


def test_a_night_away_follows_only_a_stop_that_is_far_from_home(state: AppState) -> None:
    trip = hotel_trip(state, 1800)
    problem = trip.problem
    inn = next(p.location_index for p in problem.overnight_places if not p.is_home)
    near, far = (client.location_index for client in problem.clients)
    home = problem.shifts[0].start_location
    assert home is not None
    assert problem.duration_s[near, home] < 1800 < problem.duration_s[far, home]
    assert problem.duration_s[near, inn] == UNREACHABLE
    assert problem.duration_s[far, inn] < UNREACHABLE
    # All other ways stay, that from home to the inn too.
    is_closed = problem.duration_s >= UNREACHABLE
    assert np.argwhere(is_closed).tolist() == [[near, inn]]
    body = body_of(trip, plan_of(trip, [0, 1], [], nights=[inn]))
    assert body["totals"]["nights"] == 1


def test_a_given_place_near_home_is_no_place_for_a_night_away(state: AppState) -> None:
    """Anfang and Ostburg are the ends; home lies at 9.1, 51.1, near Anfang only."""
    overnight = {"min_drive_home_s": 3000}
    trip = prepared_trip(state, 2, rep_id="1", visits=[], overnight=overnight)
    assert "Anfang, Hesse" not in nights_of(trip)
    assert "Ostburg, Hesse" in nights_of(trip)


def test_a_rule_about_home_without_a_home_is_told(state: AppState) -> None:
    request = trip_request(2, visits=[], overnight={"min_drive_home_s": 3600})
    told = [(w.code, w.pointer) for w in prepared(state, request).warnings]
    assert ("NO_HOME", "/overnight/min_drive_home_s") in told
    trip = prepared(state, request).trip
    assert (trip.problem.duration_s < UNREACHABLE).all()


def short_days(**overnight: Any) -> dict[str, Any]:
    """Two days of an hour; the way from Anfang to Ostburg takes 82 minutes."""
    request = trip_request(2, visits=[], overnight=overnight)
    for day in request["days"]:
        day["end"] = day["start"].replace("T08", "T09")
    return request


def test_a_night_that_no_limit_allows_is_named(client: FlaskClient) -> None:
    inn = {"position": [9.2, 51.2]}
    request = short_days(preferred_places=[inn], max_nights=0)
    body = assert_problem(
        client.post(URL, json=request), 422, "NO_DIRECT_TRIP", "/overnight", "NO_NIGHT_PLACE"
    )
    assert "at most 0 in all" in body["detail"]
    in_a_row = short_days(preferred_places=[inn], max_nights=0, max_nights_in_a_row=0)
    body = assert_problem(client.post(URL, json=in_a_row), 422, "NO_DIRECT_TRIP")
    assert "at most 0 in all and at most 0 in a row" in body["detail"]


def test_a_trip_that_is_too_long_with_any_nights_says_that(client: FlaskClient) -> None:
    body = assert_problem(
        client.post(URL, json=short_days(allowed=False, max_nights=0)),
        422,
        "NO_DIRECT_TRIP",
        "/days",
        "NO_DIRECT_TRIP",
    )
    assert "does not fit" in body["detail"]


def test_a_limit_on_driving_a_day_that_the_trip_itself_breaks_is_named(
    client: FlaskClient,
) -> None:
    request = trip_request(1, limits={"max_drive_s_per_day": 3600, "max_distance_m_per_day": 5000})
    body = assert_problem(client.post(URL, json=request), 422, "NO_DIRECT_TRIP", "/days")
    assert "driving is limited to 1 h 00 a day" in body["detail"]
    assert "the way is limited to 5 km a day" in body["detail"]


def test_neither_away_nor_at_home_leaves_no_night(state: AppState) -> None:
    overnight = {"allowed": False, "home_allowed": False}
    with pytest.raises(RefusedRequestError) as refused:
        prepared_trip(state, 2, rep_id="1", visits=[], overnight=overnight)
    assert [f.code for f in refused.value.faults] == ["NO_NIGHT_PLACE"]


def test_a_round_trip_whose_home_is_ruled_out_has_no_night_without_towns(state: AppState) -> None:
    """In this small world every town is too near for a night."""
    with pytest.raises(ImpossibleTripError) as refused:
        prepared_trip(
            state,
            2,
            end={"place": "Anfang"},
            visits=[],
            overnight={"home_allowed": False},
            limits={"max_detour_per_visit_s": 0},
        )
    assert [f.code for f in refused.value.faults] == ["NO_NIGHT_PLACE"]


def test_an_unknown_place_of_a_day_is_pointed_to(client: FlaskClient) -> None:
    request = with_days(2, {"end_place": {"place": "Nirgends"}}, {"start_place": {"place": "home"}})
    body = assert_problem(client.post(URL, json=request), 422, "INVALID_REQUEST")
    assert {(e["pointer"], e["code"]) for e in body["errors"]} == {
        ("/days/0/end_place/place", "UNKNOWN_PLACE"),
        ("/days/1/start_place/place", "UNKNOWN_PLACE"),
    }


def test_a_place_of_a_day_that_no_road_reaches_is_pointed_to(client: FlaskClient) -> None:
    request = with_days(2, {"end_place": {"place": "Insel"}})
    assert_problem(
        client.post(URL, json=request),
        422,
        "NO_DIRECT_TRIP",
        "/days/0/end_place",
        "UNREACHABLE_BY_ROAD",
    )


def test_a_trip_through_given_places_is_planned(client: FlaskClient) -> None:
    request = with_days(2, {"end_place": NORTH}, {"start_place": SOUTH})
    response = client.post(URL, json=request)
    assert response.status_code == 201
    body = response.get_json()
    check_times(body)
    assert body["totals"]["visits"] > 0
    assert body["totals"]["net_value"] > 0
