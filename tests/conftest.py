"""What several tests need: the shared pages, a browser, and no skipping where both must be."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import databases
import engines
import pytest

ROOT = Path(__file__).parents[1]
NEVER_SKIPPED = {"shared", "browser", "engines"}
NO_SKIPS = bool(os.environ.get("BAOWEN_NO_SKIPS"))
"""Whether a test that finds no shared pages, no browser or no server fails and is not skipped."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="What keeps the archives of tests.",
    )
    parser.addoption(
        "--fleet",
        action="store_true",
        help="Have the acceptance tests ask several services behind a proxy, on servers of others.",
    )


def pytest_configure(config: pytest.Config) -> None:
    databases.ON_POSTGRESQL = config.getoption("--database") == "postgresql"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On servers of others leave out what is about files here, and let nothing be skipped for want of them."""
    if not databases.ON_POSTGRESQL and not config.getoption("--fleet"):
        return
    kept = [item for item in items if not item.get_closest_marker("files")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    late = "ignore:.*socket:"  # a thread had a connection when its engine was done with
    for item in kept:
        item.add_marker("engines")
        for told in ("ResourceWarning", "pytest.PytestUnraisableExceptionWarning"):
            item.add_marker(pytest.mark.filterwarnings(f"{late}{told}"))
    items[:] = kept


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if NO_SKIPS and skipped and NEVER_SKIPPED & {mark.name for mark in item.iter_markers()}:
        report.outcome = "failed"
        report.longrepr = f"BAOWEN_NO_SKIPS is set, and this was skipped: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of seed pages and gold answers; a test that asks for it is marked ``shared``."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no folder ../shared beside the repository")
    return folder


@pytest.fixture(scope="session")
def postgresql() -> databases.Server:
    """PostgreSQL on this machine, empty; a test that asks for it is marked ``engines``."""
    return databases.server()


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Engine]:
    """Chroma's server, with nothing in it."""
    engine = engines.chroma(tmp_path_factory.mktemp("chroma"))
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path, for Playwright; a test that asks for it is marked ``browser``."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium on this machine: install the package chromium")


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled model, unpacked once for all tests."""
    from vectorstore.embedding import DEFAULT, load

    if kept := os.environ.get("BAOWEN_TEST_MODELS"):
        return Path(kept)
    folder = tmp_path_factory.mktemp("models")
    load(DEFAULT, folder)
    return folder
