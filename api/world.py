"""Roads, places and borders: what never changes while a map is in use."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accounts import LocationLevel
from data.geocoding.gazetteer import Gazetteer
from data.geocoding.geocoder import Geocoder
from data.osm.basemap.tiles import TileSource
from routing.roads.engine import RoadEngine, SnappedPlaces
from routing.roads.road_graph import RoadGraph


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
    name
        Of the map; None where there is no map and ways are estimated.
    tells_kinds_of_road
        Whether the map tells motorways and ferries from other roads.
    graph
        Roads to be drawn as lines; None where there are none, or where tiles show them.
    example
        Two places and a number of days for a first trip.
    areas
        What the basemap shows of land, as (kind, name, geometry).
    tiles
        Of the basemap, where the map has them.
    open_geocoder
        Opens what finds addresses; None where there is no map.
    coarsest_level
        How well a position must be known at least, to be driven to on these roads.
    """

    engine: RoadEngine
    version: str
    gazetteer: Gazetteer
    towns: tuple[Town, ...]
    name: str | None = None
    tells_kinds_of_road: bool = False
    graph: RoadGraph | None = None
    example: tuple[str, str, int] | None = None
    areas: tuple[tuple[str, str, Any], ...] = ()
    tiles: TileSource | None = None
    open_geocoder: Callable[[], Geocoder | None] | None = None
    coarsest_level: LocationLevel = LocationLevel.POSTCODE

    @cached_property
    def geocoder(self) -> Geocoder | None:
        """What finds addresses on the map; None where there is none. Opened when first asked."""
        return None if self.open_geocoder is None else self.open_geocoder()

    @cached_property
    def snapped_towns(self) -> SnappedPlaces:
        return self.engine.snap([t.lon for t in self.towns], [t.lat for t in self.towns])
