"""The halves of articles that jump, the day that each page prints, what is doubtful, what is unread."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

COPIED = (
    "id source_id record kicker headline byline correspondents photographers publication issued "
    "date page position continued_from continued_to text blocks"
).split()


def upgrade() -> None:
    """Note the halves that the archive has: they find each other when their issue is read next."""
    op.create_table(
        "halves",
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
        sa.Column("part_of", sa.String(32), nullable=False),
    )
    op.create_index("ix_halves_source_id", "halves", ["source_id"])
    op.create_index("ix_halves_part_of", "halves", ["part_of"])
    op.create_index("ix_halves_publication_issued", "halves", ["publication", "issued"])
    names = ", ".join(COPIED)
    op.execute(
        f"INSERT INTO halves ({names}, part_of) SELECT {names}, id FROM articles "  # noqa: S608
        "WHERE continued_from IS NOT NULL OR continued_to IS NOT NULL"
    )
    op.create_table(
        "unread",
        sa.Column("origin", sa.Text(), primary_key=True),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("articles", sa.Column("jumps", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("articles", sa.Column("doubts", sa.Text(), nullable=False, server_default=""))
    op.add_column("sources", sa.Column("publication", sa.Text()))
    op.add_column("sources", sa.Column("issued", sa.Date()))
    op.add_column("sources", sa.Column("month_day", sa.String(5)))
    op.add_column("sources", sa.Column("weekday", sa.Integer()))
    op.create_index("ix_sources_month_day", "sources", ["month_day"])
    for name in ("publication", "issued"):
        op.execute(
            f"UPDATE sources SET {name} = (SELECT min({name}) FROM articles "  # noqa: S608
            "WHERE articles.source_id = sources.id)"
        )
    op.execute("UPDATE sources SET month_day = substr(CAST(issued AS TEXT), 6)")
