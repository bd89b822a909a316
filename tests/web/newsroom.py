"""A newspaper of four articles in a real catalogue, and an answerer that needs no model.

The answerer quotes the sentence that shares most pairs of letters with the question, and takes 上周 for
the week in which the bridge was in the paper. Catalogue,
ledger, citations and events are the real ones.
"""

import io
import secrets
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from threading import Event as Latch
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING

import databases
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import Engine
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from qa.answering import AnswerEvent, CitationEvent, Delta, Event, SearchEvent
from qa.answers import Answer, Citation, Question, Searched, Sentence
from qa.checking import Checker
from qa.citing import cite
from qa.ledger import Ledger
from qa.suggesting import Suggested
from vectorstore.articles import Article, BlockKind, Passage, Source, article_id, digest, join
from vectorstore.catalogue import Catalogue
from vectorstore.fulltext import WordIndex
from vectorstore.ingest import Given, Report, entry_of, ingest, uploaded
from vectorstore.page_images import PageImages
from vectorstore.search import Hit
from vectorstore.selection import Selection
from vectorstore.sentences import sentences
from vectorstore.words import bigrams
from web.jobs import Jobs
from web.register import Keys, Repeats, Uploads

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEY = "a key of some length"
"""The operator's, where a test sets one."""

BRIDGE = "青石桥昨日合龙，桥长一千二百六十米。通车时间定在明年五月。"
HOSTILE = "<script>document.title = 'taken'</script> 书店开张时来了三百位读者。"


def printed(
    name: str,
    headline: tuple[str, ...],
    *blocks: tuple[BlockKind, str],
    issued: date | None = None,
    told: str | None = None,
    page: str | None = None,
    publication: str = "临湖晚报",
    byline: tuple[str, ...] = (),
) -> Article:
    text, laid = join(blocks)
    source = Source(f"{name}.txt", digest(name, text))
    return Article(
        id=article_id(source, 1),
        headline=headline,
        byline=byline,
        publication=publication,
        issued=issued,
        date=told,
        page=page,
        text=text,
        blocks=laid,
        source=source,
    )


BRIDGE_NEWS = printed(
    "bridge",
    ("一桥飞架南北", "青石桥合龙"),
    (BlockKind.PARAGRAPH, f"本报讯 {BRIDGE}"),
    (BlockKind.CAPTION, "工人在桥面上合影。 何望 摄"),
    (BlockKind.HEADING, "三年施工"),
    (BlockKind.PARAGRAPH, "建桥用了三年，工人最多时有八百人。"),
    (BlockKind.CREDIT, "（本报综合）"),
    issued=date(2023, 10, 12),
    told="2023-10-11",
    page="01",
    byline=("何望",),
)
BOOKSHOP_NEWS = printed(
    "bookshop",
    ("<b>书店</b>开张",),
    (BlockKind.PARAGRAPH, HOSTILE),
    issued=date(2023, 10, 12),
    told="2023-10-12",
    page="02",
)
UNDATED_NEWS = printed(
    "undated",
    ("渡口停航",),
    (BlockKind.PARAGRAPH, "七月十四日起，老渡口停航，渡船送进博物馆。"),
    told="XXXX-07-14",
    publication="旧闻",
)
LATER_NEWS = printed(
    "later",
    ("湖滨公园扩建",),
    (BlockKind.PARAGRAPH, "湖滨公园扩建四公顷，种下水杉两千株。"),
    issued=date(2024, 3, 2),
    told="2024-03-01",
    page="01",
)
NEWS = (BRIDGE_NEWS, BOOKSHOP_NEWS, UNDATED_NEWS, LATER_NEWS)

FERRY = (
    "老渡口恢复夜航",
    "本报讯(记者 何望)10月11日,老渡口恢复夜间渡轮,",
    "首班船在晚上七点开出,载客一百二十人。",
    "渡轮每半小时一班,末班船在十一点。",
    "图书馆延长开放",
    "本报讯(记者 何望)10月11日起,区图书馆开放到晚上九点。",
    "馆方添置了两百个座位。",
)
STEP = 22
"""How far below each other the lines of a printed page stand."""


def page_of(*lines: str) -> bytes:
    """A PDF of one page, its headlines in large letters."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(400, 500), invariant=True)
    for row, line in enumerate(lines):
        canvas.setFont("STSong-Light", 20 if len(line) < 8 else 10)
        canvas.drawString(40, 440 - STEP * row, line)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


ENOUGH = 3
LAST_WEEK = (date(2023, 10, 9), date(2023, 10, 15))
FAULT = RuntimeError("the ink in /secret/place has run out")


class LetterAnswerer:
    def __init__(self, catalogue: Catalogue, ledger: Ledger) -> None:
        self.catalogue = catalogue
        self.ledger = ledger
        self.fault: Exception | None = None
        self.held = Latch()
        self.held.set()

    def answer(self, question: Question) -> Answer:
        *_, last = self.events(question)
        assert isinstance(last, AnswerEvent)
        return last.answer

    def events(self, question: Question) -> Iterator[Event]:
        since, until = question.since, question.until
        counted = question.narrowing and "上周" in question.text and not (since or until)
        if counted:
            since, until = LAST_WEEK
        selection = Selection(since=since, until=until, publication=question.publication)
        alone = f"{question.history[-1].question} {question.text}" if question.history else ""
        hits = self._nearest(question.text, selection, 3)
        searched = Searched(
            passages=self.catalogue.passages_in(selection),
            since=since,
            until=until,
            publication=question.publication,
            counted=counted,
        )
        self.held.wait()
        yield SearchEvent(searched, alone or question.text, tuple(hit for _, hit in hits))
        if self.fault:
            raise self.fault
        answered = bool(hits) and hits[0][0] >= ENOUGH
        if answered:
            found = hits[0][1]
            article = self.catalogue.article(found.article.id)
            assert article
            citation = cite(article, found.start, found.end, 1)
            yield CitationEvent(citation)
            text = f"{citation.quote}[1]"
        else:
            text = "报里没有说。"
        for at in range(0, len(text), 9):
            yield Delta(text[at : at + 9])
            self.held.wait()
        answer = Answer(
            id=secrets.token_hex(16),
            conversation=question.conversation or secrets.token_hex(16),
            question=question.text,
            standalone_question=alone or question.text,
            answered=answered,
            text=text,
            sentences=(Sentence(citation.quote, (1,)),) if answered else (),
            citations=(citation,) if answered else (),
            searched=searched,
            related=() if answered else tuple(hit for _, hit in hits),
            timings_ms={"search": 3, "write": 1, "total": 4},
        )
        self.ledger.keep(answer)
        yield AnswerEvent(answer)

    def search(self, query: str, selection: Selection, limit: int) -> list[tuple[float, Citation]]:
        found = self._nearest(query, selection, limit)
        self.ledger.keep_citations([citation for _, citation in found])
        return found

    def _nearest(
        self, query: str, selection: Selection, limit: int
    ) -> list[tuple[float, Citation]]:
        asked = set(bigrams(query))
        articles, _ = self.catalogue.articles(selection=selection, limit=100)
        hits = [
            (float(len(asked.intersection(bigrams(article.text[start:end])))), article, start, end)
            for article in articles
            for block in article.blocks
            if block.kind is not BlockKind.HEADING
            for start, end in sentences(article.text[block.start : block.end], block.start)
            if end - start <= 240
        ]
        hits.sort(key=lambda hit: -hit[0])
        return [(score, cite(article, start, end)) for score, article, start, end in hits[:limit]]


@dataclass
class LetterSearcher:
    """Finds passages by the letters that they share with a query."""

    answerer: LetterAnswerer

    def search(self, query: str, *, limit: int) -> list[Hit]:
        found = self.answerer._nearest(query, Selection(), limit)
        return [
            Hit(Passage(each.id, each.article.id, each.start, each.end, "", each.quote), score)
            for score, each in found
        ]


@dataclass
class Desk:
    """What the web works with, without a model."""

    engine: Engine
    key: str | None = None
    missing: str | None = None
    images: Path | None = None

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.engine, PageImages(self.images) if self.images else None)

    @cached_property
    def fulltext(self) -> WordIndex:
        """Of what is printed when it is first asked for."""
        folder = Path(self.engine.url.database or "").with_name(f"words-{secrets.token_hex(4)}")
        fulltext = databases.fulltext(folder)
        fulltext.add(entry_of(each.entry_id, [each]) for each in self.catalogue.pending(1000))
        return fulltext

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.engine, self.catalogue)

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.engine, self.key, "the commands' own")

    @cached_property
    def repeats(self) -> Repeats:
        return Repeats(self.engine)

    @cached_property
    def answerer(self) -> LetterAnswerer:
        return LetterAnswerer(self.catalogue, self.ledger)

    @cached_property
    def checker(self) -> Checker:
        return Checker(self.catalogue, LetterSearcher(self.answerer), self.ledger)  # type: ignore[arg-type]

    @cached_property
    def jobs(self) -> Jobs:
        made = Jobs(Uploads(self.engine), self.ingest)
        made.start(timedelta(0))
        return made

    def read_all(self) -> None:
        """Come back when all that was uploaded is read."""
        until = monotonic() + 30
        while self.jobs.unfinished:
            assert monotonic() < until
            sleep(0.01)

    def close(self) -> None:
        """Let go of the database."""
        if "jobs" in self.__dict__:
            self.jobs.close()
        self.engine.dispose()

    def ingest(self, name: str, data: bytes, given: Given) -> Iterator[Report]:
        refused: list[Report] = []
        origin = f"upload:{digest(name, data)}"
        for offer in uploaded(data, origin, name, given, refused.append):
            yield ingest(self.catalogue, offer)
        yield from refused

    def remove(self, article_ids: list[str]) -> int:
        with self.catalogue.writing() as connection:
            self.ledger.redact(connection, article_ids)
            gone = self.catalogue.drop(connection, article_ids)
        self.catalogue.wipe()
        return gone

    def remove_kept(self, article_id: str) -> None:
        """Take an article out as a new reading of its file does: what was quoted stays."""
        with self.catalogue.writing() as connection:
            self.catalogue.drop(connection, [article_id])

    def ready(self) -> str | None:
        return self.missing

    def suggestions(self) -> list[str]:
        return ["青石桥的桥长多少米？", "建桥用了几年？"]

    def questions_on(self, article_ids: Iterable[str]) -> Iterator[Suggested]:
        if BRIDGE_NEWS.id in article_ids:
            for question, words in (
                ("青石桥有多长？", "桥长"),
                ("何时通车？", "通车时间"),
                ("建桥用了几年？", "建桥"),
            ):
                at = BRIDGE_NEWS.text.index(words)
                yield Suggested(question, BRIDGE_NEWS.id, at, at + len(words))

    def print(self, article: Article) -> None:
        self.catalogue.put(article.source.file, "{}", [article])


@contextmanager
def served(app: "WSGIApplication") -> Iterator[str]:
    """The address at which an application is served for as long as this lasts.

    The server reads on after a response, and leaves it open where a browser hung up meanwhile: the
    file behind it, then, is closed here.
    """

    def closed(environ: "WSGIEnvironment", start: "StartResponse") -> Iterator[bytes]:
        with closing(ClosingIterator(app(environ, start))) as response:
            yield from response

    server = make_server("127.0.0.1", 0, closed, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
