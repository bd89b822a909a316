"""A stream whose reader went away, over a real connection."""

import json
import socket
from collections.abc import Iterator
from threading import Event as Signal
from time import sleep
from urllib.parse import urlsplit

import pytest
from newsroom import Desk, LetterAnswerer

from qa.answering import Delta, Event
from qa.answers import Question
from web.api import streaming


class Endless(LetterAnswerer):
    """Writes on and on, as long as somebody reads."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.catalogue, desk.ledger)
        self.stopped = Signal()

    def events(self, question: Question) -> Iterator[Event]:
        try:
            for at in range(3_000):
                yield Delta(f"第{at}句。")
                sleep(0.01)
        finally:
            self.stopped.set()


@pytest.mark.parametrize("path", ["/api/v1/questions", "/v1/chat/completions"])
def test_the_work_stops_when_the_reader_hangs_up(
    archive: Desk, address: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "AWAITED", 0.1)
    endless = archive.__dict__["answerer"] = Endless(archive)
    place = urlsplit(address)
    body = json.dumps(
        {
            "question": "?",
            "model": "baowen",
            "stream": True,
            "messages": [{"role": "user", "content": "?"}],
        }
    )
    with socket.create_connection((place.hostname or "", place.port or 0)) as connection:
        connection.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {place.netloc}\r\nAccept: text/event-stream\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        told = b""
        while "第1句".encode() not in told and b"\\u7b2c1" not in told:
            told += connection.recv(4_096)
        assert not endless.stopped.is_set()
    assert endless.stopped.wait(5)
