"""Two years of visits and orders of every account, cleaned and counted by calendar month."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from accounts.errors import InvalidAccountsError

MOST_TIMES_OWN_MEDIAN = 10.0
"""An order counts as at most so many times the median order of its account. Of lognormal amounts
with a log standard deviation of 1, so wide a limit takes 3 % of the money."""

MOST_TIMES_SEGMENT_MEDIAN = 100.0
"""The same where an account has too few orders for a median of its own."""

ORDERS_FOR_OWN_MEDIAN = 3


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """
    What happened to n accounts in T calendar months; rows are those of the account table.

    Parameters
    ----------
    first_month
        Months from January 1970 to the first of the panel.
    visits, orders
        (n, T) int64, visits in person and orders of each month.
    exposure
        (n, T) float64, share of the month in which the account was observed: 1, but less in the
        first and the last month, and 0 before it existed.
    segment
        (n,) int64, index into the engagement programme's segments.
    order_row, order_day, order_eur
        (m,) int64, int64 and float64: the orders, in order of row and day, with amounts above
        zero, cut where they are out of all proportion.
    first_day, today_day
        First and last day that counts, days since 1970-01-01.
    cut_eur
        (n,) float64, what was taken off the orders of an account by cutting amounts.
    returned_eur
        (n,) float64, at least 0: what negative orders took back.
    notes
        What was done to events that could not be taken as they were, in sentences.
    """

    first_month: int
    visits: NDArray[np.int64]
    orders: NDArray[np.int64]
    exposure: NDArray[np.float64]
    segment: NDArray[np.int64]
    order_row: NDArray[np.int64]
    order_day: NDArray[np.int64]
    order_eur: NDArray[np.float64]
    first_day: int
    today_day: int
    cut_eur: NDArray[np.float64]
    returned_eur: NDArray[np.float64]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.segment)

    @property
    def month_count(self) -> int:
        return self.visits.shape[1]

    def until(self, month_count: int) -> "Panel":
        """What was known after the first so many months, but for returns, which have no date."""
        if month_count >= self.month_count:
            return self
        after = np.array(self.first_month + month_count).astype("datetime64[M]")
        today_day = int(after.astype("datetime64[D]").astype(np.int64)) - 1
        kept = self.order_day <= today_day
        return replace(
            self,
            visits=self.visits[:, :month_count],
            orders=self.orders[:, :month_count],
            exposure=self.exposure[:, :month_count],
            order_row=self.order_row[kept],
            order_day=self.order_day[kept],
            order_eur=self.order_eur[kept],
            today_day=today_day,
            returned_eur=np.zeros(len(self)),
            notes=(),
        )


def build_panel(
    segment: NDArray[np.int64] | NDArray[np.uint8],
    visit_row: NDArray[np.int64],
    visit_day: NDArray[np.int64],
    order_row: NDArray[np.int64],
    order_day: NDArray[np.int64],
    order_eur: NDArray[np.float64],
    first_day: int,
    today_day: int,
    order_is_home: NDArray[np.bool_] | None = None,
    exists_from_day: NDArray[np.int64] | None = None,
) -> Panel:
    """
    Count events by calendar month, and say what had to be done to them.

    Parameters
    ----------
    segment
        (n,), one entry per account.
    visit_row, visit_day
        (v,), account and day of each visit in person that was done.
    order_row, order_day, order_eur
        (m,), account, day and amount of each order; a return has a negative amount.
    first_day, today_day
        Events on other days are left out. Days since 1970-01-01, both inclusive.
    order_is_home
        (m,), whether the order is in the currency of the data set; all are unless given. Others
        are left out, since nobody says at what rate they would be converted.
    exists_from_day
        (n,), first day on which an account is known to have existed. A first order before it
        proves otherwise; a visit before it does not and is left out.

    Raises
    ------
    InvalidAccountsError
        When columns differ in length, a row is not among the accounts, or the period is empty.
    """
    n = len(segment)
    _check(n, visit_row, visit_day, order_row, order_day, order_eur, first_day, today_day)
    notes: list[str] = []
    kept = np.ones(len(order_row), dtype=np.bool_)
    if order_is_home is not None:
        kept &= order_is_home
        _note(notes, (~order_is_home).sum(), "orders in other currencies are left out")
    strange = ~np.isfinite(order_eur)
    _note(notes, (kept & strange).sum(), "orders without an amount are left out")
    outside = (order_day < first_day) | (order_day > today_day)
    _note(notes, (kept & outside).sum(), "orders outside of the period are left out")
    kept &= ~strange & ~outside
    is_return = kept & (order_eur < 0)
    returned_eur = sums(order_row[is_return], -order_eur[is_return], n)
    _note(
        notes,
        is_return.sum(),
        "returns (negative orders) are taken off the amounts and do not count as orders",
    )
    _note(notes, (kept & (order_eur == 0)).sum(), "orders worth nothing are left out")
    kept &= order_eur > 0
    order = np.flatnonzero(kept)
    order = order[np.lexsort((order_day[order], order_row[order]))]
    row, day = order_row[order].astype(np.int64), order_day[order].astype(np.int64)
    amount_eur, is_cut = cut_amounts(row, order_eur[order].astype(np.float64), segment)
    cut_eur = sums(row, order_eur[order] - amount_eur, n)
    if is_cut.any():
        notes.append(
            f"{int(is_cut.sum())} orders out of all proportion count as "
            f"{MOST_TIMES_OWN_MEDIAN:.0f} times the usual order of their account "
            f"(EUR {cut_eur.sum():,.0f} less)."
        )

    shares = month_shares(first_day, today_day)
    shares = month_shares(first_day, today_day)
    exposure = np.broadcast_to(shares, (n, len(shares)))
    visit_kept = (visit_day >= first_day) & (visit_day <= today_day)
    _note(notes, (~visit_kept).sum(), "visits outside of the period are left out")
    if exists_from_day is not None:
        exists_from_day = exists_from_day.copy()
        np.minimum.at(exists_from_day, row, day)
        too_early = visit_kept & (visit_day < exists_from_day[visit_row])
        _note(notes, too_early.sum(), "visits before the account existed are left out")
        visit_kept &= ~too_early
        exposure = exposure * _existing_share(exists_from_day, first_day, today_day)
    return Panel(
        first_month=int(month_of(np.array([first_day]))[0]),
        visits=_count(n, visit_row[visit_kept], visit_day[visit_kept], first_day, today_day),
        orders=_count(n, row, day, first_day, today_day),
        exposure=exposure,
        segment=segment.astype(np.int64),
        order_row=row,
        order_day=day,
        order_eur=amount_eur,
        first_day=first_day,
        today_day=today_day,
        cut_eur=cut_eur,
        returned_eur=returned_eur,
        notes=tuple(notes),
    )


def cut_amounts(
    row: NDArray[np.int64],
    amount_eur: NDArray[np.float64],
    segment: NDArray[np.int64] | NDArray[np.uint8],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """
    Amounts with those out of all proportion cut to the limit, and which were, (m,) each.

    One order of a thousand times the rest would otherwise be most of what the account is expected
    to buy every month. `row` ascends.
    """
    if not len(row):
        return amount_eur, np.zeros(0, dtype=np.bool_)
    rows, first, count = np.unique(row, return_index=True, return_counts=True)
    ranked = amount_eur[np.lexsort((amount_eur, row))]
    own = (ranked[first + (count - 1) // 2] + ranked[first + count // 2]) / 2
    group = segment[rows]
    typical = np.array([np.median(own[group == g]) if (group == g).any() else 0.0
                        for g in range(int(group.max()) + 1)])  # fmt: skip
    limit = np.where(
        count >= ORDERS_FOR_OWN_MEDIAN,
        MOST_TIMES_OWN_MEDIAN * own,
        MOST_TIMES_SEGMENT_MEDIAN * typical[group],
    )
    limits = np.repeat(limit, count)
    is_cut = amount_eur > limits
    return np.where(is_cut, limits, amount_eur), is_cut


def sums(row: NDArray[np.int64], value: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Sum of the values in each of n rows, (n,)."""
    return np.bincount(row, value, minlength=n).astype(np.float64)


def month_of(day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Months from January 1970 to the calendar month of each day."""
    return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_shares(first_day: int, today_day: int) -> NDArray[np.float64]:
    """Share of each calendar month that lies within a period, (T,)."""
    begin = _month_begins(first_day, today_day)
    within = np.minimum(begin[1:], today_day + 1) - np.maximum(begin[:-1], first_day)
    return np.asarray(within / np.diff(begin))


def _month_begins(first_day: int, today_day: int) -> NDArray[np.int64]:
    """First days of the months of a period and of the month after, (T + 1,)."""
    first, last = month_of(np.array([first_day, today_day])).tolist()
    months = np.arange(first, last + 2).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64)


def _months(first_day: int, today_day: int) -> int:
    return len(_month_begins(first_day, today_day)) - 1


def _existing_share(
    exists_from_day: NDArray[np.int64], first_day: int, today_day: int
) -> NDArray[np.float64]:
    """Share of the observed part of each month in which an account existed, (n, T)."""
    begin = _month_begins(first_day, today_day)
    start = np.maximum(begin[:-1], first_day)
    end = np.minimum(begin[1:], today_day + 1)
    left = end[None, :] - np.maximum(exists_from_day[:, None], start[None, :])
    return np.asarray(np.clip(left / (end - start)[None, :], 0.0, 1.0))


def _count(
    n: int, row: NDArray[np.int64], day: NDArray[np.int64], first_day: int, today_day: int
) -> NDArray[np.int64]:
    """Events by account and month, (n, T)."""
    months = _months(first_day, today_day)
    month = month_of(day) - month_of(np.array([first_day]))[0]
    return np.bincount(row * months + month, minlength=n * months).reshape(n, months)


def _note(notes: list[str], count: int | np.int64, what: str) -> None:
    if count:
        notes.append(f"{int(count)} {what}.")


def _check(
    n: int,
    visit_row: NDArray[np.int64],
    visit_day: NDArray[np.int64],
    order_row: NDArray[np.int64],
    order_day: NDArray[np.int64],
    order_eur: NDArray[np.float64],
    first_day: int,
    today_day: int,
) -> None:
    if len(visit_row) != len(visit_day):
        raise InvalidAccountsError(f"{len(visit_row)} visits but {len(visit_day)} days of visits.")
    if not len(order_row) == len(order_day) == len(order_eur):
        raise InvalidAccountsError(
            f"{len(order_row)} orders, but {len(order_day)} days and {len(order_eur)} amounts."
        )
    for name, rows in (("visits", visit_row), ("orders", order_row)):
        if len(rows) and not (rows.min() >= 0 and rows.max() < n):
            raise InvalidAccountsError(
                f"Rows of {name} reach {rows.max()}; there are {n} accounts."
            )
    if today_day < first_day:
        raise InvalidAccountsError(f"The period ends on day {today_day}, before it begins.")
