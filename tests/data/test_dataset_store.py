from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from data import dataset_store
from data.errors import NotFoundError
from data.tables import DatasetKind
from tests.data.builders import NOW, TODAY


def create(session, name: str):
    return dataset_store.create(
        session,
        name=name,
        kind=DatasetKind.SAMPLE,
        country="DE",
        timezone="Europe/Berlin",
        currency="EUR",
        created_for=TODAY,
        created_at=NOW,
        seed=2**40,
        note="Invented",
    )


def test_a_data_set_is_stored_with_all_its_facts(database) -> None:
    with database.session() as session:
        dataset_id = create(session, "Germany").id
    with database.session() as session:
        stored = dataset_store.get(session, dataset_id)
    assert (stored.name, stored.kind, stored.country) == ("Germany", DatasetKind.SAMPLE, "DE")
    assert (stored.timezone, stored.currency) == ("Europe/Berlin", "EUR")
    assert (stored.created_for, stored.created_at) == (TODAY, NOW)
    assert (stored.seed, stored.note, stored.is_active) == (2**40, "Invented", False)


def test_no_data_set_is_active_until_one_is_chosen(database) -> None:
    with database.session() as session:
        create(session, "Germany")
        assert dataset_store.active(session) is None


def test_choosing_a_data_set_puts_the_other_aside(database) -> None:
    with database.session() as session:
        first, second = create(session, "Germany"), create(session, "Mine")
        dataset_store.activate(session, first.id)
        dataset_store.activate(session, second.id)
        dataset_store.activate(session, second.id)
    with database.session() as session:
        assert dataset_store.active(session).id == second.id
        assert [d.is_active for d in dataset_store.all_datasets(session)] == [False, True]


def test_choosing_a_data_set_that_does_not_exist_keeps_the_one_in_use(database) -> None:
    with database.session() as session:
        first = create(session, "Germany")
        dataset_store.activate(session, first.id)
        with pytest.raises(NotFoundError, match="999"):
            dataset_store.activate(session, 999)
        assert dataset_store.active(session).id == first.id


def test_the_database_itself_refuses_a_second_active_data_set(database) -> None:
    with pytest.raises(IntegrityError), database.session() as session:
        for name in ("Germany", "Mine"):
            create(session, name).is_active = True


def test_the_version_of_an_unknown_data_set_is_refused(database) -> None:
    with database.session() as session, pytest.raises(NotFoundError, match="999"):
        dataset_store.data_version(session, 999)


def test_data_sets_have_versions_of_their_own(database) -> None:
    with database.session() as session:
        first, second = create(session, "Germany"), create(session, "Mine")
        second.created_at = NOW + timedelta(seconds=1)
        session.flush()
        versions = {dataset_store.data_version(session, d.id) for d in (first, second)}
    assert len(versions) == 2
