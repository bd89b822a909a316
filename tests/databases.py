"""Databases for tests: SQLite in a file, or with ``--database=postgresql`` a server that is thrown away."""

import atexit
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from time import monotonic, sleep

import pg8000.native
import pytest

from vectorstore.catalogue import connect
from vectorstore.dialects import opened
from vectorstore.fulltext import FullText, WordIndex
from vectorstore.fulltext_sql import SharedFullText

ON_POSTGRESQL = False
"""Whether archives of tests are kept there, which ``--database=postgresql`` says."""


class NoServer(RuntimeError):
    """PostgreSQL isn't installed on this machine."""


class Server:
    """A cluster of its own on this machine, in memory's stead: unless ``durable``, it may lose all."""

    def __init__(self, *, durable: bool = False) -> None:
        self._hurry = () if durable else ("fsync", "full_page_writes", "synchronous_commit")
        self._programs = _programs()
        self.folder = Path(tempfile.mkdtemp(prefix="baowen-postgresql-"))
        self._as = {}
        if os.getuid() == 0:  # which PostgreSQL refuses
            nobody = pwd.getpwnam("postgres")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid}
        self._run("initdb", "-D", "data", "-U", "baowen", "-A", "trust", "-E", "UTF8")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        """Come back when it takes connections."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 200,
            **dict.fromkeys(self._hurry, "off"),
        }
        told = [f"-c{name}={value}" for name, value in settings.items()]
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", "data", *told],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._as,
        )
        until = monotonic() + 60
        while True:
            try:
                return self.execute("SELECT 1")
            except (pg8000.native.InterfaceError, pg8000.native.DatabaseError):
                if monotonic() > until:
                    raise
                sleep(0.05)

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop it at once, whoever is connected."""
        self._process.send_signal(how)
        self._process.wait(30)

    def kill(self) -> None:
        """Stop it without letting it write down what it has in memory alone."""
        self.stop(signal.SIGQUIT)

    def end(self) -> None:
        """Stop it, and leave nothing."""
        self.stop()
        shutil.rmtree(self.folder)

    def execute(self, *statements: str) -> None:
        with pg8000.native.Connection(
            "baowen", "127.0.0.1", "postgres", self.port, ssl_context=False
        ) as connection:
            for statement in statements:
                connection.run(statement)

    def url(self, name: str, template: str = "template0") -> str:
        """A database of this name, made if it isn't there, of another that nobody uses."""
        try:
            self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        except pg8000.native.DatabaseError as error:
            if error.args[0]["C"] != "42P04":  # it is there
                raise
        return f"postgresql+pg8000://baowen@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            cwd=self.folder,
            check=True,
            capture_output=True,
            **self._as,
        )


def _programs() -> Path:
    """Where PostgreSQL's programs lie. Raises ``NoServer``."""
    found = shutil.which("postgres")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "postgres").exists() and (place / "initdb").exists():
            return place
    raise NoServer("no PostgreSQL on this machine: install the package postgresql")


@cache
def server() -> Server:
    """The one for all tests, started when it is first needed. Skips where there is none."""
    try:
        made = Server()
    except NoServer as error:
        pytest.skip(str(error))
    atexit.register(made.end)
    return made


def url(path: Path) -> str:
    """The URL of the database that a test calls by this path."""
    if not ON_POSTGRESQL:
        return f"sqlite:///{path}"
    return server().url(name_of(path), _migrated())


def settings(home: Path) -> dict[str, str]:
    """What the environment says of the database of an archive whose folder this is."""
    return {"BAOWEN_DATABASE": url(home)} if ON_POSTGRESQL else {}


def copied(path: Path, to: Path) -> str:
    """The URL of a copy of a database that nobody uses."""
    if not ON_POSTGRESQL:
        return f"sqlite:///{shutil.copy(path, to)}"
    return server().url(name_of(to), name_of(path))


def fulltext(path: Path) -> WordIndex:
    """The full text that a test calls by this path, on the machine or where archives are kept."""
    if not ON_POSTGRESQL:
        return FullText(path)
    engine = opened(url(path))
    atexit.register(engine.dispose)
    return SharedFullText(engine)


@cache
def _migrated() -> str:
    """A database with our tables: each test's is made of it, in a tenth of the time."""
    connect(server().url("migrated")).dispose()
    return "migrated"


def name_of(path: Path) -> str:
    """What the database that a test calls by this path is called there."""
    return f"test_{hashlib.sha256(str(path).encode()).hexdigest()[:24]}"
