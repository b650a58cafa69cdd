"""Where addresses are, by the map of the data set."""

from collections.abc import Callable, Mapping

from accounts import Address
from api.world import World
from data.errors import InvalidAddressError
from data.geocoding.address import AddressQuery
from data.geocoding.located import Located


def locate(
    world: World,
    country: str,
    addresses: Mapping[int, Address],
    done: Callable[[int], None] = lambda count: None,
) -> dict[int, Located]:
    """
    What the map makes of addresses, under their keys. Some hundreds to thousands a second.

    Without a map that knows addresses, nothing is found.

    Parameters
    ----------
    country
        That of addresses which name none.
    addresses
        As `data.account_upsert.who_moves` tells them.
    done
        Hears after each how many have been looked for.
    """
    located: dict[int, Located] = {}
    for key, address in addresses.items():
        located[key] = _located(world, address, country)
        done(len(located))
    return located


def _located(world: World, address: Address, country: str) -> Located:
    if world.geocoder is None:
        return Located()
    try:
        query = AddressQuery(
            street=address.street,
            postcode=address.postcode,
            place=address.town,
            country=address.country or country,
        )
    except InvalidAddressError:
        # What is too long or empty to be looked for is not found.
        return Located()
    return Located.by(world.geocoder.find(query))
