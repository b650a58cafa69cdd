"""Areas put together from the ways of their borders, and what is said of those that cannot be."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import Polygon

from data.osm.places.areas import (
    AreaIndex,
    AreaRelation,
    assemble,
    code_of,
    population_of,
    read_relations,
)
from data.osm.places.place_store import PlaceStore
from data.osm.rest import write_rest
from tests.data.osm.rest_extract import ExtractWriter, Position, square, two_municipalities

EXTRACTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "osm"


def line(points: list[Position]) -> bytes:
    return np.array(points, dtype="<f8").tobytes()


def area_of(*ways: list[Position], members: tuple[int, ...] | None = None) -> tuple[Any, str]:
    """Of ways numbered from 1."""
    relation = AreaRelation(7, "admin", 8, {"name": "A"}, members or tuple(range(1, len(ways) + 1)))
    shapes, reasons = assemble([relation], {k + 1: line(way) for k, way in enumerate(ways)})
    return shapes[0], reasons[0]


BIG = square(0, 0, 10)


def test_ways_are_joined_whatever_their_order_and_direction() -> None:
    shape, reason = area_of(
        [(0, 0), (10, 0)], [(10, 10), (10, 0)], [(0, 10), (0, 0)], [(0, 10), (5, 12), (10, 10)]
    )
    assert reason == ""
    assert shape.equals(Polygon([(0, 0), (10, 0), (10, 10), (5, 12), (0, 10)]))


def test_a_ring_within_another_is_a_hole_and_one_within_a_hole_an_island() -> None:
    shape, reason = area_of(BIG, square(2, 2, 6), square(4, 4, 2))
    assert reason == ""
    assert shape.area == 100 - 36 + 4


def test_an_exclave_is_a_second_polygon() -> None:
    shape, _ = area_of(BIG, square(20, 20, 1))
    assert (shape.geom_type, shape.area) == ("MultiPolygon", 101)


def test_a_hole_along_the_outer_ring_is_a_hole() -> None:
    shape, reason = area_of(BIG, square(0, 2, 3))
    assert reason == ""
    assert shape.area == 100 - 9


def test_rings_that_touch_in_a_point_are_told_apart() -> None:
    shape, reason = area_of(BIG, square(10, 10, 2))
    assert reason == ""
    assert shape.area == 104


def test_a_way_listed_twice_counts_once() -> None:
    shape, reason = area_of(BIG, members=(1, 1))
    assert reason == ""
    assert shape.area == 100


def test_a_border_that_the_file_cuts_off_is_reported_with_how_much_is_missing() -> None:
    shape, reason = area_of([(0, 0), (10, 0)], members=(1, 2, 3))
    assert shape is None
    assert reason.startswith("2 of 3 ways of its border are not in the file")


def test_a_border_of_which_nothing_is_there_says_so() -> None:
    assert area_of(BIG, members=(8, 9)) == (None, "None of its border is in the file.")


def test_an_open_border_says_where() -> None:
    shape, reason = area_of([(0, 0), (10, 0), (10, 10), (0.5, 10)])
    assert shape is None
    assert reason == "Its border is open at 0.0000000, 0.0000000."


def test_a_border_across_itself_is_reported_with_the_place() -> None:
    shape, reason = area_of([(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)])
    assert shape is None
    assert "Self-intersection[5 5]" in reason


def test_a_way_that_misses_nodes_is_named() -> None:
    relation = AreaRelation(7, "admin", 8, {"name": "A"}, (1, 2))
    _, reasons = assemble([relation], {1: line(BIG), 2: None})
    assert reasons == ["Way 2 of its border misses nodes, or has only one."]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5696", 5696),
        ("5 696", 5696),
        ("5,696", 5696),
        ("5'696", 5696),
        ("5696 (2020)", 5696),
        ("about 50", None),
        ("", None),
        (None, None),
    ],
)
def test_population_is_read_however_it_is_written(text: str | None, number: int | None) -> None:
    assert population_of(text) == number


def test_the_official_number_of_a_german_municipality_comes_before_others() -> None:
    tags = {"ref": "X", "de:amtlicher_gemeindeschluessel": "09162000"}
    assert code_of(AreaRelation(1, "admin", 8, tags, ())) == "09162000"


def test_a_point_lies_in_the_smallest_area_of_the_levels_asked_for() -> None:
    index = AreaIndex.of(
        (1, 2, 3), (4, 8, 0), [Polygon(BIG), Polygon(square(0, 0, 5)), Polygon(square(4, 4, 2))]
    )
    lon, lat = np.array([1.0, 9.0, 4.5, 20.0]), np.array([1.0, 9.0, 4.5, 20.0])
    assert index.innermost(lon, lat, index.admin_levels).tolist() == [2, 1, 2, 0]
    assert index.innermost(lon, lat, (0,)).tolist() == [0, 0, 3, 0]


def test_relations_are_read_with_the_lowest_level_of_each_border(tmp_path: Path) -> None:
    path = two_municipalities().write(tmp_path / "two.osm.pbf")
    relations = read_relations(path, lambda tags: False)
    assert [(one.level, one.tags["name"]) for one in relations.areas] == [
        (8, "Alba"),
        (8, "Brava"),
        (4, "Land"),
    ]
    assert relations.border_level == {1: 8, 2: 4, 3: 4, 4: 8}


def test_areas_are_stored_with_code_population_and_what_encloses_them(tmp_path: Path) -> None:
    path = two_municipalities().write(tmp_path / "two.osm.pbf")
    report = write_rest(path, tmp_path)
    assert (report.counts["area"], report.problems) == (3, ())
    alba, brava, land = PlaceStore(tmp_path).areas()
    assert (alba.name, alba.code, alba.population, alba.parent_id) == ("Alba", "A1", 1234, land.id)
    assert alba.geometry.geom_type == "MultiPolygon"
    assert brava.geometry.area == pytest.approx(0.02**2 - 0.002**2)
    assert land.parent_id is None
    assert alba.geometry.contains(shapely.Point(alba.lon, alba.lat))


def test_a_border_of_one_closed_way_is_an_area(tmp_path: Path) -> None:
    extract = ExtractWriter()
    extract.way(
        square(1, 1, 1), boundary="administrative", admin_level="8", name="Insel", population="9"
    )
    write_rest(extract.write(tmp_path / "one.osm.pbf"), tmp_path)
    (island,) = PlaceStore(tmp_path).areas("admin", 8)
    assert (island.osm_type, island.name, island.geometry.area) == ("w", "Insel", 1)


@pytest.fixture(scope="module")
def liechtenstein(tmp_path_factory: pytest.TempPathFactory) -> PlaceStore:
    path = EXTRACTS / "liechtenstein-2024.osm.pbf"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    folder = tmp_path_factory.mktemp("liechtenstein")
    write_rest(path, folder)
    return PlaceStore(folder)


def test_the_eleven_municipalities_of_liechtenstein_are_whole(liechtenstein: PlaceStore) -> None:
    """Six of them have exclaves; together they cover the 160.5 km2 of the country."""
    areas = liechtenstein.areas("admin", 8)
    assert {area.name for area in areas} == {
        "Balzers", "Eschen", "Gamprin", "Mauren", "Planken", "Ruggell", "Schaan", "Schellenberg",
        "Triesen", "Triesenberg", "Vaduz",
    }  # fmt: skip
    degrees = sum(area.geometry.area for area in areas)
    assert degrees * 111.2**2 * np.cos(np.radians(47.15)) == pytest.approx(160.5, rel=0.01)
    shapes = [area.geometry for area in areas]
    assert shapely.union_all(shapes).area == pytest.approx(degrees, rel=1e-9), "they overlap"


def test_neighbours_that_the_extract_cuts_off_are_reported(liechtenstein: PlaceStore) -> None:
    problems = {problem.name: problem.reason for problem in liechtenstein.area_problems()}
    assert problems["Buchs (SG)"] == (
        "2 of 7 ways of its border are not in the file, which ends within it."
    )
    assert {"Vorarlberg", "Bezirk Feldkirch", "Sevelen"} <= problems.keys()
