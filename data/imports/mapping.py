"""Which column of a file is which field."""

from collections.abc import Mapping
from difflib import get_close_matches

from data.errors import InvalidMappingError
from data.imports.fields import CONTRADICTIONS, NEEDED, TITLES, Field

ColumnMapping = Mapping[str, Field]
"""Fields by the name of their column; columns that are not named are left out."""


def read_mapping(said: Mapping[str, str], columns: tuple[str, ...]) -> dict[str, Field]:
    """
    A mapping as somebody writes it; an empty field leaves a column out.

    Raises
    ------
    InvalidMappingError
        When there is no such column or field, or two columns are one field.
    """
    mapping: dict[str, Field] = {}
    column_of: dict[Field, str] = {}
    for column, name in said.items():
        if column not in columns:
            near = get_close_matches(column, columns, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise InvalidMappingError(
                "UNKNOWN_COLUMN", f"The file has no column {column[:60]!r}.{hint}", column
            )
        if not name:
            continue
        if name not in set(Field):
            near = get_close_matches(name, list(Field), n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise InvalidMappingError(
                "UNKNOWN_FIELD",
                f"There is no field {name[:60]!r} for the column {column!r}.{hint} There are: "
                f"{', '.join(Field)}.",
                column,
            )
        field = Field(name)
        if field in column_of:
            raise InvalidMappingError(
                "FIELD_TWICE",
                f"{column_of[field]!r} and {column!r} cannot both be {field}. Leave one out.",
                column,
            )
        column_of[field] = column
        mapping[column] = field
    return mapping


def check_mapping(mapping: ColumnMapping, columns: tuple[str, ...]) -> None:
    """
    Raises
    ------
    InvalidMappingError
        When a field that every account needs has no column, or two say the same thing.
    """
    column_of = {field: column for column, field in mapping.items()}
    for field in NEEDED:
        if field not in column_of:
            shown = ", ".join(repr(column) for column in columns[:20])
            more = f" and {len(columns) - 20} more" if len(columns) > 20 else ""
            raise InvalidMappingError(
                "MISSING_COLUMN",
                f"No column is {field} ({TITLES[field]}). Say which one is. The file has: "
                f"{shown}{more}.",
            )
    if (Field.LON in column_of) != (Field.LAT in column_of):
        known = Field.LON if Field.LON in column_of else Field.LAT
        other = Field.LAT if known is Field.LON else Field.LON
        raise InvalidMappingError(
            "MISSING_COLUMN",
            f"{column_of[known]!r} is {known}, but no column is {other}. Say which one is, or "
            f"leave {column_of[known]!r} out.",
            column_of[known],
        )
    for one, other in CONTRADICTIONS:
        if one in column_of and other in column_of:
            raise InvalidMappingError(
                "CONTRADICTION",
                f"{column_of[one]!r} is {one} and {column_of[other]!r} is {other}, which say the "
                "same thing. Leave one out.",
                column_of[other],
            )
