"""Servers of others, started for the tests that are marked ``engines``, each in a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from pwd import getpwuid

import httpx
import pytest

DEPLOYED = Path(__file__).parents[1] / "deploy"


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def program(name: str) -> str:
    """Where a program lies: beside this Python, or where the system has it."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(f"no {name} on this machine")
    return found


@dataclass
class Engine:
    """A program that serves on a port, and is killed, stopped and started again at will."""

    words: Sequence[str]
    port: int
    folder: Path
    up: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def log(self) -> Path:
        return self.folder / f"{Path(self.words[0]).name}-{self.port}.log"

    def start(self) -> None:
        self.begin()
        self.wait()

    def begin(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.words,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
            )

    def wait(self, patience: float = 240) -> None:
        """Until it is up."""
        until = time.monotonic() + patience
        while not self.up():
            assert self.process
            assert self.process.poll() is None, self.log.read_text(errors="replace")
            assert time.monotonic() < until, self.log.read_text(errors="replace")
            time.sleep(0.1)

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(how)
            try:
                self.process.wait(60)
            finally:
                self.process.kill()
                self.process.wait()
                self.process = None

    def kill(self) -> None:
        self.stop(signal.SIGKILL)


def chroma(folder: Path) -> Engine:
    """Chroma's own server, from the installed package."""
    port = free_port()

    def up() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat").is_success
        except httpx.TransportError:
            return False

    words = (program("chroma"), "run", "--host", "127.0.0.1", "--port", str(port))
    return Engine((*words, "--path", str(folder / "chroma")), port, folder, up)


def redis(folder: Path) -> Engine:
    """Redis, which keeps what it holds for when it is started again."""
    port = free_port()
    words = (program("redis-server"), "--bind", "127.0.0.1", "--port", str(port))
    kept = ("--dir", str(folder), "--appendonly", "yes", "--save", "")
    return Engine((*words, *kept), port, folder, lambda: is_open(port))


def nginx(folder: Path, upstream: Sequence[int]) -> Engine:
    """nginx by the configuration that is deployed, before services on these ports."""
    port = free_port()
    (folder / "upstream.conf").write_text(
        "upstream baowen { "
        + " ".join(f"server 127.0.0.1:{each} max_fails=0;" for each in upstream)
        + " }"
    )
    deployed = (DEPLOYED / "nginx.conf").read_text()
    assert "listen 8080;" in deployed
    (folder / "site.conf").write_text(deployed.replace("listen 8080;", f"listen 127.0.0.1:{port};"))
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; user {getpwuid(os.getuid()).pw_name}; pid {folder}/nginx.pid; "
        f"error_log {folder}/error.log; events {{}} "
        f"http {{ access_log off; {places} include upstream.conf; include site.conf; }}"
    )
    words = (program("nginx"), "-p", str(folder), "-c", "nginx.conf")
    return Engine(words, port, folder, lambda: is_open(port))
