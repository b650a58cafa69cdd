"""Accounts, places, the way, the data set: what can be read."""

import gzip
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.resources.http import Payload
from api.state import AppState
from data.tables import Account
from tests.api.problems import assert_problem
from tests.data.builders import add_account


def test_accounts_come_in_pages_by_id(client: FlaskClient) -> None:
    ids: list[str] = []
    cursor = ""
    while cursor is not None:
        page = client.get(f"/api/v1/accounts?limit=13&cursor={cursor}").get_json()
        ids += [item["account_id"] for item in page["items"]]
        cursor = page.get("next_cursor")
    assert ids == [str(k) for k in range(1, 31)]


def test_accounts_of_a_box_lie_in_it(client: FlaskClient) -> None:
    items = client.get("/api/v1/accounts?bbox=9.0,51.0,9.1,51.1").get_json()["items"]
    assert [item["account_id"] for item in items] == ["1", "2", "7", "8"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("firma 12", ["12"]),
        ("FIRMA 1", ["1", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19"]),
        ("30 kass", ["30"]),
        ("34117 firma 7", ["7"]),
        ("irma", []),
        ("...", []),
    ],
)
def test_accounts_are_found_by_beginnings_of_words(
    client: FlaskClient, text: str, ids: list[str]
) -> None:
    answer = client.get("/api/v1/accounts", query_string={"q": text}).get_json()
    assert [item["account_id"] for item in answer["items"]] == ids
    assert "next_cursor" not in answer


def test_accounts_whose_name_begins_so_come_first_whatever_the_accents(
    client: FlaskClient, state: AppState
) -> None:
    names = {"Bau Müller": "Kassel", "Müller Söhne": "Kassel", "Zug": "Müllheim"}
    with state.database.session() as session:
        dataset_id = state.snapshot().dataset.id
        added = [add_account(session, dataset_id, name=n, town=t).id for n, t in names.items()]

    def found(text: str, limit: int = 10) -> list[str]:
        query = {"q": text, "limit": limit}
        items = client.get("/api/v1/accounts", query_string=query).get_json()["items"]
        return [item["name"] for item in items]

    try:
        assert found("MUELLER") == found("müller") == ["Müller Söhne", "Bau Müller"]
        assert found("mull") == ["Müller Söhne", "Bau Müller", "Zug"]
        assert found("mull", limit=1) == ["Müller Söhne"]
        assert found("mull söh") == ["Müller Söhne"]
    finally:
        with state.database.session() as session:
            for account_id in added:
                session.delete(session.get(Account, account_id))


def test_an_account_without_a_position_is_listed_but_not_drawn(client: FlaskClient) -> None:
    listed = client.get("/api/v1/accounts").get_json()["items"]
    assert "position" not in next(item for item in listed if item["account_id"] == "29")
    drawn = client.get("/api/v1/accounts.geojson").get_json()["features"]
    assert [point["id"] for point in drawn] == [k for k in range(1, 31) if k != 29]
    assert set(drawn[0]["properties"]) == {
        "status",
        "segment",
        "due",
        "potential",
        "value",
        "owner",
    }


def test_points_are_sent_once_and_then_unchanged(client: FlaskClient) -> None:
    plain = client.get("/api/v1/accounts.geojson", headers={"Accept-Encoding": "identity"})
    zipped = client.get("/api/v1/accounts.geojson", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["Vary"] == "Accept-Encoding"
    again = client.get("/api/v1/accounts.geojson", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_equal_contents_are_equal_bytes() -> None:
    assert Payload.of({"a": 1}) == Payload.of({"a": 1})
    assert Payload.of({"a": 1}).etag != Payload.of({"a": 2}).etag


def test_the_card_of_an_account_shows_its_history(client: FlaskClient) -> None:
    card = client.get("/api/v1/accounts/2").get_json()
    assert card["owner"] == "Ada Weber"
    assert card["channel"] == "field"
    assert card["order_count"] == len(card["orders"]) == 1
    assert card["last_visit"] == card["visits"][0]["start"][:10]
    assert card["prize"] == pytest.approx(card["visit_value"] * card["due_factor"], abs=0.1)
    assert card["opening_hours"][0] == {"weekday": 1, "opens": "08:00", "closes": "17:00"}


def test_a_key_account_says_so(client: FlaskClient) -> None:
    assert client.get("/api/v1/accounts/28").get_json()["channel"] == "key_account"


def test_places_are_suggested_and_can_be_sent_back(client: FlaskClient) -> None:
    items = client.get("/api/v1/places?q=neus").get_json()["items"]
    assert [item["label"] for item in items] == ["Neustadt, Hesse", "Neustadt, Saxony"]
    assert items[0]["query"] == {"place": "Neustadt, Hesse"}
    (code,) = client.get("/api/v1/places?q=34001").get_json()["items"]
    assert code["level"] == "postcode"
    assert code["query"] == {"postcode": "34001"}


def test_a_text_that_is_nowhere_suggests_nothing(client: FlaskClient) -> None:
    assert client.get("/api/v1/places?q=zzzz").get_json() == {"items": []}


WAY = "/api/v1/on-the-way?from=Anfang&to=Ostburg"


def test_everybody_on_the_way_is_listed_nearest_first(client: FlaskClient) -> None:
    body = client.get(f"{WAY}&max_detour_s=1300").get_json()
    detours = [item["detour_s"] for item in body["items"]]
    assert detours == sorted(detours)
    assert len(detours) == body["within"]
    assert max(detours) <= 1300
    assert body["considered"] == 30
    # 72.228 km at 60 km/h are 4,334 s, and 300 s at either end.
    assert (body["direct_travel_s"], body["direct_distance_m"]) == (4934, 72228)


@pytest.mark.parametrize("key", ["potential", "prize"])
def test_the_list_is_sorted_best_first_and_a_minus_turns_it_round(
    client: FlaskClient, key: str
) -> None:
    best = [item[key] for item in client.get(f"{WAY}&sort={key}").get_json()["items"]]
    worst = [item[key] for item in client.get(f"{WAY}&sort=-{key}").get_json()["items"]]
    assert best == sorted(best, reverse=True)
    assert worst == sorted(worst)


def test_value_for_time_prefers_prizes_that_cost_little_time(client: FlaskClient) -> None:
    items = client.get(f"{WAY}&sort=value_for_time").get_json()["items"]
    assert items[0]["prize"] > items[-1]["prize"]


def test_the_way_is_listed_in_pages(client: FlaskClient) -> None:
    whole = client.get(WAY).get_json()["items"]
    first = client.get(f"{WAY}&limit=10").get_json()
    second = client.get(f"{WAY}&limit=100&cursor={first['next_cursor']}").get_json()
    assert first["items"] + second["items"] == whole
    assert "next_cursor" not in second


@pytest.mark.parametrize(
    ("text", "level"),
    [("Anfang", "place"), ("34001", "postcode"), ("9.0,51.0", "given"), ("account:3", "given")],
)
def test_the_way_begins_at_any_kind_of_place(client: FlaskClient, text: str, level: str) -> None:
    response = client.get("/api/v1/on-the-way", query_string={"from": text, "to": "Ostburg"})
    assert response.get_json()["start"]["level"] == level


@pytest.mark.parametrize(
    ("text", "name"), [("9.01,51.02", "near Anfang"), ("9.0,50.9", "11.1 km from Anfang")]
)
def test_a_position_is_near_a_town_or_says_how_far_from_it(
    client: FlaskClient, text: str, name: str
) -> None:
    response = client.get("/api/v1/on-the-way", query_string={"from": text, "to": "Ostburg"})
    assert response.get_json()["start"]["name"] == name


def test_there_is_no_way_to_an_island(client: FlaskClient) -> None:
    response = client.get("/api/v1/on-the-way?from=Anfang&to=Insel")
    assert_problem(response, 422, "NO_DIRECT_TRIP", "/to", "UNREACHABLE_BY_ROAD")


def test_the_data_set_says_what_it_is(client: FlaskClient) -> None:
    body = client.get("/api/v1/dataset").get_json()
    assert body["account_count"] == sum(body["status_counts"].values()) == 30
    assert body["created_for"] == body["as_of"] == "2026-11-16"
    assert body["defaults"]["per_hour"] == 45
    assert body["rep_count"] == len(body["reps"]) == 2


def test_reps_show_the_town_of_their_home_and_no_address(client: FlaskClient) -> None:
    items = client.get("/api/v1/reps").get_json()["items"]
    assert items[0] == {"rep_id": "1", "name": "Ada Weber", "town": "Anfang", "account_count": 15}


@pytest.mark.parametrize(("layer", "count"), [("roads", 37), ("places", 6), ("border", 0)])
def test_the_basemap_is_ours(client: FlaskClient, layer: str, count: int) -> None:
    """Of the 41 roads two meet alone at each of the 4 corners and make one line."""
    response = client.get(f"/basemap/{layer}.geojson")
    assert len(response.get_json()["features"]) == count
    # It may be of another map the next time, and what the browser has must be asked about.
    assert response.headers["Cache-Control"] == "no-cache"
    again = client.get(
        f"/basemap/{layer}.geojson", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304


def test_accounts_that_change_are_read_anew(client: FlaskClient, state: AppState) -> None:
    before = state.data_version
    with state.database.session() as session:
        added = add_account(session, state.snapshot().dataset.id, name="Neu GmbH")
    try:
        assert state.data_version != before
        assert client.get(f"/api/v1/accounts/{added.id}").get_json()["name"] == "Neu GmbH"
    finally:
        with state.database.session() as session:
            session.delete(session.get(Account, added.id))
    assert_problem(client.get(f"/api/v1/accounts/{added.id}"), 404, "NOT_FOUND")


def test_a_snapshot_is_kept_while_nothing_changes(state: AppState) -> None:
    assert state.snapshot() is state.snapshot()


def test_answers_leave_out_what_has_no_value(client: FlaskClient) -> None:
    def nulls(value: Any) -> bool:
        if isinstance(value, dict):
            return any(nulls(item) for item in value.values())
        if isinstance(value, list):
            return any(nulls(item) for item in value)
        return value is None

    for url in ("/api/v1/accounts", "/api/v1/accounts/29", "/api/v1/dataset", WAY):
        assert not nulls(client.get(url).get_json()), url
