"""How many jumps that only one page marks are found, and how many articles are joined wrongly.

Articles of the sample and of the invented pages are cut in two at random, in mid-sentence or behind
a full stop, one half marked, and put among other articles; then once more with the other half left
out, where nothing may be joined:

    python benchmarks/jumps.py [--times 6]
"""

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from vectorstore.articles import Article, BlockKind, join  # noqa: E402
from vectorstore.jumps import Parts, chains  # noqa: E402
from vectorstore.lines import is_latin  # noqa: E402
from vectorstore.reading import read  # noqa: E402

PAGES = [
    *sorted((ROOT / "sample").rglob("*.txt")),
    *sorted((ROOT / "tests" / "material" / "pages").glob("*.txt")),
    ROOT / "tests" / "material" / "more_articles.jsonl",
]
OTHERS = 6
"""Articles on the page that a mark names, besides the other half."""
SHORTEST = 160
"""Characters of an article that is cut in two."""


def main() -> None:
    """Cut each article as many times as was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=6)
    asked = parser.parse_args()
    chance = random.Random(1)
    every = [each for path in PAGES for each in read(path.read_bytes(), path.name).articles]
    told = [each for each in every if each.text]
    counted: Counter[tuple[str, ...]] = Counter()
    for article in told:
        for _ in range(asked.times if len(article.text) >= SHORTEST else 0):
            mode, title = chance.choice(("torn", "whole")), chance.choice(("none", "same", "short"))
            if cut := halves(article, mode, title, chance):
                others = chance.sample([each for each in told if each is not article], OTHERS)
                ask(cut, others, chance.choice(("head", "tail")), (mode, title), counted)
    for key in sorted({key[:-1] for key in counted}):
        print(*key, *(f"{name} {counted[*key, name]}" for name in ("asked", "joined", "wrong")))


def halves(
    article: Article, mode: str, title: str, chance: random.Random
) -> tuple[Article, Article] | None:
    """An article cut in two, the rest under its headline, a part of it or none."""
    parts = article.parts
    place = chance.choice([at for at, (kind, _) in enumerate(parts) if kind is BlockKind.PARAGRAPH])
    text = parts[place][1]
    gap = (
        r"(?<=[。！？])|(?<=\.) " if mode == "whole" else " " if is_latin(text) else "(?<=[一-鿿])"
    )
    cuts = [cut.end() for cut in re.finditer(gap, text) if 3 < cut.end() < len(text) - 3]
    if not cuts:
        return None
    at = chance.choice(cuts)
    headline = " ".join(article.headline)
    part = " ".join(headline.split()[:3]) if is_latin(headline) else headline[: len(headline) // 2]
    titles = {"none": "", "same": headline, "short": part}
    rest = laid([(BlockKind.PARAGRAPH, text[at:]), *parts[place + 1 :]], article, "03", 0)
    return (
        laid([*parts[:place], (BlockKind.PARAGRAPH, text[:at].rstrip())], article, "01", 0),
        replace(rest, headline=tuple(filter(None, [titles[title]])), kicker=(), byline=()),
    )


def laid(parts: Parts, article: Article, page: str, position: int) -> Article:
    """An article of these blocks on a page of the one issue."""
    text, blocks = join(parts)
    return replace(
        article,
        id=f"{page}-{position}",
        text=text,
        blocks=blocks,
        page=page,
        position=position,
        publication="",
        issued=date(2024, 5, 17),
        continued_from=None,
        continued_to=None,
    )


def ask(
    cut: tuple[Article, Article],
    others: Sequence[Article],
    side: str,
    kind: tuple[str, str],
    counted: Counter[tuple[str, ...]],
) -> None:
    """Count what is joined where the other half is there, and where it isn't."""
    head, tail = cut
    page = "03" if side == "head" else "01"
    beside = [laid(each.parts, each, page, place) for place, each in enumerate(others, 1)]
    marked = (
        replace(head, continued_to="03") if side == "head" else replace(tail, continued_from="01")
    )
    other = tail if side == "head" else head
    for name, plain in (("there", [*beside, other]), ("left out", beside)):
        key = (f"{side} marked,", f"cut {kind[0]}, headline {kind[1]}, other half {name}:")
        counted[*key, "asked"] += 1
        for chain in chains([marked], plain):
            if len(chain) > 1:
                right = name == "there" and [each.id for each in chain] == [head.id, tail.id]
                counted[*key, "joined" if right else "wrong"] += 1


if __name__ == "__main__":
    main()
