"""Where accounts are, set by hand and looked for again."""

from dataclasses import dataclass

from accounts import LocationLevel
from api.schemas.location import AccountLocation
from api.schemas.pin import LocationChange
from api.services.account_edits import found
from api.services.errors import ChangedMeanwhileError, Fault, RefusedRequestError
from api.services.locating import locate
from api.services.locations import locations_of
from api.services.preconditions import NO_PRECONDITIONS, Preconditions
from api.state import AppState, Ground
from data import location_store
from data.geocoding.located import Located
from data.location_store import address_of
from data.tables import Account, LocationSource
from geo import Location

LOOKED_FOR = (None, LocationSource.GEOCODER, LocationSource.HAND)
"""Whose word is forgotten when an address is looked for again: not that of the CRM."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """Where an account is now, and its version."""

    location: AccountLocation
    version: int


def set_location(
    state: AppState,
    account_id: str,
    change: LocationChange,
    preconditions: Preconditions = NO_PRECONDITIONS,
) -> Pinned:
    """
    Put an account where somebody says it is. No import and no geocoder moves it again.

    An alternative is as exact as it was when the geocoder named it: choosing the right one of two
    towns does not tell where in the town it is.

    Raises
    ------
    NotStoredError
        When there is no such account.
    RefusedRequestError
        When it has no such alternative.
    PreconditionFailedError
        When it is not the version that was meant.
    ChangedMeanwhileError
        When somebody else changes it at the same moment.
    """
    ground = state.ground()
    account = _account(state, ground, account_id, preconditions)
    if change.position is not None:
        located = Located(Location(*change.position), LocationLevel.POSITION, 1.0)
    else:
        assert change.alternative is not None  # checked by the schema
        located = _chosen(account, change.alternative)
    return _written(state, ground, account, located, LocationSource.HAND)


def forget_location(
    state: AppState, account_id: str, preconditions: Preconditions = NO_PRECONDITIONS
) -> Pinned:
    """
    Forget where somebody put an account, and look for its address on the map again.

    What another system gave as its position stays.

    Raises
    ------
    NotStoredError
        When there is no such account.
    PreconditionFailedError
        When it is not the version that was meant.
    ChangedMeanwhileError
        When somebody else changes it at the same moment.
    """
    ground = state.ground()
    account = _account(state, ground, account_id, preconditions)
    if account.location_source not in LOOKED_FOR:
        return _pinned(ground, account)
    located = locate(ground.world, ground.dataset.country, {account.id: address_of(account)})
    return _written(state, ground, account, located[account.id], LocationSource.GEOCODER)


def _chosen(account: Account, index: int) -> Located:
    alternatives = account.location_alternatives or []
    if index >= len(alternatives):
        has = f"it has {len(alternatives)}, counted from 0" if alternatives else "it has none"
        detail = f"There is no alternative {index} to the position of account {account.id}: {has}."
        raise RefusedRequestError([Fault("/alternative", "OUT_OF_RANGE", detail)])
    one = alternatives[index]
    return Located(
        Location(one["lon"], one["lat"]),
        LocationLevel(one["level"]),
        1.0,
        one["label"],
        account.location_origin,
    )


def _account(
    state: AppState, ground: Ground, account_id: str, preconditions: Preconditions
) -> Account:
    account = _read(state, ground, account_id)
    preconditions.check(account.version, f"account {account.id}")
    return account


def _read(state: AppState, ground: Ground, account_id: str) -> Account:
    with state.database.session() as session:
        return found(session, ground.dataset.id, account_id)


def _written(
    state: AppState, ground: Ground, account: Account, located: Located, source: LocationSource
) -> Pinned:
    with state.database.session() as session:
        is_written = location_store.locate(
            session, ground.dataset, account, located, source, state.clock()
        )
    if not is_written:
        raise ChangedMeanwhileError(
            f"Account {account.id} was changed by somebody else at the same moment. Read it again."
        )
    return _pinned(ground, _read(state, ground, str(account.id)))


def _pinned(ground: Ground, account: Account) -> Pinned:
    (location,) = locations_of(ground, [account], by_road=True)
    return Pinned(location, account.version)
