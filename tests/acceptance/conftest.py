"""A service on the sample pages that several tests ask, and newsrooms for the others."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fleet import Fleet
from running import SAMPLE, Newsroom


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Callable[[], Newsroom]:
    """Make a newsroom whose archive is empty."""

    def make() -> Newsroom:
        home = tmp_path_factory.mktemp("home")
        (home / "models").symlink_to(models, target_is_directory=True)
        return Newsroom(home)

    return make


@pytest.fixture(scope="session")
def open_newsroom(
    newsroom: Callable[[], Newsroom],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Newsroom, httpx.Client]]:
    """A newsroom that serves the sample pages: by itself, or with ``--fleet`` by several services."""
    room = newsroom()
    if request.config.getoption("--fleet"):
        with (
            Fleet.running(tmp_path_factory.mktemp("fleet"), room) as fleet,
            fleet.client() as client,
        ):
            fleet.room.run("ingest", str(SAMPLE))
            yield fleet.room, client
        return
    with room.serving("--sample") as client:
        yield room, client
    shutil.rmtree(room.home, ignore_errors=True)


@pytest.fixture
def service(open_newsroom: tuple[Newsroom, httpx.Client]) -> httpx.Client:
    return open_newsroom[1]


@pytest.fixture
def room(open_newsroom: tuple[Newsroom, httpx.Client]) -> Newsroom:
    return open_newsroom[0]
