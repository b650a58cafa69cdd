"""Where business is: population by postcode, and positions around it."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.samples.germany import read_outline, read_postcodes, read_towns
from data.samples.plane import to_degrees, to_plane_km
from data.samples.truth import MIN_POSTCODE_PEOPLE, TOWN_PEOPLE_PER_KM2

NEIGHBOURS = 3
RADIUS_SHARE, MAX_RADIUS_KM = 0.45, 3.0
"""Positions lie within this share of the mean distance to the next postcodes."""


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """
    The country's postcodes as a market.

    Parameters
    ----------
    xy_km
        (p, 2) float64, in the plane of `data.samples.plane`.
    people
        (p,) float64, at least `MIN_POSTCODE_PEOPLE`.
    radius_km
        (p,) float64, how far around the postcode its accounts lie.
    """

    xy_km: NDArray[np.float64]
    people: NDArray[np.float64]
    radius_km: NDArray[np.float64]


def measure_market() -> Market:
    """Population and extent of every postcode."""
    postcodes, towns = read_postcodes(), read_towns()
    xy_km = to_plane_km(postcodes.lon, postcodes.lat)
    tree = cKDTree(xy_km)
    town_xy_km = to_plane_km(towns.lon, towns.lat)
    radii_km = np.sqrt(towns.population / (TOWN_PEOPLE_PER_KM2 * np.pi))
    within = tree.query_ball_point(town_xy_km, radii_km)
    nearest = tree.query(town_xy_km)[1]
    people = np.zeros(len(postcodes))
    for rows, fallback, population in zip(within, nearest, towns.population, strict=True):
        rows = rows or [fallback]
        people[rows] += population / len(rows)
    spacing_km = tree.query(xy_km, k=NEIGHBOURS + 1)[0][:, 1:].mean(axis=1)
    return Market(
        xy_km,
        np.maximum(people, MIN_POSTCODE_PEOPLE),
        np.minimum(RADIUS_SHARE * spacing_km, MAX_RADIUS_KM),
    )


def scatter(
    market: Market, postcode: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    A position for each row of `postcode`, evenly within its disc: longitudes and latitudes.

    One that would lie abroad or in the sea is drawn towards its postcode until it does not.
    """
    radius_km = market.radius_km[postcode] * np.sqrt(rng.random(len(postcode)))
    angle = rng.uniform(0, 2 * np.pi, len(postcode))
    offset_km = radius_km[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
    outline = read_outline()
    shapely.prepare(outline)
    for share in (1.0, 0.5, 0.25, 0.0):
        lon, lat = to_degrees(market.xy_km[postcode] + offset_km)
        outside = ~shapely.contains_xy(outline, lon, lat)
        offset_km[outside] *= share / 2
    return np.round(lon, 5), np.round(lat, 5)
