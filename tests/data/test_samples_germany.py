"""The committed files of the sample: there, small, whole and plausible."""

import numpy as np
import pytest
import scipy.sparse as sp
import shapely
from scipy.sparse.csgraph import connected_components, dijkstra

from data.samples.build.local_roads import ISLANDS
from data.samples.germany import (
    FOLDER,
    KIND_ACCESS,
    KIND_HIGHWAY,
    KIND_LOCAL,
    ROAD_KINDS,
    read_neighbours,
    read_outline,
    read_postcodes,
    read_roads,
    read_towns,
)
from geo import great_circle_m


def test_files_together_stay_under_4_mb() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 4_000_000


def test_attribution_names_every_file_and_every_source() -> None:
    text = (FOLDER / "ATTRIBUTION.md").read_text()
    names = {path.name for path in FOLDER.iterdir()} - {"ATTRIBUTION.md"}
    assert names == {"roads.npz", "postcodes.csv.gz", "cities.csv.gz", "outline.geojson.gz"}
    assert all(name in text for name in names)
    assert all(source in text for source in ("OpenStreetMap", "GeoNames", "Natural Earth"))


def test_roads_join_existing_nodes_and_stand_once() -> None:
    roads = read_roads()
    pairs = np.stack((roads.edge_tail, roads.edge_head), axis=1)
    assert pairs.min() == 0
    assert pairs.max() < len(roads.lon) == len(roads.lat)
    assert (roads.edge_tail < roads.edge_head).all()
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    assert roads.edge_length_m.min() > 0
    assert set(np.unique(roads.edge_kind)) == set(range(len(ROAD_KINDS)))


def test_roads_are_not_shorter_than_the_air_line() -> None:
    """But for the source's grid of 0.001 degree, 130 m across."""
    roads = read_roads()
    air_m = great_circle_m(
        *(x[end] for end in (roads.edge_tail, roads.edge_head) for x in (roads.lon, roads.lat))
    )
    assert (roads.edge_length_m >= air_m - 200).all()


def test_made_up_roads_are_longer_than_the_air_line_by_three_tenths() -> None:
    roads = read_roads()
    rows = roads.edge_kind != KIND_HIGHWAY
    tail, head = roads.edge_tail[rows], roads.edge_head[rows]
    air_m = great_circle_m(roads.lon[tail], roads.lat[tail], roads.lon[head], roads.lat[head])
    np.testing.assert_allclose(roads.edge_length_m[rows], 1.3 * air_m, rtol=0.005, atol=3)


def test_each_postcode_has_its_node_where_it_lies() -> None:
    roads, postcodes = read_roads(), read_postcodes()
    assert len(roads.postcode_node) == len(set(roads.postcode_node.tolist())) == len(postcodes)
    np.testing.assert_allclose(roads.lon[roads.postcode_node], postcodes.lon, atol=1e-9)
    np.testing.assert_allclose(roads.lat[roads.postcode_node], postcodes.lat, atol=1e-9)


def test_only_islands_are_cut_off() -> None:
    roads, postcodes = read_roads(), read_postcodes()
    _, part = connected_components(_links(np.ones(len(roads.edge_tail))), directed=False)
    cut_off = part != np.bincount(part).argmax()
    assert {postcodes.code[i] for i in np.flatnonzero(cut_off[roads.postcode_node])} == {
        code for codes in ISLANDS.values() for code in codes if code in postcodes.code
    }
    assert cut_off.sum() == cut_off[roads.postcode_node].sum(), "all highways are connected"


def test_islands_with_a_bridge_are_reached() -> None:
    """Rügen, Usedom, Fehmarn, Poel, Nordstrand, Fischland-Darß-Zingst, the Reichenau."""
    roads, postcodes = read_roads(), read_postcodes()
    _, part = connected_components(_links(np.ones(len(roads.edge_tail))), directed=False)
    bridged = ("18546", "18586", "17419", "23769", "23999", "25845", "18374", "78479")
    nodes = [roads.postcode_node[postcodes.code.index(code)] for code in bridged]
    assert (part[nodes] == np.bincount(part).argmax()).all()


@pytest.mark.parametrize(
    ("start", "end", "minutes", "km"),
    [
        ("34117", "80331", 280, 470),  # Kassel, München
        ("20095", "10117", 175, 288),  # Hamburg, Berlin
        ("50667", "60311", 120, 190),  # Köln, Frankfurt
        ("70173", "80331", 140, 225),  # Stuttgart, München
        ("18546", "10117", 190, 305),  # Sassnitz on Rügen, Berlin
    ],
)
def test_ways_between_towns_are_as_one_knows_them(
    start: str, end: str, minutes: float, km: float
) -> None:
    """At 102 km/h on highways, 55 elsewhere and five minutes at each end, within a tenth."""
    roads = read_roads()
    speed_kmh = np.where(roads.edge_kind == KIND_HIGHWAY, 102, 55)
    assert 10 + _shortest(start, end, 0.06 / speed_kmh) == pytest.approx(minutes, rel=0.1)
    assert _shortest(start, end, 0.001) == pytest.approx(km, rel=0.1)


def test_lake_constance_and_the_elbe_estuary_are_driven_around() -> None:
    assert _shortest("78464", "88709", 0.001) > 50  # Konstanz to Meersburg, 4 km across the lake
    assert _shortest("25541", "21745", 0.001) > 100  # Brunsbüttel to Hemmoor, 20 km as it flies


def test_postcodes_are_complete_rows_in_germany() -> None:
    postcodes = read_postcodes()
    assert len(postcodes) > 8_000
    assert list(postcodes.code) == sorted(set(postcodes.code))
    assert all(len(code) == 5 and code.isdigit() for code in postcodes.code)
    assert all(postcodes.place)
    assert len(set(postcodes.state)) == 16
    assert postcodes.accuracy.min() > 0, "rows of accuracy 0 are companies at invented places"
    inside = shapely.contains_xy(read_outline().buffer(0.05), postcodes.lon, postcodes.lat)
    outside = {postcodes.place[row] for row in np.flatnonzero(~inside)}
    assert outside == {"Hooge", "Gröde", "Hamburg Neuwerk"}, "islets that the outline leaves out"


def test_no_two_postcodes_share_a_position() -> None:
    postcodes = read_postcodes()
    assert len(set(zip(postcodes.lon, postcodes.lat, strict=True))) == len(postcodes)
    assert 0 < postcodes.is_spread.sum() < 400


@pytest.mark.parametrize(
    ("code", "place", "state"),
    [
        ("34117", "Kassel", "Hessen"),
        ("80331", "München", "Bayern"),
        ("60311", "Frankfurt am Main", "Hessen"),
        ("25938", "Wyk auf Föhr", "Schleswig-Holstein"),
    ],
)
def test_known_postcodes_have_their_place(code: str, place: str, state: str) -> None:
    postcodes = read_postcodes()
    row = postcodes.code.index(code)
    assert (postcodes.place[row], postcodes.state[row]) == (place, state)


def test_towns_are_named_in_german_and_counted_once() -> None:
    towns = read_towns()
    assert towns.name[:5] == ("Berlin", "Hamburg", "München", "Köln", "Frankfurt am Main")
    assert "Munich" in towns.alternates[2]
    assert "Cologne" in towns.alternates[3]
    assert (np.diff(towns.population) <= 0).all()
    assert 75e6 < towns.population.sum() < 85e6, "boroughs would make it 92 million"
    assert not {"Wandsbek", "Neukölln", "Nippes"} & set(towns.name)
    assert all(state for state in towns.state)


def test_outline_is_germany() -> None:
    outline = read_outline()
    assert outline.is_valid
    west, south, east, north = outline.bounds
    assert (round(west), round(south), round(east), round(north)) == (6, 47, 15, 55)
    assert shapely.contains_xy(outline, 9.48, 51.31)


def test_neighbours_surround_it_without_overlapping() -> None:
    neighbours = read_neighbours()
    assert {
        "Austria",
        "Belgium",
        "Czechia",
        "Denmark",
        "France",
        "Luxembourg",
        "Netherlands",
        "Poland",
        "Switzerland",
    } <= set(neighbours)
    outline = read_outline()
    shared = sum(
        shapely.make_valid(shape).intersection(outline).area for shape in neighbours.values()
    )
    assert shared < 0.001 * outline.area


def test_arrays_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValueError, match="read-only"):
        read_roads().edge_length_m[0] = 1


def test_kinds_are_named_in_order() -> None:
    assert [ROAD_KINDS[kind] for kind in (KIND_HIGHWAY, KIND_LOCAL, KIND_ACCESS)] == [
        "highway",
        "local",
        "access",
    ]


def _links(weight: np.ndarray) -> sp.csr_matrix:
    roads = read_roads()
    n = len(roads.lon)
    return sp.coo_matrix((weight, (roads.edge_tail, roads.edge_head)), shape=(n, n)).tocsr()


def _shortest(start: str, end: str, per_m: float | np.ndarray) -> float:
    roads, postcodes = read_roads(), read_postcodes()
    source, target = (roads.postcode_node[postcodes.code.index(code)] for code in (start, end))
    return float(dijkstra(_links(roads.edge_length_m * per_m), False, source)[target])
