"""Two accounts become one, on both databases, and nothing that has happened is lost."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts import AccountRecord, ContactRecord, LocationLevel
from data import (
    account_merge,
    account_store,
    account_upsert,
    alias_store,
    dataset_store,
    duplicate_store,
)
from data.database import Database
from data.errors import NotFoundError
from data.geocoding.located import Located
from data.tables import (
    Account,
    Contact,
    ExternalRef,
    LocationSource,
    Ownership,
    SalesOrder,
    Visit,
)
from geo import Location
from tests.data.builders import (
    NOW,
    TODAY,
    add_account,
    add_order,
    add_other_dataset,
    add_ownership,
    add_rep,
    add_visit,
)

LATER = NOW + timedelta(hours=1)


class Two:
    """Two accounts of one company, and a third."""

    def __init__(self, database: Database, dataset_id: int) -> None:
        self.database, self.dataset_id = database, dataset_id
        with database.session() as session:
            self.keep, self.other, self.third = (
                add_account(session, dataset_id, name=name).id
                for name in ("Weber GmbH", "Weber AG", "Schmidt")
            )

    def add(self, *rows: Any) -> None:
        with self.database.session() as session:
            session.add_all(rows)

    def merge(self) -> account_merge.Merged:
        with self.database.session() as session:
            return account_merge.merge(
                session, self.dataset_id, self.keep, self.other, LATER, TODAY
            )

    def account(self, account_id: int) -> Account:
        with self.database.session() as session:
            return session.get_one(Account, account_id)

    def all(self, table: type[Any], *columns: Any) -> list[tuple[Any, ...]]:
        with self.database.session() as session:
            return sorted(tuple(row) for row in session.execute(select(*columns)))

    def ref(self, account_id: int, system: str, external_id: str) -> ExternalRef:
        return ExternalRef(
            dataset_id=self.dataset_id,
            account_id=account_id,
            system=system,
            external_id=external_id,
        )


@pytest.fixture
def two(database: Database, dataset_id: int) -> Two:
    return Two(database, dataset_id)


def test_the_other_one_is_hidden_and_both_have_changed(two: Two) -> None:
    two.merge()
    keep, other = two.account(two.keep), two.account(two.other)
    assert (keep.deleted_at, other.deleted_at) == (None, LATER)
    assert (keep.version, other.version) == (2, 2)
    assert keep.updated_at == other.updated_at == LATER
    with two.database.session() as session:
        table = account_store.load_table(session, two.dataset_id, TODAY)
    assert table.account_id.tolist() == [two.keep, two.third]


def test_visits_and_orders_move(two: Two) -> None:
    with two.database.session() as session:
        for account_id in (two.keep, two.other, two.third):
            add_visit(session, account_id, NOW)
            add_order(session, account_id, TODAY)
    merged = two.merge()
    assert (merged.visits, merged.orders) == (1, 1)
    for table in (Visit, SalesOrder):
        ids = [row[0] for row in two.all(table, table.account_id)]
        assert ids == [two.keep, two.keep, two.third]
    with two.database.session() as session:
        accounts = account_store.load_table(session, two.dataset_id, TODAY)
    assert accounts.order_count.tolist() == [2, 1]


def test_what_was_sent_for_both_is_there_once(two: Two) -> None:
    with two.database.session() as session:
        for account_id in (two.keep, two.other):
            add_visit(session, account_id, NOW, system="crm", external_id="v1")
            add_order(session, account_id, TODAY, system="crm", external_id="o1")
            # Another system may use the same id for something else.
            add_order(session, account_id, TODAY, system=f"erp{account_id}", external_id="o1")
            add_order(session, account_id, TODAY)
    merged = two.merge()
    assert (merged.visits, merged.orders) == (0, 2)
    assert two.all(Visit, Visit.account_id) == [(two.keep,)]
    assert len(two.all(SalesOrder, SalesOrder.account_id)) == 5


def test_both_ids_of_other_systems_lead_to_the_one_that_stays(two: Two) -> None:
    two.add(
        two.ref(two.keep, "crm", "A"),
        two.ref(two.other, "crm", "B"),
        two.ref(two.other, "erp", "7"),
    )
    assert two.merge().external_refs == 2
    columns = (
        ExternalRef.system,
        ExternalRef.external_id,
        ExternalRef.account_id,
        ExternalRef.is_alias,
    )
    assert two.all(ExternalRef, *columns) == [
        ("crm", "A", two.keep, False),
        # The CRM has a record of its own for the one that stays.
        ("crm", "B", two.keep, True),
        ("erp", "7", two.keep, False),
    ]


def test_contacts_move_behind_those_that_are_there_and_each_is_there_once(two: Two) -> None:
    two.add(
        Contact(account_id=two.keep, position=0, name="Ada", email="ada@example.org"),
        Contact(account_id=two.keep, position=4, name="Ben"),
        Contact(account_id=two.other, position=0, name="ada ", email="ADA@example.org"),
        Contact(account_id=two.other, position=1, name="Ada", email="other@example.org"),
        Contact(account_id=two.other, position=2, name="Cem"),
    )
    assert two.merge().contacts == 2
    columns = (Contact.account_id, Contact.position, Contact.name)
    assert two.all(Contact, *columns) == [
        (two.keep, 0, "Ada"),
        (two.keep, 4, "Ben"),
        (two.keep, 5, "Ada"),
        (two.keep, 6, "Cem"),
    ]


def test_the_owner_of_the_one_that_stays_stays(two: Two) -> None:
    with two.database.session() as session:
        ada, ben = (add_rep(session, two.dataset_id, name=name).id for name in ("Ada", "Ben"))
        add_ownership(session, two.keep, ada, from_date=date(2026, 1, 1))
        add_ownership(session, two.other, ben, from_date=date(2026, 2, 1))
    two.merge()
    columns = (Ownership.account_id, Ownership.rep_id, Ownership.from_date, Ownership.until_date)
    with two.database.session() as session:
        rows = {row[0]: tuple(row[1:]) for row in session.execute(select(*columns))}
    assert rows == {
        two.keep: (ada, date(2026, 1, 1), None),
        two.other: (ben, date(2026, 2, 1), TODAY),
    }


def set_pin(two: Two, account_id: int, source: LocationSource, lon: float) -> None:
    with two.database.session() as session:
        account = session.get_one(Account, account_id)
        account.lon, account.location_source = lon, source
        account.location_level = LocationLevel.POSITION


@pytest.mark.parametrize(
    ("keeps", "others", "lon"),
    [
        (LocationSource.IMPORT, LocationSource.HAND, 8.0),
        (LocationSource.HAND, LocationSource.HAND, 7.0),
        (LocationSource.IMPORT, LocationSource.IMPORT, 7.0),
    ],
)
def test_a_pin_set_by_hand_is_kept_whichever_has_it(
    two: Two, keeps: LocationSource, others: LocationSource, lon: float
) -> None:
    set_pin(two, two.keep, keeps, 7.0)
    set_pin(two, two.other, others, 8.0)
    two.merge()
    assert two.account(two.keep).lon == lon


def test_what_was_decided_of_the_other_one_counts_for_the_one_that_stays(two: Two) -> None:
    with two.database.session() as session:
        duplicate_store.set_distinct(session, two.third, two.other, NOW)
        duplicate_store.set_distinct(session, two.keep, two.other, NOW)
        duplicate_store.set_distinct(session, two.other, two.keep, NOW)
    two.merge()
    with two.database.session() as session:
        assert duplicate_store.distinct_pairs(session, two.dataset_id) == {(two.keep, two.third)}


def test_nothing_is_merged_with_what_is_not_there(two: Two, database: Database) -> None:
    two.merge()
    with pytest.raises(NotFoundError, match=f"There is no account {two.other}"):
        two.merge()
    with database.session() as session:
        elsewhere = add_account(session, add_other_dataset(session)).id
    two.other = elsewhere
    with pytest.raises(NotFoundError):
        two.merge()
    assert two.account(two.keep).version == 2


def test_a_merge_that_fails_halfway_changes_nothing(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two.database.session() as session:
        add_visit(session, two.other, NOW)
    two.add(two.ref(two.other, "crm", "B"))

    def fail(*given: Any) -> int:
        raise RuntimeError("halfway")

    monkeypatch.setattr(account_merge, "_move_decisions", fail)
    with pytest.raises(RuntimeError):
        two.merge()
    assert two.account(two.other).deleted_at is None
    assert two.all(Visit, Visit.account_id) == [(two.other,)]
    assert two.all(ExternalRef, ExternalRef.account_id) == [(two.other,)]


def said(two: Two, external_id: str, **facts: Any) -> AccountRecord:
    return AccountRecord("crm", external_id, **facts)


def upserted(two: Two, *records: AccountRecord) -> account_upsert.Upserted:
    with two.database.session() as session:
        dataset = dataset_store.get(session, two.dataset_id)
        return account_upsert.upsert(session, dataset, records, {}, LATER, TODAY)


@pytest.fixture
def merged(two: Two) -> Two:
    two.add(two.ref(two.keep, "crm", "A"), two.ref(two.other, "crm", "B"))
    two.merge()
    return two


def test_what_is_said_of_a_merged_account_changes_nothing(merged: Two) -> None:
    """Otherwise two records of the CRM would overwrite each other at every import."""
    records = (
        said(merged, "B", name="Weber alt", owner="x", contacts=(ContactRecord("Ada"),)),
        said(merged, "A", name="Weber neu"),
        said(merged, "C", name="Neu"),
        said(merged, "D", name="Neu auch"),
    )
    done = upserted(merged, *records)
    assert done.account_ids[:2] == (merged.keep, merged.keep)
    assert [effect.value for effect in done.effects] == [
        "unchanged",
        "updated",
        "created",
        "created",
    ]
    assert merged.account(merged.keep).name == "Weber neu"
    assert merged.account(done.account_ids[3]).name == "Neu auch"
    assert upserted(merged, *records).effects == (account_upsert.Effect.UNCHANGED,) * 4


def test_what_is_located_stays_with_its_record_beside_a_merged_one(merged: Two) -> None:
    found = Located(Location(8.5, 50.5), LocationLevel.ADDRESS, 1.0)
    with merged.database.session() as session:
        dataset = dataset_store.get(session, merged.dataset_id)
        records = [said(merged, "B", street="Weg 1"), said(merged, "C", name="Neu", street="Weg 2")]
        assert list(account_upsert.who_moves(session, merged.dataset_id, records)) == [1]
        done = account_upsert.upsert(session, dataset, records, {1: found}, LATER, TODAY)
    assert merged.account(done.account_ids[1]).lon == 8.5
    assert merged.account(merged.keep).street == ""


def let_go(two: Two, external_id: str) -> bool:
    with two.database.session() as session:
        account = session.get_one(Account, two.keep)
        return alias_store.let_go(session, account, "crm", external_id)


def refs(two: Two) -> list[tuple[Any, ...]]:
    return two.all(ExternalRef, ExternalRef.external_id, ExternalRef.is_alias)


def test_an_alias_is_forgotten_alone(merged: Two) -> None:
    assert let_go(merged, "B")
    assert refs(merged) == [("A", False)]
    assert not let_go(merged, "A")
    assert refs(merged) == [("A", False)]


def test_where_the_own_id_goes_the_alias_becomes_it(merged: Two) -> None:
    """The CRM has merged the two the other way round."""
    assert let_go(merged, "A")
    assert refs(merged) == [("B", False)]
    assert upserted(merged, said(merged, "B", name="Weber")).effects == (
        account_upsert.Effect.UPDATED,
    )
    assert merged.account(merged.keep).name == "Weber"
