"""Generates the sample: invented accounts, reps, regions, visits and orders at real places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from accounts.account import STATUSES, OpeningHours, Status
from accounts.engagement import PROGRAMME
from data.samples import truth
from data.samples.calendar import TIMEZONE, history_before
from data.samples.customers import Customers, draw_customers, draw_sites
from data.samples.germany import read_postcodes
from data.samples.history import (
    Orders,
    Visits,
    draw_losses,
    draw_margins,
    draw_orders,
    draw_visits,
    stretched_intervals,
)
from data.samples.markets import measure_market
from data.samples.names import person_names
from data.samples.opening import WORKING_CHANCE, WORKING_PATTERNS
from data.samples.regions import draw_regions

RECENT_DAYS = 365
"""A customer ordered within this time; who ordered before but not since is inactive."""


@dataclass(frozen=True, slots=True)
class SampleRep:
    """A representative at home in a real place."""

    name: str
    lon: float
    lat: float
    town: str
    working_hours: OpeningHours


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """
    Everything that is invented, as arrays; indices point into `customers` and `reps`.

    Parameters
    ----------
    today
        A Monday. The history ends the day before.
    status
        (n,) uint8, into `accounts.account.STATUSES`.
    segment
        (n,) uint8, into the engagement programme: by expected revenue, but 0 for accounts that are
        no customers.
    visit_interval_days
        (n,) float64, the cadence from now on.
    owner
        (n,) int64, index of the rep.
    margin_share
        (n,) float64, of the orders of each account.
    """

    today: date
    seed: int
    customers: Customers
    reps: tuple[SampleRep, ...]
    status: NDArray[np.uint8]
    segment: NDArray[np.uint8]
    visit_interval_days: NDArray[np.float64]
    owner: NDArray[np.int64]
    margin_share: NDArray[np.float64]
    visits: Visits
    orders: Orders


def generate(today: date, seed: int) -> Sample:
    """
    The sample as it stands on a Monday morning; the same for the same day and seed.

    Parameters
    ----------
    today
        See `data.samples.calendar.reference_monday`.

    Raises
    ------
    ValueError
        When `today` is no Monday.
    """
    if today.weekday() != 0:
        raise ValueError(f"{today} is no Monday. Take reference_monday({today!r}).")
    streams = streams_of(seed)
    market = measure_market()
    sites, postcode_row = draw_sites(market, streams[0])
    customers = draw_customers(sites, streams[0])
    homes, owner = draw_regions(market, postcode_row, streams[1])
    postcodes = read_postcodes()
    places = [(float(postcodes.lon[k]), float(postcodes.lat[k]), postcodes.place[k]) for k in homes]
    reps = draw_reps(places, streams[5])
    return live_through(today, seed, TIMEZONE, customers, reps, owner, streams)


def streams_of(seed: int) -> list[np.random.Generator]:
    """A stream for each part, so that a change to one leaves the others as they were."""
    return [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(7)]


def live_through(
    today: date,
    seed: int,
    timezone: str,
    customers: Customers,
    reps: tuple[SampleRep, ...],
    owner: NDArray[np.int64],
    streams: Sequence[np.random.Generator],
) -> Sample:
    """
    Two years of visits and orders up to a Monday morning.

    Parameters
    ----------
    owner
        (n,) int64, index of the rep of each customer.
    streams
        From `streams_of`; the third to the fifth and the seventh are used.
    """
    history = history_before(today, truth.HISTORY_MONTHS)
    interval_days = stretched_intervals(customers, owner)
    lost_day = draw_losses(customers, history, streams[2])
    visits = draw_visits(customers, owner, interval_days, lost_day, history, timezone, streams[3])
    margin_share = draw_margins(len(customers), streams[6])
    orders = draw_orders(customers, visits, lost_day, margin_share, history, streams[4])
    status = _status(len(customers), orders, history.today_day)
    segment = np.where(status == STATUSES.index(Status.CUSTOMER), customers.segment, 0)
    # Who no longer buys is served like all who do not.
    cadence_days = np.array([part.visit_interval_days for part in PROGRAMME])
    interval_days = interval_days * cadence_days[segment] / cadence_days[customers.segment]
    return Sample(
        today=today,
        seed=seed,
        customers=customers,
        reps=reps,
        status=status,
        segment=segment.astype(np.uint8),
        visit_interval_days=np.round(interval_days, 1),
        owner=owner,
        margin_share=margin_share,
        visits=visits,
        orders=orders,
    )


def _status(n: int, orders: Orders, today_day: int) -> NDArray[np.uint8]:
    """What the orders say, and nothing else."""
    last_day = np.full(n, -1)
    np.maximum.at(last_day, orders.account, orders.day)
    status = np.full(n, STATUSES.index(Status.INACTIVE), dtype=np.uint8)
    status[last_day < 0] = STATUSES.index(Status.PROSPECT)
    status[last_day >= today_day - RECENT_DAYS] = STATUSES.index(Status.CUSTOMER)
    return status


def draw_reps(
    homes: Sequence[tuple[float, float, str]], rng: np.random.Generator
) -> tuple[SampleRep, ...]:
    """Invent a rep for each home, given as longitude, latitude and town."""
    names = person_names(len(homes), rng)
    hours = rng.choice(len(WORKING_PATTERNS), len(homes), p=WORKING_CHANCE)
    return tuple(
        SampleRep(name, lon, lat, town, WORKING_PATTERNS[week])
        for name, (lon, lat, town), week in zip(names, homes, hours, strict=True)
    )
