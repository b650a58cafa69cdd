"""Deleting accounts, reading their records and changes, and giving them owners."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from accounts import AccountRecord
from data import account_removal, account_store, dataset_store, record_store, rep_store
from data.account_upsert import upsert
from data.database import Database
from data.errors import NotFoundError
from data.ownership_store import owners_on
from data.tables import (
    Account,
    Ownership,
    OwnershipSource,
    Visit,
    VisitStatus,
)
from tests.data.builders import (
    NOW,
    OFFICE_HOURS,
    TODAY,
    add_account,
    add_other_dataset,
    add_ownership,
    add_rep,
    add_visit,
)


def remove(database: Database, dataset_id: int, account_id: int) -> int:
    with database.session() as session:
        account = record_store.get(session, dataset_id, account_id, to_change=True)
        return account_removal.remove(session, account, NOW, TODAY)


def test_only_visits_to_come_that_are_open_are_cancelled(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        account_id = add_account(session, dataset_id).id
        other_id = add_account(session, dataset_id).id
        hour = timedelta(hours=1)
        for start, status in (
            (NOW - hour, VisitStatus.COMMITTED),
            (NOW, VisitStatus.PLANNED),
            (NOW + hour, VisitStatus.COMMITTED),
            (NOW + hour, VisitStatus.DONE),
            (NOW + hour, VisitStatus.MISSED),
        ):
            add_visit(session, account_id, start, status=status)
        add_visit(session, other_id, NOW + hour, status=VisitStatus.COMMITTED)
    assert remove(database, dataset_id, account_id) == 2
    with database.session() as session:
        states = session.scalars(select(Visit.status).order_by(Visit.id)).all()
    assert [str(state) for state in states] == [
        "committed",
        "cancelled",
        "cancelled",
        "done",
        "missed",
        "committed",
    ]


@pytest.mark.parametrize(
    ("from_date", "left"),
    [
        (TODAY - timedelta(days=9), [(TODAY - timedelta(days=9), TODAY)]),
        (TODAY, []),
        (TODAY + timedelta(days=3), []),
    ],
    ids=["since long", "since today", "not yet"],
)
def test_who_owns_it_does_so_until_today(
    database: Database, dataset_id: int, from_date: date, left: list[tuple[date, date]]
) -> None:
    with database.session() as session:
        account_id = add_account(session, dataset_id).id
        rep_id = add_rep(session, dataset_id).id
        add_ownership(session, account_id, rep_id, from_date=from_date)
    remove(database, dataset_id, account_id)
    with database.session() as session:
        periods = session.scalars(select(Ownership)).all()
        assert [(one.from_date, one.until_date) for one in periods] == left
        assert owners_on(session, [account_id], TODAY) == {}


def test_a_deleted_account_is_found_nowhere_but_among_the_changes(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        account_id = add_account(session, dataset_id).id
        add_visit(session, account_id, NOW - timedelta(days=1))
        kept_id = add_account(session, dataset_id).id
    remove(database, dataset_id, account_id)
    with database.session() as session:
        table = account_store.load_table(session, dataset_id, TODAY)
        assert table.account_id.tolist() == [kept_id]
        for find in (record_store.get, account_store.get):
            with pytest.raises(NotFoundError):
                find(
                    session, dataset_id, account_id, *([TODAY] if find is account_store.get else [])
                )
        changed = record_store.changes(session, dataset_id, None, None, 10)
        assert {account.id for account in changed} == {account_id, kept_id}
        (gone,) = (account for account in changed if account.id == account_id)
        assert (gone.deleted_at, gone.updated_at, gone.version) == (NOW, NOW, 2)


def test_records_are_those_of_the_data_set(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        other = add_other_dataset(session)
        dataset = dataset_store.get(session, other)
        done = upsert(session, dataset, [AccountRecord("crm", "1", "A")], {}, NOW, TODAY)
    with database.session() as session:
        assert record_store.by_external_id(session, other, "crm", "1").id == done.account_ids[0]
        with pytest.raises(NotFoundError, match="crm has no account '1'"):
            record_store.by_external_id(session, dataset_id, "crm", "1")
        with pytest.raises(NotFoundError):
            record_store.get(session, dataset_id, done.account_ids[0])
        assert record_store.changes(session, dataset_id, None, None, 10) == []


def test_changes_of_one_moment_come_by_id_and_go_on_behind_one_of_them(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        ids = [add_account(session, dataset_id).id for _ in range(5)]
        later = NOW + timedelta(seconds=1)
        session.execute(update(Account).where(Account.id == ids[0]).values(updated_at=later))
    order = [*ids[1:], ids[0]]
    with database.session() as session:

        def read(**asked: object) -> list[int]:
            facts = {"since": None, "after": None, "limit": 10, **asked}
            found = record_store.changes(session, dataset_id, **facts)  # type: ignore[arg-type]
            return [account.id for account in found]

        assert read() == order
        assert read(limit=2) == order[:2]
        assert read(after=(NOW, order[1])) == order[2:]
        assert read(after=(later, ids[0])) == []
        assert read(since=later) == [ids[0]]
        assert read(since=NOW, after=(NOW, order[2])) == order[3:]


def test_a_record_tells_the_owner_of_the_day(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id)
        first, second = add_rep(session, dataset_id).id, add_rep(session, dataset_id).id
        until = TODAY - timedelta(days=1)
        add_ownership(session, account.id, first, until_date=until)
        add_ownership(session, account.id, second, from_date=until)
        for day, owner in ((until - timedelta(days=1), first), (TODAY, second)):
            (record,) = record_store.records_of(session, [account], day)
            assert record.owner_id == owner


def test_what_a_plan_says_of_an_owner_is_told_by_the_table(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        rep_id = add_rep(session, dataset_id).id
        ids = [add_account(session, dataset_id).id for _ in range(3)]
        add_ownership(session, ids[0], rep_id, source=OwnershipSource.PLAN)
        add_ownership(session, ids[1], rep_id)
        table = account_store.load_table(session, dataset_id, TODAY)
    assert table.is_owner_planned.tolist() == [True, False, False]


def test_only_accounts_that_wait_for_a_rep_are_given_to_them(
    database: Database, dataset_id: int
) -> None:
    """Of four that the CRM gives to `eve`: free, another's by the CRM, by a plan, by hand."""
    sources = (None, OwnershipSource.CRM, OwnershipSource.PLAN, OwnershipSource.HAND)
    facts = {
        "name": "Eve",
        "home_lon": 9.0,
        "home_lat": 51.0,
        "home_town": "Kassel",
        "working_hours": OFFICE_HOURS,
    }
    with database.session() as session:
        dataset = dataset_store.get(session, dataset_id)
        other = add_rep(session, dataset_id).id
        records = [AccountRecord("crm", str(k), "N", owner="eve") for k in range(4)]
        foreign = AccountRecord("erp", "9", "N", owner="eve")
        done = upsert(session, dataset, [*records, foreign], {}, NOW, TODAY)
        for account_id, source in zip(done.account_ids, sources, strict=False):
            if source is not None:
                add_ownership(session, account_id, other, source=source)
    tomorrow = TODAY + timedelta(days=1)
    with database.session() as session:
        put = rep_store.put(session, dataset_id, "crm", "eve", facts, NOW, tomorrow)
        assert (put.is_new, put.received) == (True, 2)
        owners = owners_on(session, done.account_ids, tomorrow)
    eve = put.rep.id
    assert [owners.get(one) for one in done.account_ids] == [eve, eve, other, other, None]
    with database.session() as session:
        again = rep_store.put(session, dataset_id, "crm", "eve", {"name": "E"}, NOW, tomorrow)
        assert (again.rep.id, again.is_new, again.received) == (eve, False, 0)
        assert rep_store.get(session, dataset_id, eve).name == "E"
