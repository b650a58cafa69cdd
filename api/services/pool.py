"""Which stored accounts a request means: those it names, and those it lets the service choose."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.schemas.route_request import TripRequest
from api.services.accounts import row_of, rows_in
from api.services.boxes import bounding_box
from api.services.errors import Fault, pointer
from api.services.places import unknown_account
from api.services.wishes import Wish
from api.state import Snapshot
from data.tables import Rep

NONE = -1
"""In columns of indices: there is none."""


def rows_of_wishes(wishes: Sequence[Wish], snapshot: Snapshot) -> tuple[list[int], list[Fault]]:
    rows, faults = [], []
    for wish in wishes:
        row = None if wish.account_id is None else row_of(snapshot, wish.account_id)
        if wish.account_id is not None and row is None:
            faults.append(unknown_account(wish.account_id, wish.at + "/account_id"))
        rows.append(NONE if row is None else row)
    return rows, faults


def pool_rows(
    request: TripRequest, snapshot: Snapshot, rep: Rep | None
) -> tuple[NDArray[np.int64], NDArray[np.bool_], list[Fault]]:
    """
    Rows that the request lets the service choose from, and which rows it excludes.

    With visits and without a filter: none. With a rep: their own, unless the filter names owners.
    """
    table, chosen = snapshot.table, request.candidate_filter
    excluded = np.zeros(len(table), dtype=bool)
    if request.visits is not None and chosen is None:
        return np.empty(0, dtype=np.int64), excluded, []
    faults: list[Fault] = []
    keep = np.ones(len(table), dtype=bool)
    owner_ids = () if chosen is None else chosen.owner_ids or ()
    if owner_ids:
        known = {str(one.id): one.id for one in snapshot.reps}
        for k, owner_id in enumerate(owner_ids):
            if owner_id not in known:
                at = pointer("candidate_filter", "owner_ids", k)
                faults.append(Fault(at, "UNKNOWN_REP", f"There is no rep {owner_id!r}."))
        keep &= np.isin(table.owner_rep_id, [known[o] for o in owner_ids if o in known])
    elif rep is not None:
        keep &= table.owner_rep_id == rep.id
    if chosen is not None:
        if chosen.segments is not None:
            known_segments = {segment.name: k for k, segment in enumerate(snapshot.programme)}
            for k, name in enumerate(chosen.segments):
                if name not in known_segments:
                    at = pointer("candidate_filter", "segments", k)
                    detail = f"There is no segment {name!r}; there are {', '.join(known_segments)}."
                    faults.append(Fault(at, "UNKNOWN_SEGMENT", detail))
            keep &= np.isin(
                table.segment, [known_segments[s] for s in chosen.segments if s in known_segments]
            )
        box = bounding_box(chosen.bbox, "/candidate_filter/bbox")
        if box is not None:
            inside = np.zeros(len(table), dtype=bool)
            inside[rows_in(snapshot, box)] = True
            keep &= inside
        for k, account_id in enumerate(chosen.exclude_account_ids):
            row = row_of(snapshot, account_id)
            if row is None:
                at = pointer("candidate_filter", "exclude_account_ids", k)
                faults.append(unknown_account(account_id, at))
            else:
                excluded[row] = True
    return np.flatnonzero(keep), excluded, faults
