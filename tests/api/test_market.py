"""Markets of regions, reps and segments, categories, and odd prices."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from api import create_app
from api.state import AppState
from data.tables import SalesOrder
from tests.api.problems import assert_problem
from tests.api.small_world import TODAY
from tests.data.builders import add_order

URL = "/api/v1/market"


def asked(client: FlaskClient, **query: Any) -> dict[str, Any]:
    response = client.get(URL, query_string=query)
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


@pytest.mark.parametrize("by", ["region", "rep", "segment"])
def test_markets_add_up_to_the_whole(client: FlaskClient, by: str) -> None:
    found = asked(client, by=by)
    counts = ("account_count", "customer_count", "visits")
    for key in (*counts, "potential", "base_potential", "revenue", "growth"):
        assert sum(one[key] for one in found["markets"]) == pytest.approx(found["total"][key])
    for one in (found["total"], *found["markets"]):
        if one["potential"]:
            assert one["share"] == pytest.approx(one["revenue"] / one["potential"], abs=1e-4)
        assert one["gap"] == pytest.approx(max(0, one["target"] - one["revenue"]), abs=0.02)
    gaps = [one["gap"] for one in found["markets"]]
    assert gaps == sorted(gaps, reverse=True)


def test_a_market_of_a_rep_has_their_name(client: FlaskClient) -> None:
    found = asked(client, by="rep")["markets"]
    assert {(one["market"], one["name"]) for one in found} == {
        ("1", "Ada Weber"),
        ("2", "Ben Vogt"),
    }
    items = client.get("/api/v1/accounts?owner=1&limit=100").get_json()["items"]
    ada = next(one for one in found if one["market"] == "1")
    assert ada["potential"] == pytest.approx(sum(one["potential"] for one in items))
    customers = [one for one in items if one["status"] == "customer"]
    assert ada["base_potential"] == pytest.approx(sum(one["potential"] for one in customers))


def test_regions_are_the_beginnings_of_postcodes(client: FlaskClient) -> None:
    assert [one["market"] for one in asked(client, digits=3)["markets"]] == ["341"]
    assert asked(client, postcode_prefix="99")["markets"] == []


def test_categories_hold_every_account_and_say_who_is_seen_often_enough(
    client: FlaskClient,
) -> None:
    found = asked(client)
    categories = found["categories"]
    assert [one["name"] for one in categories] == ["A", "B", "C", "D"]
    assert sum(one["account_count"] for one in categories) == 30
    items = client.get("/api/v1/accounts?min_potential=250000&limit=100").get_json()["items"]
    assert categories[0]["account_count"] == len(items)
    # Nobody was seen twelve times a year.
    assert categories[0]["served_share"] == 0
    assert 0 < categories[0]["visits_per_account"] < 1


def test_targets_are_the_share_that_managers_set_and_less_where_it_is_crowded(
    own_state: AppState,
) -> None:
    client = create_app(own_state).test_client()
    before = asked(client)
    assert before["target_basis"] == "peers"
    said: dict[str, Any] = {"target_share": 0.25, "reason": "We are not alone"}
    first = client.put(URL, json=said, headers={"If-Match": '"0"'})
    assert first.status_code == 200, first.get_data(as_text=True)
    found = asked(client)
    assert (found["target_basis"], found["target_share"]) == ("set", 0.25)
    assert found["total"]["target"] == pytest.approx(0.25 * found["total"]["potential"], abs=0.02)
    crowded = {**said, "crowded_prefixes": ["34"], "crowded_share": 0.08}
    assert client.put(URL, json=crowded, headers={"If-Match": '"1"'}).status_code == 200
    found = asked(client)
    assert found["total"]["target_share"] == 0.08
    assert found["total"]["target"] == pytest.approx(0.08 * found["total"]["potential"], abs=0.02)
    late = client.put(URL, json=said, headers={"If-Match": '"1"'})
    assert_problem(late, 412, "PRECONDITION_FAILED")
    # What is missing gets its default: nothing is taken over from the version before.
    assert client.put(URL, json={"reason": "Begin again"}).status_code == 200
    found = asked(client)
    assert found["settings"] == before["settings"]
    assert [one["version"] for one in found["versions"]] == [3, 2, 1]


def test_who_earns_unlike_the_others_stands_out(fresh_state: AppState) -> None:
    """Ten accounts of a segment sell at about 30 %, one of them at 10 %."""
    client = create_app(fresh_state).test_client()
    assert asked(client)["odd_count"] == 0  # nobody has a known margin or three orders
    with fresh_state.database.session() as session:
        session.execute(delete(SalesOrder))
        for k in range(10):
            account_id = 2 * k + 2  # all of segment 10k_100k
            margin = 0.10 if k == 4 else 0.30 + 0.01 * (k % 3)
            for day in (10, 40, 70):
                amount = 500_000
                add_order(
                    session,
                    account_id,
                    TODAY - timedelta(days=day),
                    amount_cents=amount,
                    margin_cents=round(margin * amount),
                )
    found = asked(client)
    assert found["compared_count"] == 10
    (odd,) = found["odd"]
    assert (odd["account_id"], odd["measure"]) == ("10", "margin")
    assert odd["value"] == 0.1
    assert odd["usual"] == pytest.approx(0.305, abs=0.006)
    assert odd["robust_z"] < -3.5
    assert odd["like_count"] == 10
    # 15,000 EUR at the usual margin instead of 10 %.
    assert odd["at_stake"] == pytest.approx((odd["usual"] - 0.1) * 15_000, abs=0.5)
    assert asked(client, rep_id="2")["odd_count"] == 0  # it is Ada's


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"target_share": 0.2}, "/reason", "MISSING"),
        ({"reason": "a", "target_share": 0}, "/target_share", "OUT_OF_RANGE"),
        ({"reason": "a", "crowded_share": 0.3}, "/crowded_share", "OUT_OF_RANGE"),
        (
            {
                "reason": "a",
                "categories": [{"name": "A", "potential_from": 5, "visits_per_year": 1}],
            },
            "/categories",
            "INVALID_SETTINGS",
        ),
        ({"reason": "a", "crowded_prefixes": [""]}, "/crowded_prefixes/0", "WRONG_LENGTH"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    client: FlaskClient, said: dict[str, Any], pointer: str, code: str
) -> None:
    assert_problem(client.put(URL, json=said), 422, "INVALID_REQUEST", pointer, code)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [({"by": "planet"}, "/by"), ({"digits": 0}, "/digits"), ({"rep_id": "x"}, "/rep_id")],
)
def test_a_question_that_is_none_is_refused(
    client: FlaskClient, query: dict[str, Any], pointer: str
) -> None:
    response = client.get(URL, query_string=query)
    assert_problem(response, 422, "INVALID_REQUEST", pointer)
