"""The OpenAPI document tells the truth, and nothing that it allows makes the service fail."""

import re

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings

from api import create_app
from api.resources.openapi import openapi_document
from api.state import AppState


def test_every_endpoint_of_the_interface_is_described(app: Flask) -> None:
    paths = openapi_document(app)["paths"]
    served = {
        re.sub(r"<(?:[^<:]+:)?([^<>]+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in ("static", "page.index")
    }
    assert set(paths) == served


def test_every_operation_has_a_name_of_its_own(app: Flask) -> None:
    methods = [one for path in openapi_document(app)["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in methods]
    assert len(set(names)) == len(names)


def test_every_reference_leads_somewhere(client: FlaskClient) -> None:
    text = client.get("/openapi.json").get_data(as_text=True)
    schemas = client.get("/openapi.json").get_json()["components"]["schemas"]
    names = re.findall(r'"#/components/schemas/([^"]+)"', text)
    assert names
    assert set(names) <= set(schemas)


def test_the_documentation_page_shows_every_endpoint_schema_and_problem(
    client: FlaskClient,
) -> None:
    html = client.get("/docs").get_data(as_text=True)
    document = client.get("/openapi.json").get_json()
    for path in document["paths"]:
        assert path in html
    for name in document["components"]["schemas"]:
        assert f'id="schema-{name}"' in html
    assert 'id="NO_DIRECT_TRIP"' in html


schemathesis.checks.load_all_checks()
CHECKS = schemathesis.checks.CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_whatever_comes_in_is_answered_as_the_document_says(
    own_state: AppState, mode: schemathesis.GenerationMode
) -> None:
    """
    Requests made from the document, as it allows them and as it does not.

    They may change accounts, so the world is one that no other test has.
    """
    document = schemathesis.openapi.from_wsgi("/openapi.json", create_app(own_state))
    for found in document.get_all_operations():
        operation = found.ok()
        if mode is schemathesis.GenerationMode.NEGATIVE and not (operation.query or operation.body):
            continue  # nothing that could be wrong

        @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def answer(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity"})

        answer()
