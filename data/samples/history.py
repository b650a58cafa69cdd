"""Generates two years of visits and of orders that respond to them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.engagement import PROGRAMME, Channel
from data.samples import truth
from data.samples.calendar import DAYS_PER_YEAR, History, local_to_utc_s, weekday_index
from data.samples.customers import Customers
from data.samples.opening import PATTERNS, is_open_on

NEVER = 2**31

FIRST_VISIT_S, LAST_VISIT_S = 8 * 3600, 16 * 3600
START_STEP_S = 300
DURATION_STEPS_S = (-300, 0, 0, 0, 300, 600, 900)
"""How a visit's time differs from the usual one."""


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """
    Visits in order of start, all done.

    Parameters
    ----------
    account, rep
        (v,) int64, indices.
    day
        (v,) int64, local, since 1970-01-01.
    start_utc_s
        (v,) int64, since 1970-01-01T00:00Z.
    duration_s
        (v,) int64.
    """

    account: NDArray[np.int64]
    rep: NDArray[np.int64]
    day: NDArray[np.int64]
    start_utc_s: NDArray[np.int64]
    duration_s: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """
    Orders in order of date.

    Parameters
    ----------
    account
        (o,) int64, index.
    day
        (o,) int64, since 1970-01-01.
    amount_cents, margin_cents
        (o,) int64.
    """

    account: NDArray[np.int64]
    day: NDArray[np.int64]
    amount_cents: NDArray[np.int64]
    margin_cents: NDArray[np.int64]


def stretched_intervals(customers: Customers, owner: NDArray[np.int64]) -> NDArray[np.float64]:
    """The cadence kept, (n,) days: where a rep has too much to do, all intervals grow alike."""
    wanted = np.bincount(owner, DAYS_PER_YEAR / customers.interval_days)
    stretch = np.maximum(1.0, wanted / truth.VISITS_PER_REP_YEAR)
    return np.asarray(customers.interval_days * stretch[owner])


def draw_losses(
    customers: Customers, history: History, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Day from which an account neither orders nor is visited, (n,), or `NEVER`."""
    n = len(customers)
    # At the latest a year ago, and not before there was something to lose.
    day = rng.integers(history.first_day + 90, history.today_day - 366, n)
    is_field = np.array([part.channel is Channel.FIELD for part in PROGRAMME])
    lost = customers.buys & is_field[customers.segment] & (rng.random(n) < truth.LOST_SHARE)
    return np.where(lost, day, NEVER)


def draw_visits(
    customers: Customers,
    owner: NDArray[np.int64],
    interval_days: NDArray[np.float64],
    lost_day: NDArray[np.int64],
    history: History,
    timezone: str,
    rng: np.random.Generator,
) -> Visits:
    """
    Visits at the cadence with some jitter, on working days when the account is open.

    Steered, as real ones are: who buys more has a shorter cadence, so that a comparison between
    accounts mistakes the one for the other.
    """
    accounts, days = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    alive = np.arange(len(customers))
    next_day = history.first_day - rng.random(len(customers)) * interval_days
    while len(alive):
        jitter = rng.lognormal(0, truth.JITTER_LOG_SD, len(alive))
        next_day[alive] += interval_days[alive] * jitter
        alive = alive[next_day[alive] < np.minimum(history.today_day, lost_day[alive])]
        started = alive[next_day[alive] >= history.first_day]
        accounts.append(started)
        days.append(next_day[started].astype(np.int64))
    account, day = np.concatenate(accounts), np.concatenate(days)
    day = _opening_day(day, customers.opening_hours[account], history)
    account, day = account[day >= 0], day[day >= 0]

    rep = owner[account]
    start_s = _start_times(rep, day, customers.opening_hours[account], rng)
    duration_s = customers.service_duration_s[account] + rng.choice(DURATION_STEPS_S, len(day))
    start_utc_s = local_to_utc_s(day, start_s, timezone)
    order = np.lexsort((account, start_utc_s))
    return Visits(account[order], rep[order], day[order], start_utc_s[order], duration_s[order])


def draw_margins(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Share of its orders that is margin, for each of n accounts; a few stand out."""
    margin_share = rng.normal(truth.MARGIN_SHARE, truth.MARGIN_SD, n)
    is_odd = rng.random(n) < truth.MARGIN_ODD_CHANCE
    off = rng.uniform(*truth.MARGIN_ODD_OFF, n) * rng.choice((-1.0, 1.0), n)
    return np.asarray(margin_share + np.where(is_odd, off, 0.0))


def draw_orders(
    customers: Customers,
    visits: Visits,
    lost_day: NDArray[np.int64],
    margin_share: NDArray[np.float64],
    history: History,
    rng: np.random.Generator,
) -> Orders:
    """
    Orders of each calendar month: Poisson with rate x (1 + visits in it) ** beta.

    Amounts are independent of the visits.
    """
    n, months = len(customers), history.month_count
    month = history.month_of_day[visits.day - history.first_day]
    visit_count = np.zeros((n, months), dtype=np.int64)
    np.add.at(visit_count, (visits.account, month), 1)
    rate = customers.rate_per_month[:, None] * history.month_share
    count = rng.poisson(rate * (1.0 + visit_count) ** customers.beta[:, None])

    account, month = np.nonzero(count)
    repeats = count[account, month]
    account, month = np.repeat(account, repeats), np.repeat(month, repeats)
    working_month = history.month_of_day[history.working_days - history.first_day]
    first = np.searchsorted(working_month, np.arange(months))
    length = np.bincount(working_month, minlength=months)
    within = (rng.random(len(month)) * length[month]).astype(np.int64)
    # A month that has just begun may have no working day before today: then no order either.
    has_day = length[month] > 0
    account, month, within = account[has_day], month[has_day], within[has_day]
    day = history.working_days[first[month] + within]
    shape = truth.AMOUNT_GAMMA_SHAPE
    amount_eur = customers.amount_eur[account] * rng.gamma(shape, 1 / shape, len(account))
    amount_cents = np.maximum(100, np.rint(amount_eur * 100)).astype(np.int64)
    margin_cents = np.rint(amount_cents * margin_share[account]).astype(np.int64)
    kept = np.flatnonzero(day < lost_day[account])
    order = kept[np.lexsort((account[kept], day[kept]))]
    return Orders(account[order], day[order], amount_cents[order], margin_cents[order])


def _opening_day(
    day: NDArray[np.int64], pattern: NDArray[np.int64], history: History
) -> NDArray[np.int64]:
    """The day itself or the last before it when the account is open; -1 if there is none."""
    open_on = is_open_on()
    usable = np.zeros((len(PATTERNS), history.today_day - history.first_day), dtype=bool)
    columns = history.working_days - history.first_day
    usable[:, columns] = open_on[:, weekday_index(history.working_days)]
    column = np.arange(usable.shape[1])
    last_usable = np.maximum.accumulate(np.where(usable, column, -1), axis=1)
    found = last_usable[pattern, day - history.first_day]
    return np.where(found < 0, -1, found + history.first_day)


def _start_times(
    rep: NDArray[np.int64],
    day: NDArray[np.int64],
    pattern: NDArray[np.int64],
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """
    Seconds after local midnight: the visits of a rep's day one after another, each while the
    account is open. How long the way between them takes is not looked at.
    """
    order = np.lexsort((rng.random(len(day)), day, rep))
    is_first = np.ones(len(day), dtype=bool)
    is_first[1:] = (np.diff(rep[order]) != 0) | (np.diff(day[order]) != 0)
    begin = np.flatnonzero(is_first)
    size = np.diff(np.append(begin, len(day)))
    rank = np.arange(len(day)) - np.repeat(begin, size)
    slot = (rank + rng.random(len(day))) / np.repeat(size, size)
    second = FIRST_VISIT_S + slot * (LAST_VISIT_S - FIRST_VISIT_S)
    start_s = np.empty(len(day), dtype=np.int64)
    start_s[order] = np.floor(second / START_STEP_S).astype(np.int64) * START_STEP_S
    return _within_hours(start_s, weekday_index(day), pattern)


def _within_hours(
    start_s: NDArray[np.int64], weekday: NDArray[np.int64], pattern: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The nearest start within the opening hours, at the latest half an hour before closing."""
    most = max(len(week) for week in PATTERNS)
    opens = np.full((len(PATTERNS), 7, most), 10**6)
    closes = opens.copy()
    for row, week in enumerate(PATTERNS):
        for column, window in enumerate(week):
            opens[row, window.weekday - 1, column] = window.opens_s
            closes[row, window.weekday - 1, column] = window.closes_s - 1800
    candidates = np.clip(start_s[:, None], opens[pattern, weekday], closes[pattern, weekday])
    nearest = np.abs(candidates - start_s[:, None]).argmin(axis=1)
    return np.asarray(candidates[np.arange(len(start_s)), nearest])
