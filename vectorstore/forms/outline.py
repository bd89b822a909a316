"""Lines that markup ranks, and the articles that they make: headlines, subheads, text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from vectorstore.forms import Item, Sheet
from vectorstore.forms.columns import line

HEADLINE = 0
"""The rank of what can only be a headline, such as Word's style Title; headings come from 1."""
LONGEST_CELL = 60
"""Characters of a table's cell; one with longer cells lays a page out, and is no table."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, a heading, or a row of a table."""

    text: str
    rank: int | None = None
    """Of a heading, the lower the higher; None for text."""


def told(text: str, rank: int | None = None) -> Line | None:
    """A line without gaps; None where nothing is in it."""
    found = line(text)
    return Line(found, rank) if found else None


def row(cells: Sequence[Sequence[Line]]) -> Iterator[Line]:
    """One line of a table's row; the lines of each cell where the table only lays a page out."""
    if all(
        len(cell) <= 1 and all(len(each.text) <= LONGEST_CELL for each in cell) for cell in cells
    ):
        if found := told(" ".join(cell[0].text for cell in cells if cell)):
            yield found
    else:
        for cell in cells:
            yield from cell


def item(lines: Sequence[Line], known: Item) -> Item | None:
    """One article of these lines, all headings below its headline; None where it has no text.

    Where ``known`` has no headline, the headings in front are it; headings that repeat it go.
    """
    body = list(lines)
    titles = known.titles
    if titles:
        body = [each for each in body if each.rank is None or each.text not in titles]
        while body and body[0].text in titles:
            del body[0]
    else:
        while body and body[0].rank is not None and (not titles or body[0].rank == HEADLINE):
            titles += (body.pop(0).text,)
    if all(each.rank is not None for each in body):
        return None
    heads = frozenset(number for number, each in enumerate(body) if each.rank is not None)
    text = "\n".join(each.text for each in body)
    return replace(known, text=text, titles=titles, heads=heads)


def laid_out(lines: Iterable[Line]) -> list[Sheet | Item]:
    """The articles of a document: each begins with a heading of the highest rank in it.

    Headings of that rank one above the other are one headline; what stands above the first is a
    page of its own. A document without headings is a page, whose articles wording tells.
    """
    lines = list(lines)
    ranks = [each.rank for each in lines if each.rank is not None]
    if not ranks:
        return [_sheet(lines)] if lines else []
    top = min(ranks)
    drafts: list[list[Line]] = [[]]
    for each in lines:
        if each.rank == top:
            if any(before.rank != HEADLINE for before in drafts[-1]) or not drafts[0]:
                drafts.append([])
            each = replace(each, rank=HEADLINE)
        drafts[-1].append(each)
    found: list[Sheet | Item] = []
    for number, draft in enumerate(drafts):
        if number == 0 and draft and draft[0].rank != HEADLINE:
            found.append(_sheet(draft))
        elif made := item(draft, Item(text="")):
            found.append(made)
    return found


def _sheet(lines: Iterable[Line]) -> Sheet:
    return Sheet(text="\n\n".join(each.text for each in lines))
