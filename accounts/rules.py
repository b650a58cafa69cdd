"""What managers have decided about each account on one day, as columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.account import AccountTable
from accounts.decisions import AccountException, SpecialSituation
from accounts.engagement import Channel, Programme


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """
    Decisions that scoring goes by.

    Parameters
    ----------
    is_field
        (n,) bool, whether field trips may visit the account.
    interval_stretch
        (n,) float64, factor on the visit interval where the work exceeds the time there is; at
        least 1.
    prize_factor, prize_extra_cents
        (n,) float64 and int64, what the prize is multiplied with, and what is added to it then.
    is_must_visit
        (n,) bool, whether a visit is required.
    """

    is_field: NDArray[np.bool_]
    interval_stretch: NDArray[np.float64]
    prize_factor: NDArray[np.float64]
    prize_extra_cents: NDArray[np.int64]
    is_must_visit: NDArray[np.bool_]

    @classmethod
    def of_segments(cls, table: AccountTable, programme: Programme) -> "Rules":
        """What the engagement programme says, without anything special."""
        n = len(table)
        is_field = np.array([segment.is_visited_by_field for segment in programme])
        return cls(
            is_field=is_field[table.segment],
            interval_stretch=np.ones(n),
            prize_factor=np.ones(n),
            prize_extra_cents=np.zeros(n, dtype=np.int64),
            is_must_visit=np.zeros(n, dtype=np.bool_),
        )

    @classmethod
    def on_day(
        cls,
        day: int,
        table: AccountTable,
        programme: Programme,
        exceptions: Sequence[AccountException] = (),
        situations: Sequence[SpecialSituation] = (),
        interval_stretch: NDArray[np.float64] | None = None,
    ) -> "Rules":
        """
        All that holds on a day, in days since 1970-01-01.

        Several situations of one account: their factors multiply, their extras add up. Who
        requires a visit to one account lets field trips visit it; a requirement for many is one
        for those of them that field trips may visit anyway. Extras and requirements hold until
        the account is visited, on the first day of the situation or later. Of several exceptions
        the last one in the order given counts.

        Parameters
        ----------
        interval_stretch
            (n,), as in the columns; without it, nothing is stretched.
        """
        plain = cls.of_segments(table, programme)
        is_field, factor = plain.is_field.copy(), plain.prize_factor.copy()
        extra_cents, is_must = plain.prize_extra_cents.copy(), plain.is_must_visit.copy()
        strategic = set()
        for exception in exceptions:
            row = table.row_of(exception.account_id)
            if row is None or not exception.holds_on(day):
                continue
            if exception.channel is not None:
                is_field[row] = exception.channel is Channel.FIELD
            if exception.is_strategic:
                strategic.add(row)
        is_field[list(strategic)] = True
        of_day = [one for one in situations if one.holds_on(day)]
        for situation in of_day:
            rows = situation.rows(table, programme)
            factor[rows] *= situation.prize_factor
            rows = rows[table.last_visit_day[rows] < situation.from_day]
            extra_cents[rows] += situation.prize_extra_cents
            if situation.is_must_visit and situation.account_id is not None:
                is_must[rows] = is_field[rows] = True
        for situation in of_day:
            if situation.is_must_visit and situation.account_id is None:
                rows = situation.rows(table, programme)
                rows = rows[table.last_visit_day[rows] < situation.from_day]
                is_must[rows] |= is_field[rows]
        return cls(
            is_field=is_field,
            interval_stretch=plain.interval_stretch
            if interval_stretch is None
            else interval_stretch,
            prize_factor=factor,
            prize_extra_cents=extra_cents,
            is_must_visit=is_must,
        )
