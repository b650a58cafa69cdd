from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import StatementError

from data import dataset_store
from data.bulk import insert_columns
from data.tables import Account, Channel, Rep, Route, SalesOrder, Visit, VisitStatus
from tests.data.builders import NOW, OFFICE_HOURS, add_account, add_rep


def account_columns(count: int) -> dict:
    return {
        "name": [f"Firma {k}" for k in range(count)],
        "lon": np.linspace(6, 14, count),
        "lat": np.linspace(48, 54, count),
        "opening_hours": [OFFICE_HOURS] * count,
    }


def account_constants(dataset_id: int) -> dict:
    return {
        "dataset_id": dataset_id,
        "status": "customer",
        "segment": 1,
        "potential_cents": 5_000_000_000,  # beyond 32 bits
        "timezone": "Europe/Berlin",
        "service_duration_s": 1800,
        "visit_interval_days": 75.5,
        "created_at": NOW,
        "updated_at": NOW,
    }


def test_rows_inserted_as_columns_read_like_rows_added_one_by_one(database, dataset_id) -> None:
    with database.session() as session:
        ids = insert_columns(session, Account, account_columns(3), account_constants(dataset_id))
    with database.session() as session:
        first, second, third = session.scalars(select(Account).order_by(Account.id))
    assert [first.id, second.id, third.id] == ids.tolist()
    assert [first.name, third.lon, second.lat] == ["Firma 0", 14.0, 51.0]
    assert first.opening_hours == OFFICE_HOURS
    assert first.status == "customer"
    assert first.potential_cents == 5_000_000_000
    assert first.created_at == NOW
    assert (first.postcode, first.location_level) == ("", None)  # the default, and none


def test_arrays_and_instants_keep_their_values(database, dataset_id) -> None:
    starts = [datetime(2026, 11, 16, hour, tzinfo=UTC) for hour in (7, 8)]
    with database.session() as session:
        account = add_account(session, dataset_id)
        insert_columns(
            session,
            Visit,
            {"start_at": starts, "duration_s": np.array([1800, 2400], dtype=np.int32)},
            {"account_id": account.id, "status": VisitStatus.DONE},
        )
        days = np.array(["2026-02-28", "2026-03-01"], dtype="datetime64[D]")
        insert_columns(
            session,
            SalesOrder,
            {"order_date": days, "amount_cents": np.array([-100, 2**40])},
            {"account_id": account.id, "currency": "EUR"},
        )
    with database.session() as session:
        visits = session.scalars(select(Visit).order_by(Visit.id)).all()
        orders = session.scalars(select(SalesOrder).order_by(SalesOrder.id)).all()
    assert [(v.start_at, v.duration_s) for v in visits] == [(starts[0], 1800), (starts[1], 2400)]
    assert visits[0].channel is Channel.FIELD
    assert [(o.order_date, o.amount_cents) for o in orders] == [
        (date(2026, 2, 28), -100),
        (date(2026, 3, 1), 2**40),
    ]


def test_ids_go_on_after_bulk_rows_and_after_single_ones(database, dataset_id) -> None:
    with database.session() as session:
        first = add_account(session, dataset_id).id
        bulk = insert_columns(session, Account, account_columns(2), account_constants(dataset_id))
        last = add_account(session, dataset_id).id
    assert first < bulk[0] < bulk[1] < last


def test_ids_of_deleted_rows_are_not_given_to_bulk_rows(database, dataset_id) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id)
        session.delete(account)
        bulk = insert_columns(session, Account, account_columns(1), account_constants(dataset_id))
    assert bulk[0] > account.id


def test_ids_that_are_given_are_kept(database, dataset_id) -> None:
    with database.session() as session:
        columns = {**account_columns(2), "id": np.array([700, 900])}
        ids = insert_columns(session, Account, columns, account_constants(dataset_id))
        assert ids.tolist() == [700, 900]
        assert session.scalars(select(Account.id).order_by(Account.id)).all() == [700, 900]


def test_a_table_whose_key_is_text_returns_no_ids(database, dataset_id) -> None:
    with database.session() as session:
        ids = insert_columns(
            session,
            Route,
            {"id": ["r-1", "r-2"]},
            {
                "dataset_id": dataset_id,
                "status": "complete",
                "created_at": NOW,
                "current_revision": 1,
            },
        )
        assert len(ids) == 0
        assert session.scalar(select(func.count()).select_from(Route)) == 2


def test_no_rows_are_inserted_from_empty_columns(database, dataset_id) -> None:
    with database.session() as session:
        ids = insert_columns(session, Account, account_columns(0), account_constants(dataset_id))
        assert len(ids) == 0


def test_json_columns_can_be_inserted_in_bulk(database, dataset_id) -> None:
    with database.session() as session:
        insert_columns(
            session,
            Rep,
            {"name": ["A", "B"], "home_lon": [9.0, 10.0], "home_lat": [50.0, 51.0]},
            {
                "dataset_id": dataset_id,
                "home_town": "Gießen",
                "working_hours": OFFICE_HOURS,
                "settings": {"max_nights": 2, "note": "früh"},
            },
        )
    with database.session() as session:
        rep = session.scalars(select(Rep).order_by(Rep.id)).first()
        assert rep.settings == {"max_nights": 2, "note": "früh"}
        assert rep.working_hours == OFFICE_HOURS
        assert add_rep(session, dataset_id).id > rep.id


def test_columns_of_different_length_are_refused_before_anything_is_written(
    database, dataset_id
) -> None:
    columns = {**account_columns(3), "lat": [50.0]}
    with database.session() as session:
        with pytest.raises(ValueError, match="differ in length"):
            insert_columns(session, Account, columns, account_constants(dataset_id))
        assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_a_column_that_does_not_exist_is_refused_by_name(database, dataset_id) -> None:
    with database.session() as session, pytest.raises(ValueError, match="favourite_colour"):
        insert_columns(session, Account, {**account_columns(1), "favourite_colour": ["blue"]}, {})


def test_an_instant_without_a_zone_is_refused_in_bulk_too(database, dataset_id) -> None:
    constants = {**account_constants(dataset_id), "created_at": NOW.replace(tzinfo=None)}
    with (
        database.session() as session,
        pytest.raises((ValueError, StatementError), match="no time zone"),
    ):
        insert_columns(session, Account, account_columns(1), constants)


def test_bulk_rows_change_the_data_version(database, dataset_id) -> None:
    with database.session() as session:
        before = dataset_store.data_version(session, dataset_id)
        insert_columns(session, Account, account_columns(1), account_constants(dataset_id))
    with database.session() as session:
        assert dataset_store.data_version(session, dataset_id) != before


def test_bulk_rows_are_undone_with_their_session(database, dataset_id) -> None:
    with database.session() as session:
        insert_columns(session, Account, account_columns(3), account_constants(dataset_id))
        session.rollback()
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_ids_are_distinct_when_two_sessions_insert_at_once(database, dataset_id) -> None:
    """SQLite must take its write lock before it looks for the last id."""
    barrier = Barrier(4)

    def insert_some(_worker: int) -> list[int]:
        barrier.wait(10)
        with database.session() as session:
            columns = account_columns(50)
            return insert_columns(session, Account, columns, account_constants(dataset_id)).tolist()

    with ThreadPoolExecutor(4) as pool:
        ids = [account_id for part in pool.map(insert_some, range(4)) for account_id in part]
    assert len(set(ids)) == 200
