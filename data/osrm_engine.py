"""
A road engine that asks an OSRM server: for maps beyond one machine, or with other speeds.

What differs from our own engine stands in `docs/osrm.md`.
"""

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isqrt
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.errors import OsrmRefusedError
from data.osrm_client import URL_TOO_LONG, OsrmClient
from geo import great_circle_m
from routing.errors import UnknownMetricError
from routing.problem import UNREACHABLE
from routing.roads.access_rule import STREETS, AccessRule
from routing.roads.engine import (
    BASE,
    RoadPath,
    SnappedPlaces,
    Stretch,
    SweepsOfMatrix,
    TravelMatrix,
    check_single,
)
from routing.roads.snapping import checked_positions

MAX_TABLE_SIZE = 100
"""What `osrm-routed` allows without `--max-table-size`: a table of 100 x 100, or as many entries in
another shape."""

MAX_COORDINATES = 300
"""In one request. They are part of its address, of which proxies take 8 KiB, and one of them with
its index takes up to 20 letters."""

EXCLUDED = {
    "no_motorway": "motorway",
    "no_ferry": "ferry",
    "no_motorway_no_ferry": "motorway,ferry",
}
"""Our metrics as classes of road in OSRM's car profile, which knows the first two; a server may be
prepared for both at the same time."""

NO_WAY = np.iinfo(np.int64).max
"""Among deciseconds: there is no road."""

NOWHERE = -1
"""In `SnappedPlaces`, for nodes and segments: they are the server's, and it does not tell."""


class OsrmEngine(SweepsOfMatrix):
    """
    A `RoadEngine` whose roads are on a server. Safe to share between threads.

    Nothing is asked before the first question, and nothing of the answers is kept but how large
    they may be. Roads are those that the server was prepared with, and so are the speeds; access is
    ours, as is the rounding: the road is rounded up to whole seconds.

    Parameters
    ----------
    url
        Of the server: `http://127.0.0.1:5000`.
    access_rule
        What ways off the road take.
    max_table_size
        What the server allows (`--max-table-size`). A server that allows less is asked in smaller
        tables from its first refusal on.
    threads
        Requests of one table at the same time.
    client
        Instead of one with the usual time-outs for `url`.

    Raises
    ------
    InvalidOsrmUrlError
        When the address is not one of HTTP.
    """

    is_estimate = False

    def __init__(
        self,
        url: str,
        access_rule: AccessRule = STREETS,
        *,
        max_table_size: int = MAX_TABLE_SIZE,
        threads: int = 4,
        client: OsrmClient | None = None,
    ) -> None:
        if max_table_size < 2:
            raise ValueError(f"max_table_size is {max_table_size}; it must be at least 2.")
        self.access_rule = access_rule
        self._server = _Server(client or OsrmClient(url, connections=threads), max_table_size)
        self._threads = threads
        self._options: Mapping[str, str] = {}

    @property
    def metrics(self) -> tuple[str, ...]:
        """
        `BASE`, and those that the server can leave roads out for. It is asked once.

        Raises
        ------
        OsrmUnavailableError
            When it does not answer.
        """
        return (BASE, *self._server.excludable())

    def with_metric(self, name: str) -> Self:
        if name != BASE and name not in self.metrics:
            raise UnknownMetricError(
                f"The OSRM server has no metric {name!r}. It has {', '.join(self.metrics)}."
            )
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._options = {} if name == BASE else {"exclude": EXCLUDED[name]}
        return made

    def snap(self, lon: ArrayLike, lat: ArrayLike) -> SnappedPlaces:
        """
        Tie places to the roads of the server.

        Raises
        ------
        InvalidLocationError
            When a coordinate is not a finite number within its range.
        OsrmError
            When the server does not answer, or not with what was asked.
        """
        lon, lat = checked_positions(lon, lat)
        lonlat = np.column_stack((lon, lat))
        steps = range(0, len(lon), MAX_COORDINATES)
        blocks = [lonlat[k : k + MAX_COORDINATES] for k in steps]
        road = np.vstack([np.empty((0, 2)), *self._at_once(self._server.nearest, blocks)])
        straight_m = great_circle_m(lon, lat, road[:, 0], road[:, 1])
        access_s, access_m = self.access_rule.way(straight_m)
        node = np.full((len(lon), 2), NOWHERE, np.int32)
        weight = np.zeros((len(lon), 2), np.int64)
        return SnappedPlaces(
            lon=lon,
            lat=lat,
            road_lon=road[:, 0],
            road_lat=road[:, 1],
            straight_m=straight_m,
            access_s=access_s + self.access_rule.terminal_s,
            access_m=access_m,
            is_off_road=straight_m > self.access_rule.max_access_m,
            spot=np.full(len(lon), NOWHERE, np.int32),
            leave_node=node,
            leave_weight=weight,
            enter_node=node,
            enter_weight=weight,
        )

    def matrix(self, sources: SnappedPlaces, targets: SnappedPlaces) -> TravelMatrix:
        road_ds, road_m = self._roads(sources, targets)
        is_apart = road_ds == NO_WAY
        duration_s = -(-np.where(is_apart, 0, road_ds) // 10)
        duration_s += sources.access_s[:, None] + targets.access_s
        distance_m = road_m + (sources.access_m[:, None] + targets.access_m)
        is_same = (sources.lon[:, None] == targets.lon) & (sources.lat[:, None] == targets.lat)
        duration_s[is_same] = distance_m[is_same] = 0
        is_apart &= ~is_same
        is_apart |= sources.is_off_road[:, None] | targets.is_off_road
        duration_s[is_apart] = distance_m[is_apart] = UNREACHABLE
        return TravelMatrix(duration_s, distance_m)

    def path(self, source: SnappedPlaces, target: SnappedPlaces) -> RoadPath | None:
        check_single(source)
        check_single(target)
        if source.is_off_road[0] or target.is_off_road[0]:
            return None
        ends = [np.column_stack((place.lon, place.lat)) for place in (source, target)]
        if (ends[0] == ends[1]).all():
            return RoadPath(0, 0, np.vstack(ends), np.ones(1, np.bool_))
        # The steps of a route may add up to a metre more or less than the table says, which counts.
        road_ds, road_m = (int(found[0, 0]) for found in self._roads(source, target))
        steps = self._server.route(_road(source), _road(target), self._options)
        if road_ds == NO_WAY or not steps:
            return None
        road_lonlat, stretches = _stretches(steps, road_ds, road_m)
        is_access = np.zeros(len(road_lonlat) + 1, np.bool_)
        is_access[[0, -1]] = True
        return RoadPath(
            duration_s=int(-(-road_ds // 10) + source.access_s[0] + target.access_s[0]),
            distance_m=int(road_m + source.access_m[0] + target.access_m[0]),
            lonlat=np.vstack((ends[0], road_lonlat, ends[1])),
            is_access=is_access,
            stretches=stretches,
        )

    def _roads(
        self, sources: SnappedPlaces, targets: SnappedPlaces
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(k, l) deciseconds, `NO_WAY` where there is none, and metres, without access."""
        road_ds = np.full((len(sources), len(targets)), NO_WAY)
        road_m = np.zeros((len(sources), len(targets)), np.int64)
        rows, columns = (np.nonzero(~places.is_off_road)[0] for places in (sources, targets))
        from_road, to_road = _road(sources), _road(targets)
        blocks = list(self._server.limit.blocks(rows, columns))

        def fill(block: tuple[NDArray[np.intp], NDArray[np.intp]]) -> None:
            some_rows, some_columns = block
            road_ds[np.ix_(*block)], road_m[np.ix_(*block)] = self._server.table(
                from_road[some_rows], to_road[some_columns], self._options
            )

        self._at_once(fill, blocks)
        return road_ds, road_m

    def _at_once(self, ask: Any, blocks: list[Any]) -> list[Any]:
        if len(blocks) < 2:
            return [ask(block) for block in blocks]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(ask, blocks))


@dataclass(frozen=True, slots=True)
class _Limit:
    """How large a table the server takes: in entries, and in coordinates in one address."""

    entries: int
    coordinates: int

    def after(self, code: str, rows: int, columns: int) -> "_Limit":
        """What to try after a table of this shape was refused with this code."""
        if code == URL_TOO_LONG:
            return replace(self, coordinates=min(self.coordinates, max(2, (rows + columns) // 2)))
        return replace(self, entries=min(self.entries, max(1, rows * columns // 4)))

    def blocks(
        self, rows: NDArray[np.intp], columns: NDArray[np.intp]
    ) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Parts of a table that keep the limit, as square as the table allows."""
        side = max(1, min(isqrt(self.entries), self.coordinates // 2))
        height = max(1, min(len(rows), side))
        width = max(1, min(len(columns), self.entries // height, self.coordinates - height))
        height = max(1, min(len(rows), self.entries // width, self.coordinates - width))
        for top in range(0, len(rows), height):
            for left in range(0, len(columns), width):
                yield rows[top : top + height], columns[left : left + width]


class _Server:
    """The three services in the form of arrays, and what has been learnt of the server."""

    def __init__(self, client: OsrmClient, max_table_size: int) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._excludable: tuple[str, ...] | None = None
        self.limit = _Limit(max_table_size**2, MAX_COORDINATES)

    def table(
        self, sources: NDArray[np.float64], targets: NDArray[np.float64], options: Mapping[str, str]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Deciseconds, `NO_WAY` where there is none, and metres between positions on roads."""
        shape = (len(sources), len(targets))
        try:
            answer = self._client.ask(
                "table",
                np.vstack((sources, targets)),
                {
                    "sources": _numbers(0, shape[0]),
                    "destinations": _numbers(shape[0], sum(shape)),
                    "annotations": "duration,distance",
                    "generate_hints": "false",
                    **options,
                },
            )
        except OsrmRefusedError as error:
            if error.code == "NoTable":
                return np.full(shape, NO_WAY), np.zeros(shape, np.int64)
            if error.code not in ("TooBig", URL_TOO_LONG) or shape == (1, 1):
                raise
            self._learn(error.code, *shape)
            return self._table_in_parts(sources, targets, options)
        duration_s = self._array(answer, "durations", shape)
        is_apart = np.isnan(duration_s)
        distance_m = np.where(is_apart, 0, self._array(answer, "distances", shape))
        road_ds = np.rint(np.where(is_apart, 0, duration_s) * 10).astype(np.int64)
        return np.where(is_apart, NO_WAY, road_ds), np.rint(distance_m).astype(np.int64)

    def nearest(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        (k, 2) where the roads are that a table would begin at, [lon, lat].

        Asked for by the first row of a table, which tells it for all places at once. That is also
        more use than `/nearest`, which may choose a yard that no road leads to.
        """
        if not len(lonlat):
            return lonlat
        options = {"sources": "0", "generate_hints": "false"}
        # A table of one place is refused.
        asked = lonlat if len(lonlat) > 1 else np.repeat(lonlat, 2, axis=0)
        try:
            try:
                answer = self._client.ask("table", asked, options)
            except OsrmRefusedError as error:
                if error.code != "NoSegment":
                    raise
                # The server looks for roads nearby only. We look all over, to tell how far it is.
                everywhere = ";".join(["unlimited"] * len(asked))
                answer = self._client.ask("table", asked, {**options, "radiuses": everywhere})
        except OsrmRefusedError as error:
            if error.code not in ("TooBig", URL_TOO_LONG) or len(lonlat) == 1:
                raise
            self._learn(error.code, 1, len(lonlat))
            half = len(lonlat) // 2
            return np.vstack((self.nearest(lonlat[:half]), self.nearest(lonlat[half:])))
        try:
            found = [waypoint["location"] for waypoint in answer["destinations"]]
            return np.array(found, np.float64).reshape(len(asked), 2)[: len(lonlat)]
        except (KeyError, TypeError, ValueError):
            raise self._not_the_format("destinations") from None

    def route(
        self,
        source: NDArray[np.float64],
        target: NDArray[np.float64],
        options: Mapping[str, str],
    ) -> list[dict[str, Any]]:
        """Steps of the best route, of which there are none when there is no route."""
        asked = {"steps": "true", "geometries": "geojson", "overview": "false"}
        try:
            answer = self._client.ask(
                "route",
                np.vstack((source, target)),
                {**asked, "generate_hints": "false", **options},
            )
        except OsrmRefusedError as error:
            if error.code == "NoRoute":
                return []
            raise
        try:
            steps = list(answer["routes"][0]["legs"][0]["steps"])
            for step in steps:
                np.array(step["geometry"]["coordinates"], np.float64).reshape(-1, 2)
                float(step["distance"] + step["duration"])
        except (LookupError, TypeError, ValueError):
            raise self._not_the_format("routes") from None
        return steps

    def excludable(self) -> tuple[str, ...]:
        """Those of `EXCLUDED` that the server was prepared for."""
        if self._excludable is None:
            # Of two threads that come at once both ask, and are answered alike.
            self._excludable = tuple(
                name for name, road_class in EXCLUDED.items() if self._can_exclude(road_class)
            )
        return self._excludable

    def _can_exclude(self, road_class: str) -> bool:
        origin = np.zeros((1, 2))
        try:
            self._client.ask("nearest", origin, {"exclude": road_class})
        except OsrmRefusedError as error:
            return error.code == "NoSegment"
        return True

    def _table_in_parts(
        self, sources: NDArray[np.float64], targets: NDArray[np.float64], options: Mapping[str, str]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        shape = (len(sources), len(targets))
        road_ds, road_m = np.empty(shape, np.int64), np.empty(shape, np.int64)
        for rows, columns in self.limit.blocks(np.arange(shape[0]), np.arange(shape[1])):
            part = np.ix_(rows, columns)
            road_ds[part], road_m[part] = self.table(sources[rows], targets[columns], options)
        return road_ds, road_m

    def _learn(self, code: str, rows: int, columns: int) -> None:
        with self._lock:
            self.limit = self.limit.after(code, rows, columns)

    def _array(
        self, answer: Mapping[str, Any], name: str, shape: tuple[int, int]
    ) -> NDArray[np.float64]:
        try:
            array = np.array(answer[name], np.float64)
        except (KeyError, TypeError, ValueError):
            raise self._not_the_format(name) from None
        if array.shape != shape:
            raise self._not_the_format(name)
        return array

    def _not_the_format(self, name: str) -> OsrmRefusedError:
        return OsrmRefusedError(
            f"The OSRM server at {self._client.shown_url} answers without {name} as we know them. "
            "OSRM 5.18 or later is needed.",
            "Ok",
        )


def _numbers(first: int, end: int) -> str:
    return ";".join(map(str, range(first, end)))


def _road(places: SnappedPlaces) -> NDArray[np.float64]:
    return np.column_stack((places.road_lon, places.road_lat))


def _stretches(
    steps: list[dict[str, Any]], road_ds: int, road_m: int
) -> tuple[NDArray[np.float64], tuple[Stretch, ...]]:
    """
    Points of a route, (p, 2), and its stretches by name, which add up to what the table says.

    The index of a stretch counts the place before the road as point 0.
    """
    points: list[list[float]] = []
    # Of each stretch: name, kind, first point, metres and seconds at its beginning.
    begun: list[tuple[str, str, int, float, float]] = []
    longest, metres, seconds = 0.0, 0.0, 0.0
    for step in steps:
        coordinates = step["geometry"]["coordinates"]
        if not step["distance"] and not step["duration"]:
            points = points or coordinates[:1]
            continue  # the arrival
        first = 1 + max(0, len(points) - 1)
        points += coordinates[points[-1:] == coordinates[:1] :]
        name, kind = str(step.get("name") or step.get("ref") or ""), _kind(step)
        if not begun or begun[-1][0] != name:
            begun.append((name, kind, first, metres, seconds))
            longest = step["distance"]
        elif step["distance"] > longest:
            begun[-1] = (name, kind, *begun[-1][2:])
            longest = step["distance"]
        metres += step["distance"]
        seconds += step["duration"]
    share_m = road_m / metres if metres else 0.0
    share_s = road_ds / 10 / seconds if seconds else 0.0
    ends = [*begun, ("", "", 0, metres, seconds)]
    stretches = tuple(
        Stretch(
            name=name,
            kind=kind,
            first_point=first,
            distance_m=round(next_m * share_m) - round(at_m * share_m),
            duration_s=(next_s - at_s) * share_s,
        )
        for (name, kind, first, at_m, at_s), (_, _, _, next_m, next_s) in pairwise(ends)
    )
    return np.array(points, np.float64), stretches


def _kind(step: Mapping[str, Any]) -> str:
    """OSRM tells ferries and motorways, and no other kinds."""
    if step.get("mode") == "ferry":
        return "ferry"
    classes = {name for place in step.get("intersections", ()) for name in place.get("classes", ())}
    return "motorway" if "motorway" in classes else "road"
