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

from qa.answers import Answer, Searched, Sentence, Verdict
from qa.citing import cite
from qa.ledger import Ledger, marked
from vectorstore import migrations
from vectorstore.catalogue import Catalogue, connect
from vectorstore.tables import metadata
from web.register import Keys, Role

CONFIG = Config()
CONFIG.set_main_option("script_location", str(Path(migrations.__file__).parent))
SHAPES = [each.revision for each in ScriptDirectory.from_config(CONFIG).walk_revisions()]
CORE = (
    *("sources", "texts", "articles", "passages"),
    *("conversations", "answers", "citations", "answer_citations", "feedback", "keys"),
)
"""Tables in the order in which their rows lean on each other, of whichever shape."""


_CITED = cite(BRIDGE, 0, BRIDGE.text.index("。") + 1, 1)
_SENTENCES = (Sentence(_CITED.quote, (1,)),)
ANSWER = Answer(
    id="an answer",
    conversation="a conversation",
    question="大桥多长?",
    standalone_question="鹤汀大桥多长?",
    answered=True,
    text=marked(_SENTENCES),
    sentences=_SENTENCES,
    citations=(_CITED,),
    searched=Searched(passages=3),
)


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
    """Two articles in an archive of now, an answer that was judged, and a key."""
    engine = connect(f"sqlite:///{tmp_path / 'present.db'}")
    catalogue = Catalogue(engine)
    catalogue.put("/1.txt", "{}", [BRIDGE, SCHOOL])
    ledger = Ledger(engine, catalogue)
    ledger.keep(ANSWER)
    ledger.judge(ANSWER.id, Verdict.UP, "谢谢", None)
    Keys(engine).create("the desk", Role.EDITOR)
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
    ledger = Ledger(engine, Catalogue(engine))
    assert ledger.answer(ANSWER.id) == ANSWER
    assert len(ledger.feedback(ANSWER.id)) == ("feedback" in tables.tables)
    assert len(Keys(engine).listed()) == ("keys" in tables.tables)
    engine.dispose()


def test_texts_that_other_hashes_compared_are_compared_again(tmp_path: Path) -> None:
    old = of_shape(tmp_path / "old.db", "0016")
    tables = MetaData()
    tables.reflect(old)
    with old.begin() as connection:
        for number, name in ((1, "one"), (2, "other")):
            text = {"number": number, "id": name, "compared": True}
            connection.execute(tables.tables["texts"].insert().values(text))
            band = {"value": 7, "text": number}
            connection.execute(tables.tables["text_bands"].insert().values(band))
        near = tables.tables["near_texts"].insert()
        connection.execute(near, [{"one": 1, "other": 2}, {"one": 2, "other": 1}])
    old.dispose()

    engine = connect(f"sqlite:///{tmp_path / 'old.db'}")
    assert (rows(engine, "near_texts"), rows(engine, "text_bands")) == ([], [])
    assert [each["compared"] for each in rows(engine, "texts")] == [False, False]
    engine.dispose()
