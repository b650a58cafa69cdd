"""Touches of the past, on both databases."""

from datetime import UTC, date, datetime

import numpy as np

from accounts.touches.settings import TOUCH_CHANNELS
from data import dataset_store
from data.database import Database
from data.tables import Channel, VisitStatus
from data.touch_store import order_counts, past_touches
from tests.data.builders import add_account, add_order, add_other_dataset, add_visit

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


def test_channels_of_touches_are_those_of_visits() -> None:
    assert {one.value for one in TOUCH_CHANNELS} == {one.value for one in Channel}


def test_touches_done_within_the_days_are_found_by_local_day(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        one, other = (add_account(session, dataset_id).id for _ in range(2))
        # In Berlin the first is on 1 January, the second already on 1 July, which is too late.
        add_visit(session, one, datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
        add_visit(session, one, datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
        add_visit(session, other, datetime(2026, 3, 2, 9, tzinfo=UTC), channel=Channel.PHONE)
        add_visit(session, other, datetime(2026, 3, 3, 9, tzinfo=UTC), status=VisitStatus.MISSED)
        foreign = add_account(session, add_other_dataset(session)).id
        add_visit(session, foreign, datetime(2026, 3, 2, 9, tzinfo=UTC))
        dataset = dataset_store.get(session, dataset_id)
        found = past_touches(session, dataset, np.array([one, other]), FIRST, LAST)
        order = np.argsort(found.row)
        assert found.row[order].tolist() == [0, 1]
        first_day = (FIRST - date(1970, 1, 1)).days
        assert found.day[order].tolist() == [first_day, first_day + 60]
        assert [TOUCH_CHANNELS[k].value for k in found.channel[order]] == ["field", "phone"]
        assert found.duration_s.tolist() == [2400, 2400]
        later = found.since(first_day + 1)
        assert later.row.tolist() == [1]


def test_touches_of_accounts_that_are_not_in_the_table_are_left_out(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        one, gone = (add_account(session, dataset_id).id for _ in range(2))
        for account_id in (one, gone):
            add_visit(session, account_id, datetime(2026, 3, 2, 9, tzinfo=UTC))
            add_order(session, account_id, date(2026, 3, 2))
        dataset = dataset_store.get(session, dataset_id)
        table = np.array([one])
        assert past_touches(session, dataset, table, FIRST, LAST).row.tolist() == [0]
        assert order_counts(session, dataset, table, FIRST, LAST).tolist() == [1]


def test_without_touches_columns_are_empty(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        dataset = dataset_store.get(session, dataset_id)
        found = past_touches(session, dataset, np.array([1, 2]), FIRST, LAST)
        assert len(found.row) == len(found.day) == len(found.channel) == len(found.duration_s) == 0
        assert order_counts(session, dataset, np.array([1, 2]), FIRST, LAST).tolist() == [0, 0]


def test_orders_count_on_the_first_and_the_last_day_and_in_every_currency(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        one, other = (add_account(session, dataset_id).id for _ in range(2))
        add_order(session, one, FIRST)
        add_order(session, one, LAST, currency="CHF")
        add_order(session, one, date(2025, 12, 31))
        add_order(session, one, date(2026, 7, 1))
        dataset = dataset_store.get(session, dataset_id)
        counts = order_counts(session, dataset, np.array([one, other]), FIRST, LAST)
        assert counts.tolist() == [2, 0]
