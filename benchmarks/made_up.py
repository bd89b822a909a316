"""An archive of any size, of made-up articles and vectors, written by Baowen's own code.

Words and their frequencies are those of our own fiction; names are put together at random. Each
article is of one of many subjects, whose articles share names and words, and has some of its own.
A vector is made of its text's words, with the spectrum and the likenesses that the bundled model
gives to articles: what is near shares rare words, and there are clusters as in a real archive.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import accumulate, count
from pathlib import Path
from random import Random
from zlib import crc32

import numpy as np
from langchain.embeddings import Embeddings
from sqlalchemy import update
from tqdm import tqdm

from vectorstore.articles import Article, BlockKind, Source, article_id, join
from vectorstore.catalogue import Catalogue, connect
from vectorstore.fulltext import FullText
from vectorstore.ingest import Indexer
from vectorstore.search import Searcher
from vectorstore.selection import Selection
from vectorstore.store import PassageStore
from vectorstore.tables import texts
from vectorstore.words import is_chinese, words

FICTION = Path(__file__).parent / "papers"
PAPERS = ("甲城日报", "乙城晚报", "丙城时报")
FIRST, DAYS = date(2010, 1, 1), 3652
"""An archive is of these ten years, however large it is."""
_A_PAGE, _OF_A_SUBJECT = 10, 60
"""Articles."""
_COMMON, _FALL = 0.92, 75.0
"""Length of the part that all vectors share; dimensions in which the variance falls to 1/e.

Of the bundled model's vectors of 900 paragraphs of our fiction, these are .92 and 75; two of
them have a cosine of .85 (median), a paragraph and the nearest other .93, and the tenth .89."""
_DIRECTIONS = 1 << 16
"""That words point in, told by their checksum."""
_PAGES_AT_ONCE, _AT_ONCE = 120, 5000
"""Pages that are taken in, and passages that are indexed, in a batch: no model is waited for."""


class Vectors(Embeddings):
    """A text's vector is the sum of its words', the rare ones more, beside what all share."""

    def __init__(self, dimensions: int = 384) -> None:
        rng = np.random.default_rng(1)
        common = rng.normal(size=dimensions).astype(np.float32)
        self._common = _COMMON * common / np.linalg.norm(common)
        self._directions = rng.standard_normal((_DIRECTIONS, dimensions), np.float32)
        self._directions *= np.exp(-np.arange(dimensions, dtype=np.float32) / (2 * _FALL))
        self._kept = lru_cache(10_000)(self._vector)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One a text, of length one."""
        return [self._vector(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """One of length one, kept: what is measured is a search without it."""
        return self._kept(text)

    def _vector(self, text: str) -> list[float]:
        told, known = words(text), lexicon()
        rare = np.array([(1 + known[word]) ** -0.5 for word in told], np.float32)
        own = rare @ self._directions[[crc32(word.encode()) % _DIRECTIONS for word in told]]
        vector = self._common + (1 - _COMMON**2) ** 0.5 * own / (np.linalg.norm(own) or 1)
        unit: list[float] = (vector / np.linalg.norm(vector)).tolist()
        return unit


@cache
def lexicon() -> Counter[str]:
    """The Chinese words of our own fiction, and how often each is in it."""
    told = Counter[str]()
    for path in sorted(FICTION.rglob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for line in lines:
            if line[:1] not in "@?!":  # which are days and questions
                told.update(filter(is_chinese, words(line)))
    return told


@cache
def _frequent() -> tuple[list[str], list[int]]:
    every = lexicon()
    return list(every), list(accumulate(every.values()))


def _told(rng: Random, count: int) -> list[str]:
    every, weights = _frequent()
    return rng.choices(every, cum_weights=weights, k=count)


def _name(rng: Random) -> str:
    return "".join(rng.choices("岑祝何闻季乔芮简宋鹤汀满望褚郗佟麻濮蔺霁澜棹阚俞计", k=3))


def article(number: int) -> Article:
    """The article of this number, always the same: of some 700 characters."""
    rng = Random(number)
    subject = Random(f"subject {number // _OF_A_SUBJECT if number % 3 else number % 997}")
    every, _ = _frequent()
    names = [_name(subject) for _ in range(5)]
    of_subject = [subject.choice(every) for _ in range(60)]
    own = [*(rng.choice(every) for _ in range(12)), _name(rng)]

    def sentence() -> str:
        told = [
            *_told(rng, 9),
            *rng.choices(of_subject, k=5),
            *rng.choices(own, k=2),
            rng.choice(names),
            str(rng.randrange(1, 5000)),
        ]
        rng.shuffle(told)
        return f"{''.join(told[:9])},{''.join(told[9:])}。"

    page = number // _A_PAGE
    issued = FIRST + timedelta(Random(page).randrange(DAYS))
    position = number % _A_PAGE + 1
    source = Source(f"{page}.txt", f"{page:064x}")
    text, blocks = join(
        [
            (BlockKind.PARAGRAPH, "".join(sentence() for _ in range(rng.randrange(2, 7))))
            for _ in range(4)
        ]
    )
    return Article(
        id=article_id(source, position),
        headline=("".join((rng.choice(names), *rng.choices(of_subject, k=3), *own[:2])),),
        publication=PAPERS[page % len(PAPERS)],
        issued=issued,
        date=(issued - timedelta(rng.randrange(2))).isoformat(),
        page=f"{page % 16 + 1:02d}",
        position=position,
        text=text,
        blocks=blocks,
        source=source,
    )


def question(rng: Random, articles: int) -> str:
    """A question about one of so many articles, in some of the words of one of its sentences."""
    found = article(rng.randrange(articles))
    sentence = rng.choice(re.findall(r"[^。\n]+。", found.text))
    told = [each for each in words(sentence) if is_chinese(each) and len(each) > 1]
    return "".join((*rng.sample(told, min(5, len(told))), "是多少?"))


@dataclass(frozen=True, slots=True)
class Archive:
    """What the service works with, but for the model."""

    catalogue: Catalogue
    store: PassageStore
    fulltext: FullText

    @property
    def searcher(self) -> Searcher:
        """What finds passages."""
        return Searcher(self.store, self.fulltext, self.catalogue)

    def close(self) -> None:
        """Let go of the files."""
        self.store.close()
        self.catalogue.engine.dispose()


def opened(home: Path, model: str = "made up") -> Archive:
    """Open the archive in a folder laid out as ``BAOWEN_HOME`` is, or begin one."""
    home.mkdir(parents=True, exist_ok=True)
    catalogue = Catalogue(connect(f"sqlite:///{home / 'catalogue.db'}"))
    store = PassageStore(Vectors(), home / "vectors", model=model)
    return Archive(catalogue, store, FullText(home / "fulltext"))


def fill(archive: Archive, passages: int) -> None:
    """Take pages in until there are so many passages, and index them.

    No text is compared with the others for being a reprint, since none is one.
    """
    indexer = Indexer(archive.catalogue, archive.store, archive.fulltext)
    counts = archive.catalogue.counts()
    with tqdm(total=passages, initial=counts.passages, unit=" passages", mininterval=10) as bar:
        for page in count(counts.articles // _A_PAGE):
            if bar.n >= passages:
                break
            found = [article(page * _A_PAGE + at) for at in range(_A_PAGE)]
            archive.catalogue.put(f"/made-up/{page}.txt", "{}", found)
            if page % _PAGES_AT_ONCE == 0:
                bar.update(_indexed(archive, indexer) - bar.n)
    _indexed(archive, indexer)


def _indexed(archive: Archive, indexer: Indexer) -> int:
    with archive.catalogue.writing() as connection:
        connection.execute(update(texts).where(~texts.c.compared).values(compared=True))
    while indexer.step(_AT_ONCE):
        pass
    return archive.catalogue.passages_in(Selection())
