"""
A day of a stored plan laid again, stop by stop, from what is known of it by now.

As in every answer, arrival + setup + waiting = start of service, start + service = departure, and
every departure and the driving of the leg make the next arrival.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.services.trip import DIGITS
from geo import point_along
from routing.problem import UNREACHABLE
from routing.roads.engine import RoadEngine

Stop = dict[str, Any]
Leg = dict[str, Any]
Location = tuple[float, float]

VISITS = ("visit", "appointment")


def seconds(moment: str) -> int:
    """Of a moment of an answer, since 1970."""
    return int(datetime.fromisoformat(moment).timestamp())


def written(at_s: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at_s, zone).isoformat()


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """Ways between places of an answer."""

    engine: RoadEngine

    def way(self, start: Location, end: Location) -> Leg:
        """Driving and metres; none where no road is known."""
        matrix = self.engine.matrix(self.engine.snap(*start), self.engine.snap(*end))
        travel_s, distance_m = int(matrix.duration_s[0, 0]), int(matrix.distance_m[0, 0])
        if travel_s >= UNREACHABLE:
            travel_s = distance_m = 0
        source = "estimate" if self.engine.is_estimate else "road"
        return {"travel_s": travel_s, "distance_m": distance_m, "source": source}

    def point(self, start: Location, end: Location, share: float) -> Location:
        """Where one is after a share of the way, as if all of it were driven at one speed."""
        path = self.engine.path(self.engine.snap(*start), self.engine.snap(*end))
        if path is None:
            return start if share < 0.5 else end
        lon, lat = point_along(path.lonlat, share)
        return round(lon, DIGITS), round(lat, DIGITS)


@dataclass(slots=True, eq=False)
class LaidDay:
    """
    Stops of a day and the legs between them, from the first one on.

    Parameters
    ----------
    old
        The stops of the day as they were planned.
    old_legs
        Leg k leads from stop k to the next.
    clock_s
        When the last stop laid is left.
    """

    roads: Roads
    zone: ZoneInfo
    old: list[Stop]
    old_legs: list[Leg]
    clock_s: int = 0
    stops: list[Stop] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)
    _last: int | None = None

    @property
    def location(self) -> Location:
        lon, lat = self.stops[-1]["location"]
        return lon, lat

    def begin(self, departure_s: int) -> None:
        """At the first stop, left then."""
        first = {k: v for k, v in self.old[0].items() if k not in ("arrival", "departure")}
        first["type"] = "start"
        self.clock_s, self._last = departure_s, 0
        self.stops.append(first | {"seq": 0, "departure": self._text(departure_s)})

    def made(self, index: int, most_s: int, later_s: int = 0, status: str | None = None) -> None:
        """
        A stop at its planned time, as far as that is over at `most_s`, or so much later.

        What lies between it and the stop before, beyond the way and its setup, was waiting.
        """
        stop = self.old[index]
        start_s = max(self.clock_s, min(seconds(stop["service_start"]) + later_s, most_s))
        departure_s = max(start_s, min(seconds(stop["departure"]) + later_s, most_s))
        way = self._way(index)
        way["travel_s"] = min(way["travel_s"], start_s - self.clock_s)
        arrival_s = self.clock_s + way["travel_s"]
        setup_s = min(stop.get("setup_s", 0), start_s - arrival_s)
        self._lay(index, way, arrival_s, setup_s, start_s, departure_s, status)

    def ahead(self, index: int, status: str | None = "frozen") -> None:
        """A stop as early as it can be, but never before it was planned."""
        stop = self.old[index]
        way = self._way(index)
        arrival_s = self.clock_s + way["travel_s"]
        setup_s = stop.get("setup_s", 0)
        start_s = max(arrival_s + setup_s, seconds(stop["service_start"]))
        departure_s = start_s + stop["service_duration_s"]
        self._lay(index, way, arrival_s, setup_s, start_s, departure_s, status)

    def wait(self, location: Location, name: str | None, until_s: int) -> None:
        """Where the rep is at a moment, which is no stop of the plan."""
        way = self.roads.way(self.location, location)
        way["travel_s"] = min(way["travel_s"], until_s - self.clock_s)
        arrival_s = self.clock_s + way["travel_s"]
        self._join(way)
        self.stops.append(
            {
                "seq": len(self.stops),
                "type": "wait",
                **({} if name is None else {"name": name}),
                "location": list(location),
                "arrival": self._text(arrival_s),
                "service_start": self._text(until_s),
                "departure": self._text(until_s),
                "wait_s": until_s - arrival_s,
                "service_duration_s": 0,
            }
        )
        self.clock_s, self._last = until_s, None

    def finish(self) -> None:
        """At the last stop, driven to at once."""
        index = len(self.old) - 1
        way = self._way(index)
        arrival_s = self.clock_s + way["travel_s"]
        self._join(way)
        stop = self.old[index] | {"seq": len(self.stops), "arrival": self._text(arrival_s)}
        self.stops.append(stop)
        self.clock_s = arrival_s

    def _lay(
        self,
        index: int,
        way: Leg,
        arrival_s: int,
        setup_s: int,
        start_s: int,
        departure_s: int,
        status: str | None,
    ) -> None:
        stop = {k: v for k, v in self.old[index].items() if k not in ("setup_s", "slack_s")}
        if self._is_break_elsewhere(index):
            del stop["on_the_way"]
            stop["location"] = list(self.location)
        if stop["type"] in VISITS and status is not None:
            stop["status"] = status
            if status != "done" and "why" in stop:
                stop["why"] = stop["why"] | {"rule": "frozen"}
        stop |= {
            "seq": len(self.stops),
            "arrival": self._text(arrival_s),
            "service_start": self._text(start_s),
            "departure": self._text(departure_s),
            "wait_s": start_s - arrival_s - setup_s,
            "service_duration_s": departure_s - start_s,
        }
        if setup_s:
            stop["setup_s"] = setup_s
        is_where_it_was = stop["location"] == self.old[index]["location"]
        self._join(way)
        self.stops.append(stop)
        self.clock_s, self._last = departure_s, index if is_where_it_was else None

    def _join(self, way: Leg) -> None:
        last = len(self.stops) - 1
        self.legs.append({"from_seq": last, "to_seq": last + 1, **way})

    def _is_break_elsewhere(self, index: int) -> bool:
        """A break on a road that is not driven any more is taken where the rep is then."""
        return bool(self.old[index].get("on_the_way")) and self._last != index - 1

    def _way(self, index: int) -> Leg:
        if self._last == index - 1:
            leg = self.old_legs[index - 1]
            return {key: leg[key] for key in ("travel_s", "distance_m", "source")}
        if self._is_break_elsewhere(index):
            return {"travel_s": 0, "distance_m": 0, "source": "road"}
        lon, lat = self.old[index]["location"]
        return self.roads.way(self.location, (lon, lat))

    def _text(self, at_s: int) -> str:
        return written(at_s, self.zone)


def visit_indices(stops: list[Stop]) -> Iterator[int]:
    return (k for k, stop in enumerate(stops) if stop["type"] in VISITS)


def where(roads: Roads, day: dict[str, Any], at_s: int) -> Location:
    """Where the plan of a day says that the rep is at a moment."""
    stops = day["stops"]
    place = stops[0]["location"]
    for leg, stop, following in zip(day["legs"], stops, stops[1:], strict=False):
        departure_s, arrival_s = seconds(stop["departure"]), seconds(following["arrival"])
        if at_s < departure_s:
            break
        place = following["location"]
        if at_s < arrival_s:
            share = (at_s - departure_s) / leg["travel_s"]
            return roads.point(tuple(stop["location"]), tuple(place), share)
    return place[0], place[1]
