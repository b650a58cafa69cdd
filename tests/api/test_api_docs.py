"""docs/api.md knows every key and every code that a client can meet."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

from api.resources.openapi import openapi_document
from api.resources.validation import CODES

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "api.md").read_text()
CODE = re.compile(r"[A-Z][A-Z_]{3,}")


def codes_in_services() -> set[str]:
    """Upper-case words given to Fault and Warning_."""
    found = set()
    for path in (ROOT / "api" / "services").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Fault", "Warning_"):
                values = [*node.args, *(keyword.value for keyword in node.keywords)]
                found |= {
                    value.value
                    for value in values
                    if isinstance(value, ast.Constant) and CODE.fullmatch(str(value.value))
                }
    return found


def test_every_code_of_a_fault_or_warning_is_explained() -> None:
    codes = {*CODES.values(), "WRONG_TYPE", *codes_in_services()}
    assert len(codes) > 25
    assert {code for code in codes if f"`{code}`" not in TEXT} == set()


@pytest.mark.parametrize(
    "model",
    [
        "RouteRequest",
        "Place",
        "Day",
        "DayLimits",
        "Break",
        "Appointment",
        "PreferredPlace",
        "VisitRequest",
        "TimeWindow",
        "CandidateFilter",
        "Overnight",
        "Limits",
        "Costs",
        "Options",
        "Route",
        "Stop",
        "Why",
        "Totals",
        "Leg",
        "Unassigned",
        "ReasonAnswer",
        "OnTheWay",
        "OnTheWayItem",
        "AccountCard",
        "AccountFacts",
        "AddressFacts",
        "AccountBatchResult",
        "AccountChangeList",
        "DeletedAccount",
        "ExternalAccount",
        "OpeningFacts",
        "OrderFacts",
        "OrderResult",
        "OwnerAnswer",
        "RepAnswer",
        "RepFacts",
        "Selection",
        "SelectionRequest",
        "VisitFacts",
        "VisitResult",
        "PlaceHit",
        "Problem",
        "ReplanRequest",
        "ReplanOptions",
        "Changes",
        "ChangedVisit",
        "RevisionItem",
        "RouteItem",
        "Acceptance",
        "ImportState",
        "FileFormat",
        "ImportColumn",
        "ImportProblem",
        "ImportProgress",
        "ImportReportAnswer",
        "RowNote",
        "RunRequest",
        "MappingRequest",
        "InsertionRequest",
        "Insertions",
        "SlotAnswer",
    ],
)
def test_every_key_is_explained(app: Flask, model: str) -> None:
    keys = openapi_document(app)["components"]["schemas"][model]["properties"]
    assert {key for key in keys if not re.search(rf"\b{key}\b", TEXT)} == set()


def test_every_parameter_is_explained(app: Flask) -> None:
    for methods in openapi_document(app)["paths"].values():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                assert re.search(rf"\b{parameter['name']}\b", TEXT), parameter["name"]
