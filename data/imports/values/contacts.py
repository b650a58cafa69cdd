"""People who work at an account."""

from typing import Any

import orjson

from accounts import ContactRecord
from data.imports.cell import Cell, as_text
from data.imports.values.errors import InvalidValueError
from data.imports.values.texts import read_text

KEYS = ("name", "role", "email", "phone")
MOST_LETTERS = {"name": 200, "role": 200, "email": 200, "phone": 50}
MOST_CONTACTS = 20


def contact_of(**texts: Cell) -> ContactRecord:
    """
    A contact of its parts, by `KEYS`.

    Raises
    ------
    InvalidValueError
        When one is too long.
    """
    return ContactRecord(
        **{key: read_text(texts.get(key, ""), MOST_LETTERS[key], f"The {key}") for key in KEYS}
    )


def read_contacts(cell: Cell) -> tuple[ContactRecord, ...]:
    """
    A list of contacts as JSON has it, with the keys of `KEYS`; those that say nothing are left out.

    Raises
    ------
    InvalidValueError
        When it is something else.
    """
    value: Any = cell
    if isinstance(cell, str):
        try:
            value = orjson.loads(cell)
        except orjson.JSONDecodeError:
            value = None
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MOST_CONTACTS:
        raise InvalidValueError(
            "TOO_LONG", f"There are {len(entries)} contacts; {MOST_CONTACTS} are kept."
        )
    for entry in entries:
        if not isinstance(entry, dict) or not set(entry) <= set(KEYS):
            raise InvalidValueError(
                "INVALID_FORMAT",
                f"{as_text(cell)[:60]!r} is no list of contacts such as "
                '[{"name": "Ada Weber", "email": "ada@example.com"}].',
            )
    contacts = (
        contact_of(**{key: "" if text is None else text for key, text in entry.items()})
        for entry in entries
    )
    return tuple(contact for contact in contacts if contact != ContactRecord())
