"""Lines of the basemap, by hand."""

from itertools import pairwise

from api.services.basemap import merged_lines, place_features


def test_a_line_runs_through_nodes_where_two_roads_meet():
    # 0-1-2-3 with a branch 2-4
    lines = sorted(map(sorted, merged_lines([(0, 1), (1, 2), (2, 3), (2, 4)])))
    assert lines == [[0, 1, 2], [2, 3], [2, 4]]


def test_a_ring_is_one_closed_line():
    (line,) = merged_lines([(0, 1), (1, 2), (2, 0)])
    assert line[0] == line[-1]
    assert sorted(line[:-1]) == [0, 1, 2]


def test_two_rings_that_touch_use_every_edge_once():
    edges = [(0, 1), (1, 2), (2, 0), (0, 3), (3, 4), (4, 0)]
    lines = list(merged_lines(edges))
    used = [tuple(sorted(pair)) for line in lines for pair in pairwise(line)]
    assert sorted(used) == sorted(tuple(sorted(edge)) for edge in edges)


def test_towns_are_ranked_by_population():
    towns = place_features([("small", 9.0, 51.0, 10), ("large", 9.5, 51.5, 1000)])
    assert [(f["properties"]["name"], f["properties"]["rank"]) for f in towns["features"]] == [
        ("large", 0),
        ("small", 1),
    ]
