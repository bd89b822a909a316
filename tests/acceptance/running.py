"""The real command and the real service, each in a folder of its own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import databases
import httpx
import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample"
COMMAND = (sys.executable, "-m", "web.cli")


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A folder that holds an archive, and the command that works with it."""

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "BAOWEN_HOME": str(self.home),
            **databases.settings(self.home),
            "BAOWEN_LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
            **self.settings,
        }

    def run(self, *words: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [*COMMAND, *words],
            env=self.environment(),
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def typed(self, line: str, folder: Path, **environment: str) -> str:
        """Have a shell in a folder run a line as an operator types it; what it printed."""
        program = self.home / "bin" / "baowen"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m web.cli "$@"\n')
        program.chmod(0o755)
        path = f"{program.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        done = subprocess.run(
            ["sh", "-c", line],
            env=self.environment() | {"PATH": path} | environment,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, (line, done.stdout[-500:], done.stderr)
        return done.stdout

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json").stdout)

    @contextmanager
    def serving(self, *words: str) -> Iterator[httpx.Client]:
        """Serve on a free port until done; the client knows the address."""
        port = free_port()
        with (self.home / "serve.log").open("w") as log:
            server = subprocess.Popen(
                [*COMMAND, "serve", "--port", str(port), *words],
                env=self.environment(),
                cwd=self.home,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            try:
                with httpx.Client(
                    base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False
                ) as client:
                    wait_until_ready(client, server, self.home / "serve.log")
                    yield client
            finally:
                server.terminate()
                server.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(
    client: httpx.Client, server: "subprocess.Popen[bytes]", log: Path, patience: float = 240
) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail(f"not ready after {patience} s: {log.read_text()}")
