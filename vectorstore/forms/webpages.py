"""Web pages: the article in them, without the site around it."""

import codecs
import json
import re
from collections.abc import Iterator
from configparser import ConfigParser
from copy import deepcopy
from datetime import date

import trafilatura
from lxml import etree, html
from trafilatura.settings import DEFAULT_CONFIG

from vectorstore.forms import Item, Unreadable
from vectorstore.forms.columns import day, line, names
from vectorstore.forms.outline import Line, item, row, told
from vectorstore.forms.text import decoded

_HEADINGS = {f"h{rank}": rank for rank in range(1, 7)}
_BLOCKS = frozenset(
    "p div section article main header figure figcaption blockquote quote pre code ul ol dl li dt dd"
    " list item table tbody thead tfoot row tr cell td th caption hr br lb head body html form center"
    " address details summary h1 h2 h3 h4 h5 h6".split()
)
_ROWS, _CELLS = frozenset({"row", "tr"}), frozenset({"cell", "td", "th"})
_LINKS = frozenset({"a", "ref"})
_MENU = 0.6
"""The share of a line's letters in links from which on it is a menu or a list of other articles."""
_ENDS = '。!?\uff01\uff1f.…”"'
_FOOT = re.compile(r"版权所有|版權所有|未经授权|ICP备|©|(?i:^copyright\b|all rights reserved)")
_NEVER = ("script", "style", "noscript", "template", "svg", "iframe", "object", "select", "button")
_AROUND = ("nav", "header", "footer", "aside", "title")
_TITLES = ("og:title", "dc.title", "citation_title", "title")
_SITES = ("og:site_name", "dc.publisher", "citation_journal_title")
_WRITERS = ("author", "byl", "dc.creator", "citation_author", "article:author")
_DAYS = (
    "article:published_time datepublished publishdate pubdate publish_time dc.date"
    " dc.date.issued citation_date citation_publication_date date"
).split()
_CODINGS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "iso-8859-1": "cp1252",
}
"""What is meant by the names of codings, where that is more than they say."""
_CHARSET = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?([\w-]+)""", re.I)


def parse(data: bytes, name: str) -> list[Item]:
    """The one article of a web page.

    Raises Unreadable for a page without text.
    """
    text = letters(data)
    tree = _tree(text)
    meta = _meta(tree)
    title = _first(meta, _TITLES) or _headline(tree)
    known = Item(
        text="",
        titles=(title,) if title else (),
        issued=_day(meta, tree),
        publication=_first(meta, _SITES),
        byline=names(
            re.sub(r"^(?:[Bb]y\s+|记者\s*|作者\s*[:：]\s*)", "", value)
            for value in _all(meta, _WRITERS)
            if "://" not in value
        ),
    )
    within = lines(tree, around=True)
    body = within and (_article(text) or within)
    while body and _FOOT.search(body[-1].text):
        body.pop()
    found = item(body, known)
    if found is None:
        raise Unreadable("it is a web page without an article; save the article's own page")
    return [found]


def lines(tree: html.HtmlElement, *, around: bool = False) -> list[Line]:
    """The lines of HTML: paragraphs, headings, a table's rows.

    ``around`` leaves out what stands around an article: menus, a site's head and foot.
    """
    tree = deepcopy(tree)
    etree.strip_elements(tree, *_NEVER, *(_AROUND if around else ()), with_tail=False)
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction, etree.Entity)
    return list(_walk(tree, around=around))


def fragment(text: str) -> list[Line]:
    """The lines of a piece of HTML, such as an entry of a feed."""
    return lines(_tree(f"<div>{text}</div>"))


def _walk(tree: etree._Element, *, around: bool) -> Iterator[Line]:
    rows: list[list[list[Line]]] = []
    kept: list[str] = []
    rank: int | None = None
    linked = 0

    def keep(found: Line) -> Iterator[Line]:
        """Into the cell at hand, or out."""
        if rows and rows[-1]:
            rows[-1][-1].append(found)
        else:
            yield found

    def flush() -> Iterator[Line]:
        nonlocal linked
        found = told("".join(kept), rank)
        kept.clear()
        in_links, linked = linked, 0
        if found is None:
            return
        unfinished = rank is None and found.text[-1] not in '。!?!?.…”"'
        if not (around and unfinished and in_links > _MENU * len(found.text)):
            yield from keep(found)

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _BLOCKS:
            yield from flush()
        if event == "start":
            if tag in _ROWS:
                rows.append([])
            elif tag in _CELLS and rows:
                rows[-1].append([])
            elif tag in _HEADINGS:
                rank = _HEADINGS[tag]
            elif tag == "head":  # a heading's name where an article was taken out of its page
                rank = _HEADINGS.get(element.get("rend", ""), 2)
            kept.append(element.text or "")
            if tag in _LINKS:
                linked += len("".join("".join(element.itertext()).split()))
        else:
            if tag in _ROWS and rows:
                for each in row(rows.pop()):
                    yield from keep(each)
            elif tag in _HEADINGS or tag == "head":
                rank = None
            if element is not tree:
                kept.append(element.tail or "")
    yield from flush()


def _article(text: str) -> list[Line]:
    """The lines of a page's main text; none where it can't be told from the rest."""
    found = trafilatura.bare_extraction(
        text,
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        include_links=True,
        with_metadata=False,
        config=_CONFIG,
    )
    body = getattr(found, "body", None)
    return list(_walk(body, around=True)) if body is not None else []


def _config() -> ConfigParser:
    """Settings of the extraction: Chinese says in 60 characters what it counts on 250 for."""
    config = deepcopy(DEFAULT_CONFIG)
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "60")
    return config


_CONFIG = _config()


def letters(data: bytes) -> str:
    """The text of HTML or XML in the coding that it names, if it is in that one.

    A few broken bytes are left out, which pages often have.
    """
    named = _CHARSET.search(data[:2048])
    coding = named[1].decode().lower() if named else "utf-8"
    coding = _CODINGS.get(coding, coding)
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decoded(data)
    try:
        return data.decode(coding)
    except UnicodeDecodeError as error:
        try:
            return decoded(data)  # it may be in another
        except Unreadable:
            text = data.decode(coding, errors="replace")
            if text.count("\ufffd") * 100 < len(text):
                return text.replace("\ufffd", "")
            raise Unreadable(
                "its letters aren't in the coding that it names; save it again"
            ) from error
    except LookupError:
        return decoded(data)


def _tree(text: str) -> html.HtmlElement:
    """A page as a tree. What an XML declaration says of the coding no longer holds."""
    parser = html.HTMLParser(no_network=True, encoding="utf-8", recover=True, huge_tree=False)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        return html.document_fromstring(text.encode(errors="replace"), parser=parser)
    except etree.LxmlError as error:
        raise Unreadable("it is a web page with nothing in it; save it again") from error


def _meta(tree: html.HtmlElement) -> dict[str, list[str]]:
    """What a page says of itself, by name."""
    found: dict[str, list[str]] = {}
    for each in tree.iter("meta"):
        name = each.get("property") or each.get("name") or each.get("itemprop") or ""
        if value := line(each.get("content")):
            found.setdefault(name.lower(), []).append(value)
    for each in tree.iter("script"):
        if each.get("type") == "application/ld+json":
            for name, value in _linked(each.text or ""):
                found.setdefault(name, []).append(value)
    return found


def _linked(text: str) -> Iterator[tuple[str, str]]:
    """The day and the site of a page's linked data."""
    try:
        told_ = json.loads(text)
    except (ValueError, RecursionError):
        return
    for each in told_ if isinstance(told_, list) else [told_]:
        if not isinstance(each, dict):
            continue
        if isinstance(value := each.get("datePublished"), str):
            yield "datepublished", value
        if isinstance(value := each.get("headline"), str):
            yield "title", value
        publisher = each.get("publisher")
        if isinstance(publisher, dict) and isinstance(value := publisher.get("name"), str):
            yield "dc.publisher", value


def _first(meta: dict[str, list[str]], wanted: tuple[str, ...]) -> str | None:
    return line(next(iter(_all(meta, wanted)), None))


def _all(meta: dict[str, list[str]], wanted: tuple[str, ...] | list[str]) -> list[str]:
    return [value for name in wanted for value in meta.get(name, ())]


def _headline(tree: html.HtmlElement) -> str | None:
    """The one heading of the first rank, or the page's title without the site's name."""
    highest = list(tree.iter("h1"))
    if len(highest) == 1 and (told_ := line(highest[0].text_content())):
        return told_
    for each in tree.iter("title"):
        return line(re.split(r"[_|]| [-–—] |-(?=[^-]*[报報网網刊]$)", each.text_content())[0])
    return None


def _day(meta: dict[str, list[str]], tree: html.HtmlElement) -> date | None:
    """The day on which a page says that it was published; a guess would be no source's word."""
    marked = [
        each.get("datetime") or "" for each in tree.iter("time") if each.get("pubdate") is not None
    ]
    for value in (*_all(meta, _DAYS), *marked):
        try:
            if found := day(value):
                return found
        except Unreadable:
            continue
    return None
