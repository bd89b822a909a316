from datetime import date

import pytest

from qa.understanding import Kind, Sort, Term, plain, understand


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


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("2022年7月14日的会议谁主持?", date(2022, 7, 14)),
        ("二〇二二年七月十四日，7月末存款余额是多少?", date(2022, 7, 14)),
        ("Who opened the bridge on July 14, 2022?", date(2022, 7, 14)),
        ("7月14日的会议谁主持?", None),
        ("2022年7月的会议谁主持?", None),
        ("2022年7月14日至7月16日开了什么会?", None),
        ("2022年2月30日的会议谁主持?", None),
    ],
)
def test_the_day_that_a_question_names_in_full(question: str, day: date | None) -> None:
    assert understand(question).day == day


def test_words_that_are_known_rare_weigh_more() -> None:
    by_word = {term.text: term.weight for term in understand("柳河镇的会议几点开?").terms}
    assert by_word["会议"] < max(by_word.values())


def test_traditional_characters_ask_the_same() -> None:
    assert understand("鶴汀大橋第三次會議誰主持?") == understand("鹤汀大桥第三次会议谁主持?")
