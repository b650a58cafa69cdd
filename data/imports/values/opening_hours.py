"""
Opening hours in one line: `Mo-Fr 08:00-12:00,13:00-17:00; Sa 09:00-12:00`.

A part of the language of OpenStreetMap (https://wiki.openstreetmap.org/wiki/Key:opening_hours),
with the days in German and English. A later rule replaces former ones for the same days.
"""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from accounts import OpeningHours, OpeningWindow
from data.imports.cell import Cell, as_text
from data.imports.values.errors import InvalidValueError

DAY_S = 86_400

DAYS = {
    "mo": 1, "mon": 1, "monday": 1, "montag": 1,
    "tu": 2, "tue": 2, "tues": 2, "tuesday": 2, "di": 2, "die": 2, "dienstag": 2,
    "we": 3, "wed": 3, "wednesday": 3, "mi": 3, "mit": 3, "mittwoch": 3,
    "th": 4, "thu": 4, "thur": 4, "thurs": 4, "thursday": 4, "do": 4, "don": 4, "donnerstag": 4,
    "fr": 5, "fri": 5, "friday": 5, "fre": 5, "freitag": 5,
    "sa": 6, "sat": 6, "saturday": 6, "sam": 6, "samstag": 6, "sonnabend": 6,
    "su": 7, "sun": 7, "sunday": 7, "so": 7, "son": 7, "sonntag": 7,
}  # fmt: skip

CLOSED = frozenset(("off", "closed", "geschlossen", "zu", "-"))
ALWAYS = frozenset(("24/7", "always", "immer", "durchgehend", "rund um die uhr"))
HOLIDAYS = frozenset(("ph", "sh", "feiertag", "feiertage", "feiertags"))
"""Say nothing about weeks."""

_DASH = re.compile(r"\s*(?:-|–|—|\bto\b|\bbis\b)\s*")
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})|h)?")
_RULE = re.compile(r"(?P<days>[^\d]*?)[\s:]*(?P<times>\d.*)?", re.DOTALL)


def read_opening_hours(cell: Cell) -> OpeningHours:
    """
    The windows of a week, sorted and apart; none for always open.

    Also a list of windows as JSON has them, with `weekday`, `opens` and `closes`.

    Raises
    ------
    InvalidValueError
        When a day or time is not understood.
    """
    listed = _listed(cell)
    if listed is not None:
        return _merged(listed)
    text = as_text(cell).strip().casefold()
    if text in ALWAYS:
        return ()
    text = re.sub(r"\buhr\b|\bvon\b|\bfrom\b", " ", text)
    by_day: dict[int, list[tuple[int, int]]] = {}
    for rule in re.split(r"[;\n|]", text):
        if rule.strip():
            _apply(rule.strip(), by_day)
    windows = [(day, *span) for day, spans in by_day.items() for span in spans]
    if not windows:
        raise InvalidValueError(
            "NO_OPENING_HOURS",
            f"{as_text(cell)[:60]!r} leaves no hour open. Leave the cell empty if the hours are "
            "not known.",
        )
    return _merged(windows)


def _apply(rule: str, by_day: dict[int, list[tuple[int, int]]]) -> None:
    found = _RULE.fullmatch(rule)
    words, times = ("", "") if found is None else (found["days"].strip(), found["times"] or "")
    is_closed = False
    for word in CLOSED:
        if words == word or words.endswith(f" {word}"):
            words, is_closed = words.removesuffix(word).strip(" :"), True
    days = _days(words, rule)
    if is_closed:
        spans = []
    else:
        spans = [_span(part, rule) for part in re.split(r"[,/&]|\bund\b|\band\b", times)]
    for day in days:
        by_day[day] = spans


def _days(words: str, rule: str) -> list[int]:
    if not words:
        return list(range(1, 8))
    found: list[int] = []
    for part in re.split(r"[,/&+]|\bund\b|\band\b", words.rstrip(":")):
        if part.strip().strip(".") in HOLIDAYS:
            continue
        ends = [DAYS.get(end.strip().strip(".")) for end in _DASH.split(part.strip())]
        first, last = ends[0], ends[-1]
        if first is None or last is None or len(ends) > 2:
            raise _not_understood(rule)
        found += [(first - 1 + k) % 7 + 1 for k in range((last - first) % 7 + 1)]
    return found


def _span(text: str, rule: str) -> tuple[int, int]:
    ends = _DASH.split(text.strip())
    if len(ends) != 2:
        raise _not_understood(rule)
    opens, closes = (_seconds(end, rule) for end in ends)
    if closes == 0 or closes == opens:
        closes = DAY_S if closes == 0 else closes
    if opens == closes:
        raise _not_understood(rule)
    return opens, closes


def _seconds(text: str, rule: str) -> int:
    found = _TIME.fullmatch(text.strip().rstrip("+"))
    if found is None:
        raise _not_understood(rule)
    seconds = 3600 * int(found[1]) + 60 * int(found[2] or 0)
    if seconds > DAY_S or int(found[2] or 0) > 59:
        raise _not_understood(rule)
    return seconds


def _merged(windows: list[tuple[int, int, int]]) -> OpeningHours:
    """Sorted; those that touch are one, and one that goes on after midnight is two."""
    split: list[tuple[int, int, int]] = []
    for day, opens, closes in windows:
        if opens < closes:
            split.append((day, opens, closes))
        else:
            split += [(day, opens, DAY_S), (day % 7 + 1, 0, closes)]
    merged: list[tuple[int, int, int]] = []
    for day, opens, closes in sorted(split):
        if merged and merged[-1][0] == day and opens <= merged[-1][2]:
            merged[-1] = (day, merged[-1][1], max(closes, merged[-1][2]))
        else:
            merged.append((day, opens, closes))
    return tuple(OpeningWindow(*window) for window in merged)


def _listed(cell: Cell) -> list[tuple[int, int, int]] | None:
    """Windows of a list as JSON has it; None where the cell is no list."""
    value: Any = cell
    if isinstance(cell, str) and cell.lstrip().startswith("["):
        try:
            value = orjson.loads(cell)
        except orjson.JSONDecodeError:
            return None
    if not isinstance(value, list):
        return None
    return [_window(entry) for entry in value]


def _window(entry: Any) -> tuple[int, int, int]:
    text = as_text(entry) if isinstance(entry, dict) else str(entry)
    if not isinstance(entry, Mapping) or set(entry) != {"weekday", "opens", "closes"}:
        raise _not_understood(text)
    day, opens, closes = entry["weekday"], str(entry["opens"]), str(entry["closes"])
    if not isinstance(day, int) or isinstance(day, bool) or not 1 <= day <= 7:
        raise _not_understood(text)
    start, end = _span(f"{opens}-{closes}", text)
    return day, start, end


def _not_understood(rule: str) -> InvalidValueError:
    return InvalidValueError(
        "NO_OPENING_HOURS",
        f"{rule[:60]!r} is not understood. Write days and times as in "
        "'Mo-Fr 08:00-12:00,13:00-17:00; Sa 09:00-12:00'.",
    )
