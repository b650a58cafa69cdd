"""
CDNOW: what 23,570 customers of a shop bought from January 1997 to June 1998.

The customary test of forecasts of customers' orders. The data lie in the wheel of `lifetimes`, a
package that is no longer kept; it is fetched by pip and read, neither installed nor committed.
"""

import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "lifetimes==0.11.3"
SUMMARY = "lifetimes/datasets/cdnow_customers_summary.csv"
ORDERS = "lifetimes/datasets/CDNOW_sample.txt"

FETCH_TIMEOUT_S = 60

CUT_DAY = (date(1997, 9, 30) - date(1970, 1, 1)).days
"""Last day of the 39 weeks that models are fitted to; as many weeks follow."""

WEEK_DAYS = 7.0
HORIZON_WEEKS = 39.0


class CdnowError(Exception):
    """The data cannot be fetched."""


@dataclass(frozen=True, slots=True, eq=False)
class Purchases:
    """
    Of n customers up to one day.

    Parameters
    ----------
    repeats
        (n,) int64, days with an order after the first.
    recency_weeks, age_weeks
        (n,) float64, from the first order to the last, and to that day.
    later
        (n,) int64, days with an order in the time that follows; empty where nothing does.
    """

    repeats: NDArray[np.int64]
    recency_weeks: NDArray[np.float64]
    age_weeks: NDArray[np.float64]
    later: NDArray[np.int64]


def fetch(folder: Path) -> Path:
    """
    The wheel in a folder, fetched unless it is there.

    Raises
    ------
    CdnowError
        When pip cannot fetch it.
    """
    found = sorted(folder.glob("[Ll]ifetimes-0.11.3-*.whl"))
    if not found:
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", PACKAGE]
        try:
            subprocess.run(
                [*command, "--retries", "1"],
                cwd=folder,
                check=True,
                capture_output=True,
                timeout=FETCH_TIMEOUT_S,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise CdnowError(f"pip cannot fetch {PACKAGE}: {error}") from error
        found = sorted(folder.glob("[Ll]ifetimes-0.11.3-*.whl"))
    return found[0]


def read_summary(wheel: Path) -> Purchases:
    """2,357 customers after 39 weeks, as published."""
    rows = np.genfromtxt(io.BytesIO(_member(wheel, SUMMARY)), delimiter=",", skip_header=1)
    return Purchases(rows[:, 1].astype(np.int64), rows[:, 2], rows[:, 3], np.empty(0, np.int64))


def read_orders(wheel: Path) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Customer and day of the orders of the same customers over all 78 weeks, one a day at most."""
    lines = _member(wheel, ORDERS).decode().splitlines()
    events = set()
    for line in lines:
        _, customer, day, *_ = line.split()
        when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        events.add((int(customer), (when - date(1970, 1, 1)).days))
    table = np.array(sorted(events))
    return table[:, 0], table[:, 1]


def purchases_at(
    customer: NDArray[np.int64], day: NDArray[np.int64], cut_day: int, horizon_weeks: float
) -> Purchases:
    """
    What was known on a day of those who had ordered by then, and what followed.

    The same customers in the same order for every day by which all had ordered.
    """
    known = day <= cut_day
    ids, row = np.unique(customer[known], return_inverse=True)
    n = len(ids)
    first, last = np.full(n, np.iinfo(np.int64).max), np.zeros(n, dtype=np.int64)
    np.minimum.at(first, row, day[known])
    np.maximum.at(last, row, day[known])
    follows = ~known & (day <= cut_day + horizon_weeks * WEEK_DAYS) & np.isin(customer, ids)
    later = np.bincount(np.searchsorted(ids, customer[follows]), minlength=n)
    return Purchases(
        repeats=np.bincount(row) - 1,
        recency_weeks=(last - first) / WEEK_DAYS,
        age_weeks=(cut_day - first) / WEEK_DAYS,
        later=later,
    )


def _member(wheel: Path, name: str) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(name)
