"""Files of accounts: taken in as drafts, mapped, and handed to a job."""

import gzip
from collections.abc import Mapping
from typing import Any

from api.schemas.account_import import (
    FileFormat,
    ImportColumn,
    ImportField,
    ImportItem,
    ImportLinks,
    ImportList,
    ImportPreset,
    ImportProblem,
    ImportProgress,
    ImportReportAnswer,
    ImportState,
    RunRequest,
    StoredProblem,
    UploadOptions,
)
from api.services.errors import (
    AlreadyFinishedError,
    Fault,
    NotStoredError,
    RefusedRequestError,
    pointer,
)
from api.services.run_import import KIND, note_status
from api.state import AppState
from data import import_store, job_store
from data.database import Session
from data.errors import InvalidImportFileError, InvalidMappingError, NotFoundError
from data.imports.draft import Draft, Problem, draft_of, problems_of
from data.imports.fields import NEEDED, TITLES, Field
from data.imports.mapping import ColumnMapping, check_mapping, read_mapping
from data.imports.open_table import Wishes, open_again, open_table
from data.imports.presets import Preset, presets
from data.imports.records import Rules
from data.imports.refused_columns import REFUSED_COLUMNS
from data.imports.run import SWAPPED
from data.imports.table import Reading, Table
from data.tables import AccountImport, ImportStatus, Job, JobStatus

DEFAULT_SYSTEM = "file"


def create(
    state: AppState, file_name: str, content: bytes, options: UploadOptions, base: str
) -> ImportState:
    """
    Keep a file as a draft, with what its columns seem to be.

    Parameters
    ----------
    base
        Path under which imports are found.

    Raises
    ------
    RefusedRequestError
        When it is no table that could be imported, or an option cannot be met.
    """
    snapshot = state.snapshot()
    dataset = snapshot.dataset
    preset = _preset(options.preset)
    wishes = Wishes(
        options.encoding or "", options.delimiter or "", options.sheet or "", options.header_row
    )
    rules = Rules("", dataset.country, dataset.currency, preset, programme=snapshot.programme)
    try:
        table = open_table(content, wishes, state.settings.max_import_bytes)
        draft = draft_of(table, rules, preset)
    except InvalidImportFileError as error:
        raise RefusedRequestError([Fault("/file", error.code, str(error))]) from None
    with state.database.session() as session:
        former = import_store.former_mapping(session, dataset.id, _own_columns(table.columns))
        mapping, guessed_by, problems = _with_former(table, draft, former, rules)
        import_id = import_store.new_import_id()
        import_store.add(
            session,
            import_id=import_id,
            dataset_id=dataset.id,
            file_name=file_name,
            content=content,
            reading={
                **table.reading.as_json(),
                "sheets": list(table.sheets),
                "row_count": draft.row_count,
                "columns": [
                    {"name": column.name, "examples": list(column.examples)}
                    for column in draft.columns
                    if column.name not in REFUSED_COLUMNS
                ],
                "guessed_by": dict(guessed_by),
                "problems": [_problem_row(problem) for problem in problems],
                "preset": draft.preset.name if draft.preset else None,
            },
            mapping={column: field.value for column, field in mapping.items()},
            options={"system": options.system or _system_of(draft.preset)},
            created_at=state.clock(),
        )
        return _state(import_store.find(session, dataset.id, import_id), None, base)


def found(state: AppState, import_id: str, base: str) -> ImportState:
    """
    How far an import is.

    Raises
    ------
    NotStoredError
        When there is none of this id.
    """
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        row = _present(session, dataset_id, import_id)
        return _state(row, job_store.newest_of(session, dataset_id, import_id, KIND), base)


def listed(state: AppState, cursor: str | None, limit: int, base: str) -> ImportList:
    """
    Imports, newest first.

    Raises
    ------
    RefusedRequestError
        When the cursor is of no import.
    """
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        try:
            page = import_store.page(session, dataset_id, cursor, limit)
        except NotFoundError:
            detail = "cursor is of no page. Begin again without it."
            raise RefusedRequestError([Fault("/cursor", "INVALID_FORMAT", detail)]) from None
    return ImportList(
        items=tuple(
            ImportItem(
                import_id=row.id,
                file_name=row.file_name,
                status=row.status.value,
                created_at=row.created_at,
                finished_at=row.finished_at,
                row_count=row.reading["row_count"],
                summary=None if row.report is None else row.report["summary"],
                links=_links(row, base),
            )
            for row in page.imports
        ),
        next_cursor=page.next_cursor,
    )


def set_mapping(state: AppState, import_id: str, said: Mapping[str, str], base: str) -> ImportState:
    """
    Say what the columns of a draft are; what is wrong with that stands in its problems.

    Raises
    ------
    NotStoredError
        When there is no such import.
    OutdatedImportError
        When it is no draft any more.
    RefusedRequestError
        When there is no such column or field, or two columns are one field.
    """
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        row = _present(session, dataset_id, import_id)
        _remap(session, row, said, _rules(state, row))
        return _state(_present(session, dataset_id, import_id), None, base)


def submit(
    state: AppState, import_id: str, request: RunRequest, base: str
) -> tuple[ImportState, str]:
    """
    Store that a draft is to be imported. Someone has to hand the job to a worker.

    Returns
    -------
    ImportState, str
        And the id of the job.

    Raises
    ------
    NotStoredError, OutdatedImportError
        As for `set_mapping`.
    RefusedRequestError
        When the mapping cannot be, or has an error.
    """
    dataset_id = state.snapshot().dataset.id
    job_id = job_store.new_job_id()
    with state.database.session() as session:
        row = _present(session, dataset_id, import_id)
        if request.mapping is not None:
            _remap(session, row, request.mapping, _rules(state, row))
            row = _present(session, dataset_id, import_id)
        _check(row, request)
        options = {
            "system": request.system or row.options["system"],
            "dry_run": request.dry_run,
            "clear_empty": request.clear_empty,
            "keeps_swapped": SWAPPED in request.ignore,
        }
        import_store.change_draft(
            session,
            import_id,
            status=ImportStatus.QUEUED,
            options=options,
            report=None,
            refused=None,
        )
        job_store.add(
            session,
            job_id=job_id,
            dataset_id=dataset_id,
            kind=KIND,
            params={},
            created_at=state.clock(),
            result_id=import_id,
        )
        return _state(_present(session, dataset_id, import_id), None, base), job_id


def cancel(state: AppState, import_id: str) -> str | None:
    """
    Stop an import, or give a draft up. Nothing is written then.

    Returns
    -------
    str | None
        Id of the job whose worker still has to notice.

    Raises
    ------
    NotStoredError
        When there is no such import.
    AlreadyFinishedError
        When it has ended.
    """
    dataset_id, now = state.snapshot().dataset.id, state.clock()
    with state.database.session() as session:
        row = _present(session, dataset_id, import_id)
        if row.status is ImportStatus.DRAFT:
            import_store.end(session, import_id, ImportStatus.CANCELLED, now)
            return None
        job = job_store.newest_of(session, dataset_id, import_id, KIND)
        if job is not None and job.status in job_store.UNFINISHED:
            status = job_store.request_cancel(session, job.id, now)
            if status is JobStatus.RUNNING:
                return job.id
            if status is JobStatus.CANCELLED:
                note_status(session, job, status)
                return None
    raise AlreadyFinishedError(
        f"Import {import_id} has ended, so there is nothing to stop. GET shows how it ended."
    )


def refused_rows(state: AppState, import_id: str) -> tuple[str, bytes]:
    """
    The name of the file of refused rows, and the file.

    Raises
    ------
    NotStoredError
        When there is no such import, or no row of it was refused.
    """
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        row = _present(session, dataset_id, import_id)
        zipped = import_store.refused(session, dataset_id, import_id)
    if zipped is None:
        raise NotStoredError(f"No row of import {import_id} was refused, or none has been read.")
    return f"{row.file_name.rpartition('.')[0] or row.file_name}-refused.csv", gzip.decompress(
        zipped
    )


def _present(session: Session, dataset_id: int, import_id: str) -> AccountImport:
    try:
        return import_store.find(session, dataset_id, import_id)
    except NotFoundError as error:
        raise NotStoredError(str(error)) from None


def _preset(name: str | None) -> Preset | None:
    if name is None:
        return None
    if name not in presets():
        detail = f"There is no preset {name!r}. Take one of: {', '.join(presets())}."
        raise RefusedRequestError([Fault("/preset", "UNKNOWN_VALUE", detail)])
    return presets()[name]


def _system_of(preset: Preset | None) -> str:
    return preset.system if preset else DEFAULT_SYSTEM


def _own_columns(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(column for column in columns if column not in REFUSED_COLUMNS)


def _rules(state: AppState, row: AccountImport) -> Rules:
    snapshot = state.snapshot()
    dataset, preset = snapshot.dataset, row.reading["preset"]
    return Rules(
        row.options["system"],
        dataset.country,
        dataset.currency,
        None if preset is None else presets().get(preset),
        programme=snapshot.programme,
    )


def _with_former(
    table: Table, draft: Draft, former: Mapping[str, str] | None, rules: Rules
) -> tuple[ColumnMapping, Mapping[str, str], tuple[Problem, ...]]:
    """The guess, unless the same columns were imported before."""
    known = set(Field)
    if former is None or not set(former.values()) <= known:
        return draft.mapping, draft.guessed_by, draft.problems
    mapping = read_mapping(former, table.columns)
    return mapping, dict.fromkeys(mapping, "former"), problems_of(table, mapping, rules)


def _remap(session: Session, row: AccountImport, said: Mapping[str, str], rules: Rules) -> None:
    columns = tuple(column["name"] for column in row.reading["columns"])
    try:
        mapping = read_mapping(said, columns)
    except InvalidMappingError as error:
        where = pointer("mapping", error.column) if error.column else "/mapping"
        raise RefusedRequestError([Fault(where, error.code, str(error))]) from None
    content = import_store.content(session, row.id)
    problems: tuple[Problem, ...] = ()
    if content is not None:
        table = open_again(content, Reading.from_json(row.reading))
        problems = problems_of(table, mapping, rules)
    rows = [_problem_row(problem) for problem in problems]
    import_store.change_draft(
        session,
        row.id,
        mapping={column: field.value for column, field in mapping.items()},
        reading={**row.reading, "guessed_by": {}, "problems": rows},
    )


def _check(row: AccountImport, request: RunRequest) -> None:
    """Refuse a run that would fail, as far as the first rows tell."""
    columns = tuple(column["name"] for column in row.reading["columns"])
    try:
        check_mapping(read_mapping(row.mapping, columns), columns)
    except InvalidMappingError as error:
        where = pointer("mapping", error.column) if error.column else "/mapping"
        raise RefusedRequestError([Fault(where, error.code, str(error))]) from None
    faults = [
        Fault(pointer("mapping", problem["columns"][0]), problem["code"], problem["detail"])
        for problem in row.reading["problems"]
        if problem["code"] == SWAPPED and SWAPPED not in request.ignore
    ]
    if faults:
        raise RefusedRequestError(faults)


def _problem_row(problem: Problem) -> dict[str, Any]:
    fix = problem.fix
    return {
        "code": problem.code,
        "detail": problem.detail,
        "severity": "error" if problem.is_error else "warning",
        "columns": list(problem.columns),
        "fix": None if fix is None else {column: field.value for column, field in fix.items()},
    }


def _state(row: AccountImport, job: Job | None, base: str) -> ImportState:
    reading = row.reading
    is_going_on = row.status in import_store.UNFINISHED
    return ImportState(
        import_id=row.id,
        file_name=row.file_name,
        status=row.status.value,
        created_at=row.created_at,
        finished_at=row.finished_at,
        format=FileFormat(
            kind=reading["kind"],
            encoding=reading.get("encoding"),
            delimiter=reading.get("delimiter"),
            sheet=reading.get("sheet"),
            sheets=tuple(reading["sheets"]) or None,
            header_row=reading["header_row"],
        ),
        row_count=reading["row_count"],
        columns=tuple(
            ImportColumn(
                name=column["name"],
                examples=tuple(column["examples"]),
                field=row.mapping.get(column["name"]),
                guessed_by=reading["guessed_by"].get(column["name"]),
            )
            for column in reading["columns"]
        ),
        mapping=row.mapping,
        preset=reading["preset"],
        system=row.options["system"],
        problems=tuple(ImportProblem(**problem) for problem in reading["problems"]),
        presets=tuple(ImportPreset(preset=one.name, title=one.title) for one in presets().values()),
        fields=tuple(
            ImportField(field=field.value, title=TITLES[field], needed=field in NEEDED)
            for field in Field
        ),
        progress=_progress(job) if is_going_on else None,
        report=None if row.report is None else ImportReportAnswer.model_validate(row.report),
        problem=_failure(job) if not is_going_on and row.report is None else None,
        links=_links(row, base),
    )


def _links(row: AccountImport, base: str) -> ImportLinks:
    link = f"{base}/{row.id}"
    has_refused = row.report is not None and row.report["refused"] > 0
    return ImportLinks(self=link, refused=f"{link}/refused.csv" if has_refused else None)


def _progress(job: Job | None) -> ImportProgress | None:
    progress = None if job is None else job.progress
    if not progress or "done" not in progress:
        return None
    return ImportProgress(
        stage=progress["step"],
        fraction=progress["fraction"],
        done=progress["done"],
        total=progress["total"],
        elapsed_ms=progress["elapsed_ms"],
    )


def _failure(job: Job | None) -> StoredProblem | None:
    if job is None or job.problem is None:
        return None
    return StoredProblem(**{key: job.problem[key] for key in ("code", "title", "detail")})
