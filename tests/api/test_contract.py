"""Our models against the contract that clients were promised, where it is at hand."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.resources.openapi import openapi_document
from tests.api.small_world import trip_request

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "schemas"

ADDED: dict[str, set[str]] = {
    "RouteRequest": {"ignore_commitments"},
    "Route": {"cause", "changes", "revised_at"},
    "Day": {"limits"},
    "Overnight": {"home_allowed", "max_nights_in_a_row", "min_drive_home_s"},
    "Limits": {"max_distance_m_per_day"},
    "Break": set(),
    "Appointment": {"name", "service_duration_s", "setup_duration_s", "prize", "notes"},
}
"""Keys that came after the contract. A request without them is answered as promised."""

ADDED_TO_REASONS = {"change"}
"""Keys of reasons that came after the contract: whoever does not know them passes over them."""

REQUESTS: dict[str, dict[str, Any]] = {
    "plain": trip_request(2),
    "with lines": trip_request(1, options={"geometry": "geojson"}, label="CW 48", rep_id="1"),
    "infeasible": trip_request(1, visits=[{"account_id": "6", "required": True}]),
    "ambiguous": trip_request(3, end={"place": "Neustadt"}, visits=[]),
    "unexplained": trip_request(2, options={"explain": False}),
    "appointments": trip_request(
        1,
        appointments=[
            {
                "appointment_id": "a",
                "account_id": "8",
                "start": "2026-11-23T10:00:00+01:00",
                "end": "2026-11-23T11:00:00+01:00",
                "flexibility": "fixed",
            }
        ],
        limits={"max_detour_s": 40_000},
    ),
    "a week": {"rep_id": "1", "week": "2026-W48", "options": {"iterations": 200}},
    "own visits": trip_request(
        1,
        visits=[
            {"visit_id": "a", "location": {"position": [9.2, 51.2]}, "prize": 90},
            {"account_id": "8"},
        ],
    ),
}


def contract(name: str) -> dict[str, Any]:
    path = FOLDER / f"{name}.schema.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


@pytest.mark.parametrize("request_body", REQUESTS.values(), ids=REQUESTS)
def test_answers_keep_the_contract(client: FlaskClient, request_body: dict[str, Any]) -> None:
    answer = client.post("/api/v1/routes", json=request_body).get_json()
    validator = jsonschema_rs.Draft202012Validator(contract("route"), validate_formats=True)
    for entry in answer["unassigned"]:
        entry["reasons"] = [
            {key: value for key, value in reason.items() if key not in ADDED_TO_REASONS}
            for reason in entry["reasons"]
        ]
    assert [str(error) for error in validator.iter_errors(answer)] == []


@pytest.mark.parametrize("request_body", REQUESTS.values(), ids=REQUESTS)
def test_what_we_accept_is_within_the_contract(request_body: dict[str, Any]) -> None:
    validator = jsonschema_rs.Draft202012Validator(contract("route-request"))
    assert [str(error) for error in validator.iter_errors(request_body)] == []


def test_no_key_of_a_request_or_a_route_is_our_own_but_those_listed(app: Flask) -> None:
    ours = openapi_document(app)["components"]["schemas"]
    for name, model in (("route-request", "RouteRequest"), ("route", "Route")):
        promised = set(contract(name)["properties"])
        assert set(ours[model]["properties"]) - promised == ADDED[model]
    for model, definition in {
        "Day": "day",
        "Break": "break",
        "Appointment": "appointment",
        "VisitRequest": "visit_request",
        "CandidateFilter": "candidate_filter",
        "Overnight": "overnight",
        "Limits": "limits",
        "Costs": "costs",
    }.items():
        promised = contract("route-request")["$defs"][definition]["properties"]
        assert set(ours[model]["properties"]) - set(promised) == ADDED.get(model, set())
