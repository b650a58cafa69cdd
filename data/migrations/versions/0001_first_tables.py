"""First tables: data sets with their reps, accounts, visits, orders and routes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    op.create_table(
        "data_change",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_change")),
    )
    op.execute("INSERT INTO data_change (id, count) VALUES (1, 0)")

    op.create_table(
        "dataset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", _choice("dataset_kind", "sample", "own"), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_for", sa.Date(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_dataset_is_active",
        "dataset",
        ["is_active"],
        unique=True,
        sqlite_where=sa.text("is_active"),
        postgresql_where=sa.text("is_active"),
    )

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("status", _choice("status", "prospect", "customer", "inactive"), nullable=False),
        sa.Column("segment", sa.SmallInteger(), nullable=False),
        sa.Column("potential_cents", sa.BigInteger(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column(
            "location_level",
            _choice("location_level", "position", "address", "street", "postcode", "place"),
            nullable=True,
        ),
        sa.Column("location_confidence", sa.Double(), nullable=True),
        sa.Column(
            "location_source",
            _choice("location_source", "hand", "import", "geocoder", "sample"),
            nullable=True,
        ),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("town", sa.String(length=200), nullable=False),
        sa.Column("opening_hours", sa.Text(), nullable=False),
        sa.Column("service_duration_s", sa.Integer(), nullable=False),
        sa.Column("visit_interval_days", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(lon IS NULL) = (lat IS NULL)", name=op.f("ck_account_position_is_whole")
        ),
        sa.CheckConstraint("potential_cents >= 0", name=op.f("ck_account_potential_not_negative")),
        sa.CheckConstraint(
            "service_duration_s >= 0", name=op.f("ck_account_service_duration_not_negative")
        ),
        sa.CheckConstraint(
            "visit_interval_days > 0", name=op.f("ck_account_visit_interval_positive")
        ),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["dataset.id"],
            name=op.f("fk_account_dataset_id_dataset"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_account_dataset_id_id"), "account", ["dataset_id", "id"])
    op.create_index(op.f("ix_account_dataset_id_lon_lat"), "account", ["dataset_id", "lon", "lat"])
    op.create_index(op.f("ix_account_dataset_id_postcode"), "account", ["dataset_id", "postcode"])

    op.create_table(
        "rep",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("home_lon", sa.Double(), nullable=False),
        sa.Column("home_lat", sa.Double(), nullable=False),
        sa.Column("home_town", sa.String(length=200), nullable=False),
        sa.Column("working_hours", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["dataset.id"],
            name=op.f("fk_rep_dataset_id_dataset"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rep")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_rep_dataset_id"), "rep", ["dataset_id"])

    op.create_table(
        "external_ref",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(length=50), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_external_ref_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["dataset.id"],
            name=op.f("fk_external_ref_dataset_id_dataset"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_ref")),
    )
    op.create_index(op.f("ix_external_ref_account_id"), "external_ref", ["account_id"])
    op.create_index(
        op.f("ix_external_ref_dataset_id_system_external_id"),
        "external_ref",
        ["dataset_id", "system", "external_id"],
        unique=True,
    )

    op.create_table(
        "ownership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("until_date", sa.Date(), nullable=True),
        sa.Column("source", _choice("ownership_source", "crm", "plan", "hand"), nullable=False),
        sa.CheckConstraint(
            "until_date > from_date", name=op.f("ck_ownership_ends_after_it_starts")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_ownership_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_ownership_rep_id_rep")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ownership")),
    )
    op.create_index(
        op.f("ix_ownership_account_id_from_date"), "ownership", ["account_id", "from_date"]
    )
    op.create_index(op.f("ix_ownership_rep_id"), "ownership", ["rep_id"])
    op.create_index(
        "uq_ownership_open",
        "ownership",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("until_date IS NULL"),
        postgresql_where=sa.text("until_date IS NULL"),
    )

    op.create_table(
        "route",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            _choice(
                "route_status", "queued", "running", "complete", "infeasible", "failed", "cancelled"
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current_revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["dataset.id"],
            name=op.f("fk_route_dataset_id_dataset"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_route_rep_id_rep")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route")),
    )
    op.create_index(op.f("ix_route_dataset_id_created_at"), "route", ["dataset_id", "created_at"])

    op.create_table(
        "sales_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("order_date", sa.Date(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("margin_cents", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_sales_order_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_order")),
    )
    op.create_index(
        op.f("ix_sales_order_account_id_order_date_currency_amount_cents"),
        "sales_order",
        ["account_id", "order_date", "currency", "amount_cents"],
    )

    op.create_table(
        "route_revision",
        sa.Column("route_id", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("unassigned", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["route_id"],
            ["route.id"],
            name=op.f("fk_route_revision_route_id_route"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("route_id", "revision", name=op.f("pk_route_revision")),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            _choice("visit_status", "planned", "committed", "done", "missed", "cancelled"),
            nullable=False,
        ),
        sa.Column("channel", _choice("channel", "field", "phone", "video", "mail"), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_s", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("route_id", sa.String(length=40), nullable=True),
        sa.CheckConstraint("duration_s >= 0", name=op.f("ck_visit_duration_not_negative")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_visit_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_visit_rep_id_rep")),
        sa.ForeignKeyConstraint(
            ["route_id"], ["route.id"], name=op.f("fk_visit_route_id_route"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(
        op.f("ix_visit_account_id_status_start_at"), "visit", ["account_id", "status", "start_at"]
    )
    op.create_index(op.f("ix_visit_rep_id_start_at"), "visit", ["rep_id", "start_at"])
    op.create_index(op.f("ix_visit_route_id"), "visit", ["route_id"])


def downgrade() -> None:
    op.drop_table("visit")
    op.drop_table("route_revision")
    op.drop_table("sales_order")
    op.drop_table("route")
    op.drop_table("ownership")
    op.drop_table("external_ref")
    op.drop_table("rep")
    op.drop_table("account")
    op.drop_table("dataset")
    op.drop_table("data_change")
