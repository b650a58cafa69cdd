import pytest

from data import rep_store
from data.errors import NotFoundError
from tests.data.builders import OFFICE_HOURS, add_other_dataset, add_rep


@pytest.fixture
def other_id(database) -> int:
    with database.session() as session:
        return add_other_dataset(session)


def test_reps_are_listed_by_name_and_only_those_of_the_data_set(
    database, dataset_id, other_id
) -> None:
    with database.session() as session:
        for name in ("Zoe", "Ada"):
            add_rep(session, dataset_id, name=name)
        add_rep(session, other_id, name="Max")
    with database.session() as session:
        assert [rep.name for rep in rep_store.all_reps(session, dataset_id)] == ["Ada", "Zoe"]


def test_a_rep_is_stored_with_home_hours_and_settings(database, dataset_id) -> None:
    with database.session() as session:
        rep_id = add_rep(session, dataset_id, settings={"hotel": ["Fulda"]}).id
    with database.session() as session:
        rep = rep_store.get(session, dataset_id, rep_id)
    assert (rep.home_lon, rep.home_lat, rep.home_town) == (9.5, 51.3, "Kassel")
    assert rep.working_hours == OFFICE_HOURS
    assert rep.settings == {"hotel": ["Fulda"]}


def test_a_rep_of_another_data_set_is_not_found(database, dataset_id, other_id) -> None:
    with database.session() as session:
        rep_id = add_rep(session, other_id).id
        with pytest.raises(NotFoundError, match=str(rep_id)):
            rep_store.get(session, dataset_id, rep_id)
