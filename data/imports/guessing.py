"""Guesses which column is which field, by the names of the columns and by what stands in them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from data.imports.cell import Cell, as_text, is_empty
from data.imports.fields import CONTRADICTIONS, Field
from data.imports.presets import ENOUGH, Preset, presets, vocabulary
from data.imports.refused_columns import REFUSED_COLUMNS
from data.imports.values.countries import read_country
from data.imports.values.errors import InvalidValueError
from data.imports.values.opening_hours import read_opening_hours
from data.imports.words import bare

MOSTLY = 0.9
"""Share of the values of a column that must look like a field."""

LOOKED_AT = 200

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"(?:\+|00|0)[\d\s()/.\-]{6,24}")
_POSTCODE = re.compile(r"(?:[A-Z]{1,3}-)?\d{4,5}|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}")
_STREET = re.compile(r"[^\W\d][^,@]{2,60}\s\d{1,4}\s?[a-zA-Z]?(?:\s?[-/]\s?\d{1,4}[a-z]?)?")
_COMPANY = re.compile(
    r"\b(GmbH|AG|KG|OHG|GbR|UG|e\.?\s?K\.?|Ltd|Limited|Inc|LLC|PLC|SE|eG|e\.\s?V\.|Anstalt|"
    r"Est\.|S\.?A\.?|Sàrl|S\.?r\.?l)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Guess:
    """
    Parameters
    ----------
    mapping
        Fields by column, in the order of the columns.
    by
        How each was guessed: `preset`, `name` or `values`.
    preset
        Of the file, if it is that of a known system.
    """

    mapping: Mapping[str, Field]
    by: Mapping[str, str]
    preset: Preset | None


def guess_mapping(
    columns: Sequence[str], samples: Sequence[Sequence[Cell]], preset: Preset | None = None
) -> Guess:
    """
    Parameters
    ----------
    samples
        Some values of each column.
    preset
        Of the system that the file comes from; found out unless given.
    """
    preset = preset or preset_of(columns)
    found: dict[str, Field] = {}
    by: dict[str, str] = {}

    def take(column: str, field: Field, how: str) -> None:
        found[column], by[column] = field, how

    words = [*([(preset, "preset")] if preset else []), (vocabulary(), "name")]
    for source, how in words:
        named = _by_name(source, columns, set(found), set(found.values()))
        for column, field in _without_doubt(named, set(found.values())).items():
            if not _contradicts(field, set(found.values())):
                take(column, field, how)
    for column, sample in zip(columns, samples, strict=True):
        if column not in found and column not in REFUSED_COLUMNS:
            guessed = _by_values(sample, set(found.values()))
            if guessed is not None and not _contradicts(guessed, set(found.values())):
                take(column, guessed, "values")
    ordered = {column: found[column] for column in columns if column in found}
    return Guess(ordered, {column: by[column] for column in ordered}, preset)


def preset_of(columns: Sequence[str]) -> Preset | None:
    """The system that most of the columns come from, if its id is among them."""
    best, most = None, 0
    for preset in presets().values():
        names = preset.field_by_column()
        fields = {names[bare(column)][0] for column in columns if bare(column) in names}
        if Field.EXTERNAL_ID in fields and len(fields) >= max(ENOUGH, most + 1):
            best, most = preset, len(fields)
    return best


def _by_name(
    source: Preset, columns: Sequence[str], taken: set[str], fields: set[Field]
) -> dict[str, Field]:
    """For each field the column whose name is the best for it."""
    names = source.field_by_column()
    best: dict[Field, tuple[int, str]] = {}
    for column in columns:
        field, rank = names.get(bare(column), (None, 0))
        if field is None or column in taken or field in fields:
            continue
        if field not in best or rank < best[field][0]:
            best[field] = rank, column
    return {column: field for field, (_, column) in best.items()}


def _without_doubt(named: dict[str, Field], taken: set[Field]) -> dict[str, Field]:
    """A column called address is the street where postcode or town have columns of their own."""
    fields = {*named.values(), *taken}
    if not fields & {Field.TOWN, Field.POSTCODE}:
        return named
    return {
        column: Field.STREET if field is Field.ADDRESS else field
        for column, field in named.items()
        if field is not Field.ADDRESS or Field.STREET not in fields
    }


def _contradicts(field: Field, taken: set[Field]) -> bool:
    others = {
        one if other is field else other for one, other in CONTRADICTIONS if field in (one, other)
    }
    return bool(others & taken)


def _by_values(sample: Sequence[Cell], taken: set[Field]) -> Field | None:
    values = [as_text(cell).strip() for cell in sample[:LOOKED_AT] if not is_empty(cell)]
    if not values:
        return None
    for field, looks_like in LOOKS.items():
        if field not in taken and sum(map(looks_like, values)) >= MOSTLY * len(values):
            return field
    companies = sum(_COMPANY.search(value) is not None for value in values)
    if Field.NAME not in taken and companies >= 0.3 * len(values):
        return Field.NAME
    return None


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _reads(read: Callable[[Cell], object]) -> Callable[[str], bool]:
    def looks_like(text: str) -> bool:
        try:
            read(text)
        except InvalidValueError:
            return False
        return True

    return looks_like


LOOKS: dict[Field, Callable[[str], bool]] = {
    Field.CONTACT_EMAIL: _matches(_EMAIL),
    Field.POSTCODE: _matches(_POSTCODE),
    Field.OPENING_HOURS: lambda text: ":" in text and _reads(read_opening_hours)(text),
    Field.COUNTRY: lambda text: text.isalpha() and _reads(read_country)(text),
    Field.STREET: _matches(_STREET),
    Field.CONTACT_PHONE: _matches(_PHONE),
}
"""Fields that are known by their values."""
