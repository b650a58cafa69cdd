"""One account as a card."""

from datetime import UTC

from accounts import NEVER_VISITED, OpeningHours
from accounts.days import date_of_day
from api.schemas.account import (
    AccountCard,
    AddressAnswer,
    ContactAnswer,
    ExternalRefAnswer,
    OpeningAnswer,
    PastOrder,
    PastVisit,
)
from api.services.accounts import interval_answer, item_facts, served_facts, stored_row
from api.services.errors import NotStoredError
from api.services.locations import location_of
from api.services.next_steps import open_steps
from api.state import AppState
from data import account_store
from data.errors import NotFoundError
from data.tables import Account, Contact


def account_card(state: AppState, account_id: str) -> AccountCard:
    """
    Raises
    ------
    NotStoredError
        When there is no such account.
    """
    snapshot = state.snapshot()
    row = stored_row(snapshot, account_id)
    table, scores = snapshot.table, snapshot.scores(snapshot.today_day)
    try:
        with state.database.session() as session:
            card = account_store.get(
                session, snapshot.dataset.id, int(table.account_id[row]), snapshot.today
            )
    except NotFoundError as error:
        raise NotStoredError(str(error)) from None
    last_day = int(table.last_visit_day[row])
    rules = snapshot.rules(snapshot.today_day)
    return AccountCard(
        **item_facts(snapshot, scores, row),
        version=card.account.version,
        timezone=card.account.timezone,
        address=address_answer(card.account),
        location=location_of(snapshot, row, card.account),
        contacts=tuple(map(contact_answer, card.contacts)),
        notes=card.account.notes or None,
        external_refs=tuple(
            ExternalRefAnswer(system=ref.system, external_id=ref.external_id)
            for ref in card.external_refs
        ),
        **served_facts(snapshot, row, snapshot.today_day),
        interval_stretch=round(float(rules.interval_stretch[row]), 4),
        must_visit=bool(rules.is_must_visit[row]),
        revenue=round(float(table.revenue_eur[row]), 2),
        order_count=int(table.order_count[row]),
        history_months=table.history_months,
        visit_interval_days=interval_answer(float(table.visit_interval_days[row])),
        service_duration_s=int(table.service_duration_s[row]),
        last_visit=None if last_day == NEVER_VISITED else date_of_day(last_day),
        due_factor=round(float(scores.due_factor[row]), 3),
        opening_hours=opening_answer(table.opening_patterns[table.opening_hours[row]]),
        next_steps=open_steps(card.visits, card.account.timezone, snapshot.today),
        visits=tuple(
            PastVisit(
                visit_id=str(visit.id),
                start=visit.start_at.astimezone(UTC),
                status=visit.status.value,
                channel=visit.channel.value,
                duration_s=visit.duration_s,
                outcome=visit.outcome,
                next_step=visit.next_step,
                next_step_on=visit.next_step_on,
            )
            for visit in card.visits
        ),
        orders=tuple(
            PastOrder(
                date=order.order_date, amount=order.amount_cents / 100, currency=order.currency
            )
            for order in card.orders
        ),
    )


def address_answer(account: Account, home_country: str = "") -> AddressAnswer:
    """As it was given; `home_country` is told where no country was."""
    return AddressAnswer(
        street=account.street or None,
        postcode=account.postcode or None,
        town=account.town or None,
        country=account.country or home_country or None,
    )


def contact_answer(contact: Contact) -> ContactAnswer:
    return ContactAnswer(
        name=contact.name or None,
        role=contact.role or None,
        email=contact.email or None,
        phone=contact.phone or None,
    )


def opening_answer(hours: OpeningHours) -> tuple[OpeningAnswer, ...]:
    return tuple(
        OpeningAnswer(
            weekday=window.weekday, opens=_clock(window.opens_s), closes=_clock(window.closes_s)
        )
        for window in hours
    )


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
