"""Which accounts are meant: filters of lists, of the map and of selections."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from api.schemas.base import (
    LINE,
    AnswerModel,
    Id,
    Latitude,
    Longitude,
    Money,
    Position,
    RequestModel,
    Text,
)

StatusName = Literal["prospect", "customer", "inactive"]
DueName = Literal["green", "yellow", "red"]
IssueFilterName = Literal[
    "LOCATION_MISSING",
    "GEOCODE_TOO_COARSE",
    "GEOCODE_AMBIGUOUS",
    "UNREACHABLE_BY_ROAD",
    "any",
    "none",
]
CellName = Literal["raise_frequency", "reactivate_acquire", "keep", "telesales"]
NOBODY = "none"
"""As an owner: accounts that nobody owns. As an issue: positions with which nothing is wrong."""


def split(value: object) -> object:
    """A list in a query is one text, in a body an array."""
    if isinstance(value, str):
        return tuple(value.split(","))
    return tuple(value) if isinstance(value, list) else value


Box = Annotated[
    tuple[Longitude, Latitude, Longitude, Latitude],
    BeforeValidator(split),
    Field(description="west,south,east,north in degrees"),
]
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,1000}$")]


Names = Annotated[tuple[Text, ...], BeforeValidator(split), Field(min_length=1, max_length=50)]
Ids = Annotated[tuple[Id, ...], BeforeValidator(split), Field(min_length=1, max_length=50)]
Statuses = Annotated[
    tuple[StatusName, ...], BeforeValidator(split), Field(min_length=1, max_length=50)
]
DueNames = Annotated[
    tuple[DueName, ...], BeforeValidator(split), Field(min_length=1, max_length=50)
]
Issues = Annotated[
    tuple[IssueFilterName, ...],
    BeforeValidator(split),
    Field(min_length=1, max_length=50),
]
Cells = Annotated[tuple[CellName, ...], BeforeValidator(split), Field(min_length=1, max_length=50)]
PostcodePrefix = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20), LINE
]


class AccountFilter(RequestModel):
    """All that is given must be true of an account."""

    q: Text | None = Field(None, description="Beginnings of words of name, town and postcode")
    bbox: Box | None = None
    segment: Names | None = Field(None, description="Names of segments")
    status: Statuses | None = None
    due: DueNames | None = None
    owner: Ids | None = Field(None, description="Ids of reps; `none` for accounts that nobody owns")
    territory: Id | None = Field(
        None,
        description="Id of a rep: accounts that a published territory plan gives to them, or all "
        "that they own while no plan does",
    )
    issue: Issues | None = Field(
        None, description="What is wrong with the position; `any`, or `none` for nothing"
    )
    min_potential: Money | None = Field(None, description="Smallest potential a year")
    postcode_prefix: PostcodePrefix | None = Field(
        None, description="A region: accounts whose postcode begins so"
    )
    cell: Cells | None = Field(None, description="Cells of the matrix of potential and visit value")
    cell_potential: Money | None = Field(
        None, description="With `cell`: from where potential is high; default as in GET /matrix"
    )
    cell_visit_value: Money | None = Field(
        None, description="With `cell`: from where a visit's value is high"
    )


SortName = Literal[
    "id",
    "-id",
    "name",
    "-name",
    "potential",
    "-potential",
    "prize",
    "-prize",
    "due",
    "-due",
    "visit_value",
    "-visit_value",
    "customer_value",
    "-customer_value",
    "churn_risk",
    "-churn_risk",
    "growth",
    "-growth",
]


Outline = Annotated[
    tuple[float, ...],
    BeforeValidator(split),
    Field(
        min_length=6,
        max_length=400,
        description="Only accounts within this outline: lon,lat,lon,lat,… of at least 3 corners",
    ),
]


class AccountsQuery(AccountFilter):
    polygon: Outline | None = None
    sort: SortName | None = Field(
        None,
        description="`id` and `name` ascending, all others highest first; - reverses. Default: the "
        "best matches for `q` first, and without `q` by id",
    )
    cursor: Cursor | None = Field(None, description="`next_cursor` of the page before")
    limit: int = Field(100, ge=1, le=1000)


Ring = Annotated[tuple[Position, ...], Field(min_length=4, max_length=10_000)]


class Polygon(RequestModel):
    """A Polygon of GeoJSON (RFC 7946). Lines that cross themselves are no fault."""

    type: Literal["Polygon"]
    coordinates: Annotated[tuple[Ring, ...], Field(min_length=1, max_length=100)]


class SelectionRequest(AccountFilter):
    polygon: Polygon | None = Field(None, description="Only accounts within; the edge counts")


class OwnerCount(AnswerModel):
    owner_id: str | None = Field(None, description="Absent: nobody")
    owner: str | None = None
    count: int
    potential: float


class Selection(AnswerModel):
    count: int
    potential: float
    visit_value: float
    overdue: int = Field(description="Of them, how many are `red`")
    by_segment: dict[str, int]
    by_due: dict[DueName, int]
    by_owner: tuple[OwnerCount, ...] = Field(description="Most accounts first")
    account_ids: tuple[str, ...] = Field(description="Ascending, at most 5000")
    truncated: bool = Field(description="Whether there are more than `account_ids` names")
