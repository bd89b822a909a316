"""Whether the archive still holds all that a file gave."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Take every file for whole: what was taken out before isn't known any more."""
    op.add_column(
        "sources", sa.Column("whole", sa.Boolean(), nullable=False, server_default=sa.true())
    )
