"""How long it takes to look through a large archive: made-up articles, each query of the browse page.

    python benchmarks/browse.py --articles 100000

The articles are put into the tables straight away, without passages: reading them in is measured elsewhere.
"""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from sqlalchemy import Engine, insert

from vectorstore.articles import Article, Block, BlockKind, Source, article_id
from vectorstore.catalogue import Catalogue, _place, _row, connect, in_turn
from vectorstore.selection import Selection
from vectorstore.shelves import Shelf
from vectorstore.tables import articles, sources

PAPERS = ("甲城日报", "乙城晚报", "Third City Courier")
SECTIONS = ("要闻", "民生", "文体", "副刊", "读者来信", "城事", "经济", "科教")
FIRST = date(1990, 1, 1)
A_DAY = 30


def made_up(count: int, seed: int = 1) -> Iterator[Article]:
    """Articles of three papers that come out on six days of the week, some thirty of each a day."""
    rng = random.Random(seed)
    names = ["".join(rng.choices("岑祝何闻季乔芮简宋鹤汀清和满望", k=3)) for _ in range(400)]
    characters = [chr(code) for code in rng.sample(range(0x4E00, 0x4E00 + 6000), 2000)]
    issues = (
        (FIRST + timedelta(at), paper)
        for at in range(60_000)
        if (FIRST + timedelta(at)).weekday() != 6
        for paper in PAPERS
    )
    for number in range(count):
        position = number % A_DAY + 1
        if position == 1:
            issued, paper = next(issues)
        text = "".join(rng.choices(characters, k=600)) + "。"
        source = Source(f"{issued}-{paper}.txt", f"{number:064x}")
        yield Article(
            id=article_id(source, position),
            kicker=(rng.choice(SECTIONS),) if rng.random() < 0.4 else (),
            headline=("".join(rng.choices(characters, k=12)),),
            byline=tuple(rng.sample(names, rng.choice((0, 1, 1, 2)))),
            publication=paper,
            issued=issued,
            date=(issued - timedelta(rng.randrange(3))).isoformat(),
            page=f"{position // 5 + 1:02d}",
            position=position,
            text=text,
            blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),),
            source=source,
        )


def fill(engine: Engine, found: Iterator[Article]) -> None:
    """Put articles into the catalogue's tables."""
    file: dict[str, Any] = {"id": 1, "origin": "/made-up", "file": "made-up", "sha256": "0" * 64}
    with engine.begin() as connection:
        connection.execute(insert(sources).values(**file, given="{}", read_at=date.today()))
    for some in in_turn(found):
        rows = [_row(each, 1) | {"place": _place(each), "text_id": each.id} for each in some]
        with engine.begin() as connection:
            connection.execute(insert(articles), rows)


def median(do: Callable[[], object], times: int = 7) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        do()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Fill a catalogue and ask it what the page asks."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/catalogue.db")
        fill(engine, made_up(asked.articles))
        catalogue = Catalogue(engine)
        _, last = catalogue.days_of_issue() or (FIRST, FIRST)
        year = date(last.year, 1, 1), date(last.year, 12, 31)
        month = Selection(since=last.replace(day=1), until=last)
        name = catalogue.facets(Shelf()).bylines[0].value
        for title, do in (
            ("first and last day", catalogue.days_of_issue),
            ("years", catalogue.years),
            ("years of a paper", lambda: catalogue.years(PAPERS[0])),
            ("a year's calendar", lambda: catalogue.calendar(*year)),
            ("a year's calendar of a paper", lambda: catalogue.calendar(*year, PAPERS[0])),
            ("an issue", lambda: catalogue.issue(last, PAPERS[0])),
            ("issues beside", lambda: catalogue.issues_beside(last, PAPERS[0])),
            ("publications", catalogue.publications),
            ("facets of all", lambda: catalogue.facets(Shelf())),
            ("facets of a month", lambda: catalogue.facets(Shelf(selection=month))),
            (
                "facets of a paper",
                lambda: catalogue.facets(Shelf(selection=Selection(publication=PAPERS[0]))),
            ),
            ("facets of a name", lambda: catalogue.facets(Shelf(byline=name))),
            ("facets of a section", lambda: catalogue.facets(Shelf(section="副刊"))),
            ("facets of a page", lambda: catalogue.facets(Shelf(page="03"))),
            ("the first articles", catalogue.articles),
            ("the first of a month", lambda: catalogue.articles(selection=month)),
            ("the first of a name", lambda: catalogue.articles(byline=name)),
        ):
            print(f"{title:32} {median(do):8.1f} ms")
        engine.dispose()


if __name__ == "__main__":
    main()
