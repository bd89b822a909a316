import pytest

from qa.answers import Evidence
from qa.timelines import EVENTS, dated, questions_of, timeline
from tests.qa.test_writing import article


def told(name: str, probability: float, start: int = 0) -> Evidence:
    text = f"{name}的会议。"
    return Evidence(
        article_id=name, start=start, end=start + len(text), text=text, probability=probability
    )


ARTICLES = {
    "march": article("march", "2023-03-06"),
    "may": article("may", "2023-05-16"),
    "april": article("april", "2023-04-11"),
}


def test_each_article_tells_one_event_in_the_order_of_the_days() -> None:
    evidence = [
        told("may", 0.9),
        told("march", 0.7),
        told("may", 0.8, 40),
        told("april", 0.4),
    ]
    assert [(day, each.article_id) for day, each in timeline(evidence, ARTICLES)] == [
        ("2023-03-06", "march"),
        ("2023-04-11", "april"),
        ("2023-05-16", "may"),
    ]


def test_what_is_unlikely_is_left_out() -> None:
    found = timeline([told("may", 0.9), told("march", 0.2)], ARTICLES)
    assert [each.article_id for _, each in found] == ["may"]


def test_without_one_that_is_sure_nothing_is_told() -> None:
    assert timeline([told("may", 0.45), told("march", 0.4)], ARTICLES) == []
    assert timeline([], ARTICLES) == []


def test_a_timeline_has_so_many_lines_at_most() -> None:
    many = {f"a{at:02}": article(f"a{at:02}", f"2023-05-{at + 1:02}") for at in range(12)}
    assert len(timeline([told(name, 0.8) for name in many], many)) == EVENTS


@pytest.mark.parametrize(
    ("day", "text", "line"),
    [
        ("2022-07-14", "大桥合龙。", "2022年7月14日：大桥合龙。"),
        ("2022-07", "大桥合龙。", "2022年7月：大桥合龙。"),
        ("XXXX-07-14", "大桥合龙。", "7月14日（年份不明）：大桥合龙。"),
        (None, "大桥合龙。", "大桥合龙。"),
        ("2022-07-14", "The bridge is whole.", "14 July 2022: The bridge is whole."),
        ("XXXX-07-14", "It is whole.", "14 July, year unknown: It is whole."),
    ],
)
def test_a_line_begins_with_its_day(day: str | None, text: str, line: str) -> None:
    assert dated(day, text) == line


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("青石桥合龙和北山隧道贯通哪个先?", ["青石桥合龙", "北山隧道贯通"]),
        ("哪个先完工,青石桥还是北山隧道?", ["青石桥", "北山隧道"]),
        ("青石桥早还是北山隧道早?", ["青石桥", "北山隧道"]),
    ],
)
def test_of_two_events_each_is_asked_for_by_itself(question: str, asked: list[str]) -> None:
    assert questions_of(question) == tuple(f"{event}是什么时候?" for event in asked)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("请列出所有的河务会议。", "河务会议是什么时候?"),
        ("历次河务会议都研究了什么?", "河务会议都研究了什么?"),
        ("人口有什么变化?", "人口有什么变化?"),
        ("列出所有", "列出所有"),
        ("List all meetings of the river board", "When was meetings of the river board?"),
        ("Which came first, the bridge or the tunnel?", None),
    ],
)
def test_of_all_of_a_kind_each_is_asked_for(question: str, asked: str | None) -> None:
    several = (asked,) if asked else ("When was the bridge?", "When was the tunnel?")
    assert questions_of(question) == several
