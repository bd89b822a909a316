"""PAGE XML, in which transcriptions of scanned pages are kept: regions, lines, what they say.

Regions go by the file's ``ReadingOrder``; those that it doesn't name come last, as they stand
there. Of several readings of a line the first is taken.
"""

import re
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from vectorstore.forms import Sheet, Unreadable
from vectorstore.forms.markup import children, index, measure, root, within
from vectorstore.forms.reading_order import (
    Box,
    Line,
    evened,
    on_page,
    page_number,
    text_of_blocks,
)

_PLACE = re.compile(r"readingOrder\s*\{[^}]*\bindex:\s*(\d+)")
_POINT = re.compile(r"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")


def parse(data: bytes, file: str) -> Iterator[Sheet]:
    """One sheet a page of the file.

    Raises Unreadable for what isn't PAGE XML, or has no text.
    """
    sheets = [_sheet(page) for page in within(root(data), "Page")]
    if not any(sheet.text.strip() for sheet in sheets):
        raise Unreadable("it holds no text; transcribe the page first, or give its picture")
    return (sheet for sheet in sheets if sheet.text.strip())


def _sheet(page: Element) -> Sheet:
    ordered = [
        place.get("regionRef", "")
        for order in children(page, "ReadingOrder")
        for place in _placed(order)
    ]
    ranks = {reference: rank for rank, reference in enumerate(ordered)}
    regions = sorted(
        within(page, "TextRegion"), key=lambda region: ranks.get(region.get("id", ""), len(ranks))
    )
    blocks = list[list[Line]]()
    for region in regions:
        lines = [line for line in map(_line, _by_index(region)) if line.text.strip()]
        nested = next(children(region, "TextRegion"), None)
        if not lines and nested is None and (said := _said(region)):
            lines = [Line(text, Box(0, 0, 0, 0), 0) for text in said.split("\n")]
        blocks += [[line] for line in lines] if region.get("type") == "heading" else [lines]
    even = evened([line for block in blocks for line in block])
    whole = iter(even)
    text = text_of_blocks([[next(whole) for _ in block] for block in blocks])
    sheet = Sheet(text=text, number=page_number(text, 1, 1))
    return on_page(sheet, even, measure(page, "imageWidth", "imageHeight"))


def _placed(order: Element) -> Iterator[Element]:
    """What a reading order names, groups by their own numbers."""
    for place in sorted(order, key=index):
        yield place
        yield from _placed(place)


def _by_index(region: Element) -> Sequence[Element]:
    """A region's lines, by the numbers that they bear where all bear one."""
    lines = list(children(region, "TextLine"))
    numbers = [_PLACE.search(line.get("custom", "")) for line in lines]
    found = [int(number[1]) for number in numbers if number]
    if len(found) < len(lines):
        return lines
    return [line for _, line in sorted(zip(found, lines, strict=True), key=lambda pair: pair[0])]


def _line(line: Element) -> Line:
    text = _said(line) or " ".join(filter(None, map(_said, children(line, "Word"))))
    text = re.sub("[¬⸗]$", "-", text.replace("\n", " ").strip())
    points = [
        (float(x), float(y))
        for outline in children(line, "Coords")
        for x, y in _POINT.findall(outline.get("points", ""))
    ]
    if not points:
        return Line(text, Box(0, 0, 0, 0), 0)
    across, down = [x for x, _ in points], [y for _, y in points]
    box = Box(min(across), min(down), max(across), max(down))
    return Line(text, box, min(box.right - box.left, box.bottom - box.top))


def _said(element: Element) -> str:
    """The first of the readings of a line, word or region."""
    readings = sorted(children(element, "TextEquiv"), key=index)
    return next(
        (plain.text or "" for reading in readings for plain in children(reading, "Unicode")), ""
    )
