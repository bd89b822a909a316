"""Looking through the archive on its pages: the calendar, what is counted, issues, words."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from newsroom import BOOKSHOP_NEWS, BRIDGE_NEWS, LATER_NEWS, NEWS, UNDATED_NEWS, Desk, printed

from vectorstore.articles import Article, BlockKind
from web.browsing import MOST_FOUND, marked

_HREF = re.compile(r'href="([^"]*)"')


def listed(page: str) -> list[str]:
    """Ids of the articles in the list, in order."""
    of_list = page.partition('<ol class="listed">')[2].partition("</ol>")[0]
    return re.findall(r"/articles/([\w-]+)", of_list)


def told(page: str) -> str:
    found = re.search(r'id="told"[^>]*>([^<]*)<', page)
    assert found
    return found.group(1)


def links(part: str) -> list[str]:
    return [unescape(each) for each in _HREF.findall(part)]


def section(page: str, begins: str, ends: str) -> str:
    return page.partition(begins)[2].partition(ends)[0]


def test_the_calendar_leads_to_each_issue_and_the_issue_to_its_articles(
    client: FlaskClient,
) -> None:
    seen = set()
    for year in (2023, 2024):
        page = client.get(f"/browse?year={year}").text
        days = links(section(page, '<div class="calendar">', "</div>"))
        assert len(days) == 1
        seen |= {each.id for each in NEWS if each.id in client.get(days[0]).text}
    assert seen == {BRIDGE_NEWS.id, BOOKSHOP_NEWS.id, LATER_NEWS.id}


def test_the_calendar_opens_at_the_last_year_and_tells_of_what_has_no_day(
    client: FlaskClient,
) -> None:
    page = client.get("/browse").text
    assert "2024年日历" in page
    assert "另有 1 篇出版日期不明" in page
    assert links(section(page, 'class="elsewhere" aria-label="各年报道"', "</nav>")) == [
        "/browse?year=2023"
    ]
    assert "2023年10月12日 2 版 2 篇" in client.get("/browse?year=2023").text
    assert "2023年日历" in client.get("/browse?year=1").text
    assert client.get("/browse?year=none").status_code == 422


def test_a_newspaper_has_a_calendar_of_its_own(client: FlaskClient, archive: Desk) -> None:
    archive.print(printed("other", ("花市",), issued=date(2022, 1, 5), publication="南岸报"))
    page = client.get("/browse?publication=南岸报").text
    assert "2022年日历" in page
    assert links(section(page, '<div class="calendar">', "</div>")) == [
        "/issues/2022-01-05?publication=%E5%8D%97%E5%B2%B8%E6%8A%A5"
    ]
    assert '<div class="calendar">' not in client.get("/browse?publication=旧闻").text


def test_days_that_lack_an_issue_are_seen(client: FlaskClient, archive: Desk) -> None:
    for day in {*range(1, 20)} - {7, 11}:
        archive.print(
            printed(f"may{day}", (f"第{day}天",), issued=date(2025, 5, day), publication="南岸报")
        )
    page = client.get("/browse?publication=南岸报").text
    gone = re.findall(r'class="missing" title="([^"]*)"', page)
    assert gone == ["2025年5月7日 缺", "2025年5月11日 缺"]
    assert "该出报而缺" in page
    row = section(page, '<th scope="row">2025年5月</th>', "</tr>")
    assert re.findall(r">(\d+)<", row) == ["17", "0", "17", "2"]


def test_every_value_of_a_facet_leads_to_as_many_articles_as_it_says(
    client: FlaskClient, archive: Desk
) -> None:
    for at in range(3):
        kicker = ("读者来信",) if at else ("头一回",)
        archive.print(replace(paper(f"letter{at}"), kicker=kicker, byline=("何望", "闻汀")))
    page = client.get("/browse").text
    facets = re.findall(
        r'<li><a href="([^"]*)"[^>]*>([^<]*)</a> <span class="number">(\d+)<',
        section(page, '<section class="facets"', "</section>"),
    )
    values = {value for _, value, _ in facets}
    assert {"临湖晚报", "旧闻", "01", "02", "读者来信", "何望", "闻汀"} <= values
    assert "头一回" not in values
    for href, _, number in facets:
        assert len(listed(client.get(unescape(href)).text)) == int(number)


def paper(name: str, text: str = "河堤加高一米。") -> Article:
    block = (BlockKind.PARAGRAPH, text)
    return printed(name, (name,), block, issued=date(2024, 3, 2), told="2024-03-02", page="01")


def test_filters_are_taken_away_one_by_one(client: FlaskClient) -> None:
    page = client.get("/browse?query=桥&byline=何望&since=2023-10-01&page=01").text
    chips = links(section(page, '<ul class="chips">', "</ul>"))
    assert len(chips) == 4
    for at, name in enumerate(("query", "since", "page", "byline")):
        assert name not in chips[at]
        assert chips[at].count("=") == 3
        assert BRIDGE_NEWS.id in listed(client.get(chips[at]).text)


@pytest.mark.parametrize(
    ("query", "found", "words"),
    [
        pytest.param("合龙 千二百", [BRIDGE_NEWS], {"合龙", "千二百"}, id="every word"),
        pytest.param("合龍", [BRIDGE_NEWS], {"合龙"}, id="traditional"),
        pytest.param("飞架", [BRIDGE_NEWS], {"飞架"}, id="in the headline"),
        pytest.param("桥", [BRIDGE_NEWS], {"桥"}, id="one character"),
        pytest.param("SCRIPT", [BOOKSHOP_NEWS], {"script"}, id="letters of any case"),
        pytest.param("渡船 水杉", [], set(), id="nothing"),
        pytest.param("%", [], set(), id="no pattern"),
    ],
)
def test_words_are_found_and_marked(
    client: FlaskClient, query: str, found: list[Article], words: set[str]
) -> None:
    page = client.get("/browse", query_string={"query": query}).text
    assert listed(page) == [each.id for each in found]
    assert set(re.findall(r"<mark>([^<]*)</mark>", page)) == words
    assert told(page).startswith(f"找到 {len(found)} 篇报道" if found else "没有这样的报道")


def test_what_is_found_is_shown_by_the_sentence_that_has_most_of_the_words(
    client: FlaskClient,
) -> None:
    page = client.get("/browse?query=通车 青石").text
    start = section(page, '<p class="start"', "</p>")
    assert "<mark>青石</mark>桥昨日合龙" in start or "<mark>通车</mark>时间" in start
    assert "工人" not in start


def test_an_article_whose_words_are_markup_is_shown_as_text(client: FlaskClient) -> None:
    page = client.get("/browse?query=书店").text
    assert "&lt;b&gt;<mark>书店</mark>&lt;/b&gt;开张" in page


def test_found_articles_go_on_where_the_list_ended(client: FlaskClient, archive: Desk) -> None:
    for at in range(5):
        archive.print(paper(f"dike{at}", f"第{at}段河堤加高。"))
    seen: list[str] = []
    url = "/browse?query=河堤加高&limit=2"
    while url:
        page = client.get(url).text
        assert told(page) == "找到 5 篇报道"
        seen += listed(page)
        following = re.search(r'rel="next" href="([^"]*)"', page.partition('id="articles"')[2])
        url = f"{unescape(following.group(1))}&limit=2" if following else ""
    assert len(seen) == len(set(seen)) == 5
    assert client.get(f"/browse?query=x&start={MOST_FOUND + 1}").status_code == 422


def test_a_bar_of_the_timeline_leads_to_as_many_articles_as_it_says(
    client: FlaskClient, archive: Desk
) -> None:
    archive.print(paper("park", "湖滨公园的桥修好了。"))
    page = client.get("/browse?query=桥").text
    picture = section(page, '<figure class="columns">', "</figure>")
    rows = re.findall(r'<th scope="row"><a href="([^"]*)"[^>]*>([^<]*)</a></th><td>(\d+)', picture)
    assert [(name, number) for _, name, number in rows] == [("2023年10月", "1"), ("2024年3月", "1")]
    for href, _, number in rows:
        assert len(listed(client.get(unescape(href)).text)) == int(number)
    assert picture.count("<rect") == 2 * 6  # the months between are there, empty
    assert "style=" not in page


def test_what_tells_of_no_year_is_counted_beside_the_timeline(
    client: FlaskClient, archive: Desk
) -> None:
    archive.print(paper("ferry", "渡口修好了。"))
    archive.print(replace(paper("old ferry", "渡口开了。"), date="2023-01-05"))
    page = client.get("/browse?query=渡口").text
    assert "另有 1 篇不知年份" in page
    assert UNDATED_NEWS.id in listed(page)


def test_issues_lead_to_their_neighbours(client: FlaskClient) -> None:
    page = client.get("/issues/2023-10-12?publication=临湖晚报").text
    assert "第 01 版" in page
    assert "/issues/2024-03-02?publication=" in page
    assert 'rel="prev"' not in page
    assert 'rel="prev"' in client.get("/issues/2024-03-02").text


@pytest.mark.parametrize(
    "url",
    [
        "/issues/2023-10-13",
        "/issues/2023-10-12?publication=无此报",
        "/issues/2023-13-12",
        "/issues/yesterday",
        "/issues/2023-10-12?publication=%00",
    ],
)
def test_there_is_no_page_for_an_issue_that_there_is_not(client: FlaskClient, url: str) -> None:
    assert client.get(url).status_code == 404


def test_an_article_leads_to_its_issue(client: FlaskClient) -> None:
    page = client.get(f"/articles/{BRIDGE_NEWS.id}").text
    assert "/issues/2023-10-12?publication=" in page
    assert "/issues/" not in client.get(f"/articles/{UNDATED_NEWS.id}").text


def test_an_empty_archive_is_browsed(desk: Desk) -> None:
    from web.app import create_app

    client = create_app(desk).test_client()  # type: ignore[arg-type]
    for query in ("", "?query=桥", "?byline=何望"):
        page = client.get(f"/browse{query}")
        assert page.status_code == 200
        assert "没有这样的报道" in page.text


@pytest.mark.parametrize(
    ("text", "looked_for", "found"),
    [
        ("青石桥与石桥", ["青石桥", "石桥"], ["青石桥", "石桥"]),
        ("１２３号与1234号", ["123"], ["１２３"]),
        ("The Harbour, harbours, unharboured", ["harb"], ["Harb", "harb"]),
        ("㍿與桥", ["桥"], ["桥"]),
        ("a+b", ["a+b"], ["a+b"]),
        ("什么也没有", [], []),
    ],
)
def test_marks_stand_on_the_words_as_they_are_printed(
    text: str, looked_for: list[str], found: list[str]
) -> None:
    runs = marked(text, looked_for)
    assert "".join(run.text for run in runs) == text
    assert [run.text for run in runs if run.marked] == found
