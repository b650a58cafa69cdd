"""A file before it is imported: what is in it, what its columns seem to be, and what is wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from data.errors import InvalidMappingError
from data.imports.cell import as_text, is_empty
from data.imports.column_facts import column_facts
from data.imports.fields import NEEDED, Field
from data.imports.guessing import guess_mapping
from data.imports.mapping import ColumnMapping, check_mapping
from data.imports.presets import Preset
from data.imports.records import RowReader, Rules
from data.imports.run import SWAPPED, swapped_coordinates
from data.imports.table import Row, Table

SAMPLE_ROWS = 2_000
"""Looked at for guesses and examples; an import looks at all."""

EXAMPLES = 5
EXAMPLE_LETTERS = 80

UNREADABLE = 0.5
"""Share of values that cannot be used, from which a guess is thought to be wrong."""

DOUBTS_FROM = 10
"""Values that are needed for that. Of a few, each is refused by itself."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file; `examples` are different values, as they stand there."""

    name: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Something to be settled, or known, before an import.

    Parameters
    ----------
    is_error
        Whether an import is refused because of it.
    columns
        Those that it is about.
    fix
        A mapping of these columns that would settle it.
    """

    code: str
    detail: str
    is_error: bool
    columns: tuple[str, ...] = ()
    fix: Mapping[str, Field] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """
    Parameters
    ----------
    mapping, guessed_by
        What the columns are taken for, and how each was guessed, unless somebody said so.
    """

    columns: tuple[Column, ...]
    row_count: int
    preset: Preset | None
    mapping: ColumnMapping
    guessed_by: Mapping[str, str]
    problems: tuple[Problem, ...]


def draft_of(table: Table, rules: Rules, preset: Preset | None = None) -> Draft:
    """
    Look at a file. Reads its first rows and counts the others.

    Raises
    ------
    InvalidImportFileError
        When it has too many rows.
    """
    row_count = table.count_rows()
    sample = list(islice(table.rows(), SAMPLE_ROWS))
    read = [row for row in sample if row.cells]
    samples = [[row.cells[k] for row in read] for k in range(len(table.columns))]
    guess = guess_mapping(table.columns, samples, preset)
    rules = replace(rules, preset=guess.preset)
    mapping, doubts = _without_unreadable(sample, table, guess.mapping, rules)
    return Draft(
        tuple(
            Column(name, _examples(values))
            for name, values in zip(table.columns, samples, strict=True)
        ),
        row_count,
        guess.preset,
        mapping,
        {column: how for column, how in guess.by.items() if column in mapping},
        (*problems_of(table, mapping, rules, sample), *doubts),
    )


def problems_of(
    table: Table, mapping: ColumnMapping, rules: Rules, sample: Sequence[Row] | None = None
) -> tuple[Problem, ...]:
    """What is wrong with a mapping, by the first rows."""
    found = []
    try:
        check_mapping(mapping, table.columns)
    except InvalidMappingError as error:
        columns = (error.column,) if error.column else ()
        found.append(Problem(error.code, str(error), is_error=True, columns=columns))
    if sample is None:
        sample = list(islice(table.rows(), SAMPLE_ROWS))
    facts = column_facts(sample, table.columns, mapping, rules.country)
    if facts.swapped is not None:
        column_of = {field: column for column, field in mapping.items()}
        lon, lat = column_of[Field.LON], column_of[Field.LAT]
        detail = str(swapped_coordinates(mapping, facts))
        fix = {lon: Field.LAT, lat: Field.LON}
        found.append(Problem(SWAPPED, detail, is_error=True, columns=(lon, lat), fix=fix))
    return tuple(found)


def _without_unreadable(
    sample: Sequence[Row], table: Table, mapping: ColumnMapping, rules: Rules
) -> tuple[ColumnMapping, tuple[Problem, ...]]:
    """Guesses whose values can be used, and a doubt for each that is left out."""
    facts = column_facts(sample, table.columns, mapping, rules.country)
    if facts.swapped is not None:
        return mapping, ()
    reader = RowReader(table.columns, mapping, rules, facts.marks)
    faults: Counter[str] = Counter()
    first: dict[str, str] = {}
    for row in sample:
        errors = reader.read(row) if row.cells else ()
        if isinstance(errors, list):
            for error in errors:
                faults[error.column] += 1
                first.setdefault(error.column, error.detail)
    said = Counter(
        column
        for row in sample
        if row.cells
        for column, cell in zip(table.columns, row.cells, strict=True)
        if not is_empty(cell)
    )
    doubtful = {
        column
        for column, field in mapping.items()
        if field not in NEEDED
        and said[column] >= DOUBTS_FROM
        and faults[column] > UNREADABLE * said[column]
    }
    # Half a position is none.
    pairs = {column for column, field in mapping.items() if field in (Field.LON, Field.LAT)}
    if doubtful & pairs:
        doubtful |= pairs
    return {column: field for column, field in mapping.items() if column not in doubtful}, tuple(
        Problem(
            "COLUMN_LEFT_OUT",
            f"{column!r} is called like {mapping[column]}, but most of its values cannot be used, "
            f"so it is left out. {first.get(column, '')}".strip(),
            is_error=False,
            columns=(column,),
        )
        for column in mapping
        if column in doubtful
    )


def _examples(values: Sequence[object]) -> tuple[str, ...]:
    different: dict[str, None] = {}
    for value in values:
        text = as_text(value).strip()[:EXAMPLE_LETTERS]  # type: ignore[arg-type]
        if text:
            different[text] = None
        if len(different) == EXAMPLES:
            break
    return tuple(different)
