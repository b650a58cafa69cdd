"""What CRMs call their columns and values, read from the files of `data/imports/presets/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from accounts import LocationLevel, Status
from data.errors import InvalidPresetError
from data.imports.fields import Field
from data.imports.words import bare

FOLDER = Path(__file__).parent / "presets"
VOCABULARY = Path(__file__).parent / "vocabulary.toml"

ENOUGH = 3
"""Columns that must be known by a preset, its id among them, to take a file for its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Preset:
    """
    Columns and values of one system.

    Parameters
    ----------
    name, title
        In requests, and as shown.
    system
        What the system is called beside the ids of accounts, unless somebody says otherwise.
    columns
        Names of columns for each field, best first.
    status, location_level
        What a value means, by its bare words; None: nothing is said.

    Raises
    ------
    InvalidPresetError
        When there is no column for the id.
    """

    name: str
    title: str
    system: str
    columns: Mapping[Field, tuple[str, ...]]
    status: Mapping[str, Status | None]
    location_level: Mapping[str, LocationLevel | None]

    def __post_init__(self) -> None:
        if not self.columns.get(Field.EXTERNAL_ID):
            raise InvalidPresetError(f"The preset {self.name!r} names no column for external_id.")

    def field_by_column(self) -> dict[str, tuple[Field, int]]:
        """Field and rank of each name of a column, in bare words."""
        found: dict[str, tuple[Field, int]] = {}
        for field, names in self.columns.items():
            for rank, name in enumerate(names):
                found.setdefault(bare(name), (field, rank))
        return found


@cache
def presets() -> Mapping[str, Preset]:
    """
    All presets, by name.

    Raises
    ------
    InvalidPresetError
        When a file cannot be used.
    """
    return {path.stem: read_preset(path) for path in sorted(FOLDER.glob("*.toml"))}


@cache
def vocabulary() -> Preset:
    """Words that files without a preset use."""
    values = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))
    return Preset(
        "",
        "",
        "",
        {Field(name): tuple(words) for name, words in values["columns"].items()},
        {bare(word): Status(name) for name, words in values["status"].items() for word in words},
        {
            bare(word): LocationLevel(name)
            for name, words in values["location_level"].items()
            for word in words
        },
    )


def read_preset(path: Path) -> Preset:
    """
    Read the file of a system.

    Raises
    ------
    InvalidPresetError
        When it is no TOML, a key is missing, or a field, status or level does not exist.
    """
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return Preset(
            path.stem,
            values["title"],
            values["system"],
            {Field(name): tuple(names) for name, names in values["columns"].items()},
            {
                bare(word): Status(meant) if meant else None
                for word, meant in values.get("status", {}).items()
            },
            {
                bare(word): LocationLevel(meant) if meant else None
                for word, meant in values.get("location_level", {}).items()
            },
        )
    except (tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise InvalidPresetError(f"{path.name} cannot be used: {error}.") from error
