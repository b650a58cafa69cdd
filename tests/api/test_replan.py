"""A route planned anew while it is driven."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.errors import describe
from api.jobs import work
from api.jobs.runner import JobRunner
from api.schemas.replan import ReplanRequest
from api.services import replan_route
from api.services.errors import FailedJobError
from api.services.progress import Silence
from api.state import AppState
from data import job_store
from data.errors import OutdatedRevisionError
from tests.api.problems import assert_problem
from tests.api.small_world import trip_request
from tests.api.trips import check_times

URL = "/api/v1/routes"
Body = dict[str, Any]
VISITS = ("visit", "appointment")
NOON = "2026-11-23T12:00:00+01:00"

# Visits without accounts, so that a test says itself what they are worth and when they may be.
PLACES = {"a": [9.1, 51.0], "b": [9.2, 51.0], "c": [9.3, 51.0], "d": [9.4, 51.1], "e": [9.4, 51.2]}


def own_visits(**changes: Body) -> list[Body]:
    """Five on the way from Anfang east along the south and north to Ostburg, half an hour each."""
    return [
        {
            "visit_id": name,
            "location": {"position": place},
            "prize": 200,
            "time_windows": [],
            **changes.get(name, {}),
        }
        for name, place in PLACES.items()
    ]


def planned(client: FlaskClient, days: int = 1, **changes: Any) -> Body:
    request = trip_request(days, **({"visits": own_visits()} | changes))
    response = client.post(URL, json=request)
    assert response.status_code == 201, response.get_data(as_text=True)
    body: Body = response.get_json()
    return body


def replanned(client: FlaskClient, route: Body, now: str, **changes: Any) -> Body:
    response = client.post(f"{route['links']['self']}/replans", json={"now": now, **changes})
    assert response.status_code == 201, response.get_data(as_text=True)
    body: Body = response.get_json()
    check_times(body)
    check_sums(body)
    assert client.get(response.headers["Location"]).get_json() == body
    return body


def check_sums(body: Body) -> None:
    visits = visits_of(body)
    left = len(body["unassigned"]) + sum(body["unassigned_counts"].values())
    assert len(visits) == body["totals"]["visits"]
    assert len(visits) + left == body["search"]["accounts_considered"]


def visits_of(body: Body) -> dict[str, Body]:
    """Visits by their own id or that of their account, in order of time."""
    return {
        stop.get("visit_id") or stop.get("appointment_id") or stop["account_id"]: stop
        for day in body["days"]
        for stop in day["stops"]
        if stop["type"] in VISITS
    }


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def within(stop: Body, share: float = 0.5) -> str:
    """A moment within a service."""
    start, end = at(stop["service_start"]), at(stop["departure"])
    return (start + share * (end - start)).replace(microsecond=0).isoformat()


def after(stop: Body, minutes: float = 0) -> str:
    return (at(stop["departure"]) + timedelta(minutes=minutes)).isoformat()


def starts(body: Body) -> dict[str, str]:
    return {name: stop["service_start"] for name, stop in visits_of(body).items()}


def test_nothing_new_changes_nothing(client: FlaskClient) -> None:
    route = planned(client)
    first = next(iter(visits_of(route).values()))
    again = replanned(client, route, after(first))
    assert again["revision"] == 2
    assert again["changes"] == {"moved": [], "dropped": [], "added": []}
    assert starts(again) == starts(route)
    assert again["totals"] == route["totals"]
    assert [stop.get("status") for stop in visits_of(again).values()] == ["done"] + [None] * 4


def test_old_revisions_stay_readable(client: FlaskClient) -> None:
    route = planned(client)
    link = route["links"]["self"]
    first = next(iter(visits_of(route).values()))
    again = replanned(client, route, after(first), cancelled=["d"])
    assert client.get(f"{link}?revision=1").get_json() == route
    assert client.get(link).get_json() == again
    assert_problem(client.get(f"{link}?revision=3"), 404, "NOT_FOUND")
    listed = client.get(f"{link}/revisions").get_json()["items"]
    assert [(one["revision"], one["cause"], one["is_accepted"]) for one in listed] == [
        (1, "plan", False),
        (2, "replan", False),
    ]
    assert at(listed[1]["now"]) == at(after(first))
    lines = client.get(f"{link}.geojson?revision=1").get_json()
    assert any(one["properties"].get("visit_id") == "d" for one in lines["features"])


def test_the_visit_that_is_going_on_stays_and_the_rest_follows_it(client: FlaskClient) -> None:
    route = planned(client)
    names = list(visits_of(route))
    second = visits_of(route)[names[1]]
    again = replanned(client, route, within(second))
    kept = visits_of(again)
    assert [kept[name].get("status") for name in names[:3]] == ["done", "in_progress", None]
    assert kept[names[1]]["why"]["rule"] == "frozen"
    assert starts(again) == starts(route)


def test_who_is_late_visits_the_rest_later(client: FlaskClient) -> None:
    route = planned(client)
    names = list(visits_of(route))
    now = within(visits_of(route)[names[1]])
    again = replanned(client, route, now, late_s=1200)
    old, new = visits_of(route), visits_of(again)
    assert new[names[0]]["status"] == "done"
    # What began late ends late: 20 minutes of the plan before now it had not begun yet.
    for name in names[2:]:
        later = at(new[name]["service_start"]) - at(old[name]["service_start"])
        assert later >= timedelta(minutes=19)
    moved = {one["visit_id"]: one for one in again["changes"]["moved"]}
    assert set(names[2:]) <= set(moved)
    for name in names[2:]:
        was, now = moved[name]["from"], moved[name]["to"]
        assert (was, now) == (old[name]["service_start"], new[name]["service_start"])


def test_a_cancelled_visit_is_gone_and_says_why(client: FlaskClient) -> None:
    route = planned(client)
    names = list(visits_of(route))
    again = replanned(client, route, after(visits_of(route)[names[0]]), cancelled=[names[2]])
    assert names[2] not in visits_of(again)
    (left,) = [one for one in again["unassigned"] if one["visit_id"] == names[2]]
    assert left["reasons"][0]["code"] == "CANCELLED"
    (dropped,) = again["changes"]["dropped"]
    assert (dropped["visit_id"], dropped["reason"]) == (names[2], "CANCELLED")
    # It stays so, without being said again.
    third = replanned(client, again, after(visits_of(again)[names[1]]))
    assert names[2] not in visits_of(third)


def test_an_urgent_visit_is_put_in(client: FlaskClient) -> None:
    route = planned(client)
    first = next(iter(visits_of(route).values()))
    urgent = {
        "visit_id": "x",
        "location": {"position": [9.3, 51.2]},
        "required": True,
        "time_windows": [],
    }
    again = replanned(client, route, after(first), visits=[urgent])
    assert "x" in visits_of(again)
    assert [one["visit_id"] for one in again["changes"]["added"]] == ["x"]
    assert again["status"] == "complete"
    # It is part of the route from now on.
    second = list(visits_of(again).values())[1]
    assert "x" in visits_of(replanned(client, again, after(second)))


def test_the_rest_begins_where_the_rep_is(client: FlaskClient) -> None:
    route = planned(client)
    first = next(iter(visits_of(route).values()))
    position = {"position": [9.0, 51.2]}
    again = replanned(client, route, after(first, 20), position=position)
    (stop,) = [stop for stop in again["days"][0]["stops"] if stop["type"] == "wait"]
    assert stop["location"] == [9.0, 51.2]
    assert at(stop["departure"]) == at(after(first, 20))


def test_between_two_stops_the_rep_is_on_the_road(client: FlaskClient) -> None:
    route = planned(client)
    stops = route["days"][0]["stops"]
    left, leg = stops[1], route["days"][0]["legs"][1]
    now = (at(left["departure"]) + timedelta(seconds=leg["travel_s"] // 2)).isoformat()
    again = replanned(client, route, now)
    (stop,) = [stop for stop in again["days"][0]["stops"] if stop["type"] == "wait"]
    assert stop["location"] not in (stops[1]["location"], stops[2]["location"])
    # Half the way on the road that is driven, so that the next stop is reached as planned.
    following = again["days"][0]["stops"][stop["seq"] + 1]
    assert abs(at(following["arrival"]) - at(stops[2]["arrival"])) < timedelta(minutes=10)


def test_what_is_frozen_keeps_its_order_and_time(client: FlaskClient) -> None:
    route = planned(client)
    names = list(visits_of(route))
    old = visits_of(route)
    again = replanned(
        client,
        route,
        after(old[names[0]]),
        freeze_before=old[names[3]]["service_start"],
        visits=[
            {
                "visit_id": "x",
                "location": {"position": PLACES["b"]},
                "required": True,
                "time_windows": [],
            }
        ],
    )
    new = visits_of(again)
    assert list(new)[:3] == names[:3]
    assert [new[name]["status"] for name in names[:3]] == ["done", "frozen", "frozen"]
    assert [new[name]["service_start"] for name in names[:3]] == [
        old[name]["service_start"] for name in names[:3]
    ]
    assert "x" in new


def test_a_whole_day_may_be_frozen(client: FlaskClient) -> None:
    route = planned(client, days=2, visits=own_visits(), end={"place": "Anfang"})
    first = next(iter(visits_of(route).values()))
    again = replanned(client, route, after(first), freeze_before=route["days"][1]["start"])
    assert again["days"][0]["stops"][-1]["location"] == route["days"][0]["stops"][-1]["location"]
    assert {k: v["service_start"] for k, v in visits_of(again).items() if "status" in v} == {
        stop["visit_id"]: stop["service_start"]
        for stop in route["days"][0]["stops"]
        if stop["type"] == "visit"
    }


def test_what_was_told_moves_only_for_more_than_its_price(client: FlaskClient) -> None:
    """Without a price the urgent visit comes first; with a high one the others keep their times."""
    route = planned(client)
    names = list(visits_of(route))
    first = visits_of(route)[names[0]]
    urgent = {
        "visit_id": "x",
        "location": {"position": PLACES["b"]},
        "prize": 80,
        "time_windows": [],
        "service_duration_s": 3600,
    }
    free = replanned(client, route, after(first), visits=[urgent], told="none")
    assert "x" in visits_of(free)
    before, after_it = visits_of(route), visits_of(free)
    shifts = [
        at(after_it[name]["service_start"]) - at(before[name]["service_start"])
        for name in names[1:]
        if name in after_it
    ]
    assert max(shifts) > timedelta(minutes=15)
    dear = planned(client)
    kept = replanned(client, dear, after(first), visits=[urgent], told="all", change_price=1000)
    for name in names[1:]:
        shift = at(visits_of(kept)[name]["service_start"]) - at(
            visits_of(dear)[name]["service_start"]
        )
        assert abs(shift) <= timedelta(minutes=15)


def test_done_says_what_was_made(client: FlaskClient) -> None:
    """The second one was not made, though the plan says so; it is still to be visited."""
    route = planned(client)
    names = list(visits_of(route))
    third = visits_of(route)[names[2]]
    again = replanned(
        client,
        route,
        after(third),
        done=[names[0], names[2]],
        position={"position": third["location"]},
    )
    new = visits_of(again)
    assert [name for name in new if new[name].get("status") == "done"] == [names[0], names[2]]
    assert list(new).index(names[1]) > 1 or names[1] not in new


def test_an_appointment_stays_one(client: FlaskClient) -> None:
    appointment = {
        "appointment_id": "m",
        "location": {"position": [9.4, 51.3]},
        "flexibility": "fixed",
        "start": "2026-11-23T14:00:00+01:00",
        "service_duration_s": 1800,
    }
    route = planned(client, appointments=[appointment])
    names = list(visits_of(route))
    again = replanned(client, route, after(visits_of(route)[names[0]]), late_s=600, told="none")
    assert visits_of(again)["m"]["service_start"] == "2026-11-23T14:00:00+01:00"
    assert again["status"] == "complete"


def test_who_is_too_late_to_be_home_in_time_gets_a_plan_all_the_same(client: FlaskClient) -> None:
    route = planned(client)
    now = "2026-11-23T16:55:00+01:00"
    again = replanned(client, route, now, position={"position": [9.0, 51.0]}, done=[])
    assert [one["code"] for one in again["warnings"]].count("DAY_EXTENDED") == 1
    assert at(again["days"][0]["stops"][-1]["arrival"]) > at("2026-11-23T17:00:00+01:00")
    assert at(again["days"][0]["end"]) >= at(again["days"][0]["stops"][-1]["arrival"])


def test_a_break_that_was_taken_is_not_taken_again(client: FlaskClient) -> None:
    request = trip_request(1, visits=own_visits())
    request["days"][0]["breaks"] = [
        {
            "break_id": "lunch",
            "duration_s": 1800,
            "earliest_start": "09:00",
            "latest_start": "12:00",
        }
    ]
    # All visits are in the afternoon or morning by their windows, so that the day spans the break.
    request["visits"][0]["time_windows"] = [
        {"start": "2026-11-23T08:10:00+01:00", "end": "2026-11-23T08:30:00+01:00"}
    ]
    request["visits"][4]["time_windows"] = [
        {"start": "2026-11-23T14:00:00+01:00", "end": "2026-11-23T15:00:00+01:00"}
    ]
    route = client.post(URL, json=request).get_json()
    (lunch,) = [stop for stop in route["days"][0]["stops"] if stop["type"] == "break"]
    for now, taken in ((after(lunch), True), (lunch["arrival"], False)):
        again = replanned(client, route, now)
        breaks = [stop for stop in again["days"][0]["stops"] if stop["type"] == "break"]
        assert len(breaks) == 1
        if taken:
            assert breaks[0]["service_start"] == lunch["service_start"]
        route = client.post(URL, json=request).get_json()


def test_accounts_of_the_plan_stay_in_it(client: FlaskClient) -> None:
    """A week of a rep: the accounts are the service's own choice, and stay considered."""
    response = client.post(URL, json={"rep_id": "1", "week": "2026-W48"})
    route = response.get_json()
    visits = visits_of(route)
    first = next(iter(visits.values()))
    again = replanned(client, route, after(first))
    assert set(visits_of(again)) >= set(visits)
    assert again["search"]["accounts_considered"] == route["search"]["accounts_considered"]
    assert len(again["days"]) == 5


def test_before_the_trip_all_of_it_is_planned_anew(client: FlaskClient) -> None:
    route = planned(client)
    again = replanned(client, route, "2026-11-22T18:00:00+01:00", cancelled=["c"])
    assert set(visits_of(again)) == {"a", "b", "d", "e"}
    assert again["days"][0]["stops"][0]["name"] == route["days"][0]["stops"][0]["name"]


def test_the_next_day_is_planned_from_the_night(client: FlaskClient) -> None:
    route = planned(client, days=2)
    evening = route["days"][0]["end"]
    again = replanned(client, route, evening, cancelled=[])
    assert again["days"][0]["stops"][-1]["location"] == again["days"][1]["stops"][0]["location"]
    assert again["totals"]["nights"] == route["totals"]["nights"]
    assert again["totals"]["travel_cost"] <= route["totals"]["travel_cost"] + 0.01


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"now": "2026-11-23T17:00:00+01:00"}, "/now", "NOW_AFTER_TRIP"),
        ({"done": ["a", "nobody"]}, "/done/1", "UNKNOWN_VISIT"),
        ({"cancelled": ["nobody"]}, "/cancelled/0", "UNKNOWN_VISIT"),
        ({"told": ["nobody"]}, "/told/0", "UNKNOWN_VISIT"),
        ({"done": ["a"], "cancelled": ["a"]}, "/cancelled/0", "CONTRADICTION"),
        ({"position": {"place": "Nirgends"}}, "/position/place", "UNKNOWN_PLACE"),
        ({"position": {"position": [12.0, 54.0]}}, "/position", "UNREACHABLE_BY_ROAD"),
        ({"visits": [{"account_id": "999"}]}, "/visits/0/account_id", "UNKNOWN_ACCOUNT"),
        ({"visits": [{"visit_id": "x"}]}, "/visits/0", "LOCATION_MISSING"),
        (
            {"visits": [{"visit_id": "a", "account_id": "7"}]},
            "/visits/0/visit_id",
            "DUPLICATE_VISIT",
        ),
        ({"late_s": -5}, "/late_s", "OUT_OF_RANGE"),
    ],
)
def test_what_cannot_be_used_is_refused(
    client: FlaskClient, route: Body, changes: Body, pointer: str, code: str
) -> None:
    request = {"now": "2026-11-23T09:00:00+01:00", **changes}
    response = client.post(f"{route['links']['self']}/replans", json=request)
    problem = "NO_DIRECT_TRIP" if code == "UNREACHABLE_BY_ROAD" else "INVALID_REQUEST"
    assert_problem(response, 422, problem, pointer, code)


@pytest.fixture(scope="module")
def route(app: Any) -> Body:
    return planned(app.test_client())


def test_now_never_goes_back(client: FlaskClient) -> None:
    route = planned(client)
    replanned(client, route, "2026-11-23T10:00:00+01:00")
    response = client.post(
        f"{route['links']['self']}/replans", json={"now": "2026-11-23T09:59:00+01:00"}
    )
    assert_problem(response, 422, "INVALID_REQUEST", "/now", "NOW_BEFORE_LAST_REPLAN")
    replanned(client, route, "2026-11-23T10:00:00+01:00")


def test_a_route_that_is_not_there_is_not_planned_anew(client: FlaskClient) -> None:
    now = {"now": "2026-11-23T09:00:00+01:00"}
    assert_problem(client.post(f"{URL}/r-0/replans", json=now), 404, "NOT_FOUND")


def test_of_two_replans_of_one_revision_the_second_is_refused(
    client: FlaskClient, state: AppState
) -> None:
    """Whoever asked for the second one saw a plan that holds no longer."""
    route = planned(client)
    asked = ReplanRequest.model_validate({"now": datetime.fromisoformat(NOON)})
    submitted = [replan_route.submit(state, route["route_id"], asked) for _ in range(2)]
    for one in submitted:
        work.work_on(state, one.job_id, "test-")
    assert replan_route.replanned(state, submitted[0])["revision"] == 2
    with pytest.raises(FailedJobError) as failed:
        replan_route.replanned(state, submitted[1])
    problem = describe(failed.value)
    assert (problem.status, problem.code) == (409, "OUTDATED_REVISION")
    assert client.get(route["links"]["self"]).get_json()["revision"] == 2


def test_what_cannot_be_stored_fails_its_job(client: FlaskClient, state: AppState) -> None:
    """Another revision is stored while this one is planned."""
    route = planned(client)
    asked = ReplanRequest.model_validate({"now": datetime.fromisoformat(NOON)})
    slow = replan_route.submit(state, route["route_id"], asked)
    with state.database.session() as session:
        job = job_store.get(session, slow.job_id)
    outcome = replan_route.run(state, job, Silence())
    replanned(client, route, NOON)
    with pytest.raises(OutdatedRevisionError), state.database.session() as session:
        outcome.store(session)
    work.work_on(state, slow.job_id, "test-")
    with pytest.raises(FailedJobError):
        replan_route.replanned(state, slow)


def test_a_route_without_a_plan_is_not_planned_anew(state: AppState) -> None:
    idle = create_app(state, JobRunner(state.database, state.clock, {})).test_client()
    asked = idle.post(URL, json=trip_request(1), headers={"Prefer": "respond-async"})
    link = asked.headers["Location"]
    for action, body in (("replans", {"now": NOON}), ("accept", None), ("insertions", {})):
        assert_problem(idle.post(f"{link}/{action}", json=body), 409, "NOT_FINISHED")
    assert idle.delete(link).status_code == 200


def test_a_key_makes_a_replan_once(client: FlaskClient) -> None:
    route = planned(client)
    link, key = f"{route['links']['self']}/replans", {"Idempotency-Key": "replan-once"}
    first = client.post(link, json={"now": NOON}, headers=key)
    again = client.post(link, json={"now": NOON}, headers=key)
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json())
    assert client.get(route["links"]["self"]).get_json()["revision"] == 2


def test_names_are_shown_to_whoever_wants_them(client: FlaskClient) -> None:
    route = client.post(URL, json={"rep_id": "1", "week": "2026-W48"}).get_json()
    first = next(iter(visits_of(route).values()))
    response = client.post(
        f"{route['links']['self']}/replans",
        json={"now": after(first)},
        headers={"Prefer": "accounts=named"},
    )
    added = response.get_json()["changes"]["added"]
    assert added
    assert all(one["name"] and one["town"] for one in added)
