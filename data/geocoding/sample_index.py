"""The address index of the German sample: its towns and postcodes, and no streets."""

from functools import cache

from data.geocoding.address_index import AddressIndex
from data.geocoding.address_tables import (
    PlaceEntry,
    PostcodeEntry,
    create_tables,
    finish_tables,
    write_places,
    write_postcodes,
)
from data.samples import germany

SOURCE = "GeoNames"
ATTRIBUTION = "GeoNames (CC BY 4.0)"
COUNTRY = "DE"


@cache
def sample_index() -> AddressIndex:
    """Made in memory by the first call, in some tenths of a second."""
    connection = create_tables(":memory:")
    write_places(connection, _places())
    write_postcodes(connection, _postcodes())
    finish_tables(connection, SOURCE, ATTRIBUTION, [COUNTRY])
    return AddressIndex(connection)


def _places() -> list[PlaceEntry]:
    towns = germany.read_towns()
    return [
        PlaceEntry(
            (towns.name[k], *towns.alternates[k]),
            "city" if towns.population[k] >= 100_000 else "town",
            int(towns.population[k]),
            towns.state[k],
            COUNTRY,
            float(towns.lon[k]),
            float(towns.lat[k]),
        )
        for k in range(len(towns))
    ]


def _postcodes() -> list[PostcodeEntry]:
    codes = germany.read_postcodes()
    return [
        PostcodeEntry(
            codes.code[k],
            codes.place[k],
            codes.state[k],
            COUNTRY,
            float(codes.lon[k]),
            float(codes.lat[k]),
        )
        for k in range(len(codes))
    ]
