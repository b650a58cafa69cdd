"""What hours are shared among: reps, regions, segments or accounts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts import NO_OWNER
from accounts.allocation.selling_effort import SellingEffort
from api.schemas.allocation import AllocationQuery
from api.state import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class UnitList:
    """
    Parameters
    ----------
    ids, names
        Of the u units.
    rows
        (n,) rows of the accounts that belong to one.
    group
        (n,) unit of each of them.
    left_out
        Accounts that belong to none.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    rows: NDArray[np.intp]
    group: NDArray[np.intp]
    left_out: int


def selling_effort(snapshot: Snapshot) -> SellingEffort:
    """Of all accounts."""
    made: SellingEffort = snapshot.memo.get(
        "selling_effort",
        lambda: SellingEffort.of(snapshot.table, snapshot.worth, snapshot.cadence.travel_s),
    )
    return made


def units_of(snapshot: Snapshot, query: AllocationQuery, rows: NDArray[np.intp]) -> UnitList:
    """The units that some accounts belong to; those without accounts are none."""
    keys = _keys(snapshot, query.level, query.prefix_length, rows)
    has_unit = np.array([key is not None for key in keys], dtype=np.bool_)
    known = [key for key in keys if key is not None]
    names = names_of_units(snapshot, query.level, query.prefix_length)
    present = set(known)
    ids = tuple(unit_id for unit_id in names if unit_id in present)
    at = {unit_id: k for k, unit_id in enumerate(ids)}
    return UnitList(
        ids=ids,
        names=tuple(names[unit_id] for unit_id in ids),
        rows=rows[has_unit],
        group=np.array([at[key] for key in known], dtype=np.intp),
        left_out=int(np.count_nonzero(~has_unit)),
    )


def names_of_units(
    snapshot: Snapshot, level: str, prefix_length: int | None = None
) -> Mapping[str, str]:
    """
    Names of all units of a level by id.

    Parameters
    ----------
    prefix_length
        Of regions; None takes beginnings of postcodes of every length.
    """
    if level == "rep":
        return {str(rep.id): rep.name for rep in snapshot.reps}
    if level == "segment":
        return {segment.name: segment.name for segment in snapshot.programme}
    if level == "account":
        table = snapshot.table
        return {
            str(account_id): name
            for account_id, name in zip(table.account_id.tolist(), table.name, strict=True)
        }
    lengths = range(1, 6) if prefix_length is None else (prefix_length,)
    codes = {
        code[:length]
        for code in snapshot.table.postcode
        for length in lengths
        if len(code) >= length
    }
    return {code: f"Postcodes {code}…" for code in sorted(codes)}


def _keys(
    snapshot: Snapshot, level: str, prefix_length: int, rows: NDArray[np.intp]
) -> list[str | None]:
    table = snapshot.table
    if level == "rep":
        owners = table.owner_rep_id[rows].tolist()
        return [None if owner == NO_OWNER else str(owner) for owner in owners]
    if level == "segment":
        return [snapshot.programme[k].name for k in table.segment[rows].tolist()]
    if level == "account":
        return [str(account_id) for account_id in table.account_id[rows].tolist()]
    codes = (table.postcode[row] for row in rows.tolist())
    return [code[:prefix_length] if len(code) >= prefix_length else None for code in codes]
