"""Word documents: their headings, paragraphs, tables and text boxes."""

import io
import re
from collections.abc import Iterable, Iterator

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from vectorstore.forms import Item, Sheet, Unreadable
from vectorstore.forms.outline import HEADLINE, Line, laid_out, row, told
from vectorstore.forms.packed import Archive

LARGEST = 512 << 20
"""Bytes of an unpacked document, its pictures included."""

_GONE = frozenset(
    {
        qn("w:del"),
        qn("w:moveFrom"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    }
)
"""What is no longer in the text, or in it twice."""
_SIGNS = {
    qn("w:tab"): " ",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_ERRORS = (OpcError, etree.LxmlError, LookupError, ValueError, AttributeError, TypeError)
"""What the library raises for parts that are missing or aren't what they should be."""
_HEADING = re.compile(r"(?:heading|标题)\s*(\d)$", re.IGNORECASE)
_BROKEN = "it is a Word document that is broken or cut short; save it again"


def parse(data: bytes, name: str) -> list[Sheet | Item]:
    """The article of a document, or its articles where several headings of one rank part them.

    Raises Unreadable for a broken document, and for one without text.
    """
    _check(data)
    try:
        document = docx.Document(io.BytesIO(data))
        ranks = _ranks(document)
        lines = [each for each in _blocks(document.element.body, ranks) if each]
    except _ERRORS as error:
        raise Unreadable(_BROKEN) from error
    found = laid_out(lines)
    if not found:
        raise Unreadable("it is a Word document without text; give one with text")
    return found


def _check(data: bytes) -> None:
    """Unpack all of it once, while counting, before a library unpacks it without."""
    archive, size = Archive(data), 0
    for member in archive.members():
        unpacked = archive.read(member)
        size += len(unpacked)
        if size > LARGEST:
            raise Unreadable(f"it unpacks to more than {LARGEST >> 20} MiB; part it")
        if member.name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in unpacked.replace(b"\0", b""):
            raise Unreadable("it declares entities of its own, as no Word document does")


def _ranks(document: Document) -> dict[str, int]:
    """The rank of each style that heads something, by the style's id."""
    found: dict[str, int] = {}
    for style in document.styles:
        name = style.name or ""
        if name.lower() in ("title", "subtitle", "标题", "副标题"):
            found[style.style_id] = HEADLINE
        elif match := _HEADING.match(name):
            found[style.style_id] = int(match[1])
    return found


def _blocks(parent: etree._Element, ranks: dict[str, int]) -> Iterator[Line | None]:
    for child in parent:
        if child.tag == qn("w:p"):
            yield from _paragraph(child, ranks)
        elif child.tag == qn("w:tbl"):
            for each in child.iter(qn("w:tr")):
                if next(each.iterancestors(qn("w:tbl"))) is child:  # not of a table in a cell
                    yield from row(_cells(each, ranks))
        elif child.tag not in _GONE:  # what wraps blocks: a content control, a change
            yield from _blocks(child, ranks)


def _cells(tr: etree._Element, ranks: dict[str, int]) -> list[list[Line]]:
    return [
        [each for each in _blocks(cell, ranks) if each]
        for cell in tr.iter(qn("w:tc"))
        if next(cell.iterancestors(qn("w:tr"))) is tr
    ]


def _paragraph(p: etree._Element, ranks: dict[str, int]) -> Iterator[Line | None]:
    """A paragraph, and behind it the text boxes that hang on it."""
    boxes: list[etree._Element] = []
    text = "".join(_signs(p, boxes))
    rank = _rank(p, ranks)
    for each in text.split("\n"):
        yield told(each, rank)
    for box in boxes:
        yield from _blocks(box, ranks)


def _signs(parent: etree._Element, boxes: list[etree._Element]) -> Iterable[str]:
    for child in parent:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag == qn("w:txbxContent"):
            boxes.append(child)
        elif child.tag in _SIGNS and parent.tag == qn("w:r"):  # a tab stop is none
            yield _SIGNS[child.tag]
        elif child.tag not in _GONE:
            yield from _signs(child, boxes)


def _rank(p: etree._Element, ranks: dict[str, int]) -> int | None:
    style = p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    if style is not None and (rank := ranks.get(style.get(qn("w:val"), ""))) is not None:
        return rank
    level = p.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    told_ = level.get(qn("w:val"), "") if level is not None else ""
    return int(told_) + 1 if told_.isdecimal() and int(told_) < 9 else None
