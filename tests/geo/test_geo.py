import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import (
    BoundingBox,
    InvalidLocationError,
    Location,
    chord_to_m,
    great_circle_m,
    m_to_chord,
    unit_vectors,
)

lons = st.floats(-180, 180)
lats = st.floats(-90, 90)


@pytest.mark.parametrize(
    ("lon", "lat"), [(181, 0), (0, 91), (math.nan, 0), (0, math.inf), (-180.5, 0)]
)
def test_impossible_location_is_refused(lon, lat):
    with pytest.raises(InvalidLocationError):
        Location(lon, lat)


def test_box_with_swapped_corners_is_refused():
    with pytest.raises(InvalidLocationError, match="empty"):
        BoundingBox(10, 50, 9, 51)


def test_box_contains_its_edges():
    box = BoundingBox(9, 50, 10, 51)
    assert box.contains(Location(9, 51))
    assert not box.contains(Location(8.999, 50.5))


def test_kassel_to_munich_is_383_km_as_the_crow_flies():
    # Town halls: 51.3127 N 9.4797 E and 48.1371 N 11.5754 E.
    assert great_circle_m(9.4797, 51.3127, 11.5754, 48.1371) == pytest.approx(383_000, rel=0.01)


def test_a_degree_of_latitude_is_a_360th_of_the_circumference():
    assert great_circle_m(0, 0, 0, 1) == pytest.approx(2 * math.pi * 6_371_008.8 / 360)


@given(lons, lats, lons, lats)
def test_distance_by_chord_equals_distance_by_haversine(lon1, lat1, lon2, lat2):
    chord = np.linalg.norm(unit_vectors(lon1, lat1) - unit_vectors(lon2, lat2))
    assert chord_to_m(chord) == pytest.approx(great_circle_m(lon1, lat1, lon2, lat2), abs=1)


@pytest.mark.parametrize("distance_m", [0.0, 50.0, 12_000.0, 15_000_000.0])
def test_a_distance_is_that_of_its_chord(distance_m):
    assert chord_to_m(m_to_chord(distance_m)) == pytest.approx(distance_m, rel=1e-9)
