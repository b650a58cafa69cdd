"""
The tables. `docs/data-model.md` tells their story; a change here needs a migration.

Classes are rows. They declare no relationships: the stores write their joins out, and a row that
has left its session can be read without touching the database again.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from accounts.account import LocationLevel, OpeningHours, Status
from data.column_types import UtcDateTime, WeeklyHours, choice

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name on both databases, so that a migration can drop it."""


class DatasetKind(StrEnum):
    SAMPLE = "sample"
    OWN = "own"


class LocationSource(StrEnum):
    """Who said where an account is. A position set by hand is never replaced by a geocoder's."""

    HAND = "hand"
    IMPORT = "import"
    GEOCODER = "geocoder"
    SAMPLE = "sample"


class OwnershipSource(StrEnum):
    """Who said so: the CRM, a published territory plan, or a person here."""

    CRM = "crm"
    PLAN = "plan"
    HAND = "hand"


class VisitStatus(StrEnum):
    PLANNED = "planned"
    COMMITTED = "committed"
    DONE = "done"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Channel(StrEnum):
    """How an account is touched; `field` and `demo` need a journey."""

    FIELD = "field"
    DEMO = "demo"
    PHONE = "phone"
    VIDEO = "video"
    MAIL = "mail"


class PolicySubject(StrEnum):
    """What managers decide, each with versions of its own."""

    PROGRAMME = "programme"
    TOUCHES = "touches"
    MARKET = "market"
    RESPONSE = "response"


class JobStatus(StrEnum):
    """
    How far a job is, and the route that it makes.

    `complete`: every required visit is in. `infeasible`: one is not, the rest is planned. The last
    four are final.
    """

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    INFEASIBLE = "infeasible"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ImportStatus(StrEnum):
    """
    How far a file of accounts is.

    `draft`: uploaded, and its columns guessed; nothing happens until somebody says so. The last
    three are final.
    """

    DRAFT = "draft"
    QUEUED = "queued"
    RUNNING = "running"
    COMPLETE = "complete"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        OpeningHours: WeeklyHours(),
        Status: choice(Status),
        DatasetKind: choice(DatasetKind),
        LocationLevel: choice(LocationLevel),
        LocationSource: choice(LocationSource),
        OwnershipSource: choice(OwnershipSource),
        VisitStatus: choice(VisitStatus),
        Channel: choice(Channel),
        PolicySubject: choice(PolicySubject),
        JobStatus: choice(JobStatus),
        ImportStatus: choice(ImportStatus),
    }


class DataChange(Base):
    """
    One row that counts the commits which changed accounts or what hangs on them.

    One counter for all data sets, raised as the last statement of a transaction: two writers then
    wait for each other only at their very end and cannot block each other crosswise.
    """

    __tablename__ = "data_change"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(BigInteger)


class Dataset(Base):
    """
    A data set owns its reps, accounts and routes, and its map. At most one is active.

    `created_for` is the day the data was made for: the sample's history ends there. `map_name` is
    the map its routes are planned on; without one, ways are estimated from the air line.
    """

    __tablename__ = "dataset"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[DatasetKind]
    country: Mapped[str] = mapped_column(String(2))
    timezone: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    created_for: Mapped[date]
    seed: Mapped[int | None] = mapped_column(BigInteger)
    map_name: Mapped[str | None] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text, default="")
    is_active: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq_dataset_is_active",
            "is_active",
            unique=True,
            sqlite_where=text("is_active"),
            postgresql_where=text("is_active"),
        ),
        {"sqlite_autoincrement": True},
    )


class Rep(Base):
    """A representative. Working hours are local to the home, like opening hours to a place."""

    __tablename__ = "rep"

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(
        ForeignKey("dataset.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    home_lon: Mapped[float]
    home_lat: Mapped[float]
    home_town: Mapped[str] = mapped_column(String(200))
    working_hours: Mapped[OpeningHours]
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = ({"sqlite_autoincrement": True},)


class RepRef(Base):
    """What another system calls a representative, as the owner of accounts."""

    __tablename__ = "rep_ref"

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"))
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id", ondelete="CASCADE"), index=True)
    system: Mapped[str] = mapped_column(String(50))
    external_id: Mapped[str] = mapped_column(String(200))

    __table_args__ = (Index(None, "dataset_id", "system", "external_id", unique=True),)


class Account(Base):
    """
    A company that may be visited.

    Ids are never given out twice: routes and links outlive a deleted account. A deleted one stays
    as a row with its history until the data set goes; `deleted_at` hides it everywhere.

    The address is as it was given. What the geocoder took it for stands in `location_label`, whose
    words these are in `location_origin`, and the other places it may mean in
    `location_alternatives`. `has_own_duration` and `has_own_interval` say that a person or another
    system gave the duration and the interval, which a new engagement programme then leaves alone.
    `version` counts the changes to the row and what belongs to it, without
    visits and orders.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[Status]
    segment: Mapped[int] = mapped_column(SmallInteger)
    potential_cents: Mapped[int] = mapped_column(BigInteger)
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    location_level: Mapped[LocationLevel | None]
    location_confidence: Mapped[float | None]
    location_source: Mapped[LocationSource | None]
    location_label: Mapped[str] = mapped_column(String(400), default="")
    location_origin: Mapped[str] = mapped_column(String(200), default="")
    location_alternatives: Mapped[list[Any] | None]
    is_location_ambiguous: Mapped[bool] = mapped_column(default=False)
    timezone: Mapped[str] = mapped_column(String(64))
    street: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    town: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    opening_hours: Mapped[OpeningHours] = mapped_column(default=())
    service_duration_s: Mapped[int]
    visit_interval_days: Mapped[float]
    has_own_duration: Mapped[bool] = mapped_column(default=False)
    has_own_interval: Mapped[bool] = mapped_column(default=False)
    crm_owner: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="position_is_whole"),
        CheckConstraint("potential_cents >= 0", name="potential_not_negative"),
        CheckConstraint("service_duration_s >= 0", name="service_duration_not_negative"),
        CheckConstraint("visit_interval_days > 0", name="visit_interval_positive"),
        # Pages and the whole table in the order of ids, without sorting.
        Index(None, "dataset_id", "id"),
        Index(None, "dataset_id", "postcode"),
        Index(None, "dataset_id", "lon", "lat"),
        # What has changed since a moment.
        Index(None, "dataset_id", "updated_at", "id"),
        {"sqlite_autoincrement": True},
    )


class Contact(Base):
    """Somebody who works at an account. The first one by `position` is the main contact."""

    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(50), default="")

    __table_args__ = (Index(None, "account_id", "position", unique=True),)


class DistinctAccounts(Base):
    """Two accounts that look like one, and of which somebody said that they are two."""

    __tablename__ = "distinct_accounts"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    decided_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("account_id < other_id", name="in_order"),)


class ExternalRef(Base):
    """
    What another system calls an account.

    An alias is what it calls one that was merged into this: it leads here, and what the system says
    of it is not what it says of this one.
    """

    __tablename__ = "external_ref"

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    system: Mapped[str] = mapped_column(String(50))
    external_id: Mapped[str] = mapped_column(String(200))
    is_alias: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index(None, "dataset_id", "system", "external_id", unique=True),)


class Ownership(Base):
    """
    Who owned an account when: from `from_date` up to the day before `until_date`.

    Rows are never overwritten. A change of owner closes the open row and adds one.
    """

    __tablename__ = "ownership"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    rep_id: Mapped[int] = mapped_column(ForeignKey("rep.id"), index=True)
    from_date: Mapped[date]
    until_date: Mapped[date | None]
    source: Mapped[OwnershipSource]

    __table_args__ = (
        CheckConstraint("until_date > from_date", name="ends_after_it_starts"),
        Index(None, "account_id", "from_date"),
        Index(
            "uq_ownership_open",
            "account_id",
            unique=True,
            sqlite_where=text("until_date IS NULL"),
            postgresql_where=text("until_date IS NULL"),
        ),
    )


class Visit(Base):
    """
    A visit from plan to outcome; `duration_s` is the time at the account.

    `next_step` is what was agreed there, and `next_step_on` the day it is due.
    """

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("rep.id"))
    status: Mapped[VisitStatus]
    channel: Mapped[Channel] = mapped_column(default=Channel.FIELD)
    start_at: Mapped[datetime]
    duration_s: Mapped[int]
    outcome: Mapped[str | None] = mapped_column(Text)
    next_step: Mapped[str | None] = mapped_column(Text)
    next_step_on: Mapped[date | None]
    system: Mapped[str | None] = mapped_column(String(50))
    external_id: Mapped[str | None] = mapped_column(String(200))
    route_id: Mapped[str | None] = mapped_column(
        ForeignKey("route.id", ondelete="SET NULL"), index=True
    )

    __table_args__ = (
        CheckConstraint("duration_s >= 0", name="duration_not_negative"),
        # With the status, so that the last visit done is found without reading the rows.
        Index(None, "account_id", "status", "start_at", "channel"),
        Index(None, "rep_id", "start_at"),
        Index(None, "external_id", "system", "account_id", unique=True),
    )


class SalesOrder(Base):
    """An order. A credit note is an order with a negative amount."""

    __tablename__ = "sales_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    order_date: Mapped[date]
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    margin_cents: Mapped[int | None] = mapped_column(BigInteger)
    system: Mapped[str | None] = mapped_column(String(50))
    external_id: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        # Covers the sum over the history of all accounts: the rows themselves are not read, which
        # is eight times faster on SQLite.
        Index(None, "account_id", "order_date", "currency", "amount_cents", "margin_cents"),
        Index(None, "external_id", "system", "account_id", unique=True),
    )


class Route(Base):
    """
    A trip. What was asked and answered stands in its revisions.

    The row is there from the moment a trip is asked for; `current_revision` is 0 until there is an
    answer.

    The columns from `first_date` on say what lists need of the newest one, so that they read no
    bodies. `accepted_revision` is the one whose visits are commitments.
    """

    __tablename__ = "route"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"))
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("rep.id"))
    # Named apart, since the table is older than jobs are.
    status: Mapped[JobStatus] = mapped_column(choice(JobStatus, "route_status"))
    label: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    current_revision: Mapped[int]
    first_date: Mapped[date | None]
    last_date: Mapped[date | None]
    visit_count: Mapped[int | None]
    net_value_cents: Mapped[int | None] = mapped_column(BigInteger)
    accepted_revision: Mapped[int | None]

    __table_args__ = (Index(None, "dataset_id", "created_at"), Index(None, "rep_id", "first_date"))


class RouteRevision(Base):
    """
    One answer to one request, never changed but for its bound.

    `bound` holds what has been proven since about the best plan there can be, as the keys of
    `search` in the body that it replaces.
    `unassigned` holds the reasons of every account left out as packed columns, see
    `data/unassigned.py`: a row each would be 24,000 rows a route.
    """

    __tablename__ = "route_revision"

    route_id: Mapped[str] = mapped_column(
        ForeignKey("route.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    created_at: Mapped[datetime]
    request: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]]
    bound: Mapped[dict[str, Any] | None]
    unassigned: Mapped[bytes] = mapped_column(LargeBinary)


class Job(Base):
    """
    Work that a process of its own does.

    The row is the truth: whoever works on the job holds a lease on it, writes progress here, reads
    here that it should stop, and puts the end here. `worker` names one claim and not a process, so
    that a worker whose lease was taken over can no longer write.
    """

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(
        ForeignKey("dataset.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(40))
    # Without a foreign key, since what a job makes depends on its kind.
    result_id: Mapped[str | None] = mapped_column(String(40), index=True)
    params: Mapped[dict[str, Any]]
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.QUEUED)
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    best: Mapped[dict[str, Any] | None]
    problem: Mapped[dict[str, Any] | None]
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(120))
    lease_until: Mapped[datetime | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    # Unfinished jobs are looked for every second, among all that ever were.
    __table_args__ = (Index(None, "status", "created_at"),)


class IdempotencyKey(Base):
    """
    A key that a client sent with a POST, and the answer to it.

    `status` is empty while the request runs; `held_until` is when it is then thought to be lost.
    """

    __tablename__ = "idempotency_key"

    dataset_id: Mapped[int] = mapped_column(
        ForeignKey("dataset.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(index=True)
    held_until: Mapped[datetime]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


class AccountImport(Base):
    """
    A file of accounts on its way in.

    Parameters
    ----------
    content
        The file as it came; nothing once the import has ended.
    reading
        How the file is read: its format, and for text the delimiter and the like.
    mapping
        Which column of the file is which field, as it was guessed or as somebody set it.
    options
        What else was asked: the system, a dry run.
    report
        What came of it: counts, and the first of the rows that were refused.
    refused
        The rows that were refused, as a compressed CSV file to be mended and sent again.
    """

    __tablename__ = "account_import"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"))
    file_name: Mapped[str] = mapped_column(String(200))
    status: Mapped[ImportStatus]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)
    report: Mapped[dict[str, Any] | None]
    refused: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "dataset_id", "created_at"),)


class GeocodeCache(Base):
    """
    What an external geocoder answered to an address, so that it is asked once.

    `answer` is empty where it knew nothing.
    """

    __tablename__ = "geocode_cache"

    provider: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    query: Mapped[dict[str, Any]]
    answer: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


class Policy(Base):
    """
    One version of what managers have decided on a subject; the highest one counts.

    Versions are added and never changed, so that every answer can name the one it came from.
    """

    __tablename__ = "policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"))
    subject: Mapped[PolicySubject]
    version: Mapped[int]
    body: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "dataset_id", "subject", "version", unique=True),)


class ValueModel(Base):
    """
    What was fitted to the history of a data set; the one with the highest version counts.

    `fitted_for` is the last day of the history. `parameters` is what scoring needs; `report` says
    how well the forecasts did.
    """

    __tablename__ = "value_model"

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"))
    version: Mapped[int]
    fitted_for: Mapped[date]
    parameters: Mapped[dict[str, Any]]
    report: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]

    __table_args__ = (Index(None, "dataset_id", "version", unique=True),)


class AccountException(Base):
    """
    What holds for one account instead of its segment's rule, from a day to the day before another.

    What is empty follows the rule. A row that was ended early has the day of that in `until_date`.
    """

    __tablename__ = "account_exception"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str | None] = mapped_column(String(20))
    visit_interval_days: Mapped[float | None]
    service_duration_s: Mapped[int | None]
    is_strategic: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text)
    from_date: Mapped[date]
    until_date: Mapped[date]
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("until_date >= from_date", name="does_not_end_before"),)


class SpecialSituation(Base):
    """
    A reason to visit that the figures do not know: a big open order, a new market.

    It is about one account, or about all of a segment, of a beginning of postcodes, or of both.
    """

    __tablename__ = "special_situation"

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(
        ForeignKey("dataset.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    segment: Mapped[str | None] = mapped_column(String(50))
    postcode_prefix: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    prize_factor: Mapped[float] = mapped_column(default=1.0)
    prize_extra_cents: Mapped[int] = mapped_column(BigInteger, default=0)
    is_must_visit: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text)
    from_date: Mapped[date]
    until_date: Mapped[date]
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("until_date >= from_date", name="does_not_end_before"),)


class PlanningRound(Base):
    """A month for which reps and the model each say what will be sold."""

    __tablename__ = "planning_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("dataset.id", ondelete="CASCADE"))
    month: Mapped[date]
    model_version: Mapped[int | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "dataset_id", "month", unique=True),)


class PlanningFigure(Base):
    """
    What one rep will sell in the month of a round: as the model says, as they say, as was agreed.

    `top_down_cents` is what the model said when the round was opened, and stays.
    """

    __tablename__ = "planning_figure"

    round_id: Mapped[int] = mapped_column(
        ForeignKey("planning_round.id", ondelete="CASCADE"), primary_key=True
    )
    rep_id: Mapped[int] = mapped_column(
        ForeignKey("rep.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    top_down_cents: Mapped[int] = mapped_column(BigInteger)
    bottom_up_cents: Mapped[int | None] = mapped_column(BigInteger)
    bottom_up_note: Mapped[str] = mapped_column(Text, default="")
    agreed_cents: Mapped[int | None] = mapped_column(BigInteger)
    agreed_note: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime]


CONTENT_TABLES = frozenset(
    {
        "rep",
        "rep_ref",
        "account",
        "external_ref",
        "ownership",
        "contact",
        "visit",
        "sales_order",
        "policy",
        "value_model",
        "account_exception",
        "special_situation",
    }
)
"""A commit that changes one of these raises `DataChange.count`."""
