"""When the service of each visit may start: the distinct sets of windows of a trip."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from accounts.account import OpeningHours
from api.schemas.appointment import Appointment
from api.schemas.route_request import TimeWindow
from api.services.trip_time import TripTime
from routing.problem import TimeWindow as AxisWindow

Windows = tuple[AxisWindow, ...] | None
"""None: at any time. Empty: never during the trip."""

ALWAYS = 0
"""Index of the set of those that are always open."""


class WindowSets:
    """Sets of windows, each kept once and known by its index in `sets`."""

    def __init__(self, time: TripTime) -> None:
        self._time = time
        self.sets: list[Windows] = [None]

    def open(self, hours: OpeningHours, service_duration_s: int, zone: ZoneInfo) -> int:
        """Of a place with opening hours, which are local to its zone."""
        if not hours:
            return ALWAYS
        return self._keep(self._time.open_windows(hours, service_duration_s, zone))

    def requested(self, windows: Sequence[TimeWindow], zone: ZoneInfo) -> int:
        """As a request says; none at all: at any time."""
        return self._keep(self._time.requested_windows(windows, zone)) if windows else ALWAYS

    def agreed(
        self, appointment: Appointment, hours: OpeningHours, service_duration_s: int, zone: ZoneInfo
    ) -> int:
        """
        Of an appointment, at a place with these opening hours.

        A fixed one starts when it was said to, whatever the hours are: somebody will be there.
        """
        start = appointment.start
        if appointment.flexibility == "within_week" or start is None:
            return self.open(hours, service_duration_s, zone)
        if appointment.flexibility == "fixed":
            at_s = self._time.seconds(start)
            return self._keep(self._time.within_shifts([(at_s, at_s)]))
        day = start.astimezone(zone).date()
        return self._keep(self._time.open_on(day, hours, service_duration_s, zone))

    def _keep(self, windows: tuple[AxisWindow, ...]) -> int:
        self.sets.append(windows)
        return len(self.sets) - 1
