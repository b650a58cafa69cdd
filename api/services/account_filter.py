"""Rows of the accounts that a filter means."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from accounts import DUE_STATES, NO_OWNER, STATUSES, DueState, Status
from accounts.matrix import CELLS, Cell
from api.schemas.account_filter import NOBODY, AccountFilter
from api.services.account_search import rows_called
from api.services.accounts import rows_in
from api.services.analysis import in_region
from api.services.boxes import bounding_box
from api.services.errors import Fault, RefusedRequestError, pointer
from api.services.matrix_cells import cells, thresholds_of
from api.services.trust import ISSUES, NO_ISSUE, location_issues
from api.state import Snapshot
from routing.reasons import ReasonCode

ANY = "any"


def matching_rows(snapshot: Snapshot, asked: AccountFilter) -> NDArray[np.intp]:
    """
    Rows of the table for which all that is asked is true.

    Returns
    -------
    (m,) intp
        Ascending; with `q` the best matches first.

    Raises
    ------
    RefusedRequestError
        When a segment or a rep is not known, or the box is empty.
    """
    table, faults = snapshot.table, list[Fault]()
    keep = np.ones(len(table), dtype=bool)
    box = bounding_box(asked.bbox)
    if box is not None:
        keep[:] = False
        keep[rows_in(snapshot, box)] = True
    if asked.segment is not None:
        segments = {segment.name: k for k, segment in enumerate(snapshot.programme)}
        way_out = f"there are {', '.join(segments)}"
        known = _known(asked.segment, "segment", segments.get, faults, way_out=way_out)
        keep &= np.isin(table.segment, known)
    if asked.status is not None:
        keep &= np.isin(table.status, [STATUSES.index(Status(name)) for name in asked.status])
    if asked.due is not None:
        states = snapshot.scores(snapshot.today_day).due_state
        keep &= np.isin(states, [DUE_STATES.index(DueState(name)) for name in asked.due])
    reps = {str(rep.id): rep.id for rep in snapshot.reps}
    if asked.owner is not None:
        owners = _known(asked.owner, "owner", {**reps, NOBODY: NO_OWNER}.get, faults, "rep")
        keep &= np.isin(table.owner_rep_id, owners)
    if asked.territory is not None:
        found = _known((asked.territory,), "territory", reps.get, faults, "rep")
        keep &= _in_territory(snapshot, found)
    if asked.issue is not None:
        keep &= _with_issue(snapshot, asked.issue)
    if asked.min_potential is not None:
        keep &= table.potential_eur >= asked.min_potential
    if asked.postcode_prefix is not None:
        keep &= in_region(snapshot, asked.postcode_prefix)
    if asked.cell is not None:
        keep &= _in_cells(snapshot, asked)
    if faults:
        raise RefusedRequestError(faults)
    if asked.q is None:
        return np.flatnonzero(keep)
    called = rows_called(snapshot, asked.q)
    return called[keep[called]]


def _known(
    names: Sequence[str],
    key: str,
    find: Callable[[str], int | None],
    faults: list[Fault],
    kind: str = "segment",
    way_out: str = "GET /reps lists them",
) -> list[int]:
    """What names stand for; those that stand for nothing become faults."""
    found = {name: find(name) for name in names}
    for name, value in found.items():
        if value is None:
            detail = f"There is no {kind} {name!r}; {way_out}."
            faults.append(Fault(pointer(key), f"UNKNOWN_{kind.upper()}", detail))
    return [value for value in found.values() if value is not None]


def _in_territory(snapshot: Snapshot, rep_ids: list[int]) -> NDArray[np.bool_]:
    owned = np.isin(snapshot.table.owner_rep_id, rep_ids)
    planned = owned & snapshot.table.is_owner_planned
    return planned if planned.any() else owned


def _in_cells(snapshot: Snapshot, asked: AccountFilter) -> NDArray[np.bool_]:
    chosen = thresholds_of(snapshot, asked.cell_potential, asked.cell_visit_value)
    wanted = [CELLS.index(Cell(name)) for name in asked.cell or ()]
    return np.isin(cells(snapshot, chosen.thresholds), wanted)


def _with_issue(snapshot: Snapshot, asked: Sequence[str]) -> NDArray[np.bool_]:
    issues = location_issues(snapshot)
    chosen = [ISSUES.index(ReasonCode(code)) for code in asked if code not in (ANY, NOBODY)]
    found = np.isin(issues, chosen)
    if ANY in asked:
        found |= issues != NO_ISSUE
    if NOBODY in asked:
        found |= issues == NO_ISSUE
    return found
