"""Accounts as other systems are told of them."""

from collections.abc import Sequence
from typing import Any

from api.schemas.account import ExternalRefAnswer
from api.schemas.account_record import AccountRecordAnswer
from api.services.account_card import address_answer, contact_answer, opening_answer
from api.services.accounts import interval_answer
from api.services.locations import locations_of
from api.state import Ground
from data.record_store import StoredRecord


def record_answers(
    ground: Ground, records: Sequence[StoredRecord], *, by_road: bool = True
) -> list[AccountRecordAnswer]:
    """What is stored of accounts; `by_road` as for `locations_of`."""
    return [AccountRecordAnswer(**facts) for facts in record_facts(ground, records, by_road)]


def record_facts(
    ground: Ground, records: Sequence[StoredRecord], by_road: bool
) -> list[dict[str, Any]]:
    """The keys of `AccountRecordAnswer`."""
    accounts = [record.account for record in records]
    locations = locations_of(ground, accounts, by_road=by_road)
    return [
        {
            "account_id": str(account.id),
            "version": account.version,
            "external_refs": refs_answer(record),
            "name": account.name,
            "status": account.status.value,
            "segment": ground.programme[account.segment].name,
            "potential": account.potential_cents / 100,
            "address": address_answer(account, ground.dataset.country),
            "location": location,
            "opening_hours": opening_answer(account.opening_hours),
            "service_duration_s": account.service_duration_s,
            "visit_interval_days": interval_answer(account.visit_interval_days),
            "notes": account.notes,
            "owner": account.crm_owner,
            "owner_id": None if record.owner_id is None else str(record.owner_id),
            "contacts": tuple(map(contact_answer, record.contacts)),
            "created_at": account.created_at,
            "updated_at": account.updated_at,
        }
        for account, record, location in zip(accounts, records, locations, strict=True)
    ]


def refs_answer(record: StoredRecord) -> tuple[ExternalRefAnswer, ...]:
    return tuple(
        ExternalRefAnswer(system=ref.system, external_id=ref.external_id)
        for ref in record.external_refs
    )
