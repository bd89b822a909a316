"""What a newspaper is made of: the values that every other module passes on.

Offsets count Unicode code points, from 0, end exclusive.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block of an article's text is."""

    BYLINE = "byline"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CAPTION = "caption"
    CREDIT = "credit"


class Doubt(StrEnum):
    """Why an article may not be what its page printed, as it is told."""

    NO_HEADLINE = "it has no headline"
    NO_TEXT = "nothing stands below its headline"
    SHORT = "it has hardly any text"
    BEGINS = "it begins in mid-sentence"
    ENDS = "it ends in mid-sentence"
    TORN = "a paragraph within it breaks off"
    EDGE = "whether a line of it opens another article was a close call"
    HALF = "the page that it jumps to or comes from is not in the archive"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of an article's text; blocks are parted by one newline and cover it all."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Jump:
    """Where an article's text goes on on another page."""

    start: int
    """Of the first character that stands there."""
    page: str | None
    """As printed."""


@dataclass(frozen=True, slots=True)
class Box:
    """A line of an article where it stands, in shares of its page's width and height."""

    start: int | None
    """Of its characters in the article's text; None for a line of the headline."""
    end: int | None
    x: float
    """From the left."""
    y: float
    """From the top."""
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a file as it can be shown."""

    place: int
    """Which of the file's pages it is, from 1."""
    width: int
    """In any unit, as its height is."""
    height: int
    image: str | None = None
    """The name of its image; None where none is kept."""


@dataclass(frozen=True, slots=True)
class Region:
    """The lines of an article that stand on one page, in reading order."""

    leaf: Leaf
    boxes: tuple[Box, ...]
    page: str | None = None
    """The page's number as printed."""

    def between(self, start: int, end: int) -> "Region":
        """The lines alone that hold some of the text from ``start`` to ``end``."""
        held = (
            box
            for box in self.boxes
            if box.start is not None and box.end is not None and box.start < end and start < box.end
        )
        return replace(self, boxes=tuple(held))


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article was read from."""

    file: str
    """Relative to what was given: the name of a file, or its place in a folder."""
    sha256: str
    """Of the file's bytes, in hexadecimal."""
    record: str | None = None
    """The article's own id within a file of records."""


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """The day of a page that prints it without the year."""

    month_day: str
    """As in ``07-15``."""
    weekday: int | None = None
    """The day of the week printed beside it, from Monday, which is 0."""

    def fits(self, day: date) -> bool:
        """Whether it may be this day."""
        same_weekday = self.weekday is None or self.weekday == day.weekday()
        return day.isoformat()[5:] == self.month_day and same_weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The text of one newspaper page, and what is known of it from outside."""

    text: str
    source: Source
    publication: str | None = None
    issued: date | None = None
    number: str | None = None
    """As printed: ``03``, ``A2``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as the paper printed it, torn columns and jumps mended."""

    id: str
    kicker: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    correspondents: tuple[str, ...] = ()
    photographers: tuple[str, ...] = ()
    publication: str | None = None
    issued: date | None = None
    date: str | None = None
    """The day told of, in EDTF (ISO 8601-2): ``2022-07-14``, or ``XXXX-07-14`` without a year."""
    page: str | None = None
    position: int = 1
    """Which article of its page it is, from 1 in reading order."""
    continued_from: str | None = None
    continued_to: str | None = None
    jumps: tuple[Jump, ...] = ()
    """To which pages it goes on, as far as these are in the archive."""
    doubts: tuple[Doubt, ...] = ()
    text: str
    blocks: tuple[Block, ...]
    source: Source
    regions: tuple[Region, ...] = ()
    """Where it was printed, as it is read; the catalogue tells that by itself."""

    @property
    def parts(self) -> list[tuple[BlockKind, str]]:
        """Its blocks with their words, as ``join`` takes them."""
        return [(each.kind, self.text[each.start : each.end]) for each in self.blocks]

    @property
    def title(self) -> str:
        """The headline on one line; the kicker's, or the first words, where there is none."""
        return " ".join(self.headline or self.kicker) or self.text[:24]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one article, small enough to be precise: what is embedded and found."""

    id: str
    article_id: str
    start: int
    end: int
    heading: str
    """Headline and date, embedded before the text so that it is found by them too."""
    text: str

    @property
    def embedded(self) -> str:
        """What the model reads."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text

    @property
    def vector_id(self) -> str:
        """The same for every passage that reads the same, its heading with it."""
        return digest(self.embedded)


def digest(*parts: object) -> str:
    """A URL-safe name of 128 bits for these parts: the same parts have the same name."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]


def article_id(source: Source, position: int, sheet: int = 1) -> str:
    """Name an article by its content and place: the same file gives the same ids anywhere.

    ``sheet`` counts the pages of its file, from 1.
    """
    place = (source.record or position,) if sheet == 1 else (sheet, position)
    return digest("article", source.sha256, *place)


def join(blocks: Sequence[tuple[BlockKind, str]]) -> tuple[str, tuple[Block, ...]]:
    r"""Lay blocks out as an article's text, and tell where each of them stands in it.

    >>> join([(BlockKind.HEADING, "城东区"), (BlockKind.PARAGRAPH, "今天有雨。")])[0]
    '城东区\n今天有雨。'
    """
    placed, start = [], 0
    for kind, text in blocks:
        placed.append(Block(kind, start, start + len(text)))
        start += len(text) + 1
    return "\n".join(text for _, text in blocks), tuple(placed)
