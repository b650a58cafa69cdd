"""Accounts as a CRM knows them, brought into ours."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from accounts import (
    NO_VISITS_DAYS,
    AccountRecord,
    Address,
    ContactRecord,
    LocationLevel,
    Segment,
    Status,
)
from accounts.engagement import Channel as ServedBy
from data import account_store, dataset_store, policy_store, programme_store
from data.account_upsert import Effect, Upserted, upsert, who_moves
from data.database import Database
from data.geocoding.address import Candidate
from data.geocoding.located import Located
from data.geocoding.places import Level
from data.tables import (
    Account,
    Contact,
    LocationSource,
    Ownership,
    OwnershipSource,
    PolicySubject,
    RepRef,
)
from geo import Location
from tests.data.builders import NOW, TODAY, add_rep

KASSEL = AccountRecord(
    "crm", "1", "Muster GmbH", street="Königsplatz 1", postcode="34117", town="Kassel"
)
FOUND = Located(
    Location(9.4967, 51.3155),
    LocationLevel.ADDRESS,
    0.97,
    "Königsplatz 1, 34117 Kassel",
    "© OpenStreetMap contributors",
    (Candidate(Level.STREET, 0.6, Location(9.5, 51.3), "Königsplatz, Baunatal"),),
)


class World:
    """Upserts one after the other, each in a transaction of its own."""

    def __init__(self, database: Database, dataset_id: int) -> None:
        self.database, self.dataset_id = database, dataset_id

    def upsert(
        self,
        *records: AccountRecord,
        located: Mapping[int, Located] | None = None,
        now: datetime = NOW,
        today: date = TODAY,
    ) -> Upserted:
        with self.database.session() as session:
            dataset = dataset_store.get(session, self.dataset_id)
            return upsert(session, dataset, records, located or {}, now, today)

    def who_moves(self, *records: AccountRecord) -> dict[int, Address]:
        with self.database.session() as session:
            return who_moves(session, self.dataset_id, records)

    def account(self, account_id: int) -> Account:
        with self.database.session() as session:
            found = session.get(Account, account_id)
            assert found is not None
            return found

    def set(self, account_id: int, **values: Any) -> None:
        with self.database.session() as session:
            session.execute(update(Account).where(Account.id == account_id).values(**values))

    def add_rep(self, external_id: str, **facts: Any) -> int:
        with self.database.session() as session:
            rep = add_rep(session, self.dataset_id, **facts)
            session.add(
                RepRef(
                    dataset_id=self.dataset_id,
                    rep_id=rep.id,
                    system="crm",
                    external_id=external_id,
                )
            )
            return rep.id

    def owners(self, account_id: int) -> list[tuple[int, date, date | None]]:
        with self.database.session() as session:
            rows = session.scalars(
                select(Ownership)
                .where(Ownership.account_id == account_id)
                .order_by(Ownership.from_date)
            )
            return [(row.rep_id, row.from_date, row.until_date) for row in rows]


@pytest.fixture
def world(database: Database, dataset_id: int) -> World:
    return World(database, dataset_id)


def test_what_somebody_says_of_interval_and_duration_is_known_as_their_own(world: World) -> None:
    said = replace(KASSEL, segment="100k_1m", visit_interval_days=42.0)
    account = world.account(world.upsert(said).account_ids[0])
    assert (account.has_own_interval, account.has_own_duration) == (True, False)
    again = world.upsert(AccountRecord("crm", "1", service_duration_s=600))
    account = world.account(again.account_ids[0])
    assert (account.has_own_interval, account.has_own_duration) == (True, True)
    assert world.upsert(said).effects == (Effect.UNCHANGED,)


def test_segments_are_those_of_the_programme_that_counts(world: World) -> None:
    ours = (
        Segment("small", 0.0, ServedBy.FIELD, None, 1200),
        Segment("large", 50_000.0, ServedBy.FIELD, 30, 1800),
    )
    with world.database.session() as session:
        body = programme_store.to_body(ours)
        policy_store.add(session, world.dataset_id, PolicySubject.PROGRAMME, body, "Two", NOW)
    done = world.upsert(
        replace(KASSEL, segment="large"),
        replace(KASSEL, external_id="2"),
        # Gone since the file was read: nothing is said of the segment then.
        replace(KASSEL, external_id="3", segment="10k_100k"),
    )
    large, small, unsaid = (world.account(one) for one in done.account_ids)
    assert (large.segment, large.visit_interval_days) == (1, 30)
    assert (small.segment, small.service_duration_s) == (0, 1200)
    assert small.visit_interval_days == NO_VISITS_DAYS
    assert unsaid.segment == 0


def test_a_new_account_starts_with_what_its_segment_starts_with(world: World) -> None:
    done = world.upsert(replace(KASSEL, segment="100k_1m"), located={0: FOUND})
    account = world.account(done.account_ids[0])
    assert done.effects == (Effect.CREATED,)
    assert (account.status, account.visit_interval_days) == (Status.PROSPECT, 42)
    assert account.service_duration_s == 45 * 60
    assert (account.has_own_interval, account.has_own_duration) == (False, False)
    assert (account.lon, account.lat) == (9.4967, 51.3155)
    assert account.location_source is LocationSource.GEOCODER
    assert account.location_level is LocationLevel.ADDRESS
    assert account.location_label == "Königsplatz 1, 34117 Kassel"
    assert account.location_alternatives is not None
    assert account.location_alternatives[0]["level"] == "street"
    assert account.timezone == "Europe/Berlin"


def test_the_same_again_changes_nothing(world: World, database: Database) -> None:
    record = replace(KASSEL, contacts=(ContactRecord("Ada", "Buyer"),), owner="u1", notes="Hi")
    world.add_rep("u1")
    first = world.upsert(record, located={0: FOUND})
    with database.session() as session:
        version = dataset_store.data_version(session, world.dataset_id)
    second = world.upsert(record, now=NOW + timedelta(days=1))
    assert second.account_ids == first.account_ids
    assert second.effects == (Effect.UNCHANGED,)
    account = world.account(first.account_ids[0])
    assert (account.updated_at, account.version) == (NOW, 1)
    with database.session() as session:
        assert dataset_store.data_version(session, world.dataset_id) == version


def test_what_is_not_said_stays_and_what_is_said_to_be_empty_goes(world: World) -> None:
    (account_id,) = world.upsert(replace(KASSEL, notes="Ring twice")).account_ids
    world.upsert(AccountRecord("crm", "1", potential_cents=500))
    account = world.account(account_id)
    assert (account.name, account.notes, account.potential_cents) == (
        "Muster GmbH",
        "Ring twice",
        500,
    )
    world.upsert(AccountRecord("crm", "1", notes=""))
    assert world.account(account_id).notes == ""
    assert world.account(account_id).version == 3


def test_only_addresses_that_are_new_or_unknown_are_looked_for(world: World) -> None:
    address = Address("Königsplatz 1", "34117", "Kassel")
    assert world.who_moves(KASSEL, AccountRecord("crm", "2", "No address")) == {0: address}
    world.upsert(KASSEL)
    assert world.who_moves(KASSEL) == {0: address}  # it was not found
    world.upsert(KASSEL, located={0: FOUND})
    assert world.who_moves(KASSEL) == {}
    assert world.who_moves(AccountRecord("crm", "1", notes="x")) == {}
    assert world.who_moves(replace(KASSEL, location=Location(9.4, 51.3))) == {}


def test_an_address_of_which_a_part_changes_is_looked_for_as_a_whole(world: World) -> None:
    world.upsert(KASSEL, located={0: FOUND})
    change = AccountRecord("crm", "1", street="Königsplatz 2")
    assert world.who_moves(change) == {0: Address("Königsplatz 2", "34117", "Kassel")}


def test_a_pin_set_by_hand_stays_whatever_is_imported(world: World) -> None:
    (account_id,) = world.upsert(KASSEL, located={0: FOUND}).account_ids
    by_hand = {
        "lon": 9.0,
        "lat": 51.0,
        "location_source": LocationSource.HAND,
        "location_level": LocationLevel.POSITION,
    }
    world.set(account_id, **by_hand)
    moved = replace(KASSEL, street="Königsplatz 2")
    assert world.who_moves(moved) == {}
    world.upsert(moved, located={0: FOUND})  # looked for before somebody moved the pin
    world.upsert(replace(moved, location=Location(8.0, 50.0)))
    account = world.account(account_id)
    assert (account.lon, account.lat) == (9.0, 51.0)
    assert account.location_source is LocationSource.HAND
    assert account.street == "Königsplatz 2"


def test_a_position_that_is_less_exact_replaces_no_geocoded_one_of_the_same_address(
    world: World,
) -> None:
    (account_id,) = world.upsert(KASSEL, located={0: FOUND}).account_ids
    of_town = {"location": Location(9.48, 51.31), "location_level": LocationLevel.PLACE}
    assert world.upsert(replace(KASSEL, **of_town)).effects == (Effect.UNCHANGED,)
    assert world.account(account_id).lon == FOUND.location.lon  # type: ignore[union-attr]
    moved = replace(KASSEL, street="Königsplatz 2", **of_town)
    assert world.upsert(moved).effects == (Effect.UPDATED,)
    assert world.account(account_id).lon == 9.48
    exact = replace(moved, location=Location(9.4, 51.2), location_level=None)
    world.upsert(exact)
    assert world.account(account_id).lon == 9.4


def test_an_address_that_is_not_found_any_more_leaves_no_position(world: World) -> None:
    (account_id,) = world.upsert(KASSEL, located={0: FOUND}).account_ids
    world.upsert(replace(KASSEL, town="Atlantis"), located={0: Located()})
    account = world.account(account_id)
    assert (account.lon, account.location_level, account.location_source) == (None, None, None)
    assert account.location_label == ""


def test_the_owner_of_the_crm_is_dated(world: World) -> None:
    ada, ben = world.add_rep("ada"), world.add_rep("ben", name="Ben")
    (account_id,) = world.upsert(replace(KASSEL, owner="ada")).account_ids
    later = TODAY + timedelta(days=30)
    done = world.upsert(replace(KASSEL, owner="ben"), today=later)
    assert done.effects == (Effect.UPDATED,)
    assert world.owners(account_id) == [(ada, TODAY, later), (ben, later, None)]
    world.upsert(replace(KASSEL, owner="ada"), today=later)
    assert world.owners(account_id) == [(ada, TODAY, later), (ada, later, None)]
    world.upsert(replace(KASSEL, owner=""), today=later + timedelta(days=1))
    assert world.owners(account_id)[-1] == (ada, later, later + timedelta(days=1))


def test_a_published_plan_beats_the_owner_of_the_crm(world: World, database: Database) -> None:
    ada = world.add_rep("ada")
    world.add_rep("ben", name="Ben")
    (account_id,) = world.upsert(replace(KASSEL, owner="ada")).account_ids
    with database.session() as session:
        session.execute(update(Ownership).values(source=OwnershipSource.PLAN))
    done = world.upsert(replace(KASSEL, owner="ben"), today=TODAY + timedelta(days=9))
    assert done.kept_owners == (account_id,)
    assert world.owners(account_id) == [(ada, TODAY, None)]
    assert world.account(account_id).crm_owner == "ben"


def test_an_owner_set_here_stays_until_the_crm_says_something_new(
    world: World, database: Database
) -> None:
    ada, ben = world.add_rep("ada"), world.add_rep("ben", name="Ben")
    (account_id,) = world.upsert(replace(KASSEL, owner="ada")).account_ids
    with database.session() as session:
        session.execute(update(Ownership).values(rep_id=ben, source=OwnershipSource.HAND))
    world.upsert(replace(KASSEL, owner="ada"), today=TODAY + timedelta(days=1))
    assert world.owners(account_id) == [(ben, TODAY, None)]
    world.upsert(replace(KASSEL, owner=""), today=TODAY + timedelta(days=2))
    world.upsert(replace(KASSEL, owner="ada"), today=TODAY + timedelta(days=3))
    assert world.owners(account_id)[-1] == (ada, TODAY + timedelta(days=3), None)


def test_an_owner_that_nobody_knows_is_told_and_kept_for_later(world: World) -> None:
    done = world.upsert(replace(KASSEL, owner="eve"), replace(KASSEL, external_id="2", owner="eve"))
    assert done.unknown_owners == {"eve": 2}
    assert world.account(done.account_ids[0]).crm_owner == "eve"


def test_contacts_are_replaced_as_a_whole(world: World, database: Database) -> None:
    people = (ContactRecord("Ada", email="ada@example.com"), ContactRecord("Ben"))
    world.upsert(replace(KASSEL, contacts=people))
    done = world.upsert(replace(KASSEL, contacts=people[::-1]))
    assert done.effects == (Effect.UPDATED,)
    with database.session() as session:
        rows = session.scalars(select(Contact).order_by(Contact.position)).all()
        assert [row.name for row in rows] == ["Ben", "Ada"]


def test_a_deleted_account_is_hidden_and_comes_back_with_its_history(
    world: World, database: Database
) -> None:
    (account_id,) = world.upsert(KASSEL, located={0: FOUND}).account_ids
    world.set(account_id, deleted_at=NOW)
    with database.session() as session:
        assert len(account_store.load_table(session, world.dataset_id, TODAY)) == 0
        assert account_store.page(session, world.dataset_id).accounts == ()
    done = world.upsert(KASSEL)
    assert (done.account_ids, done.effects) == ((account_id,), (Effect.UPDATED,))
    with database.session() as session:
        assert len(account_store.load_table(session, world.dataset_id, TODAY)) == 1


def test_one_account_twice_in_one_batch_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="more than once"):
        world.upsert(KASSEL, KASSEL)


def test_the_table_tells_how_well_positions_are_known(world: World, database: Database) -> None:
    street = replace(FOUND, level=LocationLevel.STREET, is_ambiguous=True)
    world.upsert(KASSEL, replace(KASSEL, external_id="2"), located={0: street})
    with database.session() as session:
        table = account_store.load_table(session, world.dataset_id, TODAY)
    assert table.location_level.tolist() == [3, 6]
    assert table.is_location_ambiguous.tolist() == [True, False]
