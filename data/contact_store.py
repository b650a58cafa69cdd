"""Those who work at accounts, as other systems tell of them."""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.record import ContactRecord
from data.parts import parts
from data.tables import Contact


def contacts_of(
    session: Session, account_ids: Sequence[int]
) -> dict[int, tuple[ContactRecord, ...]]:
    """By account, the main one first; an account without any is missing."""
    found: dict[int, tuple[ContactRecord, ...]] = {}
    names = [field.name for field in fields(ContactRecord)]
    for ids in parts(account_ids):
        statement = (
            select(Contact)
            .where(Contact.account_id.in_(ids))
            .order_by(Contact.account_id, Contact.position)
        )
        for row in session.scalars(statement):
            contact = ContactRecord(*(getattr(row, name) for name in names))
            found[row.account_id] = (*found.get(row.account_id, ()), contact)
    return found


def replace(session: Session, account_id: int, contacts: Sequence[ContactRecord]) -> None:
    """Make these the contacts of an account, instead of those it has."""
    session.execute(delete(Contact).where(Contact.account_id == account_id))
    add(session, account_id, contacts)


def add(session: Session, account_id: int, contacts: Sequence[ContactRecord]) -> None:
    """To an account that has none."""
    session.add_all(
        Contact(
            account_id=account_id,
            position=position,
            name=contact.name,
            role=contact.role,
            email=contact.email,
            phone=contact.phone,
        )
        for position, contact in enumerate(contacts)
    )
