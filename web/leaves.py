"""An article's pages as they are shown: their images, and what is framed and marked on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vectorstore.articles import Box, Region

_NEAR = 2.5
"""How far below a line the next one of its column may stand, counted in the higher one's height."""
_AIR = 0.4
"""How far a frame keeps from the text, in hundredths of the page."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle in hundredths of a page's width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page with its image."""

    page: str | None
    image: str
    width: int
    height: int
    frames: tuple[Frame, ...]
    """Around the article: its headline's and each of its columns."""
    marks: tuple[Frame, ...]
    """Over the lines that are quoted."""


def leaves(regions: Iterable[Region], start: int, end: int) -> list[Leaf]:
    """The pages of an article that have an image; the lines from ``start`` to ``end`` are marked."""
    return [
        Leaf(
            region.page,
            region.leaf.image,
            region.leaf.width,
            region.leaf.height,
            tuple(_frame(column, _AIR) for column in columns(region.boxes)),
            tuple(_frame([box]) for box in region.between(start, end).boxes),
        )
        for region in regions
        if region.leaf.image and region.boxes
    ]


def columns(boxes: Sequence[Box]) -> list[list[Box]]:
    """Lines in reading order, those that stand close below or beside each other together."""
    found = list[list[Box]]()
    for box in boxes:
        if found and _goes_on(found[-1], box):
            found[-1].append(box)
        else:
            found.append([box])
    return found


def _goes_on(column: Sequence[Box], box: Box) -> bool:
    last = column[-1]
    height = max(last.height, box.height)
    if (last.start is None) != (box.start is None):  # a headline stands over several columns
        return False
    if abs(last.y - box.y) < height / 2:
        return 0 <= box.x - last.x < last.width + 2 * height
    left = min(each.x for each in column)
    right = max(each.x + each.width for each in column)
    return 0 < box.y - last.y < _NEAR * height and left < box.x + box.width and box.x < right


def _frame(boxes: Sequence[Box], air: float = 0) -> Frame:
    """The rectangle around some boxes, on the page."""
    left, right = _span(((box.x, box.x + box.width) for box in boxes), air)
    top, bottom = _span(((box.y, box.y + box.height) for box in boxes), air)
    return Frame(left, top, round(right - left, 2), round(bottom - top, 2))


def _span(sides: Iterable[tuple[float, float]], air: float) -> tuple[float, float]:
    firsts, lasts = zip(*sides, strict=True)
    return (
        round(max(min(firsts) * 100 - air, 0), 2),
        round(min(max(lasts) * 100 + air, 100), 2),
    )
