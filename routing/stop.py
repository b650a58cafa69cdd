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

    @property
    def reason(self) -> str: ...

    def progress(self, iterations: int) -> float: ...

    def batch_size(self, iterations: int) -> int:
        """How many iterations may run before `progress` is asked again."""
        ...


@dataclass(frozen=True, slots=True)
class MaxIterations:
    """
    Ends after a number of iterations: the same every time it is run.

    Raises
    ------
    ValueError
        When the number is not positive.
    """

    max_iterations: int
    reason: str = "iteration_limit"

    def __post_init__(self) -> None:
        if self.max_iterations < 1:
            raise ValueError(f"max_iterations is {self.max_iterations}; at least 1 is needed.")

    def progress(self, iterations: int) -> float:
        return iterations / self.max_iterations

    def batch_size(self, iterations: int) -> int:
        return max(1, min(250, self.max_iterations - iterations))


@dataclass(slots=True)
class MaxRuntime:
    """
    Ends after a span of the given clock, in its seconds: CPU seconds with `time.process_time`.

    The number of iterations then depends on the machine, so runs are not repeatable. The clock
    starts when the criterion is made.

    Raises
    ------
    ValueError
        When the span is not positive.
    """

    max_runtime_s: float
    clock: Callable[[], float]
    reason: str = "time_limit"
    _started: float = field(init=False)
    _rate: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        if not self.max_runtime_s > 0:
            raise ValueError(f"max_runtime_s is {self.max_runtime_s}; it must be positive.")
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
    """
    Ends as soon as one of several criteria does.

    The first of them sets the pace: cooling and batches follow it alone. So a number of
    iterations with a time limit behind it is repeatable as long as the time limit does not strike.
    """

    criteria: tuple[StopCriterion, ...]
    reason: str = ""

    def progress(self, iterations: int) -> float:
        all_progress = [criterion.progress(iterations) for criterion in self.criteria]
        for criterion, progress in zip(self.criteria, all_progress, strict=True):
            if progress >= 1.0:
                self.reason = criterion.reason
                return progress
        self.reason = self.criteria[0].reason
        return all_progress[0]

    def batch_size(self, iterations: int) -> int:
        return self.criteria[0].batch_size(iterations)
