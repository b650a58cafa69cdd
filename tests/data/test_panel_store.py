"""The past of accounts by months."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from accounts.value.panel import Panel
from data import account_store
from data.database import Database
from data.errors import NotFoundError
from data.panel_store import load_panel
from data.tables import Channel, VisitStatus
from tests.data.builders import (
    NOW,
    TODAY,
    add_account,
    add_order,
    add_other_dataset,
    add_visit,
)


def load(database: Database, dataset_id: int) -> Panel:
    # 16 November 2026: August, September and October are whole, November runs.
    with database.session() as session:
        table = account_store.load_table(session, dataset_id, TODAY)
        return load_panel(session, dataset_id, table, TODAY, 3)


def test_an_unknown_data_set_is_refused(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        table = account_store.load_table(session, dataset_id, TODAY)
        with pytest.raises(NotFoundError, match="999"):
            load_panel(session, 999, table, TODAY)


def test_accounts_without_a_past_have_only_zeros(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        for segment in (1, 3):
            add_account(session, dataset_id, segment=segment)
    panel = load(database, dataset_id)
    assert panel.segment.tolist() == [1, 3]
    assert str(np.datetime64(panel.first_month, "M")) == "2026-08"
    assert panel.visits.tolist() == panel.orders.tolist() == [[0, 0, 0, 0], [0, 0, 0, 0]]
    # Sixteen of the thirty days of November have passed.
    assert panel.exposure[0].tolist() == [1.0, 1.0, 1.0, 16 / 30]
    assert len(panel.order_row) == 0


def test_a_data_set_without_accounts_has_an_empty_panel(
    database: Database, dataset_id: int
) -> None:
    assert len(load(database, dataset_id)) == 0


def test_visits_count_in_the_month_of_the_data_set_s_zone(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        first, second = (add_account(session, dataset_id).id for _ in range(2))
        # In Berlin 1 August begins on 31 July at 22:00 in UTC, 1 November on 31 October at 23:00.
        for account_id, moment in (
            (first, datetime(2026, 7, 31, 21, 59, tzinfo=UTC)),
            (first, datetime(2026, 7, 31, 22, 0, tzinfo=UTC)),
            (first, datetime(2026, 8, 20, 9, tzinfo=UTC)),
            (second, datetime(2026, 10, 31, 22, 59, tzinfo=UTC)),
            (second, datetime(2026, 10, 31, 23, 0, tzinfo=UTC)),
        ):
            add_visit(session, account_id, moment)
    assert load(database, dataset_id).visits.tolist() == [[2, 0, 0, 0], [0, 0, 1, 1]]


def test_only_visits_done_in_person_count(database: Database, dataset_id: int) -> None:
    moment = datetime(2026, 9, 7, 9, tzinfo=UTC)
    with database.session() as session:
        account_id = add_account(session, dataset_id).id
        add_visit(session, account_id, moment)
        add_visit(session, account_id, moment, channel=Channel.DEMO)
        add_visit(session, account_id, moment, channel=Channel.PHONE)
        add_visit(session, account_id, moment, status=VisitStatus.MISSED)
    assert load(database, dataset_id).visits.tolist() == [[0, 2, 0, 0]]


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
    panel = load(database, dataset_id)
    assert panel.orders.tolist() == [[1, 0, 1, 1]]
    assert panel.order_eur.tolist() == [200.0, 300.0, 500.0]
    days = panel.order_day.astype("datetime64[D]").astype(str).tolist()
    assert days == ["2026-08-01", "2026-10-31", "2026-11-16"]
    assert panel.returned_eur.tolist() == [50.0]
    assert any("other currencies" in note for note in panel.notes)


def test_deleted_accounts_and_those_of_other_data_sets_have_no_rows(
    database: Database, dataset_id: int
) -> None:
    moment = datetime(2026, 9, 7, 9, tzinfo=UTC)
    with database.session() as session:
        other_id = add_other_dataset(session)
        first, gone, last = (
            add_account(session, dataset_id, deleted_at=deleted_at).id
            for deleted_at in (None, NOW, None)
        )
        foreign = add_account(session, other_id).id
        for account_id in (first, gone, last, foreign):
            add_order(session, account_id, date(2026, 9, 1), amount_cents=100 * account_id)
            add_visit(session, account_id, moment)
    panel = load(database, dataset_id)
    assert panel.visits.tolist() == [[0, 1, 0, 0], [0, 1, 0, 0]]
    assert panel.order_row.tolist() == [0, 1]
    assert panel.order_eur.tolist() == [float(first), float(last)]
