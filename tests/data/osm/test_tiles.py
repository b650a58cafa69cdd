"""Vector tiles: what is in them, where it lies, and that nothing is missing."""

import math
import random
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.geometry import shape

from data.errors import InvalidRoadMapError
from data.osm.basemap.clipping import clip_lines, clip_surfaces
from data.osm.basemap.features import BANDS, FILE, band_of
from data.osm.basemap.layers import BORDERS, LAND, PLACES, RAILS, ROADS, WATERWAYS
from data.osm.basemap.rings import Rings
from data.osm.basemap.tile_encoding import Shape, add_layer, commands, new_tile
from data.osm.basemap.tiles import LAYERS, TileSource
from data.osm.basemap.world_grid import (
    EXTENT,
    TOP_ZOOM,
    WORLD,
    box_keys,
    keys_around,
    keys_within,
    to_grid,
    to_lonlat,
)
from data.osm.rest import write_rest
from tests.data.osm.rest_extract import ExtractWriter, square, two_municipalities

EXTRACTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "osm"
DOCS = Path(__file__).resolve().parents[3] / "docs"


def tile_at(z: int, lon: float, lat: float) -> tuple[int, int, int]:
    x, y = to_grid(np.array([[lon, lat]]))[0] / (EXTENT << (TOP_ZOOM - z))
    return z, int(x), int(y)


def source_of(extract: ExtractWriter, folder: Path) -> TileSource:
    write_rest(extract.write(folder / "small.osm.pbf"), folder)
    return TileSource(folder)


def decoded(tile: bytes) -> dict[str, list[dict[str, Any]]]:
    """Features by layer, y northwards."""
    layers = mapbox_vector_tile.decode(tile) if tile else {}
    return {name: layer["features"] for name, layer in layers.items()}


def town() -> ExtractWriter:
    extract = two_municipalities()
    extract.node(11.01, 13.01, place="town", name="Alba", population="1234")
    extract.way([(11.0, 13.005), (11.02, 13.005)], highway="primary", name="Allee", ref="B 1")
    extract.way([(11.012, 13.0), (11.012, 13.01)], highway="residential", name="Weg")
    extract.way(square(11.004, 13.004, 0.01), landuse="forest")
    extract.way(square(11.006, 13.006, 0.002), natural="water", name="Weiher")
    extract.way(square(11.015, 13.011, 0.0002), building="yes")
    extract.way([(11.0, 13.0095), (11.02, 13.0095)], waterway="river", name="Fluss")
    extract.way([(11.0, 13.009), (11.02, 13.009)], railway="rail", bridge="yes")
    return extract


def test_a_tile_has_all_layers_in_order_with_their_attributes(tmp_path: Path) -> None:
    tile = decoded(source_of(town(), tmp_path).tile(*tile_at(14, 11.01, 13.008)))
    assert list(tile) == [name for name in LAYERS if name in tile]
    said = {name: [f["properties"] for f in features] for name, features in tile.items()}
    assert said["road"] == [
        {"class": "primary", "name": "Allee", "ref": "B 1"},
        {"class": "minor", "name": "Weg"},
    ]
    assert said["water"] == [{"class": "water", "name": "Weiher"}]
    assert said["landuse"] == [{"class": "wood"}]
    assert said["rail"] == [{"class": "rail", "structure": "bridge"}]
    assert said["waterway"] == [{"class": "river", "name": "Fluss"}]
    assert said["building"] == [{"class": "building"}]
    assert said["place"] == [{"class": "town", "name": "Alba", "population": 1234}]


def test_what_is_drawn_lies_where_it_is(tmp_path: Path) -> None:
    """Within two units of the tile, about a metre."""
    z, x, y = tile_at(14, 11.015, 13.011)
    (building,) = decoded(source_of(town(), tmp_path).tile(z, x, y))["building"]
    wanted = to_grid(np.array(square(11.015, 13.011, 0.0002))) - (x * EXTENT, y * EXTENT)
    drawn = np.array(shape(building["geometry"]).exterior.coords)
    drawn[:, 1] = EXTENT - drawn[:, 1]
    assert shapely.hausdorff_distance(Polygon(drawn), Polygon(wanted)) < 2


def test_from_far_roads_have_a_number_and_no_name(tmp_path: Path) -> None:
    source = source_of(town(), tmp_path)
    roads = decoded(source.tile(*tile_at(9, 11.01, 13.008)))["road"]
    assert [road["properties"] for road in roads] == [{"class": "primary", "ref": "B 1"}]
    near = decoded(source.tile(*tile_at(12, 11.01, 13.008)))["road"]
    assert {road["properties"].get("name") for road in near} == {None}
    assert "road" not in decoded(source.tile(*tile_at(6, 11.01, 13.008)))


def test_ways_of_a_road_are_one_line_from_far(tmp_path: Path) -> None:
    extract = ExtractWriter()
    points = [(11.0 + 0.01 * k, 13.0) for k in range(6)]
    for a, b in pairwise(points):
        extract.way([a, b], highway="motorway", ref="A 1")
    (road,) = decoded(source_of(extract, tmp_path).tile(*tile_at(8, 11.02, 13.0)))["road"]
    assert road["geometry"]["type"] == "LineString"
    assert len(road["geometry"]["coordinates"]) == 2


def test_ways_of_a_street_are_one_line_from_near(tmp_path: Path) -> None:
    """So that its name has room; a third way that begins where two meet keeps them apart."""
    extract = ExtractWriter()
    for a, b in ((11.004, 11.006), (11.008, 11.006), (11.008, 11.01)):
        extract.way([(a, 13.008), (b, 13.008)], highway="residential", name="Lange Gasse")
    (street,) = decoded(source_of(extract, tmp_path).tile(*tile_at(14, 11.007, 13.008)))["road"]
    assert street["geometry"]["type"] == "LineString"
    extract.way([(11.008, 13.008), (11.008, 13.009)], highway="residential", name="Lange Gasse")
    (tmp_path / "fork").mkdir()
    fork = source_of(extract, tmp_path / "fork").tile(*tile_at(14, 11.007, 13.008))
    assert len(decoded(fork)["road"][0]["geometry"]["coordinates"]) == 3


def test_a_pond_is_not_drawn_from_far(tmp_path: Path) -> None:
    source = source_of(town(), tmp_path)
    shown = [z for z in range(15) if "water" in decoded(source.tile(*tile_at(z, 11.007, 13.007)))]
    # 220 m wide: 20 square pixels, 4.5 by 4.5, at 49 m a pixel, which is zoom 10.6.
    assert shown == [11, 12, 13, 14]


def test_holes_stay_open(tmp_path: Path) -> None:
    extract = ExtractWriter()
    ways = [extract.way(square(11, 13, 0.004)), extract.way(square(11.001, 13.001, 0.002))]
    members = [("w", ways[0], "outer"), ("w", ways[1], "inner")]
    extract.relation(members, type="multipolygon", natural="wood")
    (wood,) = decoded(source_of(extract, tmp_path).tile(*tile_at(14, 11.002, 13.002)))["landuse"]
    drawn = shape(wood["geometry"])
    assert len(drawn.interiors) == 1
    assert drawn.area == pytest.approx(0.75 * Polygon(drawn.exterior).area, rel=0.01)


def test_a_tile_of_nothing_has_no_bytes(tmp_path: Path) -> None:
    assert source_of(town(), tmp_path).tile(14, 0, 0) == b""


def test_the_same_map_gives_the_same_bytes(tmp_path: Path) -> None:
    tiles = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        source = source_of(town(), tmp_path / name)
        tiles.append([source.tile(*tile_at(z, 11.01, 13.008)) for z in range(15)])
    assert tiles[0] == tiles[1]


def test_a_tile_asked_for_again_is_the_one_that_was_kept(tmp_path: Path) -> None:
    source = source_of(town(), tmp_path)
    key = tile_at(14, 11.01, 13.008)
    assert source.tile(*key) is source.tile(*key)


def test_only_so_many_tiles_are_kept(tmp_path: Path) -> None:
    write_rest(town().write(tmp_path / "small.osm.pbf"), tmp_path)
    source = TileSource(tmp_path, kept_tiles=1)
    key = tile_at(14, 11.01, 13.008)
    first = source.tile(*key)
    source.tile(*tile_at(13, 11.01, 13.008))
    again = source.tile(*key)
    assert again == first
    assert again is not first


@pytest.mark.parametrize(
    ("z", "x", "y"), [(-1, 0, 0), (15, 0, 0), (0, 1, 0), (0, 0, 1), (3, 8, 0), (3, 0, -1)]
)
def test_a_tile_that_cannot_be_is_refused(tmp_path: Path, z: int, x: int, y: int) -> None:
    with pytest.raises(ValueError, match="0 to"):
        source_of(town(), tmp_path).tile(z, x, y)


def test_a_folder_without_a_basemap_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRoadMapError, match="Build the map again"):
        TileSource(tmp_path)


def test_a_damaged_basemap_is_refused(tmp_path: Path) -> None:
    (tmp_path / "basemap.sqlite").write_bytes(b"no database at all" * 1000)
    with pytest.raises(InvalidRoadMapError, match="damaged"):
        TileSource(tmp_path)


def test_a_map_built_anew_under_the_same_name_does_not_mix_with_the_one_in_use(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "a map with #, % and ?"
    folder.mkdir()
    source = source_of(town(), folder)
    key = tile_at(14, 11.01, 13.008)
    folder.rename(tmp_path / "old")
    folder.mkdir()
    write_rest(two_municipalities().write(folder / "other.osm.pbf"), folder)
    assert decoded(source.tile(*key))["road"]
    assert "road" not in decoded(TileSource(folder).tile(*key))


def test_a_process_forked_before_a_map_was_built_anew_does_not_mix_the_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has to open the file again, and finds another one."""
    source, key = source_of(town(), tmp_path), tile_at(14, 11.01, 13.008)
    monkeypatch.setattr("data.osm.basemap.tiles.os.getpid", lambda: -1)
    assert decoded(source.tile(*key))["road"]
    source = TileSource(tmp_path)
    monkeypatch.setattr("data.osm.basemap.tiles.os.getpid", lambda: -2)
    (tmp_path / FILE).rename(tmp_path / "old")
    (tmp_path / FILE).write_bytes((tmp_path / "old").read_bytes())
    with pytest.raises(InvalidRoadMapError, match="built anew"):
        source.tile(*key)


def test_only_so_many_attributes_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = source_of(town(), tmp_path).tile(*tile_at(14, 11.01, 13.008))
    monkeypatch.setattr("data.osm.basemap.tiles.KEPT_ATTRIBUTES", 1)
    assert TileSource(tmp_path).tile(*tile_at(14, 11.01, 13.008)) == wanted


def test_bounds_are_those_of_what_is_drawn(tmp_path: Path) -> None:
    assert source_of(town(), tmp_path).bounds == pytest.approx((11, 13, 11.04, 13.02), abs=1e-4)


def test_threads_share_a_source(tmp_path: Path) -> None:
    source = source_of(town(), tmp_path)
    wanted = {z: TileSource(tmp_path).tile(*tile_at(z, 11.01, 13.008)) for z in range(15)}
    got: list[bool] = []

    def ask(seed: int) -> None:
        zooms = list(range(15))
        random.Random(seed).shuffle(zooms)
        got.append(all(source.tile(*tile_at(z, 11.01, 13.008)) == wanted[z] for z in zooms))

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [True] * 4


def test_positions_survive_the_grid() -> None:
    lonlat = np.array([[-179.9, -80.0], [0.0, 0.0], [13.4, 52.5], [179.9, 84.0]])
    back = [to_lonlat(x, y) for x, y in to_grid(lonlat)]
    assert np.allclose(back, lonlat, atol=1e-9)
    assert to_grid(np.array([[-180.0, 90.0], [180.0, -90.0]])).tolist() == [
        pytest.approx([0, 0], abs=1),
        pytest.approx([WORLD, WORLD], abs=1),
    ]


coordinates = st.integers(0, WORLD - 1)


@given(st.tuples(coordinates, coordinates), st.tuples(coordinates, coordinates), st.data())
def test_a_box_is_found_by_every_tile_it_reaches_into(
    a: tuple[int, int], b: tuple[int, int], data: st.DataObject
) -> None:
    """Its key is that of a tile within the tile, or around it."""
    edges = [min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])]
    key = int(box_keys(np.array([edges]))[0])
    z = data.draw(st.integers(0, TOP_ZOOM))
    width = EXTENT << (TOP_ZOOM - z)
    x = data.draw(st.integers(edges[0] // width, edges[2] // width))
    y = data.draw(st.integers(edges[1] // width, edges[3] // width))
    first, last = keys_within(z, x, y)
    assert (first <= key <= last) != (key in keys_around(z, x, y))


def test_tiles_side_by_side_share_no_key() -> None:
    ranges = sorted(keys_within(3, x, y) for x in range(8) for y in range(8))
    assert all(before[1] < after[0] for before, after in pairwise(ranges))


def run(points: list[tuple[float, float]], closed: bool = True) -> Rings:
    ring = [*points, points[0]] if closed else points
    zero = np.zeros(1, dtype=np.int64)
    return Rings(np.array(ring, dtype=np.float64), np.array([0, len(ring)]), zero, zero)


star = st.integers(3, 12).flatmap(
    lambda n: st.lists(st.floats(5, 100), min_size=n, max_size=n).map(
        lambda radii: [
            (r * math.cos(2 * math.pi * k / n), r * math.sin(2 * math.pi * k / n))
            for k, r in enumerate(radii)
        ]
    )
)


@given(star)
@settings(max_examples=200)
def test_a_surface_is_cut_to_what_lies_in_the_box(points: list[tuple[float, float]]) -> None:
    edges = (-20, -30, 40, 25)
    cut = clip_surfaces(run(points), edges)
    area = Polygon(cut.points).area if len(cut.points) else 0.0
    assert area == pytest.approx(Polygon(points).intersection(box(*edges)).area, abs=1e-6)
    assert (cut.points >= edges[:2]).all()
    assert (cut.points <= edges[2:]).all()


def test_a_ring_that_touches_itself_at_the_edge_does_not_fill_the_box() -> None:
    """Seen in Porto: GEOS made a whole tile of this sliver."""
    points = [(1058.0, -80.0), (1073.0, -55.0), (1073.0, -54.0), (1056.0, -64.0), (1056.0, -80.0)]
    cut = clip_surfaces(run(points), (-64, -64, 4160, 4160))
    assert Polygon(cut.points).area < 200


def test_a_line_that_leaves_the_box_and_comes_back_is_two() -> None:
    points = [(0.0, 0.0), (10.0, 0.0), (10.0, 5.0), (0.0, 5.0)]
    cut = clip_lines(run(points, closed=False), (-1, -1, 5, 9))
    assert sorted(np.split(cut.points, cut.first[1:-1])[0].tolist()) == [[0, 0], [5, 0]]
    assert len(cut.feature) == 2


def by_rings(shapes: list[list[list[tuple[int, int]]]]) -> Rings:
    """Each shape is a polygon and a feature."""
    rings = [ring for polygon in shapes for ring in polygon]
    of = np.repeat(np.arange(len(shapes)), [len(polygon) for polygon in shapes])
    first = np.cumsum([0, *(len(ring) for ring in rings)])
    return Rings(np.array([p for ring in rings for p in ring]), first, of, of)


def test_geometry_reads_back_as_it_was_written() -> None:
    hole = [(2, 2), (2, 4), (4, 4), (4, 2), (2, 2)]
    shapes = [[square(0, 0, 10), hole], [square(20, 20, 5)[::-1]]]
    tile = new_tile()
    rings = by_rings(shapes)  # type: ignore[arg-type]
    add_layer(tile, "a", Shape.SURFACE, commands(rings, Shape.SURFACE), [{"n": 1}, {"n": "x"}])
    read = mapbox_vector_tile.decode(
        tile.SerializeToString(), default_options={"y_coord_down": True}
    )["a"]["features"]
    assert [feature["properties"] for feature in read] == [{"n": 1}, {"n": "x"}]
    for feature, polygon in zip(read, shapes, strict=True):
        assert shape(feature["geometry"]).equals(Polygon(polygon[0], polygon[1:]))


@given(st.lists(star, min_size=1, max_size=5))
@settings(max_examples=100)
def test_outer_rings_run_clockwise_on_the_screen(
    stars: list[list[tuple[float, float]]],
) -> None:
    rounded = [[(round(x), round(y)) for x, y in [*points, points[0]]] for points in stars]
    for _, geometry in commands(by_rings([[ring] for ring in rounded]), Shape.SURFACE):
        assert surveyed(geometry) > 0


def surveyed(geometry: list[int]) -> float:
    """Twice the area of the one ring in these commands, read without our code."""
    count = geometry[3] >> 3
    flat = [(v >> 1) ^ -(v & 1) for v in geometry[1:3] + geometry[4 : 4 + 2 * count]]
    points = np.cumsum(np.array(flat).reshape(-1, 2), axis=0).astype(float)
    after = np.roll(points, -1, axis=0)
    return float((points[:, 0] * after[:, 1] - after[:, 0] * points[:, 1]).sum())


def test_what_rounding_leaves_nothing_of_is_left_out() -> None:
    flat = [(5, 5), (9, 5), (5, 5)]
    point = [(3, 3), (3, 3)]
    assert commands(by_rings([[flat]]), Shape.SURFACE) == []
    assert commands(by_rings([[point]]), Shape.LINE) == []
    assert [number for number, _ in commands(by_rings([[point], [flat]]), Shape.LINE)] == [1]


def test_every_zoom_has_a_band() -> None:
    assert [band_of(z) for z in range(TOP_ZOOM + 1)] == sorted(band_of(z) for z in range(15))
    assert {band_of(z) for z in range(15)} == set(BANDS)


def test_every_class_is_in_the_documentation() -> None:
    text = (DOCS / "basemap.md").read_text()
    kinds = {kind for kind, _ in [*ROADS.values(), *RAILS.values(), *LAND.values()]}
    kinds |= {*WATERWAYS, *PLACES, *(kind for kind, _ in BORDERS.values()), *LAYERS}
    links = {kind for kind in kinds if kind.endswith("_link")} - {"motorway_link", "trunk_link"}
    assert {kind for kind in kinds - links if f"`{kind}`" not in text} == set()


@pytest.fixture(scope="module")
def rutland(tmp_path_factory: pytest.TempPathFactory) -> TileSource:
    path = Path(__file__).resolve().parents[3] / "data" / "samples" / "rutland.osm.pbf"
    folder = tmp_path_factory.mktemp("rutland")
    write_rest(path, folder)
    return TileSource(folder)


@pytest.mark.parametrize("z", [8, 11, 12, 13, 14])
def test_the_roads_of_a_county_meet_at_the_edges_of_tiles(rutland: TileSource, z: int) -> None:
    """What a tile shows beyond its edge is what its neighbour shows within."""
    _, x, y = tile_at(z, -0.72, 52.66)

    def roads(column: int, shift: int) -> Any:
        features = decoded(rutland.tile(z, column, y)).get("road", [])
        lines = shapely.union_all([shape(feature["geometry"]) for feature in features])
        return shapely.transform(lines, lambda points: points + np.array([shift, 0]))

    strip = box(EXTENT - 60, 10, EXTENT + 60, EXTENT - 10)
    left, right = roads(x, 0).intersection(strip), roads(x + 1, EXTENT).intersection(strip)
    assert left.length == pytest.approx(right.length, rel=0.02, abs=4)


def test_no_tile_of_a_county_has_a_surface_that_fills_it_by_mistake(rutland: TileSource) -> None:
    """Water and woods of a tile cover no more than a tile, and no less than its parts."""
    _, x, y = tile_at(12, -0.65, 52.65)
    for layer in ("water", "landuse"):

        def area(z: int, column: int, row: int, layer: str = layer) -> float:
            features = decoded(rutland.tile(z, column, row)).get(layer, [])
            tile = box(0, 0, EXTENT, EXTENT)
            shapes = [shapely.make_valid(shape(feature["geometry"])) for feature in features]
            return float(shapely.union_all(shapes).intersection(tile).area) / EXTENT**2

        whole = area(12, x, y)
        parts = [area(13, 2 * x + dx, 2 * y + dy) / 4 for dx in (0, 1) for dy in (0, 1)]
        assert sum(parts) == pytest.approx(whole, abs=0.02)
