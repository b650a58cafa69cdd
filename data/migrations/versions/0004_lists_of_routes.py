"""What lists need of a route without reading its answer, and which revision was accepted."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("first_date", sa.Date()),
    ("last_date", sa.Date()),
    ("visit_count", sa.Integer()),
    ("net_value_cents", sa.BigInteger()),
    ("accepted_revision", sa.Integer()),
)


def upgrade() -> None:
    for name, kind in COLUMNS:
        op.add_column("route", sa.Column(name, kind, nullable=True))
    op.create_index(op.f("ix_route_rep_id_first_date"), "route", ["rep_id", "first_date"])
    _tell_what_is_stored()


def downgrade() -> None:
    op.drop_index(op.f("ix_route_rep_id_first_date"), table_name="route")
    for name, _ in reversed(COLUMNS):
        op.drop_column("route", name)


def _tell_what_is_stored() -> None:
    connection = op.get_bind()
    route = sa.table(
        "route",
        sa.column("id", sa.String()),
        sa.column("current_revision", sa.Integer()),
        *(sa.column(name, kind) for name, kind in COLUMNS),
    )
    answered = sa.table(
        "route_revision",
        sa.column("route_id", sa.String()),
        sa.column("revision", sa.Integer()),
        sa.column("body", sa.JSON()),
    )
    keys = connection.execute(sa.select(route.c.id, route.c.current_revision)).all()
    # One by one, since a body may be long.
    for route_id, number in keys:
        body = connection.execute(
            sa.select(answered.c.body).where(
                answered.c.route_id == route_id, answered.c.revision == number
            )
        ).scalar_one_or_none()
        if not body or not body.get("days"):
            continue
        totals = body.get("totals", {})
        net_value = totals.get("net_value")
        connection.execute(
            sa.update(route)
            .where(route.c.id == route_id)
            .values(
                first_date=date.fromisoformat(body["days"][0]["date"]),
                last_date=date.fromisoformat(body["days"][-1]["date"]),
                visit_count=totals.get("visits"),
                net_value_cents=None if net_value is None else round(100 * net_value),
            )
        )
