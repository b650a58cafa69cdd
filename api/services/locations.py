"""Where an account is, as it is answered."""

from typing import Any

import numpy as np

from api.schemas.location import AccountLocation, AlternativeLocation
from api.services.accounts import DIGITS
from api.services.trust import issue_of
from api.state import Snapshot
from data.tables import Account


def location_of(snapshot: Snapshot, row: int, account: Account) -> AccountLocation:
    """
    The position of an account and what is known of it.

    Parameters
    ----------
    row
        Of the account in the snapshot's table.
    """
    road_m = float(snapshot.snapped.straight_m[row])
    has_road = bool(snapshot.has_location[row]) and np.isfinite(road_m)
    return AccountLocation(
        position=_position(account.lon, account.lat),
        level=None if account.location_level is None else account.location_level.value,
        confidence=account.location_confidence,
        source=None if account.location_source is None else account.location_source.value,
        label=account.location_label or None,
        attribution=account.location_origin or None,
        issue=issue_of(snapshot, row),
        road_distance_m=round(road_m) if has_road else None,
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
