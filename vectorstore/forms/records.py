"""Articles as JSON, one a line."""

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from vectorstore.forms import Item, Refused, Unreadable, some, tried
from vectorstore.forms.columns import NAMES, line, titles
from vectorstore.forms.text import cleaned, decoded

_FIELDS = ("id", "title", "text", "date", "publication", "page")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def parse(data: bytes, name: str) -> Iterator[Item | Refused]:
    """The articles of a file's lines, and a sentence for each line that is none.

    Raises Unreadable where no line is an article.
    """
    lines = enumerate(decoded(data).split("\n"), 1)
    places = ((f"line {number}", text) for number, text in lines if text.strip())
    articles = (tried(place, partial(_item, text, place)) for place, text in places)
    return some(articles, "lines", "give one JSON object a line")


def _item(text: str, place: str) -> Item:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("it is not JSON") from error
    if not isinstance(fields, dict):
        raise Unreadable("it is not a JSON object")
    fields = _renamed(fields)
    told = fields.get("text")
    if told is None:
        raise Unreadable("'text' is missing")
    if not isinstance(told, str):
        raise Unreadable("'text' is not a string")
    body = cleaned(told).strip()
    if not body:
        raise Unreadable("'text' is empty")
    return Item(
        text=body,
        titles=titles(_optional(fields, "title")),
        id=_id(fields),
        issued=_day(fields.get("date")),
        publication=line(_optional(fields, "publication")),
        number=line(_optional(fields, "page", numbers=True)),
        place=place,
    )


def _renamed(fields: dict[str, object]) -> dict[str, object]:
    """A record under the fields' own names.

    What stands under another name counts where the field's own isn't there and a reader can use
    it; a program's own record may hold anything under names that we don't ask for.
    """
    found: dict[str, object] = {}
    for field in _FIELDS:
        if field in fields:
            found[field] = fields[field]
            continue
        for other in NAMES[field]:
            value = fields.get(other)
            if isinstance(value, str) and value.strip() and (field != "date" or _is_day(value)):
                found[field] = value
                break
    return found


def _is_day(value: str) -> bool:
    try:
        return _day(value) is not None
    except Unreadable:
        return False


def _id(record: dict[str, object]) -> str | None:
    told = _optional(record, "id", numbers=True)
    if told and any("\ud800" <= character <= "\udfff" for character in told):
        raise Unreadable("'id' holds half of a surrogate pair, which is no character")
    return told


def _optional(record: dict[str, object], name: str, *, numbers: bool = False) -> str | None:
    value = record.get(name)
    if numbers and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None or isinstance(value, str):
        return value or None
    raise Unreadable(f"'{name}' is not a string")


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _DAY.match(value):
        raise Unreadable("'date' is not a day like 2022-07-14")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Unreadable(f"'date' {value} is a day that no calendar has") from error
