from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.answering import Answerer
from qa.answers import Answer, Evidence, Question
from qa.ledger import Ledger
from qa.reckoning import Order, order_of, reckon
from qa.understanding import Asked
from vectorstore.articles import Article, BlockKind, Source, article_id, digest, join
from vectorstore.catalogue import Catalogue, connect
from vectorstore.search import Hit
from vectorstore.selection import Selection
from vectorstore.splitting import passages

FRIDAY = date(2022, 7, 15)


@pytest.mark.parametrize(
    ("question", "text", "span"),
    [
        ("去年11月开了什么会?", "2021年11月开了什么会?", ("2021-11-01", "2021-11-30")),
        ("前年的汛情", "2020年的汛情", ("2020-01-01", "2020-12-31")),
        ("上个月的会议", "2022年6月的会议", ("2022-06-01", "2022-06-30")),
        ("昨天谁来了?", "2022年7月14日谁来了?", ("2022-07-14", "2022-07-14")),
        ("What opened last month?", "What opened in June 2022?", ("2022-06-01", "2022-06-30")),
        ("Who came yesterday?", "Who came on July 14, 2022?", ("2022-07-14", "2022-07-14")),
    ],
)
def test_years_months_and_days_are_written_out(
    question: str, text: str, span: tuple[str, str]
) -> None:
    reckoned = reckon(question, FRIDAY)
    assert (reckoned.text, reckoned.bare, reckoned.narrows) == (text, text, False)
    assert reckoned.span == tuple(map(date.fromisoformat, span))


@pytest.mark.parametrize(
    ("question", "bare", "span"),
    [
        ("上周市里开了什么会?", "市里开了什么会?", ("2022-07-04", "2022-07-10")),
        ("最近三天下雨了吗?", "下雨了吗?", ("2022-07-12", "2022-07-15")),
        ("近半年来新开了哪些公园?", "新开了哪些公园?", ("2022-01-15", "2022-07-15")),
        ("上週市裡開了什麼會?", "市裡開了什麼會?", ("2022-07-04", "2022-07-10")),
        ("过去两个月的物价", "的物价", ("2022-05-15", "2022-07-15")),
        ("What closed in the last two weeks?", "What closed ?", ("2022-07-01", "2022-07-15")),
    ],
)
def test_weeks_and_stretches_become_a_filter(
    question: str, bare: str, span: tuple[str, str]
) -> None:
    reckoned = reckon(question, FRIDAY)
    assert (reckoned.text, reckoned.bare, reckoned.narrows) == (question, bare, True)
    assert reckoned.span == tuple(map(date.fromisoformat, span))


@pytest.mark.parametrize(
    "question", ["附近一年级在哪?", "今年级会议", "大桥多长?", "7月14日开了什么会?"]
)
def test_what_counts_from_no_day_is_left(question: str) -> None:
    assert reckon(question, FRIDAY).text == question
    assert reckon(question, FRIDAY).span is None


@pytest.mark.parametrize("question", ["去年发生了什么?", "前年", "过去999年", "昨天"])
def test_days_before_all_calendars_are_left(question: str) -> None:
    assert reckon(question, date.min).span is None


def test_the_newest_and_the_oldest_of_several() -> None:
    assert order_of("最近一次常务会议研究了什么?").order is Order.NEWEST
    assert order_of("最早的一届灯会在哪办?").bare == "灯会在哪办?"
    assert order_of("Who spoke at the latest meeting?").order is Order.NEWEST
    assert order_of("最近的医院在哪?").order is None


# ---------------------------------------------------------------- within an answer


def meeting(number: int, issued: date) -> Article:
    text, blocks = join([(BlockKind.PARAGRAPH, f"河务会议研究了第{number}号堤的加固。")])
    source = Source(f"{number}.txt", digest(text))
    return Article(
        id=article_id(source, 1),
        headline=("河务会议举行",),
        publication="芦江日报",
        issued=issued,
        date=issued.isoformat(),
        text=text,
        blocks=blocks,
        source=source,
    )


MEETINGS = [meeting(at, date(2021 + at // 6, 1 + at % 6 * 2, 3)) for at in range(12)]


class FirstFound:
    """A search that finds the meetings in one fixed order, whatever is asked."""

    def search(self, queries: Sequence[str], *, selection: Selection, limit: int) -> list[Hit]:
        found = [
            passage
            for article in MEETINGS
            if selection.covers(article.date, article.publication)
            for passage in passages(article)
        ]
        return [Hit(passage, 1.0) for passage in found[:limit]]


class AllAlike:
    """A ranking that takes every first sentence for as good an answer as any other."""

    def rank(
        self, asked: Asked, hits: Sequence[Hit], articles: dict[str, Article], **_: int
    ) -> list[Evidence]:
        return [
            Evidence(
                article_id=hit.passage.article_id,
                start=0,
                end=len(hit.passage.text),
                text=hit.passage.text,
                probability=0.9 - at / 100,
            )
            for at, hit in enumerate(hits)
        ]


@pytest.fixture
def answerer(tmp_path: Path) -> Iterator[Answerer]:
    engine = connect(f"sqlite:///{tmp_path / 'catalogue.db'}")
    catalogue = Catalogue(engine)
    for each in MEETINGS:
        catalogue.put(f"/{each.source.file}", "{}", [each])
    yield Answerer(catalogue, FirstFound(), AllAlike(), Ledger(engine, catalogue))  # type: ignore[arg-type]
    engine.dispose()


def cited(answer: Answer) -> set[str | None]:
    return {each.article.date for each in answer.citations}


def test_the_newest_of_several_answers(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="最近一次河务会议研究了什么?"))
    assert cited(answer) == {"2022-11-03"}
    answer = answerer.answer(Question(text="最早的一次河务会议研究了什么?"))
    assert cited(answer) == {"2021-01-03"}
    answer = answerer.answer(Question(text="最近一次河务会议研究了什么?", until=date(2022, 2, 1)))
    assert cited(answer) == {"2022-01-03"}


def test_a_week_is_searched_alone_and_told(answerer: Answerer) -> None:
    asked = Question(text="上周的河务会议研究了什么?", as_of=date(2022, 5, 10))
    answer = answerer.answer(asked)
    assert cited(answer) == {"2022-05-03"}
    assert (answer.searched.since, answer.searched.until) == (date(2022, 5, 2), date(2022, 5, 8))
    assert answer.searched.passages == 1
    assert answer.searched.counted
    kept = answerer.ledger.answer(answer.id)
    assert kept
    assert kept.searched == answer.searched
    widened = answerer.answer(replace(asked, narrowing=False)).searched
    assert (widened.since, widened.passages, widened.counted) == (None, len(MEETINGS), False)
    narrowed = Question(text=asked.text, as_of=asked.as_of, since=date(2022, 1, 1))
    assert answerer.answer(narrowed).searched.until is None


def test_a_day_is_counted_from_the_day_of_asking(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="去年的河务会议研究了什么?", as_of=date(2022, 5, 10)))
    assert answer.standalone_question == "2021年的河务会议研究了什么?"


def test_today_counts_only_where_the_archive_has_newspapers_of_the_time(
    answerer: Answerer,
) -> None:
    answer = answerer.answer(Question(text="去年的河务会议研究了什么?"))
    assert answer.standalone_question == "去年的河务会议研究了什么?"


def test_questions_asked_together_are_answered_one_by_one(answerer: Answerer) -> None:
    asked = "最近一次河务会议研究了什么?最早的一次河务会议研究了什么?"
    answer = answerer.answer(Question(text=asked))
    assert [each.article.date for each in answer.citations] == ["2022-11-03", "2021-01-03"]
    assert answer.standalone_question == asked
    twice = "河务会议研究了什么?会议研究了什么?"
    assert len(answerer.answer(Question(text=twice)).sentences) == len(
        answerer.answer(Question(text="河务会议研究了什么?")).sentences
    )


def test_all_of_a_kind_are_told_a_line_each_by_their_days(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="历次河务会议都研究了什么?"))
    days = [sentence.day for sentence in answer.sentences]
    assert len(days) > 2
    assert days == sorted(each.date for each in MEETINGS if each.date in days)
    assert answer.text.splitlines()[0].startswith("2021年1月3日：")
    assert len(answer.text.splitlines()) == len(days)
    kept = answerer.ledger.answer(answer.id)
    assert kept.sentences == answer.sentences
    for sentence, citation in zip(answer.sentences, answer.citations, strict=True):
        assert sentence.text.endswith(citation.quote)


def test_what_the_archive_does_not_say_of_several_is_told(answerer: Answerer) -> None:
    asked = Question(text="上周的河务会议研究了什么?谁主持了去年的会?", as_of=date(2022, 5, 10))

    class Once(AllAlike):
        def rank(self, asked: Asked, *found: Any, **read: int) -> list[Evidence]:
            return [] if "主持" in asked.question else super().rank(asked, *found)

    answerer.ranker = Once()  # type: ignore[assignment]
    answer = answerer.answer(asked)
    assert answer.answered
    assert answer.notice == "报纸档案里没有“谁主持了2021年的会?”的答案。"


def test_a_refusal_of_several_questions_needs_no_notice(answerer: Answerer) -> None:
    class Never(AllAlike):
        def rank(self, *_: Any, **read: int) -> list[Evidence]:
            return []

    answerer.ranker = Never()  # type: ignore[assignment]
    answer = answerer.answer(Question(text="谁主持?在哪里?"))
    assert not answer.answered
    assert answer.notice is None
