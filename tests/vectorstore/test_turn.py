"""The turn that one process has of several, which PostgreSQL keeps."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import databases
import pytest
from sqlalchemy import text

from vectorstore.catalogue import connect
from vectorstore.dialects import Turn, Unreachable

pytestmark = pytest.mark.engines


@pytest.fixture
def turns(postgresql: databases.Server, tmp_path: Path) -> Iterator[tuple[Turn, Turn]]:
    """Of two processes."""
    with ExitStack() as stack:
        made = []
        for _ in range(2):
            engine = connect(postgresql.url(databases.name_of(tmp_path)))
            stack.callback(engine.dispose)
            made.append(Turn(engine))
            stack.callback(made[-1].release)
        yield made[0], made[1]


def test_one_has_it_until_it_gives_it_back(turns: tuple[Turn, Turn]) -> None:
    first, second = turns
    first.acquire(0)
    first.acquire(0)  # it has it already
    assert first.is_locked
    with pytest.raises(TimeoutError):
        second.acquire(0.3)
    assert not second.is_locked
    first.release()
    assert not first.is_locked
    second.acquire(0)
    assert second.is_locked


def test_who_has_it_keeps_no_transaction_open(turns: tuple[Turn, Turn]) -> None:
    first, second = turns
    first.acquire(0)
    assert first.is_locked
    with second._engine.connect() as connection:
        states = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
        assert connection.scalar(text(states)) == 0


def test_who_loses_the_database_loses_it(
    turns: tuple[Turn, Turn], postgresql: databases.Server
) -> None:
    first, second = turns
    first.acquire(0)
    postgresql.stop()
    with pytest.raises(Unreachable):
        assert first.is_locked
    with pytest.raises(Unreachable):
        second.acquire(0)
    postgresql.start()
    assert not first.is_locked
    second.acquire(10)
    assert second.is_locked
    with pytest.raises(TimeoutError):
        first.acquire(0)
