"""Which characters of an article stand in which line of its page.

Putting pages together mends, moves and drops text but keeps its letters. So an article's letters
are laid against those of the page's lines afterwards: from its beginning on, the longest stretch
of the page that reads the same, then the next. What is too short to be found so (a subhead, a
writer's name) is looked for beside its neighbours, then near them.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from vectorstore.articles import Article, Box, Leaf, Region
from vectorstore.forms import Placed

_SEED = 8
"""Letters that must agree for a stretch to begin."""
_CHOICES = 32
"""Places of the page, before and after, that are weighed where these letters stand in many."""
_SHARE = 0.3
"""How much of a line must be an article's for the line to be shown as its own."""

Letter = tuple[str, int | None]
"""A character and where it stands in an article's text; None in its headline."""


def placed(
    articles: Sequence[Article], leaves: Sequence[tuple[Leaf, Sequence[Placed]]]
) -> Iterator[Article]:
    """Articles with the lines that they stand in on these pages, all of them printed there.

    Each page comes with its lines in reading order. Pages without lines are left out.
    """
    known = [(leaf, line) for leaf, lines in leaves for line in lines]
    pages = _Letters([line.text for _, line in known])
    for article in articles:
        boxes: dict[Leaf, list[Box]] = {leaf: [] for leaf, lines in leaves if lines}
        for number, start, end in _lines(list(_letters_of(article)), pages):
            leaf, line = known[number]
            boxes[leaf].append(_box(line, start, end))
        regions = tuple(Region(leaf, tuple(found)) for leaf, found in boxes.items())
        yield replace(article, regions=regions)


def moved(whole: Article, halves: Sequence[Article]) -> list[tuple[Region, ...]]:
    """The regions of halves, their boxes counted in the text of the article that they make."""
    texts = [half.text for half in halves]
    letters = [(letter, at) for at, letter in enumerate(whole.text) if _counts(letter)]
    pages = _Letters(texts)
    found = pages.found("".join(letter for letter, _ in letters))
    moves: list[dict[int, int]] = [{} for _ in halves]
    for (_, at), there in zip(letters, found, strict=True):
        if there is not None:
            half = pages.line[there]
            moves[half][pages.place[there]] = at
    return [
        tuple(
            replace(region, boxes=tuple(_shifted(box, moves[number]) for box in region.boxes))
            for region in half.regions
        )
        for number, half in enumerate(halves)
    ]


def _shifted(box: Box, move: dict[int, int]) -> Box:
    if box.start is None or box.end is None:
        return box
    places = [move[at] for at in range(box.start, box.end) if at in move]
    if not places:
        return replace(box, start=None, end=None)
    return replace(box, start=min(places), end=max(places) + 1)


def _box(line: Placed, start: int | None, end: int | None) -> Box:
    width, height = round(line.right - line.left, 4), round(line.bottom - line.top, 4)
    return Box(start, end, line.left, line.top, width, height)


def _counts(letter: str) -> bool:
    """Whether a character is kept wherever its line ends: blanks and hyphens aren't."""
    return letter.isprintable() and letter not in " -\N{IDEOGRAPHIC SPACE}"


def _letters_of(article: Article) -> Iterator[Letter]:
    title = "".join((*article.kicker, *article.headline))
    yield from ((letter, None) for letter in title if _counts(letter))
    yield from ((letter, at) for at, letter in enumerate(article.text) if _counts(letter))


class _Letters:
    """The letters of lines in reading order; each is found once."""

    def __init__(self, lines: Sequence[str]) -> None:
        told = [
            (letter, number, at)
            for number, line in enumerate(lines)
            for at, letter in enumerate(line)
            if _counts(letter)
        ]
        self.text = "".join(letter for letter, _, _ in told)
        self.line = [number for _, number, _ in told]
        """The line that each stands in."""
        self.sizes = Counter(self.line)
        """How many letters each line has."""
        self.place = [at for _, _, at in told]
        """Where in it."""
        self.first = [0, *(at for at in range(1, len(told)) if self.line[at - 1] != self.line[at])]
        """Where each line with letters begins."""
        self._taken = bytearray(len(told))
        self._openings: dict[str, list[int]] = {}
        for at in self.first:
            self._openings.setdefault(self.text[at : at + 2], []).append(at)
        self._seeds: dict[str, list[int]] = {}
        for at in range(len(told) - _SEED + 1):
            self._seeds.setdefault(self.text[at : at + _SEED], []).append(at)

    def found(self, letters: str) -> list[int | None]:
        """Where each of these letters stands; None where it can't be found."""
        found: list[int | None] = [None] * len(letters)
        at = near = 0
        while at < len(letters):
            start, length = self._longest(letters, at, near)
            for step in range(length):
                self._take(found, at + step, start + step)
            at += length or 1
            near = start + length if length else near
        for start, end in list(_gaps(found)):
            self._fill(letters, found, start, end)
        return found

    def _take(self, found: list[int | None], at: int, there: int) -> None:
        found[at] = there
        self._taken[there] = 1

    def _longest(self, letters: str, at: int, near: int) -> tuple[int, int]:
        """The longest stretch that reads as these letters do: where, and how long it is.

        Where it goes a little into a line by chance, it ends before that line.
        """
        start, length = self._agreeing(letters, at, near)
        edge = self.first[bisect_left(self.first, start + length) - 1] - start if length else 0
        if edge > 0 and at + length < len(letters):
            _, elsewhere = self._agreeing(letters, at + edge, start + length)
            length = edge if elsewhere > length - edge else length
        return start, length

    def _agreeing(self, letters: str, at: int, near: int) -> tuple[int, int]:
        """The longest stretch that begins as these letters do, of equals the nearest one behind."""
        best = 0, 0
        for start in _around(self._seeds.get(letters[at : at + _SEED], []), near):
            length = self._same(letters, at, start)
            if length >= _SEED and length > best[1]:
                best = start, length
        return best

    def _same(self, letters: str, at: int, start: int) -> int:
        """How many letters agree from here on, and are nobody's yet."""
        length, most = 0, min(len(letters) - at, len(self.text) - start)
        while (
            length < most
            and letters[at + length] == self.text[start + length]
            and not self._taken[start + length]
        ):
            length += 1
        return length

    def _fill(self, letters: str, found: list[int | None], start: int, end: int) -> None:
        """Find letters between two stretches: right beside these, or else nearest to them."""
        before = found[start - 1] if start else None
        behind = found[end] if end < len(found) else None
        while before is not None and start < end and self._is_free(before + 1, letters[start]):
            before += 1
            self._take(found, start, before)
            start += 1
        while behind is not None and start < end and self._is_free(behind - 1, letters[end - 1]):
            behind -= 1
            end -= 1
            self._take(found, end, behind)
        near = before if before is not None else behind or 0
        if end - start > 1 and (there := self._nearest(letters[start:end], near)) is not None:
            for step in range(end - start):
                self._take(found, start + step, there + step)

    def _is_free(self, there: int, letter: str) -> bool:
        return 0 <= there < len(self.text) and self.text[there] == letter and not self._taken[there]

    def _nearest(self, letters: str, near: int) -> int | None:
        """Where these letters stand at the beginning of a line, nearest to a place."""
        places = [
            there
            for there in _around(self._openings.get(letters[:2], []), near)
            if self.text.startswith(letters, there)
            and not any(self._taken[there : there + len(letters)])
        ]
        return min(places, key=lambda there: abs(there - near), default=None)


def _around(places: Sequence[int], near: int) -> list[int]:
    """Those of these places, in order, that are nearest to one, first those behind it."""
    middle = bisect_left(places, near)
    return [
        *places[middle : middle + _CHOICES],
        *reversed(places[max(middle - _CHOICES, 0) : middle]),
    ]


def _gaps(found: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """Where nothing is found, from and to."""
    start = 0
    for is_gap, group in groupby(found, key=lambda there: there is None):
        end = start + sum(1 for _ in group)
        if is_gap:
            yield start, end
        start = end


def _lines(
    letters: Sequence[Letter], pages: _Letters
) -> Iterator[tuple[int, int | None, int | None]]:
    """The lines that these letters stand in, each with its part of the text.

    Of a line of which an article has several stretches, the longest counts.
    """
    stretches: dict[int, list[list[int]]] = {}
    for at, there in enumerate(pages.found("".join(letter for letter, _ in letters))):
        if there is None:
            continue
        parts = stretches.setdefault(pages.line[there], [])
        if parts and _goes_on(letters, parts[-1][-1], at):
            parts[-1].append(at)
        else:
            parts.append([at])
    for line, parts in stretches.items():
        longest = max(parts, key=len)
        if len(longest) >= _SHARE * pages.sizes[line]:
            start, end = letters[longest[0]][1], letters[longest[-1]][1]
            yield line, start, None if end is None else end + 1


def _goes_on(letters: Sequence[Letter], last: int, at: int) -> bool:
    """Whether two letters of a line are of one stretch: near each other, both in the text or not."""
    return at - last <= _SEED and (letters[last][1] is None) == (letters[at][1] is None)
