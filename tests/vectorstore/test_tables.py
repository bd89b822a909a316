"""Tables of articles: which column is which, and which rows are refused."""

from datetime import date

import pytest

from vectorstore.forms.columns import day, names
from vectorstore.forms.tables import parse
from vectorstore.reading import Unreadable, read

ENGLISH = (
    "id,Headline,Body,Date,Newspaper,Page\n"
    'k1,Ferry returns,"The ferry is back, the harbour master said.\nIt sails at nine.",'
    "2024-05-17,The Saltmere Courier,A3\n"
    "k2,Library opens,The library opened on Monday.,17/5,The Saltmere Courier,A3\n"
    "k3,Market day,The market is on Friday.,2024-05-18,,\n"
)
CHINESE = (
    "编号\t引题\t标题\t正文\t日期\t报纸\t版面\t作者\n"
    "7\t汛期将至\t堤坝加固\t青石堤加固完工。\t2024年5月7日\t云川日报\t第02版\t祝清和、岑小满\n"
)


def test_the_columns_of_a_table_are_known_by_their_names() -> None:
    reading = read(ENGLISH.encode(), "news.csv")
    first, third = reading.articles
    assert first.headline == ("Ferry returns",)
    assert first.text == "The ferry is back, the harbour master said.\nIt sails at nine."
    assert (first.issued, first.publication, first.page) == (
        date(2024, 5, 17),
        "The Saltmere Courier",
        "A3",
    )
    assert (first.source.record, third.source.record, third.position) == ("k1", "k3", 2)
    assert reading.refused == ("line 4: 'date' is not a day like 2022-07-14",)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_columns_are_known_in_every_coding(coding: str) -> None:
    (article,) = read(CHINESE.encode(coding), "稿件.tsv").articles
    assert article.headline == ("汛期将至", "堤坝加固")
    assert article.byline == ("祝清和", "岑小满")
    assert (article.issued, article.publication, article.page) == (
        date(2024, 5, 7),
        "云川日报",
        "第02版",
    )


@pytest.mark.parametrize("delimiter", list(",;\t|，"))
def test_any_delimiter_is_seen(delimiter: str) -> None:
    table = f"title{delimiter}text\n水厂投用{delimiter}城东水厂今日投用。\n"
    (article,) = read(table.encode(), "a.csv").articles
    assert (article.headline, article.text) == (("水厂投用",), "城东水厂今日投用。")


def test_the_line_in_which_a_spreadsheet_names_its_delimiter_is_passed_over() -> None:
    (article,) = read("sep=;\ntitle;text\n水厂;今日投用。\n".encode(), "a.csv").articles
    assert article.text == "今日投用。"


def test_a_column_of_text_alone_is_a_table() -> None:
    assert len(read("正文\n今天有雨。\n明天天晴。\n".encode(), "a.csv").articles) == 2


def test_a_table_is_known_without_its_name() -> None:
    assert len(read(ENGLISH.encode(), "upload.txt").articles) == 2


def test_each_wrong_row_is_refused_with_its_line() -> None:
    table = (
        "title,text,date\n"
        "a,好。,\n"
        "b,,\n"
        "c,好。,,,extra\n"
        'd,"broken "quote" here",\n'
        "e,好。,2022-02-30\n"
        "\n"
        'f,"never closed,\n'
        "g,又好。,\n"
    )
    reading = read(table.encode(), "news.csv")
    assert [article.headline for article in reading.articles] == [("a",), ("g",)]
    assert [reason.split(":")[0] for reason in reading.refused] == [
        f"line {line}" for line in (3, 4, 5, 6, 8)
    ]


def test_an_id_that_comes_twice_is_refused_with_its_line() -> None:
    reading = read("id,text\na,好。\na,又好。\n".encode(), "news.csv")
    assert reading.refused == ("line 3: 'id' 'a' was given before",)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        pytest.param("alpha,beta\n1,2\n", "names no column", id="unknown columns"),
        pytest.param("title,date\nx,\n", "names no column", id="no text"),
        pytest.param("title,text\nx,\n", "none of its rows", id="no good row"),
        pytest.param("\n\n", "empty", id="nothing"),
    ],
)
def test_a_table_without_articles_is_one_clear_sentence(table: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(table.encode(), "news.csv")


def test_a_table_of_broken_rows_ends_soon() -> None:
    table = "title,text\nx,y\n" + 'x,"a"b\n' * 3_000
    parts = list(parse(table.encode() + b"y,z\n", "a.csv"))
    assert len(parts) == 1_001
    assert "the rest is left" in parts[-1].reason  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    ["2024-05-17", "2024/5/17", "2024.05.17", "20240517", "2024年5月17日", "2024-05-17T08:00"],
)
def test_a_day_is_read_as_tables_write_it(text: str) -> None:
    assert day(text) == date(2024, 5, 17)


def test_names_in_a_field_are_told_apart() -> None:
    assert names(["祝清和 岑小满", "Ann Lee; Bo Hart"]) == (
        "祝清和",
        "岑小满",
        "Ann Lee",
        "Bo Hart",
    )
