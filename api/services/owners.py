"""Who owns an account, said by hand."""

from api.schemas.account_record import OwnerAnswer
from api.services.account_edits import found
from api.services.accounts import id_of
from api.services.errors import Fault, RefusedRequestError
from api.services.preconditions import Preconditions
from api.state import AppState
from data import ownership_store, rep_store
from data.database import Session
from data.errors import NotFoundError
from data.tables import OwnershipSource, Rep


def set_owner(
    state: AppState, account_id: str, rep_id: str | None, preconditions: Preconditions
) -> OwnerAnswer:
    """
    Give an account to a rep, or to nobody, from today on.

    Raises
    ------
    NotStoredError
        When there is no such account.
    RefusedRequestError
        When there is no such rep.
    PreconditionFailedError
        When it is not the version that was meant.
    """
    ground = state.ground()

    def write(session: Session) -> OwnerAnswer:
        account = found(session, ground.dataset.id, account_id, to_change=True)
        preconditions.check(account.version, f"account {account_id}")
        rep = None if rep_id is None else _rep(session, ground.dataset.id, rep_id)
        period = ownership_store.open_periods(session, [account.id]).get(account.id)
        if ownership_store.change_owner(
            session,
            account.id,
            None if rep is None else rep.id,
            ground.today,
            OwnershipSource.HAND,
            period,
        ):
            account.version += 1
            account.updated_at = state.clock()
        return OwnerAnswer(
            account_id=str(account.id),
            version=account.version,
            owner_id=None if rep is None else str(rep.id),
            owner=None if rep is None else rep.name,
        )

    return state.database.write(write)


def _rep(session: Session, dataset_id: int, rep_id: str) -> Rep:
    number = id_of(rep_id)
    try:
        if number is None:
            raise NotFoundError(rep_id)
        return rep_store.get(session, dataset_id, number)
    except NotFoundError:
        detail = f"There is no rep {rep_id!r}. GET /api/v1/reps lists them."
        raise RefusedRequestError([Fault("/rep_id", "UNKNOWN_REP", detail)]) from None
