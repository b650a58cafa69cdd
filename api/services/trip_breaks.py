"""Breaks of the days: from local hours to the planner's axis, in order."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from api.schemas.day import Break, Day
from api.schemas.route import Warning_
from api.services.errors import Fault, pointer
from api.services.formats import format_date, format_duration
from api.services.trip_time import TripTime, seconds_of_day
from routing.problem import Break as AxisBreak


@dataclass(frozen=True, slots=True)
class DayBreak:
    """
    A break that a day needs.

    Parameters
    ----------
    index
        Into the breaks of the day as requested.
    """

    index: int
    duration_s: int
    early_s: int
    late_s: int


@dataclass(frozen=True, slots=True)
class TripBreaks:
    """
    Breaks of each day in order, with what is to be said about those that were asked for.

    Parameters
    ----------
    of_day
        By day; those that lie outside of it are not among them.
    """

    of_day: tuple[tuple[DayBreak, ...], ...]
    faults: tuple[Fault, ...]
    warnings: tuple[Warning_, ...]

    def on_axis(self, shift_index: int) -> tuple[AxisBreak, ...]:
        return tuple(
            AxisBreak(one.duration_s, one.early_s, one.late_s) for one in self.of_day[shift_index]
        )


def trip_breaks(days: tuple[Day, ...], time: TripTime, zone: ZoneInfo) -> TripBreaks:
    """
    Breaks of all days. One that lies outside of its day is left out with a warning.

    Parameters
    ----------
    zone
        Of the hours that the breaks give.
    """
    of_day: list[tuple[DayBreak, ...]] = []
    faults: list[Fault] = []
    warnings: list[Warning_] = []
    for k, day in enumerate(days):
        found = []
        for j, one in enumerate(day.breaks):
            placed = _placed(one, j, k, time, zone)
            if placed is None:
                warnings.append(_outside(day, one, pointer("days", k, "breaks", j)))
            else:
                found.append(placed)
        ordered = _in_order(found)
        if ordered is None:
            faults.append(_overlap(day, pointer("days", k, "breaks")))
        of_day.append(ordered or ())
    return TripBreaks(tuple(of_day), tuple(faults), tuple(warnings))


def _placed(
    one: Break, index: int, shift_index: int, time: TripTime, zone: ZoneInfo
) -> DayBreak | None:
    """A break on the axis; None where it cannot start within the day."""
    start_s, end_s = time.shifts[shift_index]
    first, last = (time.moment(at_s).astimezone(zone).date() for at_s in (start_s, end_s))
    duration_s = one.duration_s
    # A shift past midnight meets the hours of two dates; the first that lies in it counts.
    for early_day in dict.fromkeys((first, last)):
        early_s, late_s = start_s, max(start_s, end_s - duration_s)
        if one.earliest_start is not None:
            early_s = time.local(early_day, seconds_of_day(one.earliest_start), zone)
        if one.latest_start is not None:
            late_s = time.local(early_day, seconds_of_day(one.latest_start), zone)
            if late_s < early_s:
                late_s = time.local(last, seconds_of_day(one.latest_start), zone)
        if early_s <= late_s and early_s < end_s and late_s > start_s:
            return DayBreak(index, duration_s, early_s, late_s)
    return None


def _in_order(breaks: list[DayBreak]) -> tuple[DayBreak, ...] | None:
    """
    Sorted, with windows as narrow as the order makes them; None where they cannot all be had.

    A break cannot start before the one before it is over, nor so late that it makes the one after
    it late.
    """
    ordered = sorted(breaks, key=lambda one: (one.early_s, one.late_s, one.index))
    earliest_s, early = None, []
    for one in ordered:
        early_s = one.early_s if earliest_s is None else max(one.early_s, earliest_s)
        early.append(early_s)
        earliest_s = early_s + one.duration_s
    latest_s, narrowed = None, []
    for one, early_s in zip(reversed(ordered), reversed(early), strict=True):
        late_s = one.late_s if latest_s is None else min(one.late_s, latest_s - one.duration_s)
        if late_s < early_s:
            return None
        narrowed.append(DayBreak(one.index, one.duration_s, early_s, late_s))
        latest_s = late_s
    return tuple(reversed(narrowed))


def _outside(day: Day, one: Break, at: str) -> Warning_:
    window = f"{one.earliest_start or 'the start'} to {one.latest_start or 'the end'}"
    return Warning_(
        code="BREAK_OUTSIDE_DAY",
        detail=f"The break from {window} does not lie within the hours of "
        f"{format_date(day.date)}, so none is planned.",
        pointer=at,
    )


def _overlap(day: Day, at: str) -> Fault:
    total_s = sum(one.duration_s for one in day.breaks)
    return Fault(
        at,
        "BREAKS_OVERLAP",
        f"The {len(day.breaks)} breaks of {format_date(day.date)}, {format_duration(total_s)} in "
        "all, cannot all start within their windows one after the other. Shorten or move one.",
    )
