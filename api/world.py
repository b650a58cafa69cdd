"""Roads, places and borders: what never changes while the service runs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.settings import Settings
from data.geocoding.gazetteer import Gazetteer
from data.geocoding.places import CityRow, PostcodeRow
from data.road_store import open_road_map
from data.samples import germany
from routing.engine import RoadEngine, SnappedPlaces
from routing.road_graph import RoadGraph

Progress = Callable[[str, int, int], None]

DRAWN_KINDS = ("highway", "local")
"""Kinds of roads on the basemap; the made-up ways to each postcode would only cover it."""


@dataclass(frozen=True, slots=True)
class Town:
    """A town where a night may be spent, and which the map names."""

    name: str
    lon: float
    lat: float
    population: int


@dataclass(frozen=True, eq=False)
class World:
    """
    What routes are planned on.

    Parameters
    ----------
    version
        The same version gives the same ways.
    towns
        Most populous first.
    areas
        What the basemap shows of land, as (kind, name, geometry).
    """

    graph: RoadGraph
    engine: RoadEngine
    version: str
    gazetteer: Gazetteer
    towns: tuple[Town, ...]
    areas: tuple[tuple[str, str, Any], ...] = ()

    @cached_property
    def snapped_towns(self) -> SnappedPlaces:
        return self.engine.snap([t.lon for t in self.towns], [t.lat for t in self.towns])


def read_world(settings: Settings, progress: Progress | None = None) -> World:
    """The map of the German sample. The first call builds the hierarchy of its roads."""
    roads = open_road_map(germany.FOLDER / "roads.npz", settings.maps_dir, progress)
    towns, codes = germany.read_towns(), germany.read_postcodes()
    gazetteer = Gazetteer(
        (
            CityRow(
                towns.name[k],
                towns.alternates[k],
                towns.state[k],
                float(towns.lon[k]),
                float(towns.lat[k]),
                int(towns.population[k]),
            )
            for k in range(len(towns))
        ),
        (
            PostcodeRow(
                codes.code[k],
                codes.place[k],
                codes.state[k],
                float(codes.lon[k]),
                float(codes.lat[k]),
            )
            for k in range(len(codes))
        ),
    )
    return World(
        graph=roads.graph,
        engine=roads.engine,
        version=f"{roads.name}-{roads.version[:8]}",
        gazetteer=gazetteer,
        towns=tuple(
            Town(name, float(lon), float(lat), int(population))
            for name, lon, lat, population in zip(
                towns.name, towns.lon, towns.lat, towns.population, strict=True
            )
        ),
        areas=(
            ("outline", "Germany", germany.read_outline()),
            *(("neighbour", name, area) for name, area in germany.read_neighbours().items()),
        ),
    )
