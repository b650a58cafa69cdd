"""Lists of accounts: filters, orders, pages; selections and points by the same filters."""

from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from api import create_app
from api.state import AppState
from data.tables import Account, LocationLevel, Ownership, OwnershipSource
from tests.api.problems import assert_problem
from tests.data.builders import add_account

URL = "/api/v1/accounts"
SELECTIONS = f"{URL}/selections"
EVERYWHERE = {
    "type": "Polygon",
    "coordinates": [[[8, 50], [13, 50], [13, 55], [8, 55], [8, 50]]],
}


def listed(client: FlaskClient, **query: Any) -> dict[str, Any]:
    response = client.get(URL, query_string=query)
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


def paged(client: FlaskClient, **query: Any) -> list[dict[str, Any]]:
    """All pages, by the address that each one names for the next."""
    items: list[dict[str, Any]] = []
    response = client.get(URL, query_string=query)
    while True:
        items += response.get_json()["items"]
        if "Link" not in response.headers:
            assert "next_cursor" not in response.get_json()
            return items
        address, relation = response.headers["Link"].split(">; ")
        assert relation == 'rel="next"'
        response = client.get(address.removeprefix("<"))


FILTERS = {
    "segment": ("10k_100k,up_to_10k", lambda one: one["segment"] in ("10k_100k", "up_to_10k")),
    "status": ("prospect", lambda one: one["status"] == "prospect"),
    "due": ("red,green", lambda one: one["due"] in ("red", "green")),
    "owner": ("2", lambda one: one["owner_id"] == "2"),
    "min_potential": ("200000", lambda one: one["potential"] >= 200_000),
    "issue": ("LOCATION_MISSING", lambda one: one.get("location_issue") == "LOCATION_MISSING"),
    "bbox": ("9.0,51.0,9.2,51.3", lambda one: 9 <= one.get("position", [0])[0] <= 9.2),
    "q": ("firma 1", lambda one: one["name"].startswith("Firma 1")),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_keeps_exactly_the_accounts_that_it_says(client: FlaskClient, name: str) -> None:
    value, is_meant = FILTERS[name]
    everybody = listed(client)["items"]
    found = listed(client, **{name: value})
    meant = [one for one in everybody if is_meant(one)]
    if name == "bbox":
        meant = [one for one in meant if 51 <= one["position"][1] <= 51.3]
    assert 0 < len(meant) < 30
    assert sorted(found["items"], key=lambda one: int(one["account_id"])) == meant
    assert found["total"] == len(meant)


def test_filters_are_true_together(client: FlaskClient) -> None:
    found = listed(client, q="firma 1", status="prospect", owner="1", min_potential=100_000)[
        "items"
    ]
    assert found
    for one in found:
        assert (one["status"], one["owner_id"]) == ("prospect", "1")
        assert one["potential"] >= 100_000
    assert len(found) < listed(client, status="prospect", owner="1")["total"]


def test_who_has_no_owner_or_nothing_wrong_with_the_position_is_found_by_none(
    client: FlaskClient,
) -> None:
    assert listed(client, owner="none")["total"] == 0
    assert listed(client, owner="none,1")["total"] == 15
    any_issue = listed(client, issue="any")["items"]
    none = listed(client, issue="none")["items"]
    assert all("location_issue" in one for one in any_issue)
    assert not any("location_issue" in one for one in none)
    assert len(any_issue) + len(none) == 30
    assert listed(client, issue="none,any")["total"] == 30


@pytest.mark.parametrize("limit", [1, 7, 30])
@pytest.mark.parametrize(
    "sort", ["id", "-id", "name", "-name", "potential", "-potential", "prize", "-due", "due"]
)
def test_pages_in_any_order_give_everybody_once_in_that_order(
    client: FlaskClient, sort: str, limit: int
) -> None:
    whole = listed(client, sort=sort)["items"]
    assert [one["account_id"] for one in paged(client, sort=sort, limit=limit)] == [
        one["account_id"] for one in whole
    ]
    assert len({one["account_id"] for one in whole}) == 30


def test_orders_are_what_they_say(client: FlaskClient) -> None:
    def column(sort: str, key: str) -> list[Any]:
        return [one.get(key) for one in listed(client, sort=sort)["items"]]

    assert column("-id", "account_id") == [str(k) for k in range(30, 0, -1)]
    assert column("name", "name") == sorted(column("id", "name"))
    assert column("-name", "name") == column("name", "name")[::-1]
    for key in ("potential", "prize"):
        assert column(key, key) == sorted(column("id", key), reverse=True)
        assert column(f"-{key}", key) == sorted(column("id", key))
    # Overdue, then never visited, then the others by how due they are.
    ratios = [0.9999 if ratio is None else ratio for ratio in column("due", "due_ratio")]
    assert None in column("due", "due_ratio")
    assert all(a >= b for a, b in pairwise(ratios))


def test_what_a_text_finds_comes_in_pages_best_first(client: FlaskClient) -> None:
    whole = listed(client, q="firma")["items"]
    assert paged(client, q="firma", limit=4) == whole
    assert len(whole) == 30


def test_a_list_goes_on_where_it_was_when_accounts_come_and_go(own_state: AppState) -> None:
    client = create_app(own_state).test_client()
    first = listed(client, sort="name", limit=10)
    names = [one["name"] for one in first["items"]]
    with own_state.database.session() as session:
        dataset_id = own_state.snapshot().dataset.id
        added = [add_account(session, dataset_id, name=n).id for n in ("Aachen", "Zuletzt")]
        gone = int(first["items"][9]["account_id"])  # after which the cursor goes on
        session.execute(update(Account).where(Account.id == gone).values(name="Aalen"))
    second = listed(client, sort="name", limit=100, cursor=first["next_cursor"])
    assert second["total"] == 32
    later = [one["name"] for one in second["items"]]
    assert set(names).isdisjoint(later)
    assert len(later) == 21
    assert later[-1] == "Zuletzt"
    with own_state.database.session() as session:
        for account_id in added:
            session.delete(session.get(Account, account_id))
        session.execute(update(Account).where(Account.id == gone).values(name=names[9]))


@pytest.mark.parametrize("cursor", ["a", "x" * 50, "WzFd", "W10", "WyJpZCIsInRleHQiXQ", "e30"])
def test_a_cursor_that_is_none_is_refused(client: FlaskClient, cursor: str) -> None:
    response = client.get(URL, query_string={"cursor": cursor})
    assert_problem(response, 422, "INVALID_REQUEST", "/cursor", "INVALID_FORMAT")


def test_a_cursor_of_another_order_is_refused(client: FlaskClient) -> None:
    cursor = listed(client, limit=3)["next_cursor"]
    response = client.get(URL, query_string={"cursor": cursor, "sort": "name"})
    assert_problem(response, 422, "INVALID_REQUEST", "/cursor", "INVALID_FORMAT")


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"segment": "huge"}, "/segment", "UNKNOWN_SEGMENT"),
        ({"owner": "77"}, "/owner", "UNKNOWN_REP"),
        ({"territory": "none"}, "/territory", "UNKNOWN_REP"),
        ({"status": "customer,friend"}, "/status/1", "UNKNOWN_VALUE"),
        ({"issue": "BAD"}, "/issue/0", "UNKNOWN_VALUE"),
        ({"min_potential": "lots"}, "/min_potential", "WRONG_TYPE"),
        ({"sort": "size"}, "/sort", "UNKNOWN_VALUE"),
        ({"bbox": "10,51,9,52"}, "/bbox", "EMPTY_BBOX"),
        ({"limit": "5000"}, "/limit", "OUT_OF_RANGE"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(
    client: FlaskClient, query: dict[str, str], pointer: str, code: str
) -> None:
    assert_problem(client.get(URL, query_string=query), 422, "INVALID_REQUEST", pointer, code)


def test_a_page_that_has_not_changed_is_not_sent_again(own_state: AppState) -> None:
    client = create_app(own_state).test_client()
    tag = {"If-None-Match": client.get(URL).headers["ETag"]}
    assert client.get(URL, headers=tag).status_code == 304
    assert client.get(f"{URL}?limit=3", headers=tag).status_code == 200
    with own_state.database.session() as session:
        session.execute(update(Account).where(Account.id == 3).values(town="Neu"))
    assert client.get(URL, headers=tag).status_code == 200


def test_a_territory_is_what_the_published_plan_gives_and_else_what_is_owned(
    own_state: AppState,
) -> None:
    client = create_app(own_state).test_client()
    assert listed(client, territory="1")["total"] == listed(client, owner="1")["total"] == 15
    with own_state.database.session() as session:
        session.execute(
            update(Ownership)
            .where(Ownership.account_id.in_([3, 4]))
            .values(source=OwnershipSource.PLAN)
        )
    found = listed(client, territory="1")["items"]
    assert [one["account_id"] for one in found] == ["3", "4"]
    assert listed(client, owner="1")["total"] == 15


def test_a_doubtful_position_is_told_in_lists_on_the_map_and_on_the_card(
    own_state: AppState,
) -> None:
    client = create_app(own_state).test_client()
    alternative = {"lon": 9.1, "lat": 51.1, "level": "street", "confidence": 0.6, "label": "There"}
    with own_state.database.session() as session:
        session.execute(
            update(Account)
            .where(Account.id == 7)
            .values(
                location_level=LocationLevel.ADDRESS,
                is_location_ambiguous=True,
                location_alternatives=[alternative],
                location_label="Here",
                location_origin="© OpenStreetMap contributors",
            )
        )
    (item,) = listed(client, issue="GEOCODE_AMBIGUOUS")["items"]
    assert item["account_id"] == "7"
    points = client.get(f"{URL}.geojson?issue=GEOCODE_AMBIGUOUS").get_json()["features"]
    assert [(one["id"], one["properties"]["issue"]) for one in points] == [(7, "GEOCODE_AMBIGUOUS")]
    location = client.get(f"{URL}/7").get_json()["location"]
    assert location["issue"] == "GEOCODE_AMBIGUOUS"
    assert location["alternatives"] == [
        {"position": [9.1, 51.1], "level": "street", "confidence": 0.6, "label": "There"}
    ]
    assert (location["label"], location["source"]) == ("Here", "import")
    assert location["attribution"] == "© OpenStreetMap contributors"
    assert location["road_distance_m"] > 0


def test_points_say_what_the_map_colours_by(client: FlaskClient) -> None:
    points = client.get(f"{URL}.geojson").get_json()["features"]
    items = {one["account_id"]: one for one in listed(client)["items"]}
    for point in points:
        item, shown = items[str(point["id"])], point["properties"]
        for key in ("status", "segment", "due"):
            assert shown[key] == item[key]
        assert str(shown["owner"]) == item["owner_id"]
        assert shown["potential"] == pytest.approx(item["potential"], rel=0.05)
        assert shown.get("issue") == item.get("location_issue")
        assert point["geometry"]["coordinates"] == item["position"]


def test_an_area_tells_what_its_accounts_are_worth(client: FlaskClient) -> None:
    lasso = {
        "type": "Polygon",
        "coordinates": [[[8.99, 50.99], [9.2, 50.99], [8.99, 51.2], [8.99, 50.99]]],
    }
    found = client.post(SELECTIONS, json={"polygon": lasso, "status": ["customer"]}).get_json()
    meant = [
        one
        for one in listed(client, status="customer", issue="none")["items"]
        if (one["position"][0] - 8.99) + (one["position"][1] - 50.99) <= 0.21
    ]
    assert found["account_ids"] == [one["account_id"] for one in meant]
    assert found["count"] == len(meant) > 1
    assert found["potential"] == pytest.approx(sum(one["potential"] for one in meant))
    assert found["visit_value"] == pytest.approx(sum(one["visit_value"] for one in meant))
    assert found["overdue"] == found["by_due"]["red"] == sum(one["due"] == "red" for one in meant)
    assert sum(found["by_segment"].values()) == sum(found["by_due"].values()) == len(meant)
    assert [(one["owner"], one["count"]) for one in found["by_owner"]] == [
        ("Ada Weber", len(meant))
    ]
    assert found["truncated"] is False


def test_without_an_area_the_filters_alone_select(client: FlaskClient) -> None:
    found = client.post(SELECTIONS, json={"owner": ["2"], "q": "firma"}).get_json()
    assert found["account_ids"] == [str(k) for k in range(16, 31)]
    # An account without a position is in no area.
    inside = client.post(SELECTIONS, json={"owner": ["2"], "polygon": EVERYWHERE}).get_json()
    assert inside["account_ids"] == [str(k) for k in range(16, 31) if k != 29]


def test_a_lasso_that_crosses_itself_means_each_of_its_parts(client: FlaskClient) -> None:
    """A bow tie: its left part holds the west, its right part the east."""
    tie = [[8.9, 50.9], [9.5, 51.5], [9.5, 50.9], [8.9, 51.5], [8.9, 50.9]]
    body = {"polygon": {"type": "Polygon", "coordinates": [tie]}}
    found = client.post(SELECTIONS, json=body).get_json()["account_ids"]
    meant = [
        one["account_id"]
        for one in listed(client, issue="none")["items"]
        if abs(one["position"][0] - 9.2) >= abs(one["position"][1] - 51.2)
    ]
    assert found == [one for one in meant if one != "30"]


@pytest.mark.parametrize(
    ("ring", "pointer", "code"),
    [
        ([[9, 51], [9.1, 51], [9.1, 51.1], [9, 51.1]], "/polygon/coordinates/0", "OPEN_RING"),
        ([[9, 51], [9.1, 51], [9.2, 51], [9, 51]], "/polygon/coordinates", "EMPTY_AREA"),
        ([[9, 51], [9.1, 51], [9, 51]], "/polygon/coordinates/0", "WRONG_LENGTH"),
        ([[9, 91], [9.1, 51], [9.2, 52], [9, 91]], "/polygon/coordinates/0/0/1", "OUT_OF_RANGE"),
    ],
)
def test_an_area_that_is_none_is_refused(
    client: FlaskClient, ring: list[list[float]], pointer: str, code: str
) -> None:
    body = {"polygon": {"type": "Polygon", "coordinates": [ring]}}
    assert_problem(client.post(SELECTIONS, json=body), 422, "INVALID_REQUEST", pointer, code)


def test_the_list_of_an_area_holds_what_its_selection_counts(client: FlaskClient) -> None:
    corners = [[8.99, 50.99], [9.2, 50.99], [8.99, 51.2]]
    lasso = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    selected = client.post(SELECTIONS, json={"polygon": lasso, "due": ["red"]}).get_json()
    outline = ",".join(str(number) for corner in corners for number in corner)
    items = paged(client, polygon=outline, due="red", sort="-name", limit=1)
    assert len(items) == selected["count"] > 1
    assert sorted((one["account_id"] for one in items), key=int) == selected["account_ids"]


@pytest.mark.parametrize(
    ("outline", "code"),
    [
        ("9,51,9.1,51", "WRONG_LENGTH"),
        ("9,51,9.1,51,9.2,52,9", "INCOMPLETE_CORNER"),
        ("9,91,9.1,51,9.2,52", "OUT_OF_RANGE"),
        ("9,51,9.1,51,9.2,51", "EMPTY_AREA"),
    ],
)
def test_an_outline_that_is_none_is_refused(client: FlaskClient, outline: str, code: str) -> None:
    problem = assert_problem(
        client.get(URL, query_string={"polygon": outline}), 422, "INVALID_REQUEST"
    )
    assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [("/polygon", code)]
