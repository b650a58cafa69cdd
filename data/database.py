"""
The database: SQLite in `instance/` unless `DATABASE_URL` names a PostgreSQL.

`python -m data.database upgrade` brings it to the newest form.
"""

import argparse
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    make_url,
    text,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import ORMExecuteState, sessionmaker
from sqlalchemy.orm import Session as Session

from data.errors import (
    ConcurrentChangeError,
    DatabaseUnavailableError,
    InvalidDatabaseUrlError,
    InvalidMigrationError,
)
from data.tables import CONTENT_TABLES, DataChange

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_URL = f"sqlite:///{ROOT / 'instance' / 'territour.db'}"
BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits on SQLite for another one. Creating the sample takes seconds."""

UPGRADE_LOCK = 0x7E44
"""First key of PostgreSQL's advisory lock around migrations; the second is the schema."""

CHANGED = "content_changed"

Done = TypeVar("Done")


class Database:
    """
    One database, its connections and its form.

    Parameters
    ----------
    url
        `sqlite:///path`, `postgresql://...` or `postgres://...`. Empty: `DEFAULT_URL`.

    Raises
    ------
    InvalidDatabaseUrlError
        When the address is of another kind or cannot be read.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = normalised_url(url or DEFAULT_URL)
        if self.is_sqlite:
            assert self._url.database
            Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = create_engine(
            self._url, pool_pre_ping=not self.is_sqlite, json_serializer=_to_json
        )
        if self.is_sqlite:
            event.listen(self.engine, "connect", _prepare_sqlite)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        event.listen(self._sessions, "after_flush", _note_flushed)
        event.listen(self._sessions, "do_orm_execute", _note_executed)
        event.listen(self._sessions, "before_commit", _count_change)

    @property
    def url(self) -> str:
        """The address in use, without the password."""
        return self._url.render_as_string()

    @property
    def is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """
        One transaction: committed at the end, rolled back by an exception.

        On both databases each statement sees what was committed before it began, so two reads in
        one session may differ. Rows stay readable after the session.
        """
        with self._sessions.begin() as session:
            yield session

    def write(self, work: Callable[[Session], Done]) -> Done:
        """
        Do something in a transaction of its own.

        It is done anew, once, where somebody else wrote the same rows at the same moment. On SQLite
        it waits until it is the only writer, so that what it reads is what it changes.

        Raises
        ------
        ConcurrentChangeError
            When that happens again.
        """
        for is_last in (False, True):
            try:
                with self.session() as session:
                    hold_writes(session)
                    return work(session)
            except (DBAPIError, psycopg.Error) as error:
                if not _is_collision(error):
                    raise
                if is_last:
                    raise ConcurrentChangeError(
                        "Somebody else changed the same rows at the same moment, twice."
                    ) from error
        raise AssertionError  # the last try returns or raises

    def upgrade(self, revision: str = "head") -> None:
        """
        Bring the tables to a revision, in one transaction.

        Of several processes that do so at once, one migrates and the others wait and find nothing
        to do.

        Raises
        ------
        DatabaseUnavailableError
            When the database does not answer or does not let us in.
        """
        try:
            with self._migrating() as config:
                command.upgrade(config, revision)
        except OperationalError as error:
            raise DatabaseUnavailableError(
                f"The database {self.url} cannot be used: {error.orig}"
            ) from error

    def downgrade(self, revision: str) -> None:
        """Take the tables back to a revision; `base` leaves none."""
        with self._migrating() as config:
            command.downgrade(config, revision)

    def write_revision(self, message: str) -> None:
        """Write the migration from the tables as they are to those that `data.tables` declares."""
        with self._migrating() as config:
            command.revision(config, message, autogenerate=True)

    @property
    def revision(self) -> str | None:
        """The revision that the tables have now, None before the first."""
        with self.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    @property
    def is_current(self) -> bool:
        return self.revision == ScriptDirectory.from_config(migration_config()).get_current_head()

    def dispose(self) -> None:
        """Close all connections. A forked process calls it before its first query."""
        self.engine.dispose()

    @contextmanager
    def _migrating(self) -> Iterator[Config]:
        begin = _begun_on_sqlite if self.is_sqlite else _begun_on_postgresql
        with self.engine.connect() as connection, begin(connection):
            config = migration_config()
            config.attributes["connection"] = connection
            yield config


def normalised_url(url: str) -> URL:
    """The address with the driver that is installed, or a refusal that says what is accepted."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        # The address itself stays out of the message: it may hold a password.
        raise InvalidDatabaseUrlError(
            "The database address cannot be read. Use sqlite:///file or "
            "postgresql://user@host/name."
        ) from None
    kind = parsed.drivername.split("+")[0]
    if kind in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise InvalidDatabaseUrlError(
            f"{kind!r} is not supported. Use sqlite:///file or postgresql://user@host/name."
        )
    if parsed.database in (None, "", ":memory:"):
        raise InvalidDatabaseUrlError(
            "A database in memory would be another one for each connection. Name a file: "
            "sqlite:///instance/territour.db."
        )
    return parsed


def migration_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "data" / "migrations"))
    return config


def hold_writes(session: Session) -> None:
    """Let nobody else write until the transaction ends, on SQLite, where there is one writer."""
    if session.get_bind().dialect.name == "sqlite":
        # An update that changes nothing takes the lock.
        session.execute(update(DataChange).values(count=DataChange.count))


def _is_collision(error: DBAPIError | psycopg.Error) -> bool:
    """Whether it comes of two who wrote at once: one of them was first, or they were entangled."""
    # From COPY comes psycopg's own error.
    cause = error.orig if isinstance(error, DBAPIError) else error
    collisions = (
        psycopg.errors.UniqueViolation,
        psycopg.errors.DeadlockDetected,
        psycopg.errors.SerializationFailure,
    )
    return isinstance(cause, collisions) or "UNIQUE constraint failed" in str(cause)


def mark_changed(session: Session) -> None:
    """Say that content is changed by a way that the session cannot see, such as COPY."""
    session.info[CHANGED] = True


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # First, so that the others wait too: two processes may open a new file at once.
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """
    Turn the write-ahead log on.

    Where two processes turn it on in a new file, SQLite refuses one of them at once instead of
    letting it wait (https://sqlite.org/rescode.html#busy), since each might wait for the other.
    """
    give_up_s = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up_s:
                raise
            time.sleep(0.02)


@contextmanager
def _begun_on_sqlite(connection: Connection) -> Iterator[None]:
    # Foreign keys must be off while a batch rebuilds a table, or dropping the old one would delete
    # what points to it; inside a transaction the switch is ignored, so it comes first. The driver
    # opens no transaction before DDL, so ours is explicit.
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            raise InvalidMigrationError(f"Rows were left without their parents: {orphans[:3]}.")
        connection.commit()
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")


@contextmanager
def _begun_on_postgresql(connection: Connection) -> Iterator[None]:
    lock = text("SELECT pg_advisory_xact_lock(:key, hashtext(current_schema()))")
    connection.execute(lock, {"key": UPGRADE_LOCK})
    yield
    connection.commit()


def _note_flushed(session: Session, _context: Any) -> None:
    # Rows that were given the values they had are dirty too.
    changed = (row for row in session.dirty if session.is_modified(row))
    for row in (*session.new, *changed, *session.deleted):
        if row.__table__.name in CONTENT_TABLES:
            session.info[CHANGED] = True


def _note_executed(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        if table is None or table.name in CONTENT_TABLES:
            state.session.info[CHANGED] = True


def _count_change(session: Session) -> None:
    session.flush()
    if session.info.pop(CHANGED, False):
        session.execute(update(DataChange).values(count=DataChange.count + 1))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m data.database", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("upgrade", help="bring the database to the newest form")
    down = commands.add_parser("downgrade", help="take it back to a revision")
    down.add_argument("revision")
    new = commands.add_parser("revision", help="write a migration from the change to data.tables")
    new.add_argument("message")
    chosen = parser.parse_args(arguments)

    database = Database(os.environ.get("DATABASE_URL"))
    try:
        if chosen.command == "upgrade":
            database.upgrade()
        elif chosen.command == "downgrade":
            database.downgrade(chosen.revision)
        else:
            database.write_revision(chosen.message)
        print(f"{database.url} is at revision {database.revision}.")
    finally:
        database.dispose()


if __name__ == "__main__":
    main()
