"""
A small world: 25 junctions, 30 accounts, two reps, seven towns.

    Nordstadt (9.0, 51.4) --- ... --- Ostburg (9.4, 51.4)
        |      5 x 5 junctions          |
        |      about 7 x 11 km apart    |
    Anfang    (9.0, 51.0) --- ... --- Suedend (9.4, 51.0)

All roads are 60 km/h. An island of two junctions at 12.0, 54.0 is not connected. There are two
places called Neustadt, the larger one at 9.2, 51.2.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from accounts.account import OpeningWindow, Status
from api.settings import Settings
from api.state import AppState
from api.world import Town, World
from data import dataset_store
from data.database import Database
from data.geocoding.gazetteer import Gazetteer
from data.geocoding.places import CityRow, PostcodeRow
from data.tables import DatasetKind
from geo import great_circle_m
from routing.roads.road_graph import RoadGraph
from routing.roads.scipy_engine import ScipyEngine
from tests.data.builders import add_account, add_order, add_ownership, add_rep, add_visit

SIDE = 5
LON = [9.0 + 0.1 * k for k in range(SIDE)]
LAT = [51.0 + 0.1 * k for k in range(SIDE)]
TODAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 7, 30, tzinfo=UTC)
MONDAY = date(2026, 11, 23)

TOWNS = (
    ("Anfang", "Hesse", 9.0, 51.0, 90_000),
    ("Ostburg", "Hesse", 9.4, 51.4, 80_000),
    ("Nordstadt", "Hesse", 9.0, 51.4, 60_000),
    ("Suedend", "Hesse", 9.4, 51.0, 50_000),
    ("Neustadt", "Hesse", 9.2, 51.2, 40_000),
    ("Neustadt", "Saxony", 9.3, 51.1, 30_000),
    ("Insel", "Coast", 12.0, 54.0, 20_000),
    ("Fern", "Coast", 20.0, 58.0, 1_000),
)


def road_graph() -> RoadGraph:
    lon = [lon for lat in LAT for lon in LON] + [12.0, 12.1]
    lat = [lat for lat in LAT for _ in LON] + [54.0, 54.0]
    edges = []
    for row in range(SIDE):
        for column in range(SIDE):
            node = row * SIDE + column
            if column + 1 < SIDE:
                edges.append((node, node + 1))
            if row + 1 < SIDE:
                edges.append((node, node + SIDE))
    edges.append((SIDE * SIDE, SIDE * SIDE + 1))
    tail, head = np.array(edges, dtype=np.int32).T
    x, y = np.array(lon), np.array(lat)
    length_m = np.rint(great_circle_m(x[tail], y[tail], x[head], y[head])).astype(np.int32)
    duration_ms = np.rint(length_m / 60_000 * 3_600_000).astype(np.int32)
    return RoadGraph(
        node_lon=x,
        node_lat=y,
        arc_tail=np.concatenate((tail, head)),
        arc_head=np.concatenate((head, tail)),
        arc_duration_ms=np.tile(duration_ms, 2),
        arc_length_m=np.tile(length_m, 2),
        arc_kind=np.zeros(2 * len(edges), dtype=np.uint8),
        kinds=("highway",),
    )


def small_world() -> World:
    graph = road_graph()
    return World(
        graph=graph,
        engine=ScipyEngine(graph),
        version="grid-1",
        gazetteer=Gazetteer(
            [CityRow(name, (), region, lon, lat, size) for name, region, lon, lat, size in TOWNS],
            [
                PostcodeRow("34001", "Anfang", "Hesse", 9.01, 51.01),
                PostcodeRow("34002", "Ostburg", "Hesse", 9.39, 51.39),
            ],
        ),
        towns=tuple(Town(name, lon, lat, size) for name, _, lon, lat, size in TOWNS[:6]),
    )


def fill(database: Database) -> None:
    """
    30 accounts with ids 1 to 30, on a lattice with a little noise.

    Every third was never visited, the others 30 to 200 days ago; account 28 is a key account, 29
    has no position, 30 lies on the island. Accounts 1 to 15 belong to the first rep.
    """
    random = np.random.default_rng(7)
    with database.session() as session:
        dataset = dataset_store.create(
            session,
            name="Grid",
            kind=DatasetKind.OWN,
            country="DE",
            timezone="Europe/Berlin",
            currency="EUR",
            created_for=TODAY,
            created_at=NOW,
        )
        dataset_store.activate(session, dataset.id)
        reps = [
            add_rep(session, dataset.id, home_lon=9.1, home_lat=51.1, home_town="Anfang"),
            add_rep(session, dataset.id, name="Ben Vogt", home_lon=9.3, home_lat=51.3),
        ]
        for k in range(30):
            facts: dict[str, Any] = {
                "name": f"Firma {k + 1}",
                "lon": round(9.0 + 0.08 * (k % 6) + 0.01 * random.random(), 5),
                "lat": round(51.0 + 0.09 * (k // 6) + 0.01 * random.random(), 5),
                "potential_cents": int(1e6 * (1 + random.integers(1, 40))),
                "segment": 2 if k % 2 else 1,
                "status": (Status.CUSTOMER, Status.PROSPECT, Status.INACTIVE)[k % 3],
                "visit_interval_days": 75.0,
                "service_duration_s": (1800, 2400)[k % 2],
            }
            if k == 27:
                facts["segment"] = 4
            if k == 28:
                facts |= {"lon": None, "lat": None, "location_level": None}
                facts |= {"location_confidence": None, "location_source": None}
            if k == 29:
                facts |= {"lon": 12.0, "lat": 54.0}
            if k == 5:
                facts["opening_hours"] = (OpeningWindow(7, 0, 86_400),)
            account = add_account(session, dataset.id, **facts)
            add_ownership(session, account.id, reps[k // 15].id)
            if k % 3:
                days = int(random.integers(30, 200))
                add_visit(session, account.id, NOW - timedelta(days=days))
                add_order(session, account.id, TODAY - timedelta(days=days), amount_cents=500_000)


def small_state(folder: Path) -> AppState:
    database = Database(f"sqlite:///{folder / 'small.db'}")
    database.upgrade()
    fill(database)
    return opened_state(database, folder)


def opened_state(database: Database, folder: Path) -> AppState:
    """The state over a database that has been filled."""
    settings = Settings(instance_dir=folder, iterations=400, bound_s=0)
    state = AppState(settings, database, lambda name: small_world(), clock=lambda: NOW)
    state.load()
    return state


def trip_request(days: int = 2, **changes: Any) -> dict[str, Any]:
    """Anfang to Ostburg from Monday 08:00 to 17:00 on."""
    dates = [MONDAY + timedelta(days=k) for k in range(days)]
    return {
        "start": {"place": "Anfang"},
        "end": {"place": "Ostburg"},
        "days": [
            {"date": f"{day}", "start": f"{day}T08:00:00+01:00", "end": f"{day}T17:00:00+01:00"}
            for day in dates
        ],
        **changes,
    }
