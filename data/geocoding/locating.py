"""Where addresses of accounts are, by the map of their data set."""

from collections.abc import Callable, Mapping
from pathlib import Path

from accounts import Address
from data.errors import InvalidAddressError
from data.geocoding.address import AddressQuery
from data.geocoding.geocoder import Geocoder
from data.geocoding.located import Located
from data.geocoding.sample_index import sample_index
from data.samples import germany


def open_geocoder(map_name: str | None, maps_dir: Path) -> Geocoder | None:
    """
    What finds addresses on the map of a data set; None where there is no map.

    Raises
    ------
    InvalidRoadMapError
        When the map knows no addresses, or cannot be read.
    """
    if map_name is None:
        return None
    if map_name == germany.MAP_NAME:
        return Geocoder(sample_index())
    return Geocoder.open(maps_dir / map_name)


def locate(
    geocoder: Geocoder | None,
    country: str,
    addresses: Mapping[int, Address],
    done: Callable[[int], None] = lambda count: None,
) -> dict[int, Located]:
    """
    What a geocoder makes of addresses, under their keys. Some hundreds to thousands a second.

    Without one, nothing is found. Of equal addresses one is looked for.

    Parameters
    ----------
    country
        That of addresses which name none.
    addresses
        As `data.account_upsert.who_moves` tells them.
    done
        Hears after each how many have been looked for.
    """
    known: dict[Address, Located] = {}
    located: dict[int, Located] = {}
    for key, address in addresses.items():
        if address not in known:
            known[address] = _located(geocoder, address, country)
        located[key] = known[address]
        done(len(located))
    return located


def _located(geocoder: Geocoder | None, address: Address, country: str) -> Located:
    if geocoder is None:
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
    return Located.by(geocoder.find(query))
