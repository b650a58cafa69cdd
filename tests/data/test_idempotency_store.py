"""Keys of requests: one request has each, and its answer is kept for a day."""

import threading
from datetime import timedelta

from data import idempotency_store
from data.idempotency_store import HELD, KEPT, FirstRequest
from tests.data.builders import NOW, add_other_dataset

RUNNING = FirstRequest("print", None, {}, b"")


def hold(database, dataset_id, key="k", fingerprint="print", now=NOW):
    return idempotency_store.hold(database, dataset_id, key, fingerprint, now)


def keep(database, dataset_id) -> None:
    with database.session() as session:
        idempotency_store.keep(session, dataset_id, "k", 201, {"Location": "/x"}, b"\x00{}")


def test_an_answer_is_had_again_by_its_key(database, dataset_id) -> None:
    assert hold(database, dataset_id) is None
    assert hold(database, dataset_id, fingerprint="other") == RUNNING
    keep(database, dataset_id)
    kept = FirstRequest("print", 201, {"Location": "/x"}, b"\x00{}")
    assert hold(database, dataset_id, now=NOW + KEPT) == kept


def test_an_answer_is_forgotten_after_a_day(database, dataset_id) -> None:
    hold(database, dataset_id)
    keep(database, dataset_id)
    assert hold(database, dataset_id, now=NOW + KEPT + timedelta(seconds=1)) is None


def test_a_key_whose_request_was_lost_is_free_after_a_while(database, dataset_id) -> None:
    hold(database, dataset_id)
    assert hold(database, dataset_id, now=NOW + HELD) == RUNNING
    assert hold(database, dataset_id, now=NOW + HELD + timedelta(seconds=1)) is None


def test_a_key_that_was_let_go_is_free_at_once(database, dataset_id) -> None:
    hold(database, dataset_id)
    with database.session() as session:
        idempotency_store.let_go(session, dataset_id, "k")
    assert hold(database, dataset_id) is None


def test_data_sets_have_keys_of_their_own(database, dataset_id) -> None:
    with database.session() as session:
        other = add_other_dataset(session)
    assert hold(database, dataset_id) is None
    assert hold(database, other) is None
    assert hold(database, dataset_id, key="K") is None


def test_of_many_requests_with_one_key_one_gets_it(database, dataset_id) -> None:
    count, found = 6, []
    barrier = threading.Barrier(count)

    def take() -> None:
        barrier.wait()
        found.append(hold(database, dataset_id))

    threads = [threading.Thread(target=take) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(None) == 1
    assert found.count(RUNNING) == count - 1
