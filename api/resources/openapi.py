"""The OpenAPI 3.1 document, assembled from the operations, and a page that shows it."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, Response, current_app, render_template
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from api.errors import PROBLEMS
from api.resources.http import json_response
from api.resources.idempotency import HEADER, KEY_PATTERN, REPLAYED
from api.resources.operation import RESPOND_ASYNC, Operation, operation
from api.resources.upload import FORM
from api.schemas.planning_round import MONTH
from api.schemas.problem import Problem

blueprint = Blueprint("openapi", __name__, template_folder="templates")

REF = "#/components/schemas/"
PROBLEM_MEDIA = "application/problem+json"

FILE_BODY = {
    FORM: {
        "schema": {
            "type": "object",
            "required": ["file"],
            "properties": {
                "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                "options": {"type": "string", "contentMediaType": "application/json"},
            },
        }
    },
    "application/octet-stream": {"schema": {"type": "string"}},
}
"""A file as a part of a form, or as the body; of the latter any type is taken."""

ANY_TEXT = {"type": "string"}

PATH_PARTS = {"month": {"type": "string", "pattern": MONTH}}
"""Parts of addresses that are not any text: other addresses begin alike."""

PROBLEM_TEXTS = {
    400: "The body or a header cannot be read.",
    404: "Nothing is stored under this address.",
    409: "It cannot be done now, or not any more; `code` says why.",
    412: "What is stored is not the version that `If-Match` names.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "A value cannot be used; `errors` points to it.",
    500: "A fault on our side.",
    503: "The service is loading; try again after `Retry-After` seconds.",
}


@blueprint.get("/openapi.json")
@operation("This document")
def document() -> Response:
    return json_response(openapi_document(current_app))


@blueprint.get("/docs")
@operation("This document as a page", media="text/html")
def page() -> str:
    return render_template("docs.html", document=openapi_document(current_app), problems=PROBLEMS)


def openapi_document(app: Flask) -> dict[str, Any]:
    """The document of an application."""
    routes = list(_routes(app))
    models: set[type[BaseModel]] = {Problem}
    for _, _, found in routes:
        given = (found.body, found.bulk, found.query, found.answer, found.unfinished)
        models |= {model for model in given if model is not None}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, definitions = models_json_schema(
        [(model, "validation") for model in ordered], ref_template=REF + "{model}"
    )
    schemas: dict[str, Any] = definitions["$defs"]
    paths: dict[str, dict[str, Any]] = {}
    for rule, view, found in routes:
        path = re.sub(r"<(?:[^<:]+:)?([^<>]+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _described(
                rule, view, found, schemas, method
            )
    queries = {found.query.__name__ for _, _, found in routes if found.query is not None}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Territour",
            "version": "1",
            "description": "Which customers to visit on the way from A to B.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": {name: s for name, s in schemas.items() if name not in queries}},
    }


def _routes(app: Flask) -> Iterator[tuple[Rule, Any, Operation]]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        found = getattr(view, "operation", None)
        if found is not None:
            yield rule, view, found


def _described(
    rule: Rule, view: Any, found: Operation, schemas: dict[str, Any], method: str
) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": PATH_PARTS.get(name, ANY_TEXT)}
        for name in sorted(rule.arguments)
    ]
    if found.query is not None:
        parameters += _query_parameters(schemas[found.query.__name__])
    parameters += _header_parameters(found, method)
    if found.answer is not None:
        schema: dict[str, Any] = {"$ref": REF + found.answer.__name__}
    else:
        schema = {"type": "object" if "json" in found.media else "string"}
    if found.unfinished is not None and found.status == 200:
        schema = {"anyOf": [schema, {"$ref": REF + found.unfinished.__name__}]}
    problem = {"schema": {"$ref": REF + Problem.__name__}}
    responses: dict[str, Any] = {
        str(status): {
            "description": found.summary,
            "content": {found.media: {"schema": schema}},
        }
        for status in (found.status, *found.also)
    }
    if found.status == 204:
        del responses["204"]["content"]
    if method == "POST":
        responses[str(found.status)]["headers"] = {
            REPLAYED: _header("`true` where the answer is that of a former request with the key.")
        }
    if found.unfinished is not None and method != "GET":
        unfinished = {"schema": {"$ref": REF + found.unfinished.__name__}}
        responses["202"] = {
            "description": "It is not finished yet; its own address says how far it is.",
            "content": {"application/json": unfinished},
        }
        if RESPOND_ASYNC in found.prefers:
            responses["202"]["headers"] = {
                "Location": _header("Where it will be."),
                "Preference-Applied": _header(f"`{RESPOND_ASYNC}`"),
            }
    if found.stream is not None:
        responses["200"] = {
            "description": found.stream,
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    if found.not_modified:
        responses["304"] = {"description": "Unchanged since the `ETag` that was sent."}
    keyed = (400, 409, 422) if method == "POST" else ()
    if found.guarded:
        keyed = (*keyed, 409, 412)
    for status in sorted({*found.problems, *keyed, 500}):
        responses[str(status)] = {
            "description": PROBLEM_TEXTS[status],
            "content": {PROBLEM_MEDIA: problem},
        }
    described: dict[str, Any] = {
        "operationId": view.__name__,
        "summary": found.summary,
        "description": inspect.cleandoc(view.__doc__ or ""),
        "parameters": parameters,
        "responses": responses,
    }
    if found.takes_file:
        described["requestBody"] = {"required": True, "content": FILE_BODY}
    if found.body is not None:
        ways = [{"$ref": REF + model.__name__} for model in (found.body, found.bulk) if model]
        body = {"schema": ways[0] if len(ways) == 1 else {"anyOf": ways}}
        described["requestBody"] = {"required": True, "content": {"application/json": body}}
    return described


def _header(text: str) -> dict[str, Any]:
    return {"description": text, "schema": {"type": "string"}}


def _header_parameters(found: Operation, method: str) -> list[dict[str, Any]]:
    parameters = []
    if found.prefers:
        wishes = ", ".join(f"`{wish}`" for wish in found.prefers)
        parameters.append(
            {"name": "Prefer", "in": "header", "required": False, **_header(f"Any of {wishes}.")}
        )
    if found.guarded:
        text = (
            "The `ETag` that was read: `412` where it is not that of the stored version any more."
        )
        parameters.append({"name": "If-Match", "in": "header", "required": False, **_header(text)})
    if method == "POST":
        parameters.append(
            {
                "name": HEADER,
                "in": "header",
                "required": False,
                "description": "The same request with the same key is done once; for 24 hours its "
                "answer can be had again.",
                "schema": {"type": "string", "pattern": f"^{KEY_PATTERN}$"},
            }
        )
    return parameters


def _query_parameters(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": value.get("description", ""),
            "schema": _without_null(value),
            # Only matters for lists: bbox=5,47,15,55
            "style": "form",
            "explode": False,
        }
        for name, value in schema["properties"].items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query has no null: `anyOf: [X, null]` becomes X."""
    kept = {k: v for k, v in schema.items() if k not in ("anyOf", "description", "title")}
    choices = [c for c in schema.get("anyOf", ()) if c.get("type") != "null"]
    if len(choices) == 1:
        kept.update(choices[0])
    elif choices:
        kept["anyOf"] = choices
    if kept.get("default", 0) is None:
        del kept["default"]
    return kept
