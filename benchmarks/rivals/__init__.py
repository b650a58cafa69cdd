"""
Other solvers, asked to solve the same problems.

Each is a file with two functions: `models` says why a solver has no words for a problem, and
`solve` asks it and returns its plan as a `Solution` whose times and value are worked out by our own
`schedule_route`, so that the same exact value is counted for all. A solver that finds nothing is
given the direct trip.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from routing.problem import Problem
from routing.solution import Solution

FILES = {
    "pyvrp": "pyvrp",
    "pyvrp-50": "pyvrp_50",
    "vroom": "vroom",
    "ortools": "ortools_routing",
}
"""Names of the rivals, which begin with that of the package they need, with their files."""


class Rival(Protocol):
    """
    A solver in a file of this folder.

    `IS_RANDOM` says whether another seed may give another plan.
    """

    IS_RANDOM: bool

    def models(self, problem: Problem) -> str | None:
        """Why the solver cannot be asked this problem, or None where it can."""
        ...

    def solve(self, problem: Problem, budget_s: float, seed: int) -> Solution:
        """The solver's plan after so many CPU seconds, or when it stops by itself."""
        ...


class RivalNotInstalledError(Exception):
    """The package of a rival is not installed."""


def load_rival(name: str) -> Rival:
    """
    A rival by its name.

    Raises
    ------
    RivalNotInstalledError
        When its package is missing.
    """
    if name not in FILES:
        raise ValueError(f"There is no rival {name}; there are {', '.join(FILES)}.")
    if find_spec(name.partition("-")[0]) is None:
        raise RivalNotInstalledError(
            f"The rival {name} is not installed: python -m pip install -r requirements-dev.txt, "
            "or leave it out of --rivals."
        )
    return cast(Rival, import_module(f"benchmarks.rivals.{FILES[name]}"))
