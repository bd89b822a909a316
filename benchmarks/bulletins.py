"""Whether whole news bulletins, headlines and paragraphs line under line, come out as their items.

Usage: python benchmarks/bulletins.py FILE [--show 3]

FILE holds a bulletin a line, plain or gzipped: {"id", "date", "text", "articles"}, where each of
``articles`` has "id", "title" and, in code points of the text, "start", "body_start" and "end".
Marks around headlines (``**``) and what a scraper put under the last item (from a line ``---``
on) are taken out first.

An item that holds headlines of its own (briefs under one name, reports under a common headline)
stays in its bulletin and isn't counted: how many articles it should give is a matter of taste.
Of the others it is asked how many come out exactly: one article has that headline, and its text
is 98 % alike. Rules may be made by the bulletins of even place; those of odd place are held out.
"""

import argparse
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

from vectorstore.articles import Article
from vectorstore.reading import Unreadable, read

_UNFINISHED = re.compile(r"[^。！？!?；;：:…”’」』）)》]$|[^。！？!?；;：:…][”’」』）)》]+$")


@dataclass(frozen=True, slots=True)
class Item:
    """What a bulletin holds under one headline."""

    id: str
    title: str
    text: str

    @property
    def holds_headlines(self) -> bool:
        """Whether a line between its paragraphs, or above the first, is an unfinished short one."""
        return any(
            len(line) <= 46 and _UNFINISHED.search(line) for line in self.text.split("\n")[:-1]
        )


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A day's news in one text."""

    id: str
    issued: date
    text: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item; ``kind`` is ``exact`` or says what went wrong."""

    item: Item
    kind: str
    headed: bool
    """Whether an article has its headline, and no line more."""


def bulletins(path: Path) -> Iterator[Bulletin]:
    """The bulletins of a file, without marks and footers."""
    data = path.read_bytes()
    plain = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    for line in plain.decode().splitlines():
        given = json.loads(line)
        items = tuple(
            Item(
                item["id"],
                _bare(given["text"][item["start"] : item["body_start"]]),
                _bare(given["text"][item["body_start"] : item["end"]]),
            )
            for item in given["articles"]
        )
        text = "\n".join(part for item in items for part in (item.title, item.text) if part)
        yield Bulletin(given["id"], date.fromisoformat(given["date"]), text, items)


def measured(bulletin: Bulletin) -> Iterator[Outcome]:
    """What became of each item that holds no headlines of its own."""
    try:
        found = read(bulletin.text.encode(), "bulletin.txt", issued=bulletin.issued).articles
    except Unreadable:
        found = ()
    for item in bulletin.items:
        if not item.holds_headlines:
            yield _outcome(item, found)


def _outcome(item: Item, found: tuple[Article, ...]) -> Outcome:
    headed = [article for article in found if _headline(article) == _letters(item.title)]
    alike = [article for article in headed if _alike(article.text, item.text)]
    if len(alike) == 1 and len(headed) == 1:
        return Outcome(item, "exact", headed=True)
    return Outcome(item, _fault(item, found, headed), headed=bool(headed))


def _fault(item: Item, found: tuple[Article, ...], headed: list[Article]) -> str:
    title = _letters(item.title)
    if len(headed) > 1:
        return "twice"
    if headed:
        more = len(headed[0].text) > len(item.text)
        return "has more text" if more else "has less text"
    if any(title in _headline(article) for article in found):
        return "has another line in its headline"
    if any(_headline(article) and _headline(article) in title for article in found):
        return "has half a headline"
    if any(title in _letters(article.text) for article in found):
        return "is part of another article"
    return "is lost"


def _headline(article: Article) -> str:
    return _letters("".join((*article.kicker, *article.headline)))


def _letters(text: str) -> str:
    return re.sub(r"\s", "", text)


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= 0.98 and matcher.ratio() >= 0.98


def _bare(text: str) -> str:
    """A text without marks around its headlines, footers, and blank lines."""
    text = re.sub(r"^---$.*", "", text, flags=re.M | re.S)
    lines = (re.sub(r"\\?\*\\?\*|^#+ ", "", line).strip() for line in text.split("\n"))
    return "\n".join(filter(None, lines))


def share(outcomes: list[Outcome]) -> float:
    """How many of the outcomes are exact."""
    return sum(outcome.kind == "exact" for outcome in outcomes) / len(outcomes)


def main() -> None:
    """Print what became of the items, for the bulletins that rules are made by and the others."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--show", type=int, default=3, help="how many ids to name for each fault")
    args = parser.parse_args()
    given = list(bulletins(args.file))
    for name, half in (("even", given[::2]), ("odd, held out", given[1::2])):
        outcomes = [outcome for bulletin in half for outcome in measured(bulletin)]
        items = sum(len(bulletin.items) for bulletin in half)
        headed = sum(outcome.headed for outcome in outcomes) / len(outcomes)
        print(f"{name}: {len(half)} bulletins, {len(outcomes)} of {items} items counted")
        print(f"  exact {share(outcomes):.1%}, headlines exact {headed:.1%}")
        faults: defaultdict[str, list[str]] = defaultdict(list)
        for outcome in outcomes:
            if outcome.kind != "exact":
                faults[outcome.kind].append(outcome.item.id)
        for kind, ids in sorted(faults.items(), key=lambda fault: -len(fault[1])):
            named = "" if name != "even" else ": " + ", ".join(ids[: args.show])
            print(f"  {len(ids):4} {kind}{named}")


if __name__ == "__main__":
    main()
