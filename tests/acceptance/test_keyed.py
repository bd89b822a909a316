"""The real service, read with keys alone."""

import socket
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import httpx
import pytest
from running import Newsroom

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def keyed(newsroom: Callable[[], Newsroom]) -> Iterator[tuple[Newsroom, httpx.Client]]:
    room = newsroom()
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("BAOWEN_READING", "keyed")
        settings.setenv("BAOWEN_REQUEST_LIMIT", "60/minute")
        with room.serving("--sample") as client:
            yield room, client


def test_commands_work_with_the_key_that_the_service_left(
    keyed: tuple[Newsroom, httpx.Client],
) -> None:
    room, client = keyed
    made = room.json("keys", "create", "a reader")
    assert client.get("/api/v1/articles").status_code == 401
    assert room.json("ask", "鹤汀大桥全长多少米?")["answered"]
    assert room.json("status")["agree"]
    left = room.home / "service.key"
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    shown = {"Authorization": f"Bearer {made['key']}"}
    assert client.get("/api/v1/articles", headers=shown).status_code == 200
    room.run("keys", "revoke", made["id"])
    assert client.get("/api/v1/articles", headers=shown).status_code in (401, 403)
    log = (room.home / "serve.log").read_text()
    assert made["key"] not in log
    assert left.read_text() not in log


def test_the_service_goes_by_the_names_of_its_machine(
    keyed: tuple[Newsroom, httpx.Client],
) -> None:
    _, client = keyed
    assert client.get("/healthz").status_code == 200
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost@evil.example"):
        refused = client.get("/openapi.json", headers={"Host": host})
        assert refused.status_code == 400
        assert "evil" not in refused.text


def test_a_limit_that_was_set_counts_for_programs_on_this_machine_too(
    keyed: tuple[Newsroom, httpx.Client],
) -> None:
    _, client = keyed
    statuses = [client.get("/nowhere").status_code for _ in range(61)]
    assert statuses[-1] == 429
    assert client.get("/healthz").status_code == 200


def test_clients_that_dawdle_are_hung_up_on(keyed: tuple[Newsroom, httpx.Client]) -> None:
    _, client = keyed
    port = client.base_url.port or 0

    def dawdle(_: int) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
            return connection.recv(1_000)

    begun = monotonic()
    with ThreadPoolExecutor(12) as many:
        assert all(b"200" not in told for told in many.map(dawdle, range(12)))
    assert monotonic() - begun < 55
    assert client.get("/healthz").status_code == 200
