"""Accepted routes: their visits are commitments that later plans respect."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from api import create_app
from api.state import AppState
from data.tables import Visit, VisitStatus
from tests.api.problems import assert_problem
from tests.api.small_world import small_state, trip_request
from tests.api.test_replan import after, check_sums, replanned, visits_of

URL = "/api/v1/routes"
Body = dict[str, Any]


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppState]:
    """A world of its own: what is accepted in one test would bind the next."""
    state = small_state(tmp_path_factory.mktemp("accepting"))
    yield state
    state.database.dispose()


@pytest.fixture
def client(world: AppState) -> FlaskClient:
    return create_app(world).test_client()


def planned(client: FlaskClient, **changes: Any) -> Body:
    """One day with three accounts of the first rep that must be visited."""
    visits = [{"account_id": one, "required": True, "time_windows": []} for one in ("1", "2", "8")]
    request = trip_request(1, **({"rep_id": "1", "visits": visits} | changes))
    response = client.post(URL, json=request)
    assert response.status_code == 201, response.get_data(as_text=True)
    body: Body = response.get_json()
    return body


def accepted(client: FlaskClient, route: Body) -> Body:
    response = client.post(f"{route['links']['self']}/accept")
    assert response.status_code == 200, response.get_data(as_text=True)
    body: Body = response.get_json()
    return body


def commitments(state: AppState, route: Body) -> dict[str, tuple[datetime, VisitStatus]]:
    with state.database.session() as session:
        rows = session.scalars(select(Visit).where(Visit.route_id == route["route_id"])).all()
    return {str(row.account_id): (row.start_at, row.status) for row in rows}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_visits_of_an_accepted_route_become_commitments(
    client: FlaskClient, world: AppState
) -> None:
    route = planned(client)
    answer = accepted(client, route)
    assert (answer["accepted_revision"], answer["commitments"], answer["added"]) == (1, 3, 3)
    assert commitments(world, route) == {
        name: (moment(stop["service_start"]), VisitStatus.COMMITTED)
        for name, stop in visits_of(route).items()
    }
    (item,) = client.get(f"{URL}?rep_id=1").get_json()["items"]
    assert item["accepted_revision"] == 1


def test_accepting_again_changes_nothing(client: FlaskClient, world: AppState) -> None:
    route = planned(client)
    accepted(client, route)
    before = commitments(world, route)
    answer = accepted(client, route)
    assert (answer["added"], answer["changed"], answer["kept"], answer["cancelled"]) == (0, 0, 3, 0)
    assert commitments(world, route) == before


def test_accepting_a_replan_replaces_the_commitments(client: FlaskClient, world: AppState) -> None:
    route = planned(client)
    accepted(client, route)
    names = list(visits_of(route))
    now = after(visits_of(route)[names[0]], 10)
    new = {"account_id": "9", "required": True, "time_windows": []}
    again = replanned(client, route, now, cancelled=[names[1]], visits=[new])
    assert commitments(world, route)[names[1]][1] is VisitStatus.COMMITTED
    answer = accepted(client, again)
    assert (answer["accepted_revision"], answer["added"], answer["cancelled"]) == (2, 1, 1)
    found = commitments(world, route)
    assert found[names[0]][1] is VisitStatus.DONE
    assert found[names[1]][1] is VisitStatus.CANCELLED
    assert found["9"] == (
        moment(visits_of(again)["9"]["service_start"]),
        VisitStatus.COMMITTED,
    )


def test_an_accepted_route_is_told_by_default(client: FlaskClient) -> None:
    """Changes of what customers know are marked."""
    route = planned(client)
    accepted(client, route)
    names = list(visits_of(route))
    now = after(visits_of(route)[names[0]])
    again = replanned(client, route, now, cancelled=[names[1]])
    assert [one["was_told"] for one in again["changes"]["dropped"]] == [True]
    free = planned(client, ignore_commitments=True)
    names = list(visits_of(free))
    freely = replanned(client, free, now, cancelled=[names[1]])
    assert [one["was_told"] for one in freely["changes"]["dropped"]] == [False]


def test_its_own_commitments_do_not_bind_a_replan(client: FlaskClient) -> None:
    response = client.post(URL, json={"rep_id": "1", "week": "2026-W48"})
    route = response.get_json()
    accepted(client, route)
    visits = visits_of(route)
    again = replanned(client, route, after(next(iter(visits.values()))))
    assert set(visits_of(again)) >= set(visits)
    assert all("appointment_id" not in stop for stop in visits_of(again).values())


def test_an_account_with_a_commitment_is_not_offered_again(client: FlaskClient) -> None:
    """The next week another plan would take the same accounts."""
    week = client.post(URL, json={"rep_id": "1", "week": "2026-W48"}).get_json()
    assert visits_of(week)
    accepted(client, week)
    following = client.post(URL, json={"rep_id": "1", "week": "2026-W49"}).get_json()
    assert not set(visits_of(following)) & set(visits_of(week))
    check_sums(following)
    link = following["links"]["self"]
    for account_id, stop in visits_of(week).items():
        (entry,) = client.get(f"{link}/unassigned?account_id={account_id}").get_json()["items"]
        (reason,) = entry["reasons"]
        assert (reason["code"], reason["day"]) == ("NOT_DUE", stop["service_start"][:10])
        assert "agreed on" in reason["detail"]


def test_an_account_is_not_offered_shortly_before_a_commitment(client: FlaskClient) -> None:
    week = client.post(URL, json={"rep_id": "1", "week": "2026-W48"}).get_json()
    accepted(client, week)
    earlier = client.post(URL, json={"rep_id": "1", "week": "2026-W47"}).get_json()
    assert not set(visits_of(earlier)) & set(visits_of(week))


def test_a_wish_for_an_account_with_a_commitment_says_when_that_is(client: FlaskClient) -> None:
    route = planned(client)
    accepted(client, route)
    account_id = next(iter(visits_of(route)))
    request = {"visits": [{"account_id": account_id}]}
    other = client.post(URL, json=trip_request(2, **request)).get_json()
    (entry,) = other["unassigned"]
    assert entry["reasons"][0]["code"] == "NOT_DUE"
    assert entry["reasons"][0]["day"] == "2026-11-23"


def test_later_plans_of_the_rep_keep_commitments_as_appointments(client: FlaskClient) -> None:
    route = planned(client)
    accepted(client, route)
    other = planned(client, visits=[{"account_id": "9", "required": True, "time_windows": []}])
    kept = {
        stop["account_id"]: stop["service_start"]
        for stop in visits_of(other).values()
        if stop["type"] == "appointment"
    }
    assert kept == {name: stop["service_start"] for name, stop in visits_of(route).items()}
    assert "9" in visits_of(other)
    assert [one["code"] for one in other["warnings"]] == ["COMMITMENTS_KEPT"]
    # They stay those of the first route.
    assert accepted(client, other)["added"] == 1


def test_commitments_of_another_rep_bind_only_the_accounts(client: FlaskClient) -> None:
    accepted(client, planned(client))
    other = planned(client, rep_id="2", visits=[{"account_id": "20", "required": True}])
    assert {stop["type"] for stop in visits_of(other).values()} <= {"visit"}


def test_commitments_may_be_ignored(client: FlaskClient) -> None:
    route = planned(client)
    accepted(client, route)
    free = planned(client, ignore_commitments=True)
    assert set(visits_of(free)) == set(visits_of(route))
    assert {stop["type"] for stop in visits_of(free).values()} == {"visit"}


def test_a_route_that_overlaps_an_accepted_one_is_not_accepted(
    client: FlaskClient, world: AppState
) -> None:
    route, free = planned(client), planned(client)
    accepted(client, route)
    response = client.post(f"{free['links']['self']}/accept")
    problem = assert_problem(response, 409, "COMMITMENTS_OVERLAP")
    first = problem["errors"][0]
    assert first["code"] == "COMMITMENTS_OVERLAP"
    assert first["pointer"].startswith("/days/0/stops/")
    assert route["route_id"] in first["detail"]
    assert commitments(world, free) == {}


def test_routes_without_a_rep_bind_no_day(client: FlaskClient) -> None:
    one, other = planned(client, rep_id=None), planned(client, rep_id=None)
    accepted(client, one)
    assert accepted(client, other)["added"] == 3


def test_an_account_asked_for_goes_before_its_commitment(client: FlaskClient) -> None:
    route = planned(client)
    accepted(client, route)
    again = planned(client)
    assert {stop["type"] for stop in visits_of(again).values()} == {"visit"}
    assert [one["code"] for one in again["warnings"]] == ["COMMITTED_ELSEWHERE"] * 3


def test_a_revision_that_is_not_the_newest_is_not_accepted(
    client: FlaskClient, world: AppState
) -> None:
    route = planned(client)
    first = next(iter(visits_of(route).values()))
    again = replanned(client, route, after(first))
    link = f"{route['links']['self']}/accept"
    for revision in (1, 3):
        assert_problem(client.post(f"{link}?revision={revision}"), 409, "OUTDATED_REVISION")
    assert commitments(world, route) == {}
    response = client.post(f"{link}?revision=2")
    assert response.get_json()["accepted_revision"] == again["revision"]


def test_what_is_not_there_is_not_accepted(client: FlaskClient) -> None:
    assert_problem(client.post(f"{URL}/r-0/accept"), 404, "NOT_FOUND")


def test_routes_are_listed_newest_first_by_rep_week_and_status(client: FlaskClient) -> None:
    first = planned(client, label="Monday")
    week = client.post(URL, json={"rep_id": "2", "week": "2026-W49"}).get_json()
    closed = planned(client, visits=[{"account_id": "6", "required": True}])

    def ids(query: str) -> list[str]:
        items = client.get(f"{URL}?{query}").get_json()["items"]
        return [item["route_id"] for item in items]

    # All were made at one moment; then the id decides.
    assert set(ids("")) == {first["route_id"], week["route_id"], closed["route_id"]}
    assert ids("rep_id=2") == [week["route_id"]]
    assert set(ids("week=2026-W48")) == {first["route_id"], closed["route_id"]}
    assert ids("week=2026-W47") == []
    assert ids("status=infeasible") == [closed["route_id"]]
    page = client.get(f"{URL}?limit=2").get_json()
    rest = client.get(f"{URL}?limit=2&cursor={page['next_cursor']}").get_json()
    assert len(page["items"]) + len(rest["items"]) == 3
    assert "next_cursor" not in rest
    (item,) = client.get(f"{URL}?rep_id=1&status=complete").get_json()["items"]
    assert item | {"created_at": ""} == {
        "route_id": first["route_id"],
        "label": "Monday",
        "rep_id": "1",
        "status": "complete",
        "revision": 1,
        "created_at": "",
        "first_date": "2026-11-23",
        "last_date": "2026-11-23",
        "visits": 3,
        "net_value": first["totals"]["net_value"],
    }


def test_a_list_follows_the_newest_revision(client: FlaskClient) -> None:
    route = planned(client)
    names = list(visits_of(route))
    now = after(visits_of(route)[names[0]])
    again = replanned(client, route, now, cancelled=[names[2]])
    (item,) = client.get(URL).get_json()["items"]
    assert (item["revision"], item["visits"]) == (2, 2)
    assert item["net_value"] == again["totals"]["net_value"]


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("rep_id=99", "/rep_id", "UNKNOWN_REP"),
        ("week=2026-W60", "/week", "OUT_OF_RANGE"),
        ("status=done", "/status", "UNKNOWN_VALUE"),
        ("cursor=r-0", "/cursor", "UNKNOWN_VALUE"),
        ("limit=0", "/limit", "OUT_OF_RANGE"),
    ],
)
def test_a_list_that_cannot_be_is_refused(
    client: FlaskClient, query: str, pointer: str, code: str
) -> None:
    assert_problem(client.get(f"{URL}?{query}"), 422, "INVALID_REQUEST", pointer, code)
