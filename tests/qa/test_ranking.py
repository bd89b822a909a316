import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import qa.ranking
from qa.answers import Evidence
from qa.ranking import FEATURES, LONGEST, REREAD, Ranker, units
from qa.reader import Reading
from qa.understanding import understand
from vectorstore.articles import Article, BlockKind, Source, join
from vectorstore.search import Hit
from vectorstore.splitting import passages
from vectorstore.words import bigrams


class ToyEmbeddings:
    """Texts that share pairs of characters are alike."""

    def passages(self, texts: list[str]) -> npt.NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts])

    queries = passages

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        vector = np.full(64, 0.3, np.float32)
        for pair in bigrams(text):
            vector[sum(map(ord, pair)) % 64] += 1
        return vector / np.linalg.norm(vector)


def article(name: str, *blocks: tuple[BlockKind, str], day: str | None = None) -> Article:
    text, placed = join(blocks)
    return Article(
        id=name,
        headline=("海阳新闻",),
        date=day,
        issued=date.fromisoformat(day) if day and day[0] != "X" else None,
        text=text,
        blocks=placed,
        source=Source(f"{name}.txt", "0" * 64),
    )


def paragraphs(name: str, *texts: str, day: str | None = None) -> Article:
    return article(name, *((BlockKind.PARAGRAPH, text) for text in texts), day=day)


def rank(question: str, *articles: Article) -> list[Evidence]:
    hits = [Hit(passage, 1.0) for each in articles for passage in passages(each)]
    ranker = Ranker(ToyEmbeddings())  # type: ignore[arg-type]
    return ranker.rank(understand(question), hits, {each.id: each for each in articles})


MEETINGS = [
    paragraphs(
        f"meeting-{number}",
        f"本报讯(记者 何晓)5月{number}日,市长周敏怡主持召开市防汛工作领导小组第{number}次会议。"
        "会议听取了水库检修情况的汇报。副市长郭平波就物资储备作了说明。",
        day=f"2023-05-{number}",
    )
    for number in (12, 13)
]


def test_the_sentence_that_tells_it_comes_first() -> None:
    best = rank("防汛工作领导小组会议上谁就物资储备作了说明?", MEETINGS[0])[0]
    assert "郭平波" in best.text


def test_evidence_is_a_stretch_of_its_article() -> None:
    for each in rank("会议听取了什么汇报?", *MEETINGS):
        article = next(one for one in MEETINGS if one.id == each.article_id)
        assert article.text[each.start : each.end] == each.text


def test_the_meeting_asked_for_is_not_its_neighbour() -> None:
    best = rank("防汛工作领导小组第十三次会议是哪天召开的?", *MEETINGS)[0]
    assert best.article_id == "meeting-13"


@pytest.mark.parametrize(
    ("question", "pinned"),
    [
        ("防汛工作领导小组会议是谁主持的?", "防汛工作领导小组第15次会议是谁主持的?"),
        ("谁主持召开防汛工作领导小组会议?", "2019年谁主持召开防汛工作领导小组会议?"),
        ("谁主持召开防汛工作领导小组会议?", "8月2日谁主持召开防汛工作领导小组会议?"),
    ],
)
def test_what_the_archive_does_not_hold_counts_against_a_look_alike(
    question: str, pinned: str
) -> None:
    plainly, pinned_down = rank(question, *MEETINGS)[0], rank(pinned, *MEETINGS)[0]
    assert pinned_down.probability < plainly.probability / 2


def test_a_day_is_known_by_the_date_of_its_article() -> None:
    told = paragraphs("told", "14日,海阳市新建的图书馆开馆。", day="XXXX-07-14")
    asked, other = rank("7月14日海阳市什么馆开馆?", told), rank("8月14日海阳市什么馆开馆?", told)
    assert other[0].probability < asked[0].probability / 2


def test_a_number_of_a_thing_is_no_day() -> None:
    told = paragraphs("told", "2012—31号地块作住宅用,2012—32号地块作工业用。", day="2012-07-20")
    asked = rank("2012—32号地块是做什么用的?", told)
    other = rank("2012—33号地块是做什么用的?", told)
    assert asked[0].probability > other[0].probability


def test_last_year_is_counted_from_the_day_of_the_paper() -> None:
    told = paragraphs("told", "去年,海阳市植树12万株。", day="2023-03-12")
    asked, other = rank("2022年海阳市植树多少株?", told), rank("2021年海阳市植树多少株?", told)
    assert other[0].probability < asked[0].probability / 2


def test_a_long_sentence_is_cut_at_its_semicolons() -> None:
    clause = (
        "要加强堤防巡查和水库调度,备足备好抢险物资,确保群众生命财产安全和城市正常运行,不留死角盲区"
    )
    long = paragraphs("long", ";".join([clause] * 5) + "。")
    found = list(units(long))
    assert len(found) > 1
    assert all(unit.end - unit.start <= LONGEST for unit in found)
    assert "".join(unit.text for unit in found) == long.text


def test_the_heading_over_a_sentence_is_among_the_evidence() -> None:
    roundup = article(
        "roundup",
        (BlockKind.HEADING, "石桥镇"),
        (BlockKind.PARAGRAPH, "近日,全镇3200户村民领到了春耕补助。"),
        (BlockKind.HEADING, "柳河镇"),
        (BlockKind.PARAGRAPH, "近日,全镇的水渠完成清淤。"),
    )
    assert "石桥镇" in [each.text for each in rank("哪个镇的村民领到了春耕补助?", roundup)]


class PointingReader:
    """Sees the answer where a word stands, whatever the question."""

    def __init__(self, word: str) -> None:
        self.word = word

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        spots = [text.find(self.word) for _, text in passages]
        return [Reading(0.95, (at,), (1.0,)) if at >= 0 else Reading(0.05, (), ()) for at in spots]


def test_a_sentence_in_other_words_is_found_by_the_reader() -> None:
    known = [f"海阳市第{at}批改造的道路今年完工通车" for at in range(40)]
    told = paragraphs("roads", *(f"{each}。" for each in known), "余下各段则要等到秋凉以后。")
    hits = [Hit(passage, 1.0) for passage in reversed(list(passages(told)))]
    asked = understand("海阳市改造的道路何时完工通车?")

    def evidence(ranker: Ranker) -> list[str]:
        return [each.text for each in ranker.rank(asked, hits, {told.id: told})]

    last = "余下各段则要等到秋凉以后。"
    assert last not in evidence(Ranker(ToyEmbeddings()))  # type: ignore[arg-type]
    reader = PointingReader("余下")
    assert last in evidence(Ranker(ToyEmbeddings(), reader))  # type: ignore[arg-type]


def test_a_reader_puts_the_hits_of_a_search_in_order() -> None:
    texts = [f"海阳市第{at}批改造的道路完工通车。" for at in range(REREAD + 3)]
    found = [passages(paragraphs(f"a{at}", text)) for at, text in enumerate(texts)]
    hits = [Hit(*passage, 0.5 - at / 100) for at, passage in enumerate(found)]
    ranker = Ranker(ToyEmbeddings(), PointingReader("第4批"))  # type: ignore[arg-type]
    ordered = ranker.reorder("第4批道路完工了吗?", hits)
    assert [hit.passage.article_id for hit in ordered[:2]] == ["a4", "a0"]
    assert [hit.passage for hit in ordered[REREAD:]] == [hit.passage for hit in hits[REREAD:]]
    scores = [hit.score for hit in ordered]
    assert scores == sorted(scores, reverse=True)
    assert Ranker(ToyEmbeddings()).reorder("道路", hits) == hits  # type: ignore[arg-type]


def test_nothing_found_is_nothing_ranked() -> None:
    assert rank("谁主持会议?") == []


def test_every_weight_is_of_a_feature() -> None:
    file = Path(qa.ranking.__file__).with_name("weights.json")
    for learned in json.loads(file.read_text("utf-8")).values():
        assert set(learned["weights"]) <= set(FEATURES)
