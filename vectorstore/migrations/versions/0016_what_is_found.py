"""The vectors of what the full text finds stand in an index, so that no passage is read for them."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Put the vector beside the entry."""
    op.create_index("ix_passages_found", "passages", ["entry_id", "vector_id"])
    op.drop_index("ix_passages_entry_id", "passages")
