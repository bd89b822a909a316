"""How many articles come out of PDFs and scans as they come out of plain text.

The sample's pages, the invented ones of the tests and those of the tests' generator are set in two
to five columns, with headlines, pictures, captions and frames, and read again as PDFs; with a
Chinese font's file, the sample's are also drawn at 200 dots per inch and read as scans:

    python benchmarks/typeset.py [--settings 6] [--font NotoSansSC-Regular.otf]
"""

import argparse
import re
import sys
import time
from difflib import SequenceMatcher
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "vectorstore")]

from newspaper import print_page  # noqa: E402
from PIL import Image, ImageDraw, ImageFont  # noqa: E402
from test_pdf import PAGES, SAMPLE, kept  # noqa: E402
from typesetting import Setter, Written  # noqa: E402

from vectorstore.articles import Article  # noqa: E402
from vectorstore.forms import scans  # noqa: E402
from vectorstore.lines import is_latin  # noqa: E402
from vectorstore.reading import Kind, read  # noqa: E402


def main() -> None:
    """Measure, each page set as many times as was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settings", type=int, default=6)
    parser.add_argument("--font", help="with it, scans are measured and no PDFs")
    asked = parser.parse_args()
    if asked.font:
        scanned(asked.font, asked.settings)
        return
    pages = {
        "sample": [path.read_bytes() for path in SAMPLE],
        "invented": [path.read_bytes() for path in PAGES],
        "generated": [print_page(seed).text.encode() for seed in range(60)],
    }
    for name, texts in pages.items():
        begun = time.perf_counter()
        same = [list(kept(text, seed)) for text in texts for seed in range(asked.settings)]
        articles = [exact for page in same for exact in page]
        print(
            f"{name}: {sum(articles)} of {len(articles)} articles ({sum(articles) / len(articles):.1%})"
            f" and {sum(map(all, same))} of {len(same)} pages are the same;"
            f" {(time.perf_counter() - begun) / len(same) * 1000:.0f} ms a page, set and read"
        )


def scanned(font: str, settings: int) -> None:
    """How alike the sample's pages are, read as scans; blanks and the width of signs aside."""
    for seed in range(settings):
        for path in SAMPLE:
            printed = read(path.read_bytes(), path.name, kind=Kind.PAGE).articles
            picture = drawn(printed, seed, font)
            begun = time.perf_counter()
            found = read(scans.read(picture).text.encode(), "scan.txt", kind=Kind.PAGE).articles
            taken = time.perf_counter() - begun
            best = [max(alike(article, other) for other in found) for article in printed]
            print(
                f"{path.name} set {seed}: articles are"
                f" {', '.join(f'{share:.1%}' for share in best)} alike;"
                f" {picture.width} x {picture.height} dots, {taken:.0f} s"
            )


def alike(one: Article, other: Article) -> float:
    """How much of two articles is the same."""
    return SequenceMatcher(None, told(one), told(other), autojunk=False).ratio()


def told(article: Article) -> str:
    """All that an article says, without blanks, in half width."""
    whole = "".join((*article.kicker, *article.headline, article.text))
    return re.sub(r"\s", "", whole).translate({0xFF01 + n: 0x21 + n for n in range(94)})


def drawn(articles: tuple[Article, ...], seed: int, font: str) -> Image.Image:
    """A page set with this font, at 200 dots per inch."""
    english = is_latin("".join(article.text for article in articles))
    setter, scale = Setter(seed, english=english), 200 / 72

    def measured(text: str, size: float) -> float:
        return float(ImageFont.truetype(font, 100).getlength(text)) * size / 100

    setter.measure = measured  # type: ignore[method-assign]
    setter.page(articles, "Page A3" if english else "第03版 要闻")
    height = max(mark.y for mark in setter.marks) + 40
    picture = Image.new(
        "RGB", (int((setter.over(setter.count) + 80) * scale), int(height * scale)), "white"
    )
    pen = ImageDraw.Draw(picture)
    for mark in setter.marks:
        x, y = mark.x * scale, mark.y * scale
        if isinstance(mark, Written):
            face = ImageFont.truetype(font, round(mark.size * scale))
            pen.text((x, y), mark.text, font=face, fill="black", anchor="ls")
        else:
            box = (x, y - mark.height * scale, x + mark.width * scale, y)
            pen.rectangle(box, fill="lightgray" if mark.filled else None, outline="gray")
    return picture


if __name__ == "__main__":
    main()
