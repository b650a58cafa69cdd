"""
What of the map is drawn: layer and class of each object, and the zoom from which it is shown.

`docs/basemap.md` lists them for those who write a style.
"""

from typing import NamedTuple

from data.osm.places.addresses import Get

SURFACES = ("landuse", "water", "building")
"""Layers of polygons; the others hold lines, and `place` points."""


class Look(NamedTuple):
    """
    How an object is drawn.

    Parameters
    ----------
    structure
        `bridge`, `tunnel` or None.
    min_zoom
        Of the class; a small surface is shown from nearer.
    """

    layer: str
    kind: str
    min_zoom: int
    name: str | None = None
    ref: str | None = None
    structure: str | None = None


ROADS = {
    "motorway": ("motorway", 4),
    "trunk": ("trunk", 5),
    "primary": ("primary", 7),
    "secondary": ("secondary", 9),
    "tertiary": ("tertiary", 11),
    "motorway_link": ("motorway_link", 11),
    "trunk_link": ("trunk_link", 11),
    "primary_link": ("primary_link", 12),
    "secondary_link": ("secondary_link", 12),
    "tertiary_link": ("tertiary_link", 12),
    "unclassified": ("minor", 12),
    "residential": ("minor", 12),
    "living_street": ("minor", 12),
    "road": ("minor", 12),
    "busway": ("service", 14),
    "service": ("service", 13),
    "pedestrian": ("pedestrian", 13),
    "track": ("track", 13),
    "path": ("path", 14),
    "footway": ("path", 14),
    "cycleway": ("path", 14),
    "bridleway": ("path", 14),
    "steps": ("path", 14),
}
"""Class and first zoom by `highway`."""

RAILS = {
    "rail": ("rail", 9),
    "narrow_gauge": ("rail", 11),
    "light_rail": ("tram", 13),
    "subway": ("tram", 13),
    "tram": ("tram", 13),
    "funicular": ("tram", 13),
    "monorail": ("tram", 13),
}
"""Class and first zoom by `railway`."""

WATERWAYS = {"river": 7, "canal": 10, "stream": 13, "drain": 14, "ditch": 14}

WATER = {
    ("natural", "water"),
    ("landuse", "reservoir"),
    ("landuse", "basin"),
    ("waterway", "riverbank"),
    ("waterway", "dock"),
}

_LAND = {
    "wood": (6, "landuse=forest natural=wood"),
    "residential": (8, "landuse=residential landuse=garages"),
    "industrial": (9, "landuse=industrial landuse=port landuse=railway landuse=quarry"),
    "commercial": (9, "landuse=commercial landuse=retail"),
    "farmland": (10, "landuse=farmland landuse=farmyard landuse=orchard landuse=vineyard"),
    "grass": (
        10,
        "landuse=meadow landuse=grass landuse=village_green landuse=recreation_ground "
        "landuse=allotments natural=grassland natural=heath natural=scrub",
    ),
    "park": (10, "leisure=park leisure=garden leisure=golf_course landuse=cemetery"),
    "pitch": (13, "leisure=pitch leisure=playground leisure=track leisure=sports_centre"),
    "institution": (
        12,
        "amenity=school amenity=university amenity=college amenity=hospital",
    ),
    "parking": (14, "amenity=parking"),
    "airport": (10, "aeroway=aerodrome aeroway=runway aeroway=apron"),
    "wetland": (10, "natural=wetland"),
    "rock": (9, "natural=bare_rock natural=scree natural=shingle"),
    "sand": (10, "natural=sand natural=beach"),
    "glacier": (6, "natural=glacier"),
}

LAND = {
    tuple(tag.split("=")): (kind, min_zoom)
    for kind, (min_zoom, tags) in _LAND.items()
    for tag in tags.split()
}
"""Class and first zoom of land by key and value."""

_LAND_KEYS = ("landuse", "natural", "leisure", "amenity", "waterway", "aeroway")

BORDERS = {
    2: ("country", 0),
    4: ("state", 3),
    6: ("county", 7),
    8: ("municipality", 11),
}

PLACES = {
    "city": 4,
    "town": 7,
    "village": 10,
    "suburb": 11,
    "borough": 11,
    "hamlet": 12,
    "quarter": 12,
    "neighbourhood": 13,
    "isolated_dwelling": 14,
}


def line_look(get: Get) -> Look | None:
    """How a way is drawn as a line, None if it is not."""
    highway = get("highway")
    if highway is not None:
        road = ROADS.get(highway)
        if road is None or get("area") == "yes":
            return None
        kind, zoom = road
        if kind == "service" and get("service") is not None:
            zoom = 14
        return Look("road", kind, zoom, get("name"), get("ref"), _structure(get))
    rail = RAILS.get(get("railway") or "")
    if rail is not None:
        kind, zoom = rail
        return Look(
            "rail", kind, zoom if get("service") is None else 13, None, None, _structure(get)
        )
    waterway = get("waterway")
    if waterway is not None:
        zoom = WATERWAYS.get(waterway, -1)
        if zoom >= 0 and get("tunnel") is None:
            return Look("waterway", waterway, zoom, get("name"))
    elif get("route") == "ferry":
        return Look("road", "ferry", 8, get("name"))
    return None


def surface_look(get: Get) -> Look | None:
    """How what a closed way or a multipolygon encloses is drawn."""
    if get("building") not in (None, "no"):
        return Look("building", "building", 14)
    for key in _LAND_KEYS:
        value = get(key)
        if value is None:
            continue
        if (key, value) in WATER:
            return Look("water", "water", 5, get("name"))
        found = LAND.get((key, value))
        if found is not None:
            return Look("landuse", *found)
    if get("highway") == "pedestrian" or (get("area") == "yes" and get("highway") == "footway"):
        return Look("landuse", "pedestrian", 14)
    return None


def border_look(level: int) -> Look:
    """How a border of administration is drawn, by its `admin_level`."""
    return Look("boundary", *BORDERS[level])


def place_look(kind: str, name: str, population: int | None) -> Look | None:
    """From when the name of a settlement is shown: large ones earlier than their kind says."""
    if kind not in PLACES:
        return None
    zoom = PLACES[kind]
    if population is not None and kind in ("city", "town", "village"):
        for least, earlier in ((1_000_000, 3), (300_000, 5), (100_000, 6), (20_000, 7), (5_000, 9)):
            if population >= least:
                zoom = min(zoom, earlier)
                break
    return Look("place", kind, zoom, name)


def _structure(get: Get) -> str | None:
    if get("bridge") not in (None, "no"):
        return "bridge"
    return "tunnel" if get("tunnel") not in (None, "no") else None
