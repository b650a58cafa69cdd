"""Where the tiles of a map are."""

from api.world import World
from data.osm.basemap.tiles import FORMAT


def tile_version(world: World) -> str:
    """The same version gives the same bytes of every tile."""
    return f"{world.version}.{FORMAT}"


def tiles_url(world: World) -> str | None:
    """Address with z, x and y in braces, None for a map without tiles."""
    return None if world.tiles is None else f"/tiles/{{z}}/{{x}}/{{y}}.mvt?v={tile_version(world)}"
