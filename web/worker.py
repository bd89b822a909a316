"""Gunicorn's worker, which waits for no client that dawdles: a thread is hung on to each."""

import socket
from time import monotonic
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

PATIENCE = 20.0
"""Seconds that a client has for a request or a piece of a response, beside those for its bytes."""
SLOWEST = 16 * 1024
"""Bytes a second that it has to send or take beyond that."""


class Impatient:
    """A connection that seems closed once its client was too slow at sending one request."""

    def __init__(
        self, connection: socket.socket, patience: float = PATIENCE, slowest: float = SLOWEST
    ) -> None:
        self._connection = connection
        self._patience = patience
        self._slowest = slowest
        self.begin()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all else is the connection's own
        return getattr(self._connection, name)

    def begin(self) -> None:
        """Count anew, for the next request."""
        self._waited = 0.0
        self._received = 0

    def recv(self, size: int) -> bytes:
        """What the client sent; nothing when its time is up, as if it had hung up."""
        left = self._patience + self._received / self._slowest - self._waited
        begun = monotonic()
        try:
            told: bytes = self._within(left, self._connection.recv, size)
        except TimeoutError:
            told = b""
        self._waited += monotonic() - begun
        self._received += len(told)
        return told

    def sendall(self, data: bytes) -> None:
        """Send it. Raises ``BrokenPipeError`` when the client doesn't take it in time."""
        try:
            self._within(self._patience + len(data) / self._slowest, self._connection.sendall, data)
        except TimeoutError as error:
            raise BrokenPipeError from error

    def _within(self, seconds: float, work: Any, about: Any) -> Any:  # noqa: ANN401
        if seconds <= 0:
            raise TimeoutError
        before = self._connection.gettimeout()
        self._connection.settimeout(seconds)
        try:
            return work(about)
        finally:
            self._connection.settimeout(before)


class Worker(ThreadWorker):  # type: ignore[misc]
    """Threads, and connections that don't wait for ever."""

    def handle(self, conn: TConn) -> Any:  # noqa: ANN401 - gunicorn's own
        """Answer one request of a connection."""
        if isinstance(conn.sock, Impatient):
            conn.sock.begin()
        else:
            conn.sock = Impatient(conn.sock)
        return super().handle(conn)
