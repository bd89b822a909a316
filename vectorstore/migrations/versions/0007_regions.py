"""Where articles stand on their pages, and the images of these."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_PAGES = ("pdf", "png", "jpg", "jpeg", "tif", "tiff", "jp2", "webp", "xml", "gz")


def upgrade() -> None:
    """Make the tables; files that may tell where lines stand are read again when they are offered."""
    op.create_table(
        "leaves",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source_id", sa.Integer(), sa.ForeignKey("sources.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("image", sa.String(64)),
    )
    op.create_index("ix_leaves_source_id", "leaves", ["source_id"])
    op.create_index("ix_leaves_image", "leaves", ["image"])
    op.create_table(
        "regions",
        sa.Column("article_id", sa.String(32), primary_key=True),
        sa.Column("leaf_id", sa.Integer(), sa.ForeignKey("leaves.id"), primary_key=True),
        sa.Column("boxes", sa.Text(), nullable=False),
    )
    op.create_index("ix_regions_leaf_id", "regions", ["leaf_id"])
    sources = sa.table("sources", sa.column("file", sa.Text()), sa.column("whole", sa.Boolean()))
    named = sa.or_(*(sa.func.lower(sources.c.file).like(f"%.{end}") for end in _PAGES))
    op.execute(sources.update().where(named).values(whole=False))
