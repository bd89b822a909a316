"""The application around a small newspaper, for a client and for a browser."""

from collections.abc import Iterator
from pathlib import Path

import databases
import pytest
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from newsroom import KEY, NEWS, Desk, served
from playwright.sync_api import Browser, sync_playwright

from vectorstore.catalogue import connect
from web.app import create_app


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An archive that is empty."""
    desk = Desk(connect(databases.url(tmp_path / "catalogue.db")))
    yield desk
    desk.close()


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of four articles, to be copied: making one takes longer than most tests."""
    path = tmp_path_factory.mktemp("printed") / "catalogue.db"
    engine = connect(databases.url(path))
    for article in NEWS:
        Desk(engine).print(article)
    engine.dispose()
    return path


@pytest.fixture
def archive(printed: Path, tmp_path: Path) -> Iterator[Desk]:
    """An archive of four articles."""
    engine = connect(databases.copied(printed, tmp_path / "printed.db"))
    desk = Desk(engine, images=tmp_path / "images")
    yield desk
    desk.close()


@pytest.fixture
def app(archive: Desk) -> OpenAPI:
    return create_app(archive)  # type: ignore[arg-type]


@pytest.fixture
def client(app: OpenAPI) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def address(app: OpenAPI) -> Iterator[str]:
    """Where the application is served, for a browser."""
    with served(app) as address:
        yield address


@pytest.fixture
def empty_address(desk: Desk) -> Iterator[str]:
    """The same, around an archive that is empty."""
    with served(create_app(desk)) as address:  # type: ignore[arg-type]
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> "Iterator[Browser]":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def reader(archive: Desk) -> FlaskClient:
    """A browser, of an archive whose key is set."""
    archive.key = KEY
    return create_app(archive).test_client()  # type: ignore[arg-type]


@pytest.fixture
def chief(reader: FlaskClient) -> FlaskClient:
    """The operator's browser, signed in."""
    client = reader.application.test_client()
    assert client.post("/operator/sign-in", data={"key": KEY}).status_code == 303
    return client
