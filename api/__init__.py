"""The service: HTTP, the page and the use cases behind them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from api.jobs.runner import JobRunner
    from api.state import AppState

__all__ = ["create_app"]


def create_app(state: "AppState | None" = None, jobs: "JobRunner | None" = None) -> "Flask":
    """
    The WSGI application.

    Without a state it reads the settings from the environment and loads in the background; until
    that is done it answers 503. Jobs are then done by processes of its own; with a state and
    without a runner, by threads.
    """
    # Imported here, because settings must be read before anything compiled is loaded.
    from api.application import build

    return build(state, jobs)
