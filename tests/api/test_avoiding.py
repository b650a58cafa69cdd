"""Trips that keep off motorways or ferries, and what is said where the map does not know them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from flask.testing import FlaskClient

from api.services.avoiding import engine_avoiding, road_warnings
from routing.roads.great_circle_engine import GreatCircleEngine
from routing.roads.road_graph import RoadGraph
from routing.roads.scipy_engine import ScipyEngine
from tests.api.small_world import small_world, trip_request


def three_ways(kinds: Sequence[str]) -> ScipyEngine:
    """Two junctions joined by a road of each kind; the first takes 1 min, the second 2, ..."""
    count = len(kinds)
    minutes = np.arange(1, count + 1, dtype=np.int32)
    return ScipyEngine(
        RoadGraph(
            node_lon=np.array([10.0, 10.1]),
            node_lat=np.array([50.0, 50.0]),
            arc_tail=np.zeros(count, np.int32),
            arc_head=np.ones(count, np.int32),
            arc_duration_ms=minutes * 60_000,
            arc_length_m=minutes * 1_000,
            arc_kind=np.arange(count, dtype=np.uint8),
            kinds=tuple(kinds),
        )
    )


@pytest.mark.parametrize(
    ("avoid", "expected_km"),
    [((), 1), (("motorways",), 2), (("ferries",), 1), (("ferries", "motorways"), 3)],
)
def test_what_is_to_be_avoided_is_not_used(avoid: tuple[str, ...], expected_km: int) -> None:
    engine = engine_avoiding(three_ways(["motorway", "ferry", "primary"]), avoid)
    places = engine.snap([10.0, 10.1], [50.0, 50.0])
    assert engine.matrix(places, places).distance_m[0, 1] == expected_km * 1_000


def test_a_map_without_ferries_needs_no_way_round_them() -> None:
    engine = three_ways(["motorway", "primary"])
    assert engine_avoiding(engine, ("ferries",)) is engine
    places = engine.snap([10.0, 10.1], [50.0, 50.0])
    off_motorways = engine_avoiding(engine, ("ferries", "motorways"))
    assert off_motorways.matrix(places, places).distance_m[0, 1] == 2_000


def test_a_map_that_knows_no_kinds_says_that_it_cannot_avoid() -> None:
    world = small_world()
    assert [warning.code for warning in road_warnings(world, ("ferries",))] == ["CANNOT_AVOID"]
    assert road_warnings(world, ()) == ()
    assert road_warnings(replace(world, tells_kinds_of_road=True), ("ferries",)) == ()
    knows_motorways = replace(world, engine=three_ways(["motorway", "primary"]))
    assert road_warnings(knows_motorways, ("motorways",)) == ()
    [warning] = road_warnings(knows_motorways, ("ferries", "motorways"))
    assert "ferries from other roads" in warning.detail


class EitherEngine(ScipyEngine):
    """Keeps off motorways or ferries, but not off both, as OSRM does with its own car profile."""

    def __init__(self, graph: RoadGraph) -> None:
        super().__init__(graph)
        self.metrics = ("base", "no_motorway", "no_ferry")


def test_what_cannot_be_avoided_at_the_same_time_is_said() -> None:
    engine = EitherEngine(three_ways(["motorway", "ferry", "primary"]).graph)
    world = replace(small_world(), engine=engine)
    assert road_warnings(world, ("ferries",)) == ()
    [warning] = road_warnings(world, ("motorways", "ferries"))
    assert warning.code == "CANNOT_AVOID"
    assert "ferries were not avoided" in warning.detail
    places = engine.snap([10.0, 10.1], [50.0, 50.0])
    off_motorways = engine_avoiding(engine, ("motorways", "ferries"))
    assert off_motorways.matrix(places, places).distance_m[0, 1] == 2_000


def test_estimated_roads_are_said_to_be() -> None:
    world = replace(small_world(), engine=GreatCircleEngine(), name=None)
    assert [warning.code for warning in road_warnings(world, ())] == ["ROADS_UNKNOWN"]


def test_the_route_says_that_its_map_cannot_avoid(client: FlaskClient) -> None:
    asked = trip_request(options={"avoid": ["motorways"], "iterations": 50})
    body = client.post("/api/v1/routes", json=asked).get_json()
    assert "CANNOT_AVOID" in [warning["code"] for warning in body["warnings"]]
    lines = client.get(body["links"]["geojson"]).get_json()
    assert len(lines["features"]) > 2


def test_an_unknown_kind_to_avoid_is_refused(client: FlaskClient) -> None:
    asked = trip_request(options={"avoid": ["hills"]})
    response = client.post("/api/v1/routes", json=asked)
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["pointer"].startswith("/options/avoid")
