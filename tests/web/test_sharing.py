"""Services that share their vectors, and what readers are told while a server is away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import engines
import pytest
from flask.testing import FlaskClient
from newsroom import Desk
from test_questions import events
from toy import ToyEmbeddings

from vectorstore.ingest import ingest, offered
from vectorstore.store import StoreUnavailable
from web.services import InUse, Services
from web.settings import Settings

ASK = "/api/v1/questions"
PAGE = "渡轮改走北线\n本报讯(记者 何望)10月11日,渡轮改走北线,航程缩短四分之一。\n"


def test_readers_are_told_to_come_again_while_a_server_is_away(
    client: FlaskClient, archive: Desk
) -> None:
    archive.answerer.fault = StoreUnavailable("the vector store at http://chroma:8000 is away")
    told = client.post(ASK, json={"question": "青石桥多长？"})
    assert told.status_code == 503
    assert told.headers["Retry-After"] == "5"
    assert "chroma" not in told.text
    name, data = events(
        client.post(
            ASK, json={"question": "青石桥多长？"}, headers={"Accept": "text/event-stream"}
        ).text
    )[-1]
    assert (name, data["status"]) == ("error", 503)
    assert "chroma" not in data["detail"]


@pytest.fixture
def shared(tmp_path: Path, chroma: engines.Engine) -> Iterator[Callable[[], Services]]:
    """Make services of one archive whose vectors a server keeps."""
    made: list[Services] = []

    def make() -> Services:
        settings = Settings(home=tmp_path, vectors=f"http://127.0.0.1:{chroma.port}")
        services = Services(settings)
        services.__dict__["embeddings"] = ToyEmbeddings()
        made.append(services)
        return services

    yield make
    made[0].catalogue.ask_rebuild()
    made[0].store.clear()
    for services in made:
        services.store.close()
        services.catalogue.engine.dispose()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "2023-10-12-07.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def indexed(shared: Callable[[], Services], page: Path) -> tuple[Services, Services]:
    """Two that share an archive; the first has its turn, and has indexed a page."""
    first, second = shared(), shared()
    (offer,) = offered(page)
    ingest(first.catalogue, offer)
    assert first.index()
    return first, second


@pytest.mark.engines
def test_of_those_that_share_vectors_one_indexes_and_all_find(
    shared: Callable[[], Services], page: Path
) -> None:
    first, second = shared(), shared()
    assert not first.index()
    (offer,) = offered(page)
    ingest(second.catalogue, offer)
    assert not second.index()  # it isn't its turn
    assert first.index()
    assert second.searcher.search("渡轮走哪条线")
    assert second.indexer.agree()
    with pytest.raises(InUse), second.owning():
        pass
    first.lock.release()
    second.catalogue.ask_rebuild()
    assert second.index()
    assert first.searcher.search("渡轮走哪条线")
    second.lock.release()


@pytest.mark.engines
def test_who_has_its_turn_begins_with_what_the_server_lost(
    indexed: tuple[Services, Services],
) -> None:
    first, second = indexed
    first.store.clear()
    first.lock.release()
    assert second.index()
    assert first.indexer.agree()
    second.lock.release()


@pytest.mark.engines
def test_a_rebuild_is_not_begun_by_who_only_asks(
    indexed: tuple[Services, Services],
) -> None:
    first, second = indexed
    first.catalogue.ask_rebuild()
    assert second.store.count() > 0
    first.lock.release()
