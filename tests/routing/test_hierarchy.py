"""The contraction hierarchy from the inside: order, chordal graph, weights."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import InvalidRoadGraphError
from routing.roads.hierarchy import STORED_ARRAYS, Hierarchy, Metric, build_hierarchy, customise
from routing.roads.hierarchy.dissection import nested_dissection_order
from routing.roads.hierarchy.flow import Links, find_paths, new_flow_state
from routing.roads.road_graph import RoadGraph
from tests.routing.road_graphs import grid_graph, road_graph, road_graphs, two_way


def depth(hierarchy: Hierarchy) -> int:
    """Nodes on the longest way from a root of the elimination tree to a leaf."""
    parent = hierarchy.parent()
    longest = np.ones(hierarchy.node_count, np.int64)
    for node in range(hierarchy.node_count):
        if parent[node] != -1:
            longest[parent[node]] = max(longest[parent[node]], longest[node] + 1)
    return int(longest.max())


def upper_neighbours(hierarchy: Hierarchy, node: int) -> list[int]:
    first = hierarchy.first_edge
    return hierarchy.edge_top[first[node] : first[node + 1]].tolist()


def line_graph(nodes: int) -> RoadGraph:
    arcs = two_way([(k, k + 1, 1000, 10) for k in range(nodes - 1)])
    return road_graph([(10 + 0.01 * k, 50.0) for k in range(nodes)], arcs)


class TestOrder:
    def test_depth_of_a_line_grows_with_the_logarithm_of_its_length(self) -> None:
        """Each part keeps 70 % of the nodes at most: log(1000) / log(1 / 0.7) is 19.4."""
        assert depth(build_hierarchy(line_graph(1000))) <= 21

    def test_separators_of_a_grid_grow_with_its_side_and_not_its_area(self) -> None:
        """No node has more upper neighbours than two sides of the grid, which has 576 nodes."""
        hierarchy = build_hierarchy(grid_graph(24, 24, seed=1))
        assert np.diff(hierarchy.first_edge).max() <= 2 * 24

    @given(graph=road_graphs())
    def test_every_node_has_one_place(self, graph: RoadGraph) -> None:
        order = nested_dissection_order(
            graph.node_lon, graph.node_lat, graph.arc_tail, graph.arc_head
        )
        assert sorted(order.tolist()) == list(range(graph.node_count))

    def test_many_pieces_and_lonely_nodes_are_ordered(self) -> None:
        rng = np.random.default_rng(2)
        lonlat = [(float(x), float(y)) for x, y in rng.uniform(0, 1, (300, 2))]
        pairs = [(3 * k, 3 * k + 1, 1000, 1) for k in range(100)]
        hierarchy = build_hierarchy(road_graph(lonlat, two_way(pairs)))
        assert hierarchy.edge_count == 100

    def test_dense_graph_is_ordered(self) -> None:
        """Everything next to everything: no separator is small, and none is missing."""
        arcs = [(a, b, 1000, 1) for a in range(40) for b in range(40)]
        hierarchy = build_hierarchy(road_graph([(10 + a / 100, 50) for a in range(40)], arcs))
        assert hierarchy.edge_count == 40 * 39 // 2

    def test_progress_counts_up_to_all_nodes(self) -> None:
        told: list[tuple[int, int]] = []
        build_hierarchy(grid_graph(20, 20, seed=4), lambda done, total: told.append((done, total)))
        assert told[-1] == (400, 400)
        assert [done for done, _ in told] == sorted(done for done, _ in told)


@given(graph=road_graphs(), end_size=st.integers(1, 4))
def test_disjoint_paths_are_as_many_as_networkx_finds(graph: RoadGraph, end_size: int) -> None:
    nodes = graph.node_count
    end_size = min(end_size, nodes // 2)
    net = nx.DiGraph()
    for node in range(nodes):
        net.add_edge((node, "in"), (node, "out"), capacity=1)
    neighbours: list[set[int]] = [set() for _ in range(nodes)]
    for tail, head in zip(graph.arc_tail.tolist(), graph.arc_head.tolist(), strict=True):
        if tail != head:
            neighbours[tail].add(head)
            neighbours[head].add(tail)
            net.add_edge((tail, "out"), (head, "in"))
            net.add_edge((head, "out"), (tail, "in"))
    for node in range(end_size):
        net.add_edge("source", (node, "in"))
        net.add_edge((nodes - 1 - node, "out"), "sink")
    first = np.concatenate(([0], np.cumsum([len(row) for row in neighbours])))
    head = np.array([to for row in neighbours for to in sorted(row)], dtype=np.int32)
    everyone = np.arange(nodes, dtype=np.int32)
    paths, _ = find_paths(
        Links(first, head), new_flow_state(nodes), everyone, 0, end_size, float("inf")
    )
    expected = nx.maximum_flow_value(net, "source", "sink") if end_size else 0
    assert paths == expected


@given(graph=road_graphs())
def test_upper_neighbours_are_neighbours_of_each_other(graph: RoadGraph) -> None:
    """The graph is chordal, which the triangles and the elimination tree rest on."""
    hierarchy = build_hierarchy(graph)
    for node in range(hierarchy.node_count):
        above = upper_neighbours(hierarchy, node)
        assert above == sorted(set(above))
        if above:
            assert hierarchy.parent()[node] == above[0]
            assert set(above[1:]) <= set(upper_neighbours(hierarchy, above[0]))


def test_shortcut_knows_what_it_passes() -> None:
    """A line 0 - 1 - 2 contracted from its middle: the shortcut between its ends passes that."""
    graph = road_graph(
        [(10, 50), (11, 50), (12, 50)], [*two_way([(0, 1, 1000, 10)]), (1, 2, 500, 20)]
    )
    hierarchy = Hierarchy(
        rank=np.array([1, 0, 2]),
        first_edge=np.array([0, 2, 3, 3]),
        edge_top=np.array([1, 2, 2]),
        arc_edge=np.array([0, 0, 1]),
    )
    metric = customise(hierarchy, graph)
    weight = graph.arc_weight
    assert metric.up_weight[2] == weight[0] + weight[2]
    assert metric.up_via.tolist() == [~1, ~2, 0]
    assert metric.parent.tolist() == [1, 2, -1]
    assert metric.depth.tolist() == [2, 1, 0]
    assert metric.down_weight[2] > 2**53  # no way back from 2


def test_hierarchy_does_not_depend_on_weights() -> None:
    graph = grid_graph(10, 10, seed=1)
    slower = replace(graph, arc_duration_ms=graph.arc_duration_ms * 3)
    one, other = build_hierarchy(graph), build_hierarchy(slower)
    for name in Hierarchy.__slots__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


class TestRefusal:
    def test_hierarchy_of_another_graph_is_refused(self) -> None:
        hierarchy = build_hierarchy(grid_graph(6, 6, seed=1))
        with pytest.raises(InvalidRoadGraphError, match="another road graph"):
            customise(hierarchy, grid_graph(6, 6, seed=2))

    def test_same_size_but_other_arcs_are_refused(self) -> None:
        graph = grid_graph(6, 6, seed=1)
        head = graph.arc_head.copy()
        head[0] = (head[0] + 7) % 36
        with pytest.raises(InvalidRoadGraphError, match="another road graph"):
            customise(build_hierarchy(graph), replace(graph, arc_head=head))

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("rank", lambda a: np.zeros_like(a)),
            ("rank", lambda a: a[:-1]),
            ("first_edge", lambda a: a + 1),
            ("first_edge", lambda a: a[::-1]),
            ("edge_top", lambda a: a * 0),
            ("edge_top", lambda a: a + 100),
            ("edge_top", lambda a: a[:-1]),
            ("arc_edge", lambda a: a + 10_000),
            ("arc_edge", lambda a: a - 10_000),
        ],
    )
    def test_damaged_arrays_are_refused(self, name: str, change) -> None:
        hierarchy = build_hierarchy(grid_graph(6, 6, seed=1))
        with pytest.raises(InvalidRoadGraphError, match="Build it anew"):
            replace(hierarchy, **{name: change(getattr(hierarchy, name))})


class TestStoredMetric:
    def test_stored_arrays_make_the_same_metric(self) -> None:
        graph = grid_graph(8, 8, seed=1)
        metric = customise(build_hierarchy(graph), graph)
        stored = {name: getattr(metric, name).copy() for name in STORED_ARRAYS}
        again = Metric(metric.hierarchy, **stored)
        again.check_belongs_to(graph)
        np.testing.assert_array_equal(again.parent, metric.parent)
        np.testing.assert_array_equal(again.depth, metric.depth)
        assert metric.nbytes == 24 * metric.hierarchy.edge_count + 8 * graph.node_count

    def test_metric_of_other_weights_is_refused(self) -> None:
        graph = grid_graph(8, 8, seed=1)
        metric = customise(build_hierarchy(graph), graph)
        faster = replace(graph, arc_duration_ms=graph.arc_duration_ms // 2)
        with pytest.raises(InvalidRoadGraphError, match="made from another road graph"):
            metric.check_belongs_to(faster)

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("up_weight", lambda a: a[:-1]),
            ("up_weight", lambda a: a - 2**60),
            ("down_weight", lambda a: a + 1),
            ("down_weight", lambda a: a * 0 + 5),
            ("up_via", lambda a: a[1:]),
            ("up_via", lambda a: np.maximum(a, 63)),
            ("down_via", lambda a: np.minimum(a, ~(10**6))),
            ("down_via", lambda a: np.full_like(a, -(2**31))),
        ],
    )
    def test_damaged_arrays_are_refused(self, name: str, change) -> None:
        graph = grid_graph(8, 8, seed=1)
        metric = customise(build_hierarchy(graph), graph)
        stored = {name: getattr(metric, name) for name in STORED_ARRAYS}
        stored[name] = change(stored[name])
        with pytest.raises(InvalidRoadGraphError, match="Build it anew"):
            Metric(metric.hierarchy, **stored)
