"""Indexes by which an archive is looked through: what is counted of articles, and their issues."""

from alembic import op

revision = "0012"
down_revision = "0010"

_COUNTED = ("page", "kicker", "byline", "jumps")
_INDEXES = {
    "ix_articles_shelf": ["date", "publication", *_COUNTED],
    "ix_articles_shelf_of_paper": ["publication", "date", *_COUNTED],
    "ix_articles_issue": ["issued", "publication", "page"],
    "ix_articles_issue_of_paper": ["publication", "issued", "page"],
}


def upgrade() -> None:
    """Make them; two that were there are the beginnings of others now."""
    for name in ("ix_articles_date", "ix_articles_publication_date"):
        op.drop_index(name, "articles", if_exists=True)
    for name, columns in _INDEXES.items():
        op.create_index(name, "articles", columns, if_not_exists=True)
