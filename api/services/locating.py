"""Where addresses are, by the map of the data set."""

import logging
from collections.abc import Callable, Mapping

from accounts import Address
from api.world import World
from data.errors import InvalidRoadMapError
from data.geocoding import locating
from data.geocoding.geocoder import Geocoder
from data.geocoding.located import Located

log = logging.getLogger(__name__)


def locate(
    world: World,
    country: str,
    addresses: Mapping[int, Address],
    done: Callable[[int], None] = lambda count: None,
) -> dict[int, Located]:
    """As `data.geocoding.locating.locate`; without a map that knows addresses, nothing is found."""
    return locating.locate(_geocoder(world), country, addresses, done)


def _geocoder(world: World) -> Geocoder | None:
    try:
        return world.geocoder
    except InvalidRoadMapError as error:
        # Accounts come in without a position then, which is told of each of them.
        log.warning("No address can be looked for: %s", error)
        return None
