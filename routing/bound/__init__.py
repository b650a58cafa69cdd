"""Upper bounds on the value of every plan, proven by column generation."""

from routing.bound.bound import REQUIRED, Bound, gap
from routing.bound.column_generation import upper_bound
from routing.bound.warm import warm_up

__all__ = ["REQUIRED", "Bound", "gap", "upper_bound", "warm_up"]
