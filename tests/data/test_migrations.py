import json
import multiprocessing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from accounts import LocationLevel
from data.database import Database, Session, main
from data.errors import InvalidMigrationError
from data.tables import Account, Base, Route


@pytest.fixture
def empty(database_url: str):
    database = Database(database_url)
    yield database
    database.dispose()


def test_migrations_lead_to_the_tables_that_the_code_declares(empty: Database) -> None:
    empty.upgrade()
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_create_the_checks_that_the_code_declares(empty: Database) -> None:
    """The comparison above does not look at them."""
    empty.upgrade()
    inspector = inspect(empty.engine)
    for table in Base.metadata.sorted_tables:
        found = {check["name"] for check in inspector.get_check_constraints(table.name)}
        declared = {
            str(constraint.name)
            for constraint in table.constraints
            if constraint.__visit_name__.endswith("check_constraint")
        }
        assert found == declared, table.name


def test_no_check_is_there_twice(empty: Database) -> None:
    """A table that SQLite makes anew brings its checks along: an old one would go on refusing."""
    empty.upgrade()
    inspector = inspect(empty.engine)
    names = [
        (table, check["name"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    ]
    assert len(names) == len(set(names))
    assert ("account", "ck_account_location_level") in names


def test_downgrading_to_base_leaves_no_table_and_upgrading_again_works(empty: Database) -> None:
    empty.upgrade()
    assert empty.is_current
    empty.downgrade("base")
    assert empty.revision is None
    assert inspect(empty.engine).get_table_names() == ["alembic_version"]
    empty.upgrade()
    assert empty.is_current


def test_upgrading_twice_changes_nothing(empty: Database) -> None:
    empty.upgrade()
    revision = empty.revision
    empty.upgrade()
    assert empty.revision == revision


def test_a_failing_migration_leaves_the_database_as_it_was(empty: Database) -> None:
    with pytest.raises(DBAPIError), empty._migrating() as config:
        for _ in ("first", "second"):
            config.attributes["connection"].execute(text("CREATE TABLE half (id INTEGER)"))
    assert inspect(empty.engine).get_table_names() == []
    empty.upgrade()
    assert empty.is_current


def test_a_migration_that_orphans_rows_is_undone_on_sqlite(tmp_path: Path) -> None:
    """Foreign keys are off while tables are rebuilt, so the check at the end must catch it."""
    database = Database(f"sqlite:///{tmp_path / 'territour.db'}")
    database.upgrade()
    orphan = text(
        "INSERT INTO external_ref (dataset_id, account_id, system, external_id) "
        "VALUES (7, 7, 'crm', '7')"
    )
    with pytest.raises(InvalidMigrationError), database._migrating() as config:
        config.attributes["connection"].execute(orphan)
    with database.session() as session:
        assert session.scalar(text("SELECT count(*) FROM external_ref")) == 0
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    database.dispose()


def test_processes_that_upgrade_at_once_all_succeed(database_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(4)
    processes = [
        context.Process(target=upgrade_together, args=(database_url, barrier)) for _ in range(4)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    database = Database(database_url)
    assert database.is_current
    with database.session() as session:
        assert session.scalars(text("SELECT count FROM data_change")).all() == [0]
    database.dispose()


def upgrade_together(url: str, barrier) -> None:
    database = Database(url)
    barrier.wait(30)
    database.upgrade()
    database.dispose()


def test_the_command_upgrades_and_downgrades(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    main(["upgrade"])
    assert "revision" in capsys.readouterr().out
    main(["downgrade", "base"])
    assert "None" in capsys.readouterr().out


def test_routes_of_before_tell_their_days_and_value_in_lists(empty: Database) -> None:
    empty.upgrade("0003")
    body = {
        "days": [{"date": "2026-11-16"}, {"date": "2026-11-17"}],
        "totals": {"visits": 4, "net_value": 10.55},
    }
    with empty.session() as session:
        dataset = {"now": "2026-11-16 08:00:00", "day": "2026-11-16"}
        session.execute(
            text(
                "INSERT INTO dataset (id, name, kind, country, timezone, currency, created_for, "
                "note, is_active, created_at) VALUES (1, 'x', 'own', 'DE', 'Europe/Berlin', 'EUR', "
                ":day, '', false, :now)"
            ),
            dataset,
        )
        for route_id, revision in (("r-1", 1), ("r-2", 0)):
            session.execute(
                text(
                    "INSERT INTO route (id, dataset_id, status, created_at, current_revision) "
                    "VALUES (:route_id, 1, 'complete', :now, :revision)"
                ),
                {"route_id": route_id, "revision": revision, "now": dataset["now"]},
            )
        session.execute(
            text(
                "INSERT INTO route_revision (route_id, revision, created_at, request, body, "
                "unassigned) VALUES ('r-1', 1, :now, '{}', :body, :nothing)"
            ),
            {"now": dataset["now"], "body": json.dumps(body), "nothing": b""},
        )
    empty.upgrade()
    with empty.session() as session:
        told = {row.id: row for row in session.scalars(select(Route))}
    first = told["r-1"]
    assert f"{first.first_date} {first.last_date}" == "2026-11-16 2026-11-17"
    assert (first.visit_count, first.net_value_cents) == (4, 1055)
    assert told["r-2"].first_date is None
    assert first.accepted_revision is None


def test_accounts_and_the_ids_given_out_survive_0005_and_the_way_back(empty: Database) -> None:
    """On SQLite the table is made anew each time, which forgets the highest id by itself."""
    empty.upgrade("0004")
    rows = [(100, "Kassel", 9.5, 51.3), (200, "Nowhere", None, None), (300, "Gone", 9.1, 51.1)]
    with empty.session() as session:
        session.execute(
            text(
                "INSERT INTO dataset (id, name, kind, country, timezone, currency, created_for, "
                "note, is_active, created_at) VALUES (1, 'x', 'own', 'DE', 'Europe/Berlin', 'EUR', "
                "'2026-11-16', '', false, '2026-11-16 08:00:00')"
            )
        )
        ids = [add_old_account(session, *row) for row in rows]
        session.execute(
            text(
                "INSERT INTO sales_order (account_id, order_date, amount_cents, currency) "
                "VALUES (:id, '2026-11-01', 500, 'EUR')"
            ),
            {"id": ids[0]},
        )
        session.execute(text("DELETE FROM account WHERE id = :id"), {"id": ids[2]})
    kept = ids[:2]

    empty.upgrade()
    with empty.session() as session:
        told = session.scalars(select(Account).order_by(Account.id)).all()
        assert [account.id for account in told] == kept
        assert [account.name for account in told] == ["Kassel", "Nowhere"]
        assert (told[0].lon, told[0].lat, told[1].lon) == (9.5, 51.3, None)
        assert str(told[0].location_level) == "address"
        assert (told[0].version, told[0].deleted_at, told[0].notes) == (1, None, "")
        session.execute(
            update(Account)
            .where(Account.id == ids[0])
            .values(location_level=LocationLevel.INTERPOLATED)
        )
        assert session.scalar(text("SELECT count(*) FROM sales_order")) == 1

    empty.downgrade("0004")
    with empty.session() as session:
        found = session.execute(
            text("SELECT id, name, location_level FROM account ORDER BY id")
        ).all()
        # Known less exactly than the house, better than the postcode.
        assert [tuple(row) for row in found] == [
            (ids[0], "Kassel", "street"),
            (ids[1], "Nowhere", None),
        ]
        assert session.scalar(text("SELECT count(*) FROM sales_order")) == 1
        following = add_old_account(session, 400, "Next", 9.0, 51.0)
    assert following > max(ids)

    empty.upgrade()
    with empty.session() as session:
        names = session.scalars(select(Account.name).order_by(Account.id)).all()
    assert names == ["Kassel", "Nowhere", "Next"]


@pytest.mark.parametrize(("kind", "is_own"), [("own", True), ("sample", False)])
def test_what_systems_said_of_cadence_before_0006_is_known_as_their_own(
    empty: Database, kind: str, is_own: bool
) -> None:
    """A sample draws the cadence of each account; there nobody said it."""
    empty.upgrade("0005")
    with empty.session() as session:
        session.execute(
            text(
                "INSERT INTO dataset (id, name, kind, country, timezone, currency, created_for, "
                "note, is_active, created_at) VALUES (1, 'x', :kind, 'DE', 'Europe/Berlin', 'EUR', "
                "'2026-11-16', '', false, '2026-11-16 08:00:00')"
            ),
            {"kind": kind},
        )
        usual, other = (
            add_old_account(session, 100, name, 9.5, 51.3) for name in ("Usual", "Other")
        )
        # What segment 0 starts with, and something else.
        for account_id, days in ((usual, 365), (other, 90)):
            session.execute(
                text(
                    "UPDATE account SET segment = 0, visit_interval_days = :days, "
                    "service_duration_s = 1800 WHERE id = :id"
                ),
                {"days": days, "id": account_id},
            )
    empty.upgrade()
    with empty.session() as session:
        told = {row.id: row for row in session.scalars(select(Account))}
    assert (told[usual].has_own_interval, told[usual].has_own_duration) == (False, False)
    assert (told[other].has_own_interval, told[other].has_own_duration) == (is_own, False)


def add_old_account(
    session: Session, potential_cents: int, name: str, lon: float | None, lat: float | None
) -> int:
    """An account as revision 0004 has them, under the next id that is given out; the id."""
    statement = text(
        "INSERT INTO account (dataset_id, name, status, segment, potential_cents, lon, lat, "
        "location_level, location_confidence, location_source, timezone, postcode, town, "
        "opening_hours, service_duration_s, visit_interval_days, created_at, updated_at) VALUES "
        "(1, :name, 'customer', 2, :potential_cents, :lon, :lat, :level, :confidence, :source, "
        "'Europe/Berlin', '', '', '[]', 1800, 75, :now, :now) RETURNING id"
    )
    known = lon is not None
    values = {
        "name": name,
        "potential_cents": potential_cents,
        "lon": lon,
        "lat": lat,
        "level": "address" if known else None,
        "confidence": 0.9 if known else None,
        "source": "geocoder" if known else None,
        "now": "2026-11-16 08:00:00",
    }
    found = session.scalar(statement, values)
    assert isinstance(found, int)
    return found
