import pytest

from qa.answers import Turn
from qa.followups import in_context, parted, standalone


@pytest.mark.parametrize(
    ("question", "earlier", "expected"),
    [
        ("它的供水面积呢?", "江北水厂供水到什么时候结束?", "江北水厂的供水面积呢?"),
        ("是哪天开的?", "第12次会议是谁主持的?", "第12次会议是哪天开的?"),
        ("那第13次呢?", "第12次会议是谁主持的?", "第13次会议是谁主持的?"),
        ("那第13次呢,是谁主持的?", "第12次会议是谁主持的?", "第13次会议是谁主持的?"),
        ("2021年呢?", "江北水厂2022年供水多少?", "江北水厂2021年供水多少?"),
        ("它的新址在哪?", "住房和城乡建设局何时搬家?", "住房和城乡建设局的新址在哪?"),
        ("有多少学生?", "水文与海洋学院在哪里?", "水文与海洋学院有多少学生?"),
        ("它归谁管?", "教育局和交通运输局联合办了什么?", "教育局和交通运输局归谁管?"),
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


def test_a_follow_up_is_searched_after_the_question_before_it_and_its_answer() -> None:
    turns = [Turn("江北水厂什么时候建成?"), Turn("它有多少职工?", "水厂有职工三百人。[1]")]
    assert in_context("分几个班?", turns) == [
        "江北水厂有多少职工? 分几个班?",
        "水厂有职工三百人。 分几个班?",
    ]
    assert in_context("分几个班?", turns[:1]) == ["江北水厂什么时候建成? 分几个班?"]
    assert in_context("分几个班?", []) == []


def test_a_question_before_it_in_another_language_is_no_context() -> None:
    turns = [Turn("鹤汀大桥全长多少米?"), Turn("Who runs the Old Mill?")]
    assert in_context("谁设计的?", turns) == ["鹤汀大桥全长多少米? 谁设计的?"]
    assert in_context("谁设计的?", turns[1:]) == []


def test_what_is_searched_of_a_long_answer_is_bounded() -> None:
    (_, told) = in_context("谁设计的?", [Turn("鹤汀大桥全长多少米?", "长" * 10_000)])
    assert len(told) < 300


@pytest.mark.parametrize(
    "question", ["海阳市的市长周敏怡在哪里出生?", "第15次会议是谁主持的?", "Who runs the Old Mill?"]
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert standalone(question, [Turn("第12次会议是谁主持的?")]) == question
    assert standalone(question, []) == question


BRIDGE = Turn("鹤汀大桥什么时候通车?", "鹤汀大桥将于明年3月通车。[1]")
LIBRARY = Turn("粮仓图书馆几点开门?", "图书馆每天九点开门。[1]")


@pytest.mark.parametrize(
    ("question", "turns", "expected"),
    [
        ("那座大桥有多长?", [BRIDGE, LIBRARY], "鹤汀大桥有多长?"),
        ("大桥有多长?", [BRIDGE, LIBRARY], "鹤汀大桥有多长?"),
        ("它有多少册书?", [BRIDGE, LIBRARY], "粮仓图书馆有多少册书?"),
        ("那鹤汀大桥呢?", [BRIDGE, LIBRARY], "鹤汀大桥几点开门?"),
        ("它有多长?", [BRIDGE, Turn("Who runs the Old Mill?")], "鹤汀大桥有多长?"),
        ("芦汀桥呢?", [Turn("鹤汀大桥全长多少米?")], "芦汀桥全长多少米?"),
        ("还有谁?", [Turn("河务会议有哪些市领导参加?")], "河务会议还有哪些市领导参加?"),
        ("还有呢?", [Turn("河务会议有哪些市领导参加?")], "河务会议还有哪些市领导参加?"),
        ("为什么?", [Turn("江北水厂什么时候停水?")], "江北水厂为什么停水?"),
        ("上一次呢?", [Turn("第12次河务会议是谁主持的?")], "第11次河务会议是谁主持的?"),
        ("前一年呢?", [Turn("江北水厂2022年供水多少?")], "江北水厂2021年供水多少?"),
        (
            "其中换乘站有几座?",
            [Turn("轨道交通5号线有多少座车站?")],
            "轨道交通5号线其中换乘站有几座?",
        ),
        ("它有多长?", [Turn("你知道鹤汀大桥吗?")], "鹤汀大桥有多长?"),
        (
            "And who designed it?",
            [Turn("When did the Old Mill open?")],
            "Who designed the Old Mill?",
        ),
    ],
)
def test_what_is_left_unsaid_may_stand_several_turns_before(
    question: str, turns: list[Turn], expected: str
) -> None:
    assert standalone(question, turns) == expected


@pytest.mark.parametrize(
    ("question", "turn", "expected"),
    [
        (
            "它什么时候开放?",
            Turn("哪座公园最大?", "望月湖公园占地三百亩,是全市最大的公园。[1]"),
            "望月湖公园什么时候开放?",
        ),
        (
            "她还设计过什么?",
            Turn("谁设计了望月湖公园?", "公园由设计师苏白芷设计。[1]"),
            "苏白芷还设计过什么?",
        ),
        (
            "Where was she born?",
            Turn("Who designed the Old Mill?", "The mill was designed by Nadia Okafor in 1921."),
            "Where was Nadia Okafor born?",
        ),
    ],
)
def test_what_an_answer_names_may_be_pointed_at(question: str, turn: Turn, expected: str) -> None:
    assert standalone(question, [turn]) == expected


@pytest.mark.parametrize(
    "question",
    [
        "粮仓图书馆里有多少册书?",
        "沙尘那天最冷多少度?",
        "《卖菜人》这张照片是谁拍的?",
        "鹿其章说了什么?",
        "苇塘县种了多少亩稻?",
        "慢车 票价",
        "Who runs the Old Mill?",
    ],
)
def test_a_change_of_subject_is_no_follow_up(question: str) -> None:
    assert standalone(question, [Turn("男子5000米的冠军是谁?", "冠军是裴远。[1]")]) == question


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("鹤汀大桥有多长、什么时候通车?", ("鹤汀大桥有多长?", "鹤汀大桥什么时候通车?")),
        ("谁设计了鹤汀大桥,花了多少钱?", ("谁设计了鹤汀大桥?", "鹤汀大桥花了多少钱?")),
        ("河务会议什么时候、在哪里举行?", ("河务会议什么时候举行?", "河务会议在哪里举行?")),
        (
            "短片《归岸》由谁拍摄,时长多少分钟?",
            ("短片《归岸》由谁拍摄?", "短片《归岸》时长多少分钟?"),
        ),
        (
            "When was the mill built and why?",
            ("When was the mill built?", "Why was the mill built?"),
        ),
        (
            "When did the Old Mill open and how many people came?",
            ("When did the Old Mill open?", "How many people came?"),
        ),
    ],
)
def test_two_asks_in_one_sentence_are_two_questions(question: str, parts: tuple[str, ...]) -> None:
    assert parted(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "鹤汀大桥由谁设计、由谁承建?",
        "谁、什么时候、在哪里发现的?",
        "你知道谁修了桥、花了多少钱吗?",
        "为了修桥,村里借了多少钱?",
        "大桥和隧道哪个先通车?",
        "哪位专家告诉村民,怎样防霜?",
        "Who built the mill and the bridge?",
    ],
)
def test_what_may_be_one_question_stays_one(question: str) -> None:
    assert parted(question) == (question,)


def test_what_a_follow_up_takes_over_is_bounded() -> None:
    long = "他他说" * 600
    assert len(standalone(long, [Turn(long, long)] * 8)) < 2 * len(long)
