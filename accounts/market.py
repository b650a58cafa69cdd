"""
The market of a region, a rep or a segment: what could be sold there, what is, and the gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from accounts.errors import InvalidAccountsError

PEER_QUANTILE = 0.75
"""Where nobody says what share of a market to aim at, it is the one that the best quarter of like
markets reach."""

FEWEST_PEERS = 4
"""Markets that a quarter can be told of."""


@dataclass(frozen=True, slots=True, eq=False)
class MarketSums:
    """
    Sums by market, (g,) float64 each.

    Parameters
    ----------
    accounts, customers
        How many there are, and how many of them buy.
    potential_eur
        A year, of all accounts.
    base_potential_eur
        Of the customers: the potential of the existing base.
    revenue_eur
        Of the last 12 months.
    visits
        Of the last 12 months, in person.
    """

    accounts: NDArray[np.float64]
    customers: NDArray[np.float64]
    potential_eur: NDArray[np.float64]
    base_potential_eur: NDArray[np.float64]
    revenue_eur: NDArray[np.float64]
    visits: NDArray[np.float64]

    @property
    def share(self) -> NDArray[np.float64]:
        """Revenue over potential: the share of the market; 0 where there is no potential."""
        return _share(self.revenue_eur, self.potential_eur)

    @property
    def share_of_wallet(self) -> NDArray[np.float64]:
        """Revenue over the potential of the base: the share of what the customers buy."""
        return _share(self.revenue_eur, self.base_potential_eur)

    @property
    def base_gap_eur(self) -> NDArray[np.float64]:
        """What the customers buy from others."""
        return np.maximum(self.base_potential_eur - self.revenue_eur, 0.0)


def sum_markets(
    market: NDArray[np.intp],
    count: int,
    is_customer: NDArray[np.bool_],
    potential_eur: NDArray[np.float64],
    revenue_eur: NDArray[np.float64],
    visits: NDArray[np.float64],
) -> MarketSums:
    """
    Add up by market.

    Parameters
    ----------
    market
        (n,) index of each account's market, below `count`.

    Returned credits do not lower a market below nothing: revenue counts from 0.
    """

    def total(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.bincount(market, values, minlength=count), dtype=np.float64)

    return MarketSums(
        accounts=total(np.ones(len(market))),
        customers=total(is_customer.astype(np.float64)),
        potential_eur=total(potential_eur),
        base_potential_eur=total(np.where(is_customer, potential_eur, 0.0)),
        revenue_eur=np.maximum(total(revenue_eur), 0.0),
        visits=total(visits),
    )


@dataclass(frozen=True, slots=True)
class TargetRule:
    """
    What share of a market to aim at.

    Parameters
    ----------
    target_share
        In general; None: what the best quarter of the markets reach.
    crowded_share
        In crowded markets, where many sell the same: 0.05 to 0.10.
    crowded_prefixes
        Beginnings of postcodes whose markets are crowded.

    Raises
    ------
    InvalidAccountsError
        When a share is out of its range.
    """

    target_share: float | None = None
    crowded_share: float = 0.075
    crowded_prefixes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.target_share is not None and not 0 < self.target_share <= 1:
            raise InvalidAccountsError(
                f"Target share is {self.target_share}; it must lie above 0 and up to 1."
            )
        if not 0.05 <= self.crowded_share <= 0.10:
            raise InvalidAccountsError(
                f"Target share of crowded markets is {self.crowded_share}; it must lie in 0.05 to "
                "0.10."
            )

    def is_crowded(self, postcodes: Sequence[str]) -> NDArray[np.bool_]:
        """Whether each postcode lies in a crowded market, (n,)."""
        if not self.crowded_prefixes:
            return np.zeros(len(postcodes), dtype=np.bool_)
        return np.array([code.startswith(self.crowded_prefixes) for code in postcodes], np.bool_)


def peer_share(sums: MarketSums) -> float:
    """Share that the best quarter of markets with potential reach; of the whole, if too few."""
    shares = sums.share[sums.potential_eur > 0]
    if len(shares) < FEWEST_PEERS:
        return float(_share(sums.revenue_eur.sum(), sums.potential_eur.sum()))
    return float(np.quantile(shares, PEER_QUANTILE))


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """
    By market, (g,) float64 each.

    Parameters
    ----------
    target_share
        Weighted by potential where part of a market is crowded.
    target_eur
        That share of the potential.
    gap_eur
        What is missing to it; 0 where it is reached.
    """

    target_share: NDArray[np.float64]
    target_eur: NDArray[np.float64]
    gap_eur: NDArray[np.float64]


def set_targets(
    market: NDArray[np.intp],
    sums: MarketSums,
    potential_eur: NDArray[np.float64],
    is_crowded: NDArray[np.bool_],
    target_share: float,
    crowded_share: float,
) -> Targets:
    """
    What each market should bring: a share of the potential, a smaller one where it is crowded.

    Parameters
    ----------
    market, potential_eur, is_crowded
        (n,) of each account.
    """
    # A crowded market aims at less than others, never at more.
    share = np.where(is_crowded, min(crowded_share, target_share), target_share)
    count = len(sums.accounts)
    target_eur = np.bincount(market, share * potential_eur, minlength=count).astype(np.float64)
    return Targets(
        target_share=np.where(
            sums.potential_eur > 0, _share(target_eur, sums.potential_eur), target_share
        ),
        target_eur=target_eur,
        gap_eur=np.maximum(target_eur - sums.revenue_eur, 0.0),
    )


@dataclass(frozen=True, slots=True)
class Category:
    """
    Accounts of one size, and the service they are to get.

    Parameters
    ----------
    name
        Shown to users.
    potential_from_eur
        Potential a year from which an account belongs here, up to the next larger category.
    visits_per_year
        Service level: how often it should be seen.

    Raises
    ------
    InvalidAccountsError
        When a number is negative.
    """

    name: str
    potential_from_eur: float
    visits_per_year: float

    def __post_init__(self) -> None:
        for name in ("potential_from_eur", "visits_per_year"):
            if not getattr(self, name) >= 0:
                raise InvalidAccountsError(
                    f"{name} of category {self.name} is {getattr(self, name)}; it must be at "
                    "least 0."
                )


CATEGORIES = (
    Category("A", 250_000.0, 12.0),
    Category("B", 75_000.0, 6.0),
    Category("C", 20_000.0, 3.0),
    Category("D", 0.0, 1.0),
)
"""What counts until managers say otherwise: the largest first."""


def check_categories(categories: Sequence[Category]) -> None:
    """
    Raises
    ------
    InvalidAccountsError
        When they do not fall to 0, or two have one name.
    """
    limits = [one.potential_from_eur for one in categories]
    if not limits or limits[-1] != 0 or any(a <= b for a, b in pairwise(limits)):
        raise InvalidAccountsError(
            "Categories must come with the largest first, each from less potential than the one "
            "before, and the last one from 0."
        )
    if len({one.name for one in categories}) < len(categories):
        raise InvalidAccountsError("Two categories have the same name. Give each its own.")


def categorise(
    potential_eur: NDArray[np.float64], categories: Sequence[Category]
) -> NDArray[np.intp]:
    """Index of each account's category, (n,)."""
    ascending = np.array([one.potential_from_eur for one in categories])[::-1]
    place = np.searchsorted(ascending, potential_eur, side="right") - 1
    return np.asarray(len(categories) - 1 - np.maximum(place, 0), dtype=np.intp)


def _share(
    part: NDArray[np.float64] | float, whole: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    part, whole = np.asarray(part, np.float64), np.asarray(whole, np.float64)
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0)
