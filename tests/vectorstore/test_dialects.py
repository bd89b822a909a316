"""A database's server that goes away while it is reached."""

import gc
import socket
import struct
from collections.abc import Iterator
from threading import Thread

import pytest

from vectorstore.dialects import Unreachable, opened


@pytest.fixture
def hung_up_on() -> Iterator[int]:
    """The port of a server that takes connections and breaks each off at once."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            while True:
                try:
                    taken, _ = server.accept()
                except OSError:
                    return
                at_once = struct.pack("ii", 1, 0)
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                taken.close()

        thread = Thread(target=hang_up)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # the driver leaves its socket
def test_a_server_that_hangs_up_is_told_as_one_that_does_not_answer(hung_up_on: int) -> None:
    engine = opened(f"postgresql+pg8000://nobody@127.0.0.1:{hung_up_on}/archive")
    for _ in range(20):  # it depends on the moment what the driver raises
        with pytest.raises(Unreachable):
            engine.connect()
    gc.collect()  # here, where the sockets that are left open are no fault
