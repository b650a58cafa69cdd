"""The matrix of potential and visit value, and the lists and points of its cells."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.state import AppState
from data.tables import PolicySubject
from tests.api.problems import assert_problem

URL = "/api/v1/matrix"
ACCOUNTS = "/api/v1/accounts"
CELLS = ["raise_frequency", "reactivate_acquire", "keep", "telesales"]


def asked(client: FlaskClient, **query: Any) -> dict[str, Any]:
    response = client.get(URL, query_string=query)
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


def listed(client: FlaskClient, **query: Any) -> dict[str, Any]:
    response = client.get(ACCOUNTS, query_string={**query, "limit": 1000})
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


def test_cells_hold_every_account_once_on_the_side_that_the_thresholds_say(
    client: FlaskClient,
) -> None:
    found = asked(client)
    assert [one["cell"] for one in found["cells"]] == CELLS
    potential, value = (
        found[name]["value"] for name in ("potential_threshold", "visit_value_threshold")
    )
    everybody = listed(client)["items"]
    for cell, is_large, is_worth in zip(
        CELLS, (True, True, False, False), (True, False, True, False), strict=True
    ):
        meant = [
            one["account_id"]
            for one in everybody
            if (one["potential"] >= potential) == is_large
            and (one["visit_value"] >= value) == is_worth
        ]
        mine = listed(client, cell=cell)
        assert [one["account_id"] for one in mine["items"]] == meant
        figures = found["cells"][CELLS.index(cell)]
        assert figures["account_count"] == len(meant)
        assert sum(figures["by_status"].values()) == len(meant)
    assert sum(one["account_count"] for one in found["cells"]) == found["account_count"] == 30


def test_the_thresholds_are_the_medians_unless_others_are_asked_for(client: FlaskClient) -> None:
    everybody = sorted(one["potential"] for one in listed(client)["items"])
    found = asked(client)
    assert found["potential_threshold"] == {
        "value": (everybody[14] + everybody[15]) / 2,
        "basis": "median",
    }
    other = asked(client, potential=100_000, visit_value=1e6)
    assert other["potential_threshold"] == {"value": 100_000, "basis": "asked"}
    assert other["cells"][0]["account_count"] == other["cells"][2]["account_count"] == 0
    large = listed(client, min_potential=100_000)["total"]
    assert other["cells"][1]["account_count"] == large
    same = listed(client, cell="reactivate_acquire", cell_potential=100_000, cell_visit_value=1e6)
    assert same["total"] == large


def test_a_cell_opens_on_the_map_and_as_a_selection(client: FlaskClient) -> None:
    cell = {"cell": "telesales,keep"}
    ids = {one["account_id"] for one in listed(client, **cell)["items"] if "position" in one}
    points = client.get(f"{ACCOUNTS}.geojson", query_string=cell).get_json()["features"]
    assert {str(one["id"]) for one in points} == ids
    body = {"cell": ["telesales", "keep"]}
    selected = client.post(f"{ACCOUNTS}/selections", json=body).get_json()
    assert selected["count"] == listed(client, **cell)["total"]


def test_parts_add_up_to_the_whole(client: FlaskClient) -> None:
    whole, ada, ben = asked(client), asked(client, rep_id="1"), asked(client, rep_id="2")
    for k in range(4):
        for key in ("account_count", "visits", "potential"):
            parts = ada["cells"][k][key] + ben["cells"][k][key]
            assert whole["cells"][k][key] == pytest.approx(parts)
    # A rep's cells are cut where everybody's are.
    assert ada["potential_threshold"] == whole["potential_threshold"]
    assert asked(client, postcode_prefix="34")["account_count"] == 30
    assert asked(client, postcode_prefix="9")["account_count"] == 0


def test_a_region_opens_as_a_list(client: FlaskClient) -> None:
    everybody = listed(client)["items"]
    for prefix in ("341", "9"):
        meant = [one for one in everybody if one["postcode"].startswith(prefix)]
        assert listed(client, postcode_prefix=prefix)["items"] == meant
    assert listed(client, postcode_prefix="341", cell="keep")["total"] < len(everybody)


def test_visits_and_hours_are_those_of_the_period(client: FlaskClient) -> None:
    """20 accounts had a visit 30 to 200 days ago, so all lie within a year, and not in a month."""
    year = asked(client)
    assert year["visits"] == 20
    assert sum(one["visits"] for one in year["cells"]) == 20
    assert sum(one["visit_share"] for one in year["cells"]) == pytest.approx(1, abs=2e-4)
    # Each was noted with 40 minutes.
    assert sum(one["service_hours"] for one in year["cells"]) == pytest.approx(
        20 * 40 / 60, abs=0.2
    )
    assert asked(client, months=1)["visits"] < 5
    for one in year["cells"]:
        assert one["hours"] == pytest.approx(one["service_hours"] + one["travel_hours"], abs=0.11)


def test_the_telesales_case_is_about_the_last_cell(client: FlaskClient) -> None:
    found = asked(client)
    last, case = found["cells"][3], found["telesales"]
    assert case["visits"] == last["visits"] > 0
    assert case["visit_share"] == last["visit_share"]
    assert case["freed_hours"] == last["hours"]
    assert case["freed_cost"] == last["cost"]
    # A call takes 10 + 5 minutes of somebody at 35 an hour with 20 % overhead.
    assert case["call_cost"] == pytest.approx(case["visits"] * 0.25 * 35 * 1.2)
    assert case["saved"] == pytest.approx(
        case["freed_cost"] - case["call_cost"] - case["lost_contribution"], abs=0.02
    )
    assert case["shifted"] == pytest.approx(
        case["gained_contribution"] - case["call_cost"] - case["lost_contribution"], abs=0.02
    )


def test_nobody_is_in_no_cell_and_nothing_is_freed(client: FlaskClient) -> None:
    found = asked(client, postcode_prefix="x")
    assert found["account_count"] == found["visits"] == found["telesales"]["more_visits"] == 0
    assert any("No visit" in note for note in found["notes"])


def test_thresholds_of_nothing_say_that_they_part_nobody(client: FlaskClient) -> None:
    notes = asked(client, potential=0, visit_value=0)["notes"]
    assert len(notes) == 2
    assert asked(client)["notes"] == []


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"rep_id": "99"}, "/rep_id", "UNKNOWN_REP"),
        ({"segment": "large"}, "/segment", "UNKNOWN_SEGMENT"),
        ({"months": 0}, "/months", "OUT_OF_RANGE"),
        ({"potential": -1}, "/potential", "OUT_OF_RANGE"),
        ({"colour": "red"}, "/colour", "UNKNOWN_KEY"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    client: FlaskClient, query: dict[str, Any], pointer: str, code: str
) -> None:
    response = client.get(URL, query_string=query)
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


def test_a_cell_that_is_none_is_refused(client: FlaskClient) -> None:
    response = client.get(ACCOUNTS, query_string={"cell": "stars"})
    assert_problem(response, 422, "INVALID_REQUEST")


def test_thresholds_that_managers_set_count_in_the_matrix_and_in_lists(own_state: AppState) -> None:
    client = create_app(own_state).test_client()
    before = asked(client)
    body = {"matrix_potential": 150_000, "reason": "Below it nobody pays a journey"}
    assert client.put("/api/v1/market", json=body).status_code == 200
    found = asked(client)
    assert found["potential_threshold"] == {"value": 150_000, "basis": "set"}
    assert found["visit_value_threshold"] == before["visit_value_threshold"]
    assert (before["policy_version"], found["policy_version"]) == (0, 1)
    for one in found["cells"]:
        assert listed(client, cell=one["cell"])["total"] == one["account_count"]
    assert PolicySubject.MARKET in own_state.snapshot().policies
