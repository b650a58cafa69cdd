"""Reading bodies and queries strictly, and answering with JSON, gzip and ETag."""

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from flask import Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.http import parse_dict_header

from api.errors import InvalidJsonError
from api.resources.validation import refusal
from api.schemas.base import AnswerModel
from api.services.errors import RefusedRequestError

Model = TypeVar("Model", bound=BaseModel)

GZIP_FROM_BYTES = 1400
"""Shorter answers fit one packet anyway."""


def read_body(model: type[Model], bulk: type[BaseModel] | None = None) -> Model | BaseModel:
    """
    The body as a model. Values are not converted: "5" is no number.

    Parameters
    ----------
    bulk
        The model of a body that has `items`, where there may be many of them.

    Raises
    ------
    UnsupportedMediaType, RequestEntityTooLarge, InvalidJsonError, RefusedRequestError
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType(
            f"The body is {request.mimetype or 'of no type'}. Send application/json."
        )
    raw = request.get_data(cache=False)
    most = request.max_content_length
    if request.content_length is None and most is not None and len(raw) >= most:
        # A body in chunks does not say its length, and werkzeug cuts it off at the limit.
        raise RequestEntityTooLarge
    try:
        # orjson refuses NaN, Infinity, numbers beyond a double and lone surrogates.
        values = _without_nulls(orjson.loads(raw))
        chosen = (
            bulk if bulk is not None and isinstance(values, dict) and "items" in values else model
        )
        return chosen.model_validate_json(orjson.dumps(values), strict=True)
    except orjson.JSONDecodeError as error:
        raise InvalidJsonError(f"The body is not JSON: {error}.") from None
    except (orjson.JSONEncodeError, RecursionError):
        raise InvalidJsonError("The body is nested too deeply.") from None
    except ValidationError as error:
        if error.errors(include_url=False, include_input=False)[0]["type"] == "json_invalid":
            raise InvalidJsonError("The body is nested too deeply.") from None
        raise refusal(error) from None


def read_items(model: type[Model], items: Sequence[Any]) -> list[Model | RefusedRequestError]:
    """Each item of a body as a model, or what is wrong with it, with pointers into the item."""
    return [_read_item(model, item) for item in items]


def _read_item(model: type[Model], item: Any) -> Model | RefusedRequestError:
    try:
        return model.model_validate_json(orjson.dumps(item), strict=True)
    except ValidationError as error:
        return refusal(error)


def read_query(model: type[Model]) -> Model:
    """The query as a model. An empty value counts as missing, an unknown name is refused."""
    return read_values(model, {name: value for name, value in request.args.items() if value != ""})


def read_values(model: type[Model], values: dict[str, str]) -> Model:
    """Texts of an address as a model."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise refusal(error) from None


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def preferences() -> dict[str, str | None]:
    """What the client wishes by the header `Prefer` (RFC 7240), names in lower case."""
    wishes = parse_dict_header(request.headers.get("Prefer", ""))
    return {name.lower(): value for name, value in wishes.items()}


def json_response(body: AnswerModel | dict[str, Any], status: int = 200) -> Response:
    values = body.body() if isinstance(body, AnswerModel) else body
    return Response(orjson.dumps(values), status, mimetype="application/json")


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes that many clients get, compressed and named once."""

    raw: bytes
    zipped: bytes
    etag: str
    mimetype: str

    @classmethod
    def of(cls, value: Any, mimetype: str = "application/geo+json") -> "Payload":
        return cls.of_bytes(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY), mimetype)

    @classmethod
    def of_bytes(cls, raw: bytes, mimetype: str = "application/geo+json") -> "Payload":
        # A fixed time in the header, so that equal contents are equal bytes.
        zipped = gzip.compress(raw, 6, mtime=0)
        return cls(raw, zipped, hashlib.sha256(raw).hexdigest()[:20], mimetype)


def payload_response(payload: Payload) -> Response:
    """200 with the bytes, or 304 where the client has them."""
    takes_gzip = request.accept_encodings["gzip"] > 0
    response = Response(payload.zipped if takes_gzip else payload.raw, mimetype=payload.mimetype)
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(payload.etag, weak=True)
    response.make_conditional(request)
    return response


def compress(response: Response) -> Response:
    """Gzip what is worth it and is not compressed yet. For `after_request`."""
    if (
        response.is_streamed
        or response.direct_passthrough
        or "Content-Encoding" in response.headers
        or response.status_code in (204, 304)
        or not _is_text(response)
        or (response.content_length or 0) < GZIP_FROM_BYTES
        or request.accept_encodings["gzip"] <= 0
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), 5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def _is_text(response: Response) -> bool:
    kind = response.mimetype or ""
    return kind.startswith("text/") or "json" in kind
