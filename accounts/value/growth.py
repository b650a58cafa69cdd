"""
What a customer could grow to: the share of the potential that the better of its peers buy.

Peers are customers of about the same potential. Their upper quartile is a target that one in four
of them has reached, so that it can be argued for.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLASSES = 5
TARGET_QUANTILE = 0.75
MIN_PEERS = 20

ASSUMED_SHARE = 0.10
"""Target share of the potential while no peers are known: the upper end of the 5 to 10 % that are
usual in crowded markets."""


@dataclass(frozen=True, slots=True)
class PeerShares:
    """
    Shares of the potential that peers buy, by classes of potential.

    Parameters
    ----------
    potential_from_eur
        Where the second and later classes begin, ascending.
    target_share
        Upper quartile of each class.
    """

    potential_from_eur: tuple[float, ...] = ()
    target_share: tuple[float, ...] = (ASSUMED_SHARE,)

    def target_eur(self, potential_eur: NDArray[np.float64]) -> NDArray[np.float64]:
        """Yearly sales that the better peers reach, (n,)."""
        place = np.searchsorted(np.array(self.potential_from_eur), potential_eur, side="right")
        return np.asarray(potential_eur * np.array(self.target_share)[place])


def fit_peer_shares(
    potential_eur: NDArray[np.float64], yearly_eur: NDArray[np.float64]
) -> PeerShares:
    """From customers with a known potential and what they bought within a year."""
    usable = (potential_eur > 0) & (yearly_eur > 0)
    potential, share = potential_eur[usable], yearly_eur[usable] / potential_eur[usable]
    # Nobody buys more than there is to buy; where it seems so, the potential is too low.
    share = np.minimum(share, 1.0)
    if len(share) < MIN_PEERS:
        return PeerShares()
    classes = min(CLASSES, len(share) // MIN_PEERS)
    edges = np.unique(np.quantile(potential, np.arange(1, classes) / classes))
    place = np.searchsorted(edges, potential, side="right")
    every = float(np.quantile(share, TARGET_QUANTILE))
    target = tuple(
        float(np.quantile(share[place == k], TARGET_QUANTILE))
        if (place == k).sum() >= MIN_PEERS
        else every
        for k in range(len(edges) + 1)
    )
    return PeerShares(tuple(edges.tolist()), target)
