import pytest

from qa.answers import Turn
from qa.understanding import Kind, Sort, Term, plain, standalone, understand


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("第一百二十四次会议", "第124次会议", id="ordinal"),
        pytest.param("二〇二三年", "2023年", id="year"),
        pytest.param("八千三百万平方米", "83000000平方米", id="large"),
        pytest.param("8300万平方米", "83000000平方米", id="mixed"),
        pytest.param("1.2万余吨", "12000余吨", id="decimal"),
        pytest.param("百分之三十", "30%", id="share"),
        pytest.param("12,500人", "12500人", id="thousands"),
        pytest.param("四五级偏西风", "四五级偏西风", id="four or five is no number"),
        pytest.param("万一一起进行", "万一一起进行", id="words"),
        pytest.param("3千米", "3千米", id="kilometres"),
    ],
)
def test_numerals_are_compared_as_digits(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("question", "kind", "unit"),
    [
        ("谁主持了会议?", Kind.WHO, ""),
        ("展馆什么时候开放?", Kind.WHEN, ""),
        ("柳河村在哪个镇?", Kind.WHERE, "镇"),
        ("电厂有几台机组?", Kind.HOW_MANY, "机组"),
        ("签了什么协议?", Kind.WHAT, "协议"),
        ("为什么停水?", Kind.WHY, ""),
        ("村民怎样领补助?", Kind.HOW, ""),
        ("会开了吗?", Kind.YES_NO, ""),
        ("When does the library open?", Kind.WHEN, ""),
        ("How many pages does it have?", Kind.HOW_MANY, ""),
    ],
)
def test_a_question_tells_which_kind_of_answer_it_wants(
    question: str, kind: Kind, unit: str
) -> None:
    asked = understand(question)
    assert (asked.kind, asked.unit) == (kind, unit)


def terms(question: str, sort: Sort) -> list[str]:
    return [term.text for term in understand(question).of(sort)]


def test_years_days_ordinals_and_titles_pin_a_question_down() -> None:
    assert terms("2023年供水多少?", Sort.YEAR) == ["2023"]
    assert terms("7月14日谁讲话?", Sort.DAY) == ["7-14"]
    assert terms("14日有雨吗?", Sort.DAY) == ["-14"]
    assert terms("第九届龙舟赛谁赢了?", Sort.ORDINAL) == ["9届"]
    assert terms("轨道交通3号线几点开?", Sort.ORDINAL) == ["3号"]
    assert terms("谁写了《柳河志》?", Sort.QUOTED) == ["柳河志"]
    assert terms("On May 3, 2023 who spoke?", Sort.DAY) == ["5-3"]


def test_a_single_one_pins_nothing_down() -> None:
    assert not terms("一个月多少钱?", Sort.NUMBER)
    assert not terms("下一届在哪里办?", Sort.ORDINAL)


def test_an_ordinal_counts_whole_or_not_at_all() -> None:
    term = Term("12次", Sort.ORDINAL, 1.0)
    assert term.found(plain("第十二次会议")) == 1
    assert term.found(plain("第112次会议")) == 0
    assert term.found(plain("第13次会议")) == 0


def test_a_day_counts_in_part_where_the_text_leaves_its_month_out() -> None:
    term = Term("7-14", Sort.DAY, 1.0)
    assert term.found("7月14日开会") == 1
    assert 0 < term.found("14日开会") < 1
    assert term.found("8月14日开会") == 0


def test_words_that_are_known_rare_weigh_more() -> None:
    by_word = {term.text: term.weight for term in understand("柳河镇的会议几点开?").terms}
    assert by_word["会议"] < max(by_word.values())


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


def test_traditional_characters_ask_the_same() -> None:
    assert understand("鶴汀大橋第三次會議誰主持?") == understand("鹤汀大桥第三次会议谁主持?")
