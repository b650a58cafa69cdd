"""When a search ends. Time is read from a clock that the caller hands over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


class StopCriterion(Protocol):
    """
    Asked between batches of iterations.

    `progress` runs from 0 to 1 and drives the cooling of the search; at 1 the search ends.
    `reason` is what the answer reports as `stopped_by`.
    """

    reason: str

    def progress(self, iterations: int) -> float: ...

    def batch_size(self, iterations: int) -> int:
        """How many iterations may run before `progress` is asked again."""
        ...


@dataclass(frozen=True, slots=True)
class MaxIterations:
    """Ends after a number of iterations: the same every time it is run."""

    max_iterations: int
    reason: str = "iteration_limit"

    def progress(self, iterations: int) -> float:
        return iterations / self.max_iterations

    def batch_size(self, iterations: int) -> int:
        return min(250, self.max_iterations - iterations)


@dataclass(slots=True)
class MaxRuntime:
    """
    Ends after a span of the given clock, in its seconds: CPU seconds with `time.process_time`.

    The number of iterations then depends on the machine, so runs are not repeatable.
    """

    max_runtime_s: float
    clock: Callable[[], float]
    reason: str = "time_limit"
    _started: float = field(init=False)
    _rate: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self._started = self.clock()

    def progress(self, iterations: int) -> float:
        elapsed = self.clock() - self._started
        self._rate = iterations / elapsed if elapsed > 0 else 0.0
        return elapsed / self.max_runtime_s

    def batch_size(self, iterations: int) -> int:
        # About 20 ms of work, known only once a first batch was timed.
        return max(10, min(5000, int(self._rate * 0.02)))


@dataclass(slots=True)
class FirstOf:
    """Ends as soon as one of several criteria does."""

    criteria: tuple[StopCriterion, ...]
    reason: str = ""

    def progress(self, iterations: int) -> float:
        furthest = 0.0
        for criterion in self.criteria:
            progress = criterion.progress(iterations)
            if progress >= furthest:
                furthest, self.reason = progress, criterion.reason
        return furthest

    def batch_size(self, iterations: int) -> int:
        return min(criterion.batch_size(iterations) for criterion in self.criteria)
