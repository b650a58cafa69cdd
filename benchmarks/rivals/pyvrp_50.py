"""PyVRP as `benchmarks.rivals.pyvrp` asks it, with its default neighbourhood of 50 clients."""

from benchmarks.rivals import pyvrp
from benchmarks.rivals.pyvrp import IS_RANDOM, models
from routing.problem import Problem
from routing.solution import Solution

__all__ = ["IS_RANDOM", "models", "solve"]

NUM_NEIGHBOURS = 50


def solve(problem: Problem, budget_s: float, seed: int) -> Solution:
    return pyvrp.solve(problem, budget_s, seed, NUM_NEIGHBOURS)
