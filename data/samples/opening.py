"""Weekly opening hours of the sample's accounts and working hours of its reps."""

import numpy as np
from numpy.typing import NDArray

from accounts.account import OpeningHours, OpeningWindow
from data.samples.names import CRAFT, INDUSTRY, PRACTICE, SHOP

Windows = tuple[tuple[float, float], ...]

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = range(1, 7)
WORKDAYS = (MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)


def _week(*days: tuple[tuple[int, ...], Windows]) -> OpeningHours:
    """Hours of the day by weekdays, as `((1, 2), ((8, 12), (13, 17)))`."""
    return tuple(
        sorted(
            OpeningWindow(weekday, round(opens * 3600), round(closes * 3600))
            for weekdays, windows in days
            for weekday in weekdays
            for opens, closes in windows
        )
    )


PATTERNS: tuple[OpeningHours, ...] = (
    _week((WORKDAYS, ((7.5, 17),))),
    _week((WORKDAYS, ((7, 16),))),
    _week((WORKDAYS, ((9, 18),))),
    _week((WORKDAYS, ((8, 12.5),))),
    # Closed at midday.
    _week((WORKDAYS, ((8, 12), (13, 17)))),
    # Closed at midday and on Wednesday afternoon.
    _week(((MONDAY, TUESDAY, THURSDAY, FRIDAY), ((8, 12), (14, 18))), ((WEDNESDAY,), ((8, 12),))),
    # Closed on Friday afternoon.
    _week(((MONDAY, TUESDAY, WEDNESDAY, THURSDAY), ((7, 16),)), ((FRIDAY,), ((7, 12.5),))),
    # Closed on Monday.
    _week(((TUESDAY, WEDNESDAY, THURSDAY, FRIDAY), ((9, 18),)), ((SATURDAY,), ((9, 14),))),
    _week((WORKDAYS, ((9, 18),)), ((SATURDAY,), ((9, 13),))),
)
"""Opening hours of accounts."""

PATTERN_CHANCE = {
    CRAFT: (0.45, 0.20, 0, 0.05, 0.15, 0, 0.15, 0, 0),
    INDUSTRY: (0.55, 0.30, 0, 0, 0, 0, 0.15, 0, 0),
    SHOP: (0, 0, 0.35, 0, 0.15, 0.05, 0, 0.25, 0.20),
    PRACTICE: (0, 0, 0.20, 0.25, 0.15, 0.40, 0, 0, 0),
}
"""Chance of each of `PATTERNS` by kind of trade."""

WORKING_PATTERNS: tuple[OpeningHours, ...] = (
    _week((WORKDAYS, ((8, 17),))),
    _week((WORKDAYS, ((7.5, 16.5),))),
    _week(((MONDAY, TUESDAY, WEDNESDAY, THURSDAY), ((8, 17.5),)), ((FRIDAY,), ((8, 15),))),
)
"""Working hours of reps."""

WORKING_CHANCE = (0.6, 0.2, 0.2)


def draw_patterns(kind: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Index into `PATTERNS` for each account by its kind of trade."""
    cumulative = np.cumsum([PATTERN_CHANCE[k] for k in sorted(PATTERN_CHANCE)], axis=1)
    return np.asarray((rng.random(len(kind))[:, None] >= cumulative[kind]).sum(axis=1))


def is_open_on() -> NDArray[np.bool_]:
    """(patterns, 7), Monday first: whether a place of this pattern opens on that weekday."""
    table = np.zeros((len(PATTERNS), 7), dtype=bool)
    for row, pattern in enumerate(PATTERNS):
        for window in pattern:
            table[row, window.weekday - 1] = True
    return table
