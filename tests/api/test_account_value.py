"""What one account is worth, and accounts ordered by it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.services.fit_models import fit_now
from api.state import AppState
from tests.api.problems import assert_problem

API = "/api/v1"


@pytest.fixture(params=["assumed", "fitted"])
def client(
    request: pytest.FixtureRequest, fresh_client: FlaskClient, fresh_state: AppState
) -> FlaskClient:
    if request.param == "fitted":
        fit_now(fresh_state)
    return fresh_client


def value_of(client: FlaskClient, account_id: int) -> dict[str, Any]:
    response = client.get(f"{API}/accounts/{account_id}/value")
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


def items(client: FlaskClient, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"{API}/accounts?{query}").get_json()["items"]
    return found


def test_customer_value_is_orders_times_contribution_of_one(client: FlaskClient) -> None:
    for account_id in range(1, 31):
        worth = value_of(client, account_id)["customer_value"]
        product = worth["expected_orders"] * worth["margin_per_order"]
        assert worth["value"] == pytest.approx(product, rel=1e-3, abs=0.5)
        assert worth["margin_per_order"] == pytest.approx(
            worth["margin_share"] * worth["order_amount"], rel=1e-3, abs=0.5
        )


def test_visit_value_follows_from_its_parts(client: FlaskClient) -> None:
    for account_id in range(1, 31):
        visit = value_of(client, account_id)["visit_value"]
        n, b = visit["visits_per_month"], visit["elasticity"]
        expected = visit["margin_share"] * visit["base_per_month"] * ((2 + n) ** b - (1 + n) ** b)
        assert visit["value"] == pytest.approx(expected, rel=2e-3, abs=0.02)
        assert 0 <= visit["low"] <= visit["value"] + 0.01
        assert visit["value"] <= visit["high"] + 0.01
        assert visit["elasticity_low"] <= b <= visit["elasticity_high"]


def test_the_value_of_a_visit_is_that_of_lists_and_plans(client: FlaskClient) -> None:
    for item in items(client, "limit=50"):
        assert value_of(client, item["account_id"])["visit_value"]["value"] == item["visit_value"]


def test_who_never_ordered_has_no_churn_risk_but_a_value_from_potential(
    client: FlaskClient,
) -> None:
    """Account 4 is a prospect with a potential; every third has no orders."""
    worth = value_of(client, 4)
    assert "churn" not in worth
    assert worth["visit_value"]["value"] > 0
    assert worth["visit_value"]["own_share"] == 0
    assert worth["potential"]["basis"] == "stated"
    (item,) = [item for item in items(client, "limit=50") if item["account_id"] == "4"]
    assert "churn_risk" not in item


def test_growth_is_what_is_missing_to_the_target(client: FlaskClient) -> None:
    for account_id in range(1, 31):
        growth = value_of(client, account_id)["growth"]
        assert growth["growth"] == pytest.approx(growth["target"] - growth["sales"], abs=0.02)
        assert growth["growth"] >= 0


def test_an_account_that_is_not_there_has_no_value(client: FlaskClient) -> None:
    for account_id in ("999", "x", "-1"):
        assert_problem(client.get(f"{API}/accounts/{account_id}/value"), 404, "NOT_FOUND")


@pytest.mark.parametrize("name", ["customer_value", "churn_risk", "growth", "visit_value"])
def test_accounts_are_ordered_by_what_they_are_worth(client: FlaskClient, name: str) -> None:
    figures = [item.get(name, -1.0) for item in items(client, f"sort={name}&limit=50")]
    assert len(figures) == 30
    assert figures == sorted(figures, reverse=True)
    assert len(set(figures)) > 3
    pages, query = list[float](), f"sort=-{name}&limit=7"
    cursor = ""
    while True:
        page = client.get(f"{API}/accounts?{query}{cursor}").get_json()
        pages += [item.get(name, -1.0) for item in page["items"]]
        if "next_cursor" not in page:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert pages == sorted(figures)


def test_those_on_the_way_are_ordered_by_what_they_are_worth(client: FlaskClient) -> None:
    way = f"{API}/on-the-way?from=Anfang&to=Ostburg&limit=50"
    for name in ("customer_value", "churn_risk"):
        found = client.get(f"{way}&sort={name}").get_json()["items"]
        figures = [item.get(name, -1.0) for item in found]
        assert len(figures) > 5
        assert figures == sorted(figures, reverse=True)


def test_points_of_the_map_say_value_and_risk(client: FlaskClient) -> None:
    points = client.get(f"{API}/accounts.geojson").get_json()["features"]
    known = {item["account_id"]: item for item in items(client, "limit=50")}
    assert len(points) == 29
    for point in points:
        item, told = known[str(point["id"])], point["properties"]
        # Two digits: off by 5 % at most, and by a whole unit where it is small.
        assert told["value"] == pytest.approx(item["customer_value"], rel=0.05, abs=1)
        if "churn_risk" in item:
            assert told["risk"] == pytest.approx(100 * item["churn_risk"], abs=0.51)
        else:
            assert "risk" not in told
