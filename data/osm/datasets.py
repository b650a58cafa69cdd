"""The data set of a map: chosen, or made from the businesses that the map knows."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from data import dataset_store
from data.database import Database
from data.errors import InvalidRoadMapError, MapInUseError
from data.locale import locale_at
from data.osm.build import build_map, map_version, name_of_extract
from data.osm.extract import check_extract, hash_extract
from data.osm.map_folder import existing_map, is_map, read_meta
from data.osm.places.place_size import size_of
from data.osm.places.place_store import PlaceStore
from data.osm.reading.profile import CAR
from data.progress import Progress
from data.samples import germany
from data.samples.calendar import reference_monday
from data.samples.create import Setting, create_sample, store_sample
from data.samples.streets import Business, Home, sample_on_streets
from data.tables import DatasetKind
from geo import unit_vectors

NOTE = (
    "Streets and businesses are real, as OpenStreetMap has them. What the businesses could buy and "
    "did buy, the reps, the visits and the opening hours are invented."
)
"""Shown on the page."""

MOST_ACCOUNTS = 24_000
"""As many as the German sample has. A country has a hundred times as many businesses, and to invent
two years of calls and orders for each would take hours."""

NOT_CALLED_AT = frozenset(
    (
        "amenity=courthouse",
        "amenity=fire_station",
        "amenity=monastery",
        "amenity=place_of_worship",
        "amenity=police",
        "amenity=prison",
        "tourism=apartment",
        "tourism=camp_pitch",
    )
)
"""Points of interest that buy nothing from a rep, or where nobody is to be found."""


def map_of_extract(
    path: Path, maps_dir: Path, built_at: datetime, progress: Progress | None = None
) -> str:
    """
    The name of the map of an extract, which is built unless it has been already.

    Raises
    ------
    InvalidExtractError, InvalidRoadMapError, MapFolderError
        When it cannot be built. A map of that name from another extract stays.
    """
    check_extract(path)
    name = name_of_extract(path)
    folder = maps_dir / name
    if is_map(folder):
        with suppress(InvalidRoadMapError):
            if read_meta(folder).version == map_version(hash_extract(path), CAR):
                return name
    return build_map(path, name, maps_dir, progress=progress, built_at=built_at).name


def use_map(
    database: Database,
    maps_dir: Path,
    map_name: str,
    today: date,
    seed: int = 1,
    progress: Progress | None = None,
) -> int:
    """
    Make the data set of a map the active one.

    Of several data sets on the map the newest counts. If there is none, one is made: an account for
    each business, or for `MOST_ACCOUNTS` of them, with figures invented for the week of `today`.
    For `german-highways` it is the sample that is shipped.

    Returns
    -------
    int
        The id of the data set.

    Raises
    ------
    InvalidRoadMapError
        When there is no such map, or it cannot be used. The data set in use stays.
    """
    report = progress or (lambda stage, done, total: None)
    is_shipped = map_name == germany.MAP_NAME
    folder = maps_dir / map_name
    if not is_shipped:
        read_meta(existing_map(maps_dir, map_name))
    with database.session() as session:
        known = dataset_store.on_map(session, map_name)
        if known:
            return dataset_store.activate(session, known[-1].id).id
    if is_shipped:
        dataset_id = create_sample(database, today, seed, progress)
    else:
        dataset_id = _create(database, folder, today, seed, report)
    with database.session() as session:
        return dataset_store.activate(session, dataset_id).id


def forget_map(database: Database, map_name: str) -> None:
    """
    Delete the samples that were made of a map, before the map itself is removed.

    Raises
    ------
    MapInUseError
        When the active data set, or one of the user's own, is planned on it. Nothing is deleted.
    """
    with database.session() as session:
        known = dataset_store.on_map(session, map_name)
        for dataset in known:
            if dataset.is_active:
                raise MapInUseError(
                    f"The map {map_name!r} is in use. Choose another one first: "
                    f"python -m data.osm use {germany.MAP_NAME}"
                )
            if dataset.kind is not DatasetKind.SAMPLE:
                raise MapInUseError(
                    f"The data set {dataset.name!r} is planned on the map {map_name!r}."
                )
        for dataset in known:
            dataset_store.delete(session, dataset.id)


def _create(database: Database, folder: Path, today: date, seed: int, report: Progress) -> int:
    store = PlaceStore(folder)
    try:
        businesses, known = _businesses(store, seed)
        homes = _homes(store) or [_middle(folder, businesses)]
    finally:
        store.close()
    report("Inventing figures for the businesses of the map", 0, len(businesses))
    locale = locale_at(homes[0].lon, homes[0].lat)
    sample = sample_on_streets(businesses, homes, locale.timezone, reference_monday(today), seed)
    setting = Setting(
        name=f"{_title(folder)} (OpenStreetMap)",
        country=locale.country,
        timezone=locale.timezone,
        currency=locale.currency,
        map_name=folder.name,
        note=NOTE if len(businesses) == known else f"{NOTE} {_drawn(len(businesses), known)}",
    )
    with database.session() as session:
        return store_sample(session, sample, setting, report)


def _drawn(accounts: int, known: int) -> str:
    return f"Of the {known:,} businesses on the map {accounts:,} were drawn by lot."


def _businesses(store: PlaceStore, seed: int) -> tuple[list[Business], int]:
    """At most `MOST_ACCOUNTS` of those that the map knows, and how many it knows."""
    table = "point_of_interest"
    known = [row["id"] for row in store.rows(table) if row["kind"] not in NOT_CALLED_AT]
    if len(known) > MOST_ACCOUNTS:
        drawn = np.random.default_rng(seed).choice(known, MOST_ACCOUNTS, replace=False)
        chosen = set(drawn.tolist())
    else:
        chosen = set(known)
    town_at = _towns(store)
    businesses = [
        Business(
            name=row["name"],
            key=row["kind"].partition("=")[0],
            lon=row["lon"],
            lat=row["lat"],
            postcode=row["postcode"] or "",
            town=row["city"] or town_at(row["lon"], row["lat"]),
        )
        for row in store.rows(table)
        if row["id"] in chosen
    ]
    return businesses, len(known)


def _towns(store: PlaceStore) -> Callable[[float, float], str]:
    """Says the name of the nearest town or village, for who has no town in the address."""
    rows = [row for row in store.rows("place") if row["kind"] in ("city", "town", "village")]
    if not rows:
        return lambda lon, lat: ""
    tree = cKDTree(unit_vectors([row["lon"] for row in rows], [row["lat"] for row in rows]))
    return lambda lon, lat: str(rows[int(tree.query(unit_vectors(lon, lat)[0])[1])]["name"])


def _middle(folder: Path, businesses: Sequence[Business]) -> Home:
    """Of a map that names no place: the middle one of its businesses, or the middle of all."""
    if businesses:
        by_lon = sorted(businesses, key=lambda business: business.lon)
        middle = by_lon[len(by_lon) // 2]
        return Home(middle.lon, middle.lat, _title(folder))
    west, south, east, north = read_meta(folder).bbox
    return Home((west + east) / 2, (south + north) / 2, _title(folder))


def _title(folder: Path) -> str:
    return folder.name.replace("-", " ").title()


def _homes(store: PlaceStore) -> list[Home]:
    """Largest first."""
    rows = [row for row in store.rows("place") if size_of(row) > 0]
    rows.sort(key=lambda row: (-size_of(row), row["id"]))
    return [Home(row["lon"], row["lat"], row["name"]) for row in rows]
