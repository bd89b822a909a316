"""Bytes to articles: what form a file has, what it holds, and which articles that makes."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from importlib import import_module
from types import MappingProxyType

from vectorstore.articles import Article, Leaf, Page, PrintedDay, Source, article_id, digest
from vectorstore.assembling import articles, is_stacked, record, whole
from vectorstore.bounded import PARSERS
from vectorstore.forms import Issue, Item, Keep, Part, Placed, Refused, Sheet, Unreadable
from vectorstore.forms.packed import gunzipped, is_gzip
from vectorstore.forms.registry import form_of
from vectorstore.forms.text import cleaned, decoded
from vectorstore.jumps import joined
from vectorstore.layout import layout, masthead
from vectorstore.pieces import Role
from vectorstore.placing import placed

__all__ = ["Kind", "Reading", "Unreadable", "cleaned", "decoded", "fingerprint", "read"]

LONGEST_PAGE = 500_000
"""Characters of one page's or article's text: fifty full pages, which take about two minutes."""


class Kind(StrEnum):
    """What a text file holds."""

    AUTO = "auto"
    PAGE = "page"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave."""

    articles: tuple[Article, ...]
    refused: tuple[str, ...] = ()
    """One sentence for each part of it, such as a record, that was left out."""
    printed: PrintedDay | None = None
    """The day of a page that doesn't say the year, where it isn't known from elsewhere."""


def read(
    data: bytes,
    file: str,
    *,
    kind: Kind = Kind.AUTO,
    publication: str | None = None,
    issued: date | None = None,
    number: str | None = None,
    likely: date | None = None,
    beside: Mapping[str, bytes] = MappingProxyType({}),
    keep: Keep | None = None,
) -> Reading:
    """Read a file's articles; ``file`` is its name as citations show it.

    What is given of publication, day and page number counts before what the file says itself; of
    a file of several pages each has a number of its own. ``likely`` is the day of an issue that
    doesn't say it for all its pages. ``beside`` are the files that it names, by these names.
    ``keep`` takes the images of its pages.

    Raises Unreadable where there is nothing to read.
    """
    source = Source(file, fingerprint(data, beside))
    parts = _parsed(data, file, beside, keep)
    issue = next((part for part in parts if isinstance(part, Issue)), Issue())
    given = Page(
        text="",
        source=source,
        publication=publication or issue.publication,
        issued=issued or issue.issued or likely,
        number=number,
    )
    pages = [
        _printed_lines(sheet, count)
        for count, sheet in enumerate((part for part in parts if isinstance(part, Sheet)), 1)
    ]
    if kind is Kind.ARTICLE:
        parts = _joined(parts)
    found: dict[str, Article] = {}
    refused: list[str] = []
    items = sheets = 0
    single = sum(isinstance(part, Sheet) for part in parts) == 1
    for part in parts:
        match part:
            case Refused(reason):
                refused.append(reason)
            case Item():
                if part.pieces and len(part.text) > LONGEST_PAGE:
                    refused.append(f"an article has more than {LONGEST_PAGE:,} characters")
                    continue
                article = _whole(part, given, items + 1)
                if article.id in found and part.id is not None:
                    refused.append(f"{part.place}: 'id' {part.id!r} was given before")
                    continue
                items += 1
                _keep(article, found)
            case Sheet():
                sheets += 1
                if len(part.text) > LONGEST_PAGE:
                    refused.append(
                        f"page {sheets}: it has more than {LONGEST_PAGE:,} characters; "
                        "part it into one file a page"
                    )
                    continue
                printed = _sheet(part, given, kind, None if single else sheets)
                for article in placed(printed, pages if single else [pages[sheets - 1]]):
                    _keep(article, found)
    if not found:
        raise Unreadable(
            f"it holds no article ({refused[0]})"
            if refused
            else "it holds no article, only single lines; give a page with its text"
        )
    return Reading(tuple(found.values()), tuple(refused), _printed(parts, found.values()))


def fingerprint(data: bytes, beside: Mapping[str, bytes] = MappingProxyType({})) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal; where files beside it count too, of a list.

    Each of its lines holds a file's own SHA-256; those beside it come by name, and have it behind.
    """
    own = hashlib.sha256(data).hexdigest()
    if not beside:
        return own
    lines = [f"{hashlib.sha256(beside[name]).hexdigest()}  {name}" for name in sorted(beside)]
    return hashlib.sha256("\n".join([own, *lines]).encode(errors="surrogatepass")).hexdigest()


def _parsed(data: bytes, name: str, beside: Mapping[str, bytes], keep: Keep | None) -> list[Part]:
    """What a file holds, by the parser of its form."""
    if is_gzip(data):
        data, name = gunzipped(data), name.removesuffix(".gz")
    form = form_of(data, name)
    if form.bounds:
        wanted = keep if form.has_images else None
        return PARSERS.parse(form.module, data, name, form.bounds, beside=beside, keep=wanted)
    parsed: Iterable[Part] = import_module(f"vectorstore.forms.{form.module}").parse(data, name)
    return list(parsed)


def _printed(parts: Iterable[Part], found: Iterable[Article]) -> PrintedDay | None:
    """The day that a page prints without the year, where nothing else dates its articles."""
    if any(article.issued for article in found):
        return None
    mastheads = (masthead(layout(cleaned(part.text))) for part in parts if isinstance(part, Sheet))
    return next((told.day for told in mastheads if told.day), None)


def _joined(parts: list[Part]) -> list[Part]:
    """All pages as one, for a file that is said to be one article."""
    sheets = [part for part in parts if isinstance(part, Sheet)]
    if len(sheets) < 2:
        return parts
    one = replace(sheets[0], text="\n\n".join(sheet.text for sheet in sheets))
    return [one, *(part for part in parts if not isinstance(part, Sheet))]


def _keep(article: Article, found: dict[str, Article]) -> None:
    while article.id in found:  # an article without an id whose place is another one's id
        article = replace(article, id=digest(article.id, "again"))
    found[article.id] = article


def _printed_lines(sheet: Sheet, count: int) -> tuple[Leaf, Sequence[Placed]]:
    """A page and its lines; ``count`` tells which one it is, unless it says so itself."""
    return Leaf(sheet.place or count, sheet.width, sheet.height, sheet.image), sheet.lines


def _whole(item: Item, given: Page, position: int) -> Article:
    """The article that a file gives by itself, with what other pages print of it."""
    article = _item(item, given, position)
    if item.rest:
        rest = (_item(each, given, position) for each in item.rest)
        article = replace(joined([article, *rest]), doubts=())
    pages = [_printed_lines(each.sheet, 1) for each in (item, *item.rest) if each.sheet]
    if not pages:
        return article
    printed = replace(article, kicker=(), headline=()) if item.labelled else article
    return replace(article, regions=next(placed([printed], pages)).regions)


def _item(item: Item, given: Page, position: int) -> Article:
    """What one page prints of it; ``given`` is what was said of the file."""
    page = replace(
        given,
        text=cleaned(item.text),
        source=replace(given.source, record=item.id),
        publication=given.publication or item.publication,
        issued=item.issued or given.issued,
        number=given.number or item.number,
    )
    article = record(page, item.titles, item.heads, item.captions, pieces=item.pieces)
    return replace(
        article,
        byline=article.byline or item.byline,
        position=position,
        id=article_id(page.source, position),
    )


def _sheet(sheet: Sheet, given: Page, kind: Kind, place: int | None) -> tuple[Article, ...]:
    """A page's articles; none of a page without text. ``place`` counts a file's several pages."""
    page = replace(
        given,
        text=cleaned(sheet.text),
        publication=given.publication or sheet.publication,
        issued=given.issued or sheet.issued,
        number=(given.number if place is None else None) or sheet.number,
    )
    found = _articles(page, kind)
    if not any(article.text for article in found):
        return ()
    if place is None or place == 1:
        return found
    return tuple(
        replace(article, id=article_id(page.source, article.position, place)) for article in found
    )


def _articles(page: Page, kind: Kind) -> tuple[Article, ...]:
    if kind is Kind.ARTICLE or (kind is Kind.AUTO and not _is_page(page.text)):
        return whole(page)
    return articles(page)


def _is_page(text: str) -> bool:
    """Whether a text bears a newspaper's marks, or has many headlines.

    Marks are leads, bylines, captions, jumps, furniture.
    """
    marks = {Role.LEAD, Role.BYLINE, Role.CAPTION, Role.JUMP_FROM, Role.JUMP_TO, Role.FURNITURE}
    pieces = layout(text)
    return any(piece.role in marks for piece in pieces) or is_stacked(pieces)
