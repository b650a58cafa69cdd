from datetime import UTC, date, datetime, timedelta

from accounts import NO_OWNER
from data import dataset_store, sales_results
from data.database import Database, Session
from data.sales_results import DailySales, VisitCount
from data.tables import Channel, Dataset, VisitStatus
from tests.data.builders import (
    NOW,
    TODAY,
    add_account,
    add_order,
    add_other_dataset,
    add_ownership,
    add_rep,
    add_visit,
)

JUNE = date(2026, 6, 1)
EPOCH = date(1970, 1, 1)


def rows(found: DailySales) -> set[tuple[int, date, int]]:
    """As sets of rep, day and cents."""
    return {
        (rep, EPOCH + timedelta(days=day), cents)
        for rep, day, cents in zip(
            found.rep_id.tolist(), found.day.tolist(), found.sales_cents.tolist(), strict=True
        )
    }


def of(session: Session, dataset_id: int) -> Dataset:
    return dataset_store.get(session, dataset_id)


def test_orders_count_for_whoever_owned_the_account_on_their_day(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        ada, ben = add_rep(session, dataset_id), add_rep(session, dataset_id, name="Ben")
        account = add_account(session, dataset_id)
        add_ownership(session, account.id, ada.id, from_date=JUNE, until_date=date(2026, 7, 1))
        add_ownership(session, account.id, ben.id, from_date=date(2026, 7, 1))
        for day in (date(2026, 5, 31), JUNE, date(2026, 6, 30), date(2026, 7, 1)):
            add_order(session, account.id, day, amount_cents=100)
        add_order(session, account.id, JUNE, amount_cents=-30)  # a credit note
        found = sales_results.daily_sales(
            session, of(session, dataset_id), date(2026, 5, 31), date(2026, 7, 1)
        )
    assert rows(found) == {
        (NO_OWNER, date(2026, 5, 31), 100),
        (ada.id, JUNE, 70),
        (ada.id, date(2026, 6, 30), 100),
        (ben.id, date(2026, 7, 1), 100),
    }


def test_where_periods_overlap_an_order_counts_once_for_the_later_one(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        ada, ben = add_rep(session, dataset_id), add_rep(session, dataset_id, name="Ben")
        account = add_account(session, dataset_id)
        add_ownership(session, account.id, ada.id, from_date=JUNE, until_date=TODAY)
        add_ownership(session, account.id, ben.id, from_date=date(2026, 7, 1))
        add_order(session, account.id, date(2026, 8, 1), amount_cents=100)
        found = sales_results.daily_sales(session, of(session, dataset_id), JUNE, TODAY)
    assert rows(found) == {(ben.id, date(2026, 8, 1), 100)}


def test_deleted_accounts_count_and_other_days_currencies_and_data_sets_do_not(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        rep = add_rep(session, dataset_id)
        account = add_account(session, dataset_id, deleted_at=NOW)
        add_ownership(session, account.id, rep.id)
        add_order(session, account.id, JUNE, amount_cents=100)
        add_order(session, account.id, JUNE, amount_cents=7, currency="CHF")
        add_order(session, account.id, JUNE - timedelta(days=1), amount_cents=9)
        foreign = add_account(session, add_other_dataset(session))
        add_order(session, foreign.id, JUNE, amount_cents=11)
        dataset = of(session, dataset_id)
        found = sales_results.daily_sales(session, dataset, JUNE, date(2026, 6, 30))
        assert rows(found) == {(rep.id, JUNE, 100)}
        assert sales_results.foreign_orders(session, dataset, JUNE, date(2026, 6, 30)) == 1


def test_no_orders_are_no_sales(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        dataset = of(session, dataset_id)
        assert rows(sales_results.daily_sales(session, dataset, JUNE, TODAY)) == set()
        assert sales_results.last_order_date(session, dataset_id, TODAY) is None
        assert sales_results.orders_by_weekday(session, dataset_id, JUNE, TODAY).tolist() == [0] * 7
        assert sales_results.visit_counts(session, dataset, JUNE, TODAY) == ()


def test_the_last_order_is_looked_for_up_to_today(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id)
        for day in (JUNE, date(2026, 8, 3), TODAY + timedelta(days=1)):
            add_order(session, account.id, day)
        assert sales_results.last_order_date(session, dataset_id, TODAY) == date(2026, 8, 3)


def test_orders_are_counted_by_weekday(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        account = add_account(session, dataset_id)
        # 1 June 2026 is a Monday.
        for days in (0, 0, 7, 2, 6):
            add_order(session, account.id, JUNE + timedelta(days=days))
        found = sales_results.orders_by_weekday(session, dataset_id, JUNE, TODAY)
    assert found.tolist() == [3, 0, 1, 0, 0, 0, 1]


def test_visits_in_person_are_counted_by_rep_and_state_on_local_days(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        ada, ben = add_rep(session, dataset_id), add_rep(session, dataset_id, name="Ben")
        account = add_account(session, dataset_id)
        add_ownership(session, account.id, ben.id)
        # 1 June 2026, 00:30 in Berlin, is still May in UTC.
        first = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
        add_visit(session, account.id, first, rep_id=ada.id, duration_s=600)
        add_visit(session, account.id, NOW, rep_id=ada.id, duration_s=900)
        add_visit(session, account.id, NOW, channel=Channel.PHONE, rep_id=ada.id)
        add_visit(session, account.id, first - timedelta(hours=1), rep_id=ada.id)
        # Nobody says who makes this one: its owner does.
        add_visit(session, account.id, NOW, status=VisitStatus.COMMITTED, duration_s=1200)
        dataset = of(session, dataset_id)
        counts = sales_results.visit_counts(session, dataset, JUNE, TODAY)
        visits = sales_results.visits_between(session, dataset, TODAY, TODAY)
    assert set(counts) == {
        VisitCount(ada.id, VisitStatus.DONE, 2, 1500),
        VisitCount(ben.id, VisitStatus.COMMITTED, 1, 1200),
    }
    assert [(one.rep_id, one.status, one.start_at) for one in visits] == [
        (ada.id, VisitStatus.DONE, NOW),
        (ben.id, VisitStatus.COMMITTED, NOW),
    ]
