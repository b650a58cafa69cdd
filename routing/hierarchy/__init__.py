"""
A customisable contraction hierarchy: fastest ways on large road graphs in microseconds.

`docs/decisions/0001-own-contraction-hierarchy.md` says why it is our own.
"""

from routing.hierarchy.metric import NO_WAY, Metric, customise
from routing.hierarchy.query import arc_path, weight_table
from routing.hierarchy.supergraph import Hierarchy, build_hierarchy

__all__ = [
    "NO_WAY",
    "Hierarchy",
    "Metric",
    "arc_path",
    "build_hierarchy",
    "customise",
    "weight_table",
]
