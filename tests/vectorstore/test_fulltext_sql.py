"""PostgreSQL's full text finds what tantivy's does, in its order."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import databases
import pytest
from sqlalchemy import Engine, text

from vectorstore.catalogue import Catalogue, connect
from vectorstore.dialects import opened
from vectorstore.fulltext import Entry, FullText
from vectorstore.fulltext_sql import SharedFullText
from vectorstore.ingest import Given, entry_of, ingest, offered
from vectorstore.selection import Selection

pytestmark = pytest.mark.engines

ROOT = Path(__file__).parents[2]
QUERIES = [
    "大桥什么时候合龙",
    "谁主持了防汛会议",
    "小学新校区能容纳多少个班",
    "2024年5月的夜市",
    "图书馆开放时间延长到几点",
    "How long is the bridge?",
    "记者 报道",
    "the of and",
]
SELECTIONS = [
    Selection(),
    Selection(since=date(2024, 5, 1), until=date(2024, 5, 16)),
    Selection(publication="云川日报"),
]


@pytest.fixture
def engine(postgresql: databases.Server, tmp_path: Path) -> Iterator[Engine]:
    engine = opened(postgresql.url(databases.name_of(tmp_path)))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    """The passages of the sample newspaper."""
    catalogue = Catalogue(connect(f"sqlite:///{tmp_path_factory.mktemp('sample') / 'c.db'}"))
    for offer in offered(ROOT / "sample", Given(), lambda _: None):
        ingest(catalogue, offer)
    found = catalogue.pending(10_000)
    catalogue.engine.dispose()
    return [
        entry_of(each.entry_id, [each]) for each in {each.entry_id: each for each in found}.values()
    ]


def test_both_rank_the_same_passages_alike(
    engine: Engine, tmp_path: Path, printed: Sequence[Entry]
) -> None:
    shared, local = SharedFullText(engine), FullText(tmp_path / "words")
    assert len(printed) > 50
    for each in (shared, local):
        each.add(printed)
    for query in QUERIES:
        for selection in SELECTIONS:
            ours = shared.search(query, 1_000, selection)
            theirs = local.search(query, 1_000, selection)
            for our, their in ((ours.words, theirs.words), (ours.bigrams, theirs.bigrams)):
                assert dict(our) == pytest.approx(dict(their), rel=1e-4)
                assert [score for _, score in our] == sorted(dict(our).values(), reverse=True)
            held = set(local.holding(query, 1_000, selection))
            assert set(shared.holding(query, 1_000, selection)) == held
    assert shared.search(QUERIES[0], 3).words == shared.search(QUERIES[0], 1_000).words[:3]


@pytest.mark.parametrize("only", "大市区校开员")
def test_a_single_character_is_found_wherever_it_stands(
    engine: Engine, tmp_path: Path, printed: Sequence[Entry], only: str
) -> None:
    shared, local = SharedFullText(engine), FullText(tmp_path / "words")
    for each in (shared, local):
        each.add(printed)
    found = set(shared.holding(only, 1_000))
    assert found == set(local.holding(only, 1_000))
    assert found == {each.id for each in printed if only in each.heading + each.text}


def test_lengths_are_counted_as_tantivy_keeps_them(engine: Engine, tmp_path: Path) -> None:
    shared, local = SharedFullText(engine), FullText(tmp_path / "words")
    entries = [Entry(f"{length}", "桥 " * length) for length in (1, 39, 41, 57, 90, 300, 5_000)]
    for each in (shared, local):
        each.add(entries)
    told = dict(local.search("桥", 10).words)
    assert dict(shared.search("桥", 10).words) == pytest.approx(told, rel=1e-4)


def test_terms_that_are_long_or_torn_are_kept(engine: Engine) -> None:
    shared = SharedFullText(engine)
    shared.add([Entry("long", f"{'a' * 9_000} b\0c", "大\0桥", publications=("报" * 9_000,))])
    assert shared.holding("a" * 9_000, 5) == ("long",)
    assert shared.search("a" * 9_000, 5, Selection(publication="报" * 9_000)).words


def test_what_is_of_another_version_begins_empty(engine: Engine) -> None:
    shared = SharedFullText(engine)
    shared.add([Entry("one", "大桥。")])
    assert SharedFullText(engine).count() == 1
    with engine.begin() as connection:
        connection.execute(text("COMMENT ON TABLE fulltext_postings IS 'of before'"))
    assert SharedFullText(engine).count() == 0


def test_what_was_removed_leaves_no_term(engine: Engine) -> None:
    shared = SharedFullText(engine)
    shared.add([Entry("one", "大桥。", days=("2024-05-16",), publications=("云川日报",))])
    shared.remove(["one"])
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM fulltext_postings")) == 0
