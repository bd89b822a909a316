"""Bytes to articles: codings, records, and files that hold nothing."""

import gzip
import json
from datetime import date

import pytest

from vectorstore import reading
from vectorstore.articles import BlockKind, article_id
from vectorstore.forms import Refused, Sheet
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


def test_a_text_that_is_too_long_is_refused_at_once() -> None:
    with pytest.raises(Unreadable, match="500,000 characters"):
        read("今天有雨。\n\n".encode() * 100_000, "a.txt")


def test_a_form_is_known_by_content_and_packed_files_of_any_form_are_read() -> None:
    data = lines({"text": "只有一句话。"})
    for name in ("upload", "news.txt", "news.jsonl"):
        assert read(data, name).articles[0].text == "只有一句话。"
    assert read(gzip.compress(SIMPLIFIED.encode()), "page.txt.gz").articles[0].headline == (
        "城东水厂投用",
    )


def test_a_text_of_several_pages_has_ids_of_its_own_on_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheets = [Sheet(text=SIMPLIFIED, number=str(number)) for number in (4, 5)]
    blank = Sheet(text="第06版", number="6")
    monkeypatch.setattr(reading, "_parsed", lambda *_: [*sheets, blank, Refused("page 4: x")])
    found = read(b"x", "a", number="01")
    first, second = found.articles
    assert found.refused == ("page 4: x",)
    assert (first.page, first.position, second.page, second.position) == ("4", 1, "5", 1)
    assert first.id != second.id
    monkeypatch.setattr(reading, "_parsed", lambda *_: sheets[:1])
    (alone,) = read(b"x", "a", number="01").articles
    assert (alone.id, alone.page) == (first.id, "01")
    assert alone.id == article_id(alone.source, 1)
    monkeypatch.setattr(reading, "_parsed", lambda *_: sheets)
    assert len(read(b"x", "a", kind=Kind.ARTICLE).articles) == 1


def test_an_id_that_is_another_records_place_collides_with_nothing() -> None:
    data = lines({"id": "2", "text": "好。"}, {"text": "又好。"})
    found = read(data, "news.jsonl")
    assert not found.refused
    assert len({article.id for article in found.articles}) == 2


def test_other_names_of_a_records_fields_count_where_its_own_are_not_there() -> None:
    data = lines(
        {"标题": "水厂", "正文": "投用。", "日期": "2024-05-17", "报纸": "云川日报", "版面": "02"},
        {"text": "好。", "content": "不是它", "headline": ["no string"], "published": "yesterday"},
    )
    first, second = read(data, "news.jsonl").articles
    assert (first.headline, first.text, first.publication) == (("水厂",), "投用。", "云川日报")
    assert (first.issued, first.page) == (date(2024, 5, 17), "02")
    assert (second.text, second.headline, second.issued) == ("好。", (), None)
