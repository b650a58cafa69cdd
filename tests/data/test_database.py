import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from accounts.account import OpeningWindow
from data import dataset_store
from data.bulk import insert_columns
from data.database import Database, Session, _write_ahead, normalised_url
from data.errors import ConcurrentChangeError, InvalidDatabaseUrlError
from data.tables import (
    Account,
    DataChange,
    Dataset,
    ExternalRef,
    Ownership,
    Rep,
    RepRef,
    SalesOrder,
    Visit,
)
from tests.data.builders import (
    NOW,
    TODAY,
    add_account,
    add_order,
    add_ownership,
    add_rep,
    add_visit,
)


@pytest.mark.parametrize(
    "url",
    [
        "postgres://me:secret@db.example:5433/sales",
        "postgresql://me:secret@db.example:5433/sales",
        "postgresql+psycopg2://me:secret@db.example:5433/sales",
    ],
)
def test_every_address_of_postgresql_gets_the_driver_that_is_installed(url: str) -> None:
    parsed = normalised_url(url)
    assert parsed.drivername == "postgresql+psycopg"
    assert (parsed.username, parsed.host, parsed.port, parsed.database) == (
        "me",
        "db.example",
        5433,
        "sales",
    )


@pytest.mark.parametrize("url", ["mysql://db/sales", "sqlite://", "sqlite:///:memory:", "sales.db"])
def test_other_addresses_are_refused_with_those_that_are_accepted(url: str) -> None:
    with pytest.raises(InvalidDatabaseUrlError, match="sqlite:///"):
        normalised_url(url)


def test_an_address_is_shown_without_its_password() -> None:
    assert "secret" not in Database("postgresql://me:secret@127.0.0.1/sales").url


@pytest.mark.parametrize("url", ["mysql://me:secret@db/sales", "postgresql//me:secret@db/sales"])
def test_a_refusal_does_not_show_the_password(url: str) -> None:
    with pytest.raises(InvalidDatabaseUrlError) as caught:
        normalised_url(url)
    assert "secret" not in str(caught.value)


def test_sqlite_enforces_foreign_keys_and_writes_ahead(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'territour.db'}")
    with database.session() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA busy_timeout")) >= 10_000
    database.dispose()


def test_sqlite_enforces_foreign_keys_on_the_connection_that_migrated(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'territour.db'}")
    database.upgrade()
    with database.session() as session:
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    database.dispose()


def test_a_session_keeps_nothing_when_it_ends_in_an_exception(database, dataset_id) -> None:
    def fail() -> None:
        with database.session() as session:
            add_account(session, dataset_id)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.session() as session:
        assert session.scalars(select(Account)).all() == []


def test_rows_can_be_read_after_their_session(database, dataset_id) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id, name="Nachher AG")
    assert account.name == "Nachher AG"


def test_an_instant_comes_back_in_utc_whatever_zone_it_was_given_in(database, dataset_id) -> None:
    in_berlin = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    with database.session() as session:
        account = add_account(session, dataset_id)
        visit_id = add_visit(session, account.id, in_berlin).id
    with database.session() as session:
        stored = session.get(Visit, visit_id).start_at
    assert stored == in_berlin
    assert stored.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(database, dataset_id) -> None:
    with pytest.raises(StatementError, match="no time zone"), database.session() as session:
        add_account(session, dataset_id, created_at=NOW.replace(tzinfo=None))


def test_instants_compare_as_instants(database, dataset_id) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id)
        add_visit(session, account.id, datetime(2026, 1, 5, 23, 30, tzinfo=UTC))
        in_tokyo = datetime(2026, 1, 6, 8, 0, tzinfo=timezone(timedelta(hours=9)))
        later = session.scalars(select(Visit).where(Visit.start_at > in_tokyo)).all()
    assert len(later) == 1  # 08:00 in Tokyo is 23:00 in UTC


def test_equal_opening_hours_come_back_sorted_and_as_one_object(database, dataset_id) -> None:
    monday, tuesday = OpeningWindow(1, 0, 3600), OpeningWindow(2, 0, 3600)
    with database.session() as session:
        add_account(session, dataset_id, opening_hours=(tuesday, monday))
        add_account(session, dataset_id, opening_hours=(monday, tuesday))
    with database.session() as session:
        first, second = session.scalars(select(Account.opening_hours).order_by(Account.id))
    assert first == (monday, tuesday)
    assert first is second


@pytest.mark.parametrize(
    "changes",
    [
        {"lon": None},
        {"potential_cents": -1},
        {"service_duration_s": -1},
        {"visit_interval_days": 0.0},
        {"name": None},
    ],
)
def test_an_impossible_account_is_refused(database, dataset_id, changes) -> None:
    with pytest.raises(IntegrityError), database.session() as session:
        add_account(session, dataset_id, **changes)


def test_a_status_that_does_not_exist_is_refused_by_the_database_itself(
    database, dataset_id
) -> None:
    with database.session() as session:
        add_account(session, dataset_id)
    with pytest.raises(IntegrityError), database.session() as session:
        session.execute(text("UPDATE account SET status = 'friend'"))


def test_an_account_has_one_open_owner_and_any_number_of_past_ones(database, dataset_id) -> None:
    with database.session() as session:
        rep, account = add_rep(session, dataset_id), add_account(session, dataset_id)
        for year in (2023, 2024):
            add_ownership(
                session,
                account.id,
                rep.id,
                from_date=TODAY.replace(year=year),
                until_date=TODAY.replace(year=year + 1),
            )
        add_ownership(session, account.id, rep.id, from_date=TODAY.replace(year=2025))
    with pytest.raises(IntegrityError), database.session() as session:
        add_ownership(session, account.id, rep.id, from_date=TODAY)


def test_an_external_id_is_unique_within_data_set_and_system(database, dataset_id) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id)
        for system in ("salesforce", "hubspot"):
            session.add(_reference(dataset_id, account.id, system))
    with pytest.raises(IntegrityError), database.session() as session:
        session.add(_reference(dataset_id, account.id, "hubspot"))


def test_deleting_a_data_set_deletes_all_it_owns(database, dataset_id) -> None:
    with database.session() as session:
        rep, account = add_rep(session, dataset_id), add_account(session, dataset_id)
        add_ownership(session, account.id, rep.id)
        add_visit(session, account.id, NOW, rep_id=rep.id)
        add_order(session, account.id, TODAY)
        session.add(_reference(dataset_id, account.id, "hubspot"))
    with database.session() as session:
        session.execute(delete(Dataset).where(Dataset.id == dataset_id))
    with database.session() as session:
        for table in (Account, Rep, Ownership, Visit, SalesOrder, ExternalRef):
            assert session.scalars(select(table)).all() == []


def test_the_id_of_a_deleted_account_is_not_given_to_another(database, dataset_id) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id)
        session.delete(account)
    with database.session() as session:
        assert add_account(session, dataset_id).id > account.id


def test_writers_at_once_wait_for_each_other_and_every_commit_counts(database, dataset_id) -> None:
    """Each reads before it writes, which is how a write lock of SQLite can be refused at once."""
    barrier = Barrier(4)
    with database.session() as session:
        commits = session.scalars(select(DataChange.count)).one()

    def write(worker: int) -> None:
        barrier.wait(10)
        for k in range(10):
            with database.session() as session:
                session.scalars(select(Account)).all()
                add_account(session, dataset_id, name=f"Firma {worker}.{k}")

    with ThreadPoolExecutor(4) as pool:
        for finished in [pool.submit(write, worker) for worker in range(4)]:
            finished.result()
    with database.session() as session:
        assert len(session.scalars(select(Account)).all()) == 40
        assert session.scalars(select(DataChange.count)).one() == commits + 40


class TestDataVersion:
    """It must change with every change to content, however that was made."""

    @pytest.fixture
    def account_id(self, database, dataset_id) -> int:
        with database.session() as session:
            rep = add_rep(session, dataset_id)
            account = add_account(session, dataset_id)
            add_ownership(session, account.id, rep.id)
            add_visit(session, account.id, NOW)
            add_order(session, account.id, TODAY)
            return account.id

    @staticmethod
    def version(database: Database, dataset_id: int) -> str:
        with database.session() as session:
            return dataset_store.data_version(session, dataset_id)

    def test_reading_keeps_it(self, database, dataset_id, account_id) -> None:
        before = self.version(database, dataset_id)
        with database.session() as session:
            session.scalars(select(Account)).all()
        assert self.version(database, dataset_id) == before

    @pytest.mark.parametrize("row_class", [Account, Rep, Ownership, Visit, SalesOrder])
    def test_deleting_rows_changes_it(self, database, dataset_id, account_id, row_class) -> None:
        before = self.version(database, dataset_id)
        with database.session() as session:
            if row_class is Rep:
                session.execute(delete(Ownership))
            session.execute(delete(row_class))
        assert self.version(database, dataset_id) != before

    def test_changing_a_row_changes_it_even_without_a_flush(
        self, database, dataset_id, account_id
    ) -> None:
        before = self.version(database, dataset_id)
        with database.session() as session:
            session.scalars(select(Visit)).one().outcome = "Order placed"
        assert self.version(database, dataset_id) != before

    def test_changing_rows_by_statement_changes_it(self, database, dataset_id, account_id) -> None:
        versions = [self.version(database, dataset_id)]
        for statement in (
            update(Account).values(name="Neu GmbH"),
            update(Account.__table__).values(name="Neuer GmbH"),
            insert(SalesOrder).values(
                account_id=account_id, order_date=TODAY, amount_cents=1, currency="EUR"
            ),
        ):
            with database.session() as session:
                session.execute(statement)
            versions.append(self.version(database, dataset_id))
        assert len(set(versions)) == 4

    def test_a_change_rolled_back_keeps_it(self, database, dataset_id, account_id) -> None:
        before = self.version(database, dataset_id)
        with database.session() as session:
            session.execute(update(Account).values(name="Neu GmbH"))
            session.rollback()
        assert self.version(database, dataset_id) == before

    def test_it_is_not_seen_before_the_change_is(self, database, dataset_id, account_id) -> None:
        before = self.version(database, dataset_id)
        with database.session() as session:
            session.execute(update(Account).values(name="Neu GmbH"))
            assert self.version(database, dataset_id) == before
        assert self.version(database, dataset_id) != before

    def test_a_data_set_created_anew_under_the_same_id_has_another(self, tmp_path) -> None:
        versions = []
        for day in (1, 2):
            database = Database(f"sqlite:///{tmp_path / str(day)}.db")
            database.upgrade()
            with database.session() as session:
                dataset = dataset_store.create(
                    session,
                    name="Test",
                    kind="sample",
                    country="DE",
                    timezone="Europe/Berlin",
                    currency="EUR",
                    created_for=TODAY,
                    created_at=NOW + timedelta(days=day),
                )
                versions.append(dataset_store.data_version(session, dataset.id))
            database.dispose()
        assert versions[0] != versions[1]


def _reference(dataset_id: int, account_id: int, system: str) -> ExternalRef:
    return ExternalRef(
        dataset_id=dataset_id, account_id=account_id, system=system, external_id="0017"
    )


@pytest.mark.parametrize("by_copy", [False, True], ids=["insert", "in bulk"])
def test_what_collides_with_another_writer_is_done_once_more(
    database: Database, dataset_id: int, by_copy: bool
) -> None:
    """The collision is made: a row with the key of one that is there."""
    tries: list[int] = []

    def write(session: Session, last_key: int) -> str:
        tries.append(1)
        key = 1 if len(tries) < last_key else 2
        if by_copy:
            columns = {"id": [key], "dataset_id": [dataset_id], "rep_id": [rep_id]}
            columns |= {"system": ["crm"], "external_id": [str(key)]}
            insert_columns(session, RepRef, columns)
        else:
            statement = insert(RepRef).values(
                id=key, dataset_id=dataset_id, rep_id=rep_id, system="crm", external_id=str(key)
            )
            session.execute(statement)
        return "done"

    with database.session() as session:
        rep_id = add_rep(session, dataset_id).id
        session.add(
            RepRef(id=1, dataset_id=dataset_id, rep_id=rep_id, system="crm", external_id="1")
        )
    with pytest.raises(ConcurrentChangeError):
        database.write(lambda session: write(session, last_key=9))
    assert len(tries) == 2
    tries.clear()
    assert database.write(lambda session: write(session, last_key=2)) == "done"
    with database.session() as session:
        assert session.scalars(select(RepRef.id).order_by(RepRef.id)).all() == [1, 2]


def test_a_fault_that_is_no_collision_is_not_tried_again(
    database: Database, dataset_id: int
) -> None:
    tries: list[int] = []

    def write(session: Session) -> None:
        tries.append(1)
        session.execute(insert(RepRef).values(dataset_id=dataset_id, rep_id=None, system="crm"))

    with pytest.raises(IntegrityError):
        database.write(write)
    assert len(tries) == 1


class RefusedTwice:
    """A cursor of a file whose log another process is just turning on."""

    def __init__(self, message: str) -> None:
        self.message, self.asked = message, 0

    def execute(self, statement: str) -> None:
        self.asked += 1
        if self.asked <= 2:
            raise sqlite3.OperationalError(self.message)


def test_the_write_ahead_log_is_turned_on_once_the_other_process_is_done() -> None:
    cursor = RefusedTwice("database is locked")
    _write_ahead(cursor)
    assert cursor.asked == 3


def test_another_fault_of_the_file_is_told_at_once() -> None:
    cursor = RefusedTwice("disk I/O error")
    with pytest.raises(sqlite3.OperationalError, match="disk"):
        _write_ahead(cursor)
    assert cursor.asked == 1
