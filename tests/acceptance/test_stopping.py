"""A service that is told to stop finishes what it is saying, and doesn't take for ever."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from running import ROOT, free_port, wait_until_ready

SPEAKS = """
import sys, time
from pathlib import Path

import web.server
from qa.answering import Delta
from web.services import Services
from web.settings import Settings

home, port, pieces = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
web.server.GRACE = 4


class Slow:
    def events(self, question):
        for at in range(pieces):
            time.sleep(0.1)
            yield Delta(f"piece {at}. ")


class Speaking(Services):
    answerer = Slow()

    def _keep_up(self):
        self._missing = None


web.server.Server(Speaking(Settings(home=home)), "127.0.0.1", port).run()
"""


@contextmanager
def speaking(
    home: Path, pieces: int
) -> Iterator[tuple["subprocess.Popen[bytes]", httpx.Response, Iterator[str]]]:
    """A service in the middle of an answer of so many pieces, ten a second."""
    port, log = free_port(), home / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", SPEAKS, str(home), str(port), str(pieces)],
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False
        ) as client:
            wait_until_ready(client, server, log)
            with client.stream(
                "POST",
                "/api/v1/questions",
                json={"question": "?"},
                headers={"Accept": "text/event-stream"},
            ) as response:
                told = response.iter_text()
                while "piece 1." not in next(told):
                    pass
                yield server, response, told
    finally:
        server.kill()
        server.wait(30)


def test_a_stopped_service_finishes_its_answers(tmp_path: Path) -> None:
    with speaking(tmp_path, pieces=20) as (server, _, told):
        server.send_signal(signal.SIGTERM)
        assert "piece 19." in "".join(told)  # and httpx complains of a stream that is cut off
        assert server.wait(30) == 0


def test_an_answer_without_end_does_not_keep_it_from_stopping(tmp_path: Path) -> None:
    with speaking(tmp_path, pieces=10_000) as (server, _, _):
        server.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        server.wait(30)
        assert time.monotonic() - begun < 10
