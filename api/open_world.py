"""Opens the map of a data set."""

from collections.abc import Callable

from api.settings import Settings
from api.world import Town, World
from data.geocoding.gazetteer import Gazetteer
from data.geocoding.places import CityRow, PostcodeRow
from data.road_store import open_road_map
from data.samples import germany

Progress = Callable[[str, int, int], None]


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
    return _german_highways(settings, progress)


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
    )
