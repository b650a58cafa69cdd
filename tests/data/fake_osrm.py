"""A server on loopback that speaks OSRM's format, and misbehaves when told to."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Answer = dict[str, Any]
Position = tuple[float, float]

PATH = re.compile(r"/(table|nearest|route)/v1/driving/polyline6\((.*)\)")

ISLAND_LON = 20.0
"""East of it is an island."""


@dataclass(frozen=True)
class Misbehaviour:
    """
    What to send instead of an answer.

    Parameters
    ----------
    missing_bytes
        Promised by the header, but not sent.
    delay
        Waited for before anything is sent.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    missing_bytes: int = 0
    delay: threading.Event | None = None


@dataclass
class FakeOsrm:
    """
    One road along the parallel of 50 degrees: a degree takes 1000.37 s and 10,000.6 m.

    East of `ISLAND_LON` begins another road. Westward everything takes twice as long.

    Parameters
    ----------
    max_entries
        Of a table; more are refused as `TooBig`.
    max_address
        Letters of an address; more are refused with status 414.
    misbehave
        Taken from the front, one for each request.
    asked
        Service, positions and options of every request answered.
    """

    url: str = ""
    max_entries: int = 10_000
    max_address: int = 8000
    excludable: tuple[str, ...] = ("motorway", "ferry")
    default_radius_m: float | None = None
    misbehave: list[Misbehaviour] = field(default_factory=list)
    asked: list[tuple[str, list[Position], dict[str, str]]] = field(default_factory=list)
    requests: int = 0

    def answer(self, service: str, at: list[Position], options: dict[str, str]) -> Answer:
        self.asked.append((service, at, options))
        if service != "nearest" and len(at) < 2:
            return {"code": "InvalidOptions", "message": "Number of coordinates needs to be two"}
        if options.get("exclude", "motorway") not in self.excludable:
            return {"code": "InvalidValue", "message": "Exclude flag combination is not supported."}
        if "radiuses" not in options and self.default_radius_m is not None:
            for number, (_, lat) in enumerate(at):
                if abs(lat - 50) * 111_195 > self.default_radius_m:
                    message = f"Could not find a matching segment for coordinate {number}"
                    return {"code": "NoSegment", "message": message}
        waypoints = [{"location": [round(lon, 6), 50.0], "name": "The Road"} for lon, _ in at]
        if service == "nearest":
            return {"code": "Ok", "waypoints": waypoints}
        if service == "route":
            return self._route(at)
        sources = _indices(options.get("sources"), len(at))
        targets = _indices(options.get("destinations"), len(at))
        if len(sources) * len(targets) > self.max_entries:
            return {"code": "TooBig", "message": "Too many table coordinates"}
        ways = [[_way(at[row], at[column]) for column in targets] for row in sources]
        table: Answer = {
            "code": "Ok",
            "sources": [waypoints[row] for row in sources],
            "destinations": [waypoints[column] for column in targets],
        }
        for position, name in enumerate(("durations", "distances")):
            table[name] = [[way and way[position] for way in row] for row in ways]
        return table

    def _route(self, at: list[Position]) -> Answer:
        way = _way(*at)
        if way is None:
            return {"code": "NoRoute", "message": "Impossible route between points"}
        (first, _), (last, _) = at
        corners = [first, (first + last) / 2, last]
        steps = [
            {
                "name": name,
                "mode": mode,
                "distance": way[1] / 2,
                "duration": way[0] / 2,
                "intersections": [{"classes": classes}] if classes else [{}],
                "geometry": {
                    "type": "LineString",
                    "coordinates": [[corners[k], 50.0], [corners[k + 1], 50.0]],
                },
            }
            for k, (name, mode, classes) in enumerate(
                [("West Road", "driving", []), ("East Road", "driving", ["motorway"])]
            )
        ]
        end = {"type": "LineString", "coordinates": [[last, 50.0], [last, 50.0]]}
        arrival = {"name": "East Road", "distance": 0, "duration": 0, "geometry": end}
        legs = [{"steps": [*steps, {**arrival, "mode": "driving", "intersections": [{}]}]}]
        route = {"legs": legs, "duration": way[0], "distance": way[1]}
        return {"code": "Ok", "routes": [route], "waypoints": []}


def _way(source: Position, target: Position) -> tuple[float, float] | None:
    if (source[0] > ISLAND_LON) != (target[0] > ISLAND_LON):
        return None
    degrees = target[0] - source[0]
    slowness = 1 if degrees > 0 else 2
    return round(abs(degrees) * 1000.37 * slowness, 1), round(abs(degrees) * 10_000.6, 1)


def _indices(text: str | None, count: int) -> list[int]:
    return list(range(count)) if text is None else [int(number) for number in text.split(";")]


def decode_polyline(text: str) -> list[Position]:
    """Google's polyline format with six decimals, written from its description."""
    numbers, value, shift = [], 0, 0
    for letter in text:
        chunk = ord(letter) - 63
        value |= (chunk & 0x1F) << shift
        shift += 5
        if chunk < 0x20:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    lon = lat = 0
    positions = []
    for lat_step, lon_step in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lon = lat + lat_step, lon + lon_step
        positions.append((lon / 1e6, lat / 1e6))
    return positions


@contextmanager
def running_fake(fake: FakeOsrm) -> Iterator[FakeOsrm]:
    """The server on a free port of loopback for the time of a `with` statement."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with lock:
                fake.requests += 1
                wrong = fake.misbehave.pop(0) if fake.misbehave else None
                if wrong is None:
                    wrong = self.usual()
            if wrong.delay is not None:
                wrong.delay.wait(10)
            try:
                self.send_response(wrong.status)
                self.send_header("Content-Type", wrong.content_type)
                self.send_header("Content-Length", str(len(wrong.body) + wrong.missing_bytes))
                for name, value in wrong.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(wrong.body)
            except ConnectionError:
                pass  # given up meanwhile
            self.close_connection = bool(wrong.missing_bytes)

        def usual(self) -> Misbehaviour:
            if len(self.path) > fake.max_address:
                return Misbehaviour(414, b"<html>URI Too Long</html>", "text/html")
            address = urlsplit(self.path)
            found = PATH.fullmatch(unquote(address.path))
            if found is None:
                answer: Answer = {"code": "InvalidUrl", "message": "URL string malformed"}
            else:
                options = {name: value[0] for name, value in parse_qs(address.query).items()}
                answer = fake.answer(found[1], decode_polyline(found[2]), options)
            status = 200 if answer["code"] == "Ok" else 400
            return Misbehaviour(status, json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        fake.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
