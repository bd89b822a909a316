"""A pasted quote against the sample newspaper: where it stands, or what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time

import databases
import pytest
from toy import ToyEmbeddings

from qa.checking import FOUND, LONGEST, MOST, Checked, Checker, Finding, nearest, units
from qa.comparing import Side
from qa.ledger import Ledger
from vectorstore.articles import Article, Source
from vectorstore.catalogue import Catalogue, connect
from vectorstore.ingest import Given, Indexer, ingest, offered
from vectorstore.search import Searcher
from vectorstore.store import PassageStore

SAMPLE = Path(__file__).parents[2] / "sample"
LENGTH = "鹤汀大桥西起望桥区鹤汀路,东接东埠区滨河大道,全长1286米,主跨320米,桥面宽38.5米"
DRIVE = "望桥区到东埠区的车程将由35分钟缩短到10分钟"
MORNING = "以前六点半就得出门,桥通了,孩子能多睡半个钟头。"
CARERS = "护理员队伍是养老服务的顶梁柱,要在工资待遇、住房保障、子女入学等方面给予更多关心"
WATER = "People should be able to go home by water,"


@dataclass(frozen=True)
class Desk:
    catalogue: Catalogue
    ledger: Ledger
    checker: Checker

    def check(self, text: str) -> Checked:
        return self.checker.check(text)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("archive")
    catalogue = Catalogue(connect(databases.url(folder / "catalogue.db")))
    store = PassageStore(ToyEmbeddings(), folder / "vectors", model="toy")
    fulltext = databases.fulltext(folder / "words")
    for offer in offered(SAMPLE, Given(), lambda _: None):
        ingest(catalogue, offer)
    while Indexer(catalogue, store, fulltext).step():
        pass
    ledger = Ledger(catalogue.engine, catalogue)
    yield Desk(catalogue, ledger, Checker(catalogue, Searcher(store, fulltext, catalogue), ledger))
    store.close()
    catalogue.engine.dispose()


def article_of(desk: Desk, found: Checked) -> Article:
    part = found.parts[0]
    assert part.article
    article = desk.catalogue.article(part.article.id)
    assert article
    return article


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"{LENGTH},双向六车道", id="part of a sentence"),
        pytest.param("合龙并不轻松。项目总工程师芮长青告诉记者,桥址处河床覆盖层厚达27米", id="two"),
        pytest.param(f"葛秀珍说:“{MORNING}”", id="with its speaker"),
        pytest.param(f"“{MORNING}”", id="in quotation marks"),
        pytest.param(f"据《云川日报》报道,{DRIVE}", id="with its paper"),
        pytest.param(f"闻仲岚指出,{CARERS}", id="with whom the paper calls he"),
        pytest.param("会议指出,据气象、水文部门会商,今年6月至8月我市降雨量预计", id="a meeting's"),
        pytest.param("The crossing takes nine minutes. A single ticket costs 3 yuan", id="English"),
        pytest.param(f'"{WATER}" said Tao Beichen.', id="with an English speaker"),
        pytest.param("鹤汀大桥主跨顺利合龙 预计明年3月建成通车", id="a headline"),
    ],
)
def test_what_is_printed_just_so_is_exact(desk: Desk, text: str) -> None:
    found = desk.check(text)
    assert found.finding is Finding.EXACT
    assert all(each.agrees for each in found.attributions)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(DRIVE.translate(str.maketrans("0135", "０１３５")), id="full width"),
        pytest.param("鶴汀大橋西起望橋區鶴汀路，東接東埠區濱河大道，全長1,286米", id="traditional"),
        pytest.param("工程累计使用钢材2.3万吨,\n混凝土16万立方米", id="a line break"),
        pytest.param("THE CROSSING TAKES NINE MINUTES", id="capitals"),
        pytest.param("鹤汀大桥主跨顺利合龙,预计明年3月建成通车", id="a headline"),
    ],
)
def test_another_setting_of_the_same_words_is_told_as_such(desk: Desk, text: str) -> None:
    assert desk.check(text).finding is Finding.TYPOGRAPHY


@pytest.mark.parametrize(
    ("text", "quoted", "printed"),
    [
        pytest.param(LENGTH.replace("1286", "1386"), "1386", "1286", id="digits"),
        pytest.param(
            "会议强调,城区段81公里堤防实行分段包干、每日一巡", "81", "18", id="with an introduction"
        ),
        pytest.param("我市降雨量预计较常年偏多三成", "三", "两", id="numeral"),
        pytest.param("The crossing takes twelve hours and 9 minutes.", "", "", id="not the same"),
        pytest.param(
            "The two electric boats, named Heron and Kingfisher, carry 210 passengers each and sail "
            "every 20 minutes",
            "210",
            "120",
            id="English",
        ),
    ],
)
def test_changed_numbers_are_shown(desk: Desk, text: str, quoted: str, printed: str) -> None:
    found = desk.check(text)
    if not quoted:
        assert found.finding in (Finding.NUMBERS, Finding.NOT_FOUND)
        return
    assert found.finding is Finding.NUMBERS
    told = {side: [r.text.strip() for r in found.parts[0].runs if r.side is side] for side in Side}
    assert quoted in told[Side.QUOTED]
    assert printed in told[Side.PRINTED]


def test_altered_words_are_shown(desk: Desk) -> None:
    found = desk.check("大桥建成后,望桥区到东埠区的路程将由35分钟缩减到10分钟")
    assert found.finding is Finding.ALTERED
    told = {side: [r.text for r in found.parts[0].runs if r.side is side] for side in Side}
    assert told[Side.QUOTED] == ["路", "减"]
    assert told[Side.PRINTED] == ["车", "短"]
    shortened = desk.check("鹤汀大桥全长1286米,主跨320米。")
    assert shortened.finding is Finding.ALTERED
    left_out = desk.check("全市64座水库必须在5月31日前全部落实行政、技术、巡查责任人")
    assert left_out.finding is Finding.ALTERED
    assert "三类" in [run.text for run in left_out.parts[0].runs if run.side is Side.PRINTED]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param(
            "这是我市建成区内第五座跨越云水河的大桥,也是首座双塔斜拉桥。要备足用好抢险物资。",
            2,
            id="two",
        ),
        pytest.param(
            "20个月里,工程累计使用钢材2.3万吨、混凝土16万立方米,市级仓库储备编织袋120万条、救生衣8600件。",
            2,
            id="within a sentence",
        ),
        pytest.param(
            "The crossing takes nine minutes. Not everyone is pleased.", 1, id="of one article"
        ),
    ],
)
def test_pieces_of_several_places_are_told_apart(desk: Desk, text: str, places: int) -> None:
    found = desk.check(text)
    assert found.finding is Finding.STITCHED
    assert {part.finding for part in found.parts} <= {Finding.EXACT, Finding.TYPOGRAPHY}
    assert len({part.article.id for part in found.parts if part.article}) == places


@pytest.mark.parametrize(
    ("text", "claimed", "printed"),
    [
        pytest.param(f"庄砚秋说:“{MORNING}”", "庄砚秋", "", id="who isn't in the article"),
        pytest.param(f"庄砚秋指出,{CARERS}", "庄砚秋", "", id="whom the paper calls he"),
        pytest.param(
            "项目经理翟守义告诉记者,桥址处河床覆盖层厚达27米,两座主塔高118米,昼夜温差会使钢梁伸缩近4厘米。",
            "项目经理翟守义",
            "项目总工程师芮长青",
            id="another of the article",
        ),
        pytest.param(f"据《云川晚报》报道,{DRIVE}", "云川晚报", "云川日报", id="another paper"),
        pytest.param(
            f'"{WATER}" said Pei Songyun.', "Pei Songyun", "Deputy Mayor Tao Beichen", id="English"
        ),
        pytest.param(
            f'According to the Harbor Gazette, "{WATER}" said Tao Beichen.',
            "",
            "",
            id="unknown paper",
        ),
    ],
)
def test_words_given_to_another_are_misattributed(
    desk: Desk, text: str, claimed: str, printed: str
) -> None:
    found = desk.check(text)
    if not claimed:  # a paper that is neither in the archive nor set in 《》 can't be known as one
        assert found.finding is Finding.EXACT
        return
    assert found.finding is Finding.MISATTRIBUTED
    (wrong,) = [each for each in found.attributions if not each.agrees]
    assert wrong.claimed == claimed
    assert printed == (wrong.printed or "")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("云川市将于明年建成首座核电站,总装机容量两百万千瓦。", id="made up"),
        pytest.param("The moon base will open in 2030, said the mayor.", id="made up in English"),
        pytest.param(f"{DRIVE}。外星人出席了通车典礼并发表长篇讲话。", id="one of two"),
        pytest.param("。。。!!!", id="no words"),
        pytest.param("\x00\x01", id="control characters"),
        pytest.param("'; DROP TABLE articles; --", id="SQL"),
        pytest.param("<script>alert(1)</script>", id="markup"),
        pytest.param("(((((((((" * 40, id="brackets"),
        pytest.param("“「『" * 300, id="opening marks"),
    ],
)
def test_what_is_not_printed_is_not_found(desk: Desk, text: str) -> None:
    assert desk.check(text).finding is Finding.NOT_FOUND


def test_what_is_found_is_a_citation_like_others(desk: Desk) -> None:
    found = desk.check(LENGTH)
    citation = found.parts[0].citation
    assert citation
    assert citation.quote == LENGTH
    article = article_of(desk, found)
    assert article.text[citation.start : citation.end] == LENGTH
    kept = desk.ledger.citation(citation.id)
    assert kept
    assert replace(kept, also=()) == replace(citation, also=())


def test_parts_stand_in_the_pasted_text(desk: Desk) -> None:
    text = f"  转发:{LENGTH}。外星人出席了通车典礼。"
    found = desk.check(text)
    assert [text[part.start : part.end] for part in found.parts][-1] == "外星人出席了通车典礼。"
    assert all(0 <= part.start < part.end <= len(text) for part in found.parts)


def test_words_between_one_pair_of_marks_stay_together() -> None:
    text = "他说:“桥通了。我们放心了。”会议强调,要抓紧。 “没有完。"
    assert [text[a:b] for a, b in units(text)] == [
        "他说:“桥通了。我们放心了。”",
        "会议强调,要抓紧。",
        "“没有完。",
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("大" * LONGEST, id="one character"),
        pytest.param("全长1386米,大桥。" * MOST, id="short sentences"),
        pytest.param((f"{LENGTH},") * (LONGEST // (len(LENGTH) + 1)), id="one long sentence"),
        pytest.param("the " * (LONGEST // 4), id="one word"),
        pytest.param("1" * LONGEST, id="one number"),
        pytest.param("“" + "他说," * (LONGEST // 3 - 1), id="speakers without end"),
        pytest.param("A, " * (LONGEST // 3), id="names without end"),
    ],
)
def test_a_long_text_takes_bounded_time(desk: Desk, text: str) -> None:
    begun = process_time()
    desk.check(text[:LONGEST])
    assert process_time() - begun < 10


@pytest.mark.parametrize("text", ["大" * (LONGEST + 1), "大桥。" * (MOST + 1)])
def test_a_text_that_is_too_long_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(ValueError, match="4,000 characters and 60 sentences"):
        desk.check(text)


def test_the_nearest_words_of_an_article_are_those_of_the_changed_sentence(desk: Desk) -> None:
    article = article_of(desk, desk.check(LENGTH))
    place = nearest(LENGTH.replace("1286", "1386"), article)
    assert place
    assert article.text[slice(*place)] == LENGTH
    assert nearest("完全不相干的一句话,讲的是别的事情。", article) is None
    assert nearest("。", article) is None
    assert FOUND < 1


def test_a_reprint_in_the_paper_named_is_no_misattribution(tmp_path: Path, desk: Desk) -> None:
    article = article_of(desk, desk.check(DRIVE))
    catalogue = Catalogue(connect(databases.url(tmp_path / "catalogue.db")))
    store = PassageStore(ToyEmbeddings(), tmp_path / "vectors", model="toy")
    fulltext = databases.fulltext(tmp_path / "words")
    other = Source("other.txt", "1" * 64)
    catalogue.put("/one", "{}", [article])
    catalogue.put(
        "/two",
        "{}",
        [replace(article, id="0" * 32, publication="临湖晚报", source=other)],
    )
    indexer = Indexer(catalogue, store, fulltext)
    while indexer.step():
        pass
    ledger = Ledger(catalogue.engine, catalogue)
    checker = Checker(catalogue, Searcher(store, fulltext, catalogue), ledger)
    for paper in ("云川日报", "临湖晚报"):
        found = checker.check(f"据《{paper}》报道,{DRIVE}")
        assert found.finding is Finding.EXACT
        assert [each.agrees for each in found.attributions] == [True]
        assert found.parts[0].citation
        assert len(found.parts[0].citation.also) == 1
    store.close()
    catalogue.engine.dispose()
