"""Clients that dawdle don't hold a thread for ever."""

import socket
from collections.abc import Iterator
from threading import Thread
from time import monotonic, sleep

import pytest

from web.worker import Impatient


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_what_is_sent_in_time_is_received(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    connection = Impatient(ours)
    theirs.sendall(b"GET / HTTP/1.1")
    assert connection.recv(100) == b"GET / HTTP/1.1"
    connection.sendall(b"HTTP/1.1 200 OK")
    assert theirs.recv(100) == b"HTTP/1.1 200 OK"
    assert connection.fileno() == ours.fileno()


def test_a_request_that_comes_byte_by_byte_ends(ends: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = ends
    connection = Impatient(ours, patience=0.3, slowest=1_000)

    def drip() -> None:
        for _ in range(20):
            theirs.send(b"x")
            sleep(0.1)

    dripping = Thread(target=drip)
    dripping.start()
    begun, received = monotonic(), 0
    while told := connection.recv(100):
        received += len(told)
    assert monotonic() - begun < 1.5
    assert 0 < received < 20
    connection.begin()
    assert connection.recv(100)
    dripping.join()


def test_a_long_request_has_the_longer_the_more_of_it_came(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = ends
    connection = Impatient(ours, patience=0.2, slowest=1_000)
    for _ in range(5):
        theirs.sendall(b"x" * 1_000)
        sleep(0.15)
        assert connection.recv(1_000)


def test_a_client_that_does_not_read_is_left(ends: tuple[socket.socket, socket.socket]) -> None:
    connection = Impatient(ends[0], patience=0.1, slowest=100_000_000)
    with pytest.raises(BrokenPipeError):
        connection.sendall(b"x" * 10_000_000)
