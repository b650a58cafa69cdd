"""Which time zone, country and currency a position has."""

import pytest

from data.locale import Locale, locale_at


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [
        (-0.73, 52.67, Locale("Europe/London", "GB", "GBP")),
        (9.52, 47.14, Locale("Europe/Vaduz", "LI", "CHF")),
        (-8.61, 41.15, Locale("Europe/Lisbon", "PT", "EUR")),
        (-82.99, 39.96, Locale("America/New_York", "US", "USD")),
    ],
    ids=["Oakham", "Vaduz", "Porto", "Columbus"],
)
def test_a_position_on_land_has_the_locale_of_its_country(
    lon: float, lat: float, expected: Locale
) -> None:
    assert locale_at(lon, lat) == expected


@pytest.mark.parametrize(("lon", "lat"), [(0.0, 0.0), (180.0, -90.0), (-30.0, 40.0)])
def test_a_position_at_sea_has_a_time_zone_all_the_same(lon: float, lat: float) -> None:
    found = locale_at(lon, lat)
    assert found.timezone
    assert (len(found.country), len(found.currency)) == (2, 3)
