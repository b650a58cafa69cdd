"""From the file to the database, on both of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts import Address, LocationLevel
from data.database import Database, Session
from data.errors import InvalidMappingError
from data.geocoding.located import Located
from data.imports.draft import draft_of
from data.imports.open_table import open_table
from data.imports.records import Rules
from data.imports.report import ImportReport
from data.imports.run import LOCATING, prepare, try_out, write
from data.tables import Account, Contact, DataChange, ExternalRef
from geo import Location
from tests.data.builders import NOW, TODAY
from tests.data.imports.workbooks import workbook

FILE = """\
Nr;Firma;Straße;PLZ;Ort;Potenzial;Ansprechpartner
1;Muster GmbH;Hauptstr. 1;34117;Kassel;12.500,50;Ada Weber
2;Beispiel AG;Nirgendweg 7;99999;Nirgends;;
3;;Hauptstr. 3;34117;Kassel;;
"""


def locate(addresses: Mapping[int, Address], done: Callable[[int], None]) -> dict[int, Located]:
    """Knows Kassel alone."""
    found = Located(Location(9.5, 51.3), LocationLevel.ADDRESS, 0.9, "Kassel", "nobody")
    done(len(addresses))
    return {
        key: found if address.town == "Kassel" else Located() for key, address in addresses.items()
    }


@dataclass
class Importer:
    database: Database
    dataset_id: int
    stages: list[str]

    def run(self, content: str | bytes, dry: bool = False, **rules: Any) -> ImportReport:
        content = content.encode() if isinstance(content, str) else content
        table = open_table(content)
        mapping = draft_of(table, Rules("crm", "DE", "EUR")).mapping
        prepared = prepare(
            self.database,
            self.dataset_id,
            table,
            mapping,
            Rules("crm", "DE", "EUR", **rules),
            locate,
            lambda stage, done, total: self.stages.append(stage),
        )

        def written(session: Session) -> ImportReport:
            return write(session, self.dataset_id, prepared, NOW, TODAY)

        if dry:
            return try_out(self.database, written)
        with self.database.session() as session:
            return written(session)

    def accounts(self) -> dict[str, Account]:
        with self.database.session() as session:
            rows = session.execute(
                select(ExternalRef.external_id, Account).join(
                    Account, Account.id == ExternalRef.account_id
                )
            )
            return {row.external_id: row.Account for row in rows}

    def changes(self) -> int:
        with self.database.session() as session:
            return session.scalars(select(DataChange.count)).one()


@pytest.fixture
def importer(database: Database, dataset_id: int) -> Importer:
    return Importer(database, dataset_id, [])


def test_good_rows_are_written_and_the_others_told(importer: Importer) -> None:
    report = importer.run(FILE)
    assert (report.rows, report.created, report.refused) == (3, 2, 1)
    assert report.located == {"address": 1, "not_found": 1}
    assert [(error.row, error.code) for error in report.errors] == [(4, "MISSING")]
    assert [(w.row, w.value, w.code) for w in report.warnings] == [
        (3, "Nirgendweg 7, 99999 Nirgends", "ADDRESS_NOT_FOUND")
    ]
    assert report.summary == (
        "Of 2 accounts 2 are new, 0 have changed and 0 stay as they are. One row is refused."
    )
    one = importer.accounts()["1"]
    assert (one.name, one.street, one.potential_cents) == ("Muster GmbH", "Hauptstr. 1", 1_250_050)
    assert (one.lon, one.lat, one.location_level) == (9.5, 51.3, LocationLevel.ADDRESS)
    assert importer.accounts()["2"].lon is None
    assert LOCATING in importer.stages


def test_the_same_file_again_changes_nothing_and_says_so(importer: Importer) -> None:
    importer.run(FILE)
    before = importer.changes()
    report = importer.run(FILE)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert report.summary.startswith("Nothing has changed: all 2 accounts are as before.")
    assert importer.changes() == before
    assert {account.version for account in importer.accounts().values()} == {1}


def test_a_dry_run_says_what_would_happen_and_writes_nothing(importer: Importer) -> None:
    before = importer.changes()
    report = importer.run(FILE, dry=True)
    assert (report.created, report.refused, report.is_dry_run) == (2, 1, True)
    assert report.summary.startswith("Nothing was written yet. Of 2 accounts 2 would be new")
    assert importer.accounts() == {}
    assert importer.changes() == before
    assert importer.run(FILE).created == 2


def test_what_has_changed_in_the_file_changes_alone(importer: Importer) -> None:
    importer.run(FILE)
    report = importer.run(FILE.replace("Muster GmbH", "Muster & Co."))
    assert (report.updated, report.unchanged) == (1, 1)
    assert importer.accounts()["1"].version == 2


def test_an_empty_cell_says_nothing_unless_it_is_to_clear(importer: Importer) -> None:
    importer.run(FILE)
    emptied = FILE.replace("Ada Weber", "").replace("Hauptstr. 1", "")
    assert importer.run(emptied).unchanged == 2
    assert importer.accounts()["1"].street == "Hauptstr. 1"
    assert importer.run(emptied, clears_empty=True).updated == 1
    assert importer.accounts()["1"].street == ""
    with importer.database.session() as session:
        assert session.scalars(select(func.count(Contact.id))).one() == 0


def test_a_workbook_gives_the_same_accounts_as_a_text(importer: Importer) -> None:
    importer.run(FILE)
    content = workbook(
        ["Nr", "Firma", "Straße", "PLZ", "Ort", "Potenzial", "Ansprechpartner"],
        [1, "Muster GmbH", "Hauptstr. 1", 34117, "Kassel", 12500.5, "Ada Weber"],
        [2, "Beispiel AG", "Nirgendweg 7", 99999, "Nirgends", None, None],
    )
    assert importer.run(content).unchanged == 2


def test_json_lines_are_written_with_all_they_say(importer: Importer) -> None:
    report = importer.run(
        '{"external_id": "9", "name": "A", "status": "customer", "segment": "10k_100k", '
        '"potential": 12000.5, "address": {"street": "Hauptstr. 1", "town": "Kassel", '
        '"country": "DE"}, "position": [9.4, 51.2], "location_level": "street", '
        '"opening_hours": [{"weekday": 1, "opens": "08:00", "closes": "17:00"}], '
        '"service_duration_s": 2400, "visit_interval_days": 75, "notes": "n", '
        '"contacts": [{"name": "Ada"}, {"name": "Ben"}]}\n'
    )
    assert report.errors == ()
    account = importer.accounts()["9"]
    assert (account.segment, account.potential_cents, account.country) == (2, 1_200_050, "")
    assert (account.lon, account.location_level) == (9.4, LocationLevel.STREET)
    assert (account.service_duration_s, account.visit_interval_days) == (2_400, 75)
    assert [window.opens_s for window in account.opening_hours] == [28_800]
    with importer.database.session() as session:
        assert session.scalars(select(func.count(Contact.id))).one() == 2


def test_swapped_coordinates_stop_an_import_before_anything_is_written(importer: Importer) -> None:
    with pytest.raises(InvalidMappingError, match="1 of 1 do once they change places") as refused:
        importer.run("Nr;Name;Lon;Lat\n1;a;51.3;9.5\n")
    assert refused.value.code == "SWAPPED_COORDINATES"
    assert importer.accounts() == {}


def test_a_stop_while_addresses_are_looked_for_writes_nothing(importer: Importer) -> None:
    table = open_table(FILE.encode())
    mapping = draft_of(table, Rules("crm", "DE", "EUR")).mapping

    def stop(stage: str, done: int, total: int) -> None:
        if stage == LOCATING:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(
            importer.database, importer.dataset_id, table, mapping, Rules("crm", "DE", "EUR"),
            locate, stop,
        )  # fmt: skip
    assert importer.accounts() == {}
