"""One account as it is changed and deleted by hand."""

from api.schemas.account import AccountCard
from api.schemas.account_record import AccountChanges
from api.services.account_card import account_card
from api.services.accounts import id_of
from api.services.errors import NotStoredError
from api.services.locating import locate
from api.services.preconditions import Preconditions
from api.services.record_reading import record_of
from api.state import AppState
from data import account_removal, record_store
from data.account_upsert import upsert, who_of
from data.database import Session
from data.errors import NotFoundError
from data.tables import Account


def change_account(
    state: AppState, account_id: str, said: AccountChanges, preconditions: Preconditions
) -> AccountCard:
    """
    Write what is said of an account, and look for its address where that is another one.

    Raises
    ------
    NotStoredError
        When there is no such account.
    RefusedRequestError
        When something that is said cannot be used.
    PreconditionFailedError
        When it is not the version that was meant.
    """
    ground = state.ground()
    # By its own id, as if that were what another system calls it.
    record = record_of("", account_id, said, ground.dataset.country, ground.programme)
    with state.database.session() as session:
        account = found(session, ground.dataset.id, account_id)
        addresses = who_of({record.key: account}, [record])
    located = locate(ground.world, ground.dataset.country, addresses)

    def write(session: Session) -> None:
        account = found(session, ground.dataset.id, account_id, to_change=True)
        preconditions.check(account.version, f"account {account_id}")
        known = {record.key: account}
        upsert(session, ground.dataset, [record], located, state.clock(), ground.today, known)

    state.database.write(write)
    return account_card(state, account_id)


def delete_account(state: AppState, account_id: str, preconditions: Preconditions) -> None:
    """
    Hide an account; its history stays.

    Raises
    ------
    NotStoredError
        When there is no such account, or it was deleted before.
    PreconditionFailedError
        When it is not the version that was meant.
    """
    ground = state.ground()

    def write(session: Session) -> None:
        account = found(session, ground.dataset.id, account_id, to_change=True)
        preconditions.check(account.version, f"account {account_id}")
        account_removal.remove(session, account, state.clock(), ground.today)

    state.database.write(write)


def found(
    session: Session, dataset_id: int, account_id: str, *, to_change: bool = False
) -> Account:
    """
    An account by its id on the wire.

    Raises
    ------
    NotStoredError
        When there is none.
    """
    number = id_of(account_id)
    try:
        if number is None:
            raise NotFoundError(f"There is no account {account_id}.")
        return record_store.get(session, dataset_id, number, to_change=to_change)
    except NotFoundError as error:
        raise NotStoredError(str(error)) from None
