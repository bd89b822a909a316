"""Whose conversations they are and what they are called, and feedback on a single citation."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make room for all three."""
    op.add_column("conversations", sa.Column("reader", sa.String(32)))
    op.add_column("conversations", sa.Column("name", sa.Text()))
    op.create_index("ix_conversations_reader", "conversations", ["reader"])
    op.add_column("feedback", sa.Column("citation_id", sa.String(32)))
