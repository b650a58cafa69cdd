"""Puts the application together."""

import os
import secrets
from typing import Any

from flask import Flask, Response, g

from api import errors
from api.jobs.runner import JobRunner, runner_in_threads, runner_of
from api.resources import (
    account_records,
    accounts,
    allocation,
    basemap,
    dataset,
    duplicates,
    engagement_programme,
    geocoding,
    geocoding_jobs,
    health,
    history,
    imports,
    market,
    matrix,
    models,
    on_the_way,
    openapi,
    pins,
    places,
    planning_rounds,
    recommendations,
    replans,
    reps,
    routes,
    touches,
)
from api.resources import page as page_resource
from api.resources import tiles as tiles_resource
from api.resources.converters import AnyText
from api.resources.http import compress
from api.settings import Settings
from api.state import AppState

API = "/api/v1"


def build(state: AppState | None = None, jobs: JobRunner | None = None) -> Flask:
    """
    The WSGI application around a state; without one, a state that loads in the background.

    A state that comes without a runner may be one that no other process could open: its jobs are
    done by threads.
    """
    if state is None:
        state = AppState(Settings.from_environment(os.environ))
        jobs = runner_of(state)
        state.load_in_background(jobs.start)
    app = Flask("api", static_folder="static", template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = state.settings.max_body_bytes
    app.extensions["territour"] = state
    app.extensions["territour.jobs"] = jobs or runner_in_threads(state)
    app.url_map.converters["any_text"] = AnyText
    for module in (
        routes,
        replans,
        accounts,
        account_records,
        pins,
        duplicates,
        history,
        reps,
        on_the_way,
        places,
        geocoding,
        geocoding_jobs,
        imports,
        models,
        engagement_programme,
        recommendations,
        dataset,
        market,
        matrix,
        planning_rounds,
        touches,
        allocation,
    ):
        app.register_blueprint(module.blueprint, url_prefix=API)
    for module in (health, openapi, basemap, tiles_resource, page_resource):
        app.register_blueprint(module.blueprint)
    errors.register(app)
    policy = content_policy(state.settings.style_url)
    if state.is_loaded:
        # Before the server forks, so that the first visitor waits for nothing.
        basemap.prepare(state)
        accounts.prepare(state)

    @app.before_request
    def make_nonce() -> None:
        g.csp_nonce = secrets.token_urlsafe(12)

    @app.context_processor
    def page_context() -> dict[str, Any]:
        return {"csp_nonce": g.csp_nonce, "style_url": state.settings.style_url}

    @app.after_request
    def finish(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = policy.format(nonce=g.get("csp_nonce", ""))
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers.setdefault("Cache-Control", "no-store" if response.is_json else "no-cache")
        return compress(response)

    return app


def content_policy(style_url: str | None) -> str:
    """
    What the page may load: only from here, unless a basemap from elsewhere was set.

    MapLibre starts its worker from a blob, and sprites are drawn from blobs and data.
    """
    elsewhere = " https: http:" if style_url else ""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'nonce-{nonce}'",
            "style-src 'self' 'nonce-{nonce}'",
            f"img-src 'self' data: blob:{elsewhere}",
            f"connect-src 'self'{elsewhere}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
