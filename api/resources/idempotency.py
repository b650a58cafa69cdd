"""
A POST that can be sent again without being done again: the header `Idempotency-Key`.

`operation.py` puts every POST through here, so that no view has to think of it. The form is that of
draft-ietf-httpapi-idempotency-key-header, with the key as it stands and not as a quoted string.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

from api import errors
from api.resources.http import preferences
from api.resources.state import app_state
from api.resources.upload import FORM
from api.state import AppState
from data import idempotency_store
from data.idempotency_store import FirstRequest

log = logging.getLogger(__name__)

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"

KEY_PATTERN = "[!-~]{1,255}"
KEY = re.compile(KEY_PATTERN)

KEPT_HEADERS = ("Content-Type", "Location", "Preference-Applied", "Cache-Control")

OF_THE_MOMENT = (408, 409, 425, 429)
"""Besides failures of ours, statuses after which the request may be sent again with its key."""


def idempotent(answer: Callable[[], Response]) -> Response:
    """
    Answer a POST, or give the answer again that its key has had before.

    Raises
    ------
    InvalidIdempotencyKeyError, IdempotencyKeyReusedError, IdempotencyKeyInUseError
    """
    key = request.headers.get(HEADER)
    if key is None:
        return answer()
    if not KEY.fullmatch(key):
        raise errors.InvalidIdempotencyKeyError(
            f"{HEADER} has {len(key)} characters. It must have 1 to 255, all of them visible ASCII "
            "without spaces; a UUID is a good one."
        )
    state, fingerprint = app_state(), _fingerprint()
    held = _Held(state, state.ground().dataset.id, key)
    first = idempotency_store.hold(state.database, held.dataset_id, key, fingerprint, state.clock())
    if first is not None:
        return _again(first, fingerprint, key)
    try:
        response = answer()
    except Exception as error:
        response = errors.answer(error)
    except BaseException:
        held.let_go()
        raise
    if response.is_streamed:
        _keep_when_ended(response, held)
    elif _is_worth_keeping(response.status_code):
        held.keep(response, response.get_data())
    else:
        held.let_go()
    return response


@dataclass(frozen=True, slots=True)
class _Held:
    """A key that this request holds."""

    state: AppState
    dataset_id: int
    key: str

    def keep(self, response: Response, body: bytes) -> None:
        headers = {
            name: response.headers[name] for name in KEPT_HEADERS if name in response.headers
        }
        with self.state.database.session() as session:
            idempotency_store.keep(
                session, self.dataset_id, self.key, response.status_code, headers, body
            )

    def let_go(self) -> None:
        with self.state.database.session() as session:
            idempotency_store.let_go(session, self.dataset_id, self.key)


def _again(first: FirstRequest, fingerprint: str, key: str) -> Response:
    if first.fingerprint != fingerprint:
        raise errors.IdempotencyKeyReusedError(
            f"{HEADER} {key!r} came first with another request. Use a new key for a new request, "
            "and the same one only to send the same request again."
        )
    if first.status is None:
        raise errors.IdempotencyKeyInUseError(
            f"The request that came first with {HEADER} {key!r} has no answer yet. Send it again "
            "after Retry-After seconds to get that answer."
        )
    response = Response(first.body, first.status, first.headers)
    response.headers[REPLAYED] = "true"
    return response


def _fingerprint() -> str:
    """
    Of what is asked: method, address, body, and what kind of answer is wanted.

    JSON counts by its meaning: white space and the order of keys do not matter. A form counts by
    its parts: what stands between them is another with every request.
    """
    body = request.get_data(cache=True)
    if request.mimetype == FORM:
        body = orjson.dumps([*_parts()])
    if request.is_json:
        # What is no JSON will be refused; until then its bytes say what it is.
        with suppress(orjson.JSONDecodeError, orjson.JSONEncodeError, RecursionError):
            body = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    wishes = sorted(preferences().items())
    asked = (request.method, request.full_path, wishes, request.headers.get("Accept", ""))
    digest = hashlib.sha256(orjson.dumps(asked))
    digest.update(body)
    return digest.hexdigest()


def _parts() -> Iterator[tuple[str, str, str]]:
    """Name, name of the file and digest of the parts of a form."""
    # A part that has no name is refused later, and until then must not get in the way.
    for name, text in sorted(request.form.items(multi=True), key=lambda part: part[0] or ""):
        yield name or "", "", hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    for name, file in sorted(request.files.items(multi=True), key=lambda part: part[0] or ""):
        yield name or "", file.filename or "", hashlib.sha256(file.read()).hexdigest()
        file.stream.seek(0)


def _is_worth_keeping(status: int) -> bool:
    return status < 500 and status not in OF_THE_MOMENT


def _keep_when_ended(response: Response, held: _Held) -> None:
    """Keep a stream once it has come to its end; let the key go where the client leaves before."""
    chunks: list[bytes] = []
    has_ended = False

    def recorded(events: Iterable[Any]) -> Iterator[Any]:
        nonlocal has_ended
        for chunk in events:
            chunks.append(chunk)
            yield chunk
        has_ended = True

    def end() -> None:
        if has_ended and _is_worth_keeping(_status_of_last(chunks)):
            held.keep(response, b"".join(chunks))
        else:
            held.let_go()

    response.response = recorded(response.response)
    response.call_on_close(end)


def _status_of_last(events: list[bytes]) -> int:
    """That of the problem with which a stream of events ends; 200 where it ends well."""
    prefix = b"event: problem\ndata: "
    if events and events[-1].startswith(prefix):
        status: int = orjson.loads(events[-1].removeprefix(prefix))["status"]
        return status
    return 200
