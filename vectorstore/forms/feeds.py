"""RSS and Atom files: each entry an article."""

import io
import re
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

import feedparser

from vectorstore.forms import Item, Refused, Unreadable, tried
from vectorstore.forms.columns import day, line, names
from vectorstore.forms.outline import item
from vectorstore.forms.webpages import fragment, letters


def parse(data: bytes, name: str) -> Iterator[Item | Refused]:
    """The articles of a feed, and a sentence for each entry that is none.

    Raises Unreadable for a feed that declares entities, has no entries, or isn't XML.
    """
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", letters(data))
    if "<!ENTITY" in text:
        raise Unreadable(
            "it declares entities of its own, which may grow without end; take them out"
        )
    feed = feedparser.parse(io.BytesIO(text.encode(errors="replace")))  # a name would be fetched
    if not feed.entries:
        broken = "is broken or cut short" if feed.bozo else "has no entries"
        raise Unreadable(f"it is a feed that {broken}; save it again")
    publication = _plain(feed.feed.get("title"))
    for number, entry in enumerate(feed.entries, 1):
        place = f"entry {number}"
        yield tried(place, partial(_item, entry, publication, place))


def _item(entry: Any, publication: str | None, place: str) -> Item:  # noqa: ANN401 - feedparser's own
    contents = [each.get("value") or "" for each in entry.get("content", ())]
    text = max([*contents, entry.get("summary") or ""], key=len)
    title = _plain(entry.get("title"))
    known = Item(
        text="",
        titles=(title,) if title else (),
        id=line(entry.get("id") or entry.get("link")),
        issued=_day(dict.get(entry, "published") or dict.get(entry, "updated") or ""),
        publication=publication,
        byline=names(each.get("name") for each in entry.get("authors", ())),
        place=place,
    )
    found = item(fragment(text), known)
    if found is None:
        raise Unreadable("it has no text")
    return found


def _plain(text: str | None) -> str | None:
    """A name or headline, which may be HTML."""
    return line(" ".join(each.text for each in fragment(text))) if text else None


def _day(text: str) -> date | None:
    """The day as it was where the entry was written; None where it can't be told."""
    try:
        return day(text)
    except Unreadable:
        pass
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError):
        return None
