"""From what pydantic finds wrong with a request to faults with JSON pointers."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from api.services.errors import Fault, RefusedRequestError, pointer

CODES = {
    "extra_forbidden": "UNKNOWN_KEY",
    "missing": "MISSING",
    "literal_error": "UNKNOWN_VALUE",
    "enum": "UNKNOWN_VALUE",
    "string_pattern_mismatch": "INVALID_FORMAT",
    "string_too_short": "WRONG_LENGTH",
    "string_too_long": "WRONG_LENGTH",
    "too_short": "WRONG_LENGTH",
    "too_long": "WRONG_LENGTH",
    "greater_than": "OUT_OF_RANGE",
    "greater_than_equal": "OUT_OF_RANGE",
    "less_than": "OUT_OF_RANGE",
    "less_than_equal": "OUT_OF_RANGE",
    "finite_number": "OUT_OF_RANGE",
    "int_parsing_size": "OUT_OF_RANGE",
    "out_of_range": "OUT_OF_RANGE",
    "invalid_date_time": "INVALID_FORMAT",
    "invalid_date": "INVALID_FORMAT",
    "invalid_time": "INVALID_FORMAT",
    "invalid_week": "INVALID_FORMAT",
    "control_character": "INVALID_FORMAT",
    "keys_missing": "MISSING",
    "keys_contradict": "CONTRADICTION",
    "ambiguous_place": "AMBIGUOUS_PLACE",
    "ambiguous_time_window": "AMBIGUOUS_TIME_WINDOW",
}
"""pydantic's error types to ours; the rest are `WRONG_TYPE`."""


def refusal(error: ValidationError) -> RefusedRequestError:
    """All that is wrong with a request."""
    return RefusedRequestError(
        [fault for entry in error.errors(include_url=False) for fault in _faults(entry)]
    )


def _faults(entry: ErrorDetails) -> list[Fault]:
    """One for each key that is wrong together with others."""
    keys = entry.get("ctx", {}).get("keys")
    if keys is None:
        return [_fault(entry)]
    code, about = (
        CODES[entry["type"]],
        "is missing" if "missing" in entry["type"] else "is too much",
    )
    return [
        Fault(pointer(*entry["loc"], key), code, f"{key} {about}. {entry['msg']}.") for key in keys
    ]


def _fault(entry: ErrorDetails) -> Fault:
    code = CODES.get(entry["type"], "WRONG_TYPE")
    name = _name(entry["loc"])
    detail = f"{name}: {entry['msg']}."
    if code == "UNKNOWN_KEY":
        detail = f"{name} is not a known key here. Remove it; docs/api.md lists the keys."
    elif code == "MISSING":
        detail = f"{name} is missing."
    elif entry["type"] in ("too_short", "too_long"):
        ctx = entry.get("ctx", {})
        limit = ctx.get("max_length", ctx.get("min_length"))
        word = "most" if "max_length" in ctx else "least"
        detail = f"{name} has {ctx.get('actual_length')} entries; at {word} {limit} are allowed."
    return Fault(pointer(*entry["loc"]), code, detail.replace("..", "."))


def _name(path: tuple[int | str, ...]) -> str:
    """The last key of a path, with the index of an entry."""
    if not path:
        return "The body"
    if isinstance(path[-1], int):
        return f"{_name(path[:-1])}[{path[-1]}]"
    return path[-1]
