"""The allocation of hours, and what managers expect of units."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.state import AppState
from tests.api.problems import assert_problem

URL = "/api/v1/allocation"
ANSWERS = {"at_none": 0.6, "at_present": 1.0, "at_half_more": 1.15, "at_saturation": 1.4}
LEVELS = ("rep", "region", "segment", "account")


def asked(client: FlaskClient, **query: Any) -> dict[str, Any]:
    response = client.get(URL, query_string=query)
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


def said(client: FlaskClient, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return client.post(URL, json=body, headers=headers)


@pytest.mark.parametrize("curve", ["visits", "power"])
@pytest.mark.parametrize("level", LEVELS)
def test_hours_of_the_units_add_up_before_and_after(
    client: FlaskClient, level: str, curve: str
) -> None:
    found = asked(client, level=level, curve=curve, limit=500)
    units = found["units"]
    assert len(units) == found["unit_count"] >= 1
    assert sum(unit["hours"] for unit in units) == pytest.approx(found["hours_today"], abs=0.2)
    best = sum(unit["best_hours"] for unit in units) + found["unspent_hours"]
    assert best == pytest.approx(found["budget_hours"], abs=0.2)
    assert sum(unit["account_count"] for unit in units) == found["account_count"]
    assert sum(unit["contribution"] for unit in units) == pytest.approx(
        found["contribution_today"], abs=0.5
    )
    assert sum(unit["gain"] for unit in units) == pytest.approx(found["gain"], abs=0.5)
    assert found["gain"] >= 0
    assert sum(unit["factor"] for unit in units) == pytest.approx(1, abs=1e-4)
    assert found["bound"] == pytest.approx(found["contribution_best"], abs=0.05)


def test_value_of_an_hour_is_alike_where_no_limit_stops_it(client: FlaskClient) -> None:
    found = asked(client, level="account", b=0.3, least=0, most=10, limit=500)
    curves = [unit for unit in found["units"] if unit["best_hours"] > 0.5]
    assert len(curves) > 2
    # By the last bit of its own curve, each brings what one more hour of all brings.
    for unit in curves[:5]:
        only = asked(client, level="account", b=0.3, least=0, most=10, unit_id=unit["unit_id"])
        assert only["units"][0]["best_hours"] == unit["best_hours"]
        assert only["value_of_hour"] == found["value_of_hour"]


def test_limits_keep_every_unit_between_half_and_twice_its_hours(client: FlaskClient) -> None:
    for unit in asked(client, level="rep")["units"]:
        assert 0.5 * unit["hours"] - 0.01 <= unit["best_hours"] <= 2 * unit["hours"] + 0.01
        assert unit["band_low"] - 0.01 <= unit["band_high"]


def test_todays_point_lies_on_the_curve(client: FlaskClient) -> None:
    for unit in asked(client, level="segment")["units"]:
        hours, values = zip(*unit["points"], strict=True)
        assert list(hours) == sorted(hours)
        assert list(values) == sorted(values)
        near = min(unit["points"], key=lambda point: abs(point[0] - unit["hours"]))
        step = hours[1] - hours[0]
        assert abs(near[1] - unit["contribution"]) <= (unit["value_of_hour"] or 0) * 2 * step + 0.02


def test_the_band_tells_all_three_elasticities(client: FlaskClient) -> None:
    found = asked(client)
    assert [entry["b"] for entry in found["band"]] == [0.2, 0.3, 0.4]
    values = [entry["value_of_hour"] for entry in found["band"]]
    assert values == sorted(values)
    assert {entry["contribution_today"] for entry in found["band"]} == {found["contribution_today"]}


def test_power_curves_make_more_of_an_hour_and_are_said_to(client: FlaskClient) -> None:
    visits, power = asked(client, b=0.3), asked(client, b=0.3, curve="power")
    assert power["value_of_hour"] > visits["value_of_hour"]
    assert any("power curve" in note for note in power["notes"])


def test_reps_that_pay_go_by_the_cost_of_an_hour(client: FlaskClient) -> None:
    reps = asked(client)["reps"]
    assert reps["today"] == 2
    # An hour costs EUR 45, and the kilometres in it.
    assert 45 < reps["cost_of_hour"] < 100
    assert reps["low"] <= reps["high"]
    assert reps["one_more_costs"] == pytest.approx(
        reps["hours_per_rep"] * reps["cost_of_hour"], rel=1e-2
    )


def test_fewer_hours_may_be_shared_but_not_fewer_than_units_keep(client: FlaskClient) -> None:
    today = asked(client)["hours_today"]
    less = asked(client, budget_hours=0.8 * today)
    assert sum(unit["best_hours"] for unit in less["units"]) == pytest.approx(0.8 * today, abs=0.1)
    response = client.get(URL, query_string={"budget_hours": 0.1 * today})
    assert_problem(response, 422, "INVALID_REQUEST", "/budget_hours", "OUT_OF_RANGE")


def test_hours_without_use_are_told(client: FlaskClient) -> None:
    today = asked(client)["hours_today"]
    found = asked(client, budget_hours=5 * today)
    assert found["unspent_hours"] == pytest.approx(3 * today, rel=0.01)
    assert found["value_of_hour"] == 0


def test_an_account_gets_whole_visits(client: FlaskClient) -> None:
    units = asked(client, level="account", limit=500)["units"]
    assert all(isinstance(unit["best_visits"], int) for unit in units)
    assert "best_visits" not in asked(client, level="rep")["units"][0]


def test_one_unit_can_be_asked_for(client: FlaskClient) -> None:
    everybody = asked(client, sort="name")
    unit = everybody["units"][1]
    only = asked(client, unit_id=unit["unit_id"])
    assert only["units"] == [unit]
    assert only["unit_count"] == everybody["unit_count"]


@pytest.mark.parametrize("sort", ["gain", "index", "hours", "contribution"])
def test_units_come_largest_first(client: FlaskClient, sort: str) -> None:
    units = asked(client, level="account", sort=sort, limit=500)["units"]
    values = [unit[sort] for unit in units if sort in unit]
    assert values == sorted(values, reverse=True)
    assert len(asked(client, level="account", sort=sort, limit=3)["units"]) == 3


def test_a_rep_can_be_looked_into(client: FlaskClient) -> None:
    rep = asked(client, sort="name")["units"][0]
    accounts = asked(client, level="account", rep_id=rep["unit_id"], limit=500)
    assert accounts["account_count"] == rep["account_count"]
    assert accounts["hours_today"] == pytest.approx(rep["hours"], abs=0.1)


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"rep_id": "99"}, "/rep_id", "UNKNOWN_REP"),
        ({"segment": "huge"}, "/segment", "UNKNOWN_SEGMENT"),
        ({"unit_id": "99"}, "/unit_id", "UNKNOWN_REP"),
        ({"level": "region", "unit_id": "xx"}, "/unit_id", "UNKNOWN_REGION"),
        ({"level": "team"}, "/level", "UNKNOWN_VALUE"),
        ({"b": "1"}, "/b", "OUT_OF_RANGE"),
        ({"b": "nan"}, "/b", "OUT_OF_RANGE"),
        ({"least": "2"}, "/least", "OUT_OF_RANGE"),
        ({"budget_hours": "0"}, "/budget_hours", "OUT_OF_RANGE"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    client: FlaskClient, query: dict[str, str], pointer: str, code: str
) -> None:
    assert_problem(client.get(URL, query_string=query), 422, "INVALID_REQUEST", pointer, code)


def test_accounts_of_nobody_make_an_empty_answer(client: FlaskClient) -> None:
    found = asked(client, postcode_prefix="nowhere")
    assert (found["unit_count"], found["units"]) == (0, [])
    assert (found["hours_today"], found["gain"], found["gain_share"]) == (0, 0, 0)
    assert "reps" not in found


def test_answers_of_a_manager_replace_the_curve_of_a_unit(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    before = asked(fresh_client, sort="name")
    unit = before["units"][0]
    response = said(
        fresh_client, level="rep", unit_id=unit["unit_id"], **ANSWERS, reason="Talk of May"
    )
    assert response.status_code == 200
    body = response.get_json()
    assert body["version"] == 1
    assert body["versions"][0]["reason"] == "Talk of May"
    stored = body["items"][0]
    # d = 0.4/0.4 = 1; g = ln(1 x 0.55/0.25)/ln 1.5 = 1.9446.
    assert (stored["half_point"], stored["shape"]) == (1.0, pytest.approx(1.9446, abs=1e-4))
    after = asked(fresh_client, sort="name", unit_id=unit["unit_id"])
    assert after["policy_version"] == 1
    changed = after["units"][0]
    assert (changed["basis"], changed["answers"]) == ("answers", ANSWERS)
    assert changed["contribution"] == pytest.approx(unit["contribution"], abs=0.02)
    # (0.8 x 1.9446 x 1)/(1 + 1)**2 percent of sales for a percent of hours.
    assert changed["elasticity"] == pytest.approx(0.8 * 1.9446 / 4, abs=1e-4)
    assert changed["points"][0][1] == pytest.approx(0.6 * unit["contribution"], abs=0.02)
    # The other one is as it was, and so are other levels.
    other = asked(fresh_client, sort="name")["units"][1]
    assert other["basis"] == "model"
    for key in ("hours", "contribution", "elasticity", "value_of_hour"):
        assert other[key] == before["units"][1][key]
    assert asked(fresh_client, level="segment")["units"][0]["basis"] == "model"


def test_going_back_to_the_model_is_a_version_too(fresh_client: FlaskClient) -> None:
    unit = asked(fresh_client, level="segment")["units"][0]["unit_id"]
    about = {"level": "segment", "unit_id": unit}
    assert said(fresh_client, **about, **ANSWERS, reason="A guess").status_code == 200
    back = said(fresh_client, **about, reason="Wrong guess")
    assert back.status_code == 200
    assert (back.get_json()["version"], back.get_json()["items"]) == (2, [])
    assert asked(fresh_client, level="segment", unit_id=unit)["units"][0]["basis"] == "model"
    listed = fresh_client.get(f"{URL}/answers")
    assert listed.headers["ETag"] == '"2"'
    assert [one["reason"] for one in listed.get_json()["versions"]] == ["Wrong guess", "A guess"]


def test_answers_of_regions_count_for_regions_of_that_length(fresh_client: FlaskClient) -> None:
    unit = asked(fresh_client, level="region", prefix_length=3)["units"][0]["unit_id"]
    assert (
        said(fresh_client, level="region", unit_id=unit, **ANSWERS, reason="x").status_code == 200
    )
    at = {"level": "region"}
    assert asked(fresh_client, **at, prefix_length=3)["units"][0]["basis"] == "answers"
    assert asked(fresh_client, **at, prefix_length=2)["units"][0]["basis"] == "model"


def test_answers_about_an_outdated_version_are_refused(fresh_client: FlaskClient) -> None:
    unit = asked(fresh_client)["units"][0]["unit_id"]
    about = {"level": "rep", "unit_id": unit, **ANSWERS, "reason": "x"}
    assert said(fresh_client, {"If-Match": '"0"'}, **about).status_code == 200
    response = said(fresh_client, {"If-Match": '"0"'}, **about)
    assert_problem(response, 412, "PRECONDITION_FAILED")


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"unit_id": "99"}, "/unit_id", "UNKNOWN_REP"),
        ({"at_half_more": 0.9}, "", "INVALID_ANSWERS"),
        ({"at_none": None}, "/at_none", "MISSING"),
        ({"at_none": -1}, "/at_none", "OUT_OF_RANGE"),
        ({"reason": ""}, "/reason", "WRONG_LENGTH"),
        (dict.fromkeys(ANSWERS), "/at_none", "MISSING"),
    ],
)
def test_answers_that_make_no_curve_are_refused(
    client: FlaskClient, change: dict[str, Any], pointer: str, code: str
) -> None:
    unit = asked(client)["units"][0]["unit_id"]
    body = {"level": "rep", "unit_id": unit, **ANSWERS, "reason": "x", **change}
    assert_problem(said(client, **body), 422, "INVALID_REQUEST", pointer, code)
