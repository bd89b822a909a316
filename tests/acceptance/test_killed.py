"""Taking pages in may be killed at any moment: run again, and the archive is as if it hadn't been."""

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from library import COURIER, COURIER_METS
from running import ROOT
from sqlalchemy import text
from toy import ToyEmbeddings

from vectorstore.articles import Article
from vectorstore.catalogue import Catalogue, connect
from vectorstore.fulltext import FullText
from vectorstore.ingest import Indexer, ingest, offered
from vectorstore.store import PassageStore

KILLS = 22
TAKE_IN = """
import sys
from pathlib import Path

from test_killed import take_in

take_in(Path(sys.argv[1]), Path(sys.argv[2]), lambda: print("begun", flush=True))
"""


class Archive:
    """A catalogue with real full text and vectors in one folder."""

    def __init__(self, home: Path) -> None:
        home.mkdir(exist_ok=True)
        self.catalogue = Catalogue(connect(f"sqlite:///{home / 'catalogue.db'}"))
        self.store = PassageStore(ToyEmbeddings(), home / "vectors", model="toy")
        self.fulltext = FullText(home / "fulltext")
        self.indexer = Indexer(self.catalogue, self.store, self.fulltext)

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()
        self.catalogue.engine.dispose()


def take_in(home: Path, pages: Path, begin: Callable[[], None] = lambda: None) -> None:
    """Take a folder of pages into an archive, and index it."""
    with Archive(home) as archive:
        begin()
        for offer in offered(pages):
            ingest(archive.catalogue, offer)
        archive.indexer.reconcile()
        while archive.indexer.step(batch=8):
            pass


def write_pages(folder: Path, edition: int) -> None:
    """Two issues of four pages with a jump each; the second edition changes, adds and moves.

    Of the later issues only the first page marks the jump. A third paper lies as ALTO pages there,
    which a METS file binds in the second edition.
    """
    folder.mkdir(exist_ok=True)
    for name, data in (COURIER | ({"mets.xml": COURIER_METS} if edition else {})).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    for issue in range(2 + edition):
        day = f"2024-05-{10 + issue}"
        for page in range(1, 5):
            news = "".join(
                f"第{issue}-{page}-{item}件新闻\n\n"
                f"本报讯(记者 祝清和)鹤汀大桥第{issue}{page}{item}号桥墩昨日浇筑完毕,用了{edition + item}天。"
                f"施工队接着准备下一座,编号{issue * 100 + page * 10 + item}。\n\n"
                for item in range(2)
            )
            jump = {1: "\n\n(下转03版)", 3: ""}.get(page, "")
            mark = "东埠要闻" if issue else "(上接01版)"
            rest = f"{mark}\n\n桥接上,请读者留意。\n\n" if page == 3 else ""
            torn = "东埠要闻\n\n本报讯 施工队将把南岸的引" if page == 1 else ""
            text = f"{rest}{news}{torn}{jump}"
            if edition and issue == 0 and page in {1, 2}:
                text = text.replace("昨日", "今晨")
            (folder / f"{day}-{page:02}.txt").write_text(text, encoding="utf-8")


def taking_in(home: Path, pages: Path) -> "subprocess.Popen[str]":
    """Another process that takes pages in, begun when this returns."""
    path = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests/acceptance")]
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_IN, str(home), str(pages)],
        env={"PYTHONPATH": ":".join(path), "PATH": ""},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    return process


def held(home: Path) -> tuple[object, ...]:
    """All that an archive holds, but for numbers and times of its own."""
    with Archive(home) as archive:
        assert archive.indexer.agree()
        with archive.catalogue.engine.connect() as connection:
            rows = [
                {**row, "source_id": row["origin"]}
                for table in ("articles", "halves")
                for row in connection.execute(
                    text(
                        f"SELECT t.*, s.origin FROM {table} t JOIN sources s ON s.id = t.source_id"
                    )
                ).mappings()
            ]
            of_sources = "SELECT origin, file, sha256, given, whole, issued FROM sources"
            files = sorted(map(repr, connection.execute(text(of_sources))))
            cut = sorted(map(repr, connection.execute(text("SELECT * FROM passages"))))
        near = archive.store.nearest("鹤汀大桥桥墩", 40)
        found = archive.fulltext.search("鹤汀大桥 桥墩", 400)
        return sorted(map(repr, rows)), files, cut, sorted(near), sorted(map(repr, found.words))


@contextmanager
def reading(home: Path) -> Iterator[list[Article]]:
    """Read the catalogue all the while, as a service does; gives what it saw."""
    seen: dict[tuple[str, str], Article] = {}
    faults: list[Exception] = []
    stop = Event()
    shown: list[Article] = []

    def read() -> None:
        catalogue = Catalogue(connect(f"sqlite:///{home / 'catalogue.db'}"))
        while not stop.wait(0.01):
            try:
                for each in catalogue.articles(limit=100)[0]:
                    seen[each.id, each.text] = each
            except Exception as error:  # noqa: BLE001 - whatever a service could have met
                faults.append(error)
        catalogue.engine.dispose()

    reader = Thread(target=read)
    reader.start()
    try:
        yield shown
    finally:
        stop.set()
        reader.join()
        shown += seen.values()
    assert faults == []


@pytest.mark.endurance
def test_an_archive_killed_at_any_moment_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    chance = random.Random(7)
    pages, before = tmp_path / "pages", tmp_path / "before"
    write_pages(pages, 0)
    take_in(before, pages)
    write_pages(pages, 1)
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(before, undisturbed)
    with taking_in(undisturbed, pages) as process:
        begun = time.monotonic()
    seconds = time.monotonic() - begun
    wanted = held(undisturbed)
    whole = set()
    for home in (before, undisturbed):
        with Archive(home) as archive:
            whole |= {(each.id, each.text) for each in archive.catalogue.articles(limit=100)[0]}

    killed = 0
    for at in range(KILLS):
        home = tmp_path / f"killed-{at}"
        shutil.copytree(before, home)
        with reading(home) as shown:
            with taking_in(home, pages) as process:
                begun = time.monotonic()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.9 * seconds * (at + chance.random()) / KILLS)
                    seconds = time.monotonic() - begun  # sooner than the first: it had to wait
                process.kill()
            killed += process.returncode == -signal.SIGKILL
            take_in(home, pages)
        assert held(home) == wanted
        halves = {each.id for each in shown if each.continued_from or each.continued_to}
        assert {(each.id, each.text) for each in shown if each.id not in halves} <= whole
        shutil.rmtree(home)
    assert killed >= 20
