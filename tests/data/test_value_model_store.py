"""Versions of what was fitted."""

from datetime import timedelta

import pytest

from data import dataset_store, value_model_store
from data.database import Database
from data.errors import NotFoundError
from data.value_model_store import Head
from tests.data.builders import NOW, TODAY, add_other_dataset

SAID = ("first", "second")
SEGMENTS = ("small", "large")


def test_where_nothing_was_fitted_there_is_nothing(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        assert value_model_store.current(session, dataset_id) is None
        assert value_model_store.head(session, dataset_id) is None
        assert value_model_store.newest(session, dataset_id, 5) == ()
        with pytest.raises(NotFoundError, match="version 1"):
            value_model_store.get(session, dataset_id, 1)


def test_the_newest_version_counts_and_older_ones_can_be_read(
    database: Database, dataset_id: int
) -> None:
    later = NOW + timedelta(days=30)
    with database.session() as session:
        first, second = (
            {"said": said, "is_fitted": said == "second", "segment_names": ["small", "large"]}
            for said in SAID
        )
        value_model_store.add(session, dataset_id, TODAY, {"a": 1}, first, NOW)
        assert value_model_store.head(session, dataset_id) == Head(1, NOW, False, SEGMENTS)
        value_model_store.add(session, dataset_id, TODAY, {"a": 2}, second, later)
    with database.session() as session:
        model = value_model_store.current(session, dataset_id)
        assert model is not None
        assert (model.version, model.parameters, model.fitted_for) == (2, {"a": 2}, TODAY)
        assert value_model_store.head(session, dataset_id) == Head(2, later, True, SEGMENTS)
        assert value_model_store.get(session, dataset_id, 1).parameters == {"a": 1}
        both = value_model_store.newest(session, dataset_id, 5)
        assert [one.report["said"] for one in both] == ["second", "first"]
        assert len(value_model_store.newest(session, dataset_id, 1)) == 1


def test_what_knew_nothing_after_a_day_can_be_found(database: Database, dataset_id: int) -> None:
    earlier, day = TODAY - timedelta(days=40), timedelta(days=1)
    with database.session() as session:
        value_model_store.add(session, dataset_id, earlier, {"a": 1}, {}, NOW)
        value_model_store.add(session, dataset_id, TODAY, {"a": 2}, {}, NOW)
        found = value_model_store.fitted_until(session, dataset_id, TODAY - day)
        assert found is not None
        assert found.version == 1
        assert value_model_store.fitted_until(session, dataset_id, earlier - day) is None


def test_data_sets_count_their_versions_apart(database: Database, dataset_id: int) -> None:
    with database.session() as session:
        other_id = add_other_dataset(session)
        value_model_store.add(session, other_id, TODAY, {}, {}, NOW)
        value_model_store.add(session, other_id, TODAY, {}, {}, NOW)
        mine = value_model_store.add(session, dataset_id, TODAY, {}, {}, NOW)
        assert mine.version == 1


def test_a_new_version_changes_the_data_version(database: Database, dataset_id: int) -> None:
    """So that answers that were made with the former one are not taken for current."""
    with database.session() as session:
        before = dataset_store.data_version(session, dataset_id)
    with database.session() as session:
        value_model_store.add(session, dataset_id, TODAY, {}, {}, NOW)
    with database.session() as session:
        assert dataset_store.data_version(session, dataset_id) != before
