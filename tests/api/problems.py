"""The one shape of every problem."""

from typing import Any

from werkzeug.test import TestResponse

from api.errors import PROBLEMS

KEYS = {"type", "title", "status", "detail", "code", "errors"}
ENTRY_KEYS = {"pointer", "code", "detail"}


def assert_problem(
    response: TestResponse,
    status: int,
    code: str,
    pointer: str | None = None,
    entry_code: str | None = None,
) -> dict[str, Any]:
    """The body of a refusal, after checking that it is one of ours and says what it should."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    body = response.get_json()
    check_shape(body)
    assert body["status"] == status
    assert body["code"] == code, body
    found = [(entry["pointer"], entry["code"]) for entry in body["errors"]]
    if pointer is not None:
        assert pointer in [where for where, _ in found], found
    if entry_code is not None:
        assert (pointer, entry_code) in found, found
    return body


def check_shape(body: dict[str, Any]) -> None:
    assert set(body) == KEYS
    assert body["code"] in {kind.code for kind in PROBLEMS.values()}
    assert body["type"] == f"/docs#{body['code']}"
    assert body["detail"].strip().endswith((".", "?"))
    assert 400 <= body["status"] < 600
    for entry in body["errors"]:
        assert ENTRY_KEYS <= set(entry) <= {*ENTRY_KEYS, "suggestions"}
        assert entry["pointer"] == "" or entry["pointer"].startswith("/")
        assert entry["detail"].strip()
    for leak in ("Traceback", "sqlalchemy", "pydantic", "/site-packages/"):
        assert leak not in str(body)
