"""What editors put right in articles, what was read before, and what readers report."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "corrections",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("article_id", sa.String(32), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("field", sa.String(16), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("becomes", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_corrections_article_id", "corrections", ["article_id"])
    op.create_index("ix_corrections_origin", "corrections", ["origin"])
    op.create_table(
        "originals",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("record", sa.Text()),
        sa.Column("kicker", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("byline", sa.Text(), nullable=False),
        sa.Column("correspondents", sa.Text(), nullable=False),
        sa.Column("photographers", sa.Text(), nullable=False),
        sa.Column("publication", sa.Text()),
        sa.Column("issued", sa.Date()),
        sa.Column("date", sa.String(10)),
        sa.Column("page", sa.Text()),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("continued_from", sa.Text()),
        sa.Column("continued_to", sa.Text()),
        sa.Column("jumps", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("doubts", sa.Text(), nullable=False, server_default=""),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("blocks", sa.Text(), nullable=False),
    )
    op.create_index("ix_originals_source_id", "originals", ["source_id"])
    op.create_table(
        "readers_reports",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("article_id", sa.String(32), nullable=False),
        sa.Column("wrong", sa.String(8), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_readers_reports_article_id", "readers_reports", ["article_id"])
