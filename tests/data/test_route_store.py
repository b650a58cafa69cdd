import threading
from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy.exc import StatementError

from data import dataset_store, route_store
from data.errors import NotFoundError, OutdatedRevisionError
from data.tables import JobStatus
from data.unassigned import Unassigned
from tests.data.builders import NOW, add_other_dataset, add_rep

REQUEST = {"start": {"place": "Kassel"}, "days": [{"date": "2026-11-16"}]}
BODY = {"status": "complete", "totals": {"value": 12.5, "visits": 3}, "label": "Grüße"}


def left_out(*account_ids: int) -> bytes:
    return Unassigned(
        account_id=np.array(account_ids, dtype=np.int64),
        code=np.array([k % 2 for k in range(len(account_ids))], dtype=np.uint8),
        codes=("NOT_SHORTLISTED", "EXCEEDS_MAX_DETOUR"),
        facts={"detour_s": np.array([k * 60 for k in range(len(account_ids))], dtype=np.int32)},
    ).to_bytes()


def save(session, dataset_id, **changes) -> str:
    """A route with an answer."""
    facts = {
        "status": JobStatus.COMPLETE,
        "request": REQUEST,
        "body": BODY,
        "unassigned": left_out(),
        "created_at": NOW,
        **changes,
    }
    route_id, label = route_store.new_route_id(), facts.pop("label", None)
    route_store.begin(
        session,
        route_id=route_id,
        dataset_id=dataset_id,
        created_at=facts["created_at"],
        label=label,
    )
    route_store.answer(session, route_id=route_id, **facts)
    return route_id


def test_a_route_without_an_answer_says_how_far_it_is(database, dataset_id) -> None:
    with database.session() as session:
        route_store.begin(session, route_id="r-1", dataset_id=dataset_id, created_at=NOW)
        assert route_store.find(session, dataset_id, "r-1").status is JobStatus.QUEUED
    with database.session() as session:
        route_store.set_status(session, "r-1", JobStatus.FAILED)
    with database.session() as session:
        with pytest.raises(NotFoundError, match="has no plan; its status is failed"):
            route_store.get(session, dataset_id, "r-1")
        with pytest.raises(NotFoundError, match="has no plan"):
            route_store.unassigned_page(session, dataset_id, "r-1")


def test_each_answer_is_a_revision_and_leaves_the_former_as_it_was(database, dataset_id) -> None:
    with database.session() as session:
        route_id = save(session, dataset_id)
    with database.session() as session:
        route_store.answer(
            session,
            route_id=route_id,
            status=JobStatus.INFEASIBLE,
            request=REQUEST,
            body={"status": "infeasible"},
            unassigned=left_out(7),
            created_at=NOW + timedelta(hours=1),
        )
    with database.session() as session:
        newest = route_store.get(session, dataset_id, route_id)
        first = route_store.get(session, dataset_id, route_id, revision=1)
    assert (newest.revision, newest.body) == (2, {"status": "infeasible"})
    assert newest.status is JobStatus.INFEASIBLE
    assert (first.body, first.revised_at, first.current_revision) == (BODY, NOW, 2)


def test_a_route_that_was_removed_takes_no_answer(database, dataset_id) -> None:
    with database.session() as session:
        route_id = save(session, dataset_id)
    with database.session() as session:
        route_store.remove(session, route_id)
        route_store.set_status(session, route_id, JobStatus.RUNNING)
        with pytest.raises(NotFoundError):
            route_store.find(session, dataset_id, route_id)
        with pytest.raises(NotFoundError):
            route_store.answer(
                session,
                route_id=route_id,
                status=JobStatus.COMPLETE,
                request=REQUEST,
                body=BODY,
                unassigned=left_out(),
                created_at=NOW,
            )


def test_a_route_comes_back_as_it_was_saved(database, dataset_id) -> None:
    with database.session() as session:
        rep = add_rep(session, dataset_id)
        route_id = save(
            session,
            dataset_id,
            rep_id=rep.id,
            label="South",
            status=JobStatus.INFEASIBLE,
        )
    with database.session() as session:
        route = route_store.get(session, dataset_id, route_id)
    assert (route.route_id, route.rep_id, route.label) == (route_id, rep.id, "South")
    assert route.status is JobStatus.INFEASIBLE
    assert (route.revision, route.current_revision) == (1, 1)
    assert route.created_at == route.revised_at == NOW
    assert route.request == REQUEST
    assert route.body == BODY
    assert list(route.body) == list(BODY), "the order of keys is kept"


def test_ids_of_routes_differ_and_fit_their_column() -> None:
    ids = {route_store.new_route_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert max(map(len, ids)) <= 40


@pytest.mark.parametrize("wanted", ["r-unknown", "", "r-' OR 1=1 --"])
def test_an_unknown_route_is_not_found(database, dataset_id, wanted) -> None:
    with database.session() as session, pytest.raises(NotFoundError, match="no route"):
        route_store.get(session, dataset_id, wanted)


def test_an_unknown_revision_is_refused_with_the_newest(database, dataset_id) -> None:
    with database.session() as session:
        route_id = save(session, dataset_id)
        with pytest.raises(NotFoundError, match="the newest is 1"):
            route_store.get(session, dataset_id, route_id, revision=2)
        with pytest.raises(NotFoundError, match="the newest is 1"):
            route_store.unassigned_page(session, dataset_id, route_id, revision=2)


def test_a_route_of_another_data_set_is_not_found(database, dataset_id) -> None:
    with database.session() as session:
        route_id = save(session, add_other_dataset(session))
        with pytest.raises(NotFoundError):
            route_store.get(session, dataset_id, route_id)
        with pytest.raises(NotFoundError):
            route_store.unassigned_page(session, dataset_id, route_id)
        assert route_store.page(session, dataset_id).routes == ()


def test_numbers_that_json_cannot_hold_are_refused(database, dataset_id) -> None:
    with (
        pytest.raises((ValueError, StatementError), match="not JSON compliant"),
        database.session() as session,
    ):
        save(session, dataset_id, body={"value": float("nan")})


def test_saving_a_route_keeps_the_data_version(database, dataset_id) -> None:
    """Otherwise each planned trip would make the next one read all accounts anew."""
    with database.session() as session:
        before = dataset_store.data_version(session, dataset_id)
        save(session, dataset_id)
    with database.session() as session:
        assert dataset_store.data_version(session, dataset_id) == before


def test_routes_are_listed_from_the_newest_and_each_once(database, dataset_id) -> None:
    with database.session() as session:
        # Two of the same moment, so that only the id tells them apart.
        ages = [3, 1, 1, 0, 2]
        ids = [save(session, dataset_id, created_at=NOW - timedelta(hours=age)) for age in ages]
    found, cursor, pages = [], None, 0
    while pages == 0 or cursor is not None:
        with database.session() as session:
            page = route_store.page(session, dataset_id, cursor, limit=2)
        found += [route.id for route in page.routes]
        cursor, pages = page.next_cursor, pages + 1
    assert sorted(found) == sorted(ids)
    assert [ages[ids.index(route_id)] for route_id in found] == [0, 1, 1, 2, 3]
    assert pages == 3


def test_accounts_left_out_are_read_page_by_page(database, dataset_id) -> None:
    with database.session() as session:
        route_id = save(session, dataset_id, unassigned=left_out(10, 20, 30, 40, 50))
    with database.session() as session:
        first = route_store.unassigned_page(session, dataset_id, route_id, limit=3)
        rest = route_store.unassigned_page(
            session, dataset_id, route_id, cursor=first.next_cursor, limit=3
        )
        far = route_store.unassigned_page(session, dataset_id, route_id, code="EXCEEDS_MAX_DETOUR")
        one = route_store.unassigned_page(session, dataset_id, route_id, account_id=30)
    assert first.unassigned.account_id.tolist() == [10, 20, 30]
    assert rest.unassigned.account_id.tolist() == [40, 50]
    assert rest.next_cursor is None
    assert far.unassigned.account_id.tolist() == [20, 40]
    assert one.unassigned.facts["detour_s"].tolist() == [120]


def whole_body(first: str, last: str, visits: int = 3) -> dict:
    totals = {"visits": visits, "net_value": 12.34}
    return {"status": "complete", "days": [{"date": first}, {"date": last}], "totals": totals}


def revise(session, route_id, former_revision, **changes) -> None:
    facts = {
        "route_id": route_id,
        "former_revision": former_revision,
        "status": JobStatus.INFEASIBLE,
        "request": {"replan": {"now": "2026-11-16T09:00:00+01:00"}},
        "body": whole_body("2026-11-16", "2026-11-17", 2) | {"status": "infeasible"},
        "unassigned": left_out(30),
        "created_at": NOW + timedelta(hours=1),
        **changes,
    }
    route_store.revise(session, **facts)


def test_a_revision_comes_after_the_newest_and_older_ones_stay(database, dataset_id) -> None:
    with database.session() as session:
        route_id = save(session, dataset_id, body=whole_body("2026-11-16", "2026-11-18"))
    with database.session() as session:
        revise(session, route_id, 1)
    with database.session() as session:
        newest = route_store.get(session, dataset_id, route_id)
        first = route_store.get(session, dataset_id, route_id, revision=1)
        route = route_store.find(session, dataset_id, route_id)
        told = route_store.revisions(session, dataset_id, route_id)
        left = route_store.unassigned_page(session, dataset_id, route_id, revision=1)
    assert (newest.revision, newest.status) == (2, JobStatus.INFEASIBLE)
    assert first.body == whole_body("2026-11-16", "2026-11-18")
    assert (route.visit_count, route.net_value_cents) == (2, 1234)
    assert f"{route.first_date} {route.last_date}" == "2026-11-16 2026-11-17"
    assert [(one.revision, one.status, one.totals["visits"]) for one in told] == [
        (1, "complete", 3),
        (2, "infeasible", 2),
    ]
    assert told[1].request["replan"]["now"] == "2026-11-16T09:00:00+01:00"
    assert len(left.unassigned) == 0


def test_of_two_revisions_of_one_only_the_first_is_kept(database, dataset_id) -> None:
    with database.session() as session:
        route_id = save(session, dataset_id)
    with database.session() as session:
        revise(session, route_id, 1)
    stale = pytest.raises(OutdatedRevisionError, match="revision 1 is no longer")
    with stale, database.session() as session:
        revise(session, route_id, 1)
    with database.session() as session:
        assert route_store.get(session, dataset_id, route_id).current_revision == 2


def test_a_route_that_was_accepted_keeps_its_revision_where_that_is_wanted(
    database, dataset_id
) -> None:
    with database.session() as session:
        route_id = save(session, dataset_id)
        revise(session, route_id, 1, unless_accepted=True)
        assert route_store.lock(session, route_id) == 2
        route_store.accept(session, route_id, 2)
    with database.session() as session:
        with pytest.raises(OutdatedRevisionError):
            revise(session, route_id, 2, unless_accepted=True)
        assert route_store.lock(session, route_id) == 2
        revise(session, route_id, 2)
        assert route_store.lock(session, route_id) == 3
        assert route_store.lock(session, "r-none") is None


def test_who_locks_a_route_waits_for_a_revision_that_is_being_added(database, dataset_id) -> None:
    with database.session() as session:
        route_id = save(session, dataset_id)
    seen = []

    def look() -> None:
        with database.session() as session:
            seen.append(route_store.lock(session, route_id))

    other = threading.Thread(target=look)
    with database.session() as session:
        route_store.lock(session, route_id)
        other.start()
        other.join(0.2)
        revise(session, route_id, 1)
    other.join()
    assert seen == [2]


def test_only_the_newest_revision_is_accepted(database, dataset_id) -> None:
    with database.session() as session:
        route_id = save(session, dataset_id)
        route_store.accept(session, route_id, 1)
        revise(session, route_id, 1)
    with database.session() as session:
        assert route_store.get(session, dataset_id, route_id).accepted_revision == 1
        with pytest.raises(OutdatedRevisionError):
            route_store.accept(session, route_id, 1)


def test_routes_are_listed_by_rep_days_and_state(database, dataset_id) -> None:
    with database.session() as session:
        rep = add_rep(session, dataset_id)
        week = save(session, dataset_id, rep_id=rep.id, body=whole_body("2026-11-16", "2026-11-20"))
        later = save(session, dataset_id, body=whole_body("2026-11-20", "2026-11-23"))
        closed = save(session, dataset_id, status=JobStatus.INFEASIBLE)

    def listed(**wanted) -> set[str]:
        with database.session() as session:
            page = route_store.page(session, dataset_id, **wanted)
        return {route.id for route in page.routes}

    assert listed(rep_id=rep.id) == {week}
    assert listed(status=JobStatus.INFEASIBLE) == {closed}
    # Without a plan a route has no days.
    assert listed(dates=(date(2026, 11, 20), date(2026, 11, 22))) == {week, later}
    assert listed(dates=(date(2026, 11, 21), date(2026, 11, 22))) == {later}
    assert listed(dates=(date(2026, 11, 24), date(2026, 11, 30))) == set()
