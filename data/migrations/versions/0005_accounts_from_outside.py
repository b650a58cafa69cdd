"""Accounts that come from files and other systems, with what is known of where they are."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LEVELS = ("position", "address", "street", "postcode", "place")
MORE_LEVELS = ("position", "address", "interpolated", "street", "postcode", "place")
IMPORT_STATUSES = ("draft", "queued", "running", "complete", "failed", "cancelled")

TEXTS = (
    ("location_label", sa.String(length=400)),
    ("location_origin", sa.String(length=200)),
    ("street", sa.String(length=200)),
    ("country", sa.String(length=2)),
    ("notes", sa.Text()),
    ("crm_owner", sa.String(length=200)),
)


def upgrade() -> None:
    _rebuild_accounts(LEVELS, MORE_LEVELS)
    for name, kind in TEXTS:
        column: sa.Column[Any] = sa.Column(name, kind, nullable=False, server_default="")
        op.add_column("account", column)
    op.add_column("account", sa.Column("location_alternatives", sa.JSON(), nullable=True))
    op.add_column(
        "account",
        sa.Column("is_location_ambiguous", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("account", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("account", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    _index("account", "dataset_id", "updated_at", "id")
    op.add_column(
        "external_ref",
        sa.Column("is_alias", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    for table in ("visit", "sales_order"):
        op.add_column(table, sa.Column("system", sa.String(length=50), nullable=True))
        op.add_column(table, sa.Column("external_id", sa.String(length=200), nullable=True))
        _index(table, "external_id", "system", "account_id", unique=True)
    _create_tables()


def downgrade() -> None:
    for table in (
        "geocode_cache",
        "account_import",
        "distinct_accounts",
        "contact",
        "rep_ref",
    ):
        op.drop_table(table)
    for table in ("sales_order", "visit"):
        op.drop_index(op.f(f"ix_{table}_external_id_system_account_id"), table_name=table)
        op.drop_column(table, "external_id")
        op.drop_column(table, "system")
    op.drop_column("external_ref", "is_alias")
    op.drop_index(op.f("ix_account_dataset_id_updated_at_id"), table_name="account")
    columns = ("deleted_at", "version", "is_location_ambiguous", "location_alternatives")
    for name in (*columns, *(name for name, _ in reversed(TEXTS))):
        op.drop_column("account", name)
    # Known less exactly than by the house itself, and better than by the street.
    op.execute("UPDATE account SET location_level = 'street' WHERE location_level = 'interpolated'")
    _rebuild_accounts(MORE_LEVELS, LEVELS)


def _rebuild_accounts(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """
    Allow other levels.

    SQLite makes the table anew for that, and forgets the highest id that was ever given out.
    """
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    highest = None
    if is_sqlite:
        highest = connection.scalar(
            sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'account'")
        )
    with op.batch_alter_table(
        "account",
        table_kwargs={"sqlite_autoincrement": True},
    ) as batch:
        batch.drop_constraint(_check("location_level"), type_="check")
        batch.create_check_constraint(_check("location_level"), _one_of("location_level", new))
    if highest is not None:
        connection.execute(
            sa.text("UPDATE sqlite_sequence SET seq = :seq WHERE name = 'account'"),
            {"seq": highest},
        )


def _check(name: str) -> str:
    return op.f(f"ck_account_{name}")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _index(table: str, *columns: str, unique: bool = False) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns, unique=unique)


def _create_tables() -> None:
    _create(
        "rep_ref",
        sa.Column("id", sa.Integer(), nullable=False),
        _pointer("rep_ref", "dataset"),
        _pointer("rep_ref", "rep"),
        sa.Column("system", sa.String(length=50), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
    )
    _index("rep_ref", "dataset_id", "system", "external_id", unique=True)
    _index("rep_ref", "rep_id")
    _create(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        _pointer("contact", "account"),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=False),
    )
    _index("contact", "account_id", "position", unique=True)
    _create(
        "distinct_accounts",
        _pointer("distinct_accounts", "account"),
        _pointer("distinct_accounts", "account", "other_id"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("account_id < other_id", name=op.f("ck_distinct_accounts_in_order")),
        key=("account_id", "other_id"),
    )
    _index("distinct_accounts", "other_id")
    status = sa.Enum(
        *IMPORT_STATUSES, name="import_status", native_enum=False, create_constraint=True, length=20
    )
    _create(
        "account_import",
        sa.Column("id", sa.String(length=40), nullable=False),
        _pointer("account_import", "dataset"),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("status", status, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("refused", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
    )
    _index("account_import", "dataset_id", "created_at")
    _create(
        "geocode_cache",
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        key=("provider", "key"),
    )
    _index("geocode_cache", "created_at")


def _create(table: str, *columns: Any, key: tuple[str, ...] = ("id",)) -> None:
    op.create_table(table, *columns, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")))


def _pointer(table: str, parent: str, name: str = "") -> sa.Column[Any]:
    name = name or f"{parent}_id"
    key = sa.ForeignKey(
        f"{parent}.id", name=op.f(f"fk_{table}_{name}_{parent}"), ondelete="CASCADE"
    )
    return sa.Column(name, sa.Integer(), key, nullable=False)
