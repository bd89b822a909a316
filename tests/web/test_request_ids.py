"""Each request has an id, in its response and in the log, which tells of it in one line."""

import json
import logging

import pytest
from flask.testing import FlaskClient
from newsroom import FAULT, Desk

from web.app import create_app
from web.logs import AsJson
from web.rules import Rules

LENGTH = "青石桥的桥长多少米？"
EVENTS = {"Accept": "text/event-stream"}


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.handler.setFormatter(AsJson())
    caplog.set_level(logging.DEBUG)
    return caplog


def records(log: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.text.splitlines()]


def of_requests(log: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [each for each in records(log) if "route" in each]


def test_a_request_is_one_line_with_route_status_and_time(
    client: FlaskClient, log: pytest.LogCaptureFixture
) -> None:
    with client.get(
        "/api/v1/articles/none?query=桥", headers={"X-Request-ID": "desk-0001"}
    ) as told:
        assert told.headers["X-Request-ID"] == "desk-0001"
        assert told.json
        assert told.json["request_id"] == "desk-0001"
    [line] = of_requests(log)
    assert line["request_id"] == "desk-0001"
    assert line["route"] == "/api/v1/articles/<id>"
    assert line["status"] == 404
    assert isinstance(line["ms"], int)
    assert line["level"] == "INFO"
    assert line["message"] == f"GET /api/v1/articles/<id> 404 {line['ms']} ms"


def test_a_stream_is_timed_to_its_end_and_what_breaks_in_it_names_its_request(
    client: FlaskClient, archive: Desk, log: pytest.LogCaptureFixture
) -> None:
    archive.answerer.fault = FAULT
    with client.post("/api/v1/questions", json={"question": LENGTH}, headers=EVENTS) as told:
        assert not of_requests(log)  # nothing was sent yet
        broken = json.loads(told.text.partition("event: error\ndata: ")[2])
    assert broken["request_id"] == told.headers["X-Request-ID"]
    [fault] = [each for each in records(log) if "traceback" in each]
    [line] = of_requests(log)
    assert fault["request_id"] == line["request_id"] == told.headers["X-Request-ID"]


def test_probes_are_told_of_at_debug_alone(
    client: FlaskClient, log: pytest.LogCaptureFixture
) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path).close()
    assert [each["level"] for each in of_requests(log)] == ["DEBUG"] * 3


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param("short", id="short"),
        pytest.param("x" * 129, id="long"),
        pytest.param("a b c d e f g", id="blanks"),
        pytest.param('"},{"level":"ERROR"', id="quotes"),
        pytest.param("报问报问报问报问", id="letters of no id"),
    ],
)
def test_an_id_that_could_forge_a_record_is_not_taken(client: FlaskClient, sent: str) -> None:
    headers = {"X-Request-ID": sent.encode().decode("latin-1")}
    made = {client.get("/healthz", headers=headers).headers["X-Request-ID"] for _ in range(2)}
    assert len(made) == 2
    assert all(len(each) == 32 for each in made)


def ask_everywhere(client: FlaskClient) -> None:
    home = {"Sec-Fetch-Site": "same-origin"}
    chat = {"model": "baowen", "messages": [{"role": "user", "content": LENGTH}]}
    client.post("/api/v1/questions", json={"question": LENGTH}).close()
    client.post("/api/v1/questions", json={"question": LENGTH}, headers=EVENTS).get_data()
    client.post("/", data={"question": LENGTH}, headers=home).close()
    client.post("/", data={"question": LENGTH}, headers=home | EVENTS).get_data()
    client.post("/v1/chat/completions", json=chat).close()
    client.post("/v1/chat/completions", json=chat | {"stream": True}).get_data()
    client.get("/api/v1/search", query_string={"q": LENGTH}).close()
    client.post("/api/v1/check", json={"text": LENGTH}).close()


def test_what_readers_ask_is_logged_only_where_the_settings_say_so(
    archive: Desk, log: pytest.LogCaptureFixture
) -> None:
    quiet = create_app(archive).test_client()  # type: ignore[arg-type]
    ask_everywhere(quiet)
    archive.answerer.fault = FAULT
    ask_everywhere(quiet)
    archive.answerer.fault = None
    with archive.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE answer_citations")  # the ledger's errors name values
    ask_everywhere(quiet)
    assert "the ink" in log.text
    assert "answer_citations" in log.text
    assert LENGTH not in log.text
    ask_everywhere(create_app(archive, rules=Rules(log_questions=True)).test_client())  # type: ignore[arg-type]
    assert [each["question"] for each in records(log) if "question" in each] == [LENGTH] * 6
