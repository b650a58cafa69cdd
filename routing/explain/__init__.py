"""Why in, why out: what keeps each client in a plan or out of it."""

from routing.explain.explanation import Explanation, WhyIn, WhyOut
from routing.explain.layers import explain
from routing.explain.warm import warm_up

__all__ = ["Explanation", "WhyIn", "WhyOut", "explain", "warm_up"]
