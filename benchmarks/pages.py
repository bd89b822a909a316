"""How pages come out that no rule was made by: articles, titles, names, days and captions.

``pages/`` holds invented pages of three kinds, written down with their articles by people who knew
neither the rules nor their tests, and put here unread. Once a rule is mended by one of them, move it
to ``tests/material/pages`` and write others.

    python pages.py [FOLDER …] [--differences]
"""

import argparse
import json
import sys
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "vectorstore")]

from test_invented_pages import shown  # noqa: E402

from vectorstore.reading import read  # noqa: E402

ALIKE = 0.98
NAMES = ("byline", "correspondents", "photographers")


def text_of(article: dict[str, Any]) -> str:
    """All that stands in an article's text, captions and bylines last."""
    return "\n".join(
        [text for _, text in article["blocks"]] + article["captions"] + article["byline_lines"]
    )


def likeness(one: dict[str, Any], other: dict[str, Any]) -> float:
    """How much of their text two articles share, from 0 to 1."""
    return SequenceMatcher(None, text_of(one), text_of(other), autojunk=False).ratio()


def judged(printed: dict[str, Any], found: dict[str, Any]) -> Counter[str]:
    """What of an article came out right."""
    return Counter(
        {
            "articles": 1,
            "exact": found == printed,
            "text": likeness(found, printed) >= ALIKE,
            "titles": " ".join(found["titles"]) == " ".join(printed["titles"]),
            "names": all(found[kind] == printed[kind] for kind in NAMES),
            "days": found["date"] == printed["date"],
            "captions": found["captions"] == printed["captions"],
        }
    )


def measure(folder: Path, *, differences: bool) -> Counter[str]:
    """Read a folder's pages, and compare each printed article with the likest one found."""
    total: Counter[str] = Counter()
    for page in json.loads((folder / "articles.json").read_text("utf-8")):
        data = (folder / page["page"]).read_bytes()
        found = [shown(article) for article in read(data, page["page"]).articles]
        for printed in page["articles"]:
            likest = max(found, key=lambda each: likeness(each, printed))
            total += judged(printed, likest)
            if differences and likest != printed:
                print(page["page"], " / ".join(printed["titles"]))
                for field in printed:
                    if likest[field] != printed[field]:
                        print(
                            f"  {field}\n    found   {likest[field]}\n    printed {printed[field]}"
                        )
    return total


def main() -> None:
    """Print a row for each folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kinds = sorted(path.parent for path in (ROOT / "benchmarks" / "pages").glob("*/articles.json"))
    parser.add_argument("folders", nargs="*", type=Path, default=kinds)
    parser.add_argument("--differences", action="store_true", help="show them: that is reading")
    options = parser.parse_args()
    columns = ("exact", "text", "titles", "names", "days", "captions")
    print(f"{'':16}articles  " + "  ".join(f"{each:>8}" for each in columns))
    for folder in options.folders:
        total = measure(folder, differences=options.differences)
        shares = "  ".join(f"{total[each] / total['articles']:8.2f}" for each in columns)
        print(f"{folder.name:16}{total['articles']:8}  {shares}")


if __name__ == "__main__":
    main()
