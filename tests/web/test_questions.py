"""A question over HTTP: the answer, its links, its stream, and what is refused."""

import json
from collections.abc import Iterator
from errno import ENOSPC
from time import sleep
from typing import Any

import pytest
from flask.testing import FlaskClient
from newsroom import BRIDGE_NEWS, FAULT, Desk

from qa.answering import Delta, Event
from web.api.streaming import with_heartbeats

ASK = "/api/v1/questions"
LENGTH = "青石桥的桥长多少米？"


def ask(client: FlaskClient, question: object = LENGTH, **more: object) -> Any:
    return client.post(ASK, json={"question": question, **more})


def events(body: str) -> list[tuple[str, Any]]:
    told = []
    for block in body.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if line and line[0] != ":")
        if lines:
            told.append((lines["event"], json.loads(lines["data"])))
    return told


def test_every_link_of_an_answer_leads_to_its_quote(client: FlaskClient) -> None:
    answer = ask(client).json
    assert answer["answered"]
    (citation,) = answer["citations"]
    assert f"[{citation['number']}]" in answer["text"]
    article = client.get(f"/api/v1{citation['article']['url']}").json
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
    page = client.get(citation["url"]).text
    assert f'<mark id="quote">{citation["quote"]}</mark>' in page
    assert citation["quote"] in client.get(answer["url"]).text
    assert client.get(f"/api/v1{answer['url']}").json == answer


def test_an_answer_has_the_shape_of_the_contract(client: FlaskClient) -> None:
    answer = ask(client, since="2023-10-01", publication="临湖晚报").json
    assert set(answer) == {
        *("id", "conversation", "url", "question", "standalone_question", "answered", "text"),
        *("sentences", "citations", "searched", "related", "writer", "notice", "timings_ms"),
    }
    assert answer["question"] == LENGTH
    assert answer["searched"] == {
        "passages": answer["searched"]["passages"],
        "since": "2023-10-01",
        "until": None,
        "publication": "临湖晚报",
    }
    (citation,) = answer["citations"]
    assert set(citation) == {
        *(
            "number",
            "id",
            "url",
            "quote",
            "prefix",
            "suffix",
            "start",
            "end",
            "status",
            "article",
            "also",
        ),
    }
    assert citation["status"] == "exact"
    assert citation["article"] == {
        "id": BRIDGE_NEWS.id,
        "url": f"/articles/{BRIDGE_NEWS.id}",
        "headline": "一桥飞架南北 青石桥合龙",
        "publication": "临湖晚报",
        "issued": "2023-10-12",
        "date": "2023-10-11",
        "page": "01",
        "source": {"file": "bridge.txt", "sha256": BRIDGE_NEWS.source.sha256, "record": None},
    }


def test_a_refusal_shows_related_passages_without_numbers(client: FlaskClient) -> None:
    answer = ask(client, "Who painted it?").json
    assert not answer["answered"]
    assert answer["citations"] == []
    assert answer["related"]
    assert all("number" not in citation for citation in answer["related"])
    assert all(client.get(citation["url"]).status_code == 200 for citation in answer["related"])


def test_the_stream_tells_the_same_answer(client: FlaskClient) -> None:
    response = client.post(ASK, json={"question": LENGTH}, headers={"Accept": "text/event-stream"})
    assert response.mimetype == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["X-Accel-Buffering"] == "no"
    told = events(response.text)
    assert [name for name, _ in told if name != "delta"] == ["search", "citation", "answer"]
    answer = told[-1][1]
    assert "".join(data["text"] for name, data in told if name == "delta") == answer["text"]
    assert [data for name, data in told if name == "citation"] == answer["citations"]
    search = dict(told)["search"]
    assert search["searched"] == answer["searched"]
    for hit in search["hits"]:
        assert client.get(hit["url"]).status_code == 200
    assert client.get(f"/api/v1{answer['url']}").json == answer


def test_a_stream_beats_while_nothing_is_told() -> None:
    def slow() -> Iterator[Event]:
        yield Delta("一")
        sleep(0.1)
        yield Delta("二")

    told = list(with_heartbeats(slow(), 0.02))
    assert [event for event in told if event] == [Delta("一"), Delta("二")]
    assert told[1:-1]
    assert not any(told[1:-1])


def test_a_stream_that_breaks_off_says_so_without_internals(
    client: FlaskClient, archive: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    archive.answerer.fault = FAULT
    response = client.post(ASK, json={"question": LENGTH}, headers={"Accept": "text/event-stream"})
    name, problem = events(response.text)[-1]
    assert name == "error"
    assert problem["status"] == 500
    assert "secret" not in response.text
    assert "the ink in /secret/place has run out" in caplog.text


def test_a_fault_of_the_service_shows_no_internals(
    client: FlaskClient, archive: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    archive.answerer.fault = FAULT
    response = ask(client)
    assert response.status_code == 500
    assert response.mimetype == "application/problem+json"
    assert "secret" not in response.text
    assert "the ink" in caplog.text


def test_a_full_disk_is_told_as_such(
    client: FlaskClient, archive: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    archive.answerer.fault = OSError(ENOSPC, "No space left on device")
    assert ask(client).status_code == 507
    response = client.post(ASK, json={"question": LENGTH}, headers={"Accept": "text/event-stream"})
    assert events(response.text)[-1][1]["status"] == 507
    assert client.post("/", data={"question": LENGTH}).status_code == 507
    assert "No space left" in caplog.text


def test_a_conversation_goes_on(client: FlaskClient) -> None:
    first = ask(client).json
    second = ask(client, "通车时间呢？", conversation=first["conversation"]).json
    assert second["conversation"] == first["conversation"]
    assert LENGTH in second["standalone_question"]
    conversation = client.get(f"/api/v1/conversations/{first['conversation']}").json
    assert conversation["answers"] == [first, second]
    assert LENGTH in client.get(conversation["url"]).text


def test_a_deleted_conversation_takes_its_answers_and_leaves_its_citations(
    client: FlaskClient,
) -> None:
    answer = ask(client).json
    url = f"/api/v1/conversations/{answer['conversation']}"
    assert client.delete(url, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert client.delete(url).status_code == 204
    assert client.delete(url).status_code == 404
    assert client.get(url).status_code == 404
    assert client.get(f"/api/v1{answer['url']}").status_code == 404
    assert client.get(answer["url"]).status_code == 404
    assert client.get(answer["citations"][0]["url"]).status_code == 200
    assert ask(client, conversation=answer["conversation"]).status_code == 422


def test_what_a_reader_says_of_an_answer_is_kept(client: FlaskClient, archive: Desk) -> None:
    answer = ask(client).json
    url = f"{ASK.removesuffix('questions')}answers/{answer['id']}/feedback"
    assert client.post(url, json={"verdict": "up"}).status_code == 204
    assert client.post(url, json={"verdict": "down", "comment": " 年份错了 "}).status_code == 204
    of_one = {"verdict": "down", "citation": answer["citations"][0]["id"]}
    assert client.post(url, json=of_one).status_code == 204
    assert client.post(url, json=of_one | {"citation": "none"}).status_code == 404
    said = archive.ledger.feedback(answer["id"])
    assert [(each.verdict, each.comment) for each in said] == [
        ("up", ""),
        ("down", "年份错了"),
        ("down", ""),
    ]
    assert [each.citation_id for each in said] == [None, None, of_one["citation"]]
    assert client.get(f"/api/v1{answer['url']}").json == answer
    client.delete(f"/api/v1/conversations/{answer['conversation']}")
    assert archive.ledger.feedback(answer["id"]) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "verdict"),
        ({"verdict": "sideways"}, "verdict"),
        ({"verdict": "up", "comment": "长" * 2001}, "comment"),
        ({"verdict": "up", "comment": "\x00"}, "comment"),
        ({"verdict": "up", "comment": 7}, "comment"),
    ],
)
def test_feedback_that_cannot_be_taken_is_refused_by_field(
    client: FlaskClient, body: dict[str, Any], field: str
) -> None:
    url = f"/api/v1/answers/{ask(client).json['id']}/feedback"
    response = client.post(url, json=body)
    assert response.status_code == 422
    assert response.json
    assert [error["field"] for error in response.json["errors"]] == [field]


def test_feedback_needs_an_answer_and_comes_from_our_own_pages(client: FlaskClient) -> None:
    up = {"verdict": "up"}
    assert client.post("/api/v1/answers/none/feedback", json=up).status_code == 404
    url = f"/api/v1/answers/{ask(client).json['id']}/feedback"
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert client.post(url, json=up, headers=elsewhere).status_code == 403
    assert client.post(url, data="{", content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({}, "question", id="nothing asked"),
        pytest.param({"question": ""}, "question", id="empty"),
        pytest.param({"question": " \n　"}, "question", id="blank"),
        pytest.param({"question": "长" * 2001}, "question", id="too long"),
        pytest.param({"question": "多长\x00"}, "question", id="control character"),
        pytest.param({"question": "\x1f多长"}, "question", id="control character at the edge"),
        pytest.param({"question": "\ud800"}, "question", id="half a character"),
        pytest.param({"question": 1260}, "question", id="a number"),
        pytest.param({"question": ["多长"]}, "question", id="a list"),
        pytest.param({"question": None}, "question", id="null"),
        pytest.param({"question": "长" * 100_000}, "question", id="a book"),
        pytest.param({"question": "\ud800?"}, "question", id="half a character"),
        pytest.param({"question": LENGTH, "since": "2023-02-30"}, "since", id="no such day"),
        pytest.param({"question": LENGTH, "since": 20231012}, "since", id="a day as a number"),
        pytest.param({"question": LENGTH, "until": "12.10.2023"}, "until", id="another notation"),
        pytest.param({"question": LENGTH, "as_of": "now"}, "as_of", id="a word for a day"),
        pytest.param(
            {"question": LENGTH, "since": "2023-10-12", "until": "2023-10-11"},
            "until",
            id="backwards",
        ),
        pytest.param({"question": LENGTH, "publication": 7}, "publication", id="paper's number"),
        pytest.param({"question": LENGTH, "conversation": "none"}, "conversation", id="unknown"),
        pytest.param([], "body", id="not an object"),
        pytest.param("多长", "body", id="a bare string"),
    ],
)
def test_a_refused_field_is_named(client: FlaskClient, body: object, field: str) -> None:
    for accept in ("application/json", "text/event-stream"):
        response = client.post(
            ASK,
            data=json.dumps(body),
            content_type="application/json",
            headers={"Accept": accept},
        )
        assert response.status_code == 422
        assert response.mimetype == "application/problem+json"
        assert response.json
        assert set(response.json) == {
            "type",
            "title",
            "status",
            "detail",
            "request_id",
            "errors",
        }
        assert [error["field"] for error in response.json["errors"]] == [field]
        assert response.json["errors"][0]["detail"]


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("长", id="one character"),
        pytest.param("长" * 2000, id="2,000 characters"),
        pytest.param(f"  {'🌉' * 2000}\n", id="white space isn't counted"),
        pytest.param("桥长多少？\n哪天合龙？", id="two lines"),
    ],
)
def test_a_question_of_1_to_2000_characters_is_taken(client: FlaskClient, question: str) -> None:
    response = ask(client, question)
    assert response.status_code == 200
    assert response.json["question"] == question.strip()


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        pytest.param(b'{"question": ', "application/json", 400, id="cut off"),
        pytest.param(b"", "application/json", 400, id="nothing"),
        pytest.param(b"\xff\xfe", "application/json", 400, id="not UTF-8"),
        pytest.param(b"[" * 60_000, "application/json", 400, id="nested too deeply"),
        pytest.param(b'{"question": "?"}', "text/plain", 415, id="not declared as JSON"),
        pytest.param(b'"' + b"x" * 2_000_000 + b'"', "application/json", 413, id="too long"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_why(
    client: FlaskClient, data: bytes, content_type: str, status: int
) -> None:
    response = client.post(ASK, data=data, content_type=content_type)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.json
    assert response.json["status"] == status
    assert response.json["detail"]


def test_an_archive_that_is_not_ready_says_what_is_missing(
    client: FlaskClient, archive: Desk
) -> None:
    assert client.get("/readyz").status_code == 200
    archive.missing = "The model is being loaded; try again in a few seconds."
    for response in (client.get("/readyz"), ask(client), client.get("/api/v1/search?q=桥")):
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert response.json
        assert response.json["detail"] == archive.missing
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/v1/suggestions").json == {"questions": []}
    assert client.get("/").status_code == 200
    assert client.post("/", data={"question": LENGTH}).status_code == 503
