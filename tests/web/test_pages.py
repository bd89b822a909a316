"""The pages as a reader without JavaScript sees them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from newsroom import BOOKSHOP_NEWS, BRIDGE, BRIDGE_NEWS, FAULT, LATER_NEWS, UNDATED_NEWS, Desk

import web
from vectorstore.articles import Article, Doubt, Jump, Source
from web.app import create_app

LENGTH = "青石桥的桥长多少米？"


def links(page: str) -> Iterator[str]:
    for link in re.findall(r'(?:href|src)="([^"]+)"', page):
        yield unescape(link).split("#")[0]


def test_a_question_posted_from_the_form_is_answered_on_its_page(client: FlaskClient) -> None:
    asked = client.post("/", data={"question": LENGTH, "since": "", "publication": ""})
    assert asked.status_code == 303
    page = client.get(asked.location)
    assert "一千二百六十米" in page.text
    assert "[1]</a>" in page.text
    for link in filter(None, links(page.text)):
        with client.get(link) as found:
            assert found.status_code == 200, link


def test_a_conversation_goes_on_from_the_form(client: FlaskClient) -> None:
    first = client.get(client.post("/", data={"question": LENGTH}).location).text
    found = re.search(r'name="conversation" value="(\w+)"', first)
    assert found
    again = {"question": "通车时间呢？", "conversation": found[1]}
    second = client.get(client.post("/", data=again).location).text
    assert "理解为" in second
    whole = client.get(f"/?conversation={found[1]}").text
    assert LENGTH in whole
    assert "通车时间呢？" in whole
    assert f'name="conversation" value="{found[1]}"' in whole


@pytest.mark.parametrize(
    ("form", "words"),
    [
        pytest.param({"question": " "}, "1 到 2000 字", id="empty"),
        pytest.param({"question": "长" * 2001}, "1 到 2000 字", id="too long"),
        pytest.param({"question": LENGTH, "since": "2023-02-30"}, "日期有误", id="no such day"),
        pytest.param(
            {"question": LENGTH, "since": "2023-10-02", "until": "2023-10-01"},
            "日期有误",
            id="backwards",
        ),
        pytest.param({"question": LENGTH, "conversation": "none"}, "已不存在", id="gone"),
    ],
)
def test_a_refused_form_comes_back_with_what_was_written(
    client: FlaskClient, form: dict[str, str], words: str
) -> None:
    response = client.post("/", data=form)
    assert response.status_code == 422
    assert words in response.text
    assert form["question"] in response.text


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_form_on_another_site_is_not_taken(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/", data={"question": LENGTH}, headers=headers).status_code == 403


def test_words_of_an_article_never_become_markup(client: FlaskClient) -> None:
    asked = client.post("/", data={"question": "书店开张时来了多少读者？<script>1</script>"})
    answer = client.get(asked.location).text
    citation = next(link for link in links(answer) if link.startswith("/citations/"))
    for page in (
        answer,
        client.get(citation).text,
        client.get(f"/articles/{BOOKSHOP_NEWS.id}").text,
        client.get("/browse").text,
        client.get('/browse?query=<script>&byline="><script>').text,
    ):
        assert "<script>" not in page
        assert "<b>" not in page
        assert "&lt;" in page


def test_the_article_page_shows_what_the_paper_printed(client: FlaskClient) -> None:
    page = client.get(f"/articles/{BRIDGE_NEWS.id}").text
    assert "<span>一桥飞架南北</span> <span>青石桥合龙</span>" in page
    assert "<figcaption>工人在桥面上合影。 何望 摄</figcaption>" in page
    assert "<h2>三年施工</h2>" in page
    assert "2023年10月12日" in page
    assert "第 01 版" in page
    assert "记者 何望" in page
    assert "<mark" not in page


def test_an_article_leads_to_its_neighbours_on_the_page(client: FlaskClient, archive: Desk) -> None:
    def printed(name: str, **told: object) -> Article:
        source = Source(f"{name}.txt", name.ljust(64, "0"))
        more = replace(BRIDGE_NEWS, id=f"{name:0>32}", headline=(name,), source=source, **told)  # type: ignore[arg-type]
        archive.print(more)
        return more

    second = printed("b2", position=2)
    third = printed("c3", position=3)
    goes_on = printed("d4", page="03", jumps=(Jump(10, "01"),))
    printed("e5", page="04")
    printed("f6", publication="旧闻")
    page = client.get(f"/articles/{second.id}").text
    nav = page.partition('<nav class="neighbours"')[2].partition("</nav>")[0]
    assert f'rel="prev" href="/articles/{BRIDGE_NEWS.id}"' in nav
    assert f'rel="next" href="/articles/{third.id}"' in nav
    assert "本版报道 (4)" in nav
    assert f'href="/articles/{goes_on.id}"' in nav
    assert '<span aria-current="page">b2</span>' in nav
    assert "e5" not in nav
    assert "f6" not in nav
    assert "本版第 2 篇" in page
    assert "neighbours" not in client.get(f"/articles/{UNDATED_NEWS.id}").text


def test_an_article_tells_how_many_answers_cite_it_and_not_which(client: FlaskClient) -> None:
    assert "条回答引用" not in client.get(f"/articles/{BRIDGE_NEWS.id}").text
    asked = [client.post("/api/v1/questions", json={"question": LENGTH}).json for _ in range(2)]
    page = client.get(f"/articles/{BRIDGE_NEWS.id}").text
    assert "2 条回答引用了这篇报道" in page
    for answer in asked:
        assert answer
        assert answer["id"] not in page
    client.delete(f"/api/v1/conversations/{asked[0]['conversation']}")  # type: ignore[index]
    assert "1 条回答引用了这篇报道" in client.get(f"/articles/{BRIDGE_NEWS.id}").text


def test_an_article_leads_to_the_readers_own_answers_that_cite_it(app: OpenAPI) -> None:
    own, another = app.test_client(), app.test_client()
    for reader in (own, another):
        reader.get("/")  # which makes it known again
    answer = own.post("/", data={"question": LENGTH}).location
    article = f"/articles/{BRIDGE_NEWS.id}"
    assert answer in links(own.get(article).text)
    assert "1 条回答引用了这篇报道" in another.get(article).text
    assert answer not in another.get(article).text
    assert own.get(f"/articles/{LATER_NEWS.id}").text.count("/answers/") == 0


def test_a_date_without_a_year_says_so(client: FlaskClient) -> None:
    page = client.get(f"/articles/{UNDATED_NEWS.id}").text
    assert "7月14日（年份不明）" in page
    assert "出版日期不明" in page


def test_pages_speak_english_where_the_browser_asks_for_it(client: FlaskClient) -> None:
    english = client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9,zh;q=0.1"})
    assert '<html lang="en">' in english.text
    assert "Ask the newspaper" in english.text
    assert "Accept-Language" in english.headers["Vary"]
    for language in ("zh-CN,zh;q=0.9,en;q=0.8", "fr", ""):
        page = client.get("/", headers={"Accept-Language": language})
        assert '<html lang="zh-Hans">' in page.text


def test_an_empty_archive_tells_what_to_do(desk: Desk) -> None:
    client = create_app(desk).test_client()  # type: ignore[arg-type]
    page = client.get("/")
    assert page.status_code == 200
    assert "baowen ingest" in page.text
    assert client.get("/browse").status_code == 200
    assert client.get("/api/v1/articles").json == {"articles": [], "next": None}
    assert client.post("/api/v1/questions", json={"question": "?"}).json["answered"] is False  # type: ignore[index]


def test_the_first_page_is_light_and_comes_from_here_alone(client: FlaskClient) -> None:
    page = client.get("/").text
    parts = {link for link in links(page) if link.startswith("/static/")}
    assert parts
    whole = len(page.encode())
    for part in parts:
        with client.get(part) as found:
            whole += len(found.data)
    assert whole <= 60 * 1024
    for url in ("/", "/docs", f"/articles/{BRIDGE_NEWS.id}", "/browse"):
        assert all(link.startswith("/") for link in links(client.get(url).text) if link)


@pytest.mark.parametrize(
    "url",
    ["/", "/browse", "/docs", "/nothing", "/api/v1/articles", "/static/paper.css", "/healthz"],
)
def test_every_response_is_guarded(client: FlaskClient, url: str) -> None:
    with client.get(url) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_has_inline_script_or_style(client: FlaskClient) -> None:
    answer = client.post("/", data={"question": LENGTH}).location
    for url in ("/", answer, f"/articles/{BRIDGE_NEWS.id}", "/browse", "/docs", "/nothing"):
        page = client.get(url).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page), url


def test_a_fault_is_told_on_a_page_without_internals(
    app: OpenAPI, archive: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    archive.answerer.fault = FAULT
    response = app.test_client().post("/", data={"question": LENGTH})
    assert response.status_code == 500
    assert "出错了" in response.text
    assert "secret" not in response.text
    assert "the ink" in caplog.text


def test_an_article_that_may_be_put_together_wrongly_says_so(
    client: FlaskClient, archive: Desk
) -> None:
    torn = replace(BRIDGE_NEWS, id="torn", doubts=(Doubt.ENDS,), source=Source("t.txt", "0" * 64))
    archive.print(torn)
    assert "请以原报为准" in client.get("/articles/torn").text
    assert "请以原报为准" not in client.get(f"/articles/{BRIDGE_NEWS.id}").text


def test_an_article_shows_where_it_goes_on_on_another_page(
    client: FlaskClient, archive: Desk
) -> None:
    jumps = (Jump(5, "03"), Jump(BRIDGE_NEWS.blocks[-1].start, "05"))
    again = replace(BRIDGE_NEWS, id="again", jumps=jumps, source=Source("again.txt", "0" * 64))
    archive.print(again)
    page = client.get("/articles/again").text
    assert page.index(BRIDGE) < page.index("这一段跨到第 03 版") < page.index("三年施工")
    assert page.index("三年施工") < page.index("以下印在第 05 版") < page.index("（本报综合）")


def test_words_stand_out_from_the_paper_by_day_and_by_night() -> None:
    """WCAG's contrast: 7 for what is read, 4.5 for what is said beside and for links."""

    def light(color: str) -> float:
        parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        darker, lighter = sorted((light(one), light(other)))
        return (lighter + 0.05) / (darker + 0.05)

    style = (Path(web.__file__).parent / "static" / "paper.css").read_text(encoding="utf-8")
    day, night = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    for scheme in (day, night):
        color = dict(re.findall(r"--(\w+): (#\w{6});", scheme))
        for ground in ("paper", "sheet"):
            assert contrast(color["ink"], color[ground]) >= 7
            assert contrast(color["grey"], color[ground]) >= 4.5
            assert contrast(color["red"], color[ground]) >= 4.5
        assert contrast(color["ink"], color["mark"]) >= 4.5
