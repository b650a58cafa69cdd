"""What managers decide, what was fitted, exceptions, special situations and planning rounds."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHANNELS = ("field", "phone", "video", "mail")
MORE_CHANNELS = ("field", "demo", "phone", "video", "mail")
SUBJECTS = ("programme", "touches", "market", "response")
VISIT_COLUMNS = ("account_id", "status", "start_at")
ORDER_COLUMNS = ("account_id", "order_date", "currency", "amount_cents")
SEGMENT_RULES = ((365, 1800), (150, 1800), (75, 2400), (42, 2700), (28, 4500), (14, 5400))
"""Days between visits and seconds of one that accounts of each segment started with so far."""


def upgrade() -> None:
    _allow_channels(MORE_CHANNELS)
    op.add_column("visit", sa.Column("next_step", sa.Text(), nullable=True))
    op.add_column("visit", sa.Column("next_step_on", sa.Date(), nullable=True))
    _add_own_columns()
    _drop_index("visit", *VISIT_COLUMNS)
    _index("visit", *VISIT_COLUMNS, "channel")
    _drop_index("sales_order", *ORDER_COLUMNS)
    _index("sales_order", *ORDER_COLUMNS, "margin_cents")
    _create_versions()
    _create_exceptions()
    _create_rounds()


def downgrade() -> None:
    for table in (
        "planning_figure",
        "planning_round",
        "special_situation",
        "account_exception",
        "value_model",
        "policy",
    ):
        op.drop_table(table)
    _drop_index("sales_order", *ORDER_COLUMNS, "margin_cents")
    _index("sales_order", *ORDER_COLUMNS)
    _drop_index("visit", *VISIT_COLUMNS, "channel")
    _index("visit", *VISIT_COLUMNS)
    op.drop_column("account", "has_own_interval")
    op.drop_column("account", "has_own_duration")
    op.drop_column("visit", "next_step_on")
    op.drop_column("visit", "next_step")
    op.execute("UPDATE visit SET channel = 'field' WHERE channel = 'demo'")
    _allow_channels(CHANNELS)


def _allow_channels(channels: tuple[str, ...]) -> None:
    name = op.f("ck_visit_channel")
    with op.batch_alter_table("visit") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, f"channel IN ({', '.join(map(repr, channels))})")


def _add_own_columns() -> None:
    """Whoever said so far what a segment does not start with has said it for good."""
    for name, column, part in (
        ("has_own_duration", "service_duration_s", 1),
        ("has_own_interval", "visit_interval_days", 0),
    ):
        op.add_column(
            "account", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
        account = sa.table("account", *map(sa.column, (name, column, "segment", "dataset_id")))
        dataset = sa.table("dataset", sa.column("id"), sa.column("kind"))
        rule_of = {k: rule[part] for k, rule in enumerate(SEGMENT_RULES)}
        op.execute(
            sa.update(account)
            .where(
                account.c[column] != sa.case(rule_of, value=account.c.segment),
                account.c.dataset_id.in_(sa.select(dataset.c.id).where(dataset.c.kind == "own")),
            )
            .values({name: sa.true()})
        )


def _create_versions() -> None:
    subject = sa.Enum(
        *SUBJECTS, name="policy_subject", native_enum=False, create_constraint=True, length=20
    )
    _create(
        "policy",
        sa.Column("id", sa.Integer(), nullable=False),
        _pointer("policy", "dataset"),
        sa.Column("subject", subject, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("created_at"),
    )
    _index("policy", "dataset_id", "subject", "version", unique=True)
    _create(
        "value_model",
        sa.Column("id", sa.Integer(), nullable=False),
        _pointer("value_model", "dataset"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fitted_for", sa.Date(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        _moment("created_at"),
    )
    _index("value_model", "dataset_id", "version", unique=True)


def _create_exceptions() -> None:
    _create(
        "account_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        _pointer("account_exception", "account"),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("visit_interval_days", sa.Double(), nullable=True),
        sa.Column("service_duration_s", sa.Integer(), nullable=True),
        sa.Column("is_strategic", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("until_date", sa.Date(), nullable=False),
        _moment("created_at"),
        _ends_late("account_exception"),
    )
    _index("account_exception", "account_id")
    _create(
        "special_situation",
        sa.Column("id", sa.Integer(), nullable=False),
        _pointer("special_situation", "dataset"),
        _pointer("special_situation", "account", nullable=True),
        sa.Column("segment", sa.String(length=50), nullable=True),
        sa.Column("postcode_prefix", sa.String(length=20), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("prize_factor", sa.Double(), nullable=False),
        sa.Column("prize_extra_cents", sa.BigInteger(), nullable=False),
        sa.Column("is_must_visit", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("until_date", sa.Date(), nullable=False),
        _moment("created_at"),
        _ends_late("special_situation"),
    )
    _index("special_situation", "dataset_id")
    _index("special_situation", "account_id")


def _create_rounds() -> None:
    _create(
        "planning_round",
        sa.Column("id", sa.Integer(), nullable=False),
        _pointer("planning_round", "dataset"),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("model_version", sa.Integer(), nullable=True),
        _moment("created_at"),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
    )
    _index("planning_round", "dataset_id", "month", unique=True)
    _create(
        "planning_figure",
        _pointer("planning_figure", "planning_round", "round_id"),
        _pointer("planning_figure", "rep"),
        sa.Column("top_down_cents", sa.BigInteger(), nullable=False),
        sa.Column("bottom_up_cents", sa.BigInteger(), nullable=True),
        sa.Column("bottom_up_note", sa.Text(), nullable=False),
        sa.Column("agreed_cents", sa.BigInteger(), nullable=True),
        sa.Column("agreed_note", sa.Text(), nullable=False),
        _moment("updated_at"),
        key=("round_id", "rep_id"),
    )
    _index("planning_figure", "rep_id")


def _ends_late(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        "until_date >= from_date", name=op.f(f"ck_{table}_does_not_end_before")
    )


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns, unique=unique)


def _drop_index(table: str, *columns: str) -> None:
    op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table_name=table)


def _create(table: str, *columns: Any, key: tuple[str, ...] = ("id",)) -> None:
    op.create_table(table, *columns, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")))


def _pointer(table: str, parent: str, name: str = "", *, nullable: bool = False) -> sa.Column[Any]:
    name = name or f"{parent}_id"
    key = sa.ForeignKey(
        f"{parent}.id", name=op.f(f"fk_{table}_{name}_{parent}"), ondelete="CASCADE"
    )
    return sa.Column(name, sa.Integer(), key, nullable=nullable)
