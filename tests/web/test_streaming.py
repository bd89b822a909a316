"""Streams whose connection breaks off, and what comes after."""

from collections.abc import Generator
from itertools import count
from threading import Event as Signal

import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from newsroom import BRIDGE, BRIDGE_NEWS, Desk
from test_questions import events
from test_repeating import ASK, LENGTH, STREAM, Waiting, key

from web.api import streaming
from web.api.streaming import Stream, Streams, Told


def resumed(last: str) -> dict[str, str]:
    return STREAM | {"Last-Event-ID": last}


def first_of(client: FlaskClient) -> str:
    """Read a stream to its first event, and lose the connection."""
    response = client.post(ASK, json=LENGTH, headers=STREAM | key(), buffered=False)
    block = next(each for each in response.iter_encoded() if b"event:" in each)
    response.close()
    return block.decode()


def id_of(block: str) -> str:
    return next(line for line in block.split("\n") if line.startswith("id: ")).removeprefix("id: ")


def test_a_stream_goes_on_where_its_connection_broke_off(
    client: FlaskClient, archive: Desk
) -> None:
    first = first_of(client)
    rest = client.post(ASK, json=LENGTH, headers=resumed(id_of(first))).text
    told = events(first + rest)
    assert [name for name, _ in told if name != "delta"] == ["search", "citation", "answer"]
    answer = told[-1][1]
    assert "".join(data["text"] for name, data in told if name == "delta") == answer["text"]
    conversation = archive.ledger.conversation(answer["conversation"])
    assert conversation
    assert [each.id for each in conversation.answers] == [answer["id"]]  # it was answered once


def test_all_events_can_be_had_again_and_after_the_last_there_are_none(client: FlaskClient) -> None:
    whole = client.post(ASK, json=LENGTH, headers=STREAM).text
    *_, last = [each for each in whole.split("\n\n") if "event:" in each]
    name = id_of(last).partition(".")[0]
    again = client.post(ASK, json=LENGTH, headers=resumed(f"{name}.0")).text
    assert events(again) == events(whole)
    assert client.post(ASK, json=LENGTH, headers=resumed(id_of(last))).text == ""


def test_what_was_taken_out_since_is_not_told_again(client: FlaskClient, archive: Desk) -> None:
    first = id_of(first_of(client))
    archive.remove([BRIDGE_NEWS.id])
    told = client.post(ASK, json=LENGTH, headers=resumed(first)).text
    assert events(told)[0][0] == "search"
    assert BRIDGE not in told


def test_a_deleted_answer_is_not_told_again(client: FlaskClient) -> None:
    whole = client.post(ASK, json=LENGTH, headers=STREAM).text
    answer = events(whole)[-1][1]
    assert client.delete(f"/api/v1/conversations/{answer['conversation']}").status_code == 204
    again = events(client.post(ASK, json=LENGTH, headers=resumed(id_of(whole))).text)
    assert again[-1][1]["id"] != answer["id"]


def test_work_goes_on_while_its_reader_is_gone(app: OpenAPI, archive: Desk) -> None:
    waiting = archive.__dict__["answerer"] = Waiting(archive)
    client = app.test_client()
    lost = client.post(ASK, json=LENGTH, headers=STREAM | key(), buffered=False)
    assert waiting.begun.wait(30)
    lost.close()
    assert client.post(ASK, json=LENGTH, headers=key()).status_code == 409
    waiting.go.set()
    assert waiting.closed.wait(30)
    again = client.post(ASK, json=LENGTH, headers=STREAM | key())
    while again.status_code == 409:  # it is being written down
        again = client.post(ASK, json=LENGTH, headers=STREAM | key())
    assert [name for name, _ in events(again.text)][-1] == "answer"


@pytest.mark.parametrize("last", ["", "7", "no stream of ours.3", "x.1", "\u00e9.1"])
def test_what_is_no_stream_any_more_is_answered_afresh(client: FlaskClient, last: str) -> None:
    told = events(client.post(ASK, json=LENGTH, headers=resumed(last)).text)
    assert told[0][0] == "search"
    assert told[-1][0] == "answer"


def endless(closed: Signal) -> Generator[Told]:
    try:
        for number in count():
            yield "delta", number
    finally:
        closed.set()


def test_an_events_data_is_one_line_for_whoever_reads_lines(client: FlaskClient) -> None:
    question = "青石桥\u2028的\u2029桥长多少米？"
    for path, body in (
        (ASK, {"question": question}),
        ("/", {"question": question}),
        (
            "/v1/chat/completions",
            {"stream": True, "messages": [{"role": "user", "content": question}]},
        ),
    ):
        sent = {"data": body} if path == "/" else {"json": {"model": "baowen"} | body}
        told = client.post(path, headers=STREAM, **sent).text
        assert told.splitlines() == told.split("\n")[:-1], path
        assert "桥长" in told or path.startswith("/v1")


def test_work_that_nobody_waits_for_ends(monkeypatch: pytest.MonkeyPatch, app: OpenAPI) -> None:
    monkeypatch.setattr(streaming, "AWAITED", 0.05)
    closed = Signal()
    with app.app_context():
        Streams().begin(endless(closed))
        assert closed.wait(30)


def test_a_stream_beats_while_nothing_comes(app: OpenAPI) -> None:
    go = Signal()

    def slow() -> Generator[Told]:
        yield "delta", 1
        assert go.wait(30)
        yield "delta", 2

    with app.app_context():
        coming = Streams().begin(slow()).after(0, every=0.01)
        assert "delta" in next(coming)
        assert next(coming) == streaming.BEAT
        go.set()
        assert next(each for each in coming if each != streaming.BEAT).startswith("id: ")


def test_those_without_a_reader_make_room(monkeypatch: pytest.MonkeyPatch, app: OpenAPI) -> None:
    monkeypatch.setattr(streaming, "MOST", 2)
    streams = Streams()

    def known(stream: Stream) -> bool:
        return streams.found(f"{stream.name}.0") is not None

    with app.app_context():
        read, left = streams.begin(one()), streams.begin(one())
        reading = read.after(0)
        next(reading)
        third = streams.begin(one())
        assert (known(read), known(left), known(third)) == (True, False, True)
        monkeypatch.setattr(streaming, "KEPT", -1.0)
        fourth = streams.begin(one())
        assert (known(read), known(third), known(fourth)) == (True, False, True)


def one() -> Generator[Told]:
    yield "delta", 1
