"""Articles over HTTP: listed, read, added, taken out, and by whom."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from newsroom import BOOKSHOP_NEWS, BRIDGE_NEWS, LATER_NEWS, NEWS, UNDATED_NEWS, Desk

from vectorstore.articles import Source
from web.app import create_app

ARTICLES = "/api/v1/articles"
PAGE = "渡轮改线\n\n本报讯 临湖渡轮自下月起改走北线，每日八班。\n"


def ids(response: Any) -> list[str]:
    assert response.status_code == 200
    return [article["id"] for article in response.json["articles"]]


def test_an_article_has_the_shape_of_the_contract(client: FlaskClient) -> None:
    article = client.get(f"{ARTICLES}/{BRIDGE_NEWS.id}").json
    assert article
    assert article == {
        "id": BRIDGE_NEWS.id,
        "url": f"/articles/{BRIDGE_NEWS.id}",
        "kicker": [],
        "headline": ["一桥飞架南北", "青石桥合龙"],
        "byline": ["何望"],
        "correspondents": [],
        "photographers": [],
        "publication": "临湖晚报",
        "issued": "2023-10-12",
        "date": "2023-10-11",
        "page": "01",
        "position": 1,
        "continued_from": None,
        "continued_to": None,
        "jumps": [],
        "doubts": [],
        "confidence": 1.0,
        "text": BRIDGE_NEWS.text,
        "blocks": [
            {"kind": block.kind.value, "start": block.start, "end": block.end}
            for block in BRIDGE_NEWS.blocks
        ],
        "regions": [],
        "source": {"file": "bridge.txt", "sha256": BRIDGE_NEWS.source.sha256, "record": None},
        "reprints": [],
    }


def test_an_article_names_its_reprints(client: FlaskClient, archive: Desk) -> None:
    other = replace(
        BRIDGE_NEWS,
        id="reprint",
        headline=("<b>桥</b>通",),
        publication="旧闻",
        page=None,
        source=Source("other.txt", "0" * 64),
    )
    archive.print(other)
    article = client.get(f"{ARTICLES}/{BRIDGE_NEWS.id}").json
    assert article
    (reprint,) = article["reprints"]
    assert reprint == {
        "id": "reprint",
        "url": "/articles/reprint",
        "headline": "<b>桥</b>通",
        "publication": "旧闻",
        "issued": "2023-10-12",
        "date": "2023-10-11",
        "page": None,
        "source": {"file": "other.txt", "sha256": "0" * 64, "record": None},
    }
    listed = client.get(ARTICLES).json
    assert listed
    of_them = {each["id"]: [o["id"] for o in each["reprints"]] for each in listed["articles"]}
    assert of_them[BRIDGE_NEWS.id] == ["reprint"]
    assert of_them["reprint"] == [BRIDGE_NEWS.id]
    for path in (f"/articles/{BRIDGE_NEWS.id}", "/articles/reprint"):
        assert "又刊于" in client.get(path).text
    page = client.get(f"/articles/{BRIDGE_NEWS.id}").text
    assert '<a href="/articles/reprint" lang="zh-Hans">&lt;b&gt;桥&lt;/b&gt;通</a>' in page
    assert "又刊于" not in client.get(f"/articles/{LATER_NEWS.id}").text


def test_a_citation_names_the_reprints_that_hold_it(client: FlaskClient, archive: Desk) -> None:
    question = {"question": "建桥用了几年？"}
    before = client.post("/api/v1/questions", json=question).json
    assert before
    assert before["citations"][0]["also"] == []
    source = Source("other.txt", "0" * 64)
    archive.print(replace(BRIDGE_NEWS, id="reprint", headline=("桥通了",), source=source))
    citation = client.get(f"/api/v1/citations/{before['citations'][0]['id']}").json
    assert citation
    assert [each["id"] for each in citation["also"]] == ["reprint"]
    assert "桥通了" in client.get(citation["url"]).text
    assert client.get(f"/api/v1/answers/{before['id']}").json == before


def test_articles_are_listed_newest_first(client: FlaskClient) -> None:
    listed = ids(client.get(ARTICLES))
    assert listed[:3] == [LATER_NEWS.id, BRIDGE_NEWS.id, BOOKSHOP_NEWS.id]


def test_a_cursor_leads_through_the_list(client: FlaskClient) -> None:
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        response = client.get(ARTICLES, query_string={"limit": 1, "cursor": cursor})
        seen += ids(response)
        assert response.json
        cursor = response.json["next"]
    assert sorted(seen) == sorted(article.id for article in NEWS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"query": "桥"}, {BRIDGE_NEWS.id}, id="words"),
        pytest.param({"byline": "何望"}, {BRIDGE_NEWS.id}, id="byline"),
        pytest.param({"page": "02"}, {BOOKSHOP_NEWS.id}, id="page"),
        pytest.param({"publication": "旧闻"}, {UNDATED_NEWS.id}, id="publication"),
        pytest.param(
            {"since": "2023-10-11", "until": "2023-10-12"},
            {BRIDGE_NEWS.id, BOOKSHOP_NEWS.id},
            id="days",
        ),
        pytest.param(
            {"since": "2020-07-01", "until": "2020-07-31"}, {UNDATED_NEWS.id}, id="year unknown"
        ),
        pytest.param({"since": "", "query": " ", "page": "02"}, {BOOKSHOP_NEWS.id}, id="blank"),
    ],
)
def test_filters_narrow_the_list(
    client: FlaskClient, query: dict[str, str], found: set[str]
) -> None:
    assert set(ids(client.get(ARTICLES, query_string=query))) == found
    page = client.get("/browse", query_string=query).text
    assert {article.id for article in NEWS if article.id in page} == found


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"limit": "1_0"}, "limit"),
        ({"cursor": "bent"}, "cursor"),
        ({"since": "2023-13-01"}, "since"),
        ({"since": "\x1f"}, "since"),
        ({"query": "\x1f"}, "query"),
        ({"since": "2024-01-01", "until": "2023-01-01"}, "until"),
    ],
)
def test_a_refused_filter_is_named(client: FlaskClient, query: dict[str, str], field: str) -> None:
    response = client.get(ARTICLES, query_string=query)
    assert response.status_code == 422
    assert response.json
    assert [error["field"] for error in response.json["errors"]] == [field]
    assert client.get("/browse", query_string=query).status_code == 422


def test_search_gives_the_best_first(client: FlaskClient) -> None:
    hits = client.get("/api/v1/search?q=水杉两千株&limit=2").json["hits"]  # type: ignore[index]
    assert len(hits) == 2
    assert "水杉" in hits[0]["quote"]
    assert hits[0]["score"] >= hits[1]["score"]
    assert "number" not in hits[0]
    assert client.get(hits[0]["url"]).status_code == 200
    narrowed = client.get("/api/v1/search?q=水杉&publication=旧闻").json["hits"]  # type: ignore[index]
    assert {hit["article"]["publication"] for hit in narrowed} == {"旧闻"}
    assert client.get("/api/v1/search").status_code == 422
    assert client.get("/api/v1/search?q=水杉&limit=0").status_code == 422


def test_suggestions_are_questions_that_get_an_answer(client: FlaskClient) -> None:
    questions = client.get("/api/v1/suggestions").json["questions"]  # type: ignore[index]
    assert questions
    for question in questions:
        assert client.post("/api/v1/questions", json={"question": question}).json["answered"]  # type: ignore[index]


def job_of(client: FlaskClient, archive: Desk, response: Any) -> Any:
    assert response.status_code == 202, response.text
    assert response.json["status"] == "waiting"
    assert response.headers["Location"] == response.json["url"]
    archive.read_all()
    return client.get(response.json["url"]).json


def test_uploaded_files_become_articles(client: FlaskClient, archive: Desk) -> None:
    files = [(io.BytesIO(PAGE.encode()), "2024-03-05-04.txt"), (io.BytesIO(b""), "empty.txt")]
    sent = {"files": files, "publication": "临湖晚报", "issued": "2024-03-05"}
    job = job_of(client, archive, client.post(ARTICLES, data=sent))
    assert (job["status"], job["done"], job["total"]) == ("done", 2, 2)
    added, refused = job["report"]
    assert added["status"] == "added"
    assert refused["status"] == "refused"
    assert refused["reason"]
    article = client.get(f"{ARTICLES}/{added['articles'][0]}").json
    assert article
    assert "每日八班" in article["text"]
    assert (article["publication"], article["issued"]) == ("临湖晚报", "2024-03-05")


def test_a_record_becomes_an_article(client: FlaskClient, archive: Desk) -> None:
    record = {
        "text": "渡轮改走北线，每日八班。",
        "headline": "渡轮改线",
        "id": "ferry-7",
        "date": "2024-03-05",
        "page": "04",
    }
    job = job_of(client, archive, client.post(ARTICLES, json=record))
    (report,) = job["report"]
    article = client.get(f"{ARTICLES}/{report['articles'][0]}").json
    assert article
    assert article["headline"] == ["渡轮改线"]
    assert article["source"]["record"] == "ferry-7"
    assert (article["issued"], article["page"]) == ("2024-03-05", "04")


def test_a_job_that_fails_says_so_without_internals(
    client: FlaskClient, archive: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    archive.catalogue.engine = None  # type: ignore[assignment]
    job = job_of(client, archive, client.post(ARTICLES, json={"text": "渡轮改线。"}))
    assert job["status"] == "failed"
    assert job["report"][0]["status"] == "refused"
    assert "failed" in caplog.text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param({"json": {"headline": "无文"}}, 422, id="a record without text"),
        pytest.param({"json": {"text": " \n\x01"}}, 422, id="nothing to read"),
        pytest.param({"json": [{"text": "文。"}]}, 422, id="a list"),
        pytest.param({"json": {"text": "文。", "date": "2024-02-30"}}, 422, id="no such day"),
        pytest.param(
            {"data": {"page": "01"}, "content_type": "multipart/form-data"}, 422, id="no file"
        ),
        pytest.param(
            {"data": {"files": (io.BytesIO(b"x"), "x.txt"), "kind": "poem"}}, 422, id="no such kind"
        ),
        pytest.param({"data": b"{", "content_type": "application/json"}, 400, id="not JSON"),
        pytest.param({"data": b"x", "content_type": "text/plain"}, 415, id="another type"),
    ],
)
def test_an_upload_that_cannot_be_read_is_told_why(
    client: FlaskClient, sent: dict[str, Any], status: int
) -> None:
    response = client.post(ARTICLES, **sent)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"


def test_each_file_of_an_uploaded_zip_file_has_its_line(client: FlaskClient, archive: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("may/2024-03-05-04.txt", PAGE)
        made.writestr("may/ferry.md", "# 渡轮\n\n渡轮明日停航。\n")
        made.writestr("../out.txt", PAGE)
    packed.seek(0)
    sent = {"files": [(packed, "may.zip"), (io.BytesIO(b""), "empty.txt")]}
    job = job_of(client, archive, client.post(ARTICLES, data=sent))
    assert (job["status"], job["done"], job["total"]) == ("done", 4, 4)
    assert {each["source"]: each["status"] for each in job["report"]} == {
        "may.zip/../out.txt": "refused",
        "may.zip/may/2024-03-05-04.txt": "added",
        "may.zip/may/ferry.md": "added",
        "empty.txt": "refused",
    }


def test_an_upload_may_not_be_too_long(archive: Desk) -> None:
    client = create_app(archive, largest_upload=1_000).test_client()  # type: ignore[arg-type]
    response = client.post(ARTICLES, data={"files": (io.BytesIO(b"x" * 2_000), "long.txt")})
    assert response.status_code == 413
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    ("key", "headers", "address", "status"),
    [
        pytest.param(None, {}, "127.0.0.1", 204, id="at home"),
        pytest.param(None, {}, "::1", 204, id="at home, IPv6"),
        pytest.param(None, {}, "::ffff:127.0.0.1", 204, id="at home, IPv4 in IPv6"),
        pytest.param(None, {"Host": "[::1]:8000"}, "::1", 204, id="loopback as a number"),
        pytest.param(None, {"Origin": "http://localhost"}, "127.0.0.1", 204, id="own page"),
        pytest.param(None, {"Origin": "http://evil.example"}, "127.0.0.1", 403, id="other page"),
        pytest.param(None, {"Origin": "http://localhost:81"}, "127.0.0.1", 403, id="other port"),
        pytest.param(None, {"Origin": "http://[x"}, "127.0.0.1", 403, id="broken origin"),
        pytest.param(None, {"Host": "[x]"}, "127.0.0.1", 403, id="broken name"),
        pytest.param(None, {"Host": "127.0.0.1.evil.example"}, "127.0.0.1", 403, id="lookalike"),
        pytest.param(None, {"Host": "127.0.0.1:8000"}, "127.0.0.1", 204, id="loopback and port"),
        pytest.param(None, {"Host": "LocalHost:8000"}, "127.0.0.1", 204, id="in capitals"),
        pytest.param(None, {"Origin": "null"}, "127.0.0.1", 403, id="page without an origin"),
        pytest.param(None, {"Sec-Fetch-Site": "cross-site"}, "127.0.0.1", 403, id="cross-site"),
        pytest.param(None, {"Host": "evil.example"}, "127.0.0.1", 403, id="rebound name"),
        pytest.param(
            None,
            {"Host": "evil.example", "Origin": "http://evil.example"},
            "127.0.0.1",
            403,
            id="rebound name, own origin",
        ),
        pytest.param(None, {}, "192.0.2.7", 403, id="another machine"),
        pytest.param(None, {"Host": "localhost"}, "192.0.2.7", 403, id="pretended name"),
        pytest.param(None, {"X-Forwarded-For": "127.0.0.1"}, "127.0.0.1", 403, id="proxied"),
        pytest.param(None, {"X-Forwarded-For": "127.0.0.1"}, "192.0.2.7", 403, id="pretended"),
        pytest.param("ink", {}, "127.0.0.1", 401, id="key missing"),
        pytest.param("ink", {"Authorization": "Bearer inc"}, "127.0.0.1", 401, id="key wrong"),
        pytest.param("ink", {"Authorization": "Bearer 墨"}, "127.0.0.1", 401, id="not ASCII"),
        pytest.param("ink", {"Authorization": "Basic ink"}, "127.0.0.1", 401, id="other scheme"),
        pytest.param("ink", {"Authorization": "Bearer ink"}, "192.0.2.7", 204, id="key right"),
    ],
)
def test_who_may_change_the_archive(
    app: OpenAPI,
    archive: Desk,
    key: str | None,
    headers: dict[str, str],
    address: str,
    status: int,
) -> None:
    archive.key = key
    client = app.test_client()
    url = f"{ARTICLES}/{LATER_NEWS.id}"
    sent = {name: told.encode().decode("latin-1") for name, told in headers.items()}
    response = client.delete(url, headers=sent, environ_base={"REMOTE_ADDR": address})
    assert response.status_code == status
    assert (client.get(url).status_code == 404) == (status == 204)
    if status == 401:
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
    if status != 204:
        assert response.mimetype == "application/problem+json"
        added = client.post(
            ARTICLES, json={"text": "文。"}, headers=sent, environ_base={"REMOTE_ADDR": address}
        )
        assert added.status_code == status


def test_an_article_is_removed_once(client: FlaskClient) -> None:
    url = f"{ARTICLES}/{LATER_NEWS.id}"
    assert client.delete(url).status_code == 204
    assert client.delete(url).status_code == 404
