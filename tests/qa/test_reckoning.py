from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import databases
import pytest

from qa.answering import Answerer, AnswerEvent, SearchEvent
from qa.answers import Answer, Evidence, Question, Turn
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
    ("question", "text", "span"),
    [
        ("2022年春节前后来了多少游客?", None, ("2022-01-17", "2022-02-16")),
        ("去年中秋在哪办灯会?", "2021年中秋在哪办灯会?", ("2021-09-18", "2021-09-29")),
        ("今年国庆期间堵车吗?", "2022年国庆期间堵车吗?", ("2022-09-28", "2022-10-09")),
        ("二〇二二年端午节前夕谁来慰问?", None, ("2022-05-19", "2022-06-03")),
        ("2021年底谁来了?", None, ("2021-11-01", "2022-01-31")),
        ("2022年上半年产值多少?", None, ("2022-01-01", "2022-07-31")),
        ("去年三季度产值多少?", "2021年三季度产值多少?", ("2021-07-01", "2021-10-31")),
        ("上世纪九十年代开了哪些厂?", None, ("1990-01-01", "1999-12-31")),
        ("20世纪80年代的灯会", None, ("1980-01-01", "1989-12-31")),
        ("民国二十五年的灯会", None, ("1936-01-01", "1936-12-31")),
        ("What opened in the 1990s?", None, ("1990-01-01", "1999-12-31")),
    ],
)
def test_stretches_with_a_name_become_a_filter_and_stay_in_the_question(
    question: str, text: str | None, span: tuple[str, str]
) -> None:
    reckoned = reckon(question, FRIDAY)
    assert reckoned.text == reckoned.bare == (text or question)
    assert reckoned.narrows
    assert reckoned.vague
    assert reckoned.span == tuple(map(date.fromisoformat, span))


@pytest.mark.parametrize(
    "question",
    ["中秋在哪看灯?", "到年底完成多少?", "1895年春节谁来了?", "民国年间的灯会", "90年代酒店在哪?"],
)
def test_stretches_of_no_year_or_beyond_the_calendars_are_left(question: str) -> None:
    assert reckon(question, FRIDAY).span is None


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


def meeting(number: int, issued: date, told: str = "河务会议研究了第{}号堤的加固。") -> Article:
    text, blocks = join([(BlockKind.PARAGRAPH, told.format(number))])
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

    def __init__(self, articles: Sequence[Article] = MEETINGS) -> None:
        self.articles = articles
        self.asked: Mapping[str, float] = {}

    def search(
        self, queries: Mapping[str, float], *, selection: Selection, limit: int, **_: object
    ) -> list[Hit]:
        self.asked = queries
        found = [
            passage
            for article in self.articles
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
    engine = connect(databases.url(tmp_path / "catalogue.db"))
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


def test_a_stretch_with_a_name_is_searched_first_and_left_where_it_answers_nothing(
    answerer: Answerer,
) -> None:
    answer = answerer.answer(Question(text="2021年底河务会议研究了什么?"))
    assert cited(answer) == {"2021-11-03", "2022-01-03"}
    assert (answer.searched.since, answer.notice) == (date(2021, 11, 1), None)

    class NotThen(AllAlike):
        def rank(
            self, asked: Asked, hits: Sequence[Hit], articles: Any, **told: bool
        ) -> list[Evidence]:
            found = super().rank(asked, hits, articles)
            return [each for each in found if articles[each.article_id].date == "2022-09-03"]

    answerer.ranker = NotThen()  # type: ignore[assignment]
    *events, last = answerer.events(Question(text="2021年底河务会议研究了什么?"))
    assert isinstance(last, AnswerEvent)
    answer = last.answer
    assert cited(answer) == {"2022-09-03"}
    searched = [each.searched for each in events if isinstance(each, SearchEvent)]
    assert [each.since for each in searched] == [date(2021, 11, 1), None]
    assert searched[-1] == answer.searched
    assert answer.notice == "2021-11-01至2022-01-31的报纸里没有答案，下面是其他日子的报纸所说。"


def test_who_asks_for_more_is_told_nothing_again(answerer: Answerer) -> None:
    asked, told = "河务会议研究了什么?", set[str | None]()
    history: tuple[Turn, ...] = ()
    for text in (asked, "还有呢?", "还有什么?"):
        answer = answerer.answer(Question(text=text, history=history))
        assert answer.answered
        assert told.isdisjoint(cited(answer))
        told |= cited(answer)
        history = (*history, Turn(text, answer.text))
    again = answerer.answer(Question(text=asked, history=history))
    assert cited(again) <= told


@pytest.mark.parametrize(
    ("text", "counts"), [("它研究了什么?", (1.0, 0.5)), ("市长周敏怡在哪里出生?", (0.5, 0.25))]
)
def test_a_follow_up_is_also_searched_after_the_question_before_it_and_its_answer(
    answerer: Answerer, text: str, counts: tuple[float, float]
) -> None:
    searcher = FirstFound()
    answerer.searcher = searcher  # type: ignore[assignment]
    before = Turn("河务会议是谁主持的?", "副市长主持会议。[1]")
    answerer.answer(Question(text=text, history=(before,)))
    asked = searcher.asked
    assert (asked[f"{before.question} {text}"], asked[f"副市长主持会议。 {text}"]) == counts
    assert next(iter(asked.values())) == 1.0
    answerer.answer(Question(text=text))
    assert not any("主持" in wording for wording in searcher.asked)


def test_a_stretch_of_which_the_archive_has_no_newspapers_is_no_filter(
    answerer: Answerer,
) -> None:
    for as_of in (None, date(2022, 5, 10)):
        answer = answerer.answer(Question(text="上世纪九十年代的河务会议研究了什么?", as_of=as_of))
        assert answer.answered
        assert answer.searched.since is None
        assert answer.notice is None


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
        def rank(self, asked: Asked, *found: Any, **told: bool) -> list[Evidence]:
            return [] if "主持" in asked.question else super().rank(asked, *found)

    answerer.ranker = Once()  # type: ignore[assignment]
    answer = answerer.answer(asked)
    assert answer.answered
    assert answer.notice == "报纸档案里没有“谁主持了2021年的会?”的答案。"


def test_a_refusal_of_several_questions_needs_no_notice(answerer: Answerer) -> None:
    class Never(AllAlike):
        def rank(self, *_: Any, **told: bool) -> list[Evidence]:
            return []

    answerer.ranker = Never()  # type: ignore[assignment]
    answer = answerer.answer(Question(text="谁主持?在哪里?"))
    assert not answer.answered
    assert answer.notice is None


def test_an_answer_says_how_the_newspaper_prints_a_name(answerer: Answerer) -> None:
    article = meeting(99, date(2022, 12, 3), "卞晓苹主持了河务会议。")
    answerer.catalogue.put("/99.txt", "{}", [article])
    answerer.searcher = FirstFound([article])  # type: ignore[assignment]
    answer = answerer.answer(Question(text="卞晓萍主持了什么会?"))
    assert answer.notice == "问的是“卞晓萍”，报纸上写作“卞晓苹”。"
    assert answerer.answer(Question(text="卞晓苹主持了什么会?")).notice is None
