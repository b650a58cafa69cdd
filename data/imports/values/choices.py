"""Words for one of a few: status, segment, how exactly a position is known."""

from collections.abc import Mapping
from typing import TypeVar

from accounts import PROGRAMME, LocationLevel, Status
from data.imports.cell import Cell, as_text
from data.imports.presets import Preset, vocabulary
from data.imports.values.errors import InvalidValueError
from data.imports.words import bare

Meaning = TypeVar("Meaning")

SEGMENTS = {bare(segment.name): index for index, segment in enumerate(PROGRAMME)}


def read_status(cell: Cell, preset: Preset | None) -> Status | None:
    """
    None where the system's word says nothing about it, as `Competitor`.

    Raises
    ------
    InvalidValueError
        When the word is not known.
    """
    own = {} if preset is None else preset.status
    return _meaning(cell, own, vocabulary().status, "a status", tuple(Status))


def read_segment(cell: Cell) -> int:
    """
    Index into the engagement programme's segments.

    Raises
    ------
    InvalidValueError
        When there is none of this name.
    """
    word = bare(as_text(cell))
    if word in SEGMENTS:
        return SEGMENTS[word]
    raise _unknown(cell, "a segment", tuple(segment.name for segment in PROGRAMME))


def segment_of_revenue(revenue: float) -> int:
    """The segment to which a yearly revenue belongs."""
    return max(
        index
        for index, segment in enumerate(PROGRAMME)
        if index == 0 or revenue >= segment.revenue_from_eur
    )


def read_location_level(cell: Cell, preset: Preset | None) -> LocationLevel | None:
    """
    None where the position is too coarse to be kept.

    Raises
    ------
    InvalidValueError
        When the word is not known.
    """
    own = {} if preset is None else preset.location_level
    known = vocabulary().location_level
    return _meaning(cell, own, known, "a level of a position", tuple(LocationLevel))


def _meaning(
    cell: Cell,
    own: Mapping[str, Meaning],
    known: Mapping[str, Meaning],
    what: str,
    names: tuple[str, ...],
) -> Meaning:
    """What a word stands for in the system's own language, or in everybody's."""
    word = bare(as_text(cell))
    for words in (own, known):
        if word in words:
            return words[word]
    raise _unknown(cell, what, names)


def _unknown(cell: Cell, what: str, names: tuple[str, ...]) -> InvalidValueError:
    return InvalidValueError(
        "UNKNOWN_VALUE",
        f"{as_text(cell)[:60]!r} is not {what}. Write one of {', '.join(names)}, or leave the "
        "column out.",
    )
