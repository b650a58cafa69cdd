"""One account as another system knows it: read, written, deleted."""

from dataclasses import dataclass

from api.schemas.account_record import AccountFacts, ExternalAccount
from api.services.errors import NotStoredError, RefusedRequestError
from api.services.locating import locate
from api.services.preconditions import Preconditions
from api.services.record_answers import record_facts
from api.services.record_reading import name_missing, record_of
from api.state import AppState, Ground
from data import account_removal, alias_store, record_store
from data.account_upsert import find, upsert, who_moves
from data.database import Session
from data.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class PutAccount:
    """An account that was written, and whether there was none before."""

    account: ExternalAccount
    is_new: bool


def get_account(state: AppState, system: str, external_id: str) -> ExternalAccount:
    """
    Raises
    ------
    NotStoredError
        When the system has no such account here, or it was deleted.
    """
    ground = state.ground()
    with state.database.session() as session:
        return _told(session, ground, system, external_id, by_road=True)


def put_account(
    state: AppState,
    system: str,
    external_id: str,
    facts: AccountFacts,
    preconditions: Preconditions,
) -> PutAccount:
    """
    Write what is said of an account; a deleted one comes back with its history.

    Raises
    ------
    RefusedRequestError
        When something that is said cannot be used, or a new account has no name.
    PreconditionFailedError
        When it is not the version that was meant.
    """
    ground = state.ground()
    dataset = ground.dataset
    record = record_of(system, external_id, facts, dataset.country, ground.programme)
    with state.database.session() as session:
        addresses = who_moves(session, dataset.id, [record])
    located = locate(ground.world, dataset.country, addresses)

    def write(session: Session) -> PutAccount:
        key = (system, external_id)
        known = find(session, dataset.id, [key], to_change=True)
        before = known.get(key)
        is_new = before is None or before.deleted_at is not None
        preconditions.check(
            None if before is None or is_new else before.version, _called(system, external_id)
        )
        if before is None and record.name is None:
            raise RefusedRequestError([name_missing()])
        upsert(session, dataset, [record], located, state.clock(), ground.today, known)
        return PutAccount(_told(session, ground, system, external_id, by_road=False), is_new)

    return state.database.write(write)


def delete_account(
    state: AppState, system: str, external_id: str, preconditions: Preconditions
) -> None:
    """
    Hide an account; its history stays.

    Where two of the system's accounts were merged here, only what it calls this one is forgotten.

    Raises
    ------
    NotStoredError
        When the system has no such account here, or it was deleted before.
    PreconditionFailedError
        When it is not the version that was meant.
    """
    ground = state.ground()

    def write(session: Session) -> None:
        try:
            account = record_store.by_external_id(
                session, ground.dataset.id, system, external_id, to_change=True
            )
        except NotFoundError as error:
            raise NotStoredError(str(error)) from None
        preconditions.check(account.version, _called(system, external_id))
        now = state.clock()
        if alias_store.let_go(session, account, system, external_id):
            account.updated_at = now
            account.version += 1
        else:
            account_removal.remove(session, account, now, ground.today)

    state.database.write(write)


def _told(
    session: Session, ground: Ground, system: str, external_id: str, *, by_road: bool
) -> ExternalAccount:
    try:
        account = record_store.by_external_id(session, ground.dataset.id, system, external_id)
    except NotFoundError as error:
        raise NotStoredError(str(error)) from None
    records = record_store.records_of(session, [account], ground.today)
    (facts,) = record_facts(ground, records, by_road)
    return ExternalAccount(**facts, system=system, external_id=external_id)


def _called(system: str, external_id: str) -> str:
    return f"account {external_id!r} of {system}"
