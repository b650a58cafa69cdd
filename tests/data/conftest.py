"""A database of each kind, empty and up to date, for every test that asks for one."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy import delete, make_url, update

from data import dataset_store
from data.database import Database
from data.tables import Base, DataChange, DatasetKind

KINDS = ("sqlite", "postgresql")
POSTGRESQL = os.environ.get("TEST_DATABASE_URL", "")


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """
    The address of a database without tables.

    PostgreSQL is the one that TEST_DATABASE_URL names. A schema of its own is made there and
    dropped afterwards, so that runs side by side do not meet.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'territour.db'}"
        return
    if not POSTGRESQL:
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL")
    try:
        server = psycopg.connect(POSTGRESQL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"TEST_DATABASE_URL cannot be reached: {error}")
    schema = f"test_{uuid.uuid4().hex}"
    with server:
        server.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
        url = make_url(POSTGRESQL).update_query_dict({"options": f"-csearch_path={schema}"})
        yield url.render_as_string(hide_password=False)
        server.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(schema)))


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables, of each kind."""
    with empty_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Database]]:
    """Databases with all tables, made once each: migrating takes longer than most tests."""
    made: dict[str, Database] = {}
    with ExitStack() as stack:

        def get(kind: str) -> Database:
            if kind not in made:
                folder = tmp_path_factory.mktemp(kind)
                database = Database(stack.enter_context(empty_database(kind, folder)))
                stack.callback(database.dispose)
                database.upgrade()
                made[kind] = database
            return made[kind]

        yield get


@pytest.fixture(params=KINDS)
def database(
    request: pytest.FixtureRequest, migrated: Callable[[str], Database]
) -> Iterator[Database]:
    """A database with all tables and no rows, of each kind."""
    database = migrated(request.param)
    yield database
    with database.session() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name != DataChange.__tablename__:
                session.execute(delete(table))
        session.execute(update(DataChange).values(count=0))


@pytest.fixture
def dataset_id(database: Database) -> int:
    """An active data set of Germany without accounts."""
    with database.session() as session:
        dataset = dataset_store.create(
            session,
            name="Test",
            kind=DatasetKind.OWN,
            country="DE",
            timezone="Europe/Berlin",
            currency="EUR",
            created_for=date(2026, 11, 16),
            created_at=datetime(2026, 11, 16, 7, 30, tzinfo=UTC),
        )
        dataset_store.activate(session, dataset.id)
        return dataset.id
