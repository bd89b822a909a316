"""Server-sent events, and how a stream of them is taken up after its connection broke off.

Every event of such a stream has an id. Who sends the last one it got as ``Last-Event-ID``, as the
HTML standard has it, gets what follows; the work goes on meanwhile, for a while.
"""

import re
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from contextvars import copy_context
from functools import partial
from secrets import token_urlsafe
from threading import Condition, Lock, Thread
from time import monotonic
from typing import Any

from flask import Response, current_app, json, stream_with_context

from qa.answering import Event

EVENT_STREAM = "text/event-stream"
LAST = "Last-Event-ID"
"""The header that tells what came last."""
OPENED = ": the archive is being searched\n\n"
"""Opens a response before there is anything to say."""
BEAT = ": still at it\n\n"
HEARTBEAT = 15.0
"""Seconds of silence after which proxies might think that nobody answers."""
AWAITED = 60.0
"""Seconds for which the work goes on though nobody reads what comes of it."""
KEPT = 300.0
"""Seconds for which the events of a stream are kept from its last reader on."""
MOST = 64
"""Streams kept; of more, those are forgotten that are longest without a reader."""
_LINE_ENDS = {ord(each): f"\\u{ord(each):04x}" for each in "\x85\u2028\u2029"}
_ID = re.compile(r"([\w-]+)\.([0-9]{1,9})")

Told = tuple[str, Any]
"""An event's name, and what JSON can say of it."""


class Stream:
    """Events as they come about, for whoever reads them, from wherever."""

    def __init__(self) -> None:
        self.name = token_urlsafe(16)
        self._events: list[Told] = []
        self._ended = False
        self._readers = 0
        self._left_at = monotonic()
        self._changed = Condition()

    def fill(self, events: Generator[Told]) -> None:
        """Take events to their end, or until nobody has read any for long."""
        try:
            with closing(events):
                for each in events:
                    with self._changed:
                        self._events.append(each)
                        self._changed.notify_all()
                    if self.unread_for() > AWAITED:
                        return
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def after(self, number: int, every: float = HEARTBEAT) -> Iterator[str]:
        """What comes after so many events, and a comment whenever nothing came for so many seconds."""
        with self._changed:
            self._readers += 1
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(partial(self._has_after, number), every)
                    coming, ended = self._events[number:], self._ended
                for name, data in coming:
                    number += 1
                    yield event(name, data, f"{self.name}.{number}")
                if not coming and not ended:
                    yield BEAT
                if ended:
                    return
        finally:
            with self._changed:
                self._readers -= 1
                self._left_at = monotonic()

    @property
    def told(self) -> Sequence[Told]:
        """The events that came about so far."""
        return tuple(self._events)

    def _has_after(self, number: int) -> bool:
        return self._ended or len(self._events) > number

    def unread_for(self) -> float:
        """Seconds since the last reader left; 0 while there is one."""
        with self._changed:
            return 0.0 if self._readers else monotonic() - self._left_at


class Streams:
    """Those that may be taken up again."""

    def __init__(self) -> None:
        self._streams: dict[str, Stream] = {}
        self._lock = Lock()

    def begin(self, events: Generator[Told]) -> Stream:
        """Have the events come about, in a thread that knows of the request at hand."""
        stream = Stream()
        with self._lock:
            self._forget()
            self._streams[stream.name] = stream
        work = copy_context().run
        Thread(target=work, args=(stream.fill, events), name="answer", daemon=True).start()
        return stream

    def found(self, last: str | None) -> tuple[Stream, int] | None:
        """The stream that this id is of, and the number of the event; None where it is of none."""
        told = _ID.fullmatch(last or "")
        with self._lock:
            stream = self._streams.get(told[1]) if told else None
        return (stream, int(told[2])) if told and stream else None

    def _forget(self) -> None:
        unread = {name: stream.unread_for() for name, stream in self._streams.items()}
        longest = sorted(filter(unread.get, unread), key=unread.__getitem__, reverse=True)
        too_many = len(self._streams) + 1 - MOST  # with the one that begins
        for at, name in enumerate(longest):
            if at >= too_many and unread[name] <= KEPT:
                break
            del self._streams[name]


def streamed(events: Iterator[str]) -> Response:
    """Events as they come, which no proxy is to hold back."""
    return current_app.response_class(
        stream_with_context(events),
        mimetype=EVENT_STREAM,
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


def with_heartbeats(events: Generator[Event], every: float) -> Iterator[Event | None]:
    """The same events, and None whenever none came for so many seconds.

    Who stops reading, has the work stop after the step at hand.
    """
    with closing(events), ThreadPoolExecutor(1, thread_name_prefix="answer") as thread:
        while True:
            coming = thread.submit(copy_context().run, lambda: next(events, None))
            while not wait([coming], timeout=every).done:
                yield None
            event = coming.result()
            if event is None:
                return
            yield event


def event(name: str, data: Any, id_: str | None = None) -> str:  # noqa: ANN401 - whatever JSON can say
    """One event, as it is sent."""
    numbered = f"id: {id_}\n" if id_ else ""
    return f"{numbered}event: {name}\ndata: {on_one_line(data)}\n\n"


def on_one_line(data: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    """JSON that stays on one line for those, too, who take more for an end of it than the standard does."""
    return json.dumps(data).translate(_LINE_ENDS)
