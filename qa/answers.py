"""What a question and its answer are made of: the values that the rest passes on.

Offsets count Unicode code points in an article's text, from 0, end exclusive.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from vectorstore.articles import Source

EXTRACTIVE = "extractive"
"""The writer of answers in the archive's own sentences."""
CATALOGUE = "catalogue"
"""The writer of answers about the archive itself, the one kind without citations."""


class Status(StrEnum):
    """What became of a quoted sentence since it was cited."""

    EXACT = "exact"
    MOVED = "moved"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and what was answered."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a reader asks, in which conversation, of which part of the archive."""

    text: str
    history: tuple[Turn, ...] = ()
    conversation: str | None = None
    since: date | None = None
    until: date | None = None
    publication: str | None = None
    as_of: date | None = None
    """The day from which 去年 and 最近 are counted; today where it is not given."""
    narrowing: bool = True
    """Whether days that the text can't write out (上周) become a filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A stretch of an article that may answer, within one block, 240 characters at most."""

    article_id: str
    start: int
    end: int
    text: str
    probability: float
    """That it answers the question, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class CitedArticle:
    """What a citation says of its article, kept even when the article is gone."""

    id: str
    headline: str
    publication: str | None
    issued: date | None
    date: str | None
    page: str | None
    source: Source
    byline: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A verbatim quote, where it stands, and the words around it to find it again."""

    id: str
    number: int | None = None
    """As marked in the answer; None for a search's hit or a related passage."""
    quote: str
    prefix: str
    suffix: str
    start: int
    end: int
    status: Status = Status.EXACT
    article: CitedArticle
    also: tuple[CitedArticle, ...] = ()
    """Reprints that hold the quote too, those first that came first."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement of an answer and the numbers of its citations."""

    text: str
    citations: tuple[int, ...]
    day: str | None = None
    """In a timeline, the day it is told of, in EDTF; ``text`` begins with it in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What was searched: how many passages there were, and which filters held."""

    passages: int
    since: date | None = None
    until: date | None = None
    publication: str | None = None
    counted: bool = False
    """Whether its days were counted from the question's words (上周), not set by the reader."""


class Verdict(StrEnum):
    """What a reader thinks of an answer."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as it was given. ``text`` is its sentences with their marks."""

    id: str
    conversation: str
    question: str
    standalone_question: str
    answered: bool
    text: str
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    searched: Searched
    related: tuple[Citation, ...] = ()
    writer: str = EXTRACTIVE
    notice: str | None = None
    """Why it is not what it was to be, such as that the chat model didn't answer."""
    timings_ms: dict[str, int] = field(default_factory=dict)
