"""The log: what an operator counts, as lines to read or as JSON, and which request each belongs to.

Either way a record is one that strangers can't forge: what they send makes no line of its own.
"""

import json
import logging
import re
import secrets
from collections import Counter
from contextvars import ContextVar
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from flask import Flask, Response, request
from gunicorn.config import Config
from gunicorn.glogging import Logger

from web.current import rules

REQUEST_ID = "X-Request-ID"

logger = logging.getLogger(__name__)
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Of the request that is being answered."""

_begun: ContextVar[float] = ContextVar("begun")
_SANE = re.compile(r"[A-Za-z0-9._:+/=-]{8,128}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PROBES = ("health.is_up", "health.is_ready", "health.tell_metrics")


class Tally(logging.Handler):
    """Counts what went wrong, for a monitor."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.counted = Counter[str]()

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record by its level."""
        self.counted[record.levelname.lower()] += 1


tally = Tally()
"""Of this process."""


class OneRecord(logging.Formatter):
    """Spells out control characters, and indents every line of a record but the first."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Write the message, with the request that it is about."""
        about = request_id.get()
        return super().formatMessage(record) + (f" [{about}]" if about else "")

    def format(self, record: logging.LogRecord) -> str:
        """Write a record, its traceback included."""
        return _UNPRINTABLE.sub(_spelt, super().format(record)).replace("\n", "\n    ")


class AsJson(logging.Formatter):
    """One object a line: ``time`` in UTC, ``level``, ``logger``, ``message``, and what else is known.

    That is ``request_id``; of a request ``method``, ``route``, ``status`` and ``ms``; of a fault
    its ``traceback``.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write a record, its traceback included."""
        moment = datetime.fromtimestamp(record.created, UTC)
        told = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
            **getattr(record, "told", {}),
            "traceback": self.formatException(record.exc_info) if record.exc_info else None,
        }
        known = {name: value for name, value in told.items() if value is not None}
        return _UNPRINTABLE.sub(_escaped, json.dumps(known, ensure_ascii=False))


FORMATS = {"text": OneRecord, "json": AsJson}


class GunicornsLog(Logger):  # type: ignore[misc]
    """What gunicorn says of itself, written as all else is."""

    def setup(self, cfg: Config) -> None:
        """Hand its records on to the one handler that there is."""
        super().setup(cfg)
        self.error_log.propagate = True


def _spelt(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode()


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def log_from(level: str, form: str = "text") -> None:
    """Log to standard error from this level on. Raises ``ValueError`` for what is no level."""
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATS[form]())
    logging.basicConfig(level=level.upper(), handlers=[handler, tally])


def init_app(app: Flask) -> None:
    """Give each request an id and, once all of its response is sent, a line.

    The line has the route, not the path or what was asked for: there the ids stand by which
    conversations are found, and words that readers search for.
    """
    app.before_request(_begin)
    app.after_request(_end)


def note_question(text: str) -> None:
    """Log what was asked, where the settings allow it."""
    if rules.log_questions:
        logger.info("asked: %s", text, extra={"told": {"question": text}})


def _begin() -> None:
    _begun.set(perf_counter())
    told = request.headers.get(REQUEST_ID, "")
    request_id.set(told if _SANE.fullmatch(told) else secrets.token_hex(16))


def _end(response: Response) -> Response:
    level = logging.DEBUG if request.endpoint in _PROBES else logging.INFO
    told: dict[str, Any] = {
        "method": request.method if request.url_rule else "any",
        "route": request.url_rule.rule if request.url_rule else "none",
        "status": response.status_code,
    }
    begun, about = _begun.get(), request_id.get()
    response.headers[REQUEST_ID] = about or ""

    def tell() -> None:
        told["ms"] = round((perf_counter() - begun) * 1000)
        line = "{method} {route} {status} {ms} ms".format_map(told)
        logger.log(level, "%s", line, extra={"told": {**told, "request_id": about}})

    response.call_on_close(tell)
    return response
