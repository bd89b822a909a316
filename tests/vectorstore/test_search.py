from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import databases
import pytest
from fiction import BRIDGE, SCHOOL, article
from toy import ToyEmbeddings

from vectorstore.articles import Article, Source
from vectorstore.catalogue import Catalogue, connect
from vectorstore.fulltext import Entry, WordIndex
from vectorstore.ingest import Indexer
from vectorstore.search import Hit, Searcher, fuse
from vectorstore.selection import Selection
from vectorstore.store import PassageStore


@dataclass
class Archive:
    catalogue: Catalogue
    store: PassageStore
    fulltext: WordIndex
    files: int = 0

    def put(self, *found: Article, embedded: bool = True, told: bool = True) -> None:
        self.files += 1
        self.catalogue.put(f"/paper/{self.files}.txt", "{}", found)
        added = self.catalogue.pending(10_000)
        while Indexer(self.catalogue, self.store, self.fulltext).step():
            pass
        if not embedded:
            self.store.remove(each.vector_id for each in added)
        if not told:
            self.fulltext.remove(each.entry_id for each in added)

    def search(
        self, query: str | dict[str, float], limit: int = 20, **selection: object
    ) -> list[Hit]:
        searcher = Searcher(self.store, self.fulltext, self.catalogue)
        return searcher.search(query, selection=Selection(**selection), limit=limit)  # type: ignore[arg-type]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    catalogue = Catalogue(connect(databases.url(tmp_path / "catalogue.db")))
    store = PassageStore(ToyEmbeddings(), tmp_path / "vectors", model="toy")
    yield Archive(catalogue, store, databases.fulltext(tmp_path / "words"))
    store.close()
    catalogue.engine.dispose()


def source(name: str) -> Source:
    return Source(name, name.ljust(64, "0"))


def test_the_passage_that_answers_comes_first(archive: Archive) -> None:
    archive.put(BRIDGE, SCHOOL)
    hits = archive.search("新校区有多少个班")
    assert hits[0].passage.article_id == SCHOOL.id
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].similarity is not None
    assert hits[0].words is not None
    assert hits[0].bigrams is not None


def test_an_empty_archive_has_no_hits(archive: Archive) -> None:
    assert archive.search("大桥") == []


@pytest.mark.parametrize("query", ["", " \n", {}])
def test_a_query_of_nothing_has_no_hits(archive: Archive, query: str | dict[str, float]) -> None:
    archive.put(BRIDGE)
    assert archive.search(query) == []


def test_no_more_hits_than_asked_for(archive: Archive) -> None:
    archive.put(BRIDGE, SCHOOL)
    assert len(archive.search("大桥与小学", limit=1)) == 1


def test_what_reads_the_same_is_given_once(archive: Archive) -> None:
    reprint = article(*BRIDGE.text.split("\n"), source=source("1"))
    archive.put(BRIDGE)
    archive.put(reprint)
    texts = [hit.passage.text for hit in archive.search("大桥合龙")]
    assert texts
    assert len(texts) == len(set(texts))


def test_a_reprint_is_found_where_the_selection_leaves_the_first_out(archive: Archive) -> None:
    reprint = article(*BRIDGE.text.split("\n"), source=source("1"), publication="临湖晚报")
    archive.put(BRIDGE)
    archive.put(reprint)
    (hit,) = archive.search("大桥合龙", publication="临湖晚报")
    assert hit.passage.article_id == reprint.id


def test_two_wordings_find_what_each_alone_would_miss(archive: Archive) -> None:
    archive.put(BRIDGE, SCHOOL)
    first = {
        hit.passage.article_id
        for hit in archive.search({"大桥全长": 1.0, "小学班级": 0.25}, limit=2)
    }
    assert first == {BRIDGE.id, SCHOOL.id}


def test_a_wording_counts_what_it_is_given(archive: Archive) -> None:
    archive.put(BRIDGE, SCHOOL)
    for bridge, school, first in ((1.0, 0.25, BRIDGE), (0.25, 1.0, SCHOOL)):
        hits = archive.search({"大桥全长": bridge, "小学班级": school})
        assert hits[0].passage.article_id == first.id


def test_a_passage_not_yet_embedded_is_found_by_its_words(archive: Archive) -> None:
    archive.put(BRIDGE)
    archive.put(article("夜市重新开张。", source=source("1")), embedded=False)
    (hit,) = (each for each in archive.search("夜市开张") if each.passage.text == "夜市重新开张。")
    assert hit.words
    assert hit.similarity is None


def test_a_passage_without_full_text_is_found_by_its_meaning(archive: Archive) -> None:
    archive.put(BRIDGE, told=False)
    hit = archive.search("大桥合龙")[0]
    assert (hit.words, hit.bigrams) == (None, None)
    assert hit.passage.article_id == BRIDGE.id


def test_what_only_the_caches_still_hold_is_not_given(archive: Archive) -> None:
    archive.store.add({"gone": "大桥合龙"})
    archive.fulltext.add([Entry("gone", "大桥合龙")])
    assert archive.search("大桥合龙") == []


def test_hits_are_of_the_selection_alone(archive: Archive) -> None:
    archive.put(BRIDGE, SCHOOL)
    told = archive.search("大桥与小学", since=date(2024, 5, 1), until=date(2024, 5, 31))
    assert {hit.passage.article_id for hit in told} == {BRIDGE.id}
    assert archive.search("大桥", publication="无此报") == []


def test_the_one_article_of_a_day_is_found_among_very_many(archive: Archive) -> None:
    """The nearest in meaning are all of other days, so that it must be looked for by itself."""
    first = date(2020, 1, 1)
    archive.put(
        *(
            article(
                f"大桥合龙的第{at}条消息。",
                position=at,
                day=(first + timedelta(days=at)).isoformat(),
            )
            for at in range(600)
        )
    )
    archive.put(article("灯会开幕。", headline="灯会", source=source("1"), day="2024-02-24"))
    day = date(2024, 2, 24)
    (hit,) = archive.search("大桥合龙的消息", since=day, until=day)
    assert hit.passage.text == "灯会开幕。"
    assert hit.similarity is not None


def test_of_news_that_reads_alike_that_of_the_day_preferred_comes_first(archive: Archive) -> None:
    days = date(2024, 2, 24), date(2024, 5, 17)
    alike = [
        article(f"鹤汀大桥合龙{at}。", source=source(f"{at}"), day=str(day))
        for at, day in enumerate(days)
    ]
    archive.put(*alike, SCHOOL)
    searcher = Searcher(archive.store, archive.fulltext, archive.catalogue)
    for each, day in zip(alike, days, strict=True):
        hits = searcher.search("鹤汀大桥合龙", preferred=Selection(since=day, until=day))
        assert hits[0].passage.article_id == each.id
        assert len(hits) == 3


def test_fusing_prefers_what_more_lists_name() -> None:
    scores = fuse([(1, [("a", 3), ("b", 2.9), ("x", 0)]), (1, [("c", 7), ("b", 6.9), ("x", 1)])])
    assert max(scores, key=scores.__getitem__) == "b"
    assert fuse([]) == {}


def test_what_is_best_by_far_stays_ahead() -> None:
    close = [(name, 0.8 - at / 1000) for at, name in enumerate("bcdefgh")]
    scores = fuse([(1, [*close, ("a", 0.79), ("z", 0.7)]), (0.5, [("a", 15), ("b", 6), ("c", 5)])])
    assert max(scores, key=scores.__getitem__) == "a"
