"""Coordinates, distances and GeoJSON: the one vocabulary that every other package shares."""

from geo.distance import chord_to_m, great_circle_m, m_to_chord, unit_vectors
from geo.errors import GeoError, InvalidLocationError
from geo.line import parts_of_line, point_along
from geo.location import BoundingBox, Location

__all__ = [
    "BoundingBox",
    "GeoError",
    "InvalidLocationError",
    "Location",
    "chord_to_m",
    "great_circle_m",
    "m_to_chord",
    "parts_of_line",
    "point_along",
    "unit_vectors",
]
