"""A citation over HTTP: what surrounds it, how others want it, and what is left of it."""

import json
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from newsroom import BRIDGE_NEWS, NEWS, Desk

from vectorstore.articles import Article, BlockKind, join

FORMS = {
    "gbt7714": "text/plain",
    "csl-json": "application/vnd.citationstyles.csl+json",
    "bibtex": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "jsonld": "application/ld+json",
}


@pytest.fixture
def citation_id(client: FlaskClient) -> str:
    answer = client.post("/api/v1/questions", json={"question": "建桥用了几年？"}).json
    assert answer
    return str(answer["citations"][0]["id"])


def reprint(desk: Desk, article: Article, *blocks: tuple[BlockKind, str]) -> None:
    """Print an article afresh with other words under the same id."""
    text, laid = join(blocks)
    desk.remove_kept(article.id)
    changed = replace(article, text=text, blocks=laid)
    desk.catalogue.put(article.source.file, "{}", [changed])


def test_a_citation_shows_its_surroundings(client: FlaskClient, citation_id: str) -> None:
    citation = client.get(f"/api/v1/citations/{citation_id}").json
    assert citation
    around = citation["surroundings"]
    assert citation["quote"] in around["block"]["text"]
    heading = BRIDGE_NEWS.blocks[2]
    assert around["before"] == {
        "kind": "heading",
        "text": "三年施工",
        "start": heading.start,
        "end": heading.end,
    }
    assert around["after"]["text"] == "（本报综合）"
    block = around["block"]
    assert BRIDGE_NEWS.text[block["start"] : block["end"]] == block["text"]


@pytest.mark.parametrize(("name", "media_type"), FORMS.items(), ids=list(FORMS))
def test_a_citation_comes_as_libraries_want_it(
    client: FlaskClient, citation_id: str, name: str, media_type: str
) -> None:
    url = f"/api/v1/citations/{citation_id}"
    named = client.get(url, query_string={"format": name})
    accepted = client.get(url, headers={"Accept": media_type})
    assert named.status_code == 200
    assert named.mimetype == accepted.mimetype == media_type
    assert named.text == accepted.text
    assert f"http://localhost/citations/{citation_id}" in named.text
    if "json" in media_type:
        json.loads(named.text)


def test_a_profile_of_a_media_type_is_no_other_type(client: FlaskClient, citation_id: str) -> None:
    annotation = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    response = client.get(f"/api/v1/citations/{citation_id}", headers={"Accept": annotation})
    assert response.mimetype == "application/ld+json"
    assert "Accept" in response.vary
    assert "Accept" in client.get(f"/api/v1/citations/{citation_id}").vary


@pytest.mark.parametrize(("name", "media_type"), FORMS.items(), ids=list(FORMS))
def test_all_that_an_answer_cites_comes_as_libraries_want_it(
    client: FlaskClient, citation_id: str, name: str, media_type: str
) -> None:
    answer = client.post("/api/v1/questions", json={"question": "建桥用了几年？"}).json
    assert answer
    url = f"/api/v1{answer['url']}"
    named = client.get(url, query_string={"format": name})
    accepted = client.get(url, headers={"Accept": media_type})
    assert named.status_code == 200
    assert named.mimetype == accepted.mimetype == media_type
    assert "Accept" in accepted.vary
    assert named.text == accepted.text
    assert f"http://localhost/citations/{citation_id}" in named.text
    assert f"filename=baowen-{answer['id']}." in named.headers["Content-Disposition"]
    assert client.get(url, headers={"Accept": "*/*"}).json == client.get(url).json
    assert client.get(f"{url}?format=telex").status_code == 422
    assert client.get(f"/api/v1/answers/none?format={name}").status_code == 404


def test_a_citations_page_gives_its_reference_and_every_form(
    client: FlaskClient, citation_id: str
) -> None:
    page = client.get(f"/citations/{citation_id}").text
    url = f"/api/v1/citations/{citation_id}"
    assert client.get(f"{url}?format=gbt7714").text.strip() in page
    for form in FORMS:
        assert f'href="{url}?format={form}"' in page


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html,*/*;q=0.8", ""])
def test_a_citation_is_json_unless_something_else_is_asked_for(
    client: FlaskClient, citation_id: str, accept: str
) -> None:
    response = client.get(f"/api/v1/citations/{citation_id}", headers={"Accept": accept})
    assert response.mimetype == "application/json"


def test_a_format_that_is_not_there_is_refused(client: FlaskClient, citation_id: str) -> None:
    response = client.get(f"/api/v1/citations/{citation_id}?format=telex")
    assert response.status_code == 422
    assert response.json
    assert response.json["errors"][0]["field"] == "format"


def test_a_removed_citation_keeps_its_place_and_no_text(
    client: FlaskClient, citation_id: str, archive: Desk
) -> None:
    quote = client.get(f"/api/v1/citations/{citation_id}").json["quote"]  # type: ignore[index]
    assert client.delete(f"/api/v1/articles/{BRIDGE_NEWS.id}").status_code == 204
    gone = client.get(f"/api/v1/citations/{citation_id}")
    assert gone.status_code == 410
    assert gone.mimetype == "application/problem+json"
    assert gone.json
    assert {**gone.json, "detail": "", "request_id": ""} == {
        "type": "about:blank",
        "title": "Gone",
        "status": 410,
        "detail": "",
        "request_id": "",
        "headline": "一桥飞架南北 青石桥合龙",
        "publication": "临湖晚报",
        "issued": "2023-10-12",
        "date": "2023-10-11",
        "page": "01",
    }
    assert client.get(f"/api/v1/citations/{citation_id}?format=ris").status_code == 410
    page = client.get(f"/citations/{citation_id}")
    assert page.status_code == 410
    assert "青石桥合龙" in page.text
    assert quote not in gone.text + page.text
    assert client.get(f"/articles/{BRIDGE_NEWS.id}").status_code == 404


def test_an_answer_about_a_removed_article_shows_the_gap(
    client: FlaskClient, archive: Desk
) -> None:
    answer = client.post("/api/v1/questions", json={"question": "建桥用了几年？"}).json
    assert answer
    quote = answer["citations"][0]["quote"]
    archive.remove([BRIDGE_NEWS.id])
    kept = client.get(f"/api/v1{answer['url']}").json
    assert kept
    assert kept["citations"][0]["status"] == "removed"
    assert kept["citations"][0]["quote"] == ""
    page = client.get(answer["url"])
    assert page.status_code == 200
    assert "报道已撤下" in page.text
    assert quote not in page.text


def test_a_quote_that_moved_is_marked_where_it_stands_now(
    client: FlaskClient, citation_id: str, archive: Desk
) -> None:
    quote = client.get(f"/api/v1/citations/{citation_id}").json["quote"]  # type: ignore[index]
    reprint(
        archive,
        BRIDGE_NEWS,
        (BlockKind.PARAGRAPH, "本报讯 更正后的第一段写得长一些，也说得清楚一些。"),
        (BlockKind.PARAGRAPH, f"又讯。{quote}"),
    )
    citation = client.get(f"/api/v1/citations/{citation_id}").json
    assert citation
    assert citation["status"] == "moved"
    article = client.get(f"/api/v1/articles/{BRIDGE_NEWS.id}").json
    assert article
    assert article["text"][citation["start"] : citation["end"]] == quote
    page = client.get(f"/citations/{citation_id}").text
    assert f'<mark id="quote">{quote}</mark>' in page
    told = page.partition('<dl class="change">')[2].partition("</dl>")[0]
    assert f"……{BRIDGE_NEWS.text[: BRIDGE_NEWS.text.find(quote)][-32:]}</span>{quote}" in told
    assert f"又讯。</span>{quote}" in told


def test_a_quote_that_was_changed_is_shown_as_it_was(
    client: FlaskClient, citation_id: str, archive: Desk
) -> None:
    quote = client.get(f"/api/v1/citations/{citation_id}").json["quote"]  # type: ignore[index]
    reprint(archive, BRIDGE_NEWS, (BlockKind.PARAGRAPH, "全文撤换，另有说明。"))
    citation = client.get(f"/api/v1/citations/{citation_id}").json
    assert citation
    assert citation["status"] == "changed"
    assert citation["quote"] == quote
    assert citation["surroundings"] is None
    page = client.get(f"/citations/{citation_id}").text
    assert quote in page
    assert "报道里已没有相近的话" in page
    assert "<mark" not in page


def test_a_quote_that_was_changed_is_shown_beside_what_stands_there_now(
    client: FlaskClient, citation_id: str, archive: Desk
) -> None:
    quote = client.get(f"/api/v1/citations/{citation_id}").json["quote"]  # type: ignore[index]
    now = quote.replace("三年", "四年")
    reprint(archive, BRIDGE_NEWS, (BlockKind.PARAGRAPH, f"本报讯 {now}"))
    page = client.get(f"/citations/{citation_id}").text
    assert f"{quote}<span" in page
    assert "建桥用了<del>三</del><ins>四</ins>年" in page
    assert f'<span class="instead" id="quote">{now}</span>' in page
    assert "<mark" not in page


@pytest.mark.parametrize(
    "url",
    [
        *("/api/v1/citations/none", "/api/v1/articles/none", "/api/v1/answers/none"),
        *("/api/v1/conversations/none", "/api/v1/jobs/none", "/api/v1/nothing"),
        *("/citations/none", "/articles/none", "/answers/none", "/?conversation=none", "/nothing"),
    ],
)
def test_what_is_not_there_is_404(client: FlaskClient, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 404
    wanted = "application/problem+json" if url.startswith("/api/") else "text/html"
    assert response.mimetype == wanted


def test_a_method_that_is_not_offered_is_405(client: FlaskClient) -> None:
    response = client.put(f"/api/v1/articles/{NEWS[0].id}")
    assert response.status_code == 405
    assert response.mimetype == "application/problem+json"
    assert "DELETE" in response.headers["Allow"]
