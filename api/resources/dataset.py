"""The data set."""

from flask import Blueprint

from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.dataset import Dataset
from api.services import dataset as service

blueprint = Blueprint("dataset", __name__)


@blueprint.get("/dataset")
@operation("What data there is", answer=Dataset, problems=(503,))
def dataset() -> Dataset:
    """What is real and what invented, how much there is, and the defaults of a request."""
    return service.dataset(app_state())
