"""Why the full text stands in tantivy: it against SQLite's FTS5, over the same generated passages.

    python benchmarks/fulltext.py --passages 50000
    python benchmarks/fulltext.py --passages 10000 --postgresql postgresql://user@host/empty

With a database in PostgreSQL, that is asked instead of FTS5: what several machines search costs more.
Both are given the same words, cut alike, and asked the same OR queries for their best hundred.
"""

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from vectorstore.dialects import opened, spelt_in_full, vacuum
from vectorstore.fulltext import Entry, FullText, WordIndex
from vectorstore.fulltext_sql import SharedFullText, metadata
from vectorstore.selection import Selection
from vectorstore.words import bigrams, words

FIRST = date(2020, 1, 1)
BEST = 100
BATCH = 64
"""Passages that are indexed at a time."""
SELECTIONS = {
    "one of three newspapers": Selection(publication="甲报"),
    "a year": Selection(since=FIRST, until=FIRST + timedelta(days=364)),
    "a week": Selection(since=FIRST, until=FIRST + timedelta(days=6)),
}


def generated(count: int, seed: int = 1) -> list[Entry]:
    """Passages of some 200 characters, whose characters are as unevenly frequent as in a paper."""
    rng = random.Random(seed)
    characters = [chr(code) for code in rng.sample(range(0x4E00, 0x4E00 + 6000), 3500)]
    lexicon = [
        "".join(rng.choices(characters, k=rng.choice((1, 2, 2, 2, 3)))) for _ in range(40_000)
    ]
    frequent = list(accumulate(1 / rank for rank in range(1, len(lexicon) + 1)))  # Zipf's law

    def text(length: int) -> str:
        return "".join(rng.choices(lexicon, cum_weights=frequent, k=length))

    return [
        Entry(
            f"p{number}",
            text(100),
            text(8),
            ((FIRST + timedelta(days=rng.randrange(1500))).isoformat(),),
            (rng.choice(("甲报", "乙报", "丙报")),),
        )
        for number in range(count)
    ]


class FTS5:
    """The same, kept as a careful user of SQLite would."""

    def __init__(self, path: Path, entries: Sequence[Entry]) -> None:
        self._database = sqlite3.connect(path)
        self._database.execute(
            "CREATE VIRTUAL TABLE passages USING "
            "fts5(id UNINDEXED, words, heading, bigrams, tokenize='unicode61')"
        )
        self._database.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?)",
            (
                (
                    entry.id,
                    " ".join(words(entry.text)),
                    " ".join(words(entry.heading)),
                    " ".join(bigrams(f"{entry.heading}\n{entry.text}")),
                )
                for entry in entries
            ),
        )
        self._database.commit()

    def search(self, query: str) -> None:
        """By words, and by pairs of characters."""
        for columns, terms in (("{words heading}", words(query)), ("{bigrams}", bigrams(query))):
            either = " OR ".join(f'"{term}"' for term in dict.fromkeys(terms))
            self._database.execute(
                "SELECT id FROM passages WHERE passages MATCH ? ORDER BY rank LIMIT ?",
                (f"{columns} : ({either})", BEST),
            ).fetchall()


def milliseconds(search: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    """How long each takes, after a first round that warms the caches."""
    times = []
    for counted in (False, True):
        for query in queries:
            began = time.perf_counter()
            search(query)
            if counted:
                times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def show(name: str, times: Sequence[float]) -> None:
    """A line of the table."""
    tail = times[int(len(times) * 0.95)]
    print(f"{name:<34}{statistics.median(times):>8.2f} ms median{tail:>9.2f} ms at 95 %")


def beside_postgresql(
    url: str, fulltext: FullText, entries: Sequence[Entry], queries: Sequence[str]
) -> None:
    """Fill a database as the service does, in batches, and ask both."""
    engine = opened(spelt_in_full(url))
    shared = SharedFullText(engine)
    began = time.perf_counter()
    for at in range(0, len(entries), BATCH):
        shared.add(entries[at : at + BATCH])
    print(f"{len(entries) / (time.perf_counter() - began):.0f} a second to PostgreSQL")
    vacuum(engine, metadata.tables)  # as autovacuum does in time
    engines: dict[str, WordIndex] = {"tantivy": fulltext, "PostgreSQL": shared}
    for name, asked in engines.items():
        show(name, milliseconds(partial(asked.search, limit=BEST), queries))
        for which, selection in SELECTIONS.items():
            search = partial(asked.search, limit=BEST, selection=selection)
            show(f"{name}, {which}", milliseconds(search, queries))
    engine.dispose()


def main() -> None:
    """Fill both, ask both, and tell the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=50)
    parser.add_argument("--postgresql", metavar="URL", help="an empty database")
    arguments = parser.parse_args()
    entries = generated(arguments.passages)
    rng = random.Random(2)
    queries = [
        entry.text[start : start + 16]
        for entry in rng.choices(entries, k=arguments.queries)
        for start in [rng.randrange(60)]
    ]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        fulltext = FullText(Path(folder) / "tantivy")
        fulltext.add(entries)
        added = time.perf_counter()
        if arguments.postgresql:
            print(f"{len(entries) / (added - began):.0f} a second added to tantivy")
            beside_postgresql(arguments.postgresql, fulltext, entries, queries)
            return
        fts5 = FTS5(Path(folder) / "fts5.db", entries)
        print(f"{len(entries)} passages; added in a second: ", end="")
        print(f"{len(entries) / (added - began):.0f} to tantivy, ", end="")
        print(f"{len(entries) / (time.perf_counter() - added):.0f} to FTS5")
        tantivy = milliseconds(partial(fulltext.search, limit=BEST), queries)
        show("tantivy", tantivy)
        for name, selection in SELECTIONS.items():
            search = partial(fulltext.search, limit=BEST, selection=selection)
            show(f"tantivy, {name}", milliseconds(search, queries))
        sqlite = milliseconds(fts5.search, queries)
        show("FTS5", sqlite)
        ratio = statistics.median(sqlite) / statistics.median(tantivy)
        print(f"FTS5 takes {ratio:.1f} times as long")


if __name__ == "__main__":
    main()
