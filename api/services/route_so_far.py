"""What of a stored plan stays as it is: what is over, what is going on, and what is frozen."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from api.schemas.place import ResolvedPlace
from api.services.day_so_far import (
    VISITS,
    LaidDay,
    Leg,
    Location,
    Roads,
    Stop,
    seconds,
    visit_indices,
    where,
)
from api.services.under_way import StopKey
from geo import great_circle_m

Day = dict[str, Any]

AT_A_STOP_M = 500.0
"""A rep who is this near to the visit that the plan has now is making it."""


@dataclass(frozen=True, slots=True)
class Report:
    """
    What is known of a trip under way; moments in seconds since 1970.

    Parameters
    ----------
    done
        Ids of visits that have been made; None: those that the plan says are over.
    late_s
        How far the rep is behind the plan.
    freeze_before_s
        Visits that the plan begins before it stay as they are.
    """

    now_s: int
    position: ResolvedPlace | None = None
    done: frozenset[str] | None = None
    cancelled: frozenset[str] = frozenset()
    late_s: int = 0
    freeze_before_s: int | None = None

    @property
    def plan_s(self) -> int:
        """The moment of the plan that is now."""
        return self.now_s - self.late_s


@dataclass(frozen=True, slots=True, eq=False)
class SoFar:
    """
    The part of a plan that stays, and where the rest begins.

    Parameters
    ----------
    days
        Those before the one on which the rest begins, without totals where they were laid again.
    stops, legs
        Of the day on which the rest begins; empty where all of it is planned anew.
    location, name
        Where the rest begins.
    from_s
        When, since 1970.
    fixed
        Visits that stay.
    planned
        Stops of the other visits by day, from the first day of the rest on.
    missed
        Stops of visits that were not made on the days before.
    """

    days: tuple[Day, ...]
    stops: tuple[Stop, ...]
    legs: tuple[Leg, ...]
    location: Location
    name: str | None
    from_s: int
    fixed: tuple[StopKey, ...]
    planned: tuple[tuple[Stop, ...], ...]
    missed: tuple[Stop, ...]

    @property
    def first_day(self) -> int:
        """Index of the day on which the rest begins."""
        return len(self.days)


def so_far(body: dict[str, Any], report: Report, roads: Roads) -> SoFar:
    """The part of a stored plan that stays when it is planned anew."""
    return _Divider(body, report, roads).divided()


class _Divider:
    def __init__(self, body: dict[str, Any], report: Report, roads: Roads) -> None:
        self.days: list[Day] = body["days"]
        self.report = report
        self.roads = roads
        self.zone = ZoneInfo(body["timezone"])
        self.fixed: list[StopKey] = []

    def divided(self) -> SoFar:
        report, days = self.report, self.days
        today = self._last_begun_by(report.now_s)
        rest = max(today, 0)
        if report.freeze_before_s is not None:
            # A day that begins when the freeze ends is planned anew.
            rest = max(rest, self._last_begun_by(report.freeze_before_s - 1))
        if today == rest and rest + 1 < len(days) and self._is_over(days[rest]):
            rest += 1
        whole = [self._whole(k, today) for k in range(rest)]
        laid, location, name, from_s = self._begun(rest, today)
        planned = tuple(
            tuple(stop for stop in day["stops"] if self._may_change(stop)) for day in days[rest:]
        )
        missed = tuple(
            stop for day in days[:rest] for stop in day["stops"] if self._may_change(stop)
        )
        return SoFar(
            tuple(whole),
            () if laid is None else tuple(laid.stops),
            () if laid is None else tuple(laid.legs),
            location,
            name,
            from_s,
            tuple(self.fixed),
            planned,
            missed,
        )

    def _last_begun_by(self, at_s: int) -> int:
        """Index of the last day that has begun at a moment; -1 before the trip."""
        begun = [k for k, day in enumerate(self.days) if seconds(day["start"]) <= at_s]
        return max(begun, default=-1)

    def _is_over(self, day: Day) -> bool:
        last = day["stops"][-1]
        if "arrival" not in last:
            return seconds(day["end"]) <= self.report.now_s
        return seconds(last["arrival"]) <= self.report.plan_s

    def _is_done(self, stop: Stop) -> bool:
        if stop.get("status") == "done":
            return True
        ids = StopKey.of(stop).ids
        if self.report.done is not None:
            return bool(ids & self.report.done)
        return not self._is_cancelled(stop) and seconds(stop["departure"]) <= self.report.plan_s

    def _is_cancelled(self, stop: Stop) -> bool:
        return bool(StopKey.of(stop).ids & self.report.cancelled)

    def _may_change(self, stop: Stop) -> bool:
        if stop["type"] not in VISITS or self._is_done(stop) or self._is_cancelled(stop):
            return False
        return StopKey.of(stop) not in self.fixed

    def _whole(self, k: int, today: int) -> Day:
        """A day that is over or frozen as a whole."""
        day = self.days[k]
        if not day["legs"]:
            return day
        if k == today and not self._is_over(day):
            laid = self._today(day)
            self._lay_frozen(laid, self.report.plan_s)
        else:
            laid = self._new(day)
            laid.begin(seconds(day["stops"][0]["departure"]))
            for index, stop in enumerate(day["stops"][1:-1], start=1):
                self._lay_as_planned(laid, index, stop, is_past=k <= today)
        laid.finish()
        changed = {key: value for key, value in day.items() if key != "totals"}
        return changed | {"stops": laid.stops, "legs": laid.legs}

    def _lay_as_planned(self, laid: LaidDay, index: int, stop: Stop, is_past: bool) -> None:
        if stop["type"] not in VISITS:
            laid.made(index, seconds(stop["departure"]))
        elif self._is_done(stop):
            self.fixed.append(StopKey.of(stop))
            laid.made(index, seconds(stop["departure"]), status="done")
        elif not is_past and not self._is_cancelled(stop):
            self.fixed.append(StopKey.of(stop))
            laid.ahead(index)

    def _begun(self, k: int, today: int) -> tuple[LaidDay | None, Location, str | None, int]:
        """The stops of the day that stay, where and when the rest of it begins."""
        day, report = self.days[k], self.report
        first = day["stops"][0]
        start_s = max(seconds(day["start"]), report.now_s)
        name = first.get("name")
        if k > today:
            laid = self._new(day)
            if day["legs"]:
                laid.begin(seconds(first["departure"]))
                self._lay_frozen(laid, report.now_s)
            if len(laid.stops) > 1:
                return laid, laid.location, laid.stops[-1].get("name"), laid.clock_s
        elif day["legs"] and self._has_left(day):
            laid = self._today(day)
            self._lay_frozen(laid, report.plan_s)
            return laid, laid.location, laid.stops[-1].get("name"), laid.clock_s
        elif day["legs"] and report.late_s:
            start_s = max(start_s, seconds(first["departure"]) + report.late_s)
        if report.position is not None and k == today:
            return None, report.position.position, report.position.name, start_s
        return None, tuple(first["location"]), name, start_s

    def _has_left(self, day: Day) -> bool:
        """Whether the rep is under way, or the plan must begin as it does."""
        if seconds(day["stops"][0]["departure"]) <= self.report.plan_s:
            return True
        visits = (day["stops"][k] for k in visit_indices(day["stops"]))
        return any(self._is_done(stop) or self._is_frozen(stop) for stop in visits)

    def _is_frozen(self, stop: Stop) -> bool:
        """Of a stop that has not begun."""
        end_s, start_s = self.report.freeze_before_s, seconds(stop["service_start"])
        if end_s is None or not self.report.plan_s <= start_s < end_s:
            return False
        return stop["type"] == "break" or self._may_change(stop)

    def _new(self, day: Day) -> LaidDay:
        return LaidDay(self.roads, self.zone, day["stops"], day["legs"])

    def _today(self, day: Day) -> LaidDay:
        """The stops up to now, and the one that is going on."""
        report, stops = self.report, day["stops"]
        laid = self._new(day)
        over = [k for k, stop in enumerate(stops[1:-1], start=1) if self._is_part_of_past(stop)]
        departure_s = seconds(stops[0]["departure"])
        if departure_s > report.plan_s:
            # The rep is late, or early; who is said to be elsewhere has left.
            has_left = bool(over) or report.position is not None
            departure_s = report.now_s if has_left else departure_s + report.late_s
        laid.begin(departure_s)
        for index in over:
            stop = stops[index]
            if stop["type"] in VISITS:
                self.fixed.append(StopKey.of(stop))
                laid.made(index, report.now_s, status="done")
            else:
                laid.made(index, report.now_s)
        going_on = self._going_on(stops)
        if going_on is not None and going_on > max(over, default=0):
            stop = stops[going_on]
            if stop["type"] in VISITS:
                self.fixed.append(StopKey.of(stop))
            end_s = seconds(stop["departure"]) + report.late_s
            laid.made(going_on, end_s, report.late_s, "in_progress")
        elif laid.clock_s < report.now_s or report.position is not None:
            location, name = self._position(day, laid, over)
            laid.wait(location, name, report.now_s)
        return laid

    def _is_part_of_past(self, stop: Stop) -> bool:
        if stop["type"] in VISITS:
            return self._is_done(stop)
        return seconds(stop["departure"]) <= self.report.plan_s

    def _going_on(self, stops: list[Stop]) -> int | None:
        """The visit or break that the rep is at, as far as the plan and the position say."""
        now_s = self.report.plan_s
        for index, stop in enumerate(stops[1:-1], start=1):
            is_now = seconds(stop["arrival"]) <= now_s < seconds(stop["departure"])
            if not is_now or stop["type"] == "wait":
                continue
            if stop["type"] in VISITS and (self._is_done(stop) or self._is_cancelled(stop)):
                return None
            if stop["type"] == "break" and seconds(stop["service_start"]) > now_s:
                return None
            return index if self._is_near(stop) else None
        return None

    def _is_near(self, stop: Stop) -> bool:
        position = self.report.position
        if position is None:
            return True
        lon, lat = position.position
        away_m = float(great_circle_m(lon, lat, *stop["location"]))
        return away_m <= AT_A_STOP_M

    def _position(self, day: Day, laid: LaidDay, over: list[int]) -> tuple[Location, str | None]:
        """Where the rep is now, on the way between two stops."""
        if self.report.position is not None:
            return self.report.position.position, self.report.position.name
        stops = day["stops"]
        behind = [
            stops[k]
            for k in visit_indices(stops)
            if seconds(stops[k]["departure"]) <= self.report.plan_s
        ]
        is_as_planned = all(self._is_done(one) or self._is_cancelled(one) for one in behind)
        is_ahead = any(seconds(stops[k]["departure"]) > self.report.plan_s for k in over)
        if not is_as_planned or is_ahead:
            # What was made contradicts the plan; of that only the last place is certain.
            return laid.location, laid.stops[-1].get("name")
        return where(self.roads, day, self.report.plan_s), None

    def _lay_frozen(self, laid: LaidDay, from_s: int) -> None:
        """What starts from then on and before the freeze ends, after the stops laid already."""
        for index, stop in enumerate(laid.old[1:-1], start=1):
            if stop["type"] == "wait" or seconds(stop["service_start"]) < from_s:
                continue
            if not self._is_frozen(stop):
                continue
            if stop["type"] in VISITS:
                self.fixed.append(StopKey.of(stop))
                laid.ahead(index)
            else:
                laid.ahead(index, None)
