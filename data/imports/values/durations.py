"""How long a visit takes, and how often it is made."""

import re

from data.imports.cell import Cell, as_text
from data.imports.values.errors import InvalidValueError
from data.imports.values.numbers import POINT, read_number

UNITS_S = {
    "s": 1, "sec": 1, "sek": 1, "sekunde": 1, "sekunden": 1, "second": 1, "seconds": 1,
    "": 60, "m": 60, "min": 60, "mins": 60, "minute": 60, "minuten": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "std": 3600, "stunde": 3600, "stunden": 3600,
    "hour": 3600, "hours": 3600,
}  # fmt: skip
"""A number without a unit is minutes."""

UNITS_DAYS = {
    "": 1.0, "d": 1.0, "t": 1.0, "day": 1.0, "days": 1.0, "tag": 1.0, "tage": 1.0, "tagen": 1.0,
    "w": 7.0, "week": 7.0, "weeks": 7.0, "woche": 7.0, "wochen": 7.0,
    "month": 365 / 12, "months": 365 / 12, "monat": 365 / 12, "monate": 365 / 12,
    "year": 365.0, "years": 365.0, "jahr": 365.0, "jahre": 365.0,
}  # fmt: skip
"""A number without a unit is days."""

CADENCES_DAYS = {
    "daily": 1.0, "taglich": 1.0, "weekly": 7.0, "wochentlich": 7.0,
    "biweekly": 14.0, "fortnightly": 14.0, "14-tagig": 14.0, "zweiwochentlich": 14.0,
    "monthly": 365 / 12, "monatlich": 365 / 12, "bimonthly": 365 / 6, "zweimonatlich": 365 / 6,
    "quarterly": 365 / 4, "quartalsweise": 365 / 4, "vierteljahrlich": 365 / 4,
    "halfyearly": 365 / 2, "half-yearly": 365 / 2, "semiannually": 365 / 2,
    "halbjahrlich": 365 / 2, "yearly": 365.0, "annually": 365.0, "jahrlich": 365.0,
}  # fmt: skip
"""Words without dots over their letters."""

LONGEST_S = 86_400
MOST_DAYS = 3_650.0

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::[0-5]\d)?")
_WITH_UNIT = re.compile(r"([\d.,]+)\s*([^\W\d]*)\.?")
_PER_YEAR = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:x|mal|times)?\s*(?:/|pro|im|per|a)\s*(?:year|jahr|a)"
)


def read_duration_s(cell: Cell) -> int:
    """
    Seconds of 40, `40 min`, `1,5 h`, `0:45`; a bare number is minutes.

    Raises
    ------
    InvalidValueError
        When it is none, or longer than a day.
    """
    text = as_text(cell).strip().casefold()
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        return within_a_day(3600 * int(clock[1]) + 60 * int(clock[2]), text)
    found = _WITH_UNIT.fullmatch(text)
    if found is None or found[2] not in UNITS_S:
        raise InvalidValueError(
            "NO_DURATION", f"{text[:60]!r} is no duration such as 40, 40 min, 1.5 h or 0:45."
        )
    seconds = read_number(found[1], POINT, "a duration") * UNITS_S[found[2]]
    return within_a_day(round(seconds), text)


def within_a_day(seconds: int, text: str) -> int:
    """
    Raises
    ------
    InvalidValueError
        When that is negative or more than a day.
    """
    if not 0 <= seconds <= LONGEST_S:
        raise InvalidValueError(
            "OUT_OF_RANGE", f"{text[:60]!r} is {seconds} s; a visit takes 0 s to 24 hours."
        )
    return seconds


def read_interval_days(cell: Cell) -> float:
    """
    Days between visits, of 75, `8 Wochen`, `quarterly` or `4x pro Jahr`.

    Raises
    ------
    InvalidValueError
        When it is none, or not between 1 day and 10 years.
    """
    text = as_text(cell).strip().casefold().replace("ä", "a").replace("ö", "o")
    if text in CADENCES_DAYS:
        return CADENCES_DAYS[text]
    per_year = _PER_YEAR.fullmatch(text)
    if per_year is not None:
        return per_year_days(read_number(per_year[1], POINT, "a number of visits"), text)
    found = _WITH_UNIT.fullmatch(text)
    if found is None or found[2] not in UNITS_DAYS:
        raise InvalidValueError(
            "NO_INTERVAL",
            f"{text[:60]!r} is no interval such as 75, 8 weeks, quarterly or 4 x per year.",
        )
    return _in_range(read_number(found[1], POINT, "an interval") * UNITS_DAYS[found[2]], text)


def per_year_days(visits: float, text: str) -> float:
    """
    Days between so many visits a year.

    Raises
    ------
    InvalidValueError
        When there is none, or more than one a day.
    """
    return _in_range(365 / visits if visits > 0 else 0.0, text)


def _in_range(days: float, text: str) -> float:
    if not 1 <= days <= MOST_DAYS:
        raise InvalidValueError(
            "OUT_OF_RANGE",
            f"{text[:60]!r} is {days:g} days between visits; 1 to {MOST_DAYS:g} are possible.",
        )
    return round(days, 2)
