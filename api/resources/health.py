"""Whether the service can work."""

from flask import Blueprint

from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.dataset import Health

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@operation("Whether the service can work", answer=Health, problems=(503,))
def health() -> Health:
    """200 once roads and accounts are loaded."""
    return Health(status="ok", data_version=app_state().data_version)
