"""What several papers print is one text with several places."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import permutations
from pathlib import Path
from time import perf_counter

import databases
import pytest
from fiction import BRIDGE, SCHOOL, article
from sqlalchemy import text
from toy import ToyEmbeddings
from wire import OTHERS, REPRINTS, set_otherwise, story

from vectorstore.articles import Article, Source
from vectorstore.catalogue import Catalogue, connect
from vectorstore.fulltext import WordIndex
from vectorstore.ingest import Indexer
from vectorstore.reprints import are_reprints, bands, prints, repeats, text_id
from vectorstore.search import Hit, Searcher
from vectorstore.selection import Selection
from vectorstore.store import PassageStore

PAIRS = 40
STORY = story(random.Random(5))


@dataclass
class Archive:
    catalogue: Catalogue
    embeddings: ToyEmbeddings
    store: PassageStore
    fulltext: WordIndex

    @classmethod
    def at(cls, folder: Path) -> "Archive":
        folder.mkdir(exist_ok=True)
        toy = ToyEmbeddings()
        return cls(
            Catalogue(connect(databases.url(folder / "catalogue.db"))),
            toy,
            PassageStore(toy, folder / "vectors", model="toy"),
            databases.fulltext(folder / "words"),
        )

    def close(self) -> None:
        self.store.close()
        self.catalogue.engine.dispose()

    def put(self, *found: Article) -> None:
        for each in found:
            self.catalogue.put(f"/paper/{each.source.file}", "{}", [each])
        self.index()

    def index(self) -> None:
        indexer = Indexer(self.catalogue, self.store, self.fulltext)
        while indexer.step(batch=3):
            pass
        assert indexer.agree()

    def remove(self, each: Article) -> None:
        with self.catalogue.writing() as connection:
            self.catalogue.drop(connection, [each.id])
        self.index()

    def search(self, query: str, limit: int = 20, **selection: object) -> list[Hit]:
        searcher = Searcher(self.store, self.fulltext, self.catalogue)
        return searcher.search(query, selection=Selection(**selection), limit=limit)  # type: ignore[arg-type]

    def reprints(self, each: Article) -> list[str]:
        return [other.id for other in self.catalogue.reprints_of([each.id]).get(each.id, ())]

    def _near(self) -> list[tuple[str, float]]:
        return [(name, round(score, 4)) for name, score in self.store.nearest("大桥", 100)]

    def state(self) -> tuple[object, ...]:
        """All that is kept of passages and reprints, but for numbers."""
        queries = (
            "SELECT id, entry_id, own_vector_id, vector_id, indexed FROM passages",
            "SELECT one.id, other.id FROM near_texts JOIN texts one ON one.number = near_texts.one "
            "JOIN texts other ON other.number = near_texts.other",
            "SELECT id, compared FROM texts",
        )
        with self.catalogue.engine.connect() as connection:
            rows = [sorted(map(repr, connection.execute(text(query)))) for query in queries]
        near = self._near()
        return rows, sorted(self.store.ids()), sorted(self.fulltext.ids()), sorted(near)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    archive = Archive.at(tmp_path / "archive")
    yield archive
    archive.close()


def printed(
    words: str,
    name: str,
    headline: str,
    publication: str = "云川日报",
    day: date = date(2024, 5, 17),
) -> Article:
    return article(
        *words.split("\n"),
        headline=headline,
        source=Source(f"{name}.txt", name.rjust(64, "0")),
        publication=publication,
        issued=day,
        day=day.isoformat(),
    )


FIRST = printed(STORY, "1", "江畔步道建成")
LATER = printed(STORY, "2", "散步有了新去处", "临湖晚报", date(2024, 5, 19))
CUT = printed(STORY[: STORY.rindex("\n")], "3", "步道来了", "北岸时报", date(2024, 5, 20))


# ---------------------------------------------------------------- the same words


@pytest.mark.parametrize("seed", range(20))
def test_how_words_are_set_makes_no_other_text(seed: int) -> None:
    chance = random.Random(seed)
    words = story(chance)
    one, other = (printed(each, "1", "甲") for each in (words, set_otherwise(chance, words)))
    assert one.text != other.text
    assert text_id(one) == text_id(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("投资1.5亿元", "投资15亿元", id="a decimal point"),
        pytest.param("气温-5度", "气温5度", id="a minus sign"),
        pytest.param("增长3%", "增长3", id="a share"),
        pytest.param("3、5号楼", "35号楼", id="two numbers"),
        pytest.param("the new ark", "then ewark", id="where English words end"),
    ],
)
def test_what_changes_a_figure_makes_another_text(one: str, other: str) -> None:
    first, second = (printed(f"{each},{STORY}", "1", "甲") for each in (one, other))
    assert text_id(first) != text_id(second)


def test_a_few_words_are_the_same_only_under_one_headline() -> None:
    one, other = (printed("详见第三版。", "1", headline) for headline in ("粮价", "水价"))
    assert text_id(one) != text_id(other)
    assert text_id(one) == text_id(printed("详见第三版", "2", "粮价"))


def test_a_quote_is_found_however_it_is_set() -> None:
    assert prints("大桥全长1,286米,主跨 320米。", "大桥全长１２８６米，主跨320米。")
    assert not prints("大桥全长1286米。", "全长128")


def test_what_is_printed_thrice_is_embedded_and_entered_once(archive: Archive) -> None:
    third = printed(set_otherwise(random.Random(2), STORY).replace("。 ", "。"), "4", "江畔")
    archive.put(FIRST, SCHOOL)
    once = archive.store.count(), archive.fulltext.count()
    archive.put(LATER, third)
    assert (archive.store.count(), archive.fulltext.count()) == once
    counts = archive.catalogue.counts()
    assert (counts.articles, counts.reprints) == (4, 3)
    assert counts.passages > counts.vectors


def test_each_paper_is_found_by_its_own_headline_and_filter(archive: Archive) -> None:
    archive.put(FIRST, LATER)
    assert archive.search("散步新去处")[0].passage.article_id in (FIRST.id, LATER.id)
    assert archive.search("散步新去处")[0].words
    for each in (FIRST, LATER):
        assert each.issued
        for selection in (
            {"publication": each.publication},
            {"since": each.issued, "until": each.issued},
        ):
            hits = archive.search("步道建成", **selection)
            assert {hit.passage.article_id for hit in hits} == {each.id}
    assert archive.search("步道", publication=FIRST.publication, since=date(2024, 5, 19)) == []


def test_the_first_that_printed_it_is_given_with_the_others(archive: Archive) -> None:
    archive.put(LATER, FIRST)
    for hit in archive.search("江畔步道"):
        assert hit.passage.article_id == FIRST.id
        assert {each.article_id for each in hit.places} == {FIRST.id, LATER.id} - {FIRST.id}


@pytest.mark.parametrize("gone", [FIRST, LATER], ids=["the first", "a later one"])
def test_what_one_paper_takes_back_the_other_keeps(archive: Archive, gone: Article) -> None:
    left = LATER if gone is FIRST else FIRST
    archive.put(FIRST, LATER)
    vectors = archive.store.count()
    archive.remove(gone)
    assert archive.store.count() == vectors
    hits = archive.search("江畔步道")
    assert {hit.passage.article_id for hit in hits} == {left.id}
    assert all(hit.similarity and not hit.places for hit in hits[:1])
    title = gone.headline[0]
    alone = set(title) - set(left.headline[0]) - set(STORY)
    assert alone
    assert archive.fulltext.search(title[-4:], 10).bigrams == () or gone is FIRST


def test_what_nobody_prints_any_more_leaves_nothing(archive: Archive) -> None:
    archive.put(FIRST, LATER, CUT)
    for each in (FIRST, LATER, CUT):
        archive.remove(each)
    with archive.catalogue.engine.connect() as connection:
        for table in ("texts", "text_bands", "near_texts", "removals", "passages"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0
    assert archive.store.count() == archive.fulltext.count() == 0


def test_in_whatever_order_papers_come_the_archive_is_the_same(tmp_path: Path) -> None:
    states = []
    for at, order in enumerate(permutations([FIRST, LATER, CUT, BRIDGE])):
        archive = Archive.at(tmp_path / str(at))
        archive.put(*order)
        if at % 2:  # one that goes and comes again
            archive.remove(order[0])
            archive.put(order[0])
        states.append(archive.state())
        archive.close()
        assert states[-1] == states[0], at


def test_a_vector_is_made_of_the_first_headline(archive: Archive) -> None:
    archive.put(LATER)
    archive.put(FIRST)
    embedded = archive.embeddings.seen
    assert all(seen.startswith("江畔步道建成") for seen in embedded[len(embedded) // 2 :])
    assert archive.store.count() == len(embedded) // 2


# ---------------------------------------------------------------- nearly the same words


@pytest.mark.parametrize("changed", REPRINTS.values(), ids=REPRINTS.keys())
def test_reprints_are_linked(changed: Callable[[random.Random, str], str]) -> None:
    chance = random.Random(11)
    told = [story(chance) for _ in range(PAIRS)]
    linked = sum(_linked(each, changed(chance, each)) for each in told)
    assert linked >= 0.85 * PAIRS


@pytest.mark.parametrize("written", OTHERS.values(), ids=OTHERS.keys())
def test_the_same_wording_of_other_facts_is_not_linked(
    written: Callable[[random.Random], tuple[str, str]],
) -> None:
    chance = random.Random(12)
    pairs = [written(chance) for _ in range(PAIRS)]
    wrong = sum(_linked(one, other) for one, other in pairs if one != other)
    named_alone = written is OTHERS["one wording, other names"]  # unknown names look like words
    assert wrong <= (0.25 * PAIRS if named_alone else 0)


ENGLISH = (
    "RIVERTON, July 14 - The night ferry to Grey Island will run again from Friday, the harbor "
    "office said. The boat was out of service for 19 months while its engine was replaced at a "
    "yard in Port Ellery. Captain Anna Holt said the new engine uses a third less fuel and is "
    "quiet enough to talk on deck. Tickets will cost 4 dollars, and children ride free until the "
    "end of August. Shopkeepers on the island expect more guests in the evening, and two inns "
    "have hired cooks for the season."
)


@pytest.mark.parametrize(
    ("other", "linked"),
    [
        pytest.param(ENGLISH[: ENGLISH.index("Shopkeepers")].strip(), True, id="cut"),
        pytest.param(ENGLISH.replace("RIVERTON, July 14 - ", ""), True, id="without dateline"),
        pytest.param(ENGLISH.replace("will run again", "is to sail again"), True, id="words"),
        pytest.param(ENGLISH.replace("4 dollars", "6 dollars"), False, id="another price"),
        pytest.param(ENGLISH.replace("Anna Holt", "Ruth Carver"), False, id="another captain"),
    ],
)
def test_english_is_compared_by_words(other: str, linked: bool) -> None:
    assert _linked(ENGLISH, other) == linked


def _linked(one: str, other: str) -> bool:
    return bool(set(bands(one)) & set(bands(other))) and are_reprints(one, other)


def test_what_archives_keep_of_a_text_changes_by_a_migration_alone() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(100))
    assert bands(text)[:2] == [7710440962716103731, 4485088604075582564]


def test_a_text_of_few_words_is_near_none() -> None:
    assert bands("今天有雨。") == []
    assert not are_reprints("今天有雨。", "今天有雨。")


def test_a_text_of_one_word_many_times_is_compared_at_once() -> None:
    long = "的" * 200_000
    begun = perf_counter()
    assert are_reprints(long + "甲", long + "乙")
    assert perf_counter() - begun < 10


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("市水务局介绍,大桥预计年底通车。", "市水务局透露,大桥预计年底通车。", True),
        ("本报讯(记者 何望)大桥预计年底通车。", "江声社4月2日电 大桥预计年底通车。", True),
        ("大桥预计年底通车,两岸不再隔江相望。", "大桥预计年底通车。", False),
        ("大桥预计年底通车。", "大桥预计年底通车,两岸不再隔江相望。", True),
        ("大桥全长1286米,主跨320米。", "大桥全长1286米,主跨330米。", False),
        ("大桥预计年底通车。", "小学九月开学。", False),
        ("!", "?", True),
    ],
)
def test_a_sentence_repeats_another_that_says_as_much(one: str, other: str, same: bool) -> None:
    assert repeats(one, other) == same


def test_a_cut_story_is_a_reprint_of_both_that_print_it_whole(archive: Archive) -> None:
    archive.put(CUT, LATER, FIRST, SCHOOL)
    assert archive.reprints(CUT) == [FIRST.id, LATER.id]
    assert archive.reprints(FIRST) == [LATER.id, CUT.id]
    assert archive.reprints(SCHOOL) == []
    assert archive.catalogue.reprints_among([FIRST.id, CUT.id, SCHOOL.id]) == {
        (FIRST.id, CUT.id),
        (CUT.id, FIRST.id),
    }
    assert archive.catalogue.counts().reprints == 3
    archive.remove(CUT)
    assert archive.reprints(FIRST) == [LATER.id]


def test_a_changed_text_is_compared_afresh(archive: Archive) -> None:
    archive.put(FIRST, CUT)
    other = replace(CUT, text=BRIDGE.text, blocks=BRIDGE.blocks)
    kept = archive.catalogue.source_at(f"/paper/{CUT.source.file}")
    archive.catalogue.put(f"/paper/{CUT.source.file}", "{}", [other], replaces=kept)
    archive.index()
    assert archive.reprints(FIRST) == []


def test_near_copies_crowd_nothing_out(archive: Archive) -> None:
    copies: Sequence[Article] = [
        printed(
            re.sub(r"记者 \S+?\)", f"记者 {name})", STORY[: STORY.rindex("\n")]) + f"\n{last}。",
            str(at),
            "江畔步道建成",
        )
        for at, (name, last) in enumerate(
            zip("王李张刘陈杨", "甲乙丙丁戊己", strict=True), start=10
        )
    ]
    archive.put(FIRST, SCHOOL, *copies)
    assert len(archive.reprints(FIRST)) == len(copies)
    hits = archive.search(STORY.split("\n")[2], limit=12)
    said = [hit.passage.text for hit in hits]
    assert len(said) == len(set(said))
    assert sum(STORY.split("\n")[2] in each for each in said) == 1


def test_of_a_passage_and_its_cut_the_longer_is_given(archive: Archive) -> None:
    words = STORY.split("\n")
    whole = printed("\n".join(words[:4]), "6", "江畔")
    part = printed("\n".join(words[:3]), "7", "步道", day=date(2024, 5, 16))
    archive.put(whole, part)
    assert archive.reprints(part) == [whole.id]
    for query in (words[1], words[2]):
        hits = [hit for hit in archive.search(query) if query in hit.passage.text]
        assert [hit.passage.article_id for hit in hits] == [whole.id]
        assert {each.article_id for each in hits[0].places} == {part.id}


def test_where_figures_differ_each_is_found(archive: Archive) -> None:
    number = next(re.finditer(r"\d+", STORY))
    other = f"{STORY[: number.start()]}{int(number.group()) + 1}{STORY[number.end() :]}"
    corrected = printed(other, "5", "江畔步道建成", day=date(2024, 5, 18))
    archive.put(FIRST, corrected)
    assert archive.reprints(FIRST) == []
    hits = archive.search(STORY[: number.end()])
    assert {hit.passage.article_id for hit in hits} == {FIRST.id, corrected.id}
