import pytest

from qa.answers import Turn
from qa.followups import standalone


@pytest.mark.parametrize(
    ("question", "earlier", "expected"),
    [
        ("它的供水面积呢?", "江北水厂供水到什么时候结束?", "江北水厂的供水面积呢?"),
        ("是哪天开的?", "第12次会议是谁主持的?", "第12次会议是哪天开的?"),
        ("那第13次呢?", "第12次会议是谁主持的?", "第13次会议是谁主持的?"),
        ("那第13次呢,是谁主持的?", "第12次会议是谁主持的?", "第13次会议是谁主持的?"),
        ("2021年呢?", "江北水厂2022年供水多少?", "江北水厂2021年供水多少?"),
        ("那里有多少户人家?", "柳河村在哪个镇?", "柳河村有多少户人家?"),
        ("柳河村呢?", "石桥村在哪个镇?", "柳河村在哪个镇?"),
        ("面积呢?", "望月湖公园的人口是多少?", "望月湖公园的面积?"),
        ("什么时候开放?", "谁设计了望月湖公园?", "望月湖公园什么时候开放?"),
        (
            "这次会议有谁参加?",
            "防汛工作领导小组第12次会议是哪天召开的?",
            "防汛工作领导小组第12次会议有谁参加?",
        ),
        (
            "How many pages does it have?",
            "When did the Riverside Gazette appear?",
            "How many pages does the Riverside Gazette have?",
        ),
        (
            "And in 2021?",
            "How many visitors came in 2022?",
            "How many visitors came in 2021?",
        ),
    ],
)
def test_a_follow_up_is_filled_in_from_the_question_before(
    question: str, earlier: str, expected: str
) -> None:
    assert standalone(question, [Turn(earlier)]) == expected


def test_he_is_whom_the_answer_named() -> None:
    turn = Turn("海阳市市长是谁?", "市委副书记、市长周敏怡提出具体要求。[1]")
    assert standalone("他提出了什么要求?", [turn]) == "周敏怡提出了什么要求?"


def test_a_follow_up_reaches_back_over_several_turns() -> None:
    turns = [Turn("江北水厂什么时候建成?"), Turn("它有多少职工?")]
    assert standalone("它的供水面积呢?", turns) == "江北水厂的供水面积呢?"


@pytest.mark.parametrize(
    "question", ["海阳市的市长周敏怡在哪里出生?", "第15次会议是谁主持的?", "Who runs the Old Mill?"]
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert standalone(question, [Turn("第12次会议是谁主持的?")]) == question
    assert standalone(question, []) == question
