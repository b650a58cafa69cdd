"""
A customisable contraction hierarchy: fastest ways on large road graphs in microseconds.

`docs/decisions/0001-own-contraction-hierarchy.md` says why it is our own.
"""

from routing.roads.hierarchy.metric import NO_WAY, STORED_ARRAYS, Metric, customise
from routing.roads.hierarchy.query import weight_table
from routing.roads.hierarchy.supergraph import Hierarchy, build_hierarchy
from routing.roads.hierarchy.way import fastest_way

__all__ = [
    "NO_WAY",
    "STORED_ARRAYS",
    "Hierarchy",
    "Metric",
    "build_hierarchy",
    "customise",
    "fastest_way",
    "weight_table",
]
