from collections.abc import Iterator
from datetime import date
from pathlib import Path

import databases
import pytest

from qa.answering import Answerer, AnswerEvent, SearchEvent
from qa.answers import Question
from qa.holdings import holdings, is_asked
from qa.ledger import Ledger
from vectorstore.articles import Article, BlockKind, Source, article_id, digest, join
from vectorstore.catalogue import Catalogue, connect
from vectorstore.selection import Selection

DAILY, WEEKLY = "芦江日报", "Reed River Weekly"


def printed(
    name: str,
    publication: str | None,
    issued: date | None,
    page: str | None,
    told: str | None = None,
) -> Article:
    text, blocks = join([(BlockKind.PARAGRAPH, f"{name}这天没有大事。")])
    source = Source(name, digest(name))
    return Article(
        id=article_id(source, 1),
        headline=(name,),
        publication=publication,
        issued=issued,
        date=told or (issued.isoformat() if issued else None),
        page=page,
        text=text,
        blocks=blocks,
        source=source,
    )


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    engine = connect(databases.url(tmp_path / "catalogue.db"))
    kept = Catalogue(engine)
    for article in (
        printed("a", DAILY, date(2021, 3, 5), "01"),
        printed("b", DAILY, date(2021, 3, 5), "02"),
        printed("c", DAILY, date(2021, 3, 6), "01"),
        printed("d", DAILY, date(2021, 5, 1), "01"),
        printed("e", WEEKLY, date(2020, 12, 31), None),
        printed("f", "旧芦江报", None, None, "XXXX-07-14"),
    ):
        kept.put(f"/{article.source.file}", "{}", [article])
    yield kept
    engine.dispose()


@pytest.mark.parametrize(
    "question",
    [
        "收录了哪些日子的报纸?",
        "这里有哪些报纸?",
        "档案里有多少篇文章?",
        "目前收录了多少版、多少篇报道?",
        "最新一期是什么时候的?",
        "有没有2022年7月15日的报纸?",
        "芦江日报收录了哪几天?",
        "缺哪些日子的报纸?",
        "報紙檔案收錄了哪些日子?",
        "Which days does the archive cover?",
        "How many articles are there?",
    ],
)
def test_a_question_about_the_archive_is_known(question: str) -> None:
    assert is_asked(question, lambda: [DAILY])


@pytest.mark.parametrize(
    "question",
    [
        "图书馆收录了多少种报纸?",
        "市档案馆有多少份档案?",
        "有多少篇关于汛情的报道?",
        "7月15日开了什么会?",
        "最新一期培训班什么时候开班?",
        "报纸印刷厂什么时候搬迁?",
        "How many pages does the new atlas have?",
        "Which newspaper did the mayor write for?",
    ],
)
def test_a_question_about_what_was_printed_is_not(question: str) -> None:
    assert not is_asked(question, lambda: [DAILY])


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "收录了哪些日子的报纸?",
            [
                "《Reed River Weekly》收录了2020年12月31日的报纸,共1期。",
                "《芦江日报》收录了2021年3月5日至2021年3月6日、2021年5月1日的报纸,共3期、4个版。",
                "《旧芦江报》有1篇文章不知是哪天的报纸,所记的是7月14日的事。",
                "档案共有6个版面、6篇文章。",
            ],
        ),
        ("最早的报纸是哪天的?", ["最早的一期是2020年12月31日的《Reed River Weekly》。"]),
        ("芦江日报最早的一期是哪天?", ["最早的一期是2021年3月5日的《芦江日报》。"]),
        ("What is the latest issue?", ["The latest issue is 芦江日报 of 1 May 2021."]),
        ("有2021年3月5日的报纸吗?", ["2021年3月5日的《芦江日报》收录了第01、02版。"]),
        ("有1999年3月5日的报纸吗?", ["档案没有收录1999年3月5日的报纸。"]),
    ],
)
def test_it_says_what_the_archive_holds(
    catalogue: Catalogue, question: str, told: list[str]
) -> None:
    assert holdings(question, Selection(), catalogue) == told


def test_filters_hold_for_it_too(catalogue: Catalogue) -> None:
    of_may = Selection(since=date(2021, 5, 1), until=date(2021, 5, 31))
    assert holdings("收录了哪些日子的报纸?", of_may, catalogue) == [
        "《芦江日报》收录了2021年5月1日的报纸,共1期、1个版。"
    ]
    assert holdings("收录了哪些日子?", Selection(publication="没有的报"), catalogue) == [
        "档案里没有这样的报纸。"
    ]


def test_the_answer_is_the_catalogues_and_is_kept(catalogue: Catalogue) -> None:
    ledger = Ledger(catalogue.engine, catalogue)
    answerer = Answerer(catalogue, None, None, ledger)  # type: ignore[arg-type] - neither is asked
    first, *_, last = answerer.events(Question(text="收录了几期报纸?"))
    assert isinstance(first, SearchEvent)
    assert isinstance(last, AnswerEvent)
    assert last.answer.writer == "catalogue"
    assert last.answer.answered
    assert last.answer.citations == ()
    assert last.answer.text == "".join(each.text for each in last.answer.sentences)
    assert ledger.answer(last.answer.id) == last.answer
