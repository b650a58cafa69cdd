"""The request for what is left of a route: the same wishes, from where and when the rest begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.schemas.day import Break, Day, DayLimits
from api.schemas.place import Place
from api.schemas.route_request import TripRequest
from api.services.day_so_far import Roads, Stop
from api.services.route_so_far import SoFar
from api.services.trip_time import seconds_of_day, zone_named
from api.services.whole_route import Whole, is_home
from api.state import Snapshot

SPARE = timedelta(minutes=15)
"""Beyond the way home, where a day has to be made longer for it."""


@dataclass(frozen=True, slots=True, eq=False)
class RestRequest:
    """Makes the request for the rest of a route."""

    whole: Whole
    kept: SoFar
    body: dict[str, Any]
    roads: Roads
    snapshot: Snapshot

    def request(self, is_longer: bool = False) -> TripRequest:
        """`is_longer`: the first day ends late enough to get on, and has no limits."""
        whole, kept = self.whole.request, self.kept
        days = whole.days[kept.first_day :]
        is_whole = not kept.days and not kept.stops
        if is_whole and not is_longer and self._begins_as_planned(days[0]):
            return whole
        first = self._first_day(days, is_longer)
        place = Place(position=kept.location, name=kept.name)
        overnight = whole.overnight
        if overnight.max_nights is not None:
            left = max(0, overnight.max_nights - self._nights_spent())
            overnight = overnight.model_copy(update={"max_nights": left})
        return whole.model_copy(
            update={"start": place, "days": (first, *days[1:]), "overnight": overnight}
        )

    def _begins_as_planned(self, day: Day) -> bool:
        planned = tuple(self.body["days"][0]["stops"][0]["location"])
        return self.kept.location == planned and self.kept.from_s <= day.start.timestamp()

    def _first_day(self, days: Sequence[Day], is_longer: bool) -> Day:
        day, kept = days[0], self.kept
        zone = ZoneInfo(self.body["timezone"])
        start = max(datetime.fromtimestamp(kept.from_s, zone), day.start)
        end = day.end
        if is_longer or start >= end:
            end = max(end, start + self._way_on() + SPARE)
            end = min(end, start + timedelta(hours=24))
            if len(days) > 1:
                end = min(end, days[1].start)
            end = max(end, start + timedelta(minutes=1))
        date = day.date
        if date not in (start.date(), start.astimezone(day.start.tzinfo).date()):
            date = start.date()
        return day.model_copy(
            update={
                "date": date,
                "start": start,
                "end": end,
                "start_place": None,
                "breaks": self._breaks_left(day, start, end),
                "limits": DayLimits() if is_longer else self._limits_left(day),
            }
        )

    def _way_on(self) -> timedelta:
        """To where the day ends, or to the nearest place where it may."""
        places = self.whole.places
        end = places.ends[self.kept.first_day]
        ends = [end] if end is not None else [places.end, *([places.home] if places.home else [])]
        ways = [self.roads.way(self.kept.location, one.position)["travel_s"] for one in ends]
        return timedelta(seconds=min(ways))

    def _breaks_left(self, day: Day, start: datetime, end: datetime) -> tuple[Break, ...]:
        """Those that were not taken. One whose time is over, or too short, is had no more."""
        taken = [stop for stop in self.kept.stops if stop["type"] == "break"]
        left = []
        for one in day.breaks:
            match = next((stop for stop in taken if _is_this_break(stop, one)), None)
            if match is not None:
                taken.remove(match)
            elif start + timedelta(seconds=one.duration_s) <= end:
                left.append(one)
        if not self.kept.stops:
            return tuple(left)
        asked = self.whole.request
        zone = (zone_named(asked.timezone) if asked.timezone else None) or self.snapshot.zone
        local = start.astimezone(self.snapshot.zone if asked.is_week else zone)
        # Breaks are given to the minute.
        now_s = -(-(local.hour * 3600 + local.minute * 60 + local.second) // 60) * 60
        return tuple(
            one.model_copy(update={"earliest_start": _clock(now_s)})
            if one.earliest_start is None or seconds_of_day(one.earliest_start) < now_s
            else one
            for one in left
            if one.latest_start is None or seconds_of_day(one.latest_start) >= now_s
        )

    def _limits_left(self, day: Day) -> DayLimits:
        usual, own, kept = self.whole.request.limits, day.limits, self.kept
        visits = sum(stop["type"] in ("visit", "appointment") for stop in kept.stops)
        travel_s = sum(leg["travel_s"] for leg in kept.legs)
        distance_m = sum(leg["distance_m"] for leg in kept.legs)
        return DayLimits(
            max_visits=_left(own.max_visits, usual.max_visits_per_day, visits),
            max_drive_s=_left(own.max_drive_s, usual.max_drive_s_per_day, travel_s),
            max_distance_m=_left(own.max_distance_m, usual.max_distance_m_per_day, distance_m),
        )

    def _nights_spent(self) -> int:
        """Nights away that were chosen, on the days that are over or frozen."""
        places = self.whole.places
        return sum(
            places.ends[k] is None and not is_home(self.whole, day["stops"][-1]["location"])
            for k, day in enumerate(self.kept.days)
            if any(one["legs"] for one in self.kept.days[: k + 1])
        )


def _left(own: int | None, usual: int | None, used: int) -> int | None:
    limit = usual if own is None else own
    return None if limit is None else max(0, limit - used)


def _is_this_break(stop: Stop, one: Break) -> bool:
    return stop.get("break_id") == one.break_id and stop["service_duration_s"] == one.duration_s


def _clock(at_s: int) -> str:
    return f"{at_s // 3600:02d}:{at_s % 3600 // 60:02d}"
