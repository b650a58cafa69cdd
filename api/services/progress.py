"""What a running plan tells, and how it is told to stop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

Plan = Callable[[], dict[str, Any]]
"""Makes the days and totals of a plan as an answer has them; called only if they are wanted."""


class PlanCancelledError(Exception):
    """Nobody waits for the plan any longer, or another worker makes it. Nothing may be stored."""


class Listener(Protocol):
    """Hears how a plan comes on."""

    def stage(self, stage: str, detail: str) -> None: ...

    def advance(self, iterations: int, fraction: float) -> None:
        """So many iterations were run, which is a fraction of all that will be."""
        ...

    def improvement(
        self, iterations: int, fraction: float, value: float, visits: int, plan: Plan
    ) -> None:
        """A better plan was found; `value` is money above the direct trip."""
        ...

    def tell(self, **facts: Any) -> None:
        """Whatever else there is to tell of how far it is."""
        ...

    @property
    def is_cancelled(self) -> bool:
        """Whether the plan should stop, and keep the best so far."""
        ...

    @property
    def is_gone(self) -> bool:
        """Whether nobody wants the plan any longer, not even a part of it."""
        ...


class Silence:
    """A listener for callers who only want the end."""

    is_cancelled = False
    is_gone = False

    def stage(self, stage: str, detail: str) -> None:
        pass

    def advance(self, iterations: int, fraction: float) -> None:
        pass

    def improvement(
        self, iterations: int, fraction: float, value: float, visits: int, plan: Plan
    ) -> None:
        pass

    def tell(self, **facts: Any) -> None:
        pass


@dataclass(frozen=True, slots=True)
class UntilTold:
    """
    A stop criterion that ends a search once its listener wants that. Never the first of several.

    It is asked after every batch, so it also tells the listener how far the search is.

    Parameters
    ----------
    done, budget
        Iterations before this search, and of all searches together.
    """

    listener: Listener
    done: int
    budget: int
    reason: str = "cancelled"

    def progress(self, iterations: int) -> float:
        done = self.done + iterations
        self.listener.advance(done, min(1.0, done / self.budget))
        return 1.0 if self.listener.is_cancelled or self.listener.is_gone else 0.0

    def batch_size(self, iterations: int) -> int:
        return 250
