"""The state of the running application and the runner of its jobs, for views."""

from typing import cast

from flask import current_app

from api.jobs.runner import JobRunner
from api.state import AppState


def app_state() -> AppState:
    return cast(AppState, current_app.extensions["territour"])


def job_runner() -> JobRunner:
    return cast(JobRunner, current_app.extensions["territour.jobs"])
