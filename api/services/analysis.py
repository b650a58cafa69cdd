"""Which accounts an analysis is about, and over which days."""

from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.schemas.analysis import Period, ScopeQuery
from api.services.errors import Fault, RefusedRequestError
from api.state import Snapshot
from data.account_store import months_before


def rows_of(snapshot: Snapshot, scope: ScopeQuery) -> NDArray[np.intp]:
    """
    Rows of the accounts that are meant, ascending.

    Raises
    ------
    RefusedRequestError
        When the rep or the segment is not known.
    """
    table, faults = snapshot.table, list[Fault]()
    keep = np.ones(len(table), dtype=bool)
    if scope.rep_id is not None:
        reps = {str(rep.id): rep.id for rep in snapshot.reps}
        if scope.rep_id in reps:
            keep &= table.owner_rep_id == reps[scope.rep_id]
        else:
            detail = f"There is no rep {scope.rep_id!r}; GET /reps lists them."
            faults.append(Fault("/rep_id", "UNKNOWN_REP", detail))
    if scope.segment is not None:
        names = [segment.name for segment in snapshot.programme]
        if scope.segment in names:
            keep &= table.segment == names.index(scope.segment)
        else:
            detail = f"There is no segment {scope.segment!r}; there are {', '.join(names)}."
            faults.append(Fault("/segment", "UNKNOWN_SEGMENT", detail))
    if scope.postcode_prefix is not None:
        keep &= in_region(snapshot, scope.postcode_prefix)
    if faults:
        raise RefusedRequestError(faults)
    return np.flatnonzero(keep)


def in_region(snapshot: Snapshot, postcode_prefix: str) -> NDArray[np.bool_]:
    """Whether the postcode of each account begins so, (n,)."""
    codes = snapshot.table.postcode
    return np.fromiter((code.startswith(postcode_prefix) for code in codes), bool, len(codes))


def period_of(snapshot: Snapshot, months: int) -> Period:
    """The last months up to today."""
    first = months_before(snapshot.today, months) + timedelta(days=1)
    return Period(first=first, last=snapshot.today)


def said_of(snapshot: Snapshot, rows: NDArray[np.intp]) -> dict[str, Any]:
    """What every analysis says of itself."""
    return {
        "as_of": snapshot.today,
        "data_version": snapshot.data_version,
        "currency": snapshot.dataset.currency,
        "account_count": len(rows),
    }


def money(amount: float) -> float:
    """As it goes out; never -0."""
    return round(float(amount), 2) + 0.0


def share(part: float, whole: float, digits: int = 4) -> float:
    """Part of a whole; 0 of nothing."""
    return round(part / whole, digits) if whole else 0.0
