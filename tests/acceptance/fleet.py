"""Two services and two workers on one archive, behind nginx, with its parts in servers of others."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import databases
import engines
import httpx
from engines import Engine
from running import COMMAND, Newsroom

PATIENCE = 120
"""Seconds that a response may take: tests may share their machine."""
KEY = "the key of the fleet's operator"


@dataclass
class Fleet:
    """All processes of one archive; any of them may be killed and started again."""

    folder: Path
    room: Newsroom
    database: databases.Server
    chroma: Engine
    redis: Engine
    webs: list[Engine] = field(default_factory=list)
    workers: list[Engine] = field(default_factory=list)
    proxy: Engine | None = None

    @classmethod
    def at(cls, folder: Path, room: Newsroom) -> "Fleet":
        database = databases.Server(durable=True)
        chroma, redis = engines.chroma(folder), engines.redis(folder)
        settings = {
            "BAOWEN_DATABASE": database.url("archive"),
            "BAOWEN_VECTORS": f"http://127.0.0.1:{chroma.port}",
            "BAOWEN_QUEUE": f"redis://127.0.0.1:{redis.port}/0",
            "BAOWEN_LIMIT_STORAGE": f"redis://127.0.0.1:{redis.port}/1",
            "BAOWEN_KEY": KEY,
            "BAOWEN_PROXIES": "1",
        }
        fleet = cls(folder, replace(room, settings=settings), database, chroma, redis)
        fleet.webs = [fleet._web() for _ in range(2)]
        fleet.workers = [fleet._worker() for _ in range(2)]
        fleet.proxy = engines.nginx(folder, [each.port for each in fleet.webs])
        return fleet

    @classmethod
    @contextmanager
    def running(cls, folder: Path, room: Newsroom) -> "Iterator[Fleet]":
        """Until done."""
        fleet = cls.at(folder, room)
        try:
            fleet.start()
            yield fleet
        finally:
            fleet.stop()

    @property
    def parts(self) -> list[Engine]:
        """In the order in which they are started."""
        assert self.proxy
        return [self.chroma, self.redis, *self.webs, *self.workers, self.proxy]

    def start(self) -> None:
        for part in self.parts:
            part.begin()
        for part in self.parts:
            part.wait()

    def stop(self) -> None:
        with ExitStack() as all_of_them:
            all_of_them.callback(self.database.end)
            for part in self.parts:
                all_of_them.callback(part.stop)

    @contextmanager
    def client(self, port: int | None = None, **headers: str) -> Iterator[httpx.Client]:
        """Ask through nginx, or one service by itself."""
        assert self.proxy
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port or self.proxy.port}",
            timeout=PATIENCE,
            trust_env=False,
            headers=headers,
        ) as client:
            yield client

    def _web(self) -> Engine:
        port = engines.free_port()
        words = [*COMMAND, "serve", "--port", str(port)]
        return Engine(words, port, self.folder, lambda: is_ready(port), self.room.environment())

    def _worker(self) -> Engine:
        words, number = [*COMMAND, "work"], engines.free_port()  # tells its log from the other's
        return Engine(words, number, self.folder, lambda: True, self.room.environment())


def is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
