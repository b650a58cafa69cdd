"""
Forecasts of what an account could buy, from accounts like it: size, segment, region, neighbours.

A ridge regression of the logarithm on the features, then what the region has in common beyond it,
shrunk by the number of accounts there, then what the nearest accounts have in common beyond both.
The interval is a split conformal one (Lei et al., 2018): the model is fitted to half of the known
accounts, and the errors it makes on the other half say how wide the interval has to be, whatever
their distribution. It holds for accounts that are like the known ones.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

COVERAGE_SHARE = 0.8
"""How often the truth should lie within the interval."""

REGION_DIGITS = 2
"""Leading characters of the postcode that make a region."""

REGION_SHRINKAGE = 20.0
"""Accounts at which a region counts as much as all regions together."""

NEIGHBOURS = 10

RIDGE = 1.0

MIN_KNOWN = 60
"""With fewer known accounts nothing is fitted."""

UNKNOWN_LOG_WIDTH = float(np.log(10.0))
"""Half the width of the interval where nothing was fitted: a factor of ten either way."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """
    Where n accounts are.

    Parameters
    ----------
    region
        Of length n: the leading characters of the postcode.
    lon, lat
        (n,) float64, NaN where unknown.
    """

    region: NDArray[np.str_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    @classmethod
    def of(
        cls, postcode: tuple[str, ...], lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> "Places":
        """Regions from postcodes."""
        region = np.array([code[:REGION_DIGITS] for code in postcode], dtype=f"U{REGION_DIGITS}")
        return cls(region, lon, lat)

    def take(self, rows: NDArray[np.int64]) -> "Places":
        return Places(self.region[rows], self.lon[rows], self.lat[rows])

    def unit_vectors(self) -> NDArray[np.float64]:
        """(n, 3), so that the nearest in a straight line are the nearest on the globe."""
        lon, lat = np.radians(np.nan_to_num(self.lon)), np.radians(np.nan_to_num(self.lat))
        return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


@dataclass(frozen=True, slots=True)
class LogForecast:
    """
    A fitted forecast of the logarithm of an amount.

    Parameters
    ----------
    coefficient
        One for each feature, the constant first.
    region_effect
        By region, beyond the features.
    neighbour_share
        How much of what the nearest accounts have in common an account shares, 0 to 1.
    log_width
        Half the width of the interval, one for each kind of account.
    """

    coefficient: tuple[float, ...]
    region_effect: dict[str, float]
    neighbour_share: float
    log_width: tuple[float, ...]

    def log_of(
        self,
        features: NDArray[np.float64],
        places: Places,
        known_log: NDArray[np.float64],
        wanted: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """
        The forecast logarithm of the wanted rows.

        Parameters
        ----------
        features
            (n, f) float64, of all accounts.
        known_log
            (n,) float64, NaN where unknown: what neighbours are known to have.
        """
        plain = features[wanted] @ np.array(self.coefficient)
        plain += self._region(places.region[wanted])
        if self.neighbour_share <= 0:
            return np.asarray(plain)
        known = np.flatnonzero(np.isfinite(known_log) & np.isfinite(places.lon))
        there = np.isfinite(places.lon[wanted])
        if len(known) <= NEIGHBOURS or not there.any():
            return np.asarray(plain)
        rest = known_log[known] - features[known] @ np.array(self.coefficient)
        rest -= self._region(places.region[known])
        common = neighbour_mean(places.take(known), rest, places.take(wanted[there]))
        plain[there] += self.neighbour_share * common
        return np.asarray(plain)

    def _region(self, region: NDArray[np.str_]) -> NDArray[np.float64]:
        names, inverse = np.unique(region, return_inverse=True)
        effect = np.array([self.region_effect.get(str(name), 0.0) for name in names])
        return np.asarray(effect[inverse]) if len(names) else np.zeros(0)


def neighbour_mean(
    known: Places, rest: NDArray[np.float64], wanted: Places, is_same: bool = False
) -> NDArray[np.float64]:
    """
    Mean of the nearest known accounts, (m,) float64.

    Parameters
    ----------
    is_same
        Whether the wanted are the known ones; then none counts for itself.
    """
    count = min(NEIGHBOURS + int(is_same), len(rest))
    _, nearest = cKDTree(known.unit_vectors()).query(wanted.unit_vectors(), k=count)
    nearest = nearest.reshape(len(wanted.lon), count)
    if not is_same:
        return np.asarray(rest[nearest].mean(axis=1))
    # Accounts at one place may come in any order; each is left out of its own mean by its index.
    itself = nearest == np.arange(len(rest))[:, None]
    total = np.where(itself, 0.0, rest[nearest]).sum(axis=1)
    return np.asarray(total / (~itself).sum(axis=1))


def fit_forecast(
    features: NDArray[np.float64],
    log_amount: NDArray[np.float64],
    places: Places,
    kind: NDArray[np.int64],
    kind_count: int,
    rng: np.random.Generator,
) -> LogForecast | None:
    """
    Fit to half of the accounts, and measure the width of the interval on the others.

    Parameters
    ----------
    features
        (n, f) float64, the first all 1.
    kind
        (n,) int64 below `kind_count`; each kind with enough accounts gets a width of its own.

    Returns
    -------
    LogForecast or None
        None with fewer than `MIN_KNOWN` accounts.
    """
    n = len(log_amount)
    if n < MIN_KNOWN:
        return None
    order = rng.permutation(n)
    train, rest = np.sort(order[: n // 2]), np.sort(order[n // 2 :])
    penalty = np.full(features.shape[1], RIDGE)
    penalty[0] = 1e-6
    x, y = features[train], log_amount[train]
    coefficient = np.linalg.solve(x.T @ x + np.diag(penalty), x.T @ y)
    left = y - x @ coefficient
    region_effect = _region_effects(places.region[train], left)
    plain = LogForecast(tuple(coefficient.tolist()), region_effect, 0.0, ())
    left = left - plain._region(places.region[train])
    neighbour_share = _neighbour_share(places.take(train), left)
    fitted = LogForecast(plain.coefficient, region_effect, neighbour_share, ())
    known = np.full(n, np.nan)
    known[train] = y
    error = np.abs(log_amount[rest] - fitted.log_of(features, places, known, rest))
    every = _conformal_quantile(error)
    width = tuple(
        _conformal_quantile(error[kind[rest] == k]) if (kind[rest] == k).sum() >= 30 else every
        for k in range(kind_count)
    )
    return LogForecast(plain.coefficient, region_effect, neighbour_share, width)


def _region_effects(region: NDArray[np.str_], left: NDArray[np.float64]) -> dict[str, float]:
    names, inverse, count = np.unique(region, return_inverse=True, return_counts=True)
    mean = np.bincount(inverse, left) / count
    shrunk = mean * count / (count + REGION_SHRINKAGE)
    return {str(name): float(effect) for name, effect in zip(names, shrunk, strict=True)}


def _neighbour_share(places: Places, left: NDArray[np.float64]) -> float:
    """Regression through the origin of what is left on what the neighbours have left."""
    there = np.flatnonzero(np.isfinite(places.lon))
    if len(there) <= 2 * NEIGHBOURS:
        return 0.0
    common = neighbour_mean(places.take(there), left[there], places.take(there), is_same=True)
    square = float(common @ common)
    share = float(common @ left[there]) / square if square > 0 else 0.0
    return float(np.clip(share, 0.0, 1.0))


def _conformal_quantile(error: NDArray[np.float64]) -> float:
    """The ceil((n + 1) coverage)-th smallest error."""
    rank = int(np.ceil((len(error) + 1) * COVERAGE_SHARE))
    return float(np.sort(error)[min(rank, len(error)) - 1])
