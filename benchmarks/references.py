"""
Makes references of the set `field`: the best of all solvers in a long run.

It goes through trips one by one and asks every solver that has not been asked yet, so that it can
be stopped and started again, and several can share the work by patterns of names. A plan counts
only if the referee and `benchmarks.recheck` agree on it.
"""

import fnmatch
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.field import FieldTrip, digest, generate
from benchmarks.field_set import (
    REFERENCES,
    SUITE,
    Reference,
    field_instance,
    read_references,
    record,
)
from benchmarks.instances import Instance
from benchmarks.recheck import RecheckError
from benchmarks.rivals import FILES, load_rival
from benchmarks.rivals.terms import RivalPlanError
from routing import referee
from routing.errors import InfeasibleSolutionError
from routing.solution import Solution
from routing.solve import solve
from routing.stop import MaxRuntime

OURS = "ours"


def make_references(
    pattern: str,
    budget_s: float,
    solvers: Sequence[str] = (OURS, *FILES),
    path: Path = REFERENCES,
    tell: Callable[[str], None] = print,
) -> None:
    """
    Ask solvers about the trips whose names match a pattern, with seed 0, and keep the best.

    Raises
    ------
    RivalNotInstalledError
        When the package of a rival is missing.
    """
    commit = _commit()
    for name in (name for name in SUITE if fnmatch.fnmatch(name, pattern)):
        numbers = digest(generate(FieldTrip.of_name(name)))
        instance = field_instance(name, None)
        for solver in solvers:
            known = read_references(path).get(name)
            if (
                known is not None
                and known.digest == numbers
                and known.seconds >= budget_s
                and solver in known.tried.split()
            ):
                continue
            started_s = time.process_time()
            plan = _ask(solver, instance, budget_s, tell)
            seconds = time.process_time() - started_s
            if plan is None:
                continue
            value = instance.value_of(plan)
            kept = record(
                Reference(
                    name,
                    value,
                    solver,
                    solver,
                    budget_s,
                    commit,
                    f"{datetime.now(UTC):%Y-%m-%d}",
                    numbers,
                ),
                path,
            )
            tell(
                f"{name:<22}{solver:<10}{value:>10} after {seconds:5.1f} s; "
                f"best {kept.value_cents} by {kept.solver}"
            )


def _ask(
    solver: str, instance: Instance, budget_s: float, tell: Callable[[str], None]
) -> Solution | None:
    """A plan that passed both checks."""
    problem = instance.problem
    try:
        if solver == OURS:
            plan = solve(problem, MaxRuntime(budget_s, clock=time.process_time)).best
        else:
            rival = load_rival(solver)
            if rival.models(problem) is not None:
                return None
            plan = rival.solve(problem, budget_s, 0)
        referee.check(problem, plan)
        instance.recheck(plan)
    except (RivalPlanError, InfeasibleSolutionError, RecheckError) as error:
        tell(f"{instance.name:<22}{solver:<10} refused: {error}")
        return None
    return plan


def _commit() -> str:
    """The commit at work, with a plus where files differ from it; `unknown` outside of git."""
    here = Path(__file__).resolve().parent
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
            cwd=here,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
