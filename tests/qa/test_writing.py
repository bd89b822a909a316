from datetime import date

import pytest

from qa.answers import Evidence
from qa.understanding import understand
from qa.writing import LONGEST, choose, once
from vectorstore.articles import Article, Source


def evidence(text: str, probability: float, start: int = 0, article: str = "a") -> Evidence:
    return Evidence(
        article_id=article,
        start=start,
        end=start + len(text),
        text=text,
        probability=probability,
    )


def article(name: str, day: str = "2023-05-03", headline: str = "海阳新闻") -> Article:
    return Article(
        id=name,
        headline=(headline,),
        issued=date.fromisoformat(day),
        date=day,
        text="",
        blocks=(),
        source=Source(name, "0" * 64),
    )


ARTICLES = {
    "a": article("a"),
    "b": article("b", "2023-06-01"),
    "correction": article("correction", "2023-05-05", "更正"),
}


def chosen(question: str, *given: Evidence) -> list[str]:
    return [each.text for each in choose(understand(question), given, ARTICLES)]


def test_a_single_fact_gets_one_sentence() -> None:
    best = evidence("5月3日,周敏怡主持会议。", 0.9)
    assert chosen("谁主持会议?", evidence("会议很长。", 0.6, 40), best) == [best.text]


def test_nothing_likely_is_a_refusal() -> None:
    assert chosen("谁主持会议?", evidence("会议很长。", 0.3)) == []
    assert chosen("谁主持会议?") == []


def test_two_that_are_as_likely_come_in_reading_order() -> None:
    first, second = evidence("先说一句。", 0.80, 10), evidence("再说一句。", 0.81, 90)
    assert chosen("会议说了什么?", second, first) == [first.text, second.text]


def test_the_neighbour_is_given_with_it_when_it_tells_what_is_asked() -> None:
    about = evidence("柳河水厂的扩建已经完工。", 0.8)
    told = evidence("日供水12万吨。", 0.3, about.end)
    assert chosen("柳河水厂日供水多少吨?", about, told) == [about.text, told.text]


def test_a_heading_that_is_asked_for_is_cited_too() -> None:
    heading = evidence("石桥镇", 0.1, 0)
    text = evidence("村民领到了补助。", 0.8, 4)
    assert chosen("村民在哪个镇领到了补助?", text, heading) == [heading.text, text.text]


def test_two_sentences_keep_within_the_length_of_an_answer() -> None:
    long = [
        evidence("说" * (LONGEST // 2 + 9) + mark, 0.8, at * 200) for at, mark in enumerate("。!")
    ]
    assert len(chosen("会议说了什么?", *long)) == 1


def test_another_article_that_says_otherwise_is_given_too() -> None:
    best, other = evidence("大桥全长1860米。", 0.9), evidence("大桥长1680米。", 0.6, article="b")
    same = evidence("大桥有1860米长。", 0.6, article="b")
    assert chosen("大桥全长多少米?", best, other) == [best.text, other.text]
    assert chosen("大桥全长多少米?", best, same) == [best.text]


@pytest.mark.parametrize("question", ["大桥现在全长多少米?", "目前大桥多长?"])
def test_the_newest_leads_where_the_present_is_asked_for(question: str) -> None:
    best, newer = evidence("大桥全长1860米。", 0.9), evidence("大桥长1680米。", 0.7, article="b")
    assert chosen(question, best, newer) == [newer.text, best.text]


def test_a_correction_leads() -> None:
    best = evidence("大桥全长1860米。", 0.9)
    mended = evidence("大桥全长应为1680米。", 0.3, article="correction")
    assert chosen("大桥全长多少米?", best, mended) == [mended.text, best.text]


def test_what_reprints_say_counts_once_the_likelier_first() -> None:
    best = evidence("大桥全长1286米,预计年底通车。", 0.9)
    same = evidence("大桥全长1286米,有望年底通车。", 0.8, article="reprint")
    corrected = evidence("大桥全长1288米,预计年底通车。", 0.7, article="reprint")
    another = evidence(best.text, 0.6, article="b")
    pairs = {("a", "reprint"), ("reprint", "a")}
    assert once([best, same, corrected, another], pairs) == [best, corrected, another]
