"""Points and parts of a line on the equator, where a degree is as long in both directions."""

import numpy as np
import pytest

from geo import parts_of_line, point_along

# 2 degrees east, then 1 degree north: three pieces of one degree.
CORNER = np.array([[10.0, 0.0], [11.0, 0.0], [12.0, 0.0], [12.0, 1.0]])


@pytest.mark.parametrize(
    ("share", "point"),
    [
        (0, (10, 0)),
        (0.5, (11.5, 0)),
        (2 / 3, (12, 0)),
        (5 / 6, (12, 0.5)),
        (1, (12, 1)),
    ],
)
def test_a_point_lies_after_its_share_of_the_length(
    share: float, point: tuple[float, float]
) -> None:
    assert point_along(CORNER, share) == pytest.approx(point, abs=1e-6)


def test_a_line_without_length_is_one_point() -> None:
    assert point_along(np.array([[9.0, 51.0], [9.0, 51.0]]), 0.7) == (9.0, 51.0)


def test_parts_of_a_line_join_and_keep_its_corners() -> None:
    first, second, third = parts_of_line(CORNER, [0.5, 5 / 6])
    np.testing.assert_allclose(first, [[10, 0], [11, 0], [11.5, 0]], atol=1e-6)
    np.testing.assert_allclose(second, [[11.5, 0], [12, 0], [12, 0.5]], atol=1e-6)
    np.testing.assert_allclose(third, [[12, 0.5], [12, 1]], atol=1e-6)


def test_a_line_that_is_not_cut_stays_as_it_is() -> None:
    (whole,) = parts_of_line(CORNER, [])
    np.testing.assert_array_equal(whole, CORNER)


def test_every_part_has_two_points_even_where_it_has_no_length() -> None:
    first, second = parts_of_line(np.array([[9.0, 51.0], [9.1, 51.0]]), [0.0])
    assert len(first) == 2
    assert len(second) == 2
