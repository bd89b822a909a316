"""ALTO, in which libraries keep the text of scanned newspapers: a page as blocks, lines, words.

Blocks go in the order of the file, or of its ``ReadingOrder``; ``IDNEXT`` says what follows a
block. A word that a line's end broke is taken whole where the file gives it whole.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.etree.ElementTree import Element

from vectorstore.forms import Sheet, Unreadable
from vectorstore.forms.markup import children, measure, name, root, within
from vectorstore.forms.reading_order import (
    Box,
    Line,
    evened,
    on_page,
    page_number,
    text_of_blocks,
)
from vectorstore.lines import is_latin

_SPACES = ("TopMargin", "LeftMargin", "PrintSpace", "RightMargin", "BottomMargin")


def parse(data: bytes, file: str) -> Iterator[Sheet]:
    """One sheet a page of the file.

    Raises Unreadable for what isn't ALTO, or has no text.
    """
    return iter(sheets(root(data)))


def sheets(top: Element) -> list[Sheet]:
    """The pages with text under an ALTO file's root. Raises Unreadable where there is none."""
    ordered = [
        reference.get("REF", "")
        for order in within(top, "ReadingOrder")
        for reference in within(order, "ElementRef")
    ]
    found = [_sheet(page, ordered) for page in within(top, "Page")]
    if not any(sheet.text.strip() for sheet in found):
        raise Unreadable("it holds no text; give the picture of the page instead")
    return [sheet for sheet in found if sheet.text.strip()]


def _sheet(page: Element, ordered: Sequence[str]) -> Sheet:
    spaces = sorted(children(page, *_SPACES), key=lambda space: _SPACES.index(name(space)))
    blocks = _in_order([block for space in spaces for block in within(space, "TextBlock")], ordered)
    written = lines(blocks)
    text = text_of_blocks(written)
    number = page.get("PRINTED_IMG_NR") or page_number(text, 1, 1) or page.get("PHYSICAL_IMG_NR")
    return on_page(
        Sheet(text=text, number=number or None),
        (line for block in written for line in block),
        measure(page, "WIDTH", "HEIGHT"),
    )


def _in_order(blocks: Sequence[Element], ordered: Sequence[str]) -> list[Element]:
    """Blocks as the file says that they follow each other."""
    ranks = {reference: rank for rank, reference in enumerate(ordered)}
    waiting = dict(enumerate(blocks))
    first = sorted(waiting, key=lambda place: ranks.get(blocks[place].get("ID", ""), len(ranks)))
    places = {block.get("ID"): place for place, block in enumerate(blocks) if block.get("ID")}
    found = list[Element]()
    for place in first:
        following: int | None = place
        while following is not None and (block := waiting.pop(following, None)) is not None:
            found.append(block)
            following = places.get(block.get("IDNEXT"))
    return found


def lines(blocks: Sequence[Element]) -> list[list[Line]]:
    """The lines of each block; those of one page have sizes that can be compared."""
    torn, starts, found = "", list[int](), list[Line]()
    for block in blocks:
        starts.append(len(found))
        for line in within(block, "TextLine"):
            text, torn = _text(line, torn)
            place = measure(line, "HPOS", "VPOS", "WIDTH", "HEIGHT") or (0.0, 0.0, 0.0, 0.0)
            left, top, width, height = place
            found.append(Line(text, Box(left, top, left + width, top + height), min(width, height)))
    whole = evened(found)
    return [whole[start:end] for start, end in pairwise([*starts, len(found)])]


def _text(line: Element, torn: str) -> tuple[str, str]:
    """The text of a line, and the word torn at its end that it has whole.

    ``torn`` is the word that the line before has whole, whose rest is left out here.
    """
    words = list(children(line, "String"))
    blank = " " if next(children(line, "SP"), None) is None else ""
    text, whole = "", ""
    for part in children(line, "String", "SP", "HYP"):
        if name(part) == "SP":
            text += " "
        elif name(part) == "HYP":
            text += "" if whole else part.get("CONTENT", "-")
        else:
            content, full = part.get("CONTENT", ""), part.get("SUBS_CONTENT", "")
            if part.get("SUBS_TYPE") == "HypPart2" and part is words[0] and torn and torn == full:
                continue
            if part.get("SUBS_TYPE") == "HypPart1" and part is words[-1] and full:
                content = whole = full
            text += (blank if text and is_latin(text[-1] + content[:1]) else "") + content
    return text, whole
