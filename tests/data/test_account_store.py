from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.account import NEVER_ORDERED, NEVER_VISITED, NO_OWNER, STATUSES, OpeningWindow, Status
from data import account_store
from data.account_store import months_before
from data.errors import NotFoundError
from data.tables import Channel, Contact, ExternalRef, VisitStatus
from geo import BoundingBox
from tests.data.builders import (
    NOW,
    OFFICE_HOURS,
    TODAY,
    add_account,
    add_order,
    add_other_dataset,
    add_ownership,
    add_rep,
    add_visit,
)


def day_number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def load(database, dataset_id, today=TODAY):
    with database.session() as session:
        return account_store.load_table(session, dataset_id, today)


class TestLoadTable:
    def test_a_data_set_without_accounts_gives_an_empty_table(self, database, dataset_id) -> None:
        assert len(load(database, dataset_id)) == 0

    def test_an_unknown_data_set_is_refused(self, database) -> None:
        with pytest.raises(NotFoundError, match="999"):
            load(database, 999)

    def test_every_fact_of_an_account_is_in_its_row(self, database, dataset_id) -> None:
        evening = (OpeningWindow(1, 64_800, 72_000),)
        with database.session() as session:
            first = add_account(session, dataset_id, opening_hours=())
            second = add_account(
                session,
                dataset_id,
                name="Abendbrot KG",
                status=Status.PROSPECT,
                segment=4,
                potential_cents=123_456,
                lon=11.5,
                lat=48.1,
                postcode="80331",
                town="München",
                opening_hours=evening,
                service_duration_s=1_500,
                visit_interval_days=42.5,
            )
        table = load(database, dataset_id)
        assert table.account_id.tolist() == [first.id, second.id]
        assert (table.name[1], table.postcode[1], table.town[1]) == (
            "Abendbrot KG",
            "80331",
            "München",
        )
        assert (table.lon[1], table.lat[1]) == (11.5, 48.1)
        assert STATUSES[table.status[1]] is Status.PROSPECT
        assert table.segment[1] == 4
        assert table.potential_eur[1] == 1234.56
        assert table.service_duration_s[1] == 1_500
        assert table.visit_interval_days[1] == 42.5
        assert table.opening_patterns[table.opening_hours[1]] == evening
        assert table.opening_patterns[table.opening_hours[0]] == ()

    def test_accounts_that_share_opening_hours_share_a_pattern(self, database, dataset_id) -> None:
        with database.session() as session:
            for hours in (OFFICE_HOURS, (), OFFICE_HOURS):
                add_account(session, dataset_id, opening_hours=hours)
        table = load(database, dataset_id)
        assert set(table.opening_patterns) == {(), OFFICE_HOURS}
        assert table.opening_hours[0] == table.opening_hours[2] != table.opening_hours[1]

    def test_an_account_without_a_position_has_none(self, database, dataset_id) -> None:
        with database.session() as session:
            add_account(session, dataset_id, lon=None, lat=None)
        table = load(database, dataset_id)
        assert np.isnan([table.lon[0], table.lat[0]]).all()

    def test_orders_count_from_the_day_after_the_history_begins_to_today(
        self, database, dataset_id
    ) -> None:
        with database.session() as session:
            account = add_account(session, dataset_id)
            for day, cents in (
                (date(2024, 11, 16), 1),  # one day too early
                (date(2024, 11, 17), 200),
                (date(2026, 11, 16), 3_000),
                (date(2026, 11, 17), 40_000),  # tomorrow
            ):
                add_order(session, account.id, day, amount_cents=cents)
        table = load(database, dataset_id)
        assert table.order_count.tolist() == [2]
        assert table.revenue_eur.tolist() == [32.0]
        assert table.history_months == 24

    def test_the_last_year_first_and_last_order_and_the_margin_are_counted(
        self, database, dataset_id
    ) -> None:
        with database.session() as session:
            account = add_account(session, dataset_id)
            for day, cents, margin in (
                (date(2025, 3, 1), 50_000, None),
                (date(2025, 11, 16), 1_000, 500),  # a day too early for the last year
                (date(2025, 11, 17), 2_000, 400),
                (date(2026, 6, 1), 3_000, 900),
            ):
                add_order(session, account.id, day, amount_cents=cents, margin_cents=margin)
            add_order(session, account.id, TODAY, currency="CHF")
            nothing = add_account(session, dataset_id)
            abroad = add_account(session, dataset_id)
            add_order(session, abroad.id, TODAY, currency="CHF")
        table = load(database, dataset_id)
        assert table.account_id.tolist() == [account.id, nothing.id, abroad.id]
        assert table.recent_revenue_eur.tolist() == [50.0, 0.0, 0.0]
        assert table.first_order_day.tolist() == [
            day_number(date(2025, 3, 1)),
            NEVER_ORDERED,
            NEVER_ORDERED,
        ]
        assert table.last_order_day[0] == day_number(date(2026, 6, 1))
        assert table.margin_share[0] == 1_800 / 6_000
        assert np.isnan(table.margin_share[1:]).all()
        assert table.foreign_order_count.tolist() == [1, 0, 1]

    def test_months_are_counted_by_how_many_visits_they_had(self, database, dataset_id) -> None:
        with database.session() as session:
            account = add_account(session, dataset_id)
            for moment, changes in (
                (datetime(2026, 11, 10, 9, tzinfo=UTC), {}),
                (datetime(2026, 11, 12, 9, tzinfo=UTC), {"channel": Channel.DEMO}),
                (datetime(2026, 11, 13, 9, tzinfo=UTC), {"channel": Channel.PHONE}),
                (datetime(2026, 8, 3, 9, tzinfo=UTC), {}),
                (datetime(2026, 7, 1, 9, tzinfo=UTC), {"status": VisitStatus.MISSED}),
                (datetime(2024, 11, 18, 9, tzinfo=UTC), {}),
                (datetime(2024, 3, 1, 9, tzinfo=UTC), {}),  # before the history
            ):
                add_visit(session, account.id, moment, **changes)
            add_account(session, dataset_id)
        table = load(database, dataset_id)
        assert table.visit_months[0].tolist() == [21, 2, 1, 0, 0, 0, 0, 0, 0]
        assert table.visit_months[1].tolist() == [24, 0, 0, 0, 0, 0, 0, 0, 0]
        assert table.first_visit_day.tolist() == [day_number(date(2024, 11, 18)), NEVER_VISITED]
        assert table.last_visit_day[0] == day_number(date(2026, 11, 13))

    def test_more_visits_a_month_than_are_told_apart_count_as_the_most(
        self, database, dataset_id
    ) -> None:
        with database.session() as session:
            account = add_account(session, dataset_id)
            for hour in range(12):
                add_visit(session, account.id, datetime(2026, 11, 10, hour, tzinfo=UTC))
        months = load(database, dataset_id).visit_months[0]
        assert months.tolist() == [23, 0, 0, 0, 0, 0, 0, 0, 1]

    def test_people_at_an_account_are_counted(self, database, dataset_id) -> None:
        with database.session() as session:
            account = add_account(session, dataset_id)
            add_account(session, dataset_id)
            session.add(Contact(account_id=account.id, position=0, name="Ada"))
            session.add(Contact(account_id=account.id, position=1, name="Ben"))
        assert load(database, dataset_id).contact_count.tolist() == [2, 0]

    def test_a_credit_note_lowers_revenue_and_another_currency_is_not_added(
        self, database, dataset_id
    ) -> None:
        with database.session() as session:
            account = add_account(session, dataset_id)
            add_order(session, account.id, TODAY, amount_cents=10_000)
            add_order(session, account.id, TODAY, amount_cents=-2_500)
            add_order(session, account.id, TODAY, amount_cents=99_900, currency="CHF")
        table = load(database, dataset_id)
        assert table.revenue_eur.tolist() == [75.0]
        # The credit note is no order either.
        assert table.order_count.tolist() == [1]

    def test_only_the_last_visit_that_was_done_counts(self, database, dataset_id) -> None:
        with database.session() as session:
            visited, planned, never = (add_account(session, dataset_id) for _ in range(3))
            add_visit(session, visited.id, datetime(2026, 3, 2, 9, tzinfo=UTC))
            add_visit(session, visited.id, datetime(2026, 5, 4, 9, tzinfo=UTC))
            for status in (VisitStatus.MISSED, VisitStatus.CANCELLED, VisitStatus.COMMITTED):
                add_visit(session, visited.id, datetime(2026, 6, 1, 9, tzinfo=UTC), status=status)
            add_visit(
                session,
                planned.id,
                datetime(2026, 11, 10, 9, tzinfo=UTC),
                status=VisitStatus.PLANNED,
            )
        table = load(database, dataset_id)
        assert table.last_visit_day.tolist() == [
            day_number(date(2026, 5, 4)),
            NEVER_VISITED,
            NEVER_VISITED,
        ]
        assert never.id == table.account_id[2]

    def test_a_visit_counts_on_the_local_date_of_its_account(self, database, dataset_id) -> None:
        with database.session() as session:
            berlin = add_account(session, dataset_id)
            auckland = add_account(session, dataset_id, timezone="Pacific/Auckland")
            for account in (berlin, auckland):
                add_visit(session, account.id, datetime(2026, 7, 1, 20, tzinfo=UTC))
        table = load(database, dataset_id)
        assert table.last_visit_day.tolist() == [
            day_number(date(2026, 7, 1)),
            day_number(date(2026, 7, 2)),
        ]

    def test_each_account_has_the_zone_of_its_place(self, database, dataset_id) -> None:
        zones = ("Europe/Berlin", "Pacific/Auckland", "Europe/Berlin")
        with database.session() as session:
            for zone in zones:
                add_account(session, dataset_id, timezone=zone)
        table = load(database, dataset_id)
        assert tuple(table.timezones[k] for k in table.timezone) == zones
        assert len(table.timezones) == 2

    def test_a_table_of_an_earlier_day_does_not_know_later_visits(
        self, database, dataset_id
    ) -> None:
        with database.session() as session:
            account = add_account(session, dataset_id)
            add_visit(session, account.id, datetime(2026, 5, 4, 9, tzinfo=UTC))
            # 00:30 of the 6th in Berlin, still the 5th in UTC.
            add_visit(session, account.id, datetime(2026, 5, 5, 22, 30, tzinfo=UTC))
        on_the_5th = load(database, dataset_id, date(2026, 5, 5))
        on_the_6th = load(database, dataset_id, date(2026, 5, 6))
        assert on_the_5th.last_visit_day.tolist() == [day_number(date(2026, 5, 4))]
        assert on_the_6th.last_visit_day.tolist() == [day_number(date(2026, 5, 6))]

    def test_the_owner_is_the_one_of_that_day(self, database, dataset_id) -> None:
        with database.session() as session:
            ada, ben = (add_rep(session, dataset_id, name=name) for name in ("Ada", "Ben"))
            account, orphan, later = (add_account(session, dataset_id) for _ in range(3))
            add_ownership(
                session,
                account.id,
                ada.id,
                from_date=date(2025, 1, 1),
                until_date=date(2026, 6, 1),
            )
            add_ownership(session, account.id, ben.id, from_date=date(2026, 6, 1))
            add_ownership(session, later.id, ben.id, from_date=TODAY + timedelta(days=1))
        owner = load(database, dataset_id).owner_rep_id
        assert owner.tolist() == [ben.id, NO_OWNER, NO_OWNER]
        day_before = load(database, dataset_id, date(2026, 5, 31)).owner_rep_id
        assert day_before.tolist() == [ada.id, NO_OWNER, NO_OWNER]
        assert orphan.id != account.id

    def test_of_two_owners_at_once_the_later_one_counts(self, database, dataset_id) -> None:
        with database.session() as session:
            ada, ben = (add_rep(session, dataset_id, name=name) for name in ("Ada", "Ben"))
            account = add_account(session, dataset_id)
            add_ownership(session, account.id, ben.id, from_date=date(2026, 6, 1))
            add_ownership(
                session,
                account.id,
                ada.id,
                from_date=date(2025, 1, 1),
                until_date=date(2027, 1, 1),
            )
            card = account_store.get(session, dataset_id, account.id, TODAY)
        assert load(database, dataset_id).owner_rep_id.tolist() == [ben.id]
        assert card.owner.id == ben.id

    def test_accounts_of_another_data_set_are_never_among_them(self, database, dataset_id) -> None:
        with database.session() as session:
            mine = add_account(session, dataset_id)
            other_id = add_other_dataset(session)
            theirs = add_account(session, other_id)
            rep = add_rep(session, other_id)
            add_order(session, theirs.id, TODAY)
            add_visit(session, theirs.id, NOW - timedelta(days=3))
            add_ownership(session, theirs.id, rep.id)
        table = load(database, dataset_id)
        assert table.account_id.tolist() == [mine.id]
        assert table.order_count.tolist() == [0]
        assert load(database, other_id).account_id.tolist() == [theirs.id]


class TestPage:
    def test_pages_give_each_account_once_in_order(self, database, dataset_id) -> None:
        with database.session() as session:
            ids = [add_account(session, dataset_id).id for _ in range(5)]
            add_account(session, add_other_dataset(session))
        found, cursor, pages = [], None, 0
        while pages == 0 or cursor is not None:
            with database.session() as session:
                page = account_store.page(session, dataset_id, cursor=cursor, limit=2)
            found += [account.id for account in page.accounts]
            cursor, pages = page.next_cursor, pages + 1
        assert found == ids
        assert pages == 3

    def test_a_full_last_page_has_no_cursor(self, database, dataset_id) -> None:
        with database.session() as session:
            for _ in range(2):
                add_account(session, dataset_id)
            assert account_store.page(session, dataset_id, limit=2).next_cursor is None

    def test_a_box_keeps_accounts_on_its_edge_and_drops_those_outside(
        self, database, dataset_id
    ) -> None:
        with database.session() as session:
            corner = add_account(session, dataset_id, lon=9.0, lat=51.0)
            inside = add_account(session, dataset_id, lon=9.5, lat=51.5)
            add_account(session, dataset_id, lon=8.999, lat=51.5)
            add_account(session, dataset_id, lon=9.5, lat=52.001)
            add_account(session, dataset_id, lon=None, lat=None)
            box = BoundingBox(west=9.0, south=51.0, east=10.0, north=52.0)
            page = account_store.page(session, dataset_id, box)
        assert [account.id for account in page.accounts] == [corner.id, inside.id]

    def test_accounts_without_a_position_are_on_pages_without_a_box(
        self, database, dataset_id
    ) -> None:
        with database.session() as session:
            add_account(session, dataset_id, lon=None, lat=None)
            assert len(account_store.page(session, dataset_id).accounts) == 1


class TestCard:
    def test_a_card_shows_owner_and_the_last_orders_and_visits(self, database, dataset_id) -> None:
        with database.session() as session:
            rep, account = add_rep(session, dataset_id), add_account(session, dataset_id)
            add_ownership(session, account.id, rep.id)
            session.add(
                ExternalRef(
                    dataset_id=dataset_id, account_id=account.id, system="crm", external_id="A1"
                )
            )
            for k in range(12):
                add_order(session, account.id, TODAY - timedelta(days=k), amount_cents=k)
                add_visit(session, account.id, NOW - timedelta(days=k), channel=Channel.PHONE)
            neighbour = add_account(session, dataset_id)
            add_order(session, neighbour.id, TODAY)
        with database.session() as session:
            card = account_store.get(session, dataset_id, account.id, TODAY)
        assert card.account.name == "Muster GmbH"
        assert card.owner.id == rep.id
        assert [ref.external_id for ref in card.external_refs] == ["A1"]
        assert [order.amount_cents for order in card.orders] == list(range(10))
        assert [visit.start_at for visit in card.visits] == [
            NOW - timedelta(days=k) for k in range(10)
        ]

    def test_a_card_of_an_account_without_history_is_empty(self, database, dataset_id) -> None:
        with database.session() as session:
            account = add_account(session, dataset_id)
            card = account_store.get(session, dataset_id, account.id, TODAY)
        assert (card.owner, card.external_refs, card.orders, card.visits) == (None, (), (), ())

    def test_an_account_of_another_data_set_is_not_found(self, database, dataset_id) -> None:
        with database.session() as session:
            theirs = add_account(session, add_other_dataset(session))
            with pytest.raises(NotFoundError):
                account_store.get(session, dataset_id, theirs.id, TODAY)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 16), 24, date(2024, 11, 16)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
    ],
)
def test_months_are_counted_back_by_the_calendar(day, months, expected) -> None:
    assert months_before(day, months) == expected


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 240))
def test_counting_months_back_never_leaves_the_month_aimed_at(day, months) -> None:
    earlier = months_before(day, months)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day == day.day or (earlier + timedelta(days=1)).day == 1
