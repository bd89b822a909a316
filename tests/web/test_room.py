"""The reading room without JavaScript, and the parts of pages that its streams bring."""

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask.testing import FlaskClient
from newsroom import BRIDGE_NEWS, FAULT, LAST_WEEK, Desk

from web import readers
from web.app import create_app

LENGTH = "青石桥的桥长多少米？"
EVENTS = {"Accept": "text/event-stream"}


def posted(client: FlaskClient, **form: str) -> str:
    """The page that a question posted from the page leads to."""
    client.get("/")
    asked = client.post("/", data=form)
    assert asked.status_code == 303, asked.text
    return client.get(asked.location).text


def told(body: str) -> list[tuple[str, dict[str, str]]]:
    found = re.findall(r"^event: (.*)\ndata: (.*)$", body, re.MULTILINE)
    return [(name, json.loads(data)) for name, data in found]


def hidden(page: str, part: str) -> dict[str, str]:
    """What a form would send along, by the name of its class."""
    form = re.search(rf'<form [^>]*class="{part}".*?</form>', page, re.DOTALL)
    assert form, part
    return {
        name: unescape(value)
        for name, value in re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.group()
        )
    }


def test_a_stream_brings_the_parts_of_the_page(client: FlaskClient) -> None:
    response = client.post("/", data={"question": LENGTH, "since": ""}, headers=EVENTS)
    assert response.mimetype == "text/event-stream"
    events = told(response.text)
    assert [name for name, _ in events if name != "delta"] == ["search", "answer", "further"]
    parts = dict(events)
    assert "查了" in parts["search"]["html"]
    text = "".join(data["text"] for name, data in events if name == "delta")
    assert text.endswith("一千二百六十米。[1]")
    answer = parts["answer"]
    assert answer["html"].count('<article class="answer"') == 1
    assert answer["url"] == f"/?conversation={answer['conversation']}"
    assert "何时通车？" in parts["further"]["html"]
    page = client.get(answer["url"]).text
    assert answer["html"].strip().removesuffix("</article>") in page
    assert "何时通车？" in page


def test_a_stream_that_breaks_off_says_so_in_the_readers_language(
    client: FlaskClient, archive: Desk
) -> None:
    archive.answerer.fault = FAULT
    headers = EVENTS | {"Accept-Language": "en"}
    response = client.post("/", data={"question": LENGTH}, headers=headers)
    assert told(response.text)[-1] == (
        "error",
        {"detail": "The answer broke off; please try again."},
    )
    assert "secret" not in response.text


def test_a_refused_question_is_told_to_a_stream_as_json(client: FlaskClient) -> None:
    response = client.post("/", data={"question": LENGTH, "since": "2023-02-30"}, headers=EVENTS)
    assert response.status_code == 422
    assert response.json == {"detail": "日期有误：请写真实的日期，先后不要颠倒。"}


def test_what_was_quoted_or_asked_is_not_suggested_again(client: FlaskClient) -> None:
    page = posted(client, question=LENGTH)
    assert "青石桥有多长？" not in page
    assert "何时通车？" in page
    page = posted(client, question="建桥用了几年？", **hidden(page, "ask"))
    whole = client.get(f"/?conversation={hidden(page, 'ask')['conversation']}").text
    assert whole.count('class="suggestions further"') == 1
    further = whole.partition('class="suggestions further"')[2]
    assert "建桥用了几年？" not in further
    assert "青石桥有多长？" not in further


def test_a_refusal_says_what_was_searched_and_what_else_is_answered(client: FlaskClient) -> None:
    page = posted(client, question="青石？", publication="临湖晚报")
    assert "报里没有说" in page
    assert re.search(r"查了 \d+ 段原文", page)
    assert "相近的报道" in page
    assert "何时通车？" in page.partition("报库还能回答")[2]


def test_a_filter_taken_away_is_asked_again_without(client: FlaskClient, archive: Desk) -> None:
    filters = {"since": "2023-10-01", "until": "2023-10-31", "publication": "临湖晚报"}
    page = posted(client, question=LENGTH, **filters)
    assert "2023年10月1日至2023年10月31日" in page
    form = hidden(page, "searched")
    assert {name: form[name] for name in filters} == filters
    assert form["question"] == LENGTH
    days = client.post("/", data=form | {"without": "days"})
    last = archive.ledger.answer(days.location.rpartition("/")[2])
    assert last
    assert last.conversation == form["conversation"]
    assert (last.searched.since, last.searched.until) == (None, None)
    assert last.searched.publication == "临湖晚报"
    paper = client.post("/", data=form | {"without": "publication"})
    last = archive.ledger.answer(paper.location.rpartition("/")[2])
    assert last
    assert (last.searched.since is None, last.searched.publication) == (False, None)


def test_days_that_the_words_count_are_a_filter_to_take_away_too(
    client: FlaskClient, archive: Desk
) -> None:
    page = posted(client, question="上周合龙的桥，桥长多少米？")
    assert "按所问推算" in page
    assert "2023年10月9日至2023年10月15日" in page
    form = hidden(page, "searched")
    assert "since" not in form
    again = client.post("/", data=form | {"without": "days"})
    last = archive.ledger.answer(again.location.rpartition("/")[2])
    assert last
    assert last.searched.since is None
    assert last.standalone_question.count("上周")
    first = archive.ledger.conversation(last.conversation)
    assert first
    assert (first.answers[0].searched.since, first.answers[0].searched.until) == LAST_WEEK


def test_a_question_comes_back_into_the_form_to_be_asked_otherwise(client: FlaskClient) -> None:
    page = posted(client, question=LENGTH, since="2023-10-01", publication="临湖晚报")
    link = re.search(r'href="(/\?edit=\w+)"', page)
    assert link
    form = client.get(link[1]).text.partition('<form id="ask"')[2]
    assert f"{LENGTH}</textarea>" in form
    assert 'name="since" value="2023-10-01"' in form
    assert "<option selected>临湖晚报</option>" in form
    assert client.get("/?edit=none").status_code == 404


def test_an_answer_is_copied_with_numbered_references(client: FlaskClient) -> None:
    page = posted(client, question=LENGTH)
    link = re.search(r'<a class="copy" href="([^"]+)"', page)
    assert link
    copied = client.get(link[1])
    assert copied.content_type == "text/plain; charset=utf-8"
    text, references, address = copied.text.strip().split("\n\n")
    assert text.endswith("[1]")
    assert re.match(
        r"\[1\] 何望\. 一桥飞架南北 青石桥合龙\[N/OL\]\. 临湖晚报, 2023-10-12\(01\)", references
    )
    assert address.startswith("http://localhost/answers/")
    assert client.get("/answers/none/text").status_code == 404


def test_a_copied_answer_says_what_was_taken_out(client: FlaskClient, archive: Desk) -> None:
    location = client.post("/", data={"question": LENGTH}).location
    archive.remove([BRIDGE_NEWS.id])
    copied = client.get(f"{location}/text").text
    assert "一千二百六十米" not in copied
    assert "(报道已撤下)" in copied


def listed(client: FlaskClient, query: str = "") -> list[str]:
    page = client.get("/conversations", query_string={"query": query})
    assert page.headers["Cache-Control"] == "private, no-store"
    return re.findall(r'<h2[^>]*><a href="/\?conversation=\w+">([^<]*)</a>', page.text)


@pytest.fixture
def other(archive: Desk) -> FlaskClient:
    """Another browser."""
    return create_app(archive).test_client()  # type: ignore[arg-type]


def test_a_browser_finds_what_was_asked_in_it(client: FlaskClient, other: FlaskClient) -> None:
    assert listed(client) == []
    cookie = client.get("/").headers["Set-Cookie"]
    assert cookie.startswith(f"{readers.COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    client.post("/", data={"question": LENGTH})
    client.post("/", data={"question": "建桥用了几年？"}, headers=EVENTS).get_data()
    assert listed(client) == ["建桥用了几年？", LENGTH]
    assert listed(client, "一千二百") == [LENGTH]
    assert listed(client, "月球") == []
    assert listed(other) == []
    other.set_cookie(readers.COOKIE, "' or 1=1")
    assert listed(other) == []


def test_a_shared_conversation_goes_on_in_one_of_the_readers_own(
    client: FlaskClient, other: FlaskClient, archive: Desk
) -> None:
    conversation = hidden(posted(client, question=LENGTH), "ask")["conversation"]
    page = posted(other, question="通车时间呢？", conversation=conversation)
    assert f'理解为：<span lang="zh-Hans">{LENGTH}' in page
    assert hidden(page, "ask")["conversation"] != conversation
    assert listed(other) == ["通车时间呢？"]
    kept = archive.ledger.conversation(conversation)
    assert kept
    assert len(kept.answers) == 1


def test_a_browser_without_cookies_has_conversations_but_no_list(archive: Desk) -> None:
    client = create_app(archive).test_client(use_cookies=False)  # type: ignore[arg-type]
    conversation = hidden(posted(client, question=LENGTH), "ask")["conversation"]
    page = posted(client, question="通车时间呢？", conversation=conversation)
    assert hidden(page, "ask")["conversation"] == conversation
    assert listed(client) == []


def test_a_conversation_is_renamed_and_deleted_by_whose_it_is(
    client: FlaskClient, other: FlaskClient, archive: Desk
) -> None:
    conversation = hidden(posted(client, question=LENGTH), "ask")["conversation"]
    posted(other, question=LENGTH)
    url = f"/conversations/{conversation}"
    assert client.get(url).location == f"/?conversation={conversation}"
    for path in (url, f"{url}/delete"):
        assert other.post(path, data={"name": "我的"}).status_code == 404
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert client.post(path, data={"name": "我的"}, headers=foreign).status_code == 403
    assert client.post(url, data={"name": "<b>大桥</b>"}).status_code == 303
    assert listed(client) == ["&lt;b&gt;大桥&lt;/b&gt;"]
    page = client.get(f"/?conversation={conversation}").text
    assert '<h1 class="">&lt;b&gt;大桥&lt;/b&gt;</h1>' in page
    assert client.post(url, data={"name": "长" * 201}).status_code == 422
    client.post(url, data={"name": " "})
    assert listed(client) == [LENGTH]
    assert client.post(f"{url}/delete").status_code == 303
    assert listed(client) == []
    assert archive.ledger.conversation(conversation) is None
    assert client.post(f"{url}/delete").status_code == 404


def test_a_long_list_of_conversations_has_pages(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "LISTED", 2)
    for _ in range(3):
        posted(client, question=LENGTH)
    assert len(listed(client)) == 2
    page = client.get("/conversations?page=2").text
    assert page.count("<time") == 1
    assert 'rel="next"' not in page
    assert client.get("/conversations?page=x").status_code == 422


def judging(page: str) -> Iterator[str]:
    """The ids of citations that forms ask to be judged."""
    yield from re.findall(r'name="citation" value="(\w+)"', page)


def test_an_answer_and_a_citation_are_judged_from_the_page(
    client: FlaskClient, archive: Desk
) -> None:
    location = client.post("/", data={"question": LENGTH}).location
    (citation,) = judging(client.get(location).text)
    url = f"{location}/feedback"
    kept = client.post(url, data={"verdict": "down", "comment": " 旧闻 "})
    assert kept.status_code == 303
    assert "已记下" in client.get(kept.location).text
    client.post(url, data={"verdict": "up", "citation": citation})
    said = archive.ledger.feedback(location.rpartition("/")[2])
    assert [(each.verdict, each.comment, each.citation_id) for each in said] == [
        ("down", "旧闻", None),
        ("up", "", citation),
    ]
    assert client.post(url, data={"verdict": "sideways"}).status_code == 422
    assert client.post(url, data={"verdict": "up", "citation": "none"}).status_code == 404
    assert client.post("/answers/none/feedback", data={"verdict": "up"}).status_code == 404
    foreign = {"Origin": "https://elsewhere.example"}
    assert client.post(url, data={"verdict": "up"}, headers=foreign).status_code == 403
