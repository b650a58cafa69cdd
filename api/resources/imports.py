"""Accounts from files."""

from urllib.parse import quote

from flask import Blueprint, Response, url_for

from api.resources.http import json_response
from api.resources.operation import operation
from api.resources.state import app_state, job_runner
from api.resources.upload import read_upload
from api.schemas.account_import import (
    ImportList,
    ImportsQuery,
    ImportState,
    MappingRequest,
    RunRequest,
    UploadQuery,
)
from api.services import imports
from api.services.run_import import KIND

blueprint = Blueprint("imports", __name__)

STOPS_WITHIN_S = 10.0
"""How long a cancellation waits for the worker to notice."""


def base() -> str:
    """Path under which imports are found."""
    return url_for("imports.list_imports")


@blueprint.post("/imports")
@operation(
    "Upload a file of accounts",
    query=UploadQuery,
    takes_file=True,
    answer=ImportState,
    status=201,
    problems=(400, 413, 422, 503),
)
def create_import(query: UploadQuery) -> Response:
    """
    CSV, XLSX or JSON lines, as the part `file` of a form or as the body itself.

    Nothing is written yet: the answer shows what the columns are taken for, and what is wrong.
    """
    upload = read_upload(query)
    made = imports.create(app_state(), upload.file_name, upload.content, upload.options, base())
    response = json_response(made, 201)
    response.headers["Location"] = made.links.self
    return response


@blueprint.get("/imports")
@operation("Imports, newest first", query=ImportsQuery, answer=ImportList, problems=(422, 503))
def list_imports(query: ImportsQuery) -> ImportList:
    """Those that go on and drafts included."""
    return imports.listed(app_state(), query.cursor, query.limit, base())


@blueprint.get("/imports/<import_id>")
@operation("An import, and what came of it", answer=ImportState, problems=(404, 503))
def get_import(import_id: str) -> ImportState:
    """Its columns and problems, how far it is, and its report."""
    return imports.found(app_state(), import_id, base())


@blueprint.put("/imports/<import_id>/mapping")
@operation(
    "Say what the columns are",
    body=MappingRequest,
    answer=ImportState,
    problems=(400, 404, 409, 413, 415, 422, 503),
)
def set_import_mapping(import_id: str, body: MappingRequest) -> ImportState:
    """Of a draft. What is wrong with the mapping stands in `problems`."""
    return imports.set_mapping(app_state(), import_id, body.mapping, base())


@blueprint.post("/imports/<import_id>/runs")
@operation(
    "Import a draft, or try it",
    body=RunRequest,
    answer=ImportState,
    status=202,
    problems=(400, 404, 409, 413, 415, 422, 503),
)
def run_import(import_id: str, body: RunRequest) -> Response:
    """
    A job does it; the import itself says how far it is.

    Everything is written at once at the end, or nothing. After a dry run it is a draft again, with
    a report.
    """
    told, job_id = imports.submit(app_state(), import_id, body, base())
    job_runner().submit(job_id, KIND)
    response = json_response(told, 202)
    response.headers["Location"] = told.links.self
    return response


@blueprint.delete("/imports/<import_id>")
@operation("Stop an import", answer=ImportState, problems=(404, 409, 503))
def cancel_import(import_id: str) -> ImportState:
    """Or give a draft up. Nothing of it is written."""
    stopping = imports.cancel(app_state(), import_id)
    if stopping is not None:
        job_runner().wait_until_ended(stopping, STOPS_WITHIN_S)
    return imports.found(app_state(), import_id, base())


@blueprint.get("/imports/<import_id>/refused.csv")
@operation("Rows that were refused", media="text/csv", problems=(404, 503))
def get_refused_rows(import_id: str) -> Response:
    """With columns that say why. Mended, the file can be uploaded as it is."""
    name, content = imports.refused_rows(app_state(), import_id)
    response = Response(content, mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response
