"""
How long a file of 24,000 accounts takes, from the file to the database.

    python -m benchmarks.imports --json

One file has addresses of Liechtenstein as the map has them, each looked for by its house number;
the other German towns and postcodes with streets that the shipped map does not know. Each is
imported into an empty data set, and then once more. Seconds are CPU seconds of one core. Seeds are
fixed.
"""

import argparse
import csv
import io
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import numpy as np
import openpyxl

from benchmarks.geocoding import written_addresses
from benchmarks.instances import data_folder
from data import dataset_store
from data.database import Database
from data.geocoding.address_build import build_address_index
from data.geocoding.geocoder import Geocoder
from data.geocoding.locating import locate, open_geocoder
from data.imports.draft import draft_of
from data.imports.open_table import open_table
from data.imports.records import Rules
from data.imports.report import ImportReport
from data.imports.run import LOCATING, WRITING, prepare, write
from data.osm.places.place_store import PlaceStore
from data.osm.rest import write_rest
from data.samples import germany
from data.tables import DatasetKind

ROWS = 24_000
SEED = 24

NOW = datetime(2026, 11, 16, 7, 30, tzinfo=UTC)
TODAY = date(2026, 11, 16)

HEADER = (
    "Kd-Nr.", "Firma", "Straße", "PLZ", "Ort", "Potenzial", "Status", "Ansprechpartner", "E-Mail",
    "Telefon", "Öffnungszeiten", "Bemerkung",
)  # fmt: skip
STREETS = ("Hauptstr.", "Bahnhofstraße", "Gartenweg", "Dorfstraße", "Am Markt", "Schulstr.")

Address = tuple[str, str, str]
"""Street with number, postcode, town."""


@dataclass(slots=True)
class Timing:
    """CPU seconds by stage, as an import tells them."""

    stage: str = ""
    since_s: float = field(default_factory=time.process_time)
    took_s: dict[str, float] = field(default_factory=dict)

    def progress(self, stage: str, done: int, total: int) -> None:
        if stage != self.stage:
            self.end()
            self.stage = stage

    def end(self) -> None:
        now_s = time.process_time()
        if self.stage:
            self.took_s[self.stage] = self.took_s.get(self.stage, 0.0) + now_s - self.since_s
        self.since_s = now_s


def table_rows(addresses: Sequence[Address]) -> Iterator[tuple[object, ...]]:
    """A table as somebody keeps it, addresses repeated if there are fewer than rows."""
    yield HEADER
    random = np.random.default_rng(SEED)
    potentials = random.integers(0, 90_000, ROWS).tolist()
    for k in range(ROWS):
        street, postcode, town = addresses[k % len(addresses)]
        yield (
            100_000 + k, f"Betrieb {k} GmbH", street, postcode, town, potentials[k],
            ("Kunde", "Interessent")[k % 2], f"Person {k}", f"person{k}@example.com",
            f"+49 561 {k:06d}", "Mo-Fr 08:00-12:00,13:00-17:00", "",
        )  # fmt: skip


def as_csv(addresses: Sequence[Address]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows(table_rows(addresses))
    return stream.getvalue().encode("cp1252", "replace")


def as_xlsx(addresses: Sequence[Address]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Kunden")
    for row in table_rows(addresses):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def liechtenstein(folder: Path) -> tuple[Geocoder, list[Address]]:
    """All house numbers of the extract, as they are written on the map."""
    extract = data_folder() / "osm" / "liechtenstein-2024.osm.pbf"
    if not extract.is_file():
        raise SystemExit(f"{extract} is not there. BENCHMARK_DATA names the folder of data.")
    write_rest(extract, folder)
    build_address_index(folder)
    store = PlaceStore(folder)
    try:
        found = written_addresses(store, number_first=False)
    finally:
        store.close()
    return Geocoder.open(folder), [(f"{a.street} {a.number}", a.postcode, a.place) for a in found]


def german_sample(folder: Path) -> tuple[Geocoder, list[Address]]:
    """Postcodes and their towns, with streets that nobody knows."""
    geocoder = open_geocoder(germany.MAP_NAME, folder)
    assert geocoder is not None
    codes = germany.read_postcodes()
    random = np.random.default_rng(SEED)
    chosen = random.integers(0, len(codes), ROWS).tolist()
    return geocoder, [
        (f"{STREETS[k % len(STREETS)]} {k % 90 + 1}", codes.code[row], codes.place[row])
        for k, row in enumerate(chosen)
    ]


def measure(
    name: str, country: str, geocoder: Geocoder, content: bytes, url: str
) -> dict[str, object]:
    """Import a file into an empty data set, and once more."""
    database = Database(url)
    database.upgrade()
    with database.session() as session:
        dataset_id = dataset_store.create(
            session, name=name, kind=DatasetKind.OWN, country=country, timezone="Europe/Berlin",
            currency="EUR", created_for=TODAY, created_at=NOW,
        ).id  # fmt: skip
    first, timing, cpu_s = _import(database, dataset_id, country, geocoder, content)
    again, _, again_s = _import(database, dataset_id, country, geocoder, content)
    database.dispose()
    looked_for = sum(first.located.values())
    locating_s = timing.took_s[LOCATING]
    return {
        "set": name,
        "rows": first.rows,
        "created": first.created,
        "cpu_s": round(cpu_s, 1),
        "reading_s": round(cpu_s - locating_s - timing.took_s[WRITING], 1),
        "locating_s": round(locating_s, 1),
        "writing_s": round(timing.took_s[WRITING], 1),
        "rows_per_s": round(first.rows / cpu_s),
        "located": dict(first.located),
        "found_pct": round(100 * (1 - first.located.get("not_found", 0) / looked_for), 2),
        "again_s": round(again_s, 1),
        "again_unchanged": again.unchanged,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _import(
    database: Database, dataset_id: int, country: str, geocoder: Geocoder, content: bytes
) -> tuple[ImportReport, Timing, float]:
    started_s = time.process_time()
    timing = Timing()
    table = open_table(content)
    draft = draft_of(table, Rules("bench", country, "EUR"))
    prepared = prepare(
        database,
        dataset_id,
        table,
        draft.mapping,
        Rules("bench", country, "EUR"),
        partial(locate, geocoder, country),
        timing.progress,
    )
    timing.progress(WRITING, 0, 0)
    with database.session() as session:
        report = write(session, dataset_id, prepared, NOW, TODAY)
    timing.end()
    return report, timing, time.process_time() - started_s


SETS: dict[str, tuple[str, Callable[[Path], tuple[Geocoder, list[Address]]]]] = {
    "liechtenstein": ("LI", liechtenstein),
    "germany": ("DE", german_sample),
}
KINDS: dict[str, Callable[[Sequence[Address]], bytes]] = {"csv": as_csv, "xlsx": as_xlsx}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object per file")
    parser.add_argument("--only", choices=SETS)
    parser.add_argument("--database", help="a PostgreSQL without tables, instead of SQLite")
    options = parser.parse_args()
    for name, (country, make) in SETS.items():
        if options.only not in (None, name):
            continue
        with tempfile.TemporaryDirectory() as folder:
            geocoder, addresses = make(Path(folder))
            for kind, write_file in KINDS.items():
                url = options.database or f"sqlite:///{folder}/{kind}.db"
                content = write_file(addresses)
                figures = measure(f"{name} {kind}", country, geocoder, content, url)
                if options.json:
                    print(json.dumps(figures), flush=True)
                else:
                    print("\n".join(f"{k:16} {v}" for k, v in figures.items()), flush=True)


if __name__ == "__main__":
    main()
