"""How far a plan is from the best one at most: the bound of `routing.bound`, timed."""

import time
from dataclasses import dataclass

from benchmarks.instances import Instance
from routing import referee
from routing.bound import upper_bound
from routing.solution import Solution
from routing.stop import MaxRuntime


@dataclass(frozen=True, slots=True)
class Proof:
    """
    What is proven about an instance.

    Parameters
    ----------
    bound
        No plan is worth more, above the direct trip. None: nothing is proven.
    value
        Of the best plan at hand, which may come from the proof.
    seconds
        CPU seconds spent on it, without those for the plan.
    """

    bound: int | None
    value: int
    seconds: float

    @property
    def gap_pct(self) -> float | None:
        """100 (bound - value) / bound; 0 where both are 0."""
        if self.bound is None:
            return None
        return 0.0 if self.bound <= 0 else 100.0 * (self.bound - self.value) / self.bound


def prove(instance: Instance, plan: Solution, budget_s: float) -> Proof:
    """Bound the value of an instance from above within so many CPU seconds."""
    started_s = time.process_time()
    bound = upper_bound(instance.problem, plan, MaxRuntime(budget_s, clock=time.process_time))
    seconds = time.process_time() - started_s
    value = instance.value_of(plan)
    if bound.best is not None:
        referee.check(instance.problem, bound.best)
        instance.recheck(bound.best)
        value = max(value, instance.value_of(bound.best))
    proven = bound.upper_bound_cents
    return Proof(None if proven is None else proven - instance.baseline_cents, value, seconds)
