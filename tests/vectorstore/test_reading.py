"""Bytes to articles: codings, records, and files that hold nothing."""

import gzip
import json
from datetime import date

import pytest

from vectorstore.articles import BlockKind
from vectorstore.reading import Kind, Unreadable, decoded, read

SIMPLIFIED = """城东水厂投用

本报讯(记者 王一鸣)7月14日,城东水厂正式投用,三十万居民喝上优质水。

工程总投资两亿元。
"""
TRADITIONAL = """湖口老街翻修完工

【本報訊】(記者 陳慧明)湖口老街翻修工程七月十四日完工,居民盼望遊客回來。

老街保留了紅磚拱廊。
"""


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_simplified_text_is_read_in_every_coding(coding: str) -> None:
    (article,) = read(SIMPLIFIED.encode(coding), "page.txt").articles
    assert article.headline == ("城东水厂投用",)
    assert article.byline == ("王一鸣",)


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "gb18030", "big5", "cp950"])
def test_traditional_text_is_read_in_every_coding(coding: str) -> None:
    (article,) = read(TRADITIONAL.encode(coding), "page.txt").articles
    assert article.headline == ("湖口老街翻修完工",)
    assert article.byline == ("陳慧明",)
    assert article.date == "XXXX-07-14"


@pytest.mark.parametrize("text", ["今天有雨。", "本市召开会议", "水厂投用,居民欢喜。", "一二三"])
def test_a_few_simplified_characters_tell_their_coding(text: str) -> None:
    assert decoded(text.encode("gb18030")) == text


@pytest.mark.parametrize(
    "text", ["今天有雨。", "老街翻修完工", "記者報導,居民歡喜。", "臺北市政府"]
)
def test_a_few_traditional_characters_tell_their_coding(text: str) -> None:
    assert decoded(text.encode("big5")) == text


def test_western_quotes_of_an_old_coding_are_read() -> None:
    assert decoded("“Good morning,” said the mayor’s café owner.".encode("cp1252")) == (
        "“Good morning,” said the mayor’s café owner."
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b" \n\t\n", "empty", id="blank"),
        pytest.param(b"%PDF-1.7 ...", "PDF", id="pdf"),
        pytest.param(b"PK\x03\x04....", "zip", id="zip"),
        pytest.param(b"\x89PNG\r\n", "image", id="image"),
        pytest.param(b"text\x00\x01\x02", "binary", id="NUL bytes"),
        pytest.param(bytes(range(128, 256)) * 4, "coded", id="no coding"),
        pytest.param("第02版 要闻\n\n责编 王芳".encode(), "no article", id="furniture alone"),
        pytest.param("城东水厂投用".encode(), "no article", id="a headline alone"),
    ],
)
def test_what_cannot_be_read_is_one_clear_sentence(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(data, "page.txt")


def test_control_characters_are_dropped() -> None:
    data = SIMPLIFIED.replace("正式", "正\x07\u200b式").replace("\n", "\r\n").encode()
    (article,) = read(data, "page.txt").articles
    assert "正式投用" in article.text
    assert "\r" not in article.text


def test_what_is_given_counts_before_what_the_page_says() -> None:
    text = "云川日报\n\n2022年7月15日 星期五\n\n第02版 要闻\n\n" + SIMPLIFIED
    (said,) = read(text.encode(), "page.txt").articles
    assert (said.publication, said.issued, said.page) == ("云川日报", date(2022, 7, 15), "02")
    assert said.date == "2022-07-14"
    (given,) = read(
        text.encode(), "page.txt", publication="晚报", issued=date(2021, 7, 20), number="A1"
    ).articles
    assert (given.publication, given.issued, given.page) == ("晚报", date(2021, 7, 20), "A1")
    assert given.date == "2021-07-14"


def test_ids_come_from_content_and_place_alone() -> None:
    one, other = (read(SIMPLIFIED.encode(), name).articles[0] for name in ("a.txt", "b/c.txt"))
    assert one.id == other.id
    assert (one.source.file, other.source.file) == ("a.txt", "b/c.txt")


def test_a_file_that_is_said_to_be_an_article_is_one() -> None:
    text = "老街新生\n\n修旧如旧。\n\n关于停水的通告\n\n明天停水。"
    assert len(read(text.encode(), "a.txt", kind=Kind.PAGE).articles) == 2
    (article,) = read(text.encode(), "a.txt", kind=Kind.ARTICLE).articles
    assert [block.kind for block in article.blocks] == [
        BlockKind.PARAGRAPH,
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
    ]


def test_headlines_in_a_row_are_a_page_and_subheads_are_not() -> None:
    told = "今天{0}，居民都来看热闹。"
    heads = ["白石桥装上了新路灯", "云岭站开通了早班车", "青禾河放流十万尾鱼苗"]
    heads += ["柳荫街拆除旧广告牌", "北河渡口换上电动船"]
    bulletin = "\n".join(f"{head}\n{told.format(head)}" for head in heads)
    assert len(read(bulletin.encode(), "a.txt").articles) == 5
    guide = "\n".join(f"{head[:3]}\n{told.format(head)}" for head in heads)
    assert len(read(f"周末去哪里\n{guide}".encode(), "a.txt").articles) == 1


def lines(*records: object) -> bytes:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records).encode()


def test_a_record_keeps_its_id_and_its_lines() -> None:
    text = "7月14日,水厂投用。\n工程两亿元。"
    data = lines(
        {
            "id": "a-1",
            "title": "城东水厂\n本月投用",
            "text": text,
            "date": "2022-07-15",
            "publication": "云川日报",
        },
        {"text": "只有一句话。"},
    )
    first, second = read(data, "news.jsonl").articles
    assert first.source.record == "a-1"
    assert first.headline == ("城东水厂", "本月投用")
    assert first.text == text
    assert (first.issued, first.date) == (date(2022, 7, 15), "2022-07-14")
    assert first.publication == "云川日报"
    assert (second.source.record, second.date, second.position) == (None, None, 2)
    assert first.id != second.id


def test_packed_records_are_the_same() -> None:
    data = lines({"text": "只有一句话。"})
    assert read(gzip.compress(data), "news.jsonl.gz").articles[0].text == "只有一句话。"


def test_each_bad_record_is_refused_with_its_line() -> None:
    data = b"\n".join(
        (
            lines({"id": "a", "text": "好。"}),
            b"{not json",
            lines({"title": "no text"}),
            lines({"text": " \n "}),
            lines({"text": "好。", "date": "2022-02-30"}),
            lines({"text": "好。", "date": "July 14"}),
            lines({"text": 5}),
            lines([1]),
            lines({"id": "a", "text": "又。"}),
            b"",
            lines({"text": "好。"}),
        )
    )
    reading = read(data, "news.jsonl")
    assert len(reading.articles) == 2
    assert [sentence.split(":")[0] for sentence in reading.refused] == [
        f"line {n}" for n in range(2, 10)
    ]
    assert reading.refused[1] == "line 3: 'text' is missing"


def test_half_characters_never_reach_the_catalogue() -> None:
    half = json.dumps({"text": "一\ud800句。", "title": "题\udc00", "publication": "报\ud800"})
    reading = read(f'{half}\n{{"id": "\\ud800", "text": "句。"}}\n'.encode(), "news.jsonl")
    (article,) = reading.articles
    assert (article.text, article.headline, article.publication) == ("一句。", ("题",), "报")
    assert "'id' holds half" in reading.refused[0]


def test_the_names_of_a_record_stand_on_one_line() -> None:
    data = lines({"text": "好。", "publication": " 云川\n日报\x07 ", "page": "\t"})
    (article,) = read(data, "news.jsonl").articles
    assert (article.publication, article.page) == ("云川 日报", None)


def test_records_without_any_article_are_refused_whole() -> None:
    with pytest.raises(Unreadable, match="none of its lines"):
        read(b"{}\n{}", "news.jsonl")
    with pytest.raises(Unreadable, match="gzip"):
        read(b"\x1f\x8bbroken", "news.jsonl.gz")
