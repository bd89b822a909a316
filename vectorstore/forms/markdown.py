"""Markdown: what its front matter says, its headings, and its text without the markup."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from vectorstore.forms import Item, Sheet, Unreadable
from vectorstore.forms.columns import day, field_of, line, names
from vectorstore.forms.outline import Line, item, laid_out, told
from vectorstore.forms.text import decoded
from vectorstore.forms.webpages import fragment

_FRONT = re.compile(r"\s*---[ \t]*\r?\n(.*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_LATIN = re.compile(r"[\u0021-\u024f]")


def parse(data: bytes, name: str) -> list[Sheet | Item]:
    """The article of a Markdown file, or its articles where several headings of one rank part them.

    Raises Unreadable for front matter that can't be read.
    """
    text = decoded(data).replace("\x00", "")
    front = _FRONT.match(text)
    known = _known(front[1]) if front else Item(text="")
    tokens = MarkdownIt("commonmark").enable("table").parse(text[front.end() :] if front else text)
    lines = [each for each in _lines(tokens) if each]
    if known.titles:
        made = item(lines, known)
        found: list[Sheet | Item] = [made] if made else []
    else:
        found = [_with(each, known) for each in laid_out(lines)]
    if not found:
        raise Unreadable("it holds no article, only headings; give a file with text")
    return found


def _with(part: Sheet | Item, known: Item) -> Sheet | Item:
    """Add what the front matter said."""
    part = replace(part, issued=known.issued, publication=known.publication, number=known.number)
    return replace(part, byline=known.byline) if isinstance(part, Item) else part


def _known(front: str) -> Item:
    try:
        told_ = yaml.load(front, Loader=yaml.BaseLoader)  # noqa: S506 - it makes strings alone
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable("its front matter is not YAML; write it as 'title: …' a line") from error
    if told_ and not isinstance(told_, dict):
        raise Unreadable("its front matter names no fields; write it as 'title: …' a line")
    fields: dict[str, list[str]] = {}
    for name, value in (told_ or {}).items():
        field = field_of(str(name)) if isinstance(name, str) else None
        if field and field not in fields:
            values = value if isinstance(value, list) else [value]
            fields[field] = [str(each) for each in values if not isinstance(each, dict | list)]

    def one(field: str) -> str:
        return next(iter(fields.get(field, ())), "")

    headline = (*map(line, (one("kicker"), one("title"), one("subtitle"))),)
    return Item(
        text="",
        titles=tuple(each for each in headline if each) if one("title") else (),
        id=line(one("id")),
        issued=day(one("date")),
        publication=line(one("publication")),
        number=line(one("page")),
        byline=names(fields.get("byline", ())),
    )


def _lines(tokens: Sequence[Token]) -> Iterator[Line | None]:
    rank: int | None = None
    cells: list[str] | None = None
    for token in tokens:
        match token.type:
            case "heading_open":
                rank = int(token.tag[1:])
            case "heading_close":
                rank = None
            case "tr_open":
                cells = []
            case "tr_close":
                yield told(" ".join(cells or ()))
                cells = None
            case "inline" if cells is not None:
                cells.append(" ".join(_text(token.children or ()).split("\n")))
            case "inline":
                for each in _text(token.children or ()).split("\n"):
                    yield told(each, rank)
            case "fence" | "code_block":
                for each in token.content.split("\n"):
                    yield told(each)
            case "html_block":
                yield from fragment(token.content)


def _text(children: Sequence[Token]) -> str:
    """A paragraph without its markup; a wrapped line goes on, without a blank between Chinese."""
    text = ""
    for token in children:
        match token.type:
            case "text" | "code_inline" | "text_special":
                wrapped = text.endswith("\v")
                if wrapped:
                    text = text[:-1]
                    latin = _LATIN.match(text[-1:]) and _LATIN.match(token.content[:1])
                    text += " " if latin else ""
                text += token.content
            case "softbreak":
                text = text.rstrip() + "\v"
            case "hardbreak":
                text += "\n"
            case "image":
                text += token.content
    return text.replace("\v", " ")
