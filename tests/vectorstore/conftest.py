"""An empty catalogue, and a folder to take files in from."""

from collections.abc import Iterator
from pathlib import Path

import databases
import pytest

from vectorstore.catalogue import Catalogue, connect


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(connect(databases.url(tmp_path / "catalogue.db")))
    yield made
    made.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    made.mkdir()
    return made
