"""Coordinates, distances and GeoJSON: the one vocabulary that every other package shares."""

from geo.distance import chord_to_m, great_circle_m, unit_vectors
from geo.errors import GeoError, InvalidLocationError
from geo.location import BoundingBox, Location

__all__ = [
    "BoundingBox",
    "GeoError",
    "InvalidLocationError",
    "Location",
    "chord_to_m",
    "great_circle_m",
    "unit_vectors",
]
