"""Corrections: what an editor puts right in an article, and how it is put right again.

A correction says which field it is of, what was read there, and what stands there instead; of the
text a stretch of it, with the words around it. So it can be applied to whatever the article's file
gives later, and where other words were read by then, it is seen not to fit.

Lists of lines and names are written as text, one a line, and what isn't known as no text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from enum import StrEnum

from vectorstore.articles import Article, Block, BlockKind, Doubt, Jump, Region
from vectorstore.assembling import issued_on
from vectorstore.doubts import doubts
from vectorstore.selection import YEAR_UNKNOWN

AROUND = 16
"""Characters kept on either side of a corrected stretch of text, to find it again."""
FEWEST_AROUND = 6
"""Of these, how many must be the same, at a single place, where not all are."""
LONGEST = 500
"""Characters that a correction may take away or put in at one place."""
NEAR = 3
"""Characters between two changed places that are one correction."""

_COMPARED = 4_000_000
"""Pairs of characters beyond which two texts aren't compared one by one."""
_MOST_LINES = 20
_DAY = re.compile(rf"(?:\d{{4}}|{YEAR_UNKNOWN})-\d\d-\d\d")


class Field(StrEnum):
    """What of an article can be put right."""

    KICKER = "kicker"
    HEADLINE = "headline"
    BYLINE = "byline"
    CORRESPONDENTS = "correspondents"
    PHOTOGRAPHERS = "photographers"
    PUBLICATION = "publication"
    ISSUED = "issued"
    DATE = "date"
    PAGE = "page"
    TEXT = "text"


LISTED = frozenset(
    {Field.KICKER, Field.HEADLINE, Field.BYLINE, Field.CORRESPONDENTS, Field.PHOTOGRAPHERS}
)
"""Those that hold lines or names."""


class Misfit(ValueError):
    """A correction can't be applied; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is put right, without who does so."""

    field: Field
    was: str
    becomes: str
    start: int = 0
    """Of the stretch in the article's text as it was when the correction was made."""
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A change as it is kept."""

    number: int
    article_id: str
    change: Change
    who: str
    why: str
    made_at: datetime
    applied: bool
    """Whether the article as it is shown has it; if not, other words were read since."""


class Wrong(StrEnum):
    """What a reader says is wrong with an article."""

    BREAK = "break"
    NAME = "name"
    DATE = "date"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader reported of an article. Nobody has looked at its words."""

    number: int
    article_id: str
    wrong: Wrong
    comment: str
    told_at: datetime


def value(article: Article, field: Field) -> str:
    """What stands in a field, as text."""
    held = getattr(article, field)
    if field in LISTED:
        return "\n".join(held)
    return "" if held is None else str(held)


def setting(article: Article, field: Field, becomes: str) -> Change | None:
    """The change that puts this into a field that is not the text; None where it stands there.

    Raises ``Misfit`` for what the field can't hold.
    """
    becomes = _checked(field, becomes)
    was = value(article, field)
    return None if was == becomes else Change(field, was, becomes)


def replacing(article: Article, was: str, becomes: str, start: int | None = None) -> Change:
    """The change of one stretch of the text, found by its words where ``start`` isn't given.

    A newline parts paragraphs. Raises ``Misfit`` where the words don't stand there, stand in
    several places, or what comes out is no text.
    """
    text = article.text
    if start is None:
        start = text.find(was)
        if not was or start < 0:
            raise Misfit("the text doesn't hold these words; copy them as they stand")
        if text.find(was, start + 1) >= 0:
            raise Misfit("the text holds these words more than once; say where they start")
    change = _stretch(text, start, start + len(was), becomes)
    if change.was != was:
        raise Misfit("other words stand there; read the article again")
    applied(article, change)
    return change


def rewriting(article: Article, text: str) -> list[Change]:
    """The changes, in order, that make an article's text this one; each is of few characters.

    Each counts on those before it. Raises ``Misfit``.
    """
    made, at = list[Change](), article
    for start, end, becomes in _differences(article.text, text):
        moved = len(at.text) - len(article.text)
        change = _stretch(at.text, start + moved, end + moved, becomes)
        at = applied(at, change)
        made.append(change)
    return made


def applied(article: Article, change: Change) -> Article:
    """The article with a change, which it may have already. Raises ``Misfit``."""
    fixed = (
        _text_changed(article, change) if change.field is Field.TEXT else _changed(article, change)
    )
    still = doubts(fixed, on_edge=Doubt.EDGE in article.doubts)
    return replace(fixed, doubts=tuple(each for each in article.doubts if each in still))


def following(regions: Iterable[Region], old: str, new: str) -> list[Region]:
    """Regions of a text that was corrected, their boxes counted in what it is now."""
    moves = list(_differences(old, new))

    def now(at: int, *, is_end: bool) -> int:
        step = 0
        for start, end, becomes in moves:
            if at <= start:
                break
            if at < end:
                return start + step + (len(becomes) if is_end else 0)
            step += len(becomes) - (end - start)
        return at + step

    return [
        replace(
            region,
            boxes=tuple(
                box
                if box.start is None or box.end is None
                else replace(box, start=now(box.start, is_end=False), end=now(box.end, is_end=True))
                for box in region.boxes
            ),
        )
        for region in regions
    ]


def _changed(article: Article, change: Change) -> Article:
    held = value(article, change.field)
    if held == change.becomes:
        return article
    if held != change.was:
        raise Misfit(f"the {change.field} was read anew as {held!r}")
    if change.field in LISTED:
        lines = tuple(change.becomes.split("\n")) if change.becomes else ()
        return replace(article, **{str(change.field): lines})  # type: ignore[arg-type]
    if change.field is Field.ISSUED:
        return _issued(article, date.fromisoformat(change.becomes) if change.becomes else None)
    return replace(article, **{str(change.field): change.becomes or None})  # type: ignore[arg-type]


def _issued(article: Article, issued: date | None) -> Article:
    """The day of issue put right; the day told of follows it, unless that was put right itself."""
    counted = issued_on(article, article.issued).date
    told = issued_on(article, issued)
    return told if article.date == counted else replace(told, date=article.date)


def _text_changed(article: Article, change: Change) -> Article:
    start, has_it = _place(article.text, change)
    if has_it:
        return article
    end, step = start + len(change.was), len(change.becomes) - len(change.was)
    text = article.text[:start] + change.becomes + article.text[end:]
    lines = text.split("\n")
    if any(not line.strip() for line in lines):
        raise Misfit("a paragraph would be empty; take its line break out too")
    blocks, at = list[Block](), 0
    for line in lines:
        before = at if at <= start else max(start, at - step)
        blocks.append(Block(_kind_at(article, before), at, at + len(line)))
        at += len(line) + 1
    jumps = tuple(
        Jump(jump.start + step if jump.start >= end else min(jump.start, start), jump.page)
        for jump in article.jumps
    )
    return replace(article, text=text, blocks=tuple(blocks), jumps=jumps)


def _kind_at(article: Article, at: int) -> BlockKind:
    """What the block is that holds a place; the newline behind a block is its own."""
    held = (block.kind for block in article.blocks if at <= block.end)
    return next(held, BlockKind.PARAGRAPH)


def _place(text: str, change: Change) -> tuple[int, bool]:
    """Where a change belongs, and whether it was made there already.

    That is where the words around it are the same, nearest to where they stood; or else at the one
    place where the nearest few of them are. Raises ``Misfit`` where there is none.
    """
    for around in (AROUND, FEWEST_AROUND):
        for words in (change.was, change.becomes):
            places = _places(text, change, words, around)
            if len(places) == 1 or (places and around == AROUND):
                place = min(places, key=lambda at: abs(at - change.start))
                return place, words != change.was
    raise Misfit("its words don't stand in the text as it was read anew")


def _places(text: str, change: Change, words: str, around: int) -> list[int]:
    prefix = change.prefix[-around:]
    whole = re.escape(prefix + words + change.suffix[:around])
    return [match.start() + len(prefix) for match in re.finditer(f"(?={whole})", text)]


def _stretch(text: str, start: int, end: int, becomes: str) -> Change:
    was = text[start:end]
    if max(len(was), len(becomes)) > LONGEST:
        raise Misfit(
            f"more than {LONGEST} characters would change at one place; "
            "take the article out and add the right file instead"
        )
    if bad := next((each for each in becomes if not _is_printed(each)), None):
        raise Misfit(f"take out the character U+{ord(bad):04X}, which can't be printed")
    around = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Change(Field.TEXT, was, becomes, start, *around)


def _is_printed(character: str) -> bool:
    return character == "\n" or unicodedata.category(character) not in ("Cc", "Cs")


def _differences(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """Which stretches of one text stand for which words of another, in order."""
    first = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    one, other = old[first : len(old) - last], new[first : len(new) - last]
    if len(one) * len(other) > _COMPARED:
        yield first, first + len(one), other
        return
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    held: tuple[int, int, int, int] | None = None
    for tag, *span in matcher.get_opcodes():
        if tag == "equal":
            continue
        start, end, begins, ends = span
        if held and start - held[1] <= NEAR:
            held = held[0], end, held[2], ends
            continue
        if held:
            yield first + held[0], first + held[1], other[held[2] : held[3]]
        held = start, end, begins, ends
    if held:
        yield first + held[0], first + held[1], other[held[2] : held[3]]


def _checked(field: Field, told: str) -> str:
    """What a field is to hold, tidied. Raises ``Misfit``."""
    lines = [line.strip() for line in told.replace("\r\n", "\n").strip().split("\n")]
    if bad := next((each for line in lines for each in line if not _is_printed(each)), None):
        raise Misfit(f"take out the character U+{ord(bad):04X}, which can't be printed")
    if len(told) > LONGEST or len(lines) > _MOST_LINES:
        raise Misfit(f"write at most {LONGEST} characters and {_MOST_LINES} lines")
    if field in LISTED:
        return "\n".join(filter(None, lines))
    if len(lines) > 1:
        raise Misfit("write it on one line")
    (line,) = lines
    if line and field is Field.ISSUED:
        _expect_day(line, line)
    if line and field is Field.DATE:
        _expect_day(line, line.replace(YEAR_UNKNOWN, "2000"))  # a leap year has every day
    return line


def _expect_day(told: str, day: str) -> None:
    try:
        if not _DAY.fullmatch(told):
            raise ValueError(told)
        date.fromisoformat(day)
    except ValueError as error:
        raise Misfit("write a day that there is, like 2024-05-17") from error
