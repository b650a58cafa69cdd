"""A sample on a street map: accounts at real businesses, with invented figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.samples.customers import Sites, draw_customers
from data.samples.generate import Sample, draw_reps, live_through, streams_of
from data.samples.names import CRAFT, INDUSTRY, PRACTICE, SHOP
from geo import great_circle_m

ACCOUNTS_PER_REP = 250

TRADE_KINDS = {
    "shop": SHOP,
    "craft": CRAFT,
    "industrial": INDUSTRY,
    "man_made": INDUSTRY,
    "office": PRACTICE,
    "healthcare": PRACTICE,
}
"""By the key under which OpenStreetMap has a business; all others keep the hours of a shop."""


@dataclass(frozen=True, slots=True)
class Business:
    """
    A place that a rep may call at.

    Parameters
    ----------
    key
        Of its main tag in OpenStreetMap, such as `shop`.
    postcode, town
        Empty where they are not known.
    """

    name: str
    key: str
    lon: float
    lat: float
    postcode: str
    town: str


@dataclass(frozen=True, slots=True)
class Home:
    """A place where a rep may live."""

    lon: float
    lat: float
    town: str


def sample_on_streets(
    businesses: Sequence[Business], homes: Sequence[Home], timezone: str, today: date, seed: int
) -> Sample:
    """
    The sample as it stands on a Monday morning; the same for the same businesses, day and seed.

    Parameters
    ----------
    businesses
        One account each, in this order; there may be none.
    homes
        The likeliest first. There is a rep for every `ACCOUNTS_PER_REP` accounts, one at least, and
        accounts belong to the one who lives nearest.

    Raises
    ------
    ValueError
        When there is no home, or `today` is no Monday.
    """
    if not homes:
        raise ValueError("A sample needs a place where a rep lives.")
    if today.weekday() != 0:
        raise ValueError(f"{today} is no Monday. Take reference_monday({today!r}).")
    streams = streams_of(seed)
    lived_in = homes[: max(1, round(len(businesses) / ACCOUNTS_PER_REP))]
    sites = Sites(
        lon=np.array([business.lon for business in businesses]),
        lat=np.array([business.lat for business in businesses]),
        postcode=tuple(business.postcode for business in businesses),
        town=tuple(business.town for business in businesses),
        name=tuple(business.name for business in businesses),
        trade_kind=np.array(
            [TRADE_KINDS.get(business.key, SHOP) for business in businesses], dtype=np.int64
        ),
    )
    customers = draw_customers(sites, streams[0])
    reps = draw_reps([(home.lon, home.lat, home.town) for home in lived_in], streams[5])
    owner = _nearest(lived_in, sites)
    return live_through(today, seed, timezone, customers, reps, owner, streams)


def _nearest(homes: Sequence[Home], sites: Sites) -> NDArray[np.int64]:
    lon = np.array([home.lon for home in homes])
    lat = np.array([home.lat for home in homes])
    away_m = great_circle_m(sites.lon[:, None], sites.lat[:, None], lon, lat)
    return np.asarray(away_m.argmin(axis=1))
