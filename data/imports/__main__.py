"""
Accounts from a file into the active data set: `python -m data.imports FILE`.

Exit codes: 0 done, also where some rows were refused; 1 refused with a reason, nothing was
written; 2 not understood; 130 stopped, 143 told to stop, nothing was written.
"""

import argparse
import gzip
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from zoneinfo import ZoneInfo

from data.compiled_code import stoppable, use_compiled_code
from data.errors import DataError, InvalidImportFileError, InvalidMappingError, InvalidPresetError
from data.imports.limits import MAX_FILE_BYTES
from data.instance import instance_dir, opened_database
from data.progress import ProgressDisplay

if TYPE_CHECKING:
    from data.database import Database, Session
    from data.geocoding.geocoder import Geocoder
    from data.imports.mapping import ColumnMapping
    from data.imports.presets import Preset
    from data.imports.report import ImportReport
    from data.imports.table import Table
    from data.tables import Dataset

STOPPED, TOLD_TO_STOP = 130, 143

DEFAULT_SYSTEM = "file"

NO_DATASET = -1
"""One that is yet to be made, and knows no account."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    use_compiled_code(instance_dir() / "numba")
    try:
        with stoppable(), opened_database() as database:
            _import(options, database)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Nothing was written.", file=sys.stderr)
        return STOPPED
    return 0


def _stop(*_: object) -> NoReturn:
    sys.exit(TOLD_TO_STOP)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data.imports",
        description="Accounts from a CSV, XLSX or JSON lines file into the active data set.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would happen, write nothing"
    )
    parser.add_argument(
        "--new-dataset",
        metavar="NAME",
        help="a data set of their own, on the map of the active one, instead of adding to that",
    )
    parser.add_argument("--preset", help="the system whose columns they are (default: found out)")
    parser.add_argument(
        "--system", help="who calls the accounts by these ids (default: of the preset, or 'file')"
    )
    parser.add_argument(
        "--mapping",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="what a column is, if the guess is wrong; COLUMN= leaves it out",
    )
    parser.add_argument("--refused", type=Path, help="where to write the rows that are refused")
    parser.add_argument(
        "--clear-empty", action="store_true", help="let empty cells clear what is known"
    )
    parser.add_argument(
        "--keep-swapped", action="store_true", help="take longitude and latitude as they stand"
    )
    parser.add_argument("--encoding", default="", help="of the text (default: found out)")
    parser.add_argument("--delimiter", default="", help="of cells (default: found out)")
    parser.add_argument("--sheet", default="", help="of the workbook (default: the first)")
    parser.add_argument("--header-row", type=int, help="which names the columns")
    return parser


def _import(options: argparse.Namespace, database: "Database") -> None:
    # Imported late: this takes seconds to load, and `--help` needs none of it.
    from data.geocoding.locating import locate
    from data.imports.console import shown_mapping, shown_report
    from data.imports.draft import draft_of
    from data.imports.open_table import Wishes, open_table
    from data.imports.records import Rules
    from data.imports.run import WRITING, prepare, try_out, write

    dataset = _active(database)
    preset = _preset(options.preset)
    delimiter = "\t" if options.delimiter in ("tab", "\\t") else options.delimiter
    wishes = Wishes(options.encoding, delimiter, options.sheet, options.header_row)
    content = _content(options.file)
    table = open_table(content, wishes)
    rules = Rules("", dataset.country, dataset.currency, preset, options.clear_empty)
    draft = draft_of(table, rules, preset)
    mapping = _changed(draft.mapping, options.mapping, table)
    print(shown_mapping(table, draft, mapping))
    preset = draft.preset
    system = options.system or (preset.system if preset else DEFAULT_SYSTEM)
    rules = Rules(system, dataset.country, dataset.currency, preset, options.clear_empty)
    now = datetime.now(UTC)
    today = max(now.astimezone(ZoneInfo(dataset.timezone)).date(), dataset.created_for)
    console = ProgressDisplay(sys.stderr)
    try:
        console.progress("Opening the map")
        geocoder = _geocoder(dataset.map_name)
        prepared = prepare(
            database,
            NO_DATASET if options.new_dataset else dataset.id,
            table,
            mapping,
            rules,
            partial(locate, geocoder, dataset.country),
            console.progress,
            options.keep_swapped,
        )
        console.progress(WRITING)

        def written(session: "Session") -> "ImportReport":
            into = dataset.id
            if options.new_dataset:
                into = _new_dataset(session, options.new_dataset, dataset, now, today)
            return write(session, into, prepared, now, today)

        if options.dry_run:
            report = try_out(database, written)
        else:
            with database.session() as session:
                report = written(session)
    finally:
        console.close()
    print(shown_report(report))
    if options.refused is not None and prepared.rows.refused is not None:
        options.refused.write_bytes(gzip.decompress(prepared.rows.refused))
        print(f"The rows that were refused are in {options.refused}.")


def _geocoder(map_name: str | None) -> "Geocoder | None":
    from data.errors import InvalidRoadMapError
    from data.geocoding.locating import open_geocoder

    try:
        return open_geocoder(map_name, instance_dir() / "maps")
    except InvalidRoadMapError as error:
        # Accounts come in without a position then, which is told of each of them.
        print(f"No address can be looked for. {error}", file=sys.stderr)
        return None


def _active(database: "Database") -> "Dataset":
    from data import dataset_store
    from data.errors import NotFoundError

    with database.session() as session:
        dataset = dataset_store.active(session)
    if dataset is None:
        raise NotFoundError(
            "There is no data set yet. `python -m api` makes a sample, `python -m data.osm use` "
            "one of a map."
        )
    return dataset


def _new_dataset(session: "Session", name: str, like: "Dataset", now: datetime, today: date) -> int:
    """An empty one on the map of another, active from the end of the transaction on."""
    from data import dataset_store
    from data.tables import DatasetKind

    made = dataset_store.create(
        session,
        name=name[:200],
        kind=DatasetKind.OWN,
        country=like.country,
        timezone=like.timezone,
        currency=like.currency,
        created_for=today,
        created_at=now,
        map_name=like.map_name,
    )
    return dataset_store.activate(session, made.id).id


def _preset(name: str | None) -> "Preset | None":
    from data.imports.presets import presets

    if name is None:
        return None
    if name not in presets():
        raise InvalidPresetError(
            f"There is no preset {name!r}. Take one of: {', '.join(presets())}."
        )
    return presets()[name]


def _content(path: Path) -> bytes:
    from data.imports.open_table import too_large

    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise too_large(size, MAX_FILE_BYTES)
        return path.read_bytes()
    except OSError as error:
        raise InvalidImportFileError(
            "UNREADABLE_FILE", f"{path} cannot be read: {error.strerror or error}."
        ) from error


def _changed(guessed: "ColumnMapping", said: Sequence[str], table: "Table") -> "ColumnMapping":
    from data.imports.mapping import read_mapping

    changes: dict[str, str] = {}
    for entry in said:
        column, equals, field = entry.rpartition("=")
        if not equals:
            raise InvalidMappingError(
                "INVALID_FORMAT", f"--mapping {entry!r} is not of the form COLUMN=FIELD."
            )
        changes[column.strip()] = field.strip()
    fields = set(changes.values())
    kept = {column: field.value for column, field in guessed.items() if field.value not in fields}
    return read_mapping({**kept, **changes}, table.columns)


if __name__ == "__main__":
    # So that a transaction is taken back before the process ends.
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
