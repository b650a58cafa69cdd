"""Points and boxes on the earth, always longitude before latitude."""

import math
from dataclasses import dataclass

from geo.errors import InvalidLocationError


@dataclass(frozen=True, slots=True)
class Location:
    """
    A point in EPSG:4326.

    Parameters
    ----------
    lon, lat
        Degrees east and north.

    Raises
    ------
    InvalidLocationError
        When a coordinate is not a finite number within its range.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        for name, value, limit in (("lon", self.lon, 180.0), ("lat", self.lat, 90.0)):
            if not (math.isfinite(value) and -limit <= value <= limit):
                raise InvalidLocationError(
                    f"{name} is {value}, which lies outside -{limit:g} to {limit:g} degrees. "
                    "Give the position as lon, lat in degrees."
                )


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """
    A box between two meridians and two parallels, both ends inclusive.

    Parameters
    ----------
    west, south, east, north
        Degrees, in the order of RFC 7946. A box does not cross the 180th meridian.

    Raises
    ------
    InvalidLocationError
        When a corner is no location, or west lies east of east, or south north of north.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        Location(self.west, self.south)
        Location(self.east, self.north)
        if self.west > self.east or self.south > self.north:
            raise InvalidLocationError(
                f"Bounding box {self.west},{self.south},{self.east},{self.north} is empty. "
                "The order is west, south, east, north."
            )

    def contains(self, location: Location) -> bool:
        return self.west <= location.lon <= self.east and self.south <= location.lat <= self.north
