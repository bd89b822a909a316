"""The first tables: what newspapers hold, and what was answered from them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "citations",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("article_id", sa.String(32), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_citations_article_id", "citations", ["article_id"])
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.create_table(
        "removals",
        sa.Column("passage_id", sa.String(32), primary_key=True),
        sa.Column("vector_id", sa.String(32), nullable=False),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("origin", sa.Text(), nullable=False, unique=True),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_sources_sha256", "sources", ["sha256"])
    op.create_table(
        "answers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("standalone_question", sa.Text(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sentences", sa.Text(), nullable=False),
        sa.Column("searched", sa.Text(), nullable=False),
        sa.Column("writer", sa.Text(), nullable=False),
        sa.Column("timings_ms", sa.Text(), nullable=False),
    )
    op.create_index("ix_answers_conversation_id", "answers", ["conversation_id"])
    op.create_table(
        "articles",
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
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("blocks", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False, unique=True),
    )
    op.create_index("ix_articles_date", "articles", ["date"])
    op.create_index("ix_articles_publication_date", "articles", ["publication", "date"])
    op.create_index("ix_articles_source_id", "articles", ["source_id"])
    op.create_table(
        "answer_citations",
        sa.Column("answer_id", sa.String(32), sa.ForeignKey("answers.id"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("citation_id", sa.String(32), sa.ForeignKey("citations.id"), nullable=False),
        sa.Column("number", sa.Integer()),
    )
    op.create_index("ix_answer_citations_citation_id", "answer_citations", ["citation_id"])
    op.create_table(
        "passages",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("article_id", sa.String(32), sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("vector_id", sa.String(32), nullable=False),
        sa.Column("indexed", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_passages_article_id", "passages", ["article_id"])
    op.create_index("ix_passages_indexed", "passages", ["indexed"])
    op.create_index("ix_passages_vector_id", "passages", ["vector_id"])


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("passages")
    op.drop_table("answer_citations")
    op.drop_table("articles")
    op.drop_table("answers")
    op.drop_table("sources")
    op.drop_table("removals")
    op.drop_table("facts")
    op.drop_table("conversations")
    op.drop_table("citations")
