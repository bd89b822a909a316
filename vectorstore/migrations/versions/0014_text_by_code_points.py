"""Text compared by its code points in PostgreSQL too, however long it is."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_SHELF = {
    "ix_articles_shelf": ("date", "btree"),
    "ix_articles_shelf_of_paper": ("publication", "hash"),
    "ix_articles_issue": ("issued", "btree"),
}
"""By what articles are looked through there, where an index has room for a third of a page."""


def upgrade() -> None:
    """Let no language's order, and no length of ours, come between SQLite and PostgreSQL."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    for index in (*_SHELF, "ix_articles_issue_of_paper"):
        op.drop_index(index, "articles")
    columns = connection.execute(
        sa.text(
            "SELECT table_name, string_agg(format("
            "'ALTER COLUMN %I TYPE text COLLATE \"C\"', column_name), ', ') "
            "FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND data_type IN ('text', 'character varying') AND table_name <> 'alembic_version' "
            "GROUP BY table_name"
        )
    )
    for table, changes in columns.all():
        op.execute(f'ALTER TABLE "{table}" {changes}')
    for index, (column, using) in _SHELF.items():
        op.create_index(index, "articles", [column], postgresql_using=using)
