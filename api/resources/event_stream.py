"""A plan that is told while it is made, as server-sent events (WHATWG HTML, section 9.2)."""

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from flask import Response

from api.errors import describe
from api.services.progress import Gone, Listener, PlanCancelledError

log = logging.getLogger(__name__)

MEDIA = "text/event-stream"

KEEP_ALIVE_S = 2.0
"""After so long without an event a comment is sent, which also notices a client that has left."""


class _Teller(Gone):
    """Puts what it hears into a queue, as events."""

    def __init__(self) -> None:
        super().__init__()
        self.events: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def stage(self, stage: str, detail: str) -> None:
        self.tell("stage", {"stage": stage, "detail": detail})

    def improvement(
        self, iterations: int, progress: float, value: float, visits: int, elapsed_ms: int
    ) -> None:
        facts = {
            "iterations": iterations,
            "progress": round(progress, 4),
            "value": value,
            "visits": visits,
            "elapsed_ms": elapsed_ms,
        }
        self.tell("improvement", facts)

    def tell(self, event: str, data: Any) -> None:
        self.events.put(b"event: %s\ndata: %s\n\n" % (event.encode(), orjson.dumps(data)))


def streamed(plan: Callable[[Listener], dict[str, Any]]) -> Response:
    """
    Answer with the events of a plan: `stage` and `improvement`, and `route` or `problem` last.

    The plan runs in a thread of its own and ends soon after the client has left.
    """
    teller = _Teller()

    def work() -> None:
        try:
            teller.tell("route", plan(teller))
        except PlanCancelledError:
            log.info("A plan was given up, since its client has left")
        except Exception as error:
            problem = describe(error)
            if problem.status >= 500:
                log.exception("A plan failed")
            teller.tell("problem", problem.body())
        finally:
            teller.events.put(None)

    def events() -> Iterator[bytes]:
        worker = threading.Thread(target=work, name="plan", daemon=True)
        worker.start()
        try:
            while True:
                try:
                    event = teller.events.get(timeout=KEEP_ALIVE_S)
                except queue.Empty:
                    event = b": still planning\n\n"
                if event is None:
                    return
                yield event
        finally:
            # Also reached when the server closes the generator because the client has left.
            teller.leave()

    response = Response(events(), mimetype=MEDIA)
    response.headers["Cache-Control"] = "no-store"
    # Proxies such as nginx would otherwise collect the events.
    response.headers["X-Accel-Buffering"] = "no"
    return response
