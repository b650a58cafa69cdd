"""What planning has to know of a trip that is planned already, and may be driven in part."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.schemas.place import ResolvedPlace
from api.services.considered import Considered
from api.services.pool import NONE
from api.services.trip_nights import NightPlace
from api.state import Snapshot

DIGITS = 6


@dataclass(frozen=True, slots=True)
class StopKey:
    """
    By what a stop of an answer is found again among those considered.

    Its own id goes first, then its account; a visit that has neither is known by where it is.
    """

    own_id: str | None
    account_id: str | None
    location: tuple[float, float]

    @classmethod
    def of(cls, stop: Mapping[str, Any]) -> "StopKey":
        """Of a stop of an answer that is a visit or an appointment."""
        lon, lat = stop["location"]
        own_id = stop.get("visit_id") or stop.get("appointment_id")
        return cls(own_id, stop.get("account_id"), (round(lon, DIGITS), round(lat, DIGITS)))

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(one for one in (self.own_id, self.account_id) if one is not None)


@dataclass(frozen=True, slots=True, eq=False)
class UnderWay:
    """
    A trip on its way; a new one is `NOT_BEGUN`.

    Parameters
    ----------
    route_id
        Its own commitments do not bind it.
    fixed
        Visits that stay as they are: they have been made, or are not to be touched.
    completed, cancelled
        Ids of visits and accounts that are not planned any more.
    planned
        Visits of the plan so far that may change. They stay in the optimisation.
    nights
        Places of the plan so far where nights may still be spent.
    home
        Where home is, which only the whole trip says.
    max_travel_s
        What is left of the driving that the whole trip may take.
    """

    route_id: str | None = None
    fixed: tuple[StopKey, ...] = ()
    completed: frozenset[str] = frozenset()
    cancelled: frozenset[str] = frozenset()
    planned: tuple[StopKey, ...] = ()
    nights: tuple[NightPlace, ...] = ()
    home: ResolvedPlace | None = None
    max_travel_s: int | None = None

    @property
    def account_ids(self) -> frozenset[str]:
        """Accounts that have to be considered, whoever owns them by now."""
        stops = (*self.fixed, *self.planned)
        named = {one.account_id for one in stops if one.account_id is not None}
        return frozenset(named | self.completed | self.cancelled)


NOT_BEGUN = UnderWay()


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """
    How those considered stand in a trip under way, each (n,) bool.

    Parameters
    ----------
    is_fixed
        Visited by the part of the plan that stays as it is.
    is_completed, is_cancelled
        No longer to be planned, and not visited by that part.
    is_planned
        Visited by the plan so far, which may change.
    """

    is_fixed: NDArray[np.bool_]
    is_completed: NDArray[np.bool_]
    is_cancelled: NDArray[np.bool_]
    is_planned: NDArray[np.bool_]

    @classmethod
    def of(cls, considered: Considered, snapshot: Snapshot, under_way: UnderWay) -> "Standing":
        finder = RowFinder(considered, snapshot)
        fixed = finder.mask(under_way.fixed)
        planned = finder.mask(under_way.planned)
        completed = finder.named(under_way.completed) & ~fixed
        cancelled = finder.named(under_way.cancelled) & ~fixed & ~completed
        return cls(fixed, completed, cancelled, planned & ~fixed & ~completed & ~cancelled)

    @property
    def is_settled(self) -> NDArray[np.bool_]:
        """Left out by what the client said, which is told of each."""
        return self.is_completed | self.is_cancelled


class RowFinder:
    """Finds the rows of those considered that stops of an answer stand for, each row once."""

    def __init__(self, considered: Considered, snapshot: Snapshot) -> None:
        self._count = len(considered)
        self._by_id: dict[str, list[int]] = {}
        self._by_account: dict[str, int] = {}
        self._by_place: dict[tuple[float, float], list[int]] = {}
        for row in np.flatnonzero(considered.row != NONE).tolist():
            self._by_account[str(snapshot.table.account_id[considered.row[row]])] = row
        for row in np.flatnonzero(considered.is_requested).tolist():
            wish = considered.wish_of(row)
            if wish is None:
                continue
            if wish.own_id is not None:
                self._by_id.setdefault(wish.own_id, []).append(row)
            elif wish.account_id is None:
                lon, lat = float(considered.snapped.lon[row]), float(considered.snapped.lat[row])
                place = round(lon, DIGITS), round(lat, DIGITS)
                self._by_place.setdefault(place, []).append(row)
        self._used: set[int] = set()

    def row(self, key: StopKey) -> int | None:
        """The row of a stop; None where it is considered no longer."""
        found = list(self._by_id.get(key.own_id, ())) if key.own_id is not None else []
        if key.account_id is not None and key.account_id in self._by_account:
            found.append(self._by_account[key.account_id])
        if not key.ids:
            found += self._by_place.get(key.location, ())
        row = next((one for one in found if one not in self._used), None)
        if row is not None:
            self._used.add(row)
        return row

    def mask(self, keys: Iterable[StopKey]) -> NDArray[np.bool_]:
        found = np.zeros(self._count, dtype=bool)
        found[[row for key in keys if (row := self.row(key)) is not None]] = True
        return found

    def named(self, ids: Iterable[str]) -> NDArray[np.bool_]:
        """Rows with one of these ids, be it that of the visit or of the account."""
        found = np.zeros(self._count, dtype=bool)
        for one in ids:
            found[self._by_id.get(one, [])] = True
            if one in self._by_account:
                found[self._by_account[one]] = True
        return found
