"""Import a file of accounts, where jobs are done."""

from functools import partial

from api.services.errors import DatasetChangedError, Fault, RefusedRequestError
from api.services.locating import locate
from api.services.outcome import Outcome
from api.services.progress import Listener, PlanCancelledError
from api.state import AppState, Snapshot
from data import import_store
from data.database import Session
from data.errors import InvalidImportFileError, InvalidMappingError
from data.imports.mapping import read_mapping
from data.imports.open_table import open_again
from data.imports.presets import presets
from data.imports.records import Rules
from data.imports.report import ImportReport
from data.imports.run import LOCATING, LOOKING, READING, WRITING, Prepared, prepare, try_out, write
from data.imports.table import Reading
from data.tables import AccountImport, ImportStatus, Job, JobStatus

KIND = "import"

SHARES = {LOOKING: (0.0, 0.05), READING: (0.05, 0.15), LOCATING: (0.15, 0.9), WRITING: (0.9, 1.0)}
"""What part of the whole a stage is, from and to."""

TELL_EVERY = 50


class _StoppedError(Exception):
    """Somebody wants the import to stop."""


def note_status(session: Session, job: Job, status: JobStatus) -> None:
    """
    An import is as far as its job.

    After a dry run that came to nothing it is a draft again; its file stays.
    """
    import_id = _import_id(job)
    if status is JobStatus.RUNNING:
        import_store.set_status(session, import_id, ImportStatus.RUNNING)
    elif _is_dry(session, job):
        import_store.back_to_draft(session, import_id)
    else:
        import_store.end(session, import_id, ImportStatus(status.value), job.updated_at)


def run(state: AppState, job: Job, listener: Listener) -> Outcome:
    """
    Read the file of an import, look for its addresses, and write all of it, or nothing.

    The accounts are written in the transaction that ends the job: a worker that dies has written
    nothing, and the next one begins anew.

    Raises
    ------
    DatasetChangedError
        When another data set has been chosen since.
    RefusedRequestError
        When the whole file shows what its first rows did not: that it is damaged, or longitude and
        latitude are swapped.
    PlanCancelledError
        When the listener has gone, or the import has.
    """
    snapshot = state.snapshot()
    if snapshot.dataset.id != job.dataset_id:
        raise DatasetChangedError(
            "Another data set was chosen before the file was imported. Import it again, or choose "
            "the former data set first."
        )
    import_id = _import_id(job)
    with state.database.session() as session:
        row = import_store.find(session, job.dataset_id, import_id)
        content = import_store.content(session, import_id)
    if content is None:
        raise PlanCancelledError
    is_dry = row.options["dry_run"]
    try:
        prepared = _prepared(state, snapshot, row, content, listener)
    except _StoppedError:
        if listener.is_gone:
            raise PlanCancelledError from None
        return Outcome(
            JobStatus.CANCELLED, lambda session: note_status(session, job, JobStatus.CANCELLED)
        )
    except (InvalidImportFileError, InvalidMappingError) as error:
        raise RefusedRequestError([Fault("/file", error.code, str(error))]) from None
    _tell(listener, WRITING, 0, len(prepared.rows.records))
    now, today = state.clock(), snapshot.today
    refused = prepared.rows.refused

    def written(session: Session) -> ImportReport:
        return write(session, job.dataset_id, prepared, now, today)

    if is_dry:
        report = try_out(state.database, written).as_json()
        return Outcome(
            JobStatus.COMPLETE,
            lambda session: import_store.back_to_draft(session, import_id, report, refused),
        )

    def store(session: Session) -> None:
        report = written(session).as_json()
        import_store.end(session, import_id, ImportStatus.COMPLETE, now, report, refused)

    return Outcome(JobStatus.COMPLETE, store)


def _prepared(
    state: AppState, snapshot: Snapshot, row: AccountImport, content: bytes, listener: Listener
) -> Prepared:
    dataset, options = snapshot.dataset, row.options
    table = open_again(content, Reading.from_json(row.reading))
    preset = row.reading["preset"]
    rules = Rules(
        options["system"],
        dataset.country,
        dataset.currency,
        None if preset is None else presets().get(preset),
        options["clear_empty"],
        snapshot.programme,
    )
    return prepare(
        state.database,
        dataset.id,
        table,
        read_mapping(row.mapping, table.columns),
        rules,
        partial(locate, snapshot.world, dataset.country),
        partial(_tell_or_stop, listener),
        options["keeps_swapped"],
    )


def _tell_or_stop(listener: Listener, stage: str, done: int, total: int) -> None:
    if listener.is_cancelled or listener.is_gone:
        raise _StoppedError
    if done % TELL_EVERY == 0 or done == total:
        _tell(listener, stage, done, total)


def _tell(listener: Listener, stage: str, done: int, total: int) -> None:
    start, end = SHARES[stage]
    share = min(1.0, done / total) if total else 1.0
    listener.advance(done, start + share * (end - start))
    listener.tell(step=stage, done=done, total=total)


def _is_dry(session: Session, job: Job) -> bool:
    row = import_store.find(session, job.dataset_id, _import_id(job))
    return bool(row.options.get("dry_run"))


def _import_id(job: Job) -> str:
    assert job.result_id is not None
    return job.result_id
