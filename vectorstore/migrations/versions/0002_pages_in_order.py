"""Pages in the order of their numbers: A2 before A10, and no page last."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

articles = sa.table(
    "articles",
    sa.column("id", sa.String),
    sa.column("page", sa.Text),
    sa.column("position", sa.Integer),
    sa.column("place", sa.Text),
)


def upgrade() -> None:
    """Spell the place of each article afresh; its age stands first in it and stays."""
    connection = op.get_bind()
    for id_, page, position, place in connection.execute(sa.select(articles)).all():
        age = place.partition("/")[0]
        connection.execute(
            sa.update(articles)
            .where(articles.c.id == id_)
            .values(place=f"{age}/{_counted(page)}/{position:06d}/{id_}")
        )


def _counted(page: str | None) -> str:
    if page is None:
        return "\uffff"
    section = re.sub(r"[0-9]{1,6}$", "", page)
    return f"{section.strip().upper()}{page[len(section) :].rjust(6, '0')}"
