"""
A server on loopback that speaks as Nominatim, Photon and Google do.

It knows some addresses and answers in the format of whichever path is asked. What it should answer
instead, one time each, is put into `troubles`.
"""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "AIzaSyTestOfOurOwn-0123456789"
"""The only key that the Google of this server takes."""


@dataclass(frozen=True, slots=True)
class Known:
    """An address that the server knows; without a number a street, without a street a town."""

    street: str
    number: str
    postcode: str
    town: str
    lon: float
    lat: float
    country: str = "de"


ADDRESSES = (
    Known("Königsplatz", "53", "34117", "Kassel", 9.4935, 51.3155),
    Known("Königsplatz", "", "34117", "Kassel", 9.4938, 51.3158),
    Known("", "", "34117", "Kassel", 9.4797, 51.3127),
    Known("Hauptstraße", "1", "99999", "Neudorf", 10.1, 50.1),
    Known("Hauptstraße", "1", "88888", "Neudorf", 11.1, 49.1),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """
    An answer that is none.

    Parameters
    ----------
    body
        As it goes out.
    delay_s
        Before it does.
    """

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    mimetype: str = "application/json"


@dataclass(slots=True)
class Asked:
    """A request as it came."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass(slots=True)
class FakeGeocoders:
    url: str
    known: list[Known] = field(default_factory=lambda: list(ADDRESSES))
    troubles: list[Trouble] = field(default_factory=list)
    always: Trouble | None = None
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Trouble:
        self.asked.append(asked)
        if self.troubles:
            return self.troubles.pop(0)
        if self.always is not None:
            return self.always
        makers = {"/search": _nominatim, "/api": _photon, "/maps/api/geocode/json": _google}
        make = makers.get(asked.path)
        if make is None:
            return Trouble(404, "<html>Not found</html>", mimetype="text/html")
        return Trouble(200, json.dumps(make(self.known, asked.query), ensure_ascii=False))


@contextmanager
def fake_geocoders() -> Iterator[FakeGeocoders]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            found = fake.answer(Asked(parts.path, query, headers))
            time.sleep(found.delay_s)
            body = found.body.encode()
            try:
                self.send_response(found.status)
                self.send_header("Content-Type", f"{found.mimetype}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                for name, value in found.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # who asked has given up

        def log_message(self, *given: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *given: Any) -> None:
            pass  # who asked has gone

    server = Server(("127.0.0.1", 0), Handler)
    fake = FakeGeocoders(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _meant(known: list[Known], text: str) -> list[Known]:
    """Those all of whose parts stand in the text, as a search engine would find them."""
    words = " ".join(["", *re.findall(r"[^\W_]+", text.casefold()), ""])

    def is_in(part: str) -> bool:
        return not part or f" {part.casefold()} " in words

    return [one for one in known if all(map(is_in, (one.street, one.number, one.town)))]


def _nominatim(known: list[Known], query: dict[str, str]) -> list[dict[str, Any]]:
    names = ("street", "postalcode", "city")
    text = query.get("q") or ", ".join(query[name] for name in names if name in query)
    found = _meant(known, text)
    if "postalcode" in query:
        found = [one for one in found if one.postcode == query["postalcode"]]
    return [_nominatim_result(one, number) for number, one in enumerate(found)]


def _nominatim_result(one: Known, number: int) -> dict[str, Any]:
    if one.number:
        kind, value, is_of, rank = "place", "house", "place", 30
    elif one.street:
        kind, value, is_of, rank = "highway", "residential", "road", 26
    else:
        kind, value, is_of, rank = "boundary", "administrative", "city", 16
    address = {
        "house_number": one.number,
        "road": one.street,
        "city": one.town,
        "state": "Hessen",
        "ISO3166-2-lvl4": "DE-HE",
        "postcode": one.postcode if one.street else "",
        "country": "Deutschland",
        "country_code": one.country,
    }
    return {
        "place_id": 100 + number,
        "licence": "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright",
        "osm_type": "node" if one.number else "way",
        "osm_id": 200 + number,
        "lat": str(one.lat),
        "lon": str(one.lon),
        "class": kind,
        "type": value,
        "place_rank": rank,
        "importance": 0.00008,
        "addresstype": is_of,
        "name": "" if one.number else one.street or one.town,
        "display_name": ", ".join(p for p in (one.number, one.street, one.postcode, one.town) if p),
        "address": {name: value for name, value in address.items() if value},
        "boundingbox": [str(one.lat), str(one.lat), str(one.lon), str(one.lon)],
    }


def _photon(known: list[Known], query: dict[str, str]) -> dict[str, Any]:
    features = [_photon_feature(one, k) for k, one in enumerate(_meant(known, query["q"]))]
    return {"type": "FeatureCollection", "features": features}


def _photon_feature(one: Known, number: int) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "osm_type": "N",
        "osm_id": 200 + number,
        "country": "Deutschland",
        "countrycode": one.country.upper(),
        "state": "Hessen",
        "postcode": one.postcode,
    }
    if one.number:
        facts |= {"osm_key": "place", "osm_value": "house", "type": "house"}
        facts |= {"housenumber": one.number, "street": one.street, "city": one.town}
    elif one.street:
        facts |= {"osm_key": "highway", "osm_value": "residential", "type": "street"}
        facts |= {"name": one.street, "city": one.town}
    else:
        facts |= {"osm_key": "place", "osm_value": "city", "type": "city", "name": one.town}
        del facts["postcode"]
    geometry = {"type": "Point", "coordinates": [one.lon, one.lat]}
    return {"type": "Feature", "properties": facts, "geometry": geometry}


def _google(known: list[Known], query: dict[str, str]) -> dict[str, Any]:
    if query.get("key") != KEY:
        text = "The provided API key is invalid. "
        return {"error_message": text, "results": [], "status": "REQUEST_DENIED"}
    found = _meant(known, query["address"])
    results = [_google_result(one, k) for k, one in enumerate(found)]
    return {"results": results, "status": "OK" if results else "ZERO_RESULTS"}


def _google_result(one: Known, number: int) -> dict[str, Any]:
    if one.number:
        kinds, exactness = ["street_address"], "ROOFTOP"
    elif one.street:
        kinds, exactness = ["route"], "GEOMETRIC_CENTER"
    else:
        kinds, exactness = ["locality", "political"], "APPROXIMATE"
    parts = (
        (one.number, one.number, ["street_number"]),
        (one.street, one.street, ["route"]),
        (one.town, one.town, ["locality", "political"]),
        ("Hessen", "HE", ["administrative_area_level_1", "political"]),
        ("Deutschland", one.country.upper(), ["country", "political"]),
        (one.postcode if one.street else "", one.postcode, ["postal_code"]),
    )
    return {
        "address_components": [
            {"long_name": long, "short_name": short, "types": types}
            for long, short, types in parts
            if long
        ],
        "formatted_address": f"{one.street} {one.number}, {one.postcode} {one.town}, Deutschland",
        "geometry": {
            "location": {"lat": one.lat, "lng": one.lon},
            "location_type": exactness,
            "viewport": {
                "northeast": {"lat": one.lat + 0.001, "lng": one.lon + 0.001},
                "southwest": {"lat": one.lat - 0.001, "lng": one.lon - 0.001},
            },
        },
        "place_id": f"ChIJ{number}",
        "types": kinds,
    }
