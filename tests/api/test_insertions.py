"""Where another visit would fit into a stored route."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.problems import assert_problem
from tests.api.small_world import trip_request
from tests.api.test_replan import PLACES, after, planned, replanned, visits_of

URL = "/api/v1/routes"
Body = dict[str, Any]


def tried(client: FlaskClient, route: Body, **visit: Any) -> Body:
    response = client.post(f"{route['links']['self']}/insertions", json=visit)
    assert response.status_code == 200, response.get_data(as_text=True)
    body: Body = response.get_json()
    return body


def new(place: str = "c", **changes: Any) -> Body:
    return {
        "visit_id": "x",
        "location": {"position": PLACES[place]},
        "prize": 300,
        "time_windows": [],
        **changes,
    }


def test_slots_come_best_first_and_nothing_is_stored(client: FlaskClient) -> None:
    route = planned(client)
    found = tried(client, route, **new())
    gains = [slot["net_change"] for slot in found["slots"]]
    assert gains == sorted(gains, reverse=True)
    assert "reason" not in found
    best = found["slots"][0]
    # At the place of c nothing is driven; half an hour of service costs EUR 22.50.
    assert best["added_travel_s"] == 0
    assert (best["added_cost"], best["net_change"]) == (22.5, 277.5)
    assert "c" in (best["after"].get("visit_id"), best["before"].get("visit_id"))
    assert best["displaced"] == []
    assert found["warnings"] == []
    assert client.get(route["links"]["self"]).get_json() == route


def test_a_slot_is_what_a_replan_would_make(client: FlaskClient) -> None:
    """A visit that must be made, in the best slot: the plan becomes worth just that much more."""
    route = planned(client)
    best = tried(client, route, **new("b"))["slots"][0]
    again = replanned(client, route, "2026-11-22T12:00:00+01:00", visits=[new("b", required=True)])
    gain = again["totals"]["net_value"] - route["totals"]["net_value"]
    assert gain == pytest.approx(best["net_change"], abs=0.02)


def test_one_slot_for_every_gap_says_who_starts_later(client: FlaskClient) -> None:
    route = planned(client)
    free = [slot for slot in tried(client, route, **new())["slots"] if not slot["displaced"]]
    names = list(visits_of(route))
    assert len(free) == len(names) + 1
    ends = [(slot["after"]["type"], slot["before"]["type"]) for slot in free]
    assert ("start", "visit") in ends
    assert ("visit", "end") in ends
    for slot in free:
        later = [one["later_s"] for one in slot["moved"]]
        assert slot["latest_shift_s"] == max([0, *later])


def test_a_full_day_says_what_would_have_to_go_or_be_longer(client: FlaskClient) -> None:
    """It takes ten minutes more than the nine hours of the day have left."""
    route = planned(client)
    totals = route["totals"]
    length_s = 9 * 3600 - totals["travel_s"] - totals["service_s"] + 600
    found = tried(client, route, **new("d", service_duration_s=length_s, prize=5000))
    assert found["slots"]
    assert all(slot["displaced"] for slot in found["slots"])
    assert found["reason"]["code"] == "NO_TIME_LEFT"
    (fix,) = found["if_longer"]
    assert fix["kind"] in ("start_earlier", "end_later")
    assert fix["amount_s"] == 600
    none = tried(client, route, **new("d", service_duration_s=length_s, displacing=0))
    assert none["slots"] == []


def test_an_account_is_tried_with_its_own_facts(client: FlaskClient) -> None:
    route = planned(client)
    found = tried(client, route, account_id="13")
    assert found["service_duration_s"] == 1800
    assert found["slots"]


def test_what_no_trip_can_visit_has_a_reason_and_no_slot(client: FlaskClient) -> None:
    """Account 6 is open on Sundays only; account 30 lies on an island."""
    route = planned(client)
    closed = tried(client, route, account_id="6")
    assert (closed["slots"], closed["reason"]["code"]) == ([], "CLOSED_DURING_TRIP")
    island = tried(client, route, account_id="30")
    assert island["reason"]["code"] == "UNREACHABLE_BY_ROAD"


def test_what_is_over_has_no_slots_any_more(client: FlaskClient) -> None:
    route = planned(client)
    names = list(visits_of(route))
    third = visits_of(route)[names[2]]
    again = replanned(client, route, after(third))
    slots = tried(client, again, **new(displacing=0))["slots"]
    assert len(slots) == 3
    assert {slot["after"].get("visit_id") for slot in slots} == {names[2], names[3], names[4]}
    said = tried(client, planned(client), **new(displacing=0), now=after(third))["slots"]
    assert len(said) == 3


def test_a_wish_that_is_not_planned_may_be_tried_otherwise(client: FlaskClient) -> None:
    request = trip_request(1, visits=[{"account_id": "8", "prize": 0}, {"account_id": "13"}])
    route = client.post(URL, json=request).get_json()
    assert "8" not in visits_of(route)
    found = tried(client, route, account_id="8", prize=100)
    assert found["prize"] == 100
    assert found["slots"]


@pytest.mark.parametrize(
    ("visit", "pointer", "code"),
    [
        ({}, "/account_id", "LOCATION_MISSING"),
        ({"account_id": "999"}, "/account_id", "UNKNOWN_ACCOUNT"),
        ({"visit_id": "a", "account_id": "13"}, "/visit_id", "ALREADY_PLANNED"),
        ({"location": {"place": "Nirgends"}}, "/location/place", "UNKNOWN_PLACE"),
        ({"account_id": "8", "late_s": 1}, "/late_s", "UNKNOWN_KEY"),
    ],
)
def test_what_cannot_be_tried_is_refused(
    client: FlaskClient, visit: Body, pointer: str, code: str
) -> None:
    route = planned(client)
    response = client.post(f"{route['links']['self']}/insertions", json=visit)
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


def test_an_unknown_route_has_no_slots(client: FlaskClient) -> None:
    response = client.post(f"{URL}/r-0/insertions", json={"account_id": "8"})
    assert_problem(response, 404, "NOT_FOUND")
