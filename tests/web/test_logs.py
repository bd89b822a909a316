"""What strangers send can't pass for a record of the log, and no key comes into it."""

import json
import logging
from base64 import b64encode

import pytest
from flask.testing import FlaskClient
from gunicorn.config import Config
from newsroom import FAULT, Desk

from web.app import create_app
from web.logs import AsJson, GunicornsLog, OneRecord
from web.register import Role
from web.rules import Rules

FORGED = "\n2026-01-01 00:00:00,000 INFO all is well"


def test_a_logged_value_makes_no_line_of_its_own() -> None:
    try:
        raise ValueError(FORGED)
    except ValueError as error:
        fault = (type(error), error, error.__traceback__)
    record = logging.LogRecord(
        "web",
        logging.ERROR,
        __file__,
        1,
        "reading %s failed",
        (FORGED + "\x1b[2J\r\u2028\ud800",),
        fault,
    )
    first, *rest = OneRecord().format(record).split("\n")
    assert first.endswith("ERROR reading ")
    assert rest
    assert all(line.startswith("    ") for line in rest)
    assert not {"\x1b", "\r", "\u2028", "\ud800"} & set("".join(rest))
    assert "\\x1b[2J\\r\\u2028\\ud800" in "".join(rest)


def test_a_path_with_line_breaks_is_logged_as_one_record(
    client: FlaskClient, archive: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(OneRecord())
    archive.answerer.fault = FAULT
    client.get("/api/v1/search?q=桥%0A2026-01-01")
    archive.catalogue.engine = None  # type: ignore[assignment]
    client.get("/articles/none%0A2026-01-01 00:00:00,000 INFO all is well")
    assert "all is well" in caplog.text
    assert not [line for line in caplog.text.split("\n") if line.startswith("2026-01-01 00:00:00")]


def test_no_key_is_logged(archive: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    archive.key = "the operator's own"
    _, made = archive.keys.create("a program", Role.READER)
    client = create_app(archive, rules=Rules(keyed=True)).test_client()  # type: ignore[arg-type]
    archive.answerer.fault = FAULT
    basic = b64encode(f"me:{made}".encode()).decode()
    for shown in (
        f"Bearer {archive.key}",
        f"Bearer {made}",
        "Bearer wrongly typed",
        f"Basic {basic}",
    ):
        client.post(
            "/api/v1/questions", json={"question": "桥？"}, headers={"Authorization": shown}
        )
        client.get("/nowhere", headers={"Authorization": shown})
    assert "the ink" in caplog.text
    for secret in (archive.key, made, "wrongly typed", basic):
        assert secret not in caplog.text


def test_a_json_record_is_one_line_whatever_is_in_it() -> None:
    record = logging.LogRecord(
        "web", logging.ERROR, __file__, 1, "reading %s failed", (FORGED + "\u2028\ud800\x85",), None
    )
    written = AsJson().format(record)
    assert len(written.splitlines()) == 1
    told = json.loads(written.encode())
    assert told["message"] == f"reading {FORGED}\u2028\ud800\x85 failed"
    assert told["level"] == "ERROR"
    assert told["time"].endswith("Z")


def test_what_gunicorn_says_is_written_once_and_as_all_else_is(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.handler.setFormatter(AsJson())
    config = Config()
    config.set("errorlog", None)
    GunicornsLog(config).error("Worker (pid:%s) was sent SIGKILL!", 7)
    [line] = caplog.text.splitlines()
    assert json.loads(line)["logger"] == "gunicorn.error"
    assert capfd.readouterr().err == ""
