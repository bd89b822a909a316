"""How far an article's doubts tell that it came out wrong, on pages damaged at random.

Takes the sample newspaper and the invented pages of ``tests/material``, leaves out, cuts, swaps or
moves a block of each, and compares the articles with those of the page as it was. Prints for each
doubt how many articles have it and the share of them that are right all the same, and how many
wrong and right ones fall below the bar.

    python benchmarks/damaged_pages.py --times 30
"""

import argparse
import random
import re
from collections import Counter
from pathlib import Path

from vectorstore.articles import Article, Page, Source
from vectorstore.assembling import articles
from vectorstore.doubts import DOUBTFUL, confidence

ROOT = Path(__file__).parents[1]


def read(text: str) -> list[Article]:
    """The articles of a page's text."""
    return list(articles(Page(text=text, source=Source("page.txt", "0" * 64))))


def looks(article: Article) -> tuple[object, ...]:
    """What must be the same for an article to be right."""
    return article.kicker, article.headline, article.byline, article.text, article.blocks


def damaged(text: str, chance: random.Random) -> str:
    """The page with one of its blocks gone, cut short, or somewhere else."""
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    at, to = chance.randrange(len(blocks)), chance.randrange(len(blocks))
    match chance.choice(("out", "cut", "swap", "move")):
        case "out":
            del blocks[at]
        case "cut":
            blocks[at] = blocks[at][: chance.randrange(1, len(blocks[at]) + 1)]
        case "swap":
            blocks[at], blocks[at - 1] = blocks[at - 1], blocks[at]
        case "move":
            blocks.insert(to, blocks.pop(at))
    return "\n\n".join(blocks)


def main() -> None:
    """Damage, read, count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=30, help="damages of each page")
    options = parser.parse_args()
    chance = random.Random(1)
    paths = [*(ROOT / "sample").rglob("*.txt"), *(ROOT / "tests/material/pages").glob("*.txt")]
    counted: Counter[tuple[str, bool]] = Counter()
    for path in sorted(paths):
        text = path.read_text(encoding="utf-8")
        whole = set(map(looks, read(text)))
        for _ in range(options.times):
            for article in read(damaged(text, chance)):
                right = looks(article) in whole
                counted["all", right] += 1
                counted["below the bar", right] += confidence(article.doubts) < DOUBTFUL
                for doubt in article.doubts:
                    counted[doubt.name, right] += 1
    for name in sorted({name for name, _ in counted}):
        good, bad = counted[name, True], counted[name, False]
        print(f"{name:15} {good + bad:6} articles, right {good / max(1, good + bad):.2f}")
    for fits, word in ((False, "wrong"), (True, "right")):
        below, every = counted["below the bar", fits], counted["all", fits]
        print(f"of {every} {word} ones {below / max(1, every):.3f} fall below {DOUBTFUL}")


if __name__ == "__main__":
    main()
