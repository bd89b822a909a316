"""Two wordings beside each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.comparing import Run, Side, align, numbers_differ, runs, says_the_same, tokens

PRINTED = "记者获悉,大桥全长1286米,桥面双向六车道,总投资11.7亿元,明年三月通车。"


def marked(quoted: str, printed: str) -> str:
    marks = {Side.QUOTED: "[-{}-]", Side.PRINTED: "{{+{}+}}", Side.BOTH: "{}"}
    return "".join(marks[run.side].format(run.text) for run in runs(quoted, printed))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("大桥全长1286米。", "大桥全长１，２８６米", id="width and thousands"),
        pytest.param("圖書館於七月重開", "图书馆于七月重开", id="traditional"),
        pytest.param("The “Heron” sails.", 'the "heron" sails', id="quotation marks and capitals"),
        pytest.param("投资一百二十万元", "投资120万元", id="numerals"),
        pytest.param("占百分之十二", "占12%", id="per cent"),
    ],
)
def test_settings_of_the_same_words_say_the_same(one: str, other: str) -> None:
    assert says_the_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("增长1.5%", "增长15%", id="decimal point"),
        pytest.param("第十二次会议", "第十三次会议", id="numeral"),
        pytest.param("他没有来", "他有来", id="a word"),
        pytest.param("at 6:30", "at 630", id="time of day"),
    ],
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert not says_the_same(one, other)


def test_a_character_is_no_more_than_one_word() -> None:
    assert [token.text for token in tokens("长¼里")] == ["长", "1⁄4", "里"]
    assert marked("1", "¼") == "[-1-]{+¼+}"


def test_what_differs_is_marked_on_both_sides() -> None:
    told = marked("大桥全长1386米,桥面双向六车道", "大桥全长1286米,桥面双向六车道,")
    assert told == "大桥全长[-1386-]{+1286+}米,桥面双向六车道,"
    assert marked("全市水库须落实责任人", "全市水库必须在月底前落实责任人。") == (
        "全市水库[-须-]{+必须在月底前+}落实责任人。"
    )
    assert marked("大桥明天通车", "大桥明天通车") == "大桥明天通车"
    assert marked("天气", "bridge") == "[-天气-]{+bridge+}"


@pytest.mark.parametrize(
    ("quoted", "printed", "differ"),
    [
        pytest.param("全长1386米", "全长1286米", True, id="another number"),
        pytest.param("第三届书展开幕", "第二届书展开幕", True, id="another numeral"),
        pytest.param(
            "大桥全长1286米并有8个车道", "大桥全长1286米并有车道", True, id="a number more"
        ),
        pytest.param("大桥有车道", "大桥有8个车道", False, id="a number less"),
        pytest.param(
            "他们一起走过大桥", "他们共同走过大桥", False, id="a word with a numeral in it"
        ),
        pytest.param("投资一百二十万元建桥", "投资120万元修桥", False, id="the same number"),
    ],
)
def test_a_changed_number_is_known(quoted: str, printed: str, differ: bool) -> None:
    assert numbers_differ(runs(quoted, printed)) is differ


def test_altered_words_are_found_in_their_article() -> None:
    words, printed = tokens("桥面双向八车道,总投资11.7亿元"), tokens(PRINTED)
    match = align(words, printed)
    assert match
    assert PRINTED[match.start : match.end] == "桥面双向六车道,总投资11.7亿元"
    assert 0.8 < match.share < 1
    assert align(tokens("今天有雨"), printed) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_word_is_lost_or_made_up(quoted: str, printed: str) -> None:
    found = runs(quoted, printed)
    both = [run.text for run in found if run.side is not Side.QUOTED]
    words = [token.text for token in tokens("\n".join(both))]
    assert words == [token.text for token in tokens(printed)]
    mine = [t.text for run in found if run.side is not Side.PRINTED for t in tokens(run.text)]
    assert mine == [token.text for token in tokens(quoted)]
    assert Run(Side.BOTH, "") not in found
