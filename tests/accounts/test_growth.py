import numpy as np
import pytest

from accounts.value.growth import ASSUMED_SHARE, PeerShares, fit_peer_shares


def test_target_is_the_share_of_the_class_that_the_potential_falls_into():
    peers = PeerShares((1_000.0,), (0.5, 0.2))
    assert peers.target_eur(np.array([0.0, 999.0, 1_000.0])) == pytest.approx([0, 499.5, 200])


def test_target_share_is_the_upper_quartile_of_peers():
    # 1 %, 2 % ... 100 % of one potential: the quartile is 75.25 %. Who buys nothing is no peer.
    peers = fit_peer_shares(np.full(101, 1_000.0), 10.0 * np.arange(101))
    assert peers.target_eur(np.array([1_000.0])) == pytest.approx([752.5])


def test_classes_of_potential_have_targets_of_their_own():
    potential = np.repeat([1_000.0, 100_000.0], 100)
    peers = fit_peer_shares(potential, potential * np.repeat([0.6, 0.2], 100))
    assert peers.target_eur(np.array([1_000.0, 100_000.0])) == pytest.approx([600, 20_000])


def test_nobody_is_expected_to_buy_more_than_there_is():
    peers = fit_peer_shares(np.full(50, 100.0), np.full(50, 10_000.0))
    assert peers.target_eur(np.array([100.0])) == pytest.approx([100.0])


@pytest.mark.parametrize("customers", [0, 5])
def test_without_peers_the_target_is_what_is_usual(customers):
    peers = fit_peer_shares(np.full(customers, 100.0), np.full(customers, 50.0))
    assert peers.target_share == (ASSUMED_SHARE,)
