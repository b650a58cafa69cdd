"""A data set names the map that its routes are planned on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dataset", sa.Column("map_name", sa.String(length=100), nullable=True))
    # Until now there was one map, and the samples were made on it.
    op.execute("UPDATE dataset SET map_name = 'german-highways' WHERE kind = 'sample'")


def downgrade() -> None:
    op.drop_column("dataset", "map_name")
