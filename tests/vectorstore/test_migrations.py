"""An archive of every shape that tables ever had is brought to the present one, with what it holds."""

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from fiction import BRIDGE, SCHOOL
from sqlalchemy import Engine, MetaData, Table, create_engine, select

import qa.ledger  # noqa: F401 - its tables belong to the same database
import web.register  # noqa: F401 - and so do these
from vectorstore import migrations
from vectorstore.catalogue import Catalogue, connect
from vectorstore.tables import metadata

CONFIG = Config()
CONFIG.set_main_option("script_location", str(Path(migrations.__file__).parent))
SHAPES = [each.revision for each in ScriptDirectory.from_config(CONFIG).walk_revisions()]
CORE = ("sources", "texts", "articles", "passages")
"""Tables in the order in which their rows lean on each other, of whichever shape."""


def of_shape(path: Path, revision: str) -> Engine:
    """A database as a version left it that knew this revision as its last."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        CONFIG.attributes["connection"] = connection
        command.upgrade(CONFIG, revision)
    return engine


def rows(engine: Engine, table: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        found = Table(table, MetaData(), autoload_with=engine)
        return [dict(row) for row in connection.execute(select(found)).mappings()]


@pytest.fixture
def present(tmp_path: Path) -> Engine:
    """Two articles in an archive of now."""
    engine = connect(f"sqlite:///{tmp_path / 'present.db'}")
    Catalogue(engine).put("/1.txt", "{}", [BRIDGE, SCHOOL])
    return engine


@pytest.mark.parametrize("revision", SHAPES)
def test_an_archive_of_this_shape_is_brought_up(
    revision: str, present: Engine, tmp_path: Path
) -> None:
    old = of_shape(tmp_path / "old.db", revision)
    tables = MetaData()
    tables.reflect(old)
    with old.begin() as connection:
        for name in CORE:
            if name in tables.tables and name in metadata.tables:
                table = tables.tables[name]
                for row in rows(present, name):
                    shared = {key: value for key, value in row.items() if key in table.columns}
                    connection.execute(table.insert().values(shared))
    old.dispose()
    present.dispose()

    engine = connect(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
    found = Catalogue(engine).article(BRIDGE.id)
    assert found is not None
    assert (found.text, found.headline, found.issued) == (
        BRIDGE.text,
        BRIDGE.headline,
        BRIDGE.issued,
    )
    engine.dispose()
