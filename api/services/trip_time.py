"""
Local times and the planner's one axis of integer seconds.

Working hours come with an offset, opening hours are local to the place; a clock change between or
within the days of a trip is met by turning each local time of each date into an instant, and a
trip across a time zone by doing so in the zone of each place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from accounts.account import OpeningHours, OpeningWindow
from accounts.days import day_number
from api.schemas.day import Day
from api.schemas.route_request import TimeWindow
from routing.problem import TimeWindow as AxisWindow


@dataclass(frozen=True, slots=True)
class TripTime:
    """
    The days of a trip on one axis.

    Parameters
    ----------
    zero
        Second 0: midnight UTC at or before the first start.
    zone
        Time zone of the answer and of breaks, and of places that no account says more of.
    shifts
        (start_s, end_s) of each day.
    dates
        Of each day, ascending: the dates that the request gives.
    """

    zero: datetime
    zone: ZoneInfo
    shifts: tuple[tuple[int, int], ...]
    dates: tuple[date, ...]

    @classmethod
    def of(cls, days: Sequence[Day], zone: ZoneInfo) -> "TripTime":
        zero = days[0].start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        shifts = tuple(
            (_seconds_between(zero, day.start), _seconds_between(zero, day.end)) for day in days
        )
        return cls(zero, zone, shifts, tuple(day.date for day in days))

    def dates_in(self, zone: ZoneInfo) -> tuple[date, ...]:
        """Local dates that the days touch, ascending."""
        dates: set[date] = set()
        for start_s, end_s in self.shifts:
            first, last = (self.moment(at_s).astimezone(zone).date() for at_s in (start_s, end_s))
            dates |= {first + timedelta(days=k) for k in range((last - first).days + 1)}
        return tuple(sorted(dates))

    @property
    def day_numbers(self) -> tuple[int, ...]:
        """Date of each day, in days since 1970-01-01."""
        return tuple(day_number(day) for day in self.dates)

    def seconds(self, moment: datetime) -> int:
        return _seconds_between(self.zero, moment)

    def moment(self, seconds: int) -> datetime:
        """Aware and local."""
        return (self.zero + timedelta(seconds=seconds)).astimezone(self.zone)

    def open_windows(
        self, hours: OpeningHours, service_duration_s: int, zone: ZoneInfo | None = None
    ) -> tuple[AxisWindow, ...]:
        """
        When a service may start at a place with these weekly hours during the trip.

        A service ends by closing time; one that is longer than the opening starts with it. Empty
        where the place is closed during the trip, or where `hours` is empty: always open.

        Parameters
        ----------
        zone
            Of the place. Default: that of the trip.
        """
        zone = zone or self.zone
        return self.within_shifts(
            self._open_spans(hours, service_duration_s, self.dates_in(zone), zone)
        )

    def open_on(
        self, day: date, hours: OpeningHours, service_duration_s: int, zone: ZoneInfo
    ) -> tuple[AxisWindow, ...]:
        """The same on one date; a place without hours is open from midnight to midnight."""
        hours = hours or (OpeningWindow(day.isoweekday(), 0, 86_400),)
        return self.within_shifts(self._open_spans(hours, service_duration_s, (day,), zone))

    def _open_spans(
        self,
        hours: OpeningHours,
        service_duration_s: int,
        dates: Sequence[date],
        zone: ZoneInfo,
    ) -> list[tuple[int, int]]:
        spans = []
        for window, day in _dated(hours, dates):
            opens_s = self.local(day, window.opens_s, zone)
            closes_s = self.local(day, window.closes_s, zone)
            spans.append((opens_s, max(opens_s, closes_s - service_duration_s)))
        return spans

    def requested_windows(
        self, windows: Sequence[TimeWindow], zone: ZoneInfo | None = None
    ) -> tuple[AxisWindow, ...]:
        """
        When a service may start as the request says; empty: never during the trip.

        Weekly windows are local to the place, whose `zone` is by default that of the trip.
        """
        zone = zone or self.zone
        spans = []
        for window in windows:
            if window.start is not None and window.end is not None:
                spans.append((self.seconds(window.start), self.seconds(window.end)))
            elif window.weekdays and window.opens and window.closes:
                opens_s, closes_s = seconds_of_day(window.opens), seconds_of_day(window.closes)
                hours = tuple(OpeningWindow(d, opens_s, closes_s) for d in set(window.weekdays))
                spans += [
                    (self.local(day, opens_s, zone), self.local(day, closes_s, zone))
                    for _, day in _dated(hours, self.dates_in(zone))
                ]
        return self.within_shifts(spans)

    def local(self, day: date, seconds: int, zone: ZoneInfo | None = None) -> int:
        """Where the hands of the clock of a place stand at `seconds` after midnight of a date."""
        # Adding to a naive datetime moves the hands of the clock, as opening hours do.
        local = datetime.combine(day, time()) + timedelta(seconds=seconds)
        return self.seconds(local.replace(tzinfo=zone or self.zone))

    def within_shifts(self, spans: Iterable[tuple[int, int]]) -> tuple[AxisWindow, ...]:
        """Merged and sorted, without those that touch no shift."""
        merged: list[tuple[int, int]] = []
        for early_s, late_s in sorted(spans):
            if not any(early_s <= end_s and start_s <= late_s for start_s, end_s in self.shifts):
                continue
            if merged and early_s <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], late_s))
            else:
                merged.append((early_s, max(early_s, late_s)))
        return tuple(AxisWindow(early_s, late_s) for early_s, late_s in merged)


def zone_named(name: str) -> ZoneInfo | None:
    """The time zone of an IANA name, or None if there is none."""
    try:
        return ZoneInfo(name)
    # A name such as "Europe" is a folder of the time zone database.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def seconds_of_day(hour_minute: str) -> int:
    hour, minute = hour_minute.split(":")
    return int(hour) * 3600 + int(minute) * 60


def _seconds_between(zero: datetime, moment: datetime) -> int:
    # Both in UTC: subtracting two datetimes of one zone would count the hands of the clock.
    return int((moment.astimezone(UTC) - zero).total_seconds())


def _dated(hours: OpeningHours, dates: Sequence[date]) -> Iterable[tuple[OpeningWindow, date]]:
    return ((w, day) for day in dates for w in hours if w.weekday == day.isoweekday())
