"""
An import from the file to the database.

`prepare` reads the file and looks for addresses, which takes minutes and writes nothing. `write`
then writes everything within one transaction, so that an import is there as a whole or not at all.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from accounts import Address
from data import dataset_store
from data.account_upsert import Effect, upsert, who_moves
from data.database import Database, Session
from data.errors import InvalidMappingError
from data.geocoding.located import Located
from data.imports.column_facts import ColumnFacts, column_facts
from data.imports.fields import Field
from data.imports.mapping import ColumnMapping, check_mapping
from data.imports.reading_rows import ReadRows, read_rows
from data.imports.records import RowReader, Rules
from data.imports.refused import RefusedFile
from data.imports.report import MOST_OWNERS, MOST_SHOWN, NOT_FOUND, ImportReport, counted
from data.imports.table import RowError, Table
from data.progress import Progress

Locate = Callable[[Mapping[int, Address], Callable[[int], None]], dict[int, Located]]
"""Looks for addresses and says after each how many it has looked for."""

SWAPPED = "SWAPPED_COORDINATES"

LOOKING, READING, LOCATING, WRITING = (
    "Looking at the columns",
    "Reading rows",
    "Looking for addresses",
    "Writing accounts",
)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """
    All that is to be written.

    Parameters
    ----------
    addresses, located
        By index of the record: what was looked for, and what it was taken for.
    """

    rows: ReadRows
    addresses: Mapping[int, Address]
    located: Mapping[int, Located]


def prepare(
    database: Database,
    dataset_id: int,
    table: Table,
    mapping: ColumnMapping,
    rules: Rules,
    locate: Locate,
    progress: Progress,
    keeps_swapped: bool = False,
) -> Prepared:
    """
    Read a table and look for the addresses in it.

    Parameters
    ----------
    progress
        May raise, to stop it.
    keeps_swapped
        Whether positions are meant as they stand although they seem to be swapped.

    Raises
    ------
    InvalidMappingError
        When a field that is needed has no column, or longitude and latitude are swapped.
    InvalidImportFileError
        When the file turns out to be damaged, or too long.
    """
    check_mapping(mapping, table.columns)
    total = table.count_rows()
    facts = column_facts(
        table.rows(),
        table.columns,
        mapping,
        rules.country,
        lambda count: progress(LOOKING, count, total),
    )
    if facts.swapped is not None and not keeps_swapped:
        raise swapped_coordinates(mapping, facts)
    rows = read_rows(
        table.rows(),
        RowReader(table.columns, mapping, rules, facts.marks),
        RefusedFile(table.columns, table.reading.delimiter),
        lambda count: progress(READING, count, total),
    )
    with database.session() as session:
        addresses = who_moves(session, dataset_id, rows.records)
    located = locate(addresses, lambda count: progress(LOCATING, count, len(addresses)))
    return Prepared(rows, addresses, located)


def swapped_coordinates(mapping: ColumnMapping, facts: ColumnFacts) -> InvalidMappingError:
    """What is said where longitude and latitude are swapped."""
    assert facts.swapped is not None
    column_of = {field: column for column, field in mapping.items()}
    lon, lat = column_of[Field.LON], column_of[Field.LAT]
    inside, count = facts.swapped
    return InvalidMappingError(
        SWAPPED,
        f"{lon!r} and {lat!r} seem to be swapped: as they stand, hardly a position lies in its "
        f"country, but {inside:,} of {count:,} do once they change places. Take {lat!r} for lon "
        f"and {lon!r} for lat.",
        lon,
    )


def write(
    session: Session, dataset_id: int, prepared: Prepared, now: datetime, today: date
) -> ImportReport:
    """
    Write what was prepared, within the session's transaction.

    Parameters
    ----------
    now, today
        As for `upsert`.
    """
    dataset = dataset_store.get(session, dataset_id)
    rows, located = prepared.rows, prepared.located
    done = upsert(session, dataset, rows.records, located, now, today)
    levels = Counter(
        NOT_FOUND if one.level is None else one.level.value for one in located.values()
    )
    warnings = _not_found(prepared)
    owners = Counter(done.unknown_owners).most_common()
    return ImportReport(
        rows=rows.count,
        created=done.count(Effect.CREATED),
        updated=done.count(Effect.UPDATED),
        unchanged=done.count(Effect.UNCHANGED),
        refused=rows.refused_count,
        located=dict(levels),
        ambiguous=sum(one.is_ambiguous for one in located.values()),
        positions_given=sum(record.location is not None for record in rows.records),
        errors=rows.errors,
        error_counts=rows.error_counts,
        warnings=warnings[:MOST_SHOWN],
        warning_counts=counted(warnings),
        unknown_owners=dict(owners[:MOST_OWNERS]),
        unknown_owner_count=len(owners),
        kept_owners=len(done.kept_owners),
        is_dry_run=False,
    )


class _NothingWrittenError(Exception):
    """Takes back the transaction of a dry run."""

    def __init__(self, report: ImportReport) -> None:
        self.report = report


def try_out(database: Database, written: Callable[[Session], ImportReport]) -> ImportReport:
    """What writing would come to; all of it is taken back."""
    try:
        with database.session() as session:
            raise _NothingWrittenError(written(session))
    except _NothingWrittenError as told:
        return replace(told.report, is_dry_run=True)


def _not_found(prepared: Prepared) -> tuple[RowError, ...]:
    return tuple(
        RowError(
            prepared.rows.row_numbers[index],
            "",
            ", ".join(part for part in (a.street, f"{a.postcode} {a.town}".strip()) if part),
            "ADDRESS_NOT_FOUND",
            "The map of the data set does not know the address. The account is kept without a "
            "position; mend the address, or set the position by hand.",
        )
        for index, a in prepared.addresses.items()
        if (one := prepared.located.get(index)) is None or one.location is None
    )
