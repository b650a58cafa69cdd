"""`python -m data.imports`, also killed while it works."""

import csv
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from data import dataset_store
from data.database import Database
from data.imports.__main__ import main
from data.imports.run import READING, WRITING
from data.tables import Account, Contact, DatasetKind, ExternalRef
from tests.data.builders import NOW, TODAY
from tests.data.conftest import KINDS, empty_database

ROOT = Path(__file__).resolve().parents[3]
FILE = "Nr;Firma;PLZ;Ort\n1;Muster GmbH;34117;Kassel\n2;;34117;Kassel\n"
ROWS = 6_000


@pytest.fixture
def database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """That of an instance whose active data set is without a map; SQLite unless asked otherwise."""
    with empty_database(getattr(request, "param", "sqlite"), tmp_path) as url:
        monkeypatch.setenv("TERRITOUR_INSTANCE_DIR", str(tmp_path))
        monkeypatch.setenv("DATABASE_URL", url)
        database = Database(url)
        database.upgrade()
        with database.session() as session:
            dataset = dataset_store.create(
                session, name="Own", kind=DatasetKind.OWN, country="DE",
                timezone="Europe/Berlin", currency="EUR", created_for=TODAY, created_at=NOW,
            )  # fmt: skip
            dataset_store.activate(session, dataset.id)
        yield database
        database.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.csv"
    path.write_text(FILE)
    return path


def counts(database: Database) -> tuple[int, int, int]:
    """Accounts, what they are called elsewhere, and contacts."""
    tables = (Account, ExternalRef, Contact)
    # In one statement: a server may still be committing what its client has sent.
    counted = (select(func.count(table.id)).scalar_subquery() for table in tables)
    with database.session() as session:
        accounts, refs, contacts = session.execute(select(*counted)).one()
    return accounts, refs, contacts


def test_the_command_shows_the_mapping_and_what_came_of_it(
    database: Database, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = tmp_path / "refused.csv"
    assert main([str(file), "--refused", str(refused)]) == 0
    told = capsys.readouterr().out
    assert "Firma" in told
    assert "Of 1 accounts 1 are new" in told
    assert "One row is refused." in told
    assert "row 3: Firma, Name is empty." in told
    assert "MISSING" in refused.read_text("utf-8-sig")
    assert counts(database) == (1, 1, 0)
    assert main([str(file)]) == 0
    assert "Nothing has changed: the account is as before." in capsys.readouterr().out


def test_a_dry_run_of_the_command_writes_nothing(
    database: Database, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file), "--dry-run"]) == 0
    assert "Nothing was written yet." in capsys.readouterr().out
    assert counts(database) == (0, 0, 0)


def test_accounts_come_into_a_data_set_of_their_own(
    database: Database, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(file), "--new-dataset", "Ours", "--dry-run"]) == 0
    with database.session() as session:
        assert [one.name for one in dataset_store.all_datasets(session)] == ["Own"]
    assert main([str(file)]) == 0
    assert main([str(file), "--new-dataset", "Ours"]) == 0
    assert "Of 1 accounts 1 are new" in capsys.readouterr().out
    with database.session() as session:
        active = dataset_store.active(session)
        assert active is not None
        assert (active.name, active.kind, active.country) == ("Ours", DatasetKind.OWN, "DE")
        assert session.scalars(select(Account.dataset_id)).all() == [active.id - 1, active.id]


def test_the_mapping_and_the_system_can_be_said(database: Database, file: Path) -> None:
    file.write_text("Nr;Firma;Kurz=Name\n1;Muster GmbH;Muster\n")
    arguments = ["--mapping", "Kurz=Name=name", "--mapping", "Nr=external_id", "--system", "erp"]
    assert main([str(file), *arguments]) == 0
    with database.session() as session:
        assert session.scalars(select(Account.name)).all() == ["Muster"]
        assert session.scalars(select(ExternalRef.system)).all() == ["erp"]


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("Kunde;Stadt\na;b\n", [], "No column is external_id"),
        ("Nr;Name\n", [], "no row below"),
        ("Nr;Name\n1;a\n", ["--mapping", "Nr"], "COLUMN=FIELD"),
        ("Nr;Name\n1;a\n", ["--mapping", "Nr=nmae"], "There is no field 'nmae'"),
        ("Nr;Name\n1;a\n", ["--preset", "sap"], "There is no preset 'sap'"),
        ("Nr;Name;Lon;Lat\n1;a;51.3;9.5\n", [], "seem to be swapped"),
        ("%PDF-1.4", [], "a PDF"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_a_reason(
    database: Database,
    file: Path,
    text: str,
    arguments: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file.write_text(text)
    assert main([str(file), *arguments]) == 1
    assert said in capsys.readouterr().err
    assert counts(database) == (0, 0, 0)


def test_a_file_that_is_not_there_is_refused(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["nowhere.csv"]) == 1
    assert "nowhere.csv cannot be read" in capsys.readouterr().err


def test_without_a_file_the_command_is_not_understood() -> None:
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2


def large_file(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["Nr", "Firma", "Ansprechpartner", "Straße", "PLZ", "Ort"])
        for k in range(ROWS):
            writer.writerow([k, f"Firma {k}", f"Person {k}", f"Weg {k}", "34117", "Kassel"])
    return path


def begun(path: Path) -> subprocess.Popen[str]:
    """The command in a process of its own, which tells each stage in a line."""
    return subprocess.Popen(
        [sys.executable, "-m", "data.imports", str(path)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ.copy(),
        text=True,
    )


def wait_for(process: subprocess.Popen[str], stage: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if line.strip() == stage:
            return
    raise AssertionError(f"{stage} was not told.")


def wipe(database: Database) -> None:
    with database.session() as session:
        for table in (Contact, ExternalRef, Account):
            session.execute(delete(table))


@pytest.mark.parametrize("database", KINDS, indirect=True)
def test_an_import_that_is_killed_leaves_the_table_as_before(
    database: Database, tmp_path: Path
) -> None:
    """Killed at random moments of each stage; how long one takes is measured by a whole run."""
    path = large_file(tmp_path / "large.csv")
    everything = (ROWS, ROWS, ROWS)
    with begun(path) as process:
        wait_for(process, WRITING)
        started = time.monotonic()
        assert process.wait(120) == 0
    writing_s = time.monotonic() - started
    assert counts(database) == everything
    wipe(database)

    moments = random.Random(5)
    killed = 0
    for stage in (READING, WRITING, WRITING, WRITING, WRITING):
        with begun(path) as process:
            wait_for(process, stage)
            time.sleep(moments.uniform(0, writing_s))
            process.send_signal(signal.SIGKILL)
        killed += process.wait(120) == -signal.SIGKILL
        found = counts(database)
        assert found in ((0, 0, 0), everything)
        if found == everything:
            wipe(database)
    assert killed
    assert main([str(path)]) == 0
    assert counts(database) == everything
