"""Visits and orders as other systems report them; the rules by which a report finds its visit."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from data import dataset_store
from data.account_upsert import Effect
from data.database import Database, Session
from data.history_store import OrderReport, Origin, VisitReport, put_order, put_visit
from data.tables import Account, Channel, SalesOrder, Visit, VisitStatus
from tests.data.builders import NOW, TODAY, add_account, add_other_dataset, add_visit


def visit(account: Account, **facts: Any) -> VisitReport:
    given = {"status": VisitStatus.DONE, "channel": Channel.FIELD, "start_at": NOW, **facts}
    return VisitReport(account, **given)


def count(session: Session, table: type[Visit] | type[SalesOrder]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_ids_of_two_systems_and_two_data_sets_are_apart(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        here = add_account(session, dataset_id)
        there = add_account(session, add_other_dataset(session))
        for account in (here, there):
            for system in ("crm", "erp"):
                _, effect = put_visit(session, visit(account, origin=Origin(system, "1")))
                assert effect is Effect.CREATED
                order = OrderReport(account, TODAY, 100, "EUR", origin=Origin(system, "1"))
                assert put_order(session, order)[1] is Effect.CREATED
        assert (count(session, Visit), count(session, SalesOrder)) == (4, 4)


def test_a_report_that_says_the_same_counts_no_change(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id)
        put_visit(session, visit(account, origin=Origin("crm", "1"), outcome="x"))
        put_order(session, OrderReport(account, TODAY, 100, "EUR", 5, Origin("crm", "1")))
    with database.session() as session:
        before = dataset_store.data_version(session, dataset_id)
    with database.session() as session:
        account = session.get_one(Account, account.id)
        again = put_visit(session, visit(account, origin=Origin("crm", "1")))
        assert (again[1], again[0].outcome) == (Effect.UNCHANGED, "x")
        order = OrderReport(account, TODAY, 100, "EUR", origin=Origin("crm", "1"))
        stored, effect = put_order(session, order)
        assert (effect, stored.margin_cents) == (Effect.UNCHANGED, 5)
    with database.session() as session:
        assert dataset_store.data_version(session, dataset_id) == before


def test_a_visit_that_is_named_elsewhere_already_is_not_taken(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id)
        add_visit(
            session, account.id, NOW, status=VisitStatus.PLANNED, system="erp", external_id="7"
        )
        _, effect = put_visit(session, visit(account, origin=Origin("crm", "1")))
        assert effect is Effect.CREATED


def test_the_local_day_follows_the_zone_of_the_account(database: Database, dataset_id: int) -> None:
    """07:30 UTC is 02:30 in New York; 04:00 UTC of that day is 23:00 of the day before."""
    with database.session() as session:
        account = add_account(session, dataset_id, timezone="America/New_York")
        planned = add_visit(session, account.id, NOW, status=VisitStatus.PLANNED)
        early = put_visit(session, visit(account, start_at=NOW - timedelta(hours=3.5)))
        assert early[1] is Effect.CREATED
        late = put_visit(session, visit(account, start_at=NOW + timedelta(hours=21)))
        assert (late[0].id, late[1]) == (planned.id, Effect.UPDATED)


def test_the_visit_of_nobody_may_be_that_of_a_rep(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id)
        planned = add_visit(session, account.id, NOW, status=VisitStatus.PLANNED, duration_s=77)
        later = NOW + timedelta(hours=1)
        found, _ = put_visit(session, visit(account, start_at=later, origin=Origin("crm", "1")))
        assert (found.id, found.duration_s, found.start_at) == (planned.id, 77, later)
        assert (found.system, found.external_id) == ("crm", "1")


def test_a_call_without_a_duration_takes_as_long_as_calls_do(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id, service_duration_s=2_700)
        taken = [
            put_visit(session, visit(account, channel=channel))[0].duration_s
            for channel in (Channel.FIELD, Channel.PHONE, Channel.MAIL, Channel.DEMO)
        ]
        assert taken == [2_700, 600, 0, 7_200]
        said, _ = put_visit(session, visit(account, channel=Channel.VIDEO, duration_s=60))
        assert said.duration_s == 60
