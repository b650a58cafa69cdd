"""Words for one of a few: status, segment, how exactly a position is known."""

from collections.abc import Mapping
from typing import TypeVar

from accounts import LocationLevel, Programme, Status
from accounts.engagement import segment_of_revenue as index_of_revenue
from data.imports.cell import Cell, as_text
from data.imports.presets import Preset, vocabulary
from data.imports.values.errors import InvalidValueError
from data.imports.words import bare

Meaning = TypeVar("Meaning")


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


def read_segment(cell: Cell, programme: Programme) -> str:
    """
    Name of a segment of the engagement programme.

    Raises
    ------
    InvalidValueError
        When there is none of this name.
    """
    word = bare(as_text(cell))
    names = tuple(segment.name for segment in programme)
    for name in names:
        if bare(name) == word:
            return name
    raise _unknown(cell, "a segment", names)


def segment_of_revenue(revenue: float, programme: Programme) -> str:
    """Name of the segment to which a yearly revenue belongs."""
    return programme[index_of_revenue(programme, revenue)].name


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
