"""The two kinds of models and the small types that they share."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

YEARS = (2000, 2100)
"""First and last year a trip may lie in: far from the ends of the calendar in every time zone."""

RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
WEEK = re.compile(r"(\d{4})-W(\d{2})")
BLANKS = re.compile(r"[\t\r\n]+")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
CONTROLS_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""No text holds them; PostgreSQL cannot even store the first one."""
HOUR_MINUTE = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


class RequestModel(BaseModel):
    """What a client sends. Unknown keys are refused; null is the same as leaving a key out."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class AnswerModel(BaseModel):
    """What the service answers. Keys without a value are left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    def body(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_none=True, by_alias=True)


def _read_date_time(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and RFC_3339.fullmatch(value):
        try:
            moment = datetime.fromisoformat(value.upper())
        except ValueError:
            pass
        else:
            _check_year(moment.year)
            return moment.replace(microsecond=0)
    raise PydanticCustomError(
        "invalid_date_time",
        "Give a moment in RFC 3339 with its offset, such as 2026-06-01T08:00:00+02:00.",
    )


def _read_date(value: object) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and DATE.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            pass
        else:
            _check_year(day.year)
            return day
    raise PydanticCustomError("invalid_date", "Give a date as YYYY-MM-DD, such as 2026-06-01.")


def _check_year(year: int) -> None:
    if not YEARS[0] <= year <= YEARS[1]:
        raise PydanticCustomError(
            "out_of_range", f"The year {year} lies outside {YEARS[0]} to {YEARS[1]}."
        )


def _check_week(value: str) -> str:
    found = WEEK.fullmatch(value)
    if found is None:
        raise PydanticCustomError("invalid_week", "Give a week as YYYY-Www, such as 2026-W49.")
    year, week = int(found[1]), int(found[2])
    _check_year(year)
    # 28 December lies in the last week of its year, by ISO 8601.
    last = date(year, 12, 28).isocalendar().week
    if not 1 <= week <= last:
        raise PydanticCustomError(
            "out_of_range", f"There is no week {week} in {year}; its weeks are W01 to W{last}."
        )
    return value


def _check_hour_minute(value: str) -> str:
    if HOUR_MINUTE.fullmatch(value):
        return value
    raise PydanticCustomError("invalid_time", "Give a local time as HH:MM, 00:00 to 24:00.")


def _check_line(value: str) -> str:
    value = BLANKS.sub(" ", value)
    _check_controls(value, CONTROLS)
    return value


def _check_lines(value: str) -> str:
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    _check_controls(value, CONTROLS_BUT_LINES)
    return value


def _check_controls(value: str, unwanted: re.Pattern[str]) -> None:
    found = unwanted.search(value)
    if found is not None:
        raise PydanticCustomError(
            "control_character",
            "It holds the control character {code}, which no text can have. Leave it out.",
            {"code": f"U+{ord(found[0]):04X}"},
        )


DateTime = Annotated[
    AwareDatetime,
    BeforeValidator(_read_date_time),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""RFC 3339 with offset, whole seconds."""

LocalDate = Annotated[
    date, BeforeValidator(_read_date), WithJsonSchema({"type": "string", "format": "date"})
]

HourMinute = Annotated[
    str,
    AfterValidator(_check_hour_minute),
    WithJsonSchema({"type": "string", "pattern": f"^({HOUR_MINUTE.pattern})$"}),
]
"""Local HH:MM; 24:00 is the end of the day."""

Week = Annotated[
    str,
    AfterValidator(_check_week),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-W[0-5][0-9]$"}),
]
"""A week of ISO 8601, from Monday on."""

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Position = Annotated[tuple[Longitude, Latitude], Field(description="[lon, lat] in degrees")]

LINE = AfterValidator(_check_line)
"""One line of text: line breaks and tabs become blanks, other control characters are refused."""
LINES = AfterValidator(_check_lines)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), LINE]
Notes = Annotated[str, StringConstraints(max_length=500), LINES]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64), LINE]

DurationS = Annotated[int, Field(ge=0, le=86_400)]
Seconds = Annotated[int, Field(ge=0, le=31 * 86_400)]
Money = Annotated[float, Field(ge=0, le=1e9)]
