"""Column types that both databases store and the rest of the code never has to convert."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, Text
from sqlalchemy.types import TypeDecorator

from accounts.account import OpeningHours, OpeningWindow


class UtcDateTime(TypeDecorator[datetime]):
    """
    An instant. Only aware datetimes go in; UTC comes out, also from SQLite, which forgets zones.

    Raises
    ------
    ValueError
        When a datetime without a time zone is to be stored.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{value!r} has no time zone. Give an aware datetime.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WeeklyHours(TypeDecorator[OpeningHours]):
    """
    Weekly hours, stored as JSON `[[weekday, opens_s, closes_s], ...]`.

    Thousands of rows share a few patterns, so each text is parsed once and equal patterns come
    back as the same tuple.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: OpeningHours | None, dialect: Dialect) -> str | None:
        return None if value is None else _hours_to_text(tuple(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> OpeningHours | None:
        return None if value is None else hours_from_text(value)


@lru_cache(maxsize=10_000)
def _hours_to_text(hours: OpeningHours) -> str:
    rows = [[window.weekday, window.opens_s, window.closes_s] for window in sorted(hours)]
    return json.dumps(rows, separators=(",", ":"))


@lru_cache(maxsize=10_000)
def hours_from_text(text: str) -> OpeningHours:
    """The weekly hours that a text of the database stands for."""
    return tuple(OpeningWindow(*row) for row in json.loads(text))


def choice(options: type[StrEnum], name: str = "") -> Enum:
    """
    A column that holds the value of one of an enum's members, checked by the database.

    Parameters
    ----------
    name
        Of the check, before the naming convention; that of the enum unless given.
    """
    return Enum(
        options,
        native_enum=False,
        create_constraint=True,
        length=20,
        name=name or _snake_case(options.__name__),
        values_callable=_values,
    )


def _values(options: Any) -> list[str]:
    return [option.value for option in options]


def _snake_case(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
