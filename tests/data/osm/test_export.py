"""Maps as graphs of osmnx and as layers, read back with osmnx and geopandas."""

from pathlib import Path

import geopandas
import networkx as nx
import numpy as np
import osmnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InvalidExportError
from data.osm.export import edge_table, export_map, node_table, to_networkx
from data.osm.graph.compile import compile_roads
from data.osm.reading.profile import CAR
from data.osm.reading.read_roads import read_roads
from routing.roads.road_graph import LENGTH_BITS, TOO_LONG, RoadGraph, split_weight
from routing.roads.road_segments import RoadSegments
from routing.roads.scipy_engine import ScipyEngine
from routing.roads.seeds import Seeds
from tests.routing.street_maps import Street, street_map, street_maps

Map = tuple[RoadGraph, RoadSegments]

NONE_MS = TOO_LONG >> LENGTH_BITS
"""What our engine says where no road leads."""

RUTLAND = Path(__file__).resolve().parents[3] / "data" / "samples" / "rutland.osm.pbf"


@pytest.fixture
def corner() -> Map:
    """
    A bent two-way street from 0 to 1, a one-way street from there to 3. Junction 1 stands twice in
    the graph, as 1 and 2, with the turn from the one street to the other allowed.

        0 ~~~ High Street, 12.5 s, 200 m ~~~ 1 -turn-> 2 --- (no name) 5 s, 90 m --> 3
    """
    return street_map(
        [(10.0, 50.0), (10.002, 50.0), (10.002, 50.0), (10.003, 50.0)],
        [
            Street(0, 1, (12_500, 200), (12_500, 200), ((10.001, 50.001),), "High Street"),
            Street(2, 3, (5_000, 90), kind="service"),
        ],
        turns=[(1, 2)],
    )


@pytest.fixture(scope="module")
def rutland() -> Map:
    return compile_roads(read_roads(RUTLAND, CAR), CAR)


def exported(roads: Map, path: Path) -> nx.MultiDiGraph:
    export_map(*roads, path)
    return osmnx.load_graphml(path, node_dtypes={"junction": int})


def weights(graph: RoadGraph, source: int) -> tuple[np.ndarray, np.ndarray]:
    """Milliseconds and metres from one node to all, by our own engine."""
    every = np.arange(graph.node_count, dtype=np.int32)
    pad = np.full(graph.node_count, -1, np.int32)
    none = np.zeros((graph.node_count, 2), np.int64)
    nodes = np.column_stack((every, pad))
    found = ScipyEngine(graph).seed_weights(
        Seeds(nodes[[source]], none[[source]]), Seeds(nodes, none)
    )
    return split_weight(found[0])


class TestByHand:
    def test_nodes_say_where_they_are_and_which_junction_they_are(self, corner: Map) -> None:
        nodes = node_table(*corner)
        assert nodes["osmid"].tolist() == [0, 1, 2, 3]
        assert nodes["junction"].tolist() == [0, 1, 1, 3]
        assert nodes["street_count"].tolist() == [1, 2, 2, 1]
        assert nodes["x"].tolist() == [10.0, 10.002, 10.002, 10.003]

    def test_edges_say_what_they_are(self, corner: Map) -> None:
        edges = edge_table(*corner).fillna({"name": "-"})
        columns = ["u", "v", "key", "osmid", "highway", "name", "oneway", "reversed"]
        assert edges[columns].to_numpy().tolist() == [
            [0, 1, 0, 0, "road", "High Street", False, False],
            [1, 0, 0, 0, "road", "High Street", False, True],
            [2, 3, 0, 1, "service", "-", True, False],
            [1, 2, 0, -1, "turn", "-", False, False],
        ]
        assert edges["length"].tolist() == [200, 200, 90, 0]
        assert edges["travel_time"].tolist() == [12.5, 12.5, 5.0, 0.0]

    def test_edges_are_drawn_from_tail_to_head(self, corner: Map) -> None:
        there, back, onward, turn = edge_table(*corner).geometry
        assert list(there.coords) == [(10.0, 50.0), (10.001, 50.001), (10.002, 50.0)]
        assert list(back.coords) == [(10.002, 50.0), (10.001, 50.001), (10.0, 50.0)]
        assert list(onward.coords) == [(10.002, 50.0), (10.003, 50.0)]
        assert list(turn.coords) == [(10.002, 50.0), (10.002, 50.0)]

    def test_parallel_roads_have_keys_of_their_own(self) -> None:
        street = Street(0, 1, (1000, 10))
        roads = street_map([(10.0, 50.0), (10.1, 50.0)], [street, street, street])
        assert edge_table(*roads)["key"].tolist() == [0, 1, 2]
        assert sorted(to_networkx(*roads).edges(keys=True)) == [(0, 1, 0), (0, 1, 1), (0, 1, 2)]

    def test_road_only_driven_against_its_points_is_one_way(self) -> None:
        roads = street_map([(10.0, 50.0), (10.1, 50.0)], [Street(0, 1, None, (1000, 10))])
        edges = edge_table(*roads)
        assert edges[["u", "v", "oneway", "reversed"]].to_numpy().tolist() == [[1, 0, True, True]]
        assert list(edges.geometry[0].coords) == [(10.1, 50.0), (10.0, 50.0)]


class TestGraphml:
    def test_osmnx_takes_it_without_a_complaint(self, corner: Map, tmp_path: Path) -> None:
        osmnx.convert.validate_graph(exported(corner, tmp_path / "map.graphml"), strict=True)

    def test_nothing_is_lost_on_the_way(self, corner: Map, tmp_path: Path) -> None:
        made, read = to_networkx(*corner), exported(corner, tmp_path / "map.graphml")
        assert dict(read.nodes(data=True)) == dict(made.nodes(data=True))
        assert sorted(read.edges(keys=True)) == sorted(made.edges(keys=True))
        for u, v, key, attributes in made.edges(keys=True, data=True):
            assert read.edges[u, v, key] == attributes

    def test_way_turns_only_where_it_may(self, corner: Map, tmp_path: Path) -> None:
        read = exported(corner, tmp_path / "map.graphml")
        assert osmnx.routing.shortest_path(read, 0, 3, weight="travel_time") == [0, 1, 2, 3]
        assert osmnx.routing.shortest_path(read, 3, 0, weight="travel_time") is None

    @given(street_maps(), st.integers(0, 7))
    def test_networkx_finds_the_times_of_our_engine(self, roads: Map, source: int) -> None:
        graph, segments = roads
        source %= graph.node_count
        made = to_networkx(graph, segments)
        found = nx.single_source_dijkstra_path_length(made, source, weight="travel_time")
        ours_ms, _ = weights(graph, source)
        for node in range(graph.node_count):
            if node in found:
                assert round(found[node] * 1000) == ours_ms[node]
            else:
                assert ours_ms[node] == NONE_MS

    def test_times_between_the_towns_of_a_county_are_the_same(
        self, rutland: Map, tmp_path: Path
    ) -> None:
        """Some of its junctions forbid turns."""
        graph, _ = rutland
        read = exported(rutland, tmp_path / "rutland.graphml")
        osmnx.convert.validate_graph(read, strict=True)
        assert read.number_of_edges() == graph.arc_count
        assert any(read.nodes[node]["junction"] != node for node in read)
        rng = np.random.default_rng(5)
        for source in rng.integers(0, graph.node_count, 5).tolist():
            found = nx.single_source_dijkstra_path_length(read, source, weight="travel_time")
            ours_ms, _ = weights(graph, source)
            reached = np.flatnonzero(ours_ms < NONE_MS)
            assert sorted(found) == reached.tolist()
            times_ms = np.array([found[node] for node in reached.tolist()]) * 1000
            np.testing.assert_array_equal(np.rint(times_ms), ours_ms[reached])

    def test_same_map_gives_the_same_bytes(self, corner: Map, tmp_path: Path) -> None:
        for name in ("one", "other"):
            export_map(*corner, tmp_path / f"{name}.graphml")
        assert (tmp_path / "one.graphml").read_bytes() == (tmp_path / "other.graphml").read_bytes()


class TestGeopackage:
    def test_layers_are_read_back(self, corner: Map, tmp_path: Path) -> None:
        export_map(*corner, tmp_path / "map.gpkg")
        nodes = geopandas.read_file(tmp_path / "map.gpkg", layer="nodes")
        edges = geopandas.read_file(tmp_path / "map.gpkg", layer="edges")
        assert nodes.crs == edges.crs == "EPSG:4326"
        assert nodes["junction"].tolist() == [0, 1, 1, 3]
        assert edges["name"].fillna("-").tolist() == ["High Street", "High Street", "-", "-"]
        assert edges["travel_time"].sum() == 30
        assert edges.geometry.tolist() == edge_table(*corner).geometry.tolist()

    def test_layers_make_a_graph_of_osmnx(self, corner: Map, tmp_path: Path) -> None:
        export_map(*corner, tmp_path / "map.gpkg")
        nodes = geopandas.read_file(tmp_path / "map.gpkg", layer="nodes").set_index("osmid")
        edges = geopandas.read_file(tmp_path / "map.gpkg", layer="edges")
        made = osmnx.convert.graph_from_gdfs(nodes, edges.set_index(["u", "v", "key"]))
        assert nx.dijkstra_path_length(made, 0, 3, weight="travel_time") == 17.5


class TestRefusals:
    def test_other_kinds_of_file_are_refused(self, corner: Map, tmp_path: Path) -> None:
        with pytest.raises(InvalidExportError, match=r"map\.shp ends in none of \.graphml, \.gpkg"):
            export_map(*corner, tmp_path / "map.shp")

    def test_folder_that_is_missing_is_named(self, corner: Map, tmp_path: Path) -> None:
        with pytest.raises(InvalidExportError, match=r"no folder .*missing"):
            export_map(*corner, tmp_path / "missing" / "map.gpkg")

    def test_map_without_roads_is_refused(self, tmp_path: Path) -> None:
        roads = street_map([(10.0, 50.0)], [])
        with pytest.raises(InvalidExportError, match="no roads"):
            export_map(*roads, tmp_path / "map.gpkg")

    def test_failed_export_leaves_the_old_file(
        self, corner: Map, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "map.graphml"
        path.write_text("old")

        def fail(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(osmnx, "save_graphml", fail)
        with pytest.raises(InvalidExportError, match=r"cannot be written.*No space left"):
            export_map(*corner, path)
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]
