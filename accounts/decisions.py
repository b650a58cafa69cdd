"""Decisions of managers about some accounts for a time: exceptions and special situations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from accounts.account import AccountTable
from accounts.engagement import NO_VISITS_DAYS, Channel, Programme
from accounts.errors import InvalidDecisionError

STRATEGIC_INTERVAL_DAYS = 365.0
"""Between visits to an account that is to be visited although its segment is not, where nobody
says how often."""

MOST_FACTOR = 10.0
MOST_EXTRA_EUR = 1e6


@dataclass(frozen=True, slots=True)
class AccountException:
    """
    What holds for one account instead of its segment's rule; what is None follows the rule.

    Parameters
    ----------
    from_day, until_day
        Days since 1970-01-01, the second one excluded.
    channel
        Who serves it.
    is_strategic
        Whether field trips may visit it whatever the channel.

    Raises
    ------
    InvalidDecisionError
        When it says nothing, or an interval or a duration cannot be.
    """

    account_id: int
    from_day: int
    until_day: int
    channel: Channel | None = None
    visit_interval_days: float | None = None
    service_duration_s: int | None = None
    is_strategic: bool = False

    def __post_init__(self) -> None:
        said = (self.channel, self.visit_interval_days, self.service_duration_s)
        if said == (None, None, None) and not self.is_strategic:
            raise InvalidDecisionError(
                "An exception that says nothing is none. Give a channel, an interval, a duration, "
                "or say that the account is strategic."
            )
        if self.visit_interval_days is not None and not 1 <= self.visit_interval_days <= 3650:
            raise InvalidDecisionError(
                f"The visit interval is {self.visit_interval_days} days; give 1 to 3650."
            )

    def holds_on(self, day: int) -> bool:
        return self.from_day <= day < self.until_day

    @property
    def opens_field(self) -> bool:
        """Whether field trips may visit the account because of it."""
        return self.is_strategic or self.channel is Channel.FIELD


@dataclass(frozen=True, slots=True)
class SpecialSituation:
    """
    A reason to visit that the figures do not know, as a large open order or a new market.

    It is about one account, or about all of a segment, of a beginning of postcodes, or of both.

    Parameters
    ----------
    from_day, until_day
        Days since 1970-01-01, the second one excluded.
    prize_factor
        What the prize of a visit is multiplied with, 1 to `MOST_FACTOR`.
    prize_extra_cents
        Added to the prize then, also where no visit is due.
    is_must_visit
        Whether a visit is required.

    Raises
    ------
    InvalidDecisionError
        When it is about nothing or everything, does nothing, or a number is out of its range.
    """

    situation_id: int
    from_day: int
    until_day: int
    account_id: int | None = None
    segment: str | None = None
    postcode_prefix: str | None = None
    prize_factor: float = 1.0
    prize_extra_cents: int = 0
    is_must_visit: bool = False

    def __post_init__(self) -> None:
        of_many = self.segment is not None or self.postcode_prefix is not None
        if (self.account_id is not None) == of_many:
            raise InvalidDecisionError(
                "A special situation is about one account, or about a segment, postcodes, or both. "
                "Give account_id, or segment and postcode_prefix."
            )
        if not 1 <= self.prize_factor <= MOST_FACTOR:
            raise InvalidDecisionError(
                f"The factor on the prize is {self.prize_factor}; give 1 to {MOST_FACTOR:g}."
            )
        if not 0 <= self.prize_extra_cents <= 100 * MOST_EXTRA_EUR:
            raise InvalidDecisionError(
                f"The extra on the prize is {self.prize_extra_cents / 100:,.2f}; give 0 to "
                f"{MOST_EXTRA_EUR:,.0f}."
            )
        if self.prize_factor == 1 and not self.prize_extra_cents and not self.is_must_visit:
            raise InvalidDecisionError(
                "A special situation that changes nothing is none. Give a factor above 1, an extra "
                "amount, or require a visit."
            )

    def holds_on(self, day: int) -> bool:
        return self.from_day <= day < self.until_day

    def rows(self, table: AccountTable, programme: Programme) -> NDArray[np.intp]:
        """Rows of the table that it is about; none where its account or segment is gone."""
        if self.account_id is not None:
            row = table.row_of(self.account_id)
            return np.array([] if row is None else [row], dtype=np.intp)
        keep = np.ones(len(table), dtype=bool)
        if self.segment is not None:
            names = [segment.name for segment in programme]
            if self.segment not in names:
                return np.empty(0, dtype=np.intp)
            keep &= table.segment == names.index(self.segment)
        if self.postcode_prefix is not None:
            prefix = self.postcode_prefix
            keep &= np.fromiter((one.startswith(prefix) for one in table.postcode), bool, len(keep))
        return np.flatnonzero(keep)


def with_exceptions(
    table: AccountTable, exceptions: Sequence[AccountException], day: int
) -> AccountTable:
    """
    The table with the intervals and durations that hold on a day.

    Of several exceptions for one account the last one in the order given counts, fact by fact.
    An account that field trips may visit because of one and that has no interval gets
    `STRATEGIC_INTERVAL_DAYS`.
    """
    interval, duration = table.visit_interval_days.copy(), table.service_duration_s.copy()
    is_changed = False
    for one in exceptions:
        row = table.row_of(one.account_id)
        if row is None or not one.holds_on(day):
            continue
        is_changed = True
        if one.visit_interval_days is not None:
            interval[row] = one.visit_interval_days
        elif one.opens_field and interval[row] >= NO_VISITS_DAYS:
            interval[row] = STRATEGIC_INTERVAL_DAYS
        if one.service_duration_s is not None:
            duration[row] = one.service_duration_s
    if not is_changed:
        return table
    return replace(table, visit_interval_days=interval, service_duration_s=duration)
