"""Run by Alembic: applies migrations on the connection that `data.database` hands over."""

from typing import Any, Literal

from alembic import context

from data.column_types import UtcDateTime, WeeklyHours
from data.tables import Base


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Name our own types by what the database stores, since migrations outlive the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, WeeklyHours):
        return "sa.Text()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=render_item,
    # SQLite cannot alter a column in place; batches rebuild the table instead.
    render_as_batch=True,
    # The caller has begun one transaction around all migrations, on SQLite too.
    transactional_ddl=True,
)
context.run_migrations()
