"""The state of the running application, for views."""

from typing import cast

from flask import current_app

from api.state import AppState


def app_state() -> AppState:
    return cast(AppState, current_app.extensions["territour"])
