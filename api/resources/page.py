"""The page."""

from flask import Blueprint, render_template

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
def index() -> str:
    return render_template("index.html")
