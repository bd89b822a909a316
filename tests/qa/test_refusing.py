from datetime import date

import pytest

from qa.answers import Evidence, Searched
from qa.refusing import instead, refusal, unmentioned, unpinned
from qa.understanding import understand
from vectorstore.articles import Article, BlockKind, Source, join


def article(text: str, *, day: str | None = None, headline: str = "海阳新闻") -> Article:
    text, blocks = join([(BlockKind.PARAGRAPH, text)])
    return Article(
        id="a",
        headline=(headline,),
        date=day,
        text=text,
        blocks=blocks,
        source=Source("a.txt", "0" * 64),
    )


def told_instead(question: str, of: Article, probability: float = 0.9) -> str | None:
    nearest = Evidence(
        article_id=of.id, start=0, end=len(of.text), text=of.text, probability=probability
    )
    return instead(understand(question), [nearest], {of.id: of})


MEETING = article("14日,周敏怡主持召开市防汛工作领导小组第十二次会议。", day="2023-05-14")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("谁主持了防汛工作领导小组第13次会议?", "最接近的报道说的是第12次，不是第13次。"),
        ("5月20日谁主持了防汛会议?", "最接近的报道说的是5月14日，不是5月20日。"),
        (
            "2019年谁主持了防汛会议?",
            "最接近的报道说的是2023年，不是2019年。",
        ),
        ("Who chaired the flood meeting in 2019?", "The nearest article tells of 2023, not 2019."),
    ],
)
def test_it_names_what_the_nearest_article_tells_of(question: str, said: str) -> None:
    assert told_instead(question, MEETING) == said


def test_another_title_is_named() -> None:
    review = article("话剧《渡口》昨晚在海阳剧院首演。")
    assert (
        told_instead("《灯塔》在哪里首演?", review) == "最接近的报道说的是《渡口》，不是《灯塔》。"
    )


def test_a_route_is_named_as_the_question_names_it() -> None:
    line = article("58路公交车改道经过海阳东站。")
    assert told_instead("85路公交车改道经过哪里?", line) == "最接近的报道说的是58路，不是85路。"


def test_what_would_be_no_answer_anyway_is_not_named() -> None:
    assert told_instead("谁主持了第13次会议?", MEETING, 0.4) is None
    assert told_instead("谁主持了第12次会议?", MEETING) is None
    assert instead(understand("谁主持了第13次会议?"), [], {}) is None


@pytest.mark.parametrize(
    ("question", "without"),
    [
        ("谁主持了第十三次会议?", "谁主持了会议?"),
        ("2019年5月20日的会议是谁主持的?", "会议是谁主持的?"),
        ("Who chaired the meeting in 2019?", "who chaired the meeting ?"),
        ("谁主持了会议?", None),
        ("2019年呢?", None),
    ],
)
def test_a_question_without_what_pins_it(question: str, without: str | None) -> None:
    asked = unpinned(understand(question))
    assert (asked and asked.question) == without


def test_a_name_that_no_article_has_is_told() -> None:
    asked = understand("岑小满主持了什么会议?")
    assert unmentioned(asked, [MEETING]) == "查到的报道都没有提到“岑小满”。"
    two = understand("诸葛怀瑾主持了什么会议?")
    assert unmentioned(two, [MEETING]) == "查到的报道都没有提到“诸葛怀瑾”。"
    named = article("岑小满主持了座谈会。")
    assert unmentioned(asked, [MEETING, named]) is None
    assert unmentioned(asked, []) is None


def test_a_refusal_says_what_was_searched() -> None:
    narrowed = Searched(passages=61, since=date(2023, 5, 1), publication="海阳日报")
    assert refusal("谁?", narrowed) == (
        "2023-05-01至…的《海阳日报》里没有这个问题的答案。共检索了 61 个段落。"
    )
    assert refusal("Who?", Searched(passages=61)) == (
        "Nothing in the archive answers this. 61 passages were searched."
    )
