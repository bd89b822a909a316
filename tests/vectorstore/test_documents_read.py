"""Markdown, web pages, Word documents and feeds: what comes out of each, and what is refused."""

import io
import zipfile
from collections.abc import Callable
from datetime import date

import docx
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.articles import Article, Block, BlockKind
from vectorstore.forms import docx as word
from vectorstore.reading import Kind, Unreadable, read

MARKDOWN = """---
title: 鹤汀渡轮复航
date: 2024-05-17
publication: 云川日报
page: "02"
author: [祝清和, 岑小满]
---

# 鹤汀渡轮复航

本报讯 5月16日,停航三个月的**鹤汀渡轮**复航,
首日载客[两千人次](https://example.org/x)。

## 票价不变

票价仍为*两元*。

| 班次 | 时间 |
|---|---|
| 首班 | 6:30 |
"""
PAGE = """<!DOCTYPE html>
<html><head><meta charset="{coding}"><title>鹤汀渡轮复航 - 云川日报网</title>
<meta property="og:site_name" content="云川日报"><meta name="author" content="祝清和">
<meta property="article:published_time" content="2024-05-17T08:00:00+08:00">
<script>var ad = "买一送一";</script></head><body>
<nav><a href="/">首页</a> <a href="/n">新闻</a> <a href="/f">副刊</a></nav>
<article><h1>鹤汀渡轮复航</h1>
<p>本报讯 5月16日,停航三个月的<b>鹤汀渡轮</b>复航,首日载客两千人次,码头上排起长队。</p>
<h2>票价不变</h2>
<p>票价仍为两元,六十岁以上的老人凭证免费乘船,学生半价,自行车另收一元。</p>
<table><tr><th>班次</th><th>时间</th></tr><tr><td>首班</td><td>6:30</td></tr></table>
<p>渡轮公司表示,夏季将加开夜航班次,末班船推迟到晚上十点。</p>
</article>
<aside>热门:<a href="#">彩票开奖</a></aside><footer>版权所有 友情链接</footer></body></html>"""
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Saltmere Courier</title>
<item><guid>courier-1</guid><title>Ferry &amp;amp; bridge</title>
<pubDate>Fri, 17 May 2024 23:30:00 -0500</pubDate><dc:creator>Ann Lee</dc:creator>
<description>Short.</description>
<content:encoded><![CDATA[<p>The ferry is <b>back</b>.</p><h3>Fares</h3><p>Two marks.</p>
<script>alert(1)</script>]]></content:encoded></item>
<item><guid>courier-2</guid><title>Nothing</title></item>
<item><guid>courier-1</guid><title>Again</title><description>Twice.</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>云川日报</title>
<entry><id>urn:x:1</id><title>水厂投用</title><published>2024-05-17T23:00:00+08:00</published>
<author><name>王一鸣</name></author><content type="html">&lt;p&gt;城东水厂投用。&lt;/p&gt;</content>
</entry></feed>"""


def blocks(article: Article) -> list[tuple[str, str]]:
    def told(block: Block) -> tuple[str, str]:
        return block.kind.value, article.text[block.start : block.end]

    return [told(block) for block in article.blocks]


def document(write: Callable[[docx.document.Document], None]) -> bytes:
    made, file = docx.Document(), io.BytesIO()
    write(made)
    made.save(file)
    return file.getvalue()


def report(made: docx.document.Document) -> None:
    made.add_heading("鹤汀渡轮复航", 0)
    made.add_paragraph("本报讯(记者 祝清和)5月16日,停航三个月的鹤汀渡轮复航。")
    made.add_heading("票价不变", 1)
    made.add_paragraph("票价仍为两元。")
    table = made.add_table(2, 2)
    for cell, text in zip(table._cells, ("班次", "时间", "首班", "6:30"), strict=True):
        cell.text = text


FERRY = [
    ("paragraph", "票价仍为两元。"),
    ("paragraph", "班次 时间"),
    ("paragraph", "首班 6:30"),
]


# Markdown


def test_markdown_is_an_article_with_what_its_front_matter_says() -> None:
    (article,) = read(MARKDOWN.encode(), "ferry.md").articles
    assert article.headline == ("鹤汀渡轮复航",)
    assert (article.issued, article.publication, article.page) == (
        date(2024, 5, 17),
        "云川日报",
        "02",
    )
    assert article.byline == ("祝清和", "岑小满")
    assert article.date == "2024-05-16"
    assert blocks(article) == [
        ("paragraph", "本报讯 5月16日,停航三个月的鹤汀渡轮复航,首日载客两千人次。"),
        ("heading", "票价不变"),
        *FERRY,
    ]


def test_each_headline_of_a_markdown_file_begins_an_article() -> None:
    text = (
        "# Ferry returns\n\nThe ferry is back,\nsays she.\n\n# Market day\n\n- Friday\n- Sunday\n"
    )
    first, second = read(text.encode(), "a.md").articles
    assert (first.headline, first.text) == (("Ferry returns",), "The ferry is back, says she.")
    assert (second.headline, second.text) == (("Market day",), "Friday\nSunday")
    assert first.id != second.id


def test_markdown_without_headings_is_a_page() -> None:
    text = "老街新生\n\n修旧如旧。\n\n关于停水的通告\n\n明天停水。"
    plain = read(text.encode(), "a.txt", kind=Kind.PAGE).articles
    assert [each.id for each in read(text.encode(), "a.md", kind=Kind.PAGE).articles] == [
        each.id for each in plain
    ]


def test_html_in_markdown_is_taken_off() -> None:
    text = "# Ferry\n\n<div onclick='x()'><p>It is back.</p><script>x()</script></div>\n\nSo <b>it</b> is.\n"
    (article,) = read(text.encode(), "a.md").articles
    assert article.text == "It is back.\nSo it is."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("---\ntitle: [\n---\nText.\n", "front matter is not YAML", id="no YAML"),
        pytest.param("---\n- a\n---\nText.\n", "names no fields", id="a list"),
        pytest.param("---\ntitle: a\ndate: 2024-13-01\n---\nText.\n", "no calendar", id="no day"),
        pytest.param("# Only\n\n## Headings\n", "no article", id="no text"),
    ],
)
def test_markdown_that_cannot_be_read_is_one_clear_sentence(text: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(text.encode(), "a.md")


# Web pages


@pytest.mark.parametrize("coding", ["utf-8", "gb2312", "gbk"])
def test_a_web_page_is_its_article_alone(coding: str) -> None:
    (article,) = read(PAGE.format(coding=coding).encode(coding), "page.html").articles
    assert article.headline == ("鹤汀渡轮复航",)
    assert article.byline == ("祝清和",)
    assert (article.issued, article.publication) == (date(2024, 5, 17), "云川日报")
    assert blocks(article)[1:2] == [("heading", "票价不变")]
    assert ("paragraph", "首班 6:30") in blocks(article)
    assert article.text.startswith("本报讯 5月16日,停航三个月的鹤汀渡轮复航,")
    for sign in ("首页", "副刊", "友情", "买一送一", "彩票"):
        assert sign not in article.text


def test_a_web_page_in_big5_is_read() -> None:
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=big5">'
        "<title>老街翻修完工</title></head><body><p>湖口老街翻修工程完工,居民盼望遊客回來。</p></body></html>"
    )
    (article,) = read(page.encode("big5"), "a.htm").articles
    assert article.text == "湖口老街翻修工程完工,居民盼望遊客回來。"


def test_a_few_broken_bytes_keep_no_web_page_out() -> None:
    data = PAGE.format(coding="gb2312").encode("gb18030").replace("价".encode("gbk"), b"\xbc", 1)
    (article,) = read(data, "a.html").articles
    assert article.publication == "云川日报"
    assert "首日载客两千人次" in article.text


def test_a_web_page_is_known_without_its_name() -> None:
    page = PAGE.format(coding="utf-8").replace("<!DOCTYPE html>", "<!-- saved -->")
    assert read(page.encode(), "upload.txt").articles[0].headline == ("鹤汀渡轮复航",)


def test_a_web_page_of_two_lines_is_read() -> None:
    page = "<html><head><title>短讯_云川日报</title></head><body><p>今天有雨。</p></body></html>"
    (article,) = read(page.encode(), "a.html").articles
    assert (article.headline, article.text) == (("短讯",), "今天有雨。")


def test_menus_and_a_sites_foot_go_where_tables_frame_a_page() -> None:
    page = """<html><head><title>城东水厂投用_云川日报数字报</title></head><body><table>
<tr><td><a href=a>第01版</a> <a href=b>第02版</a> <a href=c>上一期</a></td></tr>
<tr><td><div>城东水厂投用</div><div><p>本报讯(记者 王一鸣)5月16日,城东水厂正式投用,三十万居民喝上优质水,
投资两亿元。</p><p>“水清了,也没有味道了。”居民<a href=d>岑小满</a>说,她在这里住了三十年。</p></div></td></tr>
<tr><td>云川日报社版权所有 未经授权不得转载</td></tr></table></body></html>"""
    (article,) = read(page.encode(), "a.html").articles
    assert article.headline == ("城东水厂投用",)
    assert article.byline == ("王一鸣",)
    first, last = article.text.split("\n")
    assert first.startswith("本报讯")
    assert last == "“水清了,也没有味道了。”居民岑小满说,她在这里住了三十年。"


def test_what_linked_data_says_of_a_web_page_is_heard() -> None:
    page = """<html><head><meta name="author" content="By Ann Lee"><script type="application/ld+json">
{"headline": "Ferry returns", "datePublished": "2024-05-17T08:00:00Z", "publisher": {"name": "Courier"}}
</script></head><body><p>The ferry is back.</p></body></html>"""
    (article,) = read(page.encode(), "a.html").articles
    assert (article.headline, article.publication) == (("Ferry returns",), "Courier")
    assert (article.issued, article.byline) == (date(2024, 5, 17), ("Ann Lee",))


def test_no_day_is_guessed_for_a_web_page() -> None:
    page = "<html><head><title>Ferry</title></head><body><p>Back in 2023.</p><p>© 2021</p></body></html>"
    assert read(page.encode(), "a.html").articles[0].issued is None


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<html></html>", id="nothing"),
        pytest.param("<html><body><nav>menu</nav><script>x</script></body></html>", id="a menu"),
        pytest.param("<html>" + "<div>" * 50_000, id="nested deep"),
    ],
)
def test_a_web_page_without_an_article_is_refused(page: str) -> None:
    with pytest.raises(Unreadable, match="web page"):
        read(page.encode(), "a.html")


# Word


def test_a_word_document_is_an_article_with_subheads_and_rows() -> None:
    (article,) = read(document(report), "2024-05-17.docx").articles
    assert article.headline == ("鹤汀渡轮复航",)
    assert article.byline == ("祝清和",)
    assert blocks(article) == [
        ("paragraph", "本报讯(记者 祝清和)5月16日,停航三个月的鹤汀渡轮复航。"),
        ("heading", "票价不变"),
        *FERRY,
    ]


def test_a_word_document_is_known_without_its_name() -> None:
    assert read(document(report), "upload").articles[0].headline == ("鹤汀渡轮复航",)


def test_each_headline_of_a_word_document_begins_an_article() -> None:
    def write(made: docx.document.Document) -> None:
        for name in ("Ferry", "Market"):
            made.add_heading(f"{name} news", 1)
            made.add_paragraph(f"The {name.lower()} is open.")

    first, second = read(document(write), "a.docx").articles
    assert (first.headline, second.text) == (("Ferry news",), "The market is open.")


def test_a_word_document_without_headings_is_a_page() -> None:
    def write(made: docx.document.Document) -> None:
        for text in ("老街新生", "修旧如旧。", "关于停水的通告", "明天停水。"):
            made.add_paragraph(text)

    assert len(read(document(write), "a.docx", kind=Kind.PAGE).articles) == 2
    assert len(read(document(write), "a.docx", kind=Kind.ARTICLE).articles) == 1


def test_what_was_inserted_boxed_or_controlled_in_a_document_is_read_and_what_was_deleted_not() -> (
    None
):
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def write(made: docx.document.Document) -> None:
        made.add_paragraph("Ferry", style="Title")
        body = made.element.body
        for xml in (
            f"<w:p {ns}><w:r><w:t>It sails </w:t></w:r><w:ins><w:r><w:t>again.</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>never</w:delText><w:t>never</w:t></w:r></w:del></w:p>",
            f"<w:sdt {ns}><w:sdtContent><w:p><w:r><w:t>At nine.</w:t></w:r></w:p></w:sdtContent>"
            "</w:sdt>",
            f"<w:p {ns}><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict></w:r></w:p>",
        ):
            body.insert(len(body) - 1, parse_xml(xml))

    (article,) = read(document(write), "a.docx").articles
    assert article.text == "It sails again.\nAt nine.\nIn a box."


def repacked(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
    return file.getvalue()


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


def bombed(xml: bytes) -> bytes:
    end = xml.index(b"?>") + 2
    return xml[:end] + BOMB + xml[end:]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(document(report)[:-400], "broken|cut short|zip", id="cut short"),
        pytest.param(document(lambda made: None), "without text", id="empty"),
        pytest.param(
            repacked(document(report), "word/document.xml", bombed), "entities", id="entities"
        ),
        pytest.param(
            repacked(document(report), "word/document.xml", lambda xml: xml[:-40]),
            "broken",
            id="broken XML",
        ),
        pytest.param(
            repacked(document(report), "word/styles.xml", lambda xml: xml + b" " * (300 << 20)),
            "times its size",
            id="a bomb",
        ),
        pytest.param(b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password", id="with a password"),
    ],
)
def test_a_word_document_that_cannot_be_read_is_one_clear_sentence(data: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(data, "a.docx")


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "LARGEST", 10)
    with pytest.raises(Unreadable, match="unpacks to more"):
        word.parse(document(report), "a.docx")


# Feeds


def test_the_entries_of_a_feed_are_articles() -> None:
    reading = read(RSS.encode(), "news.xml")
    (article,) = reading.articles
    assert article.headline == ("Ferry & bridge",)
    assert blocks(article) == [
        ("paragraph", "The ferry is back."),
        ("heading", "Fares"),
        ("paragraph", "Two marks."),
    ]
    assert (article.issued, article.publication) == (date(2024, 5, 17), "The Saltmere Courier")
    assert (article.source.record, article.byline) == ("courier-1", ("Ann Lee",))
    assert reading.refused == (
        "entry 2: it has no text",
        "entry 3: 'id' 'courier-1' was given before",
    )


def test_an_atom_feed_is_read_like_any_other() -> None:
    (article,) = read(ATOM.encode(), "feed").articles
    assert (article.headline, article.text) == (("水厂投用",), "城东水厂投用。")
    assert (article.issued, article.publication) == (date(2024, 5, 17), "云川日报")
    assert article.source.record == "urn:x:1"


def test_an_entry_that_is_one_link_is_read() -> None:
    feed = RSS.replace("<description>Short.", "<description>&lt;a href='x'&gt;Linked&lt;/a&gt;", 1)
    feed = feed[: feed.index("<content:")] + feed[feed.index("</item>") :]
    assert read(feed.encode(), "a.xml").articles[0].text == "Linked"


def test_a_feed_in_an_old_coding_is_read() -> None:
    feed = ATOM.replace("<feed", '<?xml version="1.0" encoding="gb2312"?><feed', 1)
    assert read(feed.encode("gb2312"), "feed").articles[0].headline == ("水厂投用",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("<rss><channel></channel></rss>", "no entries", id="no entries"),
        pytest.param("<rss version='2.0'><channel><title>x", "feed", id="cut short"),
        pytest.param(BOMB.decode() + RSS.partition("?>")[2], "entities", id="entities"),
        pytest.param(
            '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
            "<rss><channel><item><description>&x;</description></item></channel></rss>",
            "entities",
            id="external entities",
        ),
    ],
)
def test_a_feed_that_cannot_be_read_is_one_clear_sentence(text: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(text.encode(), "a.xml")


def test_a_feed_named_like_a_file_or_an_address_is_never_opened() -> None:
    with pytest.raises(Unreadable):
        read(b"<rss>http://127.0.0.1:9/</rss>", "http://127.0.0.1:9/feed.xml")


def test_ids_of_documents_come_from_content_alone() -> None:
    data = document(report)
    assert read(data, "a.docx").articles[0].id == read(data, "b/c.docx").articles[0].id
    assert BlockKind.HEADING in {each.kind for each in read(data, "a").articles[0].blocks}


SEEDS = {
    "a.md": MARKDOWN.encode(),
    "a.html": PAGE.format(coding="utf-8").encode(),
    "a.docx": document(report),
    "a.xml": RSS.encode(),
    "a.csv": "标题,正文\n水厂,投用。\n".encode(),
}


@pytest.mark.parametrize("name", SEEDS)
@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_broken_file_is_read_in_part_or_refused_with_a_reason(
    name: str, data: st.DataObject
) -> None:
    broken = bytearray(SEEDS[name])
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(broken)))
        broken[start : start + data.draw(st.integers(0, 50))] = data.draw(st.binary(max_size=20))
    try:
        told = "" if read(bytes(broken), name).articles else "nothing"
    except Unreadable as error:
        told = str(error)
    assert told != "nothing"
    assert "nobody foresaw" not in told
    assert "broke down" not in told
