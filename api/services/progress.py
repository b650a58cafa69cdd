"""What a running plan tells, and how it is told to stop."""

import threading
from dataclasses import dataclass
from typing import Protocol


class PlanCancelledError(Exception):
    """Nobody waits for the plan any longer. Nothing was stored."""


class Listener(Protocol):
    """Hears how a plan comes on."""

    def stage(self, stage: str, detail: str) -> None: ...

    def improvement(
        self, iterations: int, progress: float, value: float, visits: int, elapsed_ms: int
    ) -> None:
        """A better plan was found; `value` is money above the direct trip."""
        ...

    @property
    def is_gone(self) -> bool:
        """Whether nobody listens any longer."""
        ...


class Silence:
    """A listener for callers who only want the end."""

    is_gone = False

    def stage(self, stage: str, detail: str) -> None:
        pass

    def improvement(
        self, iterations: int, progress: float, value: float, visits: int, elapsed_ms: int
    ) -> None:
        pass


@dataclass(frozen=True, slots=True)
class UntilGone:
    """A stop criterion that ends a search once nobody listens. Never the first of several."""

    listener: Listener
    reason: str = "cancelled"

    def progress(self, iterations: int) -> float:
        return 1.0 if self.listener.is_gone else 0.0

    def batch_size(self, iterations: int) -> int:
        return 250


class Gone:
    """A switch that one thread turns and another one watches."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def leave(self) -> None:
        self._event.set()

    @property
    def is_gone(self) -> bool:
        return self._event.is_set()
