"""Opens the map of a data set."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from accounts import LocationLevel
from api.settings import Settings
from api.world import Town, World
from data.geocoding.gazetteer import Gazetteer
from data.geocoding.locating import open_geocoder
from data.geocoding.places import CityRow, PostcodeRow
from data.osm.basemap.tiles import TileSource
from data.osm.map_folder import open_street_map
from data.osm.places.place_size import TYPICAL_SIZE, size_of
from data.osm.places.place_store import PlaceRow, PlaceStore
from data.osrm_engine import OsrmEngine
from data.progress import Progress
from data.road_store import open_road_map
from data.samples import germany
from geo import great_circle_m
from routing.roads.great_circle_engine import GreatCircleEngine

EXAMPLE_SHARE = 1 / 3
"""The example's second place has at least this share of the people of the first."""


def open_world(settings: Settings, map_name: str | None, progress: Progress | None = None) -> World:
    """
    Open a map by its name.

    Parameters
    ----------
    map_name
        A folder in `Settings.maps_dir`, or the map that is shipped, of which the first call builds
        the hierarchy. None: there is no map, and ways are estimated.

    Raises
    ------
    InvalidRoadMapError
        When the map is missing or damaged.
    """
    if map_name is None:
        world = without_map()
    elif map_name == germany.MAP_NAME:
        world = _german_highways(settings, progress)
    else:
        world = _streets(settings.maps_dir / map_name)
    return world if settings.osrm_url is None else _by_osrm(world, settings.osrm_url)


def without_map() -> World:
    """All ways are estimated, and no place is known by name."""
    return World(
        engine=GreatCircleEngine(), version="air-line", gazetteer=Gazetteer((), ()), towns=()
    )


def _by_osrm(world: World, url: str) -> World:
    engine = OsrmEngine(url)
    return replace(world, engine=engine, version=f"osrm-{world.version}", tells_kinds_of_road=False)


def _streets(folder: Path) -> World:
    """A map made from OpenStreetMap; tiles show it."""
    streets = open_street_map(folder)
    places = PlaceStore(folder)
    try:
        rows = [row for row in places.rows("place") if row["kind"] in TYPICAL_SIZE]
        found = (_postcode(row) for row in places.rows("postcode"))
        codes = [code for code in found if code is not None]
    finally:
        places.close()
    rows.sort(key=lambda row: (-size_of(row), row["id"]))
    towns = tuple(Town(r["name"], r["lon"], r["lat"], size_of(r)) for r in rows if _is_town(r))
    return World(
        name=streets.name,
        engine=streets.engine(),
        version=f"{streets.name}-{streets.version[:8]}",
        gazetteer=Gazetteer(map(_city, rows), codes),
        towns=towns,
        tells_kinds_of_road=True,
        example=_example(towns),
        tiles=TileSource(folder),
        open_geocoder=partial(open_geocoder, folder.name, folder.parent),
        coarsest_level=LocationLevel.STREET,
    )


def _is_town(row: PlaceRow) -> bool:
    return row["kind"] in ("city", "town", "village")


def _city(row: PlaceRow) -> CityRow:
    return CityRow(
        row["name"],
        tuple(name for name in row["alternates"].split(";") if name),
        row["county"] or row["region"] or "",
        row["lon"],
        row["lat"],
        row["population"],
        TYPICAL_SIZE[row["kind"]],
    )


def _postcode(row: PlaceRow) -> PostcodeRow | None:
    """None for a code with letters, which the gazetteer does not read yet."""
    if not row["code"].isdecimal():
        return None
    return PostcodeRow(row["code"], row["place"] or "", "", row["lon"], row["lat"])


def _example(towns: Sequence[Town]) -> tuple[str, str, int] | None:
    """From the largest place to the farthest of those about as large, in a day."""
    if len(towns) < 2:
        return None
    first, second = towns[:2]
    least = min(second.population, EXAMPLE_SHARE * first.population)
    others = [town for town in towns[1:] if town.population >= least]
    away_m = [great_circle_m(first.lon, first.lat, town.lon, town.lat) for town in others]
    return first.name, others[int(np.argmax(away_m))].name, 1


def _german_highways(settings: Settings, progress: Progress | None) -> World:
    roads = open_road_map(germany.FOLDER / "roads.npz", settings.maps_dir, progress)
    towns, codes = germany.read_towns(), germany.read_postcodes()
    cities = (
        CityRow(
            towns.name[k],
            towns.alternates[k],
            towns.state[k],
            float(towns.lon[k]),
            float(towns.lat[k]),
            int(towns.population[k]),
        )
        for k in range(len(towns))
    )
    postcodes = (
        PostcodeRow(
            codes.code[k], codes.place[k], codes.state[k], float(codes.lon[k]), float(codes.lat[k])
        )
        for k in range(len(codes))
    )
    return World(
        name=germany.MAP_NAME,
        graph=roads.graph,
        engine=roads.engine,
        version=f"{roads.name}-{roads.version[:8]}",
        gazetteer=Gazetteer(cities, postcodes),
        towns=tuple(
            Town(name, float(lon), float(lat), int(population))
            for name, lon, lat, population in zip(
                towns.name, towns.lon, towns.lat, towns.population, strict=True
            )
        ),
        example=("Kassel", "München", 3),
        areas=(
            ("outline", "Germany", germany.read_outline()),
            *(("neighbour", name, area) for name, area in germany.read_neighbours().items()),
        ),
        open_geocoder=partial(open_geocoder, germany.MAP_NAME, settings.maps_dir),
    )
