from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from data import planning_store
from data.database import Database
from data.errors import NotFoundError
from tests.data.builders import NOW, add_other_dataset, add_rep

DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)


def test_a_round_keeps_what_the_model_said_of_each_rep(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        ada, ben = add_rep(session, dataset_id), add_rep(session, dataset_id, name="Ben")
        cents = {ada.id: 1_000_050, ben.id: 0}
        planning_store.open_round(session, dataset_id, DECEMBER, 3, cents, NOW)
    with database.session() as session:
        found = planning_store.get(session, dataset_id, DECEMBER)
        assert (found.round.month, found.round.model_version) == (DECEMBER, 3)
        assert (found.round.created_at, found.round.closed_at) == (NOW, None)
        assert {rep: one.top_down_cents for rep, one in found.figures.items()} == cents
        assert {one.bottom_up_cents for one in found.figures.values()} == {None}


def test_rounds_come_latest_first_and_only_of_their_data_set(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        other_id = add_other_dataset(session)
        planning_store.open_round(session, dataset_id, DECEMBER, None, {}, NOW)
        planning_store.open_round(session, dataset_id, JANUARY, None, {}, NOW)
        planning_store.open_round(session, other_id, DECEMBER, None, {}, NOW)
        rounds = planning_store.all_rounds(session, dataset_id)
        assert [one.round.month for one in rounds] == [JANUARY, DECEMBER]
        found = planning_store.of_months(session, other_id, [DECEMBER, JANUARY])
        assert [one.round.dataset_id for one in found.values()] == [other_id]
        with pytest.raises(NotFoundError, match="opened for 2027-01"):
            planning_store.get(session, other_id, JANUARY)


def test_a_month_has_one_round(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        planning_store.open_round(session, dataset_id, DECEMBER, None, {}, NOW)
    with pytest.raises(IntegrityError), database.session() as session:
        planning_store.open_round(session, dataset_id, DECEMBER, None, {}, NOW)


def test_each_change_of_a_figure_has_a_later_moment_whatever_the_clock_says(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        rep = add_rep(session, dataset_id)
        opened = planning_store.open_round(session, dataset_id, DECEMBER, None, {}, NOW)
        figure = planning_store.add_figure(session, opened.round, rep.id, 100, NOW)
        moments = [figure.updated_at]
        for now in (NOW, NOW - timedelta(hours=1), NOW + timedelta(hours=1)):
            planning_store.touch(figure, now)
            moments.append(figure.updated_at)
        assert moments == sorted(set(moments))
    with database.session() as session:
        found = planning_store.get(session, dataset_id, DECEMBER, to_change=True)
        assert found.figures[rep.id].updated_at == moments[-1]
