"""The data set of a map: chosen, or made from the businesses that the map knows."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from sqlite3 import Row

from data import dataset_store
from data.database import Database
from data.errors import InvalidRoadMapError
from data.locale import locale_at
from data.osm.place_store import PlaceStore
from data.samples import germany
from data.samples.calendar import reference_monday
from data.samples.create import Setting, create_sample, store_sample
from data.samples.streets import Business, Home, sample_on_streets

NOTE = (
    "Streets and businesses are real, as OpenStreetMap has them. What the businesses could buy and "
    "did buy, the reps, the visits and the opening hours are invented."
)
"""Shown on the page."""

HOME_KINDS = ("city", "town", "village", "suburb", "hamlet")
"""Places where a rep may live, the likeliest kind first."""

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

Progress = Callable[[str, int, int], None]


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
    each business, with figures invented for the week of `today`. For `german-highways` it is the
    sample that is shipped.

    Returns
    -------
    int
        The id of the data set.

    Raises
    ------
    InvalidRoadMapError
        When there is no such map, or it holds no place. The data set in use stays.
    """
    report = progress or (lambda stage, done, total: None)
    with database.session() as session:
        known = dataset_store.on_map(session, map_name)
        if known:
            return dataset_store.activate(session, known[-1].id).id
    if map_name == germany.MAP_NAME:
        dataset_id = create_sample(database, today, seed, progress)
    else:
        dataset_id = _create(database, maps_dir / map_name, today, seed, report)
    with database.session() as session:
        return dataset_store.activate(session, dataset_id).id


def _create(database: Database, folder: Path, today: date, seed: int, report: Progress) -> int:
    try:
        store = PlaceStore(folder)
    except FileNotFoundError as error:
        raise InvalidRoadMapError(
            f"There is no map {folder.name!r} with places in {folder.parent}. "
            "`python -m data.osm list` names those there are; `build` makes one."
        ) from error
    try:
        businesses = _businesses(store)
        homes = _homes(store)
    finally:
        store.close()
    if not homes:
        raise InvalidRoadMapError(
            f"The map {folder.name!r} names no city, town or village, so nobody can live there. "
            "Build it from a larger extract."
        )
    report("Inventing figures for the businesses of the map", 0, len(businesses))
    locale = locale_at(homes[0].lon, homes[0].lat)
    sample = sample_on_streets(businesses, homes, locale.timezone, reference_monday(today), seed)
    setting = Setting(
        name=f"{folder.name} (OpenStreetMap)",
        country=locale.country,
        timezone=locale.timezone,
        currency=locale.currency,
        map_name=folder.name,
        note=NOTE,
    )
    with database.session() as session:
        return store_sample(session, sample, setting, report)


def _businesses(store: PlaceStore) -> list[Business]:
    areas = {row["id"]: row["name"] for row in store.rows("area")}
    return [
        Business(
            name=row["name"],
            key=row["kind"].partition("=")[0],
            lon=row["lon"],
            lat=row["lat"],
            postcode=row["postcode"] or "",
            town=row["city"] or areas.get(row["area_id"], ""),
        )
        for row in store.rows("point_of_interest")
        if row["kind"] not in NOT_CALLED_AT
    ]


def _homes(store: PlaceStore) -> list[Home]:
    rows = [row for row in store.rows("place") if row["kind"] in HOME_KINDS]
    return [Home(row["lon"], row["lat"], row["name"]) for row in sorted(rows, key=_likeliness)]


def _likeliness(row: Row) -> tuple[int, int, int]:
    return (-(row["population"] or 0), HOME_KINDS.index(row["kind"]), row["id"])
