"""Addresses, streets, places, postcodes and points of interest of files made by hand."""

from pathlib import Path
from typing import Any

import pytest
import shapely

from data.osm.places.place_store import PlaceStore
from data.osm.rest import RestReport, write_rest
from tests.data.osm.rest_extract import ExtractWriter, square, two_municipalities


def read(extract: ExtractWriter, folder: Path) -> tuple[PlaceStore, RestReport]:
    report = write_rest(extract.write(folder / "small.osm.pbf"), folder)
    return PlaceStore(folder), report


def rows(extract: ExtractWriter, folder: Path, table: str) -> list[dict[str, Any]]:
    store, _ = read(extract, folder)
    return [dict(row) for row in store.rows(table)]


def picked(found: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in found]


def address(number: str, **tags: str) -> dict[str, str]:
    return {"addr__housenumber": number, "addr__street": "Weg"} | tags


def test_an_address_of_a_point_lies_there(tmp_path: Path) -> None:
    extract = ExtractWriter()
    extract.node(11.5, 48.1, **address("7a", addr__postcode="80331", addr__city="Stadt"))
    (found,) = rows(extract, tmp_path, "address")
    assert found == {
        "id": 1, "osm_type": "n", "osm_id": 1, "house_number": "7a", "house_name": None,
        "unit": None, "street": "Weg", "place": None, "postcode": "80331", "city": "Stadt",
        "area_id": None, "lon": 11.5, "lat": 48.1,
    }  # fmt: skip


def test_an_address_of_a_building_lies_at_the_centroid_of_its_outline(tmp_path: Path) -> None:
    """An L of three unit squares: the mean of their centres is 5/6 in both directions."""
    extract = ExtractWriter()
    outline = [(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2), (0, 0)]
    extract.way([(x / 1000, y / 1000) for x, y in outline], building="yes", **address("1"))
    (found,) = rows(extract, tmp_path, "address")
    assert (found["osm_type"], found["lon"], found["lat"]) == ("w", 0.0008333, 0.0008333)


def test_an_address_of_a_building_with_a_yard_is_that_of_its_relation(tmp_path: Path) -> None:
    extract = ExtractWriter()
    ways = [extract.way(square(1, 1, 0.003)), extract.way(square(1.001, 1.001, 0.001))]
    members = [("w", ways[0], "outer"), ("w", ways[1], "inner")]
    extract.relation(members, type="multipolygon", building="yes", **address("5"))
    (found,) = rows(extract, tmp_path, "address")
    assert (found["osm_type"], found["osm_id"], found["house_number"]) == ("r", 1, "5")
    assert (found["lon"], found["lat"]) == pytest.approx((1.0015, 1.0015))


def test_a_house_with_two_numbers_is_found_by_both(tmp_path: Path) -> None:
    extract = ExtractWriter()
    extract.node(1, 1, **address("3;5"))
    assert picked(rows(extract, tmp_path, "address"), "house_number") == [("3",), ("5",)]


def test_a_house_may_have_a_name_instead_of_a_number(tmp_path: Path) -> None:
    extract = ExtractWriter()
    extract.node(1, 1, addr__housename="The Old Rectory", addr__place="Wing")
    (found,) = rows(extract, tmp_path, "address")
    assert (found["house_name"], found["house_number"]) == ("The Old Rectory", None)
    assert (found["place"], found["street"]) == ("Wing", None)


def test_a_house_takes_the_street_of_its_relation_where_it_names_none(tmp_path: Path) -> None:
    extract = ExtractWriter()
    house = extract.node(1, 1, addr__housenumber="9")
    extract.relation([("n", house, "house")], type="associatedStreet", name="Lange Gasse")
    (found,) = rows(extract, tmp_path, "address")
    assert found["street"] == "Lange Gasse"


def test_an_interpolated_line_is_cut_at_every_number_on_it(tmp_path: Path) -> None:
    extract = ExtractWriter()
    nodes = [
        extract.node(1.0, 1.0, **address("1", addr__postcode="10115")),
        extract.node(1.001, 1.0),
        extract.node(1.002, 1.0, **address("9")),
        extract.node(1.003, 1.0, **address("15")),
    ]
    extract.way_of(nodes, addr__interpolation="odd")
    found = rows(extract, tmp_path, "interpolation")
    assert picked(found, "first_number", "last_number", "step", "street", "postcode") == [
        (1, 9, 2, "Weg", None),
        (9, 15, 2, "Weg", None),
    ]
    line = shapely.from_wkb(found[0]["geometry"])
    assert list(line.coords) == [(1.0, 1.0), (1.001, 1.0), (1.002, 1.0)]


def test_a_number_that_no_house_has_ends_no_interpolation(tmp_path: Path) -> None:
    extract = ExtractWriter()
    nodes = [extract.node(1.0, 1.0, **address("1")), extract.node(1.1, 1.0, **address("9" * 30))]
    extract.way_of(nodes, addr__interpolation="odd")
    store, report = read(extract, tmp_path)
    assert store.counts()["interpolation"] == 0
    assert list(report.left_out.values()) == [1]


@pytest.mark.parametrize("method", ["alphabetic", "0", "whatever", "9" * 30])
def test_an_interpolation_that_cannot_be_counted_is_reported(tmp_path: Path, method: str) -> None:
    extract = ExtractWriter()
    nodes = [extract.node(1.0, 1.0, **address("1")), extract.node(1.1, 1.0, **address("9"))]
    extract.way_of(nodes, addr__interpolation=method)
    store, report = read(extract, tmp_path)
    assert store.counts()["interpolation"] == 0
    assert list(report.left_out.values()) == [1]
    assert "interpolated" in next(iter(report.left_out))


def test_a_street_is_one_row_for_each_municipality_it_runs_through(tmp_path: Path) -> None:
    extract = two_municipalities()
    extract.way([(11.010, 13.001), (11.014, 13.001)], highway="residential", name="Weg")
    extract.way([(11.014, 13.001), (11.019, 13.001)], highway="residential", name="Weg", ref="K 1")
    extract.way([(11.021, 13.001), (11.025, 13.001)], highway="residential", name="Weg")
    found = rows(extract, tmp_path, "street")
    assert picked(found, "name", "place", "ref", "west", "east") == [
        ("Weg", "Alba", "K 1", 11.010, 11.019),
        ("Weg", "Brava", None, 11.021, 11.025),
    ]
    # 0.009 degrees of longitude at 13 degrees north.
    assert found[0]["length_m"] == pytest.approx(0.009 * 111_195 * 0.9744, rel=1e-3)


def test_the_middle_of_a_street_lies_on_it(tmp_path: Path) -> None:
    """Three sides of a square: their centre is inside, the middle on the middle one."""
    extract = ExtractWriter()
    for a, b in (((1, 1), (1, 1.001)), ((1, 1.001), (1.001, 1.001)), ((1.001, 1.001), (1.001, 1))):
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        extract.way([a, middle, b], highway="residential", name="Hof")
    (found,) = rows(extract, tmp_path, "street")
    assert (found["lon"], found["lat"]) == (1.0005, 1.001)


def test_streets_of_one_name_far_apart_are_two(tmp_path: Path) -> None:
    extract = ExtractWriter()
    for lon in (1.0, 1.05):
        extract.way([(lon, 1.0), (lon + 0.001, 1.0)], highway="residential", name="Hauptstraße")
    assert len(rows(extract, tmp_path, "street")) == 2


def test_a_street_outside_all_municipalities_belongs_to_the_nearest_town(tmp_path: Path) -> None:
    extract = ExtractWriter()
    extract.node(1.0, 1.0, place="village", name="Nah")
    extract.node(1.2, 1.0, place="city", name="Fern")
    extract.node(1.011, 1.0, place="suburb", name="Kein Ort")
    extract.way([(1.010, 1.0), (1.011, 1.0)], highway="residential", name="Weg")
    extract.way([(3.0, 1.0), (3.001, 1.0)], highway="residential", name="Einsam")
    assert picked(rows(extract, tmp_path, "street"), "name", "place") == [
        ("Weg", "Nah"),
        ("Einsam", None),
    ]


def test_a_planned_street_is_none(tmp_path: Path) -> None:
    extract = ExtractWriter()
    extract.way([(1, 1), (1.1, 1)], highway="proposed", name="Umgehung")
    assert rows(extract, tmp_path, "street") == []


def test_a_place_has_its_other_names_once_and_what_encloses_it(tmp_path: Path) -> None:
    extract = two_municipalities()
    extract.node(
        11.01, 13.01, place="town", name="Alba", population="1 100", alt_name="Weissenstadt;Alva",
        name__de="Weissenstadt", name__it="Alba", old_name="Albina",
    )  # fmt: skip
    (found,) = rows(extract, tmp_path, "place")
    assert found["alternates"] == "Weissenstadt;Alva;Albina"
    assert (found["municipality"], found["county"], found["region"]) == ("Alba", None, "Land")
    assert (found["kind"], found["population"]) == ("town", 1100)


def test_a_place_that_is_node_and_area_is_one_row(tmp_path: Path) -> None:
    extract = ExtractWriter()
    extract.node(1.005, 1.005, place="village", name="Dorf")
    extract.way(square(1, 1, 0.01), place="village", name="Dorf")
    extract.way(square(2, 1, 0.01), place="village", name="Nur Fläche")
    found = rows(extract, tmp_path, "place")
    assert picked(found, "name", "osm_type") == [("Dorf", "n"), ("Nur Fläche", "w")]


def test_a_postcode_lies_in_the_middle_of_its_addresses(tmp_path: Path) -> None:
    extract = ExtractWriter()
    for lon, city in ((1.0, "Stadt"), (1.1, "Stadt"), (1.3, "Rand")):
        extract.node(lon, 1.0, **address("1", addr__postcode="10115", addr__city=city))
    (found,) = rows(extract, tmp_path, "postcode")
    assert found["lon"] == pytest.approx(3.4 / 3, abs=1e-6)
    assert (found["code"], found["place"], found["address_count"]) == ("10115", "Stadt", 3)


def test_a_postcode_area_tells_the_postcode_of_addresses_without_one(tmp_path: Path) -> None:
    extract = two_municipalities()
    border = extract.way(square(11.005, 13.005, 0.01))
    extract.relation(
        [("w", border, "outer")], type="boundary", boundary="postal_code", postal_code="12345"
    )
    far = extract.way(square(11.03, 13.003, 0.001))
    extract.relation([("w", far, "outer")], type="boundary", boundary="postal_code", ref="54321")
    extract.node(11.01, 13.01, **address("1"))
    store, _ = read(extract, tmp_path)
    (house,) = store.rows("address")
    assert house["postcode"] == "12345"
    assert [tuple(row)[1:4] for row in store.rows("postcode")] == [
        ("12345", "Alba", 1),
        ("54321", "Brava", 0),
    ]


def test_businesses_are_points_of_interest_and_benches_are_not(tmp_path: Path) -> None:
    extract = ExtractWriter()
    extract.node(
        1, 1, shop="bakery;cafe", name="Brot", opening_hours="Mo-Fr 07:00-18:00", contact__phone="1"
    )
    extract.node(1, 2, amenity="bench", name="Bank am See")
    extract.node(1, 3, shop="vacant", name="Leer")
    extract.node(1, 4, shop="kiosk")
    extract.node(1, 5, shop="kiosk", operator="Ahmet")
    extract.way(square(2, 2, 0.01), building="industrial", name="Werk 2")
    extract.way(square(3, 2, 0.01), building="yes", name="Haus")
    found = rows(extract, tmp_path, "point_of_interest")
    assert picked(found, "kind", "name", "opening_hours", "phone") == [
        ("shop=bakery", "Brot", "Mo-Fr 07:00-18:00", "1"),
        ("shop=kiosk", "Ahmet", None, None),
        ("building=industrial", "Werk 2", None, None),
    ]


def test_ways_that_miss_nodes_are_counted_and_drawn_as_far_as_they_are_there(
    tmp_path: Path,
) -> None:
    extract = ExtractWriter()
    nodes = [extract.node(1.0, 1.0), extract.node(1.001, 1.0), 999, extract.node(1.003, 1.0)]
    extract.way_of(nodes, highway="primary", name="Grenzweg")
    store, report = read(extract, tmp_path)
    assert report.left_out == {"ways that miss nodes, since the extract ends there": 1}
    (street,) = store.rows("street")
    assert (street["west"], street["east"]) == (1.0, 1.001)


def test_an_extract_of_nothing_gives_empty_tables(tmp_path: Path) -> None:
    extract = ExtractWriter()
    extract.node(1, 1)
    store, report = read(extract, tmp_path)
    assert set(store.counts().values()) == {0}
    assert store.counts().items() <= report.counts.items()


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        extract = two_municipalities()
        extract.node(11.01, 13.01, **address("1", addr__postcode="1"))
        extract.way([(11.0, 13.0), (11.01, 13.01)], highway="primary", name="Weg")
        write_rest(extract.write(folder / "small.osm.pbf"), folder)
        written.append([(folder / f"{part}.sqlite").read_bytes() for part in ("places", "basemap")])
    assert written[0] == written[1]


def test_nothing_but_the_two_files_is_left_behind(tmp_path: Path) -> None:
    out = tmp_path / "map"
    out.mkdir()
    write_rest(two_municipalities().write(tmp_path / "small.osm.pbf"), out)
    assert {path.name for path in out.iterdir()} == {"places.sqlite", "basemap.sqlite"}


def test_positions_kept_in_a_file_give_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for an extract too large to keep them in memory."""
    path = two_municipalities().write(tmp_path / "small.osm.pbf")
    (tmp_path / "memory").mkdir()
    (tmp_path / "file").mkdir()
    write_rest(path, tmp_path / "memory")
    monkeypatch.setattr("data.osm.rest.LOCATIONS_IN_MEMORY_BYTES", 0)
    write_rest(path, tmp_path / "file")
    for name in ("places.sqlite", "basemap.sqlite"):
        assert (tmp_path / "file" / name).read_bytes() == (tmp_path / "memory" / name).read_bytes()
    assert not (tmp_path / "file" / "node_locations.tmp").exists()


def test_batches_give_the_same_rows_as_one_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def some() -> ExtractWriter:
        extract = two_municipalities()
        for k in range(6):
            lon = round(11.003 + 0.002 * k, 4)
            extract.way([(lon, 13.003), (lon, 13.005)], highway="residential", name=f"Weg {k % 2}")
            extract.way(square(lon, 13.008, 0.001), building="yes", **address(str(k)))
        return extract

    found = []
    for size in (100_000, 3):
        folder = tmp_path / str(size)
        folder.mkdir()
        monkeypatch.setattr("data.osm.rest.BATCH_WAYS", size)
        store, _ = read(some(), folder)
        found.append({t: [tuple(row) for row in store.rows(t)] for t in ("address", "street")})
    assert found[0] == found[1]


def test_progress_ends_with_everything_done(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write_rest(
        two_municipalities().write(tmp_path / "small.osm.pbf"),
        tmp_path,
        lambda stage, done, total: told.append((stage, done, total)),
    )
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1] == told[-1][2]
