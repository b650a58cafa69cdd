"""Accounts as columns: what the planner knows of every account of a data set at one moment."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from accounts.errors import InvalidAccountsError

NEVER_VISITED = -(2**31)
"""In `AccountTable.last_visit_day`: there was no visit."""

NEVER_ORDERED = NEVER_VISITED
"""In columns of days of orders: there was none."""

MOST_MONTHLY_VISITS = 8
"""In `AccountTable.visit_months`: months with more visits count as months with so many."""

NO_OWNER = -1
"""In `AccountTable.owner_rep_id`: no representative owns the account."""


class Status(StrEnum):
    """Where an account stands; `STATUSES` gives the order that the columns use."""

    PROSPECT = "prospect"
    CUSTOMER = "customer"
    INACTIVE = "inactive"


STATUSES = tuple(Status)


class LocationLevel(StrEnum):
    """
    How exactly a position is known, from best to worst.

    `interpolated`: between the houses on either side of one that nobody knows.
    """

    POSITION = "position"
    ADDRESS = "address"
    INTERPOLATED = "interpolated"
    STREET = "street"
    POSTCODE = "postcode"
    PLACE = "place"


LOCATION_LEVELS = tuple(LocationLevel)

NO_LEVEL = len(LOCATION_LEVELS)
"""In `AccountTable.location_level`: there is no position."""


@dataclass(frozen=True, slots=True, order=True)
class OpeningWindow:
    """
    A weekly stretch of opening hours in local time of the place.

    Parameters
    ----------
    weekday
        1 Monday to 7 Sunday, as in ISO 8601.
    opens_s, closes_s
        Seconds after local midnight of that day.

    Raises
    ------
    InvalidAccountsError
        When the weekday does not exist or the place closes before it opens.
    """

    weekday: int
    opens_s: int
    closes_s: int

    def __post_init__(self) -> None:
        if not 1 <= self.weekday <= 7:
            raise InvalidAccountsError(f"Weekday is {self.weekday}; 1 is Monday and 7 is Sunday.")
        if not 0 <= self.opens_s < self.closes_s <= 86_400:
            raise InvalidAccountsError(
                f"Opening hours from {self.opens_s} s to {self.closes_s} s are empty. Give "
                "seconds after midnight, the opening before the closing."
            )


OpeningHours = tuple[OpeningWindow, ...]
"""All windows of a week, sorted. Empty: always open."""


@dataclass(frozen=True, slots=True, eq=False)
class AccountTable:
    """
    One row per account, one array per fact, in ascending order of `account_id`.

    Parameters
    ----------
    account_id
        (n,) int64.
    name, postcode, town
        Of length n.
    lon, lat
        (n,) float64, degrees.
    status
        (n,) uint8, index into `STATUSES`.
    segment
        (n,) uint8, index into the engagement programme's segments.
    potential_eur
        (n,) float64, what the account could buy in a year.
    revenue_eur, order_count
        (n,) float64 and int64, orders within the history. A return, which has a negative amount, is
        taken off the revenue and is no order.
    history_months
        Length of the history that the two columns above cover.
    visit_interval_days
        (n,) float64, cadence.
    service_duration_s
        (n,) int64.
    last_visit_day
        (n,) int64, days since 1970-01-01, or `NEVER_VISITED`.
    opening_hours
        (n,) int32, index into `opening_patterns`.
    opening_patterns
        The distinct weekly opening hours.
    owner_rep_id
        (n,) int64, or `NO_OWNER`.
    timezone
        (n,) int32, index into `timezones`.
    timezones
        IANA names: the zones of the places, in which their opening hours are given.
    location_level
        (n,) uint8, index into `LOCATION_LEVELS`, or `NO_LEVEL`. Unless given, every position is
        known exactly.
    is_location_ambiguous
        (n,) bool: the address fits several places, of which the position is one.
    is_owner_planned
        (n,) bool: a published territory plan says who owns it.
    recent_revenue_eur
        (n,) float64, orders of the last 12 months.
    first_order_day, last_order_day
        (n,) int64, days since 1970-01-01 within the history, or `NEVER_ORDERED`.
    first_visit_day
        (n,) int64, of the first visit done within the history, or `NEVER_VISITED`.
    visit_months
        (n, `MOST_MONTHLY_VISITS` + 1) int64: how many months of the history had no visit, one
        visit, two visits and so on. Only visits in the field count. Rows sum to `history_months`.
    margin_share
        (n,) float64, of the orders whose margin is known; NaN where there is none.
    foreign_order_count
        (n,) int64, orders within the history in other currencies, which are in no sum.
    contact_count
        (n,) int64, people known there.

    Raises
    ------
    InvalidAccountsError
        When columns differ in length or the ids are not ascending.
    """

    account_id: NDArray[np.int64]
    name: tuple[str, ...]
    postcode: tuple[str, ...]
    town: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    status: NDArray[np.uint8]
    segment: NDArray[np.uint8]
    potential_eur: NDArray[np.float64]
    revenue_eur: NDArray[np.float64]
    order_count: NDArray[np.int64]
    history_months: float
    visit_interval_days: NDArray[np.float64]
    service_duration_s: NDArray[np.int64]
    last_visit_day: NDArray[np.int64]
    opening_hours: NDArray[np.int32]
    opening_patterns: tuple[OpeningHours, ...] = field(default=((),))
    owner_rep_id: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    timezone: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    timezones: tuple[str, ...] = ("UTC",)
    location_level: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))
    is_location_ambiguous: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    is_owner_planned: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    recent_revenue_eur: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    first_order_day: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    last_order_day: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    first_visit_day: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    visit_months: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    margin_share: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    foreign_order_count: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    contact_count: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def __post_init__(self) -> None:
        n = len(self.account_id)
        if n:
            self._fill_in(n)
        for name in self.__slots__:
            value = getattr(self, name)
            if name in ("history_months", "opening_patterns", "timezones"):
                continue
            if len(value) != n:
                raise InvalidAccountsError(f"{n} accounts but {len(value)} entries in {name}.")
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
        if n > 1 and (np.diff(self.account_id) <= 0).any():
            raise InvalidAccountsError("Account ids must be ascending and distinct.")

    def _fill_in(self, n: int) -> None:
        """Columns that were not given."""
        level = np.where(np.isfinite(self.lon), 0, NO_LEVEL)
        never = np.full(n, NEVER_VISITED, dtype=np.int64)
        none = np.zeros(n, dtype=np.int64)
        visit_months = np.zeros((n, MOST_MONTHLY_VISITS + 1), dtype=np.int64)
        visit_months[:, 0] = round(self.history_months)
        for name, column in (
            ("owner_rep_id", np.full(n, NO_OWNER, dtype=np.int64)),
            ("timezone", np.zeros(n, dtype=np.int32)),
            ("location_level", level.astype(np.uint8)),
            ("is_location_ambiguous", np.zeros(n, dtype=np.bool_)),
            ("is_owner_planned", np.zeros(n, dtype=np.bool_)),
            # Where nobody says, the last year is like the others.
            ("recent_revenue_eur", self.revenue_eur * 12 / max(self.history_months, 12.0)),
            ("first_order_day", never),
            ("last_order_day", never),
            ("first_visit_day", never),
            ("visit_months", visit_months),
            ("margin_share", np.full(n, np.nan)),
            ("foreign_order_count", none),
            ("contact_count", none),
        ):
            if len(getattr(self, name)) == 0:
                object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.account_id)

    def row_of(self, account_id: int) -> int | None:
        """Row of an account, or None if it is not in the table."""
        row = int(np.searchsorted(self.account_id, account_id))
        if row < len(self.account_id) and self.account_id[row] == account_id:
            return row
        return None
