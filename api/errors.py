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

from api.schemas.problem import Problem
from api.services.errors import (
    AddressNotFoundError,
    AlreadyFinishedError,
    ChangedMeanwhileError,
    DatasetChangedError,
    FailedJobError,
    Fault,
    ImpossibleTripError,
    JobInProgressError,
    NoGeocoderError,
    NotAgreedError,
    NotFinishedError,
    NotReadyError,
    NotStoredError,
    OutdatedPlanError,
    OverlapError,
    PreconditionFailedError,
    RefusedRequestError,
    RoundClosedError,
    RoundExistsError,
    WorkerLostError,
    entries,
)
from data.errors import (
    ConcurrentChangeError,
    GeocoderRefusedError,
    GeocoderUnavailableError,
    OsrmError,
    OutdatedImportError,
    OutdatedRevisionError,
)

log = logging.getLogger(__name__)


class InvalidJsonError(Exception):
    """The body is not JSON."""


class InvalidIdempotencyKeyError(Exception):
    """The header `Idempotency-Key` cannot be used as a key."""


class IdempotencyKeyReusedError(Exception):
    """A key came with another request than the first time."""


class IdempotencyKeyInUseError(Exception):
    """The request that came first with a key has no answer yet."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of exception is answered, and after how long asking again may help."""

    status: int
    code: str
    title: str
    retry_after_s: int | None = None


PROBLEMS: dict[type[Exception], Kind] = {
    InvalidJsonError: Kind(400, "INVALID_JSON", "The body is not JSON"),
    InvalidIdempotencyKeyError: Kind(
        400, "INVALID_IDEMPOTENCY_KEY", "The key of the request cannot be used"
    ),
    BadRequest: Kind(400, "BAD_REQUEST", "The request cannot be read"),
    NotFound: Kind(404, "NOT_FOUND", "There is nothing at this address"),
    NotStoredError: Kind(404, "NOT_FOUND", "There is nothing at this address"),
    AddressNotFoundError: Kind(404, "ADDRESS_NOT_FOUND", "No such address is known"),
    MethodNotAllowed: Kind(405, "METHOD_NOT_ALLOWED", "This address does not take this method"),
    NotFinishedError: Kind(409, "NOT_FINISHED", "The route is still being planned", 1),
    AlreadyFinishedError: Kind(409, "ALREADY_FINISHED", "It cannot be cancelled any more"),
    DatasetChangedError: Kind(409, "DATASET_CHANGED", "Another data set is in use"),
    ChangedMeanwhileError: Kind(
        409, "CHANGED_MEANWHILE", "Somebody else changed it at the same moment"
    ),
    JobInProgressError: Kind(409, "JOB_IN_PROGRESS", "Such work is being done already"),
    IdempotencyKeyInUseError: Kind(
        409, "IDEMPOTENCY_KEY_IN_USE", "The first request with this key still runs", 1
    ),
    NoGeocoderError: Kind(409, "NO_GEOCODER", "There is nothing to look addresses up in"),
    OutdatedImportError: Kind(409, "IMPORT_NOT_DRAFT", "The import is not a draft any more"),
    OutdatedRevisionError: Kind(409, "OUTDATED_REVISION", "The route was changed meanwhile"),
    OutdatedPlanError: Kind(409, "PLAN_OUTDATED", "The plan does not fit what is known today"),
    OverlapError: Kind(409, "COMMITMENTS_OVERLAP", "The rep has promised to be elsewhere"),
    RoundExistsError: Kind(409, "ROUND_EXISTS", "The month has a planning round"),
    RoundClosedError: Kind(409, "ROUND_CLOSED", "The planning round cannot be changed any more"),
    NotAgreedError: Kind(409, "NOT_AGREED", "Figures of the planning round are not agreed"),
    ConcurrentChangeError: Kind(
        409, "CHANGED_MEANWHILE", "Somebody else changed it at the same moment"
    ),
    PreconditionFailedError: Kind(
        412, "PRECONDITION_FAILED", "It is not the version that was meant"
    ),
    RequestEntityTooLarge: Kind(413, "BODY_TOO_LARGE", "The body is too large"),
    UnsupportedMediaType: Kind(415, "UNSUPPORTED_MEDIA_TYPE", "The body has the wrong type"),
    RefusedRequestError: Kind(422, "INVALID_REQUEST", "The request is not valid"),
    ImpossibleTripError: Kind(422, "NO_DIRECT_TRIP", "The trip does not fit into its days"),
    IdempotencyKeyReusedError: Kind(
        422, "IDEMPOTENCY_KEY_REUSED", "The key belongs to another request"
    ),
    WorkerLostError: Kind(500, "WORKER_LOST", "The work could not be done"),
    NotReadyError: Kind(503, "NOT_READY", "The service is not ready", 2),
    GeocoderUnavailableError: Kind(
        503, "GEOCODER_UNAVAILABLE", "The geocoder elsewhere gives no answer", 60
    ),
    GeocoderRefusedError: Kind(503, "GEOCODER_REFUSED", "The geocoder elsewhere will not answer"),
    OsrmError: Kind(503, "ROADS_UNAVAILABLE", "The server of the roads does not help", 2),
    HTTPException: Kind(0, "HTTP_ERROR", "The request cannot be answered"),
    Exception: Kind(500, "INTERNAL_ERROR", "Something went wrong here"),
}
"""One row per kind; that of the nearest base class counts. Status 0: the exception's own."""

RETRY_AFTER_S = {
    kind.code: kind.retry_after_s for kind in PROBLEMS.values() if kind.retry_after_s is not None
}
"""Seconds by code. Also for problems that were stored, whose exception is gone."""


def register(app: Flask) -> None:
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Any:
    """The response to an exception."""
    if isinstance(error, RequestRedirect):
        return error
    problem = describe(error)
    # The failure of a job was logged where it was done.
    if not isinstance(error, FailedJobError) and (
        problem.status == 500 or isinstance(error, OsrmError)
    ):
        log.error("%s %s failed", request.method, request.path, exc_info=error)
    response = problem_response(problem)
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name not in ("Content-Type", "Content-Length"):
                response.headers[name] = value
    if problem.code in RETRY_AFTER_S:
        response.headers["Retry-After"] = str(RETRY_AFTER_S[problem.code])
    if isinstance(error, RequestEntityTooLarge):
        _drain()
    return response


def problem_response(problem: Problem) -> Response:
    return Response(
        orjson.dumps(problem.body()), problem.status, mimetype="application/problem+json"
    )


def describe(error: Exception) -> Problem:
    """The problem body for an exception."""
    if isinstance(error, FailedJobError):
        return Problem.model_validate(error.problem)
    kind = next(PROBLEMS[base] for base in type(error).__mro__ if base in PROBLEMS)
    faults: tuple[Fault, ...] = ()
    if isinstance(error, RefusedRequestError):
        faults, detail = error.faults, str(error)
    elif isinstance(error, RequestEntityTooLarge):
        limit = request.max_content_length
        detail = f"A body may have at most {limit} bytes. Send less at once."
    elif isinstance(error, HTTPException):
        detail = error.description or kind.title
    elif kind is PROBLEMS[Exception]:
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
        errors=entries(faults),
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
