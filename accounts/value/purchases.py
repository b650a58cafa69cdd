"""
How many orders a customer will place, and whether it is still one.

BG/NBD: orders come at random at a rate that varies between customers by a gamma distribution
(r, alpha); after each order but the first, the customer stops with a chance that varies by a beta
distribution (a, b). Fader, Hardie & Lee (2005), "Counting your customers" the easy way.

MBG/CNBD-k: customers may stop after the first order too, and only each k-th event is an order, so
that orders come the more regularly the larger k is. Batislam, Denizel & Filiztekin (2007);
Platzer & Reutterer (2016), Ticking away the moments. Both are one formula here: BG/NBD has k = 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1, logsumexp, psi

LOG_LIMITS = ((-4.6, 6.9), (-6.9, 9.2), (-6.9, 6.9), (-4.6, 9.2))
"""Of r, alpha, a and b. Chances to stop below a thousandth cannot be told from none."""

START = (1.0, 1.0, 1.0, 3.0)


@dataclass(frozen=True, slots=True)
class PurchaseModel:
    """
    Fitted to customers, with times in any one unit.

    Parameters
    ----------
    r, alpha
        Gamma distribution of the rate of events; alpha in units of time.
    a, b
        Beta distribution of the chance to stop.
    regularity
        Events per order, the k above.
    may_stop_at_first
        Whether a customer may stop right after the first order.
    """

    r: float
    alpha: float
    a: float
    b: float
    regularity: int = 1
    may_stop_at_first: bool = False

    @property
    def name(self) -> str:
        return model_name(self.regularity, self.may_stop_at_first)

    def alive_share(
        self,
        repeats: NDArray[np.int64],
        recency: NDArray[np.float64],
        age: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """
        Chance that each customer is still one, (n,).

        Parameters
        ----------
        repeats
            Orders after the first.
        recency, age
            Time from the first order to the last, and to today.
        """
        gone, still = _log_terms(self, repeats, recency, age)
        return np.asarray(1 / (1 + np.exp(np.minimum(gone - logsumexp(still, axis=0), 700))))

    def expected_orders(
        self,
        horizon: float,
        repeats: NDArray[np.int64],
        recency: NDArray[np.float64],
        age: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """
        Orders of each customer until a horizon, (n,); parameters as in `alive_share`.

        Exact for k = 1; for a larger k orders are taken to come at the rate of events over k from
        today on, whenever the last one was.
        """
        k = self.regularity
        rate_shape = self.r + k * repeats
        rate_scale = k * (self.alpha + age)
        staying = self.b + repeats + int(self.may_stop_at_first)
        # At a = 1 the formula is 0/0, though its limit exists.
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6
        z = horizon / (rate_scale + horizon)
        # By Euler's transformation, (1-z)^(s) 2F1(s, b; c; z) with s and b in the hundreds becomes
        # a function of small arguments; as printed it overflows for customers with many orders.
        left = (1 - z) ** (a - 1) * hyp2f1(a + staying - 1 - rate_shape, a - 1, a + staying - 1, z)
        alive = (a + staying - 1) / (a - 1) * (1 - left)
        return np.asarray(np.maximum(alive, 0.0) * self.alive_share(repeats, recency, age))

    def log_likelihood(
        self,
        repeats: NDArray[np.int64],
        recency: NDArray[np.float64],
        age: NDArray[np.float64],
    ) -> float:
        """Up to a constant that depends on `regularity` alone; none for k = 1."""
        gone, still = _log_terms(self, repeats, recency, age)
        return float(logsumexp(np.vstack([gone, still]), axis=0).sum())


def model_name(regularity: int, may_stop_at_first: bool) -> str:
    """As in the literature."""
    if not may_stop_at_first:
        return "BG/NBD" if regularity == 1 else f"BG/CNBD-{regularity}"
    return "MBG/NBD" if regularity == 1 else f"MBG/CNBD-{regularity}"


def fit_purchases(
    repeats: NDArray[np.int64],
    recency: NDArray[np.float64],
    age: NDArray[np.float64],
    regularity: int = 1,
    may_stop_at_first: bool = False,
) -> PurchaseModel:
    """
    Most likely parameters; the columns as in `PurchaseModel.alive_share`.

    0.1 s for 2,400 customers. Customers without age say nothing and are passed over.
    """
    seen = age > 0
    columns = np.column_stack([repeats[seen], recency[seen], age[seen]])
    if not len(columns):
        return PurchaseModel(*START, regularity, may_stop_at_first)
    values, weight = np.unique(columns, axis=0, return_counts=True)
    x, t_x, t = values.T
    # Times of the size of 1 make one start fit all.
    unit = float(t.mean())

    def minus_log_likelihood(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        r, alpha, a, b = np.exp(at).tolist()
        model = PurchaseModel(r, alpha, a, b, regularity, may_stop_at_first)
        value, gradient = _value_and_gradient(model, x, t_x / unit, t / unit, weight)
        return -value / weight.sum(), -gradient * np.exp(at) / weight.sum()

    r, alpha, a, b = START
    rate = float((weight * x).sum() / (weight * t).sum() * unit)
    start = np.log([r, r / max(rate * regularity, 1e-3), a, b])
    found = minimize(
        minus_log_likelihood,
        np.clip(start, *np.transpose(LOG_LIMITS)),
        jac=True,
        method="L-BFGS-B",
        bounds=LOG_LIMITS,
        options={"ftol": 1e-13, "gtol": 1e-9, "maxiter": 500},
    )
    r, alpha, a, b = np.exp(found.x).tolist()
    return PurchaseModel(r, alpha * unit, a, b, regularity, may_stop_at_first)


def _log_terms(
    model: PurchaseModel,
    x: NDArray[np.float64] | NDArray[np.int64],
    t_x: NDArray[np.float64],
    t: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Logarithms of the likelihood that a customer has stopped, (n,), and that it has not, (k, n).

    The second in parts: since the last order there were 0 to k - 1 events.
    """
    r, alpha, a, b, k = model.r, model.alpha, model.a, model.b, model.regularity
    m = int(model.may_stop_at_first)
    common = r * np.log(alpha) - gammaln(r) - betaln(a, b)
    shape = r + k * x
    stopped = np.maximum(b + x - 1 + m, 1e-300)
    gone = betaln(a + 1, stopped) + gammaln(shape) - shape * np.log(alpha + t_x)
    if not model.may_stop_at_first:
        gone = np.where(x > 0, gone, -np.inf)
    j = np.arange(k)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        silence = np.where(j > 0, j * np.log(np.maximum(t - t_x, 0.0)), 0.0)
    still = (
        betaln(a, b + x + m)
        + silence
        - gammaln(j + 1)
        + gammaln(shape + j)
        - (shape + j) * np.log(alpha + t)
    )
    return gone + common, still + common


def _value_and_gradient(
    model: PurchaseModel,
    x: NDArray[np.float64],
    t_x: NDArray[np.float64],
    t: NDArray[np.float64],
    weight: NDArray[np.int64],
) -> tuple[float, NDArray[np.float64]]:
    """Log-likelihood and its derivatives by r, alpha, a and b."""
    r, alpha, a, b, k = model.r, model.alpha, model.a, model.b, model.regularity
    m = int(model.may_stop_at_first)
    gone, still = _log_terms(model, x, t_x, t)
    whole = logsumexp(np.vstack([gone, still]), axis=0)
    gone_share, still_share = np.exp(gone - whole), np.exp(still - whole)
    alive = still_share.sum(axis=0)
    shape = r + k * x
    j = np.arange(k)[:, None]
    d_r = (
        np.log(alpha)
        - psi(r)
        + gone_share * (psi(shape) - np.log(alpha + t_x))
        + (still_share * (psi(shape + j) - np.log(alpha + t))).sum(axis=0)
    )
    d_alpha = (
        r / alpha
        - gone_share * shape / (alpha + t_x)
        - (still_share * (shape + j) / (alpha + t)).sum(axis=0)
    )
    total = psi(a + b + x + m)
    stopped = np.maximum(b + x - 1 + m, 1e-300)
    d_a = gone_share * psi(a + 1) + alive * psi(a) - total - psi(a) + psi(a + b)
    d_b = (
        np.where(gone_share > 0, gone_share * psi(stopped), 0.0)
        + alive * psi(b + x + m)
        - total
        - psi(b)
        + psi(a + b)
    )
    gradient = np.array([weight @ d for d in (d_r, d_alpha, d_a, d_b)])
    return float(weight @ whole), gradient
