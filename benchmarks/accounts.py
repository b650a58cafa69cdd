"""
How fast the service lists, draws and takes in 24,000 accounts.

    python -m benchmarks.accounts --json

Starts the service on a fresh German sample. `cpu_s` are CPU seconds of the service, the mean of
several requests; other `_s` are seconds on the clock of the client, which other work on the machine
lengthens. After an account was written, the next request reads all of them anew.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from benchmarks.service import Service, running_service

ACCOUNTS = "/api/v1/accounts"
SORTS = ("id", "-id", "name", "-name", "potential", "-potential", "prize", "-prize", "due", "-due")
TIMES = 10
BATCH = 1000
GZIP = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, measured."""

    response: httpx.Response
    seconds: float


def ask(client: httpx.Client, url: str, method: str = "GET", **facts: Any) -> Asked:
    begun = time.perf_counter()
    response = client.request(method, url, **facts)
    seconds = time.perf_counter() - begun
    if response.status_code >= 300:
        raise SystemExit(f"{method} {url}: {response.status_code} {response.text[:500]}")
    return Asked(response, seconds)


def lists(service: Service, limit: int) -> dict[str, Any]:
    """Every page of every order: how long each took, and whether all accounts came once."""
    client, before = service.client, service.cpu_s()
    seconds: list[float] = []
    for sort in SORTS:
        seen: set[str] = set()
        cursor: str | None = ""
        total = 0
        while cursor is not None:
            asked = ask(client, f"{ACCOUNTS}?sort={sort}&limit={limit}&cursor={cursor}")
            body = asked.response.json()
            seconds.append(asked.seconds)
            seen |= {item["account_id"] for item in body["items"]}
            cursor, total = body.get("next_cursor"), body["total"]
        if len(seen) != total:
            raise SystemExit(f"By {sort} {len(seen)} of {total} accounts came.")
    return {
        "pages": len(seconds),
        "cpu_s": round((service.cpu_s() - before) / len(seconds), 4),
        "median_s": round(statistics.median(seconds), 4),
        "longest_s": round(max(seconds), 4),
    }


def repeated(service: Service, work: Callable[[], Asked], times: int = TIMES) -> dict[str, float]:
    before = service.cpu_s()
    seconds = [work().seconds for _ in range(times)]
    return {
        "median_s": round(statistics.median(seconds), 4),
        "cpu_s": round((service.cpu_s() - before) / times, 3),
    }


def points(service: Service) -> dict[str, Any]:
    """All points of the map: remembered, made anew by a filter that keeps all, and their size."""
    client = service.client
    with client.stream("GET", f"{ACCOUNTS}.geojson", headers=GZIP) as response:
        zipped = sum(map(len, response.iter_raw()))
    whole = ask(client, f"{ACCOUNTS}.geojson", headers=GZIP).response
    return {
        "features": len(whole.json()["features"]),
        "gzip_kb": round(zipped / 1000),
        "raw_kb": round(len(whole.content) / 1000),
        "remembered": repeated(service, lambda: ask(client, f"{ACCOUNTS}.geojson", headers=GZIP)),
        "made_anew": repeated(
            service, lambda: ask(client, f"{ACCOUNTS}.geojson?min_potential=0", headers=GZIP)
        ),
    }


def writes(service: Service) -> dict[str, Any]:
    """One account written, alone and with a list read after it; then a thousand at once."""
    client, number = service.client, iter(range(10**6))

    def put() -> Asked:
        body = {"name": "Neu", "notes": str(next(number)), "address": {"town": "Kassel"}}
        return ask(client, f"{ACCOUNTS}/by-external-id/bench/1", "PUT", json=body)

    def put_and_read() -> Asked:
        written, read = put(), ask(client, f"{ACCOUNTS}?limit=100")
        return Asked(read.response, written.seconds + read.seconds)

    def read_record() -> Asked:
        return ask(client, f"{ACCOUNTS}/by-external-id/bench/1")

    items = [
        {
            "external_id": f"b-{k}",
            "name": f"Firma {k}",
            "address": {"postcode": "34117", "town": "Kassel"},
            "potential": k,
        }
        for k in range(BATCH)
    ]
    batch = {"system": "bench", "items": items}
    created = ask(client, f"{ACCOUNTS}/batch", "POST", json=batch)
    unchanged = ask(client, f"{ACCOUNTS}/batch", "POST", json=batch)
    for asked, effect in ((created, "created"), (unchanged, "unchanged")):
        if asked.response.json()["counts"][effect] != BATCH:
            raise SystemExit(f"Not all are {effect}: {asked.response.json()['counts']}")
    put()
    return {
        "put": repeated(service, put),
        "read_record": repeated(service, read_record),
        "put_and_read_list": repeated(service, put_and_read),
        "batch_created_s": round(created.seconds, 3),
        "batch_unchanged_s": round(unchanged.seconds, 3),
    }


def search(service: Service) -> dict[str, Any]:
    """What is typed, letter by letter, and the first letter after a change."""
    client, text = service.client, "muller kas"
    texts = [text[:end] for end in range(1, len(text) + 1)]
    first = ask(client, ACCOUNTS, params={"q": texts[0]})
    seconds = [ask(client, ACCOUNTS, params={"q": one}).seconds for one in texts]
    return {
        "first_after_a_change_s": round(first.seconds, 3),
        "median_s": round(statistics.median(seconds), 4),
        "longest_s": round(max(seconds), 4),
    }


def selection(service: Service) -> dict[str, float]:
    ring = [[6, 47], [15.5, 47], [15.5, 55.5], [6, 55.5], [6, 47]]
    body = {"polygon": {"type": "Polygon", "coordinates": [ring]}, "due": ["yellow", "red"]}
    return repeated(
        service, lambda: ask(service.client, f"{ACCOUNTS}/selections", "POST", json=body)
    )


def run() -> dict[str, Any]:
    with running_service() as service:
        total = ask(service.client, ACCOUNTS).response.json()["total"]
        return {
            "accounts": total,
            "pages_of_100": lists(service, 100),
            "pages_of_1000": lists(service, 1000),
            "points": points(service),
            "selection": selection(service),
            "writes": writes(service),
            "search": search(service),
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accounts",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    options = parser.parse_args()
    figures = run()
    for name, value in figures.items():
        print(f"{name}: {value}")
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
