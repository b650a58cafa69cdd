"""All numbers that were fitted to the past of a data set, as plain values that can be stored."""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.errors import InvalidValueModelError
from accounts.response import DEFAULT_ELASTICITY
from accounts.value.growth import PeerShares
from accounts.value.order_amount import OrderAmounts
from accounts.value.order_rate import OrderRates
from accounts.value.potential_forecast import LogForecast
from accounts.value.purchases import PurchaseModel
from accounts.value.response_fit import PRIOR_SD
from accounts.visit_value import SHRINKAGE_ORDERS, TARGET_SHARE

VERSION = 1
"""Of the stored form; raised when a number changes its meaning."""

ASSUMED_PURCHASES = PurchaseModel(r=1.0, alpha=2.0, a=0.3, b=8.0, may_stop_at_first=True)
"""While nothing was fitted: one order every two months, and one customer in 28 lost per order."""


@dataclass(frozen=True, slots=True)
class ValueParameters:
    """
    What a fit found, in months and in the currency of the data set.

    Parameters
    ----------
    segment_count
        S, segments of the engagement programme at the time. Tuples below have S + 1 entries, the
        last for all accounts together, by which segments go that came later.
    elasticity, elasticity_sd
        Response to visits, and how uncertain it is.
    elasticity_is_data
        Whether the data say more about it than the prior.
    purchases
        How many orders will come, and who is still a customer; times in months.
    counts_window
        Whether orders are forecast from the rate over all of the history, and `purchases` only says
        who is still a customer; otherwise all comes from `purchases`.
    rates, amounts
        How often accounts order without visits, and for how much; None while nothing was fitted.
    usual_log_potential
        Mean logarithm of the potentials that are stated.
    potential, attainable
        Forecasts of the potential of accounts without one, and of the yearly sales of accounts
        without orders once they buy; None where too few accounts are known.
    peers
        Shares of the potential that the better customers reach.
    revenue_cut_eur
        By account id, what was taken off the orders of few accounts: amounts out of all proportion.
    target_share
        Share of its potential that an account without history is expected to buy, unvisited.
    shrinkage_orders
        Orders at which an account that does not buy goes by its past and its potential alike.
    is_fitted
        Whether there was a past to fit to.
    """

    segment_count: int
    elasticity: tuple[float, ...]
    elasticity_sd: tuple[float, ...]
    elasticity_is_data: tuple[bool, ...]
    purchases: PurchaseModel
    counts_window: bool = False
    rates: OrderRates | None = None
    amounts: OrderAmounts | None = None
    usual_log_potential: float = 0.0
    potential: LogForecast | None = None
    attainable: LogForecast | None = None
    peers: PeerShares = field(default_factory=PeerShares)
    revenue_cut_eur: dict[int, float] = field(default_factory=dict)
    target_share: float = TARGET_SHARE
    shrinkage_orders: float = SHRINKAGE_ORDERS
    is_fitted: bool = False

    @classmethod
    def assumed(cls, segment_count: int = 0) -> "ValueParameters":
        """What is reckoned with while nothing was fitted: the literature, and nothing else."""
        n = segment_count + 1
        return cls(
            segment_count=segment_count,
            elasticity=(DEFAULT_ELASTICITY,) * n,
            elasticity_sd=(PRIOR_SD,) * n,
            elasticity_is_data=(False,) * n,
            purchases=ASSUMED_PURCHASES,
        )

    def group_of(self, segment: NDArray[np.int64] | NDArray[np.uint8]) -> NDArray[np.int64]:
        """Where the numbers of each account's segment stand, (n,)."""
        return np.minimum(segment.astype(np.int64), self.segment_count)

    def to_dict(self) -> dict[str, Any]:
        """As values of JSON, with the version of the form."""
        stored = {"version": VERSION} | asdict(self)
        stored["revenue_cut_eur"] = {str(key): cut for key, cut in self.revenue_cut_eur.items()}
        return stored

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "ValueParameters":
        """
        Back from `to_dict`, also after a way through JSON.

        Raises
        ------
        InvalidValueModelError
            When the form is of another version or does not hold what it should.
        """
        version = stored.get("version")
        if version != VERSION:
            raise InvalidValueModelError(
                f"The value model was stored in form {version}; this service reads form "
                f"{VERSION}. Fit the model again."
            )
        values = {name: value for name, value in stored.items() if name != "version"}
        try:
            for name, value in values.items():
                if isinstance(value, list):
                    values[name] = tuple(value)
            values["purchases"] = PurchaseModel(**values["purchases"])
            rates, amounts = values["rates"], values["amounts"]
            if rates is not None:
                values["rates"] = OrderRates(
                    shape=rates["shape"],
                    coefficient=tuple(rates["coefficient"]),
                    step=tuple(rates["step"]),
                    step_share=tuple(rates["step_share"]),
                    step_shape=rates["step_shape"],
                )
            if amounts is not None:
                coefficient = tuple(amounts["coefficient"])
                values["amounts"] = OrderAmounts(**amounts | {"coefficient": coefficient})
            for name in ("potential", "attainable"):
                values[name] = _forecast(values[name])
            peers = values["peers"]
            values["peers"] = PeerShares(
                tuple(peers["potential_from_eur"]), tuple(peers["target_share"])
            )
            cuts = values["revenue_cut_eur"]
            values["revenue_cut_eur"] = {int(key): float(cut) for key, cut in cuts.items()}
            return cls(**values)
        except (KeyError, TypeError, ValueError) as error:
            raise InvalidValueModelError(
                f"The stored value model cannot be read ({error}). Fit the model again."
            ) from error


def _forecast(stored: dict[str, Any] | None) -> LogForecast | None:
    if stored is None:
        return None
    return LogForecast(
        coefficient=tuple(stored["coefficient"]),
        region_effect=dict(stored["region_effect"]),
        neighbour_share=float(stored["neighbour_share"]),
        log_width=tuple(stored["log_width"]),
    )
