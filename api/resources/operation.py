"""
What an endpoint takes and answers, said once beside its view.

The decorator reads the input, shapes the answer and keeps the facts that `openapi.py` puts into
the OpenAPI document. `docs/decisions/0002-openapi-from-the-views.md` says why it is our own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from flask import Response, request
from pydantic import BaseModel

from api.resources.http import json_response, read_body, read_query
from api.resources.idempotency import idempotent
from api.resources.state import app_state
from api.resources.upload import limit_body
from api.schemas.base import AnswerModel

View = Callable[..., Any]

RESPOND_ASYNC = "respond-async"
"""The wish not to wait (RFC 7240)."""


@dataclass(frozen=True, slots=True)
class Operation:
    """
    One endpoint.

    Parameters
    ----------
    summary
        One line. The view's docstring is the longer description.
    body, query
        Models of what comes in.
    bulk
        Model of a body with many of `body` as its `items`, which may come instead.
    answer
        Model of what goes out; None where it is no JSON of ours, see `media`.
    status
        Of a good answer; 204 has no content.
    also
        Other statuses of a good answer.
    takes_file
        Whether a file comes in, as the body or in a form; it may be larger than other bodies.
    media
        Type of a good answer.
    unfinished
        Model of what is answered, also with 202, while or where there is no `answer`.
    prefers
        What the client may write into the header `Prefer`.
    stream
        What a stream of events is, where the client may ask for one; its status is 200.
    not_modified
        Whether the answer may be 304.
    guarded
        Whether the request may say what version it is about, by `If-Match`.
    problems
        Statuses of refusals besides 500.
    """

    summary: str
    body: type[BaseModel] | None = None
    bulk: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    takes_file: bool = False
    answer: type[AnswerModel] | None = None
    status: int = 200
    also: tuple[int, ...] = ()
    media: str = "application/json"
    unfinished: type[AnswerModel] | None = None
    prefers: tuple[str, ...] = ()
    stream: str | None = None
    not_modified: bool = False
    guarded: bool = False
    problems: tuple[int, ...] = ()


def operation(summary: str, **facts: Any) -> Callable[[View], View]:
    """
    Make a view an endpoint; it gets `body` and `query` as models.

    Every POST takes an `Idempotency-Key`.
    """
    described = Operation(summary, **facts)

    def decorate(view: View) -> View:
        def respond(**arguments: Any) -> Response:
            if described.query is not None:
                arguments["query"] = read_query(described.query)
            if described.body is not None:
                arguments["body"] = read_body(described.body, described.bulk)
            answer = view(**arguments)
            if isinstance(answer, AnswerModel | dict):
                return json_response(answer, described.status)
            return answer

        @wraps(view)
        def run(**arguments: Any) -> Response:
            if described.takes_file:
                limit_body(app_state().settings.max_import_bytes)
            if request.method == "POST":
                return idempotent(partial(respond, **arguments))
            return respond(**arguments)

        run.operation = described  # type: ignore[attr-defined]
        return run

    return decorate
