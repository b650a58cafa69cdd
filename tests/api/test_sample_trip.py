"""The main job on the German sample: Kassel to München in three days, among 24,000 accounts."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.settings import Settings
from api.state import AppState
from data.database import Database
from data.samples.create import create_sample
from tests.api.problems import assert_problem
from tests.api.test_routes import check, visits_of, without_chance

URL = "/api/v1/routes"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("sample")
    database = Database(f"sqlite:///{folder / 'sample.db'}")
    database.upgrade()
    create_sample(database, TODAY, seed=1)
    clock = datetime(2026, 11, 22, 9, tzinfo=UTC)
    state = AppState(Settings(instance_dir=folder, bound_s=0), database, clock=lambda: clock)
    state.load()
    yield create_app(state).test_client()
    database.dispose()


def kassel_to_munich(monday: str = "2026-11-23", **changes: Any) -> dict[str, Any]:
    dates = [date.fromisoformat(monday) + timedelta(days=k) for k in range(3)]
    return {
        "start": {"place": "Kassel"},
        "end": {"place": "München"},
        "days": [
            {"date": f"{day}", "start": f"{day}T08:00:00+01:00", "end": f"{day}T18:00:00+01:00"}
            for day in dates
        ],
        **changes,
    }


@pytest.fixture(scope="module")
def route(client: FlaskClient) -> dict[str, Any]:
    response = client.post(URL, json=kassel_to_munich())
    assert response.status_code == 201, response.get_data(as_text=True)
    body: dict[str, Any] = response.get_json()
    return body


def test_the_trip_considers_everybody_and_visits_at_least_twelve(route: dict[str, Any]) -> None:
    check(route)
    assert route["status"] == "complete"
    assert route["search"]["accounts_considered"] == 24_000
    assert route["search"]["shortlisted"] == 200
    assert len(visits_of(route)) >= 12
    assert route["totals"]["net_value"] > 5_000
    assert route["totals"]["nights"] == 2


def test_the_drive_takes_what_one_knows_it_to_take(route: dict[str, Any]) -> None:
    assert 4 * 3600 < route["totals"]["direct_travel_s"] < 5 * 3600


def test_the_same_request_gives_the_same_trip(client: FlaskClient, route: dict[str, Any]) -> None:
    again = client.post(URL, json=kassel_to_munich()).get_json()
    assert without_chance(again) == without_chance(route)


def test_every_account_left_out_has_a_reason(client: FlaskClient, route: dict[str, Any]) -> None:
    counts = dict(route["unassigned_counts"])
    for entry in route["unassigned"]:
        code = entry["reasons"][0]["code"]
        counts[code] = counts.get(code, 0) + 1
    assert sum(counts.values()) == 24_000 - len(visits_of(route))
    assert {"EXCEEDS_MAX_DETOUR", "NOT_DUE", "NOT_SHORTLISTED", "CHANNEL_NOT_FIELD"} <= set(counts)
    where = route["links"]["self"] + "/unassigned"
    page = client.get(where, query_string={"code": "UNREACHABLE_BY_ROAD", "limit": 1000})
    assert len(page.get_json()["items"]) == counts["UNREACHABLE_BY_ROAD"] > 0


def test_one_who_was_left_out_can_be_made_a_must(
    client: FlaskClient, route: dict[str, Any]
) -> None:
    must = next(e for e in route["unassigned"] if e["reasons"][0]["scope"] == "route")
    again = client.post(
        URL,
        json=kassel_to_munich(
            visits=[{"account_id": must["account_id"], "required": True}], candidate_filter={}
        ),
    ).get_json()
    check(again)
    assert must["account_id"] in [visit["account_id"] for visit in visits_of(again)]
    assert again["search"]["accounts_considered"] == 24_000
    assert again["totals"]["net_value"] <= route["totals"]["net_value"] + 0.01


def test_the_way_is_drawn_on_the_roads(client: FlaskClient, route: dict[str, Any]) -> None:
    features = client.get(route["links"]["geojson"]).get_json()["features"]
    lines = [f for f in features if f["geometry"]["type"] == "LineString"]
    assert len(lines) == sum(len(day["legs"]) for day in route["days"])
    assert sum(len(line["geometry"]["coordinates"]) for line in lines) > 200


def test_the_detours_of_all_accounts_take_a_moment(client: FlaskClient) -> None:
    """Two sweeps over the road network; 0.3 s of one core once they have been loaded."""
    url = "/api/v1/on-the-way?from=Hamburg&to=Stuttgart&limit=10"
    client.get("/api/v1/on-the-way?from=Kassel&to=Bremen")
    started = time.process_time()
    body = client.get(url).get_json()
    assert time.process_time() - started < 0.3
    assert body["considered"] == 24_000
    assert body["within"] > 500


def test_a_misspelt_city_is_refused_with_the_right_one(client: FlaskClient) -> None:
    response = client.post(URL, json=kassel_to_munich(end={"place": "Münchn"}))
    body = assert_problem(response, 422, "INVALID_REQUEST", "/end/place", "UNKNOWN_PLACE")
    assert body["errors"][0]["suggestions"][0]["query"] == {"place": "München, Bayern"}


def test_the_north_sea_is_too_far_from_any_road(client: FlaskClient) -> None:
    response = client.post(URL, json=kassel_to_munich(start={"position": [5.5, 55.0]}))
    body = assert_problem(response, 422, "INVALID_REQUEST", "/start", "OFF_ROAD")
    assert " km from the nearest known road" in body["detail"]


def test_the_page_says_what_is_invented(client: FlaskClient) -> None:
    body = client.get("/api/v1/dataset").get_json()
    assert body["kind"] == "sample"
    assert "invented" in body["note"]
    assert body["account_count"] == 24_000
    assert body["rep_count"] == 60


@pytest.mark.parametrize(
    ("place", "taken", "other"),
    [
        ("Frankfurt", "Frankfurt am Main, Hessen", "Frankfurt (Oder), Brandenburg"),
        ("Neustadt", "Neustadt an der Weinstraße, Rheinland-Pfalz", "Neustadt am Rübenberge"),
        ("Frankfurt am Main", "Frankfurt am Main, Hessen", None),
        ("Kassel", "Kassel, Hessen", None),
    ],
)
def test_a_name_that_stands_for_several_cities_is_said_and_the_others_listed(
    client: FlaskClient, place: str, taken: str, other: str | None
) -> None:
    body = client.post(URL, json=kassel_to_munich(end={"place": place}, visits=[])).get_json()
    assert body["end"]["name"] == taken
    warnings = [
        warning["detail"] for warning in body["warnings"] if "was taken" in warning["detail"]
    ]
    assert len(warnings) == (other is not None)
    if other is not None:
        assert other in warnings[0]
        assert any(one["name"].startswith(other) for one in body["end"]["alternatives"])
