"""The catalogue's tables, and how what is no plain value is written into their columns."""

import json
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    true,
)

from vectorstore.articles import (
    Block,
    BlockKind,
    Box,
    Jump,
)

metadata = MetaData()


class Lines(TypeDecorator[tuple[str, ...]]):
    """Names or headline lines in one column, each on a line of its own."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:  # noqa: ANN401
        """Lay the lines out, a newline before, between and after, so that each can be matched."""
        return "".join(f"\n{line}" for line in value) + "\n" if value else ""

    def process_result_value(self, value: Any, dialect: Any) -> tuple[str, ...]:  # noqa: ANN401
        """Read them back."""
        return tuple(value.strip("\n").split("\n")) if value else ()


class Blocks(TypeDecorator[tuple[Block, ...]]):
    """An article's blocks as JSON: ``[["paragraph", 0, 42], …]``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str:  # noqa: ANN401
        """Write kind and offsets."""
        return json.dumps([[block.kind, block.start, block.end] for block in value])

    def process_result_value(self, value: Any, dialect: Any) -> tuple[Block, ...]:  # noqa: ANN401
        """Read them back."""
        return tuple(Block(BlockKind(kind), start, end) for kind, start, end in json.loads(value))


class Jumps(TypeDecorator[tuple[Jump, ...]]):
    """An article's jumps as JSON: ``[[128, "03"], …]``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str:  # noqa: ANN401
        """Write offset and page."""
        return json.dumps([[jump.start, jump.page] for jump in value], ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Any) -> tuple[Jump, ...]:  # noqa: ANN401
        """Read them back."""
        return tuple(Jump(start, page) for start, page in json.loads(value))


class Boxes(TypeDecorator[tuple[Box, ...]]):
    """Boxes as JSON, in ten thousandths of the page: ``[[0, 20, 531, 1658, 1911, 113], …]``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str:  # noqa: ANN401
        """Write offsets and sides."""
        told = [
            (box.start, box.end, *(round(side * 10_000) for side in _sides(box))) for box in value
        ]
        return json.dumps(told, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Any) -> tuple[Box, ...]:  # noqa: ANN401
        """Read them back."""
        return tuple(
            Box(start, end, *(side / 10_000 for side in sides))
            for start, end, *sides in json.loads(value)
        )


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height


sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", Text, nullable=False, unique=True),  # a path on this machine: never shown
    Column("file", Text, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("given", Text, nullable=False),  # what was said of it from outside, as JSON
    Column("read_at", DateTime(timezone=True), nullable=False),
    Column("whole", Boolean, nullable=False, server_default=true()),
    Column("publication", Text),
    Column("issued", Date),  # of all its articles, found in the file or told from outside
    Column("month_day", String(5), index=True),  # of the page, also where the year isn't known
    Column("weekday", Integer),
)


def _of_an_article() -> list[Column[Any]]:
    """What is kept of an article, whether it stands by itself or is half of one."""
    return [
        Column("id", String(32), primary_key=True),
        Column("source_id", ForeignKey("sources.id"), nullable=False, index=True),
        Column("record", Text),
        Column("kicker", Lines, nullable=False),
        Column("headline", Lines, nullable=False),
        Column("byline", Lines, nullable=False),
        Column("correspondents", Lines, nullable=False),
        Column("photographers", Lines, nullable=False),
        Column("publication", Text),
        Column("issued", Date),
        Column("date", String(10)),
        Column("page", Text),
        Column("position", Integer, nullable=False),
        Column("continued_from", Text),
        Column("continued_to", Text),
        Column("jumps", Jumps, nullable=False, server_default="[]"),
        Column("doubts", Lines, nullable=False, server_default=""),
        Column("text", Text, nullable=False),
        Column("blocks", Blocks, nullable=False),
    ]


_COUNTED = ("page", "kicker", "byline", "jumps")
articles = Table(
    "articles",
    metadata,
    *_of_an_article(),
    Column("place", Text, nullable=False, unique=True),  # sorts newest first, then by page
    Column("text_id", String(32), nullable=False, index=True),  # same words, same id
    # With all that is counted of an article, so that no text need be read for it.
    Index("ix_articles_shelf", "date", "publication", *_COUNTED),
    Index("ix_articles_shelf_of_paper", "publication", "date", *_COUNTED),
    Index("ix_articles_issue", "issued", "publication", "page"),
    Index("ix_articles_issue_of_paper", "publication", "issued", "page"),
)
halves = Table(  # the articles that jump, marked or not, as their pages print them
    "halves",
    metadata,
    *_of_an_article(),
    # The article that they make; a half that stands alone makes its own.
    Column("part_of", String(32), nullable=False, index=True),
    Index("ix_halves_publication_issued", "publication", "issued"),
)
originals = Table("originals", metadata, *_of_an_article())  # corrected articles, as they were read
corrections = Table(
    "corrections",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("article_id", String(32), nullable=False, index=True),  # may be gone by now
    Column("origin", Text, nullable=False, index=True),  # of its file: never shown
    Column("field", String(16), nullable=False),
    Column("was", Text, nullable=False),
    Column("becomes", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("suffix", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("applied", Boolean, nullable=False),  # to what is shown
)
readers_reports = Table(
    "readers_reports",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("article_id", String(32), nullable=False, index=True),
    Column("wrong", String(8), nullable=False),
    Column("comment", Text, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
)
passages = Table(
    "passages",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("heading", Text, nullable=False),
    Column("entry_id", String(32), nullable=False),  # in the full text
    Column("own_vector_id", String(32), nullable=False),  # if no other article printed it before
    Column("vector_id", String(32), nullable=False, index=True),
    Column("indexed", Boolean, nullable=False, index=True),
    Index("ix_passages_found", "entry_id", "vector_id"),  # all that a search asks of most it finds
)
leaves = Table(  # the pages of files of which it is known where lines stand
    "leaves",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("image", String(64), index=True),
)
regions = Table(  # where articles stand on them, those that jump as their pages print them
    "regions",
    metadata,
    Column("article_id", String(32), primary_key=True),
    Column("leaf_id", ForeignKey("leaves.id"), primary_key=True, index=True),
    Column("boxes", Boxes, nullable=False),
)
texts = Table(  # what the articles print, each once
    "texts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("compared", Boolean, nullable=False, index=True),  # with all that were before it
)
text_bands = Table(  # texts that share one of these numbers are worth comparing
    "text_bands",
    metadata,
    Column("value", BigInteger, primary_key=True),
    Column("text", ForeignKey("texts.number"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
near_texts = Table(  # texts that are reprints of one another, each pair both ways
    "near_texts",
    metadata,
    Column("one", ForeignKey("texts.number"), primary_key=True),
    Column("other", ForeignKey("texts.number"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
removals = Table(  # what the caches hold of passages that are gone or have another vector now
    "removals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("entry_id", String(32), nullable=False),
    Column("vector_id", String(32), nullable=False),
)
unread = Table(  # files that gave no article, until they do
    "unread",
    metadata,
    Column("origin", Text, primary_key=True),  # never shown
    Column("file", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("tried_at", DateTime(timezone=True), nullable=False),
)
facts = Table(
    "facts",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
