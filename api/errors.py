"""Every refusal and failure as problem details (RFC 9457). Status codes exist only here."""

import logging
from dataclasses import dataclass
from typing import Any, cast

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)
from werkzeug.routing import RequestRedirect

from api.schemas.problem import Problem, ProblemEntry
from api.services.errors import (
    Fault,
    ImpossibleTripError,
    NotFinishedError,
    NotReadyError,
    NotStoredError,
    OutdatedPlanError,
    OverlapError,
    RefusedRequestError,
)
from data.errors import OsrmError, OutdatedRevisionError

log = logging.getLogger(__name__)

MAX_FAULTS = 20
"""Faults told at once; a longer list helps nobody."""


class InvalidJsonError(Exception):
    """The body is not JSON."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of exception is answered."""

    status: int
    code: str
    title: str


PROBLEMS: dict[type[Exception], Kind] = {
    InvalidJsonError: Kind(400, "INVALID_JSON", "The body is not JSON"),
    BadRequest: Kind(400, "BAD_REQUEST", "The request cannot be read"),
    NotFound: Kind(404, "NOT_FOUND", "There is nothing at this address"),
    NotStoredError: Kind(404, "NOT_FOUND", "There is nothing at this address"),
    MethodNotAllowed: Kind(405, "METHOD_NOT_ALLOWED", "This address does not take this method"),
    NotFinishedError: Kind(409, "NOT_FINISHED", "The route has no plan yet"),
    OutdatedRevisionError: Kind(409, "OUTDATED_REVISION", "The route was changed meanwhile"),
    OutdatedPlanError: Kind(409, "PLAN_OUTDATED", "The plan does not fit what is known today"),
    OverlapError: Kind(409, "COMMITMENTS_OVERLAP", "The rep has promised to be elsewhere"),
    RequestEntityTooLarge: Kind(413, "BODY_TOO_LARGE", "The body is too large"),
    UnsupportedMediaType: Kind(415, "UNSUPPORTED_MEDIA_TYPE", "The body has the wrong type"),
    RefusedRequestError: Kind(422, "INVALID_REQUEST", "The request is not valid"),
    ImpossibleTripError: Kind(422, "NO_DIRECT_TRIP", "The trip does not fit into its days"),
    NotReadyError: Kind(503, "NOT_READY", "The service is not ready"),
    OsrmError: Kind(503, "ROADS_UNAVAILABLE", "The server of the roads does not help"),
    HTTPException: Kind(0, "HTTP_ERROR", "The request cannot be answered"),
    Exception: Kind(500, "INTERNAL_ERROR", "Something went wrong here"),
}
"""One row per kind; that of the nearest base class counts. Status 0: the exception's own."""


def register(app: Flask) -> None:
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Any:
    """The response to an exception."""
    if isinstance(error, RequestRedirect):
        return error
    kind = next(PROBLEMS[base] for base in type(error).__mro__ if base in PROBLEMS)
    if kind.status == 500 or isinstance(error, OsrmError):
        log.error("%s %s failed", request.method, request.path, exc_info=error)
    problem = describe(error, kind)
    response = problem_response(problem)
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name not in ("Content-Type", "Content-Length"):
                response.headers[name] = value
    if isinstance(error, NotReadyError | OsrmError):
        response.headers["Retry-After"] = "2"
    if isinstance(error, RequestEntityTooLarge):
        _drain()
    return response


def problem_response(problem: Problem) -> Response:
    return Response(
        orjson.dumps(problem.body()), problem.status, mimetype="application/problem+json"
    )


def describe(error: Exception, kind: Kind | None = None) -> Problem:
    """The problem body for an exception."""
    kind = kind or next(PROBLEMS[base] for base in type(error).__mro__ if base in PROBLEMS)
    faults: tuple[Fault, ...] = ()
    if isinstance(error, RefusedRequestError):
        faults, detail = error.faults, str(error)
    elif isinstance(error, RequestEntityTooLarge):
        limit = request.max_content_length
        detail = f"A body may have at most {limit} bytes. Send fewer visits or split the request."
    elif isinstance(error, HTTPException):
        detail = error.description or kind.title
    elif kind.status == 500:
        # What failed stands in the log; the text of the exception may hold what is not for all.
        detail = "The fault is on our side and was logged. The request may be sent again."
    elif isinstance(error, OsrmError):
        detail = "The OSRM server at OSRM_URL does not answer as it should; the log says how."
    else:
        detail = str(error)
    return Problem(
        type=f"/docs#{kind.code}",
        title=kind.title,
        status=kind.status or cast(HTTPException, error).code or 500,
        detail=detail,
        code=kind.code,
        errors=tuple(
            ProblemEntry(
                pointer=fault.pointer,
                code=fault.code,
                detail=fault.detail,
                suggestions=fault.suggestions or None,
            )
            for fault in faults[:MAX_FAULTS]
        ),
    )


def _drain(most_bytes: int = 64 << 20) -> None:
    """
    Read what the client is still sending.

    A server that answers and hangs up while the client sends makes the client see a broken
    connection and not the answer. Bodies beyond `most_bytes` are not worth that.
    """
    stream, rest = request.environ["wsgi.input"], request.content_length
    if rest is None:
        rest = most_bytes if request.environ.get("wsgi.input_terminated") else 0
    rest = min(rest, most_bytes)
    while rest > 0 and (chunk := stream.read(min(rest, 1 << 16))):
        rest -= len(chunk)
