"""Files of accounts on their way in."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas.base import AnswerModel, DateTime, RequestModel

ImportStatusName = Literal["draft", "queued", "running", "complete", "failed", "cancelled"]

FileName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
PresetName = Annotated[str, StringConstraints(min_length=1, max_length=40)]
SystemName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
ColumnName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
FieldName = Annotated[str, StringConstraints(max_length=40)]
MappingBody = Annotated[
    dict[ColumnName, FieldName],
    Field(max_length=400, description="Field by column; an empty one leaves the column out"),
]


class UploadOptions(RequestModel):
    preset: PresetName | None = Field(
        None, description="Of the system that the file comes from; found out unless given"
    )
    system: SystemName | None = Field(
        None, description="Who calls the accounts by the ids in the file; default: of the preset"
    )
    encoding: Annotated[str, StringConstraints(max_length=20)] | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    sheet: Annotated[str, StringConstraints(max_length=100)] | None = Field(
        None, description="Of a workbook; default: the first that holds something"
    )
    header_row: Annotated[int, Field(ge=1, le=1_000)] | None = Field(
        None, description="The row that names the columns; found out unless given"
    )


class UploadQuery(UploadOptions):
    file_name: FileName | None = Field(None, description="Where the body is the file itself")


class ImportsQuery(RequestModel):
    cursor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")] | None = Field(
        None, description="`next_cursor` of the page before"
    )
    limit: int = Field(20, ge=1, le=100)


class MappingRequest(RequestModel):
    mapping: MappingBody


class RunRequest(RequestModel):
    mapping: MappingBody | None = Field(None, description="Default: that of the draft")
    system: SystemName | None = Field(None, description="Default: that of the draft")
    dry_run: bool = Field(False, description="Say what would happen, and write nothing")
    clear_empty: bool = Field(
        False, description="Whether empty cells clear what is known; otherwise they say nothing"
    )
    ignore: Annotated[tuple[Literal["SWAPPED_COORDINATES"], ...], Field(max_length=1)] = Field(
        (), description="Problems in spite of which it is done"
    )


class FileFormat(AnswerModel):
    kind: Literal["csv", "xlsx", "json"]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] | None = Field(None, description="All that the workbook shows")
    header_row: int = Field(description="0 where no row names the columns")


class ImportColumn(AnswerModel):
    name: str
    examples: tuple[str, ...] = Field(description="Different values, as they stand in the file")
    field: str | None = Field(None, description="What it is taken for; absent: left out")
    guessed_by: Literal["preset", "name", "values", "former"] | None = Field(
        None, description="`former`: as in the last import of these columns; absent: was set"
    )


class ImportProblem(AnswerModel):
    code: str
    detail: str
    severity: Literal["error", "warning"] = Field(description="With an error it cannot be done")
    columns: tuple[str, ...]
    fix: dict[str, str] | None = Field(None, description="A mapping that would settle it")


class ImportPreset(AnswerModel):
    preset: str
    title: str


class ImportField(AnswerModel):
    field: str
    title: str
    needed: bool


class ImportProgress(AnswerModel):
    stage: str
    fraction: float
    done: int = Field(description="In this stage")
    total: int
    elapsed_ms: int


class RowNote(AnswerModel):
    row: int = Field(description="As the spreadsheet numbers it, the header being 1")
    column: str = Field(description="Empty for the row as a whole")
    value: str
    code: str
    detail: str


class ImportReportAnswer(AnswerModel):
    summary: str
    is_dry_run: bool
    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    located: dict[str, int] = Field(
        description="Addresses that were looked for, by the level found, or `not_found`"
    )
    ambiguous: int
    positions_given: int
    errors: tuple[RowNote, ...] = Field(description="The first 200 reasons to refuse rows")
    error_counts: dict[str, int]
    warnings: tuple[RowNote, ...] = Field(description="The first 200, of rows that were taken")
    warning_counts: dict[str, int]
    unknown_owners: dict[str, int] = Field(
        description="Owners that are no representative here, with their accounts; the first 50"
    )
    unknown_owner_count: int
    kept_owners: int = Field(description="Accounts whose owner a published plan says")


class ImportLinks(AnswerModel):
    self: str
    refused: str | None = None


class StoredProblem(AnswerModel):
    code: str
    title: str
    detail: str


class ImportItem(AnswerModel):
    import_id: str
    file_name: str
    status: ImportStatusName
    created_at: DateTime
    finished_at: DateTime | None = None
    row_count: int
    summary: str | None = Field(None, description="Of the report, if there is one")
    links: ImportLinks


class ImportList(AnswerModel):
    items: tuple[ImportItem, ...] = Field(description="Newest first")
    next_cursor: str | None = None


class ImportState(AnswerModel):
    import_id: str
    file_name: str
    status: ImportStatusName
    created_at: DateTime
    finished_at: DateTime | None = None
    format: FileFormat
    row_count: int
    columns: tuple[ImportColumn, ...]
    mapping: dict[str, str]
    preset: str | None = None
    system: str
    problems: tuple[ImportProblem, ...]
    presets: tuple[ImportPreset, ...]
    fields: tuple[ImportField, ...]
    progress: ImportProgress | None = Field(None, description="While it is being done")
    report: ImportReportAnswer | None = Field(None, description="Of a run, also of a dry one")
    problem: StoredProblem | None = Field(None, description="Why the last run failed")
    links: ImportLinks
