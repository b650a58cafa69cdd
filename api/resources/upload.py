"""A file that comes in: as the body itself, or as a part of a form."""

from dataclasses import dataclass

import orjson
from flask import request
from pydantic import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from api.errors import InvalidJsonError
from api.resources.validation import refusal
from api.schemas.account_import import UploadOptions, UploadQuery
from api.services.errors import Fault, RefusedRequestError, pointer

FORM = "multipart/form-data"

MAX_NAME_LETTERS = 200
UNNAMED = "accounts"

BESIDE_THE_FILE_BYTES = 1 << 20
"""What a form may hold beside the file."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, its name, and how it is to be read."""

    file_name: str
    content: bytes
    options: UploadOptions


def limit_body(max_file_bytes: int) -> None:
    """Let the body of this request be as large as a file may be. Call before it is read."""
    request.max_content_length = max_file_bytes + BESIDE_THE_FILE_BYTES


def read_upload(query: UploadQuery) -> Upload:
    """
    The file of a form, part `file`, with options in the part `options`; or the body as the file,
    with options in the query.

    Raises
    ------
    RefusedRequestError, InvalidJsonError, RequestEntityTooLarge
    """
    given = query.model_dump(exclude={"file_name"}, exclude_none=True)
    if request.mimetype != FORM:
        raw = request.get_data(cache=False)
        most = request.max_content_length
        if request.content_length is None and most is not None and len(raw) >= most:
            # A body in chunks does not say its length, and is cut off at the limit.
            raise RequestEntityTooLarge
        return Upload(query.file_name or UNNAMED, raw, UploadOptions(**given))
    unknown = ({*request.files} - {"file"}) | ({*request.form} - {"options"})
    faults = [
        Fault(
            pointer(name),
            "UNKNOWN_KEY",
            f"{name!r} is not a known part here. Send file and options.",
        )
        # A part may come without a name.
        for name in sorted(name or "" for name in unknown)
    ]
    if "file" not in request.files:
        faults.append(Fault("/file", "MISSING", "file is missing. Send it as a part of the form."))
    if faults:
        raise RefusedRequestError(faults)
    part = request.files["file"]
    name = query.file_name or (part.filename or "").replace("\\", "/").rpartition("/")[2]
    return Upload((name or UNNAMED)[:MAX_NAME_LETTERS], part.read(), _options(given))


def _options(given: dict[str, object]) -> UploadOptions:
    text = request.form.get("options", "")
    if not text.strip():
        return UploadOptions.model_validate(given)
    try:
        values = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidJsonError(f"options is not JSON: {error}.") from None
    if not isinstance(values, dict):
        raise RefusedRequestError(
            [Fault("/options", "WRONG_TYPE", "options is not an object of JSON.")]
        )
    try:
        return UploadOptions.model_validate({**given, **values}, strict=True)
    except ValidationError as error:
        raise refusal(error) from None
