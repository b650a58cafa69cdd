"""Reads all rows of a table: what can be used, and what is refused."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts import AccountRecord
from data.imports.fields import Field
from data.imports.records import RowReader
from data.imports.refused import RefusedFile
from data.imports.report import MOST_SHOWN
from data.imports.table import Row, RowError


@dataclass(frozen=True, slots=True, eq=False)
class ReadRows:
    """
    Parameters
    ----------
    records, row_numbers
        What the rows that can be used say, each of another account, and where they stand.
    count
        Of all rows.
    refused
        The others as a compressed CSV file, if there are any.
    """

    records: tuple[AccountRecord, ...]
    row_numbers: tuple[int, ...]
    count: int
    refused_count: int
    refused: bytes | None
    errors: tuple[RowError, ...]
    error_counts: dict[str, int]


def read_rows(
    rows: Iterable[Row],
    reader: RowReader,
    refused: RefusedFile,
    tell: Callable[[int], None] = lambda count: None,
) -> ReadRows:
    """
    Read rows one after the other; one that cannot be used does not stop the others.

    Of several rows with one id the first that can be used counts.

    Parameters
    ----------
    refused
        Gets the rows that cannot be used.
    tell
        Hears how many rows have been read.
    """
    records: list[AccountRecord] = []
    numbers: list[int] = []
    errors: list[RowError] = []
    counts: Counter[str] = Counter()
    row_of: dict[str, int] = {}
    count = 0
    for row in rows:
        count += 1
        tell(count)
        found = [row.error] if row.error is not None else reader.read(row)
        if isinstance(found, AccountRecord):
            first = row_of.setdefault(found.external_id, row.number)
            if first == row.number:
                records.append(found)
                numbers.append(row.number)
                continue
            found = [_twice(found.external_id, row, first, reader)]
        refused.add(row, found)
        counts.update(error.code for error in found)
        errors += found[: max(0, MOST_SHOWN - len(errors))]
    return ReadRows(
        tuple(records),
        tuple(numbers),
        count,
        refused.count,
        refused.finish(),
        tuple(errors),
        dict(counts.most_common()),
    )


def _twice(external_id: str, row: Row, first: int, reader: RowReader) -> RowError:
    return RowError(
        row.number,
        reader.column(Field.EXTERNAL_ID),
        external_id,
        "DUPLICATE_EXTERNAL_ID",
        f"{external_id!r} stands in row {first} already, which counts. Give this row another id, "
        "or remove it.",
    )
