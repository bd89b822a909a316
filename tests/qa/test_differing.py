import pytest

from qa.differing import differ, difference, is_correction
from qa.understanding import understand
from tests.qa.test_writing import article


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("大桥全长多少米?", "大桥全长1860米。", "大桥长1680米,宽32米。"),
        ("大桥多长?", "大桥全长1860米。", "大桥全长一千六百八十米。"),
        ("新校区有几个班?", "新校区开设36个班。", "新校区共24个班,教师80名。"),
        ("图书馆哪天开馆?", "图书馆将于5月14日开馆。", "图书馆定于16日开馆。"),
        ("谁主持了会议?", "周敏怡主持召开防汛会议。", "郭平波主持召开防汛会议。"),
    ],
)
def test_other_numbers_days_and_names_differ(question: str, one: str, other: str) -> None:
    assert differ(understand(question), one, other)
    assert differ(understand(question), other, one)
    assert not differ(understand(question), one, one)


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("大桥全长多少米?", "大桥全长1860米。", "大桥1,860米长,投资9亿元。"),
        ("大桥全长多少米?", "大桥全长1860米。", "大桥昨日通车。"),
        ("大桥投资多少?", "大桥全长1860米。", "大桥投资9亿元。"),
        ("图书馆哪天开馆?", "图书馆将于5月14日开馆。", "图书馆14日开馆。"),
        ("谁主持了会议?", "周敏怡主持召开会议。", "副市长郭平波就物资储备作了说明,并回答了提问。"),
        ("会议说了什么?", "会议听取3项汇报。", "会议部署5项工作。"),
    ],
)
def test_what_says_the_same_or_something_else_does_not(question: str, one: str, other: str) -> None:
    assert not differ(understand(question), one, other)


def test_a_difference_is_told_with_its_days() -> None:
    first, second = article("a", "2023-05-03"), article("b", "2023-06-01")
    assert difference(understand("大桥多长?"), first, second) == (
        "两篇报道（2023-05-03、2023-06-01）说法不同，都列在这里。"
    )
    assert difference(understand("How long is it?"), first, first) == (
        "Two articles (2023-05-03) differ; both are given."
    )


def test_a_correction_is_known_by_its_headline() -> None:
    assert is_correction(article("c", headline="更正"))
    assert is_correction(article("c", headline="Correction"))
    assert not is_correction(article("c", headline="大桥合龙"))
