"""Versions of what managers decide."""

import pytest

from data import policy_store
from data.database import Database
from data.errors import NotFoundError
from data.tables import PolicySubject
from tests.data.builders import NOW, add_other_dataset

PROGRAMME, TOUCHES = PolicySubject.PROGRAMME, PolicySubject.TOUCHES


def test_the_newest_version_counts_and_older_ones_can_be_read(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        assert policy_store.current(session, dataset_id, PROGRAMME) is None
        policy_store.add(session, dataset_id, PROGRAMME, {"a": 1}, "At first", NOW)
        policy_store.add(session, dataset_id, PROGRAMME, {"a": 2}, "Better", NOW)
        current = policy_store.current(session, dataset_id, PROGRAMME)
        assert current is not None
        assert (current.version, current.body, current.reason) == (2, {"a": 2}, "Better")
        assert policy_store.get(session, dataset_id, PROGRAMME, 1).body == {"a": 1}
        versions = policy_store.versions(session, dataset_id, PROGRAMME)
        assert [policy.version for policy in versions] == [2, 1]


def test_subjects_and_data_sets_count_their_versions_apart(
    database: Database, dataset_id: int
) -> None:
    with database.session() as session:
        other_id = add_other_dataset(session)
        policy_store.add(session, dataset_id, PROGRAMME, {"a": 1}, "", NOW)
        policy_store.add(session, other_id, PROGRAMME, {"b": 1}, "", NOW)
        touches = policy_store.add(session, dataset_id, TOUCHES, {"c": 1}, "", NOW)
        assert touches.version == 1
        current = policy_store.all_current(session, dataset_id)
        assert {subject: policy.body for subject, policy in current.items()} == {
            PROGRAMME: {"a": 1},
            TOUCHES: {"c": 1},
        }


def test_a_version_that_does_not_exist_is_refused(database: Database, dataset_id: int) -> None:
    with (
        database.session() as session,
        pytest.raises(NotFoundError, match="no version 3 of the programme"),
    ):
        policy_store.get(session, dataset_id, PROGRAMME, 3)
