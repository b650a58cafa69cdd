from datetime import timedelta

from sqlalchemy import select

from data import commitment_store, dataset_store, route_store
from data.commitment_store import Accepted, AcceptedVisit
from data.tables import Channel, Visit, VisitStatus
from tests.data.builders import NOW, add_account, add_other_dataset, add_rep, add_visit

HOUR = timedelta(hours=1)


def add_route(session, dataset_id) -> str:
    route_id = route_store.new_route_id()
    route_store.begin(session, route_id=route_id, dataset_id=dataset_id, created_at=NOW)
    return route_id


def visits_of(session, route_id) -> dict[int, tuple]:
    rows = session.scalars(select(Visit).where(Visit.route_id == route_id))
    return {row.account_id: (row.status, row.start_at, row.duration_s) for row in rows}


def test_visits_of_a_route_replace_those_that_it_had(database, dataset_id) -> None:
    with database.session() as session:
        rep = add_rep(session, dataset_id)
        one, two, three = (add_account(session, dataset_id).id for _ in range(3))
        route_id = add_route(session, dataset_id)
        first = [AcceptedVisit(one, NOW, 600), AcceptedVisit(two, NOW + HOUR, 600)]
        answer = commitment_store.replace(session, route_id, rep.id, first)
        assert answer == Accepted(added=2, changed=0, kept=0, cancelled=0)
    with database.session() as session:
        assert commitment_store.replace(session, route_id, rep.id, first).kept == 2
        second = [AcceptedVisit(one, NOW + HOUR, 600), AcceptedVisit(three, NOW, 900)]
        answer = commitment_store.replace(session, route_id, rep.id, second)
        assert answer == Accepted(added=1, changed=1, kept=0, cancelled=1)
    with database.session() as session:
        assert visits_of(session, route_id) == {
            one: (VisitStatus.COMMITTED, NOW + HOUR, 600),
            two: (VisitStatus.CANCELLED, NOW + HOUR, 600),
            three: (VisitStatus.COMMITTED, NOW, 900),
        }
        found = commitment_store.all_commitments(session, dataset_id)
        row = session.scalars(select(Visit).where(Visit.account_id == three)).one()
    assert [(c.account_id, c.rep_id, c.route_id) for c in found] == [
        (three, rep.id, route_id),
        (one, rep.id, route_id),
    ]
    assert found[0].end_at == NOW + timedelta(seconds=900)
    assert row.channel is Channel.FIELD


def test_a_visit_that_was_made_stays_made(database, dataset_id) -> None:
    with database.session() as session:
        account_id = add_account(session, dataset_id).id
        route_id = add_route(session, dataset_id)
        done = AcceptedVisit(account_id, NOW, 600, is_done=True)
        commitment_store.replace(session, route_id, None, [AcceptedVisit(account_id, NOW, 600)])
        assert commitment_store.replace(session, route_id, None, [done]).changed == 1
        assert commitment_store.replace(session, route_id, None, []).cancelled == 0
        assert visits_of(session, route_id)[account_id][0] is VisitStatus.DONE
        assert commitment_store.all_commitments(session, dataset_id) == ()


def test_commitments_are_those_of_the_data_set_and_change_its_version(database, dataset_id) -> None:
    with database.session() as session:
        before = dataset_store.data_version(session, dataset_id)
        other = add_account(session, add_other_dataset(session))
        add_visit(session, other.id, NOW, status=VisitStatus.COMMITTED)
        account = add_account(session, dataset_id)
        add_visit(session, account.id, NOW - HOUR, status=VisitStatus.DONE)
    with database.session() as session:
        assert commitment_store.all_commitments(session, dataset_id) == ()
        between = dataset_store.data_version(session, dataset_id)
        route_id = add_route(session, dataset_id)
        accepted = [AcceptedVisit(account.id, NOW, 600)]
        commitment_store.replace(session, route_id, None, accepted)
    with database.session() as session:
        assert len({before, between, dataset_store.data_version(session, dataset_id)}) == 3
