"""Texts are compared by other hash functions: those compared before are compared again."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Forget what was compared; whoever indexes does it again, and finds the same reprints."""
    op.execute("DELETE FROM near_texts")
    op.execute("DELETE FROM text_bands")
    op.execute("UPDATE texts SET compared = false")
