"""Accounts that look like one: proposed, and decided by somebody. Never merged unasked."""

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts import LOCATION_LEVELS, LocationLevel
from api.memo import Memo
from api.schemas.account import ExternalRefAnswer
from api.schemas.duplicate import (
    DecisionAnswer,
    DuplicateDecision,
    DuplicateList,
    DuplicatePair,
    DuplicatesQuery,
    LikeAccount,
    MovedCounts,
)
from api.services.account_card import address_answer
from api.services.accounts import position_of, row_of
from api.services.errors import Fault, RefusedRequestError
from api.services.places import unknown_account
from api.state import AppState, Snapshot
from data import account_merge, duplicate_store
from data.duplicate_store import Known
from data.duplicates.finding import LIKENESSES, Pairs, Sites, find_pairs
from data.errors import NotFoundError

Key = tuple[int, int, int]
"""Less the score in thousandths, and the ids of both: what pairs are ordered by."""

EXACT = LOCATION_LEVELS.index(LocationLevel.INTERPOLATED)
"""The worst level that tells whether two are at one place."""


@dataclass(frozen=True, slots=True, eq=False)
class _Proposed:
    """All pairs of a snapshot, and the keys by which they are ordered."""

    pairs: Pairs
    keys: tuple[Key, ...]


def duplicates(state: AppState, query: DuplicatesQuery) -> DuplicateList:
    """The next pairs that nobody has decided on, the likeliest first."""
    snapshot = state.snapshot()
    # In a memo of its own, so that others do not wait for it.
    memo: Memo = snapshot.memo.get("duplicates", Memo)
    proposed: _Proposed = memo.get("pairs", lambda: _propose(state, snapshot))
    with state.database.session() as session:
        decided = duplicate_store.distinct_pairs(session, snapshot.dataset.id)
        open_ = [k for k, (_, *ids) in enumerate(proposed.keys) if tuple(ids) not in decided]
        first = 0
        if query.cursor is not None:
            score, one, other = map(int, query.cursor.split("-"))
            first = bisect_right([proposed.keys[k] for k in open_], (-score, one, other))
        shown = open_[first : first + query.limit]
        ids = sorted({i for k in shown for i in proposed.keys[k][1:]})
        known = duplicate_store.known(session, snapshot.dataset.id, ids)
    is_last = first + len(shown) >= len(open_)
    return DuplicateList(
        total=len(open_),
        items=tuple(
            _pair(snapshot, proposed, k, known)
            for k in shown
            if all(one in known for one in proposed.keys[k][1:])
        ),
        next_cursor=None if is_last else _written(proposed.keys[shown[-1]]),
    )


def decide(state: AppState, decision: DuplicateDecision) -> DecisionAnswer:
    """
    Note that two accounts are two, or make one of them.

    Raises
    ------
    RefusedRequestError
        When one of them is not there, or they are the same.
    """
    snapshot = state.snapshot()
    one = _id(snapshot, decision.account_id, "/account_id")
    other = _id(snapshot, decision.other_id, "/other_id")
    if one == other:
        detail = f"Both are account {one}. Name two."
        raise RefusedRequestError([Fault("/other_id", "CONTRADICTION", detail)])
    if decision.decision == "distinct":
        state.database.write(
            lambda session: duplicate_store.set_distinct(session, one, other, state.clock())
        )
        return DecisionAnswer(decision="distinct", account_ids=(str(one), str(other)))
    if decision.keep not in (decision.account_id, decision.other_id):
        detail = f"keep is {decision.keep!r}, but must be one of the two: {one} or {other}."
        raise RefusedRequestError([Fault("/keep", "UNKNOWN_VALUE", detail)])
    keep, gone = (one, other) if decision.keep == decision.account_id else (other, one)
    try:
        moved = state.database.write(
            lambda session: account_merge.merge(
                session, snapshot.dataset.id, keep, gone, state.clock(), snapshot.today
            )
        )
    except NotFoundError as error:
        # Somebody has deleted it since the accounts were read.
        raise RefusedRequestError([Fault("", "UNKNOWN_ACCOUNT", str(error))]) from None
    return DecisionAnswer(
        decision="merge",
        account_ids=(str(keep),),
        moved=MovedCounts(
            visits=moved.visits,
            orders=moved.orders,
            contacts=moved.contacts,
            external_refs=moved.external_refs,
        ),
    )


def _propose(state: AppState, snapshot: Snapshot) -> _Proposed:
    table = snapshot.table
    with state.database.session() as session:
        streets = duplicate_store.streets(session, snapshot.dataset.id)
    ids = table.account_id.tolist()
    is_exact: NDArray[np.bool_] = (
        snapshot.has_location & (table.location_level <= EXACT) & ~table.is_location_ambiguous
    )
    pairs = find_pairs(
        Sites(
            name=table.name,
            street=[streets.get(one, "") for one in ids],
            postcode=table.postcode,
            town=table.town,
            lon=table.lon,
            lat=table.lat,
            is_exact=is_exact,
        )
    )
    # In the order of the table, whose ids ascend, so that the smaller id comes first.
    keys = zip(
        (-np.rint(1000 * pairs.score).astype(np.int64)).tolist(),
        table.account_id[pairs.first].tolist(),
        table.account_id[pairs.second].tolist(),
        strict=True,
    )
    return _Proposed(pairs, tuple(keys))


def _pair(
    snapshot: Snapshot, proposed: _Proposed, k: int, known: dict[int, Known]
) -> DuplicatePair:
    pairs = proposed.pairs
    distance_m = float(pairs.distance_m[k])
    _, first, second = proposed.keys[k]
    return DuplicatePair(
        accounts=(_account(snapshot, known[first]), _account(snapshot, known[second])),
        reason=LIKENESSES[pairs.likeness[k]].value,
        score=round(float(pairs.score[k]), 3),
        name_similarity=round(float(pairs.similarity[k]), 3),
        distance_m=None if np.isnan(distance_m) else round(distance_m),
    )


def _account(snapshot: Snapshot, known: Known) -> LikeAccount:
    account = known.account
    row = snapshot.table.row_of(account.id)
    return LikeAccount(
        account_id=str(account.id),
        name=account.name,
        status=account.status.value,
        address=address_answer(account),
        position=None if row is None else position_of(snapshot, row),
        level=None if account.location_level is None else account.location_level.value,
        potential=account.potential_cents / 100,
        external_refs=tuple(
            ExternalRefAnswer(system=ref.system, external_id=ref.external_id)
            for ref in known.external_refs
        ),
        version=account.version,
    )


def _written(key: Key) -> str:
    score, one, other = key
    return f"{-score}-{one}-{other}"


def _id(snapshot: Snapshot, account_id: str, at: str) -> int:
    row = row_of(snapshot, account_id)
    if row is None:
        raise RefusedRequestError([unknown_account(account_id, at)])
    return int(snapshot.table.account_id[row])
