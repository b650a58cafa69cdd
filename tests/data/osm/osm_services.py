"""Overpass and Nominatim on loopback, answering from an extract in their real formats."""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import osmium
import shapely
from osmium.geom import GeoJSONFactory

Element = dict[str, Any]
Key = tuple[str, int]

TYPES = {"n": "node", "w": "way", "r": "relation"}

SELECTION = re.compile(r"(node|way|relation)((?:\[[^\]]*\])+)\(poly:'([-0-9. ]+)'\)")
FILTER = re.compile(r"""\[(["'])(?P<key>.*?)\1(?:(?P<op>!?[=~])(["'])(?P<value>.*?)\4)?\]""")
HEADER = re.compile(r"^\[out:json\]\[timeout:\d+\];")

STATUS = """Connected as: 2130706433
Current time: 2026-01-05T08:00:00Z
Announced endpoint: none
Rate limit: 2
2 slots available now.
Currently running queries (pid, space limit, time limit, start time):
"""

Reply = tuple[int, str, bytes]
"""Status, content type and body."""


class Extract:
    """All of a small extract in memory, and the queries that osmnx sends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.elements: dict[Key, Element] = {}
        for entity in osmium.FileProcessor(path):
            element: Element = {"type": TYPES[entity.type_str()], "id": entity.id}
            if isinstance(entity, osmium.osm.Node):
                element |= {"lat": entity.location.lat, "lon": entity.location.lon}
            elif isinstance(entity, osmium.osm.Way):
                element["nodes"] = [node.ref for node in entity.nodes]
            elif isinstance(entity, osmium.osm.Relation):
                element["members"] = [
                    {"type": TYPES[member.type], "ref": member.ref, "role": member.role}
                    for member in entity.members
                ]
            if len(entity.tags):
                element["tags"] = {tag.k: tag.v for tag in entity.tags}
            self.elements[element["type"], entity.id] = element
        nodes = [element for (kind, _), element in self.elements.items() if kind == "node"]
        self._node_ids = np.array([node["id"] for node in nodes])
        self._lonlat = np.array([(node["lon"], node["lat"]) for node in nodes])
        self._inside: dict[str, set[Key]] = {}
        self._tagged: dict[tuple[str, str], list[Key]] = {}
        self._answers: dict[str, Element] = {}

    def overpass(self, query: str) -> Element:
        """See `_overpass`. Most tests ask the same."""
        if query not in self._answers:
            self._answers[query] = self._overpass(query)
        return self._answers[query]

    def _overpass(self, query: str) -> Element:
        """The answer to a union of selections by tags and outline, with all they consist of."""
        assert HEADER.match(query), query[:80]
        assert query.endswith("out;"), query[-80:]
        wanted: set[Key] = set()
        for kind, filters, outline in SELECTION.findall(query):
            tests = [match.group("key", "op", "value") for match in FILTER.finditer(filters)]
            wanted |= {
                key
                for key in self._tagged_inside(outline, kind)
                if _passes(self.elements[key]["tags"], tests)
            }
        wanted = self._with_parts(wanted)
        order = sorted(wanted, key=lambda key: (list(TYPES.values()).index(key[0]), key[1]))
        return {
            "version": 0.6,
            "generator": "Overpass API 0.7.62",
            "osm3s": {
                "timestamp_osm_base": "2026-01-05T08:00:00Z",
                "copyright": "The data included in this document is from www.openstreetmap.org.",
            },
            "elements": [self.elements[key] for key in order],
        }

    def nominatim(self, name: str) -> list[Element]:
        """Areas and other places of this name, the part before the first comma counts."""
        wanted = name.partition(",")[0].casefold()
        outlines = [found for found in self._outlines if found["name"].casefold() == wanted]
        points = [
            _result(element, json.dumps({"type": "Point", "coordinates": [lon, lat]}), lon, lat)
            for element in self.elements.values()
            if element.get("tags", {}).get("name", "").casefold() == wanted
            and "place" in element["tags"]
            and element["type"] == "node"
            for lon, lat in [(element["lon"], element["lat"])]
        ]
        return outlines + points

    @cached_property
    def _outlines(self) -> list[Element]:
        factory = GeoJSONFactory()
        found = []
        areas = osmium.FileProcessor(self.path).with_areas(
            osmium.filter.TagFilter(("boundary", "administrative"))
        )
        for area in areas:
            if not isinstance(area, osmium.osm.Area) or area.from_way():
                continue
            element = self.elements["relation", area.orig_id()]
            if "name" in element["tags"] and area.num_rings()[0]:
                outline = factory.create_multipolygon(area)
                middle = shapely.from_geojson(outline).representative_point()
                found.append(_result(element, outline, middle.x, middle.y))
        return found

    def _tagged_inside(self, outline: str, kind: str) -> list[Key]:
        if (outline, kind) not in self._tagged:
            inside = sorted(self._inside_outline(outline))
            self._tagged[outline, kind] = [
                key for key in inside if key[0] == kind and "tags" in self.elements[key]
            ]
        return self._tagged[outline, kind]

    def _inside_outline(self, outline: str) -> set[Key]:
        if outline not in self._inside:
            numbers = [float(number) for number in outline.split()]
            polygon = shapely.Polygon(list(zip(numbers[1::2], numbers[::2], strict=True)))
            is_inside = shapely.contains_xy(polygon, self._lonlat)
            inside: set[Key] = {("node", int(node)) for node in self._node_ids[is_inside]}
            inside |= {
                key
                for key, element in self.elements.items()
                if key[0] == "way" and any(("node", ref) in inside for ref in element["nodes"])
            }
            inside |= {
                key
                for key, element in self.elements.items()
                if key[0] == "relation"
                and any((part["type"], part["ref"]) in inside for part in element["members"])
            }
            self._inside[outline] = inside
        return self._inside[outline]

    def _with_parts(self, wanted: set[Key]) -> set[Key]:
        """With the members of relations and the nodes of ways, as far as the extract has them."""
        found = set(wanted)
        for kind in ("relation", "way"):
            for key in [key for key in found if key[0] == kind]:
                element = self.elements[key]
                parts = [(part["type"], part["ref"]) for part in element.get("members", ())]
                parts += [("node", ref) for ref in element.get("nodes", ())]
                found.update(part for part in parts if part in self.elements)
        return found


def _passes(tags: dict[str, str], tests: list[tuple[str, str | None, str | None]]) -> bool:
    for key, operator, wanted in tests:
        value = tags.get(key)
        if operator == "!~":
            passes = value is None or re.search(wanted or "", value) is None
        elif value is None:
            passes = False
        else:
            is_like = operator == "~" and re.search(wanted or "", value) is not None
            passes = operator is None or value == wanted or is_like
        if not passes:
            return False
    return True


def _result(element: Element, outline: str, lon: float, lat: float) -> Element:
    """A result as Nominatim 4 gives it; numbers of positions are text there."""
    west, south, east, north = shapely.from_geojson(outline).bounds
    name = element["tags"]["name"]
    return {
        "place_id": element["id"] % 100_000,
        "licence": "Data © OpenStreetMap contributors, ODbL 1.0.",
        "osm_type": element["type"],
        "osm_id": element["id"],
        "lat": f"{lat:.7f}",
        "lon": f"{lon:.7f}",
        "class": "boundary" if "boundary" in element["tags"] else "place",
        "type": element["tags"].get("boundary", element["tags"].get("place")),
        "place_rank": 16,
        "importance": 0.5,
        "addresstype": "municipality",
        "name": name,
        "display_name": name,
        "boundingbox": [f"{south:.7f}", f"{north:.7f}", f"{west:.7f}", f"{east:.7f}"],
        "geojson": json.loads(outline),
    }


@dataclass
class OsmServices:
    """
    Parameters
    ----------
    overpass_url, nominatim_url
        Where they answer.
    asked
        How often each path has been asked for.
    replies
        What to answer instead, by path.
    """

    overpass_url: str
    nominatim_url: str
    asked: Counter[str] = field(default_factory=Counter)
    replies: dict[str, Callable[[], Reply]] = field(default_factory=dict)


@contextmanager
def osm_services(extract: Extract) -> Iterator[OsmServices]:
    """Both services on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = parse_qs(address.query)
            if address.path == "/api/status":
                self.reply(address.path, lambda: (200, "text/plain", STATUS.encode()))
            elif address.path == "/search":
                assert query["format"] == ["json"]
                assert query["polygon_geojson"] == ["1"]
                self.reply(address.path, lambda: _json(extract.nominatim(query["q"][0])))
            else:
                self.reply(address.path, lambda: (404, "text/html", b"<html>Not Found</html>"))

        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.reply(self.path, lambda: _json(extract.overpass(body["data"][0])))

        def reply(self, path: str, usual: Callable[[], Reply]) -> None:
            services.asked[path] += 1
            status, content_type, body = services.replies.get(path, usual)()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        base = f"http://127.0.0.1:{server.server_port}"
        services = OsmServices(f"{base}/api", base)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield services
        finally:
            server.shutdown()
            thread.join()


def _json(answer: Any) -> Reply:
    return 200, "application/json", json.dumps(answer).encode()
