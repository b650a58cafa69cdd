"""A trip as it was understood, with its problem and what the problem's indices stand for."""

from dataclasses import dataclass

from api.schemas.route_request import TripRequest
from api.services.considered import Considered
from api.services.pool import NONE
from api.services.trip_breaks import TripBreaks
from api.services.trip_places import DayPlaces
from api.services.trip_time import TripTime
from api.state import Snapshot
from routing.problem import Problem
from routing.roads.engine import RoadEngine, SnappedPlaces

DIGITS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Trip:
    """
    What was asked, looked up and put into a problem.

    Parameters
    ----------
    clients
        Row of `considered` for each client of the problem.
    place_names
        Of the matrix rows that are no clients; None for clients.
    is_home
        Of the same rows: whether a night there is none away.
    engine
        The roads of this trip, without those that it avoids.
    snapped
        Of all matrix rows.
    direct_s
        Travel time from start to end, past the places that are given between.
    """

    request: TripRequest
    snapshot: Snapshot
    time: TripTime
    places: DayPlaces
    breaks: TripBreaks
    considered: Considered
    problem: Problem
    clients: tuple[int, ...]
    place_names: tuple[str | None, ...]
    is_home: tuple[bool, ...]
    engine: RoadEngine
    snapped: SnappedPlaces
    direct_s: int

    def account_id(self, position: int) -> str | None:
        """Of a row of `considered`."""
        row = self.considered.row[position]
        return None if row == NONE else str(self.snapshot.table.account_id[row])

    def wish_id(self, position: int) -> str | None:
        """The client's own key of a visit or an appointment."""
        wish = self.considered.wish_of(position)
        return None if wish is None else wish.own_id

    def visit_id(self, position: int) -> str | None:
        return None if self.is_appointment(position) else self.wish_id(position)

    def appointment_id(self, position: int) -> str | None:
        return self.wish_id(position) if self.is_appointment(position) else None

    def is_appointment(self, position: int) -> bool:
        wish = self.considered.wish_of(position)
        return wish is not None and wish.appointment is not None

    def timezone(self, position: int) -> str | None:
        """Of the place, where it is another than that of the trip."""
        zone = self.considered.zones[self.considered.timezone[position]]
        return None if zone == self.time.zone else zone.key

    def location(self, matrix_row: int) -> tuple[float, float]:
        lon, lat = self.snapped.lon[matrix_row], self.snapped.lat[matrix_row]
        return round(float(lon), DIGITS), round(float(lat), DIGITS)
