"""Accounts within an area that was drawn on the map, added up."""

import numpy as np
from numpy.typing import NDArray

from accounts import DUE_STATES, DueState
from api.schemas.account_filter import OwnerCount, Selection, SelectionRequest
from api.services.account_filter import matching_rows
from api.services.accounts import owner_facts
from api.services.areas import area_of, is_within
from api.state import Snapshot

IDS_TOLD = 5000
"""Accounts that a selection names."""


def select(snapshot: Snapshot, asked: SelectionRequest) -> Selection:
    """
    What the accounts are worth that lie within an area and match a filter.

    Raises
    ------
    RefusedRequestError
        When the area has no extent, or the filter names what is not known.
    """
    rows = np.sort(matching_rows(snapshot, asked))
    if asked.polygon is not None:
        rows = rows[is_within(snapshot, rows, area_of(asked.polygon))]
    table, scores = snapshot.table, snapshot.scores(snapshot.today_day)
    programme = snapshot.programme
    segments = np.bincount(table.segment[rows], minlength=len(programme)).tolist()
    states = np.bincount(scores.due_state[rows], minlength=len(DUE_STATES)).tolist()
    due = {state.value: count for state, count in zip(DUE_STATES, states, strict=True)}
    return Selection(
        count=len(rows),
        potential=round(float(table.potential_eur[rows].sum()), 2),
        visit_value=int(scores.visit_value_cents[rows].sum()) / 100,
        overdue=due[DueState.RED.value],
        by_segment={one.name: n for one, n in zip(programme, segments, strict=True)},
        by_due=due,
        by_owner=_by_owner(snapshot, rows),
        account_ids=tuple(map(str, table.account_id[rows[:IDS_TOLD]].tolist())),
        truncated=len(rows) > IDS_TOLD,
    )


def _by_owner(snapshot: Snapshot, rows: NDArray[np.intp]) -> tuple[OwnerCount, ...]:
    owners, index = np.unique(snapshot.table.owner_rep_id[rows], return_inverse=True)
    counts = np.bincount(index, minlength=len(owners)).tolist()
    sums = np.bincount(index, snapshot.table.potential_eur[rows], minlength=len(owners)).tolist()
    found = sorted(zip(owners.tolist(), counts, sums, strict=True), key=lambda one: -one[1])
    return tuple(
        OwnerCount(**owner_facts(snapshot, rep_id), count=count, potential=round(potential, 2))
        for rep_id, count, potential in found
    )
