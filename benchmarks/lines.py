"""How many lines of PDFs are found where they stand, in the right article at the right words.

The sample's pages, the invented ones of the tests and those of the tests' generator are set in
columns as ``typeset.py`` sets them. A line is right where the boxes that lie in it say its words and
no others, or are a headline's and so is it; jump marks aside, which are no article's text:

    python benchmarks/lines.py [--settings 6] [--show]
"""

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "vectorstore")]

from newspaper import print_page  # noqa: E402
from test_pdf import PAGES, SAMPLE  # noqa: E402
from typesetting import Setter, Written  # noqa: E402

from vectorstore.articles import Article, Box  # noqa: E402
from vectorstore.lines import is_latin  # noqa: E402
from vectorstore.reading import Kind, read  # noqa: E402

_JUMP = re.compile(r"\(上接.*?版\)|\(下转.*?版\)|\(SeePage.*?\)|FromPage\S+")


class Found(Enum):
    """What became of a line."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSED = "not found"


class Noting(Setter):
    """A setter that notes which article each of its lines is of, and how large its page is."""

    def article(self, article: Article, first: int, count: int, top: float) -> float:
        """Set an article, and note its lines."""
        begun = len(self.marks)
        end = super().article(article, first, count, top)
        self.noted += [
            (article, mark)
            for mark in self.marks[begun:]
            if isinstance(mark, Written) and _JUMP.sub("", letters(mark.text))
        ]
        return end

    def page(self, articles: tuple[Article, ...], head: str) -> bytes:  # type: ignore[override]
        """Set a page."""
        self.noted: list[tuple[Article, Written]] = []
        return super().page(articles, head)

    def drawn(self, height: float) -> bytes:
        """Draw it."""
        self.sides = self.over(self.count) + 80, height
        return super().drawn(height)

    def holds(self, line: Written, box: Box) -> bool:
        """Whether the middle of a box lies in a line."""
        width, height = self.sides
        x, y = (box.x + box.width / 2) * width, (box.y + box.height / 2) * height
        right = line.x + (line.stretch or self.measure(line.text, line.size))
        return line.x - 1 < x < right + 1 and line.y - line.size < y < line.y + line.size / 3


def letters(text: str) -> str:
    """A text without what lines' ends swallow."""
    return re.sub(r"[\s-]", "", text)


def title(article: Article) -> str:
    """The letters of a headline."""
    return letters("".join((*article.kicker, *article.headline)))


def lines(text: bytes, seed: int) -> Iterator[tuple[str, Found]]:
    """The lines of a page, and what became of each."""
    printed = read(text, "page.txt", kind=Kind.PAGE).articles
    english = is_latin("".join(article.text for article in printed))
    setter = Noting(seed, english=english)
    data = setter.page(printed, "Page A3" if english else "第03版 要闻")
    boxes = [
        (article, box)
        for article in read(data, "page.pdf", kind=Kind.PAGE).articles
        for region in article.regions
        for box in region.boxes
    ]
    for article, line in setter.noted:
        own = _JUMP.sub("", letters(line.text))
        inside = [(other, box) for other, box in boxes if setter.holds(line, box)]
        inside.sort(key=lambda pair: pair[1].x)
        told = "".join(letters(other.text[box.start : box.end]) for other, box in inside if box.end)
        headed = own in title(article) and all(own in title(other) for other, _ in inside)
        right = told == own or (not told and headed)
        yield (
            line.text,
            Found.RIGHT if inside and right else Found.WRONG if inside else Found.MISSED,
        )


def main() -> None:
    """Measure, each page set as many times as was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settings", type=int, default=6)
    parser.add_argument("--show", action="store_true", help="print the lines that aren't right")
    asked = parser.parse_args()
    pages = {
        "sample": [path.read_bytes() for path in SAMPLE],
        "invented": [path.read_bytes() for path in PAGES],
        "generated": [print_page(seed).text.encode() for seed in range(60)],
    }
    for name, texts in pages.items():
        counts = Counter[Found]()
        begun = time.perf_counter()
        for text in texts:
            for seed in range(asked.settings):
                for line, found in lines(text, seed):
                    counts[found] += 1
                    if asked.show and found is not Found.RIGHT:
                        print(f"  {found.value}: {line}")
        print(
            f"{name}: {counts[Found.RIGHT]:,} of {counts.total():,} lines right "
            f"({counts[Found.RIGHT] / counts.total():.2%}), {counts[Found.WRONG]} wrong, "
            f"{counts[Found.MISSED]} not found; {time.perf_counter() - begun:.0f} s"
        )


if __name__ == "__main__":
    main()
