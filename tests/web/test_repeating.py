"""Requests that are sent twice, and what is fetched twice."""

import io
from collections.abc import Iterator
from datetime import timedelta
from threading import Event as Signal
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from newsroom import BRIDGE_NEWS, LATER_NEWS, NEWS, Desk, LetterAnswerer
from test_questions import events

from qa.answering import Event
from qa.answers import Question
from web import register

ASK = "/api/v1/questions"
ARTICLES = "/api/v1/articles"
LENGTH = {"question": "青石桥的桥长多少米？"}
STREAM = {"Accept": "text/event-stream"}


def key(told: str = "4f1c") -> dict[str, str]:
    return {"Idempotency-Key": told}


def test_a_question_sent_again_has_the_answer_that_it_had(client: FlaskClient) -> None:
    first = client.post(ASK, json=LENGTH, headers=key())
    again = client.post(ASK, json=LENGTH, headers=key())
    assert again.status_code == 200
    assert again.json == first.json
    for headers in ({}, key("another"), key("another") | {"X-Forwarded-For": "::1"}):
        other = client.post(ASK, json=LENGTH, headers=headers)
        assert other.json["id"] != first.json["id"] or "X-Forwarded-For" in headers  # type: ignore[index]


def test_each_client_has_its_own_keys(client: FlaskClient) -> None:
    one, other = (
        client.post(ASK, json=LENGTH, headers=key(), environ_base={"REMOTE_ADDR": address}).json
        for address in ("192.0.2.7", "192.0.2.8")
    )
    assert one
    assert other
    assert one["id"] != other["id"]


def test_another_body_with_the_same_key_is_refused(client: FlaskClient) -> None:
    client.post(ASK, json=LENGTH, headers=key())
    refused = client.post(ASK, json={"question": "何时合龙？"}, headers=key())
    assert refused.status_code == 422
    assert refused.json
    assert [each["field"] for each in refused.json["errors"]] == ["Idempotency-Key"]
    assert client.post(ARTICLES, json={"text": "文。"}, headers=key()).status_code == 202


@pytest.mark.parametrize("told", ["", "x" * 256, "a\x7fb"])
def test_a_key_that_is_none_is_refused(client: FlaskClient, told: str) -> None:
    response = client.post(ASK, json=LENGTH, headers=key(told))
    assert response.status_code == 422


def test_a_request_that_was_refused_may_be_sent_again(client: FlaskClient, archive: Desk) -> None:
    archive.missing = "The model is being loaded."
    assert client.post(ASK, json=LENGTH, headers=key()).status_code == 503
    archive.missing = None
    assert client.post(ASK, json=LENGTH, headers=key()).status_code == 200


def test_a_lost_stream_is_told_again_from_what_was_kept(client: FlaskClient) -> None:
    first = events(client.post(ASK, json=LENGTH, headers=key() | STREAM).text)
    again = events(client.post(ASK, json=LENGTH, headers=key() | STREAM).text)
    answer = first[-1][1]
    assert again[-1] == ("answer", answer)
    assert again[0][0] == "search"
    assert "".join(told["text"] for name, told in again if name == "delta") == answer["text"]
    assert [told for name, told in again if name == "citation"] == answer["citations"]
    assert client.post(ASK, json=LENGTH, headers=key()).json == answer


def test_a_repeated_answer_does_not_tell_what_was_taken_out_since(
    client: FlaskClient, archive: Desk
) -> None:
    assert "一千二百六十米" in client.post(ASK, json=LENGTH, headers=key()).text
    archive.remove([BRIDGE_NEWS.id])
    again = client.post(ASK, json=LENGTH, headers=key())
    assert again.status_code == 200
    assert "一千二百六十米" not in again.text


def test_an_answer_that_was_deleted_is_made_afresh(client: FlaskClient) -> None:
    first = client.post(ASK, json=LENGTH, headers=key()).json
    assert first
    client.delete(f"/api/v1/conversations/{first['conversation']}")
    ids = {client.post(ASK, json=LENGTH, headers=key()).json["id"] for _ in range(2)}  # type: ignore[index]
    assert len(ids) == 1
    assert ids != {first["id"]}


def test_a_key_is_forgotten_after_a_day(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.post(ASK, json=LENGTH, headers=key()).json
    monkeypatch.setattr(register, "KEPT_FOR", timedelta(0))
    second = client.post(ASK, json=LENGTH, headers=key()).json
    assert first
    assert second
    assert first["id"] != second["id"]


class Waiting(LetterAnswerer):
    """Answers when it is told to, and knows whether somebody still wanted it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.catalogue, desk.ledger)
        self.begun, self.go, self.closed = Signal(), Signal(), Signal()

    def events(self, question: Question) -> Iterator[Event]:
        try:
            self.begun.set()
            assert self.go.wait(30)
            yield from super().events(question)
        finally:
            self.closed.set()


def test_a_request_sent_again_while_it_is_answered_is_turned_away(
    app: OpenAPI, archive: Desk
) -> None:
    waiting = archive.__dict__["answerer"] = Waiting(archive)
    told: list[Any] = []
    asking = Thread(
        target=lambda: told.append(app.test_client().post(ASK, json=LENGTH, headers=key()))
    )
    asking.start()
    assert waiting.begun.wait(30)
    early = app.test_client().post(ASK, json=LENGTH, headers=key())
    waiting.go.set()
    asking.join()
    assert early.status_code == 409
    assert early.headers["Retry-After"]
    assert app.test_client().post(ASK, json=LENGTH, headers=key()).json == told[0].json


def test_every_service_of_an_archive_knows_what_another_is_answering(archive: Desk) -> None:
    beside = register.Repeats(archive.engine)
    assert archive.repeats.begin("one")
    assert not beside.begin("one")
    archive.repeats.end("one")
    assert beside.begin("one")
    beside.keep("one", register.Repeat("asked", "answer"))
    beside.end("one")
    assert archive.repeats.begin("one")  # it is known, and so is not answered again
    assert archive.repeats.of("one") == register.Repeat("asked", "answer")


def test_a_request_that_a_killed_service_was_answering_may_be_sent_again(
    client: FlaskClient, archive: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = register.digest_of("address 127.0.0.1", "questions.ask", "4f1c")
    assert archive.repeats.begin(name)
    assert client.post(ASK, json=LENGTH, headers=key()).status_code == 409
    monkeypatch.setattr(register, "UNDER_WAY_FOR", timedelta(0))
    assert client.post(ASK, json=LENGTH, headers=key()).status_code == 200


def test_an_upload_sent_again_is_taken_in_once(client: FlaskClient, archive: Desk) -> None:
    def send(text: str = "渡轮改走北线。") -> Any:
        files = [(io.BytesIO(text.encode()), "ferry.txt")]
        return client.post(ARTICLES, data={"files": files, "kind": "article"}, headers=key())

    first, again = send(), send()
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json["id"] == again.json["id"]
    assert first.headers["Location"] == again.headers["Location"]
    assert send("渡轮改走南线。").status_code == 422
    archive.read_all()
    (report,) = client.get(first.json["url"]).json["report"]  # type: ignore[index]
    assert report["status"] == "added"


def test_what_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    answer = client.post(ASK, json=LENGTH).json
    assert answer
    citation = f"/api/v1{answer['citations'][0]['url']}"
    for path in (
        f"{ARTICLES}/{BRIDGE_NEWS.id}",
        ARTICLES,
        f"/api/v1{answer['url']}",
        citation,
        f"{citation}?format=ris",
        "/api/v1/suggestions",
    ):
        first = client.get(path)
        assert first.headers["Cache-Control"] == "private, no-cache", path
        etag = first.headers["ETag"]
        again = client.get(path, headers={"If-None-Match": etag})
        assert again.status_code == 304, path
        assert again.data == b""
        assert again.headers["ETag"] == etag
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        assert client.head(path, headers={"If-None-Match": f'"other", {etag}'}).status_code == 304


def test_each_form_of_a_citation_has_its_own_tag_and_a_change_a_new_one(
    client: FlaskClient, archive: Desk
) -> None:
    answer = client.post(ASK, json=LENGTH).json
    assert answer
    url = f"/api/v1{answer['citations'][0]['url']}"
    plain = client.get(url).headers["ETag"]
    bibtex = client.get(url, headers={"Accept": "application/x-bibtex", "If-None-Match": plain})
    assert bibtex.status_code == 200
    assert "Accept" in bibtex.headers["Vary"]
    archive.remove([BRIDGE_NEWS.id])
    assert client.get(url, headers={"If-None-Match": plain}).status_code == 410


def test_a_list_goes_on_though_the_article_at_its_cursor_is_gone(
    client: FlaskClient, archive: Desk
) -> None:
    first = client.get(f"{ARTICLES}?limit=1").json
    assert first
    assert [each["id"] for each in first["articles"]] == [LATER_NEWS.id]
    assert LATER_NEWS.id not in first["next"]
    archive.remove([LATER_NEWS.id])
    rest = client.get(ARTICLES, query_string={"cursor": first["next"]}).json
    assert rest
    assert len(rest["articles"]) == len(NEWS) - 1


@pytest.mark.parametrize(
    "cursor", ["bent", "é", "AAAA", "YQ", "=", "x" * 3_000, "../..", LATER_NEWS.id]
)
def test_a_cursor_that_no_list_gave_is_refused(client: FlaskClient, cursor: str) -> None:
    response = client.get(ARTICLES, query_string={"cursor": cursor})
    assert response.status_code == 422
    assert response.json
    assert [each["field"] for each in response.json["errors"]] == ["cursor"]
