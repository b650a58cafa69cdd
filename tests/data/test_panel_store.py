"""The history of accounts by months."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from data import panel_store
from data.database import Database
from data.errors import NotFoundError
from data.tables import Channel, VisitStatus
from tests.data.builders import (
    TODAY,
    add_account,
    add_order,
    add_other_dataset,
    add_visit,
)


def load(database: Database, dataset_id: int, ids: list[int]) -> panel_store.PanelRows:
    # 16 November 2026: the three whole months before are August, September and October.
    with database.session() as session:
        return panel_store.load(session, dataset_id, np.array(ids), TODAY, 3)


def test_an_unknown_data_set_is_refused(database: Database) -> None:
    with database.session() as session, pytest.raises(NotFoundError, match="999"):
        panel_store.load(session, 999, np.array([], dtype=np.int64), TODAY)


def test_accounts_without_history_have_only_zeros(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        ids = [add_account(session, dataset_id).id for _ in range(2)]
    panel = load(database, dataset_id, ids)
    assert [str(month) for month in panel.months] == ["2026-08", "2026-09", "2026-10"]
    assert panel.visits.tolist() == panel.orders.tolist() == [[0, 0, 0], [0, 0, 0]]
    assert len(panel.order_row) == 0


def test_visits_count_in_the_month_of_the_data_set_s_zone(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        first, second = (add_account(session, dataset_id).id for _ in range(2))
        # In Berlin 31 July 22:00 in UTC is midnight of 1 August, and 31 October 23:00 of 1 November.
        for account_id, moment in (
            (first, datetime(2026, 7, 31, 21, 59, tzinfo=UTC)),
            (first, datetime(2026, 7, 31, 22, 0, tzinfo=UTC)),
            (first, datetime(2026, 8, 20, 9, tzinfo=UTC)),
            (second, datetime(2026, 10, 31, 22, 59, tzinfo=UTC)),
            (second, datetime(2026, 10, 31, 23, 0, tzinfo=UTC)),
        ):
            add_visit(session, account_id, moment)
    panel = load(database, dataset_id, [first, second])
    assert panel.visits.tolist() == [[2, 0, 0], [0, 0, 1]]


def test_only_visits_done_in_person_count(database: Database, dataset_id: int) -> None:
    moment = datetime(2026, 9, 7, 9, tzinfo=UTC)
    with database.session() as session:
        account_id = add_account(session, dataset_id).id
        add_visit(session, account_id, moment)
        add_visit(session, account_id, moment, channel=Channel.DEMO)
        add_visit(session, account_id, moment, channel=Channel.PHONE)
        add_visit(session, account_id, moment, status=VisitStatus.MISSED)
    assert load(database, dataset_id, [account_id]).visits.tolist() == [[0, 2, 0]]


def test_orders_come_one_by_one_and_only_bought_ones_count_in_months(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        account_id = add_account(session, dataset_id).id
        for day, cents, currency in (
            (date(2026, 7, 31), 100, "EUR"),  # before the first month
            (date(2026, 8, 1), 20_000, "EUR"),
            (date(2026, 8, 2), -5_000, "EUR"),  # a credit note is no order
            (date(2026, 10, 31), 30_000, "EUR"),
            (date(2026, 10, 31), 40_000, "CHF"),
            (TODAY, 50_000, "EUR"),  # of the month that runs
            (date(2026, 11, 17), 60_000, "EUR"),  # tomorrow
        ):
            add_order(session, account_id, day, amount_cents=cents, currency=currency)
    panel = load(database, dataset_id, [account_id])
    assert panel.orders.tolist() == [[1, 0, 1]]
    order = np.argsort(panel.order_day, kind="stable")
    assert panel.order_amount_eur[order].tolist() == [200.0, -50.0, 300.0, 500.0]
    days = panel.order_day[order].astype("datetime64[D]").astype(str).tolist()
    assert days == ["2026-08-01", "2026-08-02", "2026-10-31", "2026-11-16"]
    assert panel.order_row.tolist() == [0, 0, 0, 0]


def test_accounts_that_are_not_asked_for_have_no_rows(database: Database, dataset_id: int) -> None:
    moment = datetime(2026, 9, 7, 9, tzinfo=UTC)
    with database.session() as session:
        other_id = add_other_dataset(session)
        ids = [add_account(session, dataset_id).id for _ in range(3)]
        foreign = add_account(session, other_id).id
        for account_id in (*ids, foreign):
            add_order(session, account_id, date(2026, 9, 1), amount_cents=100 * account_id)
            add_visit(session, account_id, moment)
    panel = load(database, dataset_id, ids[:1] + ids[2:])
    assert panel.visits.tolist() == [[0, 1, 0], [0, 1, 0]]
    assert sorted(zip(panel.order_row.tolist(), panel.order_amount_eur.tolist(), strict=True)) == [
        (0, float(ids[0])),
        (1, float(ids[2])),
    ]
