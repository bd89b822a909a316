"""Articles of a database's export: which label begins what, and where an article ends."""

from datetime import date

import pytest

from vectorstore.articles import Article, BlockKind
from vectorstore.reading import Unreadable, read

EXPORT = """全文检索系统
命中记录：2条

记录 1/2
引题：孟庭芳调研防汛时要求
标题：把堤坝再查一遍
作者：本报记者 祝清和 文/图
报纸：云川日报
版次：03
版名：城建
日期：2015-09-24
正文：9月23日，市长孟庭芳沿青石堤走了六公里，
图片说明：孟庭芳察看青石堤。
查看了三处险工。
他要求，险工旁边的沙袋要堆到堤顶。（下转04版）
关键词：防汛；堤坝

记录 2/2
标题：石桥重开
作者：岑小满
日期：2015-09-24
正文：石桥昨天重开。
"""


def blocks(article: Article, kind: BlockKind) -> list[str]:
    return [article.text[b.start : b.end] for b in article.blocks if b.kind is kind]


def test_an_export_is_read_by_its_labels() -> None:
    first, second = read(EXPORT.encode(), "export.txt").articles
    assert (*first.kicker, *first.headline) == ("孟庭芳调研防汛时要求", "把堤坝再查一遍")
    assert (first.byline, first.photographers) == (("祝清和",), ("祝清和",))
    assert (first.publication, first.issued, first.page) == ("云川日报", date(2015, 9, 24), "03")
    assert (first.date, first.continued_to) == ("2015-09-23", "04")
    assert blocks(first, BlockKind.CAPTION) == ["孟庭芳察看青石堤。"]
    assert blocks(first, BlockKind.PARAGRAPH) == [
        "9月23日，市长孟庭芳沿青石堤走了六公里，查看了三处险工。",
        "他要求，险工旁边的沙袋要堆到堤顶。",
    ]
    assert (second.headline, second.byline, second.text) == (
        ("石桥重开",),
        ("岑小满",),
        "石桥昨天重开。",
    )


@pytest.mark.parametrize(
    "between", ["", "\n", "====\n", "-----\n", "第2条\n", "[2/2]\n", "Record 2\n"]
)
def test_the_next_article_begins_at_its_first_label(between: str) -> None:
    text = (
        f"【标题】水厂投用\n【正文】城东水厂投用。\n【日期】2024-05-17\n{between}"
        "【标题】石桥重开\n【日期】2024-05-18\n【正文】石桥重开了。\n"
    )
    found = read(text.encode(), "a.txt").articles
    assert [(a.title, a.issued and a.issued.day, a.text) for a in found] == [
        ("水厂投用", 17, "城东水厂投用。"),
        ("石桥重开", 18, "石桥重开了。"),
    ]


def test_a_rule_within_a_text_parts_nothing() -> None:
    text = "标题：石桥重开\n正文：石桥昨天重开。\n———\n桥头还立了碑。\n===\n标题：水厂\n正文：投用了。\n"
    first, _ = read(text.encode(), "a.txt").articles
    assert first.text == "石桥昨天重开。\n———\n桥头还立了碑。"


def test_who_speaks_within_a_text_is_no_field() -> None:
    text = (
        "标题：钟表匠\n作者：岑小满\n正文：老毛修了四十年钟。\n记者：还有人来修吗？\n"
        "内容：一本旧账，他翻给我们看。\n日期：2024-05-17\n关键词：钟表\n"
    )
    (article,) = read(text.encode(), "a.txt").articles
    assert article.text.split("\n") == [
        "老毛修了四十年钟。",
        "记者：还有人来修吗？",
        "内容：一本旧账，他翻给我们看。",
    ]
    assert (article.byline, article.issued) == (("岑小满",), date(2024, 5, 17))


def test_english_labels_are_known() -> None:
    text = "Title: Ferry returns\nAuthor: Ann Lee\nBody: The ferry is back.\n\nIt sails at nine.\n"
    (article,) = read(text.encode(), "a.txt").articles
    assert (article.headline, article.byline) == (("Ferry returns",), ("Ann Lee",))
    assert article.text == "The ferry is back.\nIt sails at nine."


def test_a_record_that_is_none_is_refused_by_itself() -> None:
    text = "标题：甲\n日期：昨天\n正文：有字。\n\n标题：乙\n正文：\n\n标题：丙\n正文：也有字。\n"
    reading = read(text.encode(), "a.txt")
    assert [article.title for article in reading.articles] == ["丙"]
    assert reading.refused == (
        "line 1: 'date' is not a day like 2022-07-14",
        "line 5: its text is empty",
    )


def test_an_export_without_any_text_is_refused() -> None:
    with pytest.raises(Unreadable, match="none of its records is an article"):
        read("标题：甲\n正文：\n".encode(), "a.txt")


def test_a_page_that_calls_for_papers_is_a_page() -> None:
    text = "云川日报\n\n征文启事\n\n题目：自拟。\n\n内容：写身边的人。\n\n来稿请寄本报副刊部，六月底截止。\n"
    (article,) = read(text.encode(), "a.txt").articles
    assert article.title == "征文启事"


def test_what_stands_above_the_first_rule_is_of_all_records() -> None:
    found = read(
        "江临日报全文检索\n报纸名称：江临日报　　日期：2011年7月5日　　版次：4\n\n"
        "──── 第1条 ────\n【篇名】铜锣\n【作者】麦　秋\n【正文】\n　　锣响了。\n\n"
        "──── 第2条 ────\n【篇名】水位\n【日期】2011年7月6日\n【正文】\n　　涨了。\n"
        "──── 结束 ────\n仅供研究\n".encode(),
        "print.txt",
    ).articles
    assert [each.text for each in found] == ["锣响了。", "涨了。"]
    assert [str(each.issued) for each in found] == ["2011-07-05", "2011-07-06"]
    assert {each.publication for each in found} == {"江临日报"}
    assert found[0].byline == ("麦秋",)
