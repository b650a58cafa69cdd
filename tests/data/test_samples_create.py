"""The sample in the database, SQLite and PostgreSQL."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import func, select

from accounts.account import NEVER_VISITED, NO_OWNER
from data import account_store, dataset_store, rep_store
from data.database import Database
from data.samples.create import NOTE, create_sample
from data.samples.generate import generate
from data.samples.opening import PATTERNS
from data.tables import Dataset, DatasetKind, Ownership, SalesOrder, Visit

SUNDAY = date(2026, 11, 22)
MONDAY = date(2026, 11, 16)


def test_sample_is_stored_as_it_was_generated(database: Database) -> None:
    reports: list[tuple[str, int, int]] = []
    dataset_id = create_sample(
        database, SUNDAY, seed=3, progress=lambda *report: reports.append(report)
    )
    sample = generate(MONDAY, seed=3)
    with database.session() as session:
        dataset = dataset_store.active(session)
        assert dataset is not None
        assert (dataset.id, dataset.kind, dataset.seed) == (dataset_id, DatasetKind.SAMPLE, 3)
        assert (dataset.created_for, dataset.country) == (MONDAY, "DE")
        assert dataset.note == NOTE
        reps = {rep.name: rep for rep in rep_store.all_reps(session, dataset_id)}
        table = account_store.load_table(session, dataset_id, MONDAY)
        visits = session.scalar(select(func.count()).select_from(Visit))
        orders = session.scalar(select(func.sum(SalesOrder.amount_cents)))
        owners = session.scalar(select(func.count()).select_from(Ownership))
        first, last = session.execute(
            select(func.min(Visit.start_at), func.max(Visit.start_at))
        ).one()

    assert {rep.name: rep.working_hours for rep in sample.reps} == {
        name: rep.working_hours for name, rep in reps.items()
    }
    assert table.name == sample.customers.name
    np.testing.assert_array_equal(table.status, sample.status)
    np.testing.assert_array_equal(table.segment, sample.segment)
    np.testing.assert_array_equal(table.potential_eur, sample.customers.potential_eur)
    np.testing.assert_array_equal(table.visit_interval_days, sample.visit_interval_days)
    np.testing.assert_allclose(table.lon, sample.customers.sites.lon)
    patterns = [table.opening_patterns[i] for i in table.opening_hours]
    assert patterns == [PATTERNS[i] for i in sample.customers.opening_hours]
    assert (table.owner_rep_id != NO_OWNER).all()
    assert table.owner_rep_id[0] == reps[sample.reps[sample.owner[0]].name].id
    assert visits == len(sample.visits.day)
    assert orders is not None
    assert int(orders) == sample.orders.amount_cents.sum()
    assert owners == len(table)
    last_day = np.full(len(table), NEVER_VISITED)
    np.maximum.at(last_day, sample.visits.account, sample.visits.day)
    np.testing.assert_array_equal(table.last_visit_day, last_day)

    # Visits begin between 7:00 and 18:00 on German clocks.
    assert datetime(2024, 11, 1, 6, tzinfo=UTC) <= first < datetime(2024, 11, 2, tzinfo=UTC)
    assert datetime(2026, 11, 13, 6, tzinfo=UTC) < last < datetime(2026, 11, 13, 17, tzinfo=UTC)

    stages = list(dict.fromkeys(stage for stage, _, _ in reports))
    assert stages[0] == "Inventing accounts"
    assert len(stages) == 6
    for stage in stages:
        done = [(part, total) for name, part, total in reports if name == stage]
        assert done == sorted(done)
        assert done[-1][0] == done[-1][1]


def test_a_second_data_set_does_not_push_the_active_one_aside(
    database: Database, dataset_id: int
) -> None:
    created = create_sample(database, MONDAY)
    with database.session() as session:
        active = dataset_store.active(session)
        assert active is not None
        assert active.id == dataset_id != created


def test_a_failure_leaves_nothing_behind(database: Database) -> None:
    def fail_at_visits(stage: str, done: int, total: int) -> None:
        if stage == "Storing visits" and done > 0:
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        create_sample(database, MONDAY, progress=fail_at_visits)
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Dataset)) == 0
