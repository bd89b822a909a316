"""What articles print, each text once, and which texts are reprints of one another."""

import hashlib
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

articles = sa.table(
    "articles",
    sa.column("id", sa.String),
    sa.column("kicker", sa.Text),
    sa.column("headline", sa.Text),
    sa.column("text", sa.Text),
    sa.column("text_id", sa.String),
)
passages = sa.table(
    "passages",
    sa.column("id", sa.String),
    sa.column("article_id", sa.String),
    sa.column("start", sa.Integer),
    sa.column("end", sa.Integer),
    sa.column("entry_id", sa.String),
)
texts = sa.table("texts", sa.column("id", sa.String), sa.column("compared", sa.Boolean))

_TOKEN = re.compile(
    r"(?<![0-9A-Za-z])-?\d+(?:\.\d+)*%?|\d+(?:\.\d+)*%?|[^\W\d_㐀-鿿豈-﫿぀-ヿ가-힣]+|[^\W_]"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def upgrade() -> None:
    """Note which words each article prints; they are compared, and indexed afresh, when it is next opened.

    What the caches hold of articles that are gone is found out by comparing ids.
    """
    op.create_table(
        "texts",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("compared", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_texts_compared", "texts", ["compared"])
    op.create_table(
        "text_bands",
        sa.Column("value", sa.BigInteger(), primary_key=True),
        sa.Column("text", sa.Integer(), sa.ForeignKey("texts.number"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_text_bands_text", "text_bands", ["text"])
    op.create_table(
        "near_texts",
        sa.Column("one", sa.Integer(), sa.ForeignKey("texts.number"), primary_key=True),
        sa.Column("other", sa.Integer(), sa.ForeignKey("texts.number"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_near_texts_other", "near_texts", ["other"])
    op.drop_table("removals")
    op.create_table(
        "removals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("entry_id", sa.String(32), nullable=False),
        sa.Column("vector_id", sa.String(32), nullable=False),
    )
    op.add_column(
        "answer_citations", sa.Column("also", sa.Text(), nullable=False, server_default="[]")
    )
    for name in ("articles.text_id", "passages.entry_id", "passages.own_vector_id"):
        table, _, column = name.partition(".")
        op.add_column(table, sa.Column(column, sa.String(32), nullable=False, server_default=""))
    op.execute("UPDATE passages SET own_vector_id = vector_id, indexed = false")
    _name_words(op.get_bind())
    op.create_index("ix_articles_text_id", "articles", ["text_id"])
    op.create_index("ix_passages_entry_id", "passages", ["entry_id"])
    op.execute(
        "UPDATE passages SET vector_id = (SELECT p.own_vector_id FROM passages p "
        "JOIN articles a ON a.id = p.article_id WHERE p.entry_id = passages.entry_id "
        "ORDER BY substr(a.place, 1, 7) = '3652059', substr(a.place, 1, 7) DESC, a.place, p.start "
        "LIMIT 1)"
    )


def _name_words(connection: sa.Connection) -> None:
    known: set[str] = set()
    for (id_,) in connection.execute(sa.select(articles.c.id)).all():
        article = connection.execute(sa.select(articles).where(articles.c.id == id_)).one()
        found = _tokens(article.text)
        head = f"{article.kicker} {article.headline}" if len(found) < 40 else ""
        text_id = _digest("text", " ".join(_tokens(head)), " ".join(found))
        if text_id not in known:
            connection.execute(sa.insert(texts).values(id=text_id, compared=False))
            known.add(text_id)
        connection.execute(
            sa.update(articles).where(articles.c.id == article.id).values(text_id=text_id)
        )
        of_it = sa.select(passages).where(passages.c.article_id == article.id)
        for passage in connection.execute(of_it).all():
            words = " ".join(_tokens(article.text[passage.start : passage.end]))
            connection.execute(
                sa.update(passages)
                .where(passages.c.id == passage.id)
                .values(entry_id=_digest("entry", text_id, words))
            )


def _tokens(text: str) -> list[str]:
    half = _THOUSANDS.sub("", unicodedata.normalize("NFKC", text)).replace("−", "-")
    return _TOKEN.findall(half.lower())


def _digest(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]
