"""Where an account is, as it is answered."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np

from accounts import LOCATION_LEVELS, NO_LEVEL
from api.schemas.location import AccountLocation, AlternativeLocation
from api.services.accounts import DIGITS
from api.services.trust import ISSUES, NO_ISSUE, issue_of, issues_of
from api.state import Ground, Snapshot
from data.tables import Account


def location_of(snapshot: Snapshot, row: int, account: Account) -> AccountLocation:
    """
    The position of an account and what is known of it.

    Parameters
    ----------
    row
        Of the account in the snapshot's table.
    """
    road_m = float(snapshot.snapped.straight_m[row]) if snapshot.has_location[row] else None
    return _answer(account, issue_of(snapshot, row), road_m)


def locations_of(
    ground: Ground, accounts: Sequence[Account], *, by_road: bool
) -> list[AccountLocation]:
    """
    As `location_of`, of accounts as they were just read.

    Parameters
    ----------
    by_road
        Whether to look for the nearest roads. Otherwise their distance is not told, and every
        position counts as near a road.
    """
    known = np.array([account.lon is not None for account in accounts], dtype=bool)
    is_off_road = np.zeros(len(accounts), dtype=bool)
    road_m: list[float | None] = [None] * len(accounts)
    if by_road and known.any():
        lon = np.array([account.lon or 0.0 for account in accounts])
        lat = np.array([account.lat or 0.0 for account in accounts])
        snapped = ground.world.engine.snap(lon, lat)
        is_off_road = snapped.is_off_road
        road_m = [
            metres if is_known else None
            for metres, is_known in zip(snapped.straight_m.tolist(), known, strict=True)
        ]
    levels = [
        NO_LEVEL if one.location_level is None else LOCATION_LEVELS.index(one.location_level)
        for one in accounts
    ]
    issues = issues_of(
        known,
        np.array([account.is_location_ambiguous for account in accounts], dtype=bool),
        np.array(levels, dtype=np.uint8),
        is_off_road,
        ground.coarsest_level,
    )
    return [
        _answer(account, None if issue == NO_ISSUE else ISSUES[issue].value, metres)
        for account, issue, metres in zip(accounts, issues.tolist(), road_m, strict=True)
    ]


def _answer(account: Account, issue: str | None, road_m: float | None) -> AccountLocation:
    return AccountLocation(
        position=_position(account.lon, account.lat),
        level=None if account.location_level is None else account.location_level.value,
        confidence=account.location_confidence,
        source=None if account.location_source is None else account.location_source.value,
        label=account.location_label or None,
        attribution=account.location_origin or None,
        issue=issue,
        road_distance_m=None if road_m is None or not isfinite(road_m) else round(road_m),
        alternatives=tuple(map(_alternative, account.location_alternatives or ())),
    )


def _alternative(known: dict[str, Any]) -> AlternativeLocation:
    position = _position(known["lon"], known["lat"])
    assert position is not None
    return AlternativeLocation(
        position=position,
        level=known["level"],
        confidence=known["confidence"],
        label=known["label"],
    )


def _position(lon: float | None, lat: float | None) -> tuple[float, float] | None:
    if lon is None or lat is None:
        return None
    return round(lon, DIGITS), round(lat, DIGITS)
