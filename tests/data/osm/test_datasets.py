"""The data set of a map: made of what the map knows, once, and chosen again."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from data import account_store, dataset_store, rep_store
from data.database import Database
from data.errors import InvalidRoadMapError, MapInUseError
from data.osm.datasets import forget_map, use_map
from data.osm.map_folder import MAP_FORMAT, META_FILE, MapMeta, write_meta
from data.osm.places.place_store import FILE, TABLES, create, insert
from data.tables import Account

TODAY = date(2026, 11, 19)


def row(table: str, **values: Any) -> tuple[Any, ...]:
    """A row with nothing in the columns that are not given."""
    names = [column.split()[0] for column in TABLES[table].split(", ")]
    assert set(values) <= set(names)
    return tuple(values.get(name) for name in names)


def place(kind: str, name: str, lon: float, lat: float, **more: Any) -> tuple[Any, ...]:
    facts = {"osm_type": "n", "osm_id": 1, "alternates": ""}
    return row("place", **facts, kind=kind, name=name, lon=lon, lat=lat, **more)


def point(kind: str, name: str, lon: float, lat: float, **more: Any) -> tuple[Any, ...]:
    facts = {"osm_type": "n", "osm_id": 1}
    return row("point_of_interest", **facts, kind=kind, name=name, lon=lon, lat=lat, **more)


def write_places(
    folder: Path, places: list[tuple[Any, ...]], points: list[tuple[Any, ...]]
) -> None:
    folder.mkdir(parents=True)
    connection = create(folder / FILE, TABLES)
    insert(connection, "place", places)
    insert(connection, "point_of_interest", points)
    connection.execute("commit")
    connection.close()
    write_meta(folder, meta_of(folder.name))


def meta_of(name: str, **more: Any) -> MapMeta:
    """Of a map without roads, which data sets do not look at."""
    facts: dict[str, Any] = {
        "version": "0", "profile": "car", "source_file": f"{name}.osm.pbf", "source_bytes": 0,
        "source_sha256": "", "built_at": "2026-11-19T00:00:00+00:00", "kinds": (), "counts": {},
        "bbox": (0.0, 0.0, 0.0, 0.0), "report": {}, "parts": (), "software": {},
    }  # fmt: skip
    return MapMeta(name=name, **(facts | more))


@pytest.fixture
def maps_dir(tmp_path: Path) -> Path:
    """A map of Oakham with a bakery, a joiner and a church."""
    maps = tmp_path / "maps"
    write_places(
        maps / "rutland",
        [
            place("hamlet", "Barnsdale", -0.67, 52.70),
            place("town", "Oakham", -0.73, 52.67, population=10_922),
        ],
        [
            point("shop=bakery", "Crumbs", -0.73, 52.67, postcode="LE15 6AA", city="Oakham"),
            point("craft=joiner", "Plane & Square", -0.72, 52.66),
            point("amenity=place_of_worship", "All Saints", -0.728, 52.671),
        ],
    )
    return maps


def test_the_first_use_makes_an_account_of_each_business(
    database: Database, maps_dir: Path
) -> None:
    dataset_id = use_map(database, maps_dir, "rutland", TODAY)
    with database.session() as session:
        table = account_store.load_table(session, dataset_id, TODAY)
        reps = rep_store.all_reps(session, dataset_id)
    assert list(table.name) == ["Crumbs", "Plane & Square"]
    assert list(table.town) == ["Oakham", "Oakham"]  # the second by the nearest town
    assert list(table.lon) == [-0.73, -0.72]
    assert [rep.home_town for rep in reps] == ["Oakham"]


def test_the_data_set_has_the_zone_the_money_and_the_name_of_its_map(
    database: Database, maps_dir: Path
) -> None:
    dataset_id = use_map(database, maps_dir, "rutland", TODAY)
    with database.session() as session:
        dataset = dataset_store.active(session)
    assert dataset is not None
    assert dataset.id == dataset_id
    assert (dataset.timezone, dataset.country, dataset.currency) == ("Europe/London", "GB", "GBP")
    assert dataset.map_name == "rutland"
    assert dataset.name == "Rutland (OpenStreetMap)"
    assert dataset.created_for == date(2026, 11, 16)  # the Monday of that week


def test_of_very_many_businesses_some_are_drawn_and_that_is_said(
    database: Database, maps_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops = [point("shop=bakery", f"Shop {k}", 9.5, 47.1) for k in range(60)]
    for name in ("vaduz", "again"):
        write_places(maps_dir / name, [place("town", "Vaduz", 9.52, 47.14)], shops)
    monkeypatch.setattr("data.osm.datasets.MOST_ACCOUNTS", 20)
    drawn = []
    for name in ("vaduz", "again"):
        use_map(database, maps_dir, name, TODAY)
        with database.session() as session:
            dataset = dataset_store.active(session)
            assert dataset is not None
            accounts = session.scalars(select(Account).where(Account.dataset_id == dataset.id))
            drawn.append(sorted(account.name for account in accounts))
        assert "Of the 60 businesses on the map 20 were drawn" in dataset.note
    assert len(set(drawn[0])) == 20
    assert drawn[0] == drawn[1] != sorted(f"Shop {k}" for k in range(20))


def test_using_a_map_again_makes_nothing_new(database: Database, maps_dir: Path) -> None:
    first = use_map(database, maps_dir, "rutland", TODAY)
    assert use_map(database, maps_dir, "rutland", TODAY) == first
    with database.session() as session:
        assert len(dataset_store.all_datasets(session)) == 1


def test_two_maps_are_two_data_sets_and_one_is_active(database: Database, maps_dir: Path) -> None:
    write_places(maps_dir / "vaduz", [place("town", "Vaduz", 9.52, 47.14)], [])
    first = use_map(database, maps_dir, "rutland", TODAY)
    second = use_map(database, maps_dir, "vaduz", TODAY)
    with database.session() as session:
        active = dataset_store.active(session)
        assert active is not None
        assert active.id == second
        assert len(account_store.load_table(session, second, TODAY)) == 0
        assert len(account_store.load_table(session, first, TODAY)) == 2


@pytest.mark.parametrize("count", [0, 1, 3])
def test_on_a_map_without_places_a_rep_lives_amid_the_businesses(
    database: Database, maps_dir: Path, count: int
) -> None:
    shops = [point("shop=bakery", "Crumbs", -83.0 + 0.1 * k, 40.0) for k in range(count)]
    write_places(maps_dir / "new-town", [], shops)
    bbox = (-84.0, 39.0, -83.0, 41.0)
    write_meta(maps_dir / "new-town", meta_of("new-town", bbox=bbox))
    dataset_id = use_map(database, maps_dir, "new-town", TODAY)
    with database.session() as session:
        [rep] = rep_store.all_reps(session, dataset_id)
        assert dataset_store.get(session, dataset_id).timezone == "America/New_York"
    assert rep.home_town == "New Town"
    assert rep.home_lon == pytest.approx([-83.5, -83.0, None, -82.9][count])


def test_a_map_that_is_not_there_is_refused_and_the_other_stays(
    database: Database, maps_dir: Path
) -> None:
    used = use_map(database, maps_dir, "rutland", TODAY)
    with pytest.raises(InvalidRoadMapError, match="atlantis"):
        use_map(database, maps_dir, "atlantis", TODAY)
    with database.session() as session:
        active = dataset_store.active(session)
        assert active is not None
        assert active.id == used
        assert len(dataset_store.all_datasets(session)) == 1


def test_a_path_to_a_map_elsewhere_is_no_name(database: Database, maps_dir: Path) -> None:
    write_places(maps_dir.parent / "elsewhere", [place("town", "Vaduz", 9.52, 47.14)], [])
    with pytest.raises(InvalidRoadMapError, match=r"no map '\.\./elsewhere'"):
        use_map(database, maps_dir, "../elsewhere", TODAY)
    with pytest.raises(InvalidRoadMapError, match="no map 'rutland/'"):
        use_map(database, maps_dir, "rutland/", TODAY)
    with database.session() as session:
        assert dataset_store.all_datasets(session) == []


def test_a_map_that_cannot_be_opened_does_not_become_the_active_one(
    database: Database, maps_dir: Path
) -> None:
    """Though it has a data set from the time when it could."""
    write_places(maps_dir / "vaduz", [place("town", "Vaduz", 9.52, 47.14)], [])
    use_map(database, maps_dir, "vaduz", TODAY)
    used = use_map(database, maps_dir, "rutland", TODAY)
    write_meta(maps_dir / "vaduz", meta_of("vaduz", format=MAP_FORMAT + 1))
    with pytest.raises(InvalidRoadMapError, match="Build it anew"):
        use_map(database, maps_dir, "vaduz", TODAY)
    (maps_dir / "vaduz" / META_FILE).unlink()
    with pytest.raises(InvalidRoadMapError, match="There is no map 'vaduz'"):
        use_map(database, maps_dir, "vaduz", TODAY)
    with database.session() as session:
        active = dataset_store.active(session)
        assert active is not None
        assert active.id == used


def test_a_map_of_roads_only_has_no_data_set(database: Database, maps_dir: Path) -> None:
    (maps_dir / "bare").mkdir()
    write_meta(maps_dir / "bare", meta_of("bare"))
    with pytest.raises(InvalidRoadMapError, match="--roads-only"):
        use_map(database, maps_dir, "bare", TODAY)


def test_a_map_that_is_forgotten_takes_its_sample_along(database: Database, maps_dir: Path) -> None:
    write_places(maps_dir / "vaduz", [place("town", "Vaduz", 9.52, 47.14)], [])
    first = use_map(database, maps_dir, "rutland", TODAY)
    second = use_map(database, maps_dir, "vaduz", TODAY)
    forget_map(database, "rutland")
    with database.session() as session:
        assert [dataset.id for dataset in dataset_store.all_datasets(session)] == [second]
        accounts = session.scalars(select(Account).where(Account.dataset_id == first))
        assert list(accounts) == []


def test_a_map_in_use_is_not_forgotten(database: Database, maps_dir: Path) -> None:
    used = use_map(database, maps_dir, "rutland", TODAY)
    with pytest.raises(MapInUseError, match="use german-highways"):
        forget_map(database, "rutland")
    with database.session() as session:
        assert len(account_store.load_table(session, used, TODAY)) == 2


def test_a_map_under_own_accounts_is_not_forgotten(
    database: Database, dataset_id: int, maps_dir: Path
) -> None:
    with database.session() as session:
        dataset_store.get(session, dataset_id).map_name = "rutland"
    write_places(maps_dir / "vaduz", [place("town", "Vaduz", 9.52, 47.14)], [])
    use_map(database, maps_dir, "vaduz", TODAY)
    with pytest.raises(MapInUseError, match="data set 'Test'"):
        forget_map(database, "rutland")
