"""The matrix of potential and visit value."""

from flask import Blueprint

from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.matrix import Matrix, MatrixQuery
from api.services import matrix as service

blueprint = Blueprint("matrix", __name__)


@blueprint.get("/matrix")
@operation(
    "The matrix of potential and visit value",
    query=MatrixQuery,
    answer=Matrix,
    problems=(422, 503),
)
def get_matrix(query: MatrixQuery) -> Matrix:
    """
    Four cells, what to do with the accounts in each, and what moving the last one frees.

    `GET /accounts?cell=` lists the accounts of a cell.
    """
    return service.matrix(app_state(), query)
