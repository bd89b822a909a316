"""What came out unlike an article is doubtful, and what looks whole is not."""

from dataclasses import replace

import pytest
from fiction import article

from vectorstore.articles import Article, BlockKind, Doubt, Page, Source
from vectorstore.assembling import articles
from vectorstore.doubts import DOUBTFUL, confidence, doubts

LONG = "本报讯 鹤汀大桥昨日合龙,全长1860米,连接东埠区和青石岭,是两岸之间的第三座大桥,预计明年春天通车。"


@pytest.mark.parametrize(
    ("printed", "doubt"),
    [
        (replace(article(LONG), headline=()), Doubt.NO_HEADLINE),
        (article(blocks=[(BlockKind.BYLINE, "本报记者 祝清和")]), Doubt.NO_TEXT),
        (article("大桥合龙。"), Doubt.SHORT),
        (article("，明年春天通车。", LONG), Doubt.BEGINS),
        (article(LONG, LONG[:-6]), Doubt.ENDS),
        (article(LONG[:-6], LONG), Doubt.TORN),
        (article(LONG, "，明年春天通车。"), Doubt.TORN),
        (replace(article(LONG), continued_to="03"), Doubt.HALF),
    ],
)
def test_a_sign_of_damage_is_a_doubt(printed: Article, doubt: Doubt) -> None:
    assert doubts(printed) == (doubt,)


@pytest.mark.parametrize(
    "printed",
    [
        article(LONG),
        article(LONG, "读者 王建国"),
        article("办理时须带以下材料:", LONG),
        article(blocks=[(BlockKind.CAPTION, "灯会开幕。 童一川 摄")]),
    ],
)
def test_what_looks_whole_is_not_doubtful(printed: Article) -> None:
    assert doubts(printed) == ()
    assert confidence(()) == 1


def test_the_rest_of_a_jump_needs_no_headline_and_may_begin_torn() -> None:
    rest = replace(article("，明年春天通车。", LONG), headline=(), continued_from="01")
    assert doubts(rest) == (Doubt.HALF,)
    assert confidence(doubts(rest)) > DOUBTFUL


def test_nearly_even_signs_leave_a_doubt_on_both_sides() -> None:
    text = """东埠区添一所小学

新校区去年动工,可容纳36个班。孩子们秋天搬进教室,操场还在铺草皮。

青石岭水库开始蓄水

水库库容3200万立方米,坝高88米。下游三个镇的灌溉有了着落,渠道正在清淤。"""
    found = articles(Page(text=text, source=Source("01.txt", "0" * 64)))
    assert len(found) == 2
    assert all(Doubt.EDGE in each.doubts for each in found)
