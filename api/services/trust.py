"""Which positions can be relied upon: one rule for planner, worklist, list and map."""

import numpy as np
from numpy.typing import NDArray

from accounts import LOCATION_LEVELS, NO_LEVEL, LocationLevel
from api.state import Snapshot
from data.geocoding.located import Located
from routing.reasons import ReasonCode

ISSUES = (
    ReasonCode.LOCATION_MISSING,
    ReasonCode.GEOCODE_AMBIGUOUS,
    ReasonCode.GEOCODE_TOO_COARSE,
    ReasonCode.UNREACHABLE_BY_ROAD,
)
"""What may be wrong with a position, the first one that applies."""

NO_ISSUE = len(ISSUES)


def location_issues(snapshot: Snapshot) -> NDArray[np.uint8]:
    """
    What is wrong with the position of each account, made once for each snapshot.

    A position that somebody set on the map, or that came as such, has the best level and is not
    ambiguous, so that it can only be unreachable. One that is far from every road of the map is
    thought to be wrong.

    Returns
    -------
    (n,) uint8
        Index into `ISSUES`, or `NO_ISSUE`.
    """
    issues: NDArray[np.uint8] = snapshot.memo.get("location_issues", lambda: _issues(snapshot))
    return issues


def issue_of(snapshot: Snapshot, row: int) -> str | None:
    """The code of what is wrong with one position, if something is."""
    issue = int(location_issues(snapshot)[row])
    return None if issue == NO_ISSUE else ISSUES[issue].value


def issue_counts(snapshot: Snapshot) -> dict[str, int]:
    """How many accounts have each issue; those that none has are left out."""
    counts = np.bincount(location_issues(snapshot), minlength=NO_ISSUE + 1).tolist()
    return {code.value: n for code, n in zip(ISSUES, counts, strict=False) if n}


def issue_at(snapshot: Snapshot, located: Located) -> ReasonCode | None:
    """What would be wrong with an account that is located so."""
    where = located.location
    snapped = snapshot.world.engine.snap(*((where.lon, where.lat) if where else (0.0, 0.0)))
    level = NO_LEVEL if located.level is None else LOCATION_LEVELS.index(located.level)
    issue = issues_of(
        np.array([where is not None]),
        np.array([located.is_ambiguous]),
        np.array([level], dtype=np.uint8),
        snapped.is_off_road,
        snapshot.coarsest_level,
    )
    return None if issue[0] == NO_ISSUE else ISSUES[issue[0]]


def _issues(snapshot: Snapshot) -> NDArray[np.uint8]:
    table = snapshot.table
    return issues_of(
        snapshot.has_location,
        table.is_location_ambiguous,
        table.location_level,
        snapshot.snapped.is_off_road,
        snapshot.coarsest_level,
    )


def issues_of(
    has_location: NDArray[np.bool_],
    is_ambiguous: NDArray[np.bool_],
    level: NDArray[np.uint8],
    is_off_road: NDArray[np.bool_],
    coarsest_level: LocationLevel,
) -> NDArray[np.uint8]:
    """
    What is wrong with positions, by the columns of `AccountTable` and `SnappedPlaces`.

    Returns
    -------
    (n,) uint8
        Index into `ISSUES`, or `NO_ISSUE`.
    """
    # A position of which nobody said how exact it is, is taken for exact.
    is_coarse = (level > LOCATION_LEVELS.index(coarsest_level)) & (level != NO_LEVEL)
    faults = (~has_location, is_ambiguous, is_coarse, is_off_road)
    issues = np.full(len(level), NO_ISSUE, dtype=np.uint8)
    for issue, has_fault in reversed(list(enumerate(faults))):
        issues[has_fault] = issue
    issues.setflags(write=False)
    return issues
