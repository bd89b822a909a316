"""Vectors in a folder, and the same tests with those that a Chroma server keeps."""

import ctypes
import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import engines
import numpy as np
import pytest
from chromadb.errors import InternalError
from toy import ToyEmbeddings

from vectorstore.store import (
    ChromaServer,
    DamagedStore,
    OtherModel,
    PassageStore,
    StoreError,
    StoreUnavailable,
)

TEXTS = {
    "bridge": "鹤汀大桥主跨合龙,全长1860米。",
    "school": "东埠区第三小学新校区启用。",
    "market": "夜市整治后重新开张。",
}


@pytest.fixture
def toy() -> ToyEmbeddings:
    return ToyEmbeddings()


Opener = Callable[..., PassageStore]


@pytest.fixture(params=["folder", pytest.param("server", marks=pytest.mark.engines)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | ChromaServer:
    """Where nothing is kept yet."""
    if request.param == "folder":
        return tmp_path / "vectors"
    port = request.getfixturevalue("chroma").port
    server = ChromaServer("127.0.0.1", port)
    PassageStore.afresh(ToyEmbeddings(), server, model="toy").close()
    return server


@pytest.fixture
def opened(place: Path | ChromaServer, toy: ToyEmbeddings) -> Iterator[Opener]:
    """Open what is kept there, until the test ends."""
    with ExitStack() as stack:

        def make(
            toy: ToyEmbeddings = toy, model: str = "toy", how: Opener = PassageStore
        ) -> PassageStore:
            store = how(toy, place, model=model)
            stack.callback(store.close)
            return store

        yield make


@pytest.fixture
def store(opened: Opener) -> PassageStore:
    return opened()


def names(found: list[tuple[str, float]]) -> list[str]:
    return [name for name, _ in found]


def test_the_nearest_text_comes_first_with_its_cosine(
    store: PassageStore, toy: ToyEmbeddings
) -> None:
    store.add(TEXTS)
    found = store.nearest("大桥合龙了吗", 3)
    assert names(found)[0] == "bridge"
    cosine = np.dot(toy.embed_query("大桥合龙了吗"), toy.embed_query(TEXTS["bridge"]))
    assert found[0][1] == pytest.approx(cosine, abs=1e-5)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_an_empty_store_finds_nothing(store: PassageStore) -> None:
    assert store.nearest("大桥", 5) == []
    assert store.nearest("大桥", 5, among=["bridge"]) == []
    assert (store.count(), store.ids()) == (0, set())


def test_adding_twice_embeds_and_stores_once(store: PassageStore, toy: ToyEmbeddings) -> None:
    assert store.add(TEXTS) == 3
    assert store.add(TEXTS) == 0
    assert len(toy.seen) == store.count() == 3
    assert store.ids() == set(TEXTS)


def test_what_comes_next_is_embedded_meanwhile_and_once(
    store: PassageStore, toy: ToyEmbeddings
) -> None:
    bridge, rest = {"bridge": TEXTS["bridge"]}, {k: TEXTS[k] for k in ("school", "market")}
    assert store.add(bridge, soon=rest) == 1
    assert store.ids() == {"bridge"}
    assert store.add(rest, soon=bridge) == 2
    assert sorted(toy.seen) == sorted(TEXTS.values())
    assert all(names(store.nearest(text, 1)) == [name] for name, text in TEXTS.items())


def test_what_was_to_come_next_and_is_gone_is_not_kept(store: PassageStore) -> None:
    store.add({"bridge": TEXTS["bridge"]}, soon={"market": TEXTS["market"]})
    store.add({"school": TEXTS["school"]})
    assert store.ids() == {"bridge", "school"}


def test_a_model_that_fails_meanwhile_is_told_of_and_asked_again(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = ToyEmbeddings()
    store = opened(toy)
    market = {"market": TEXTS["market"]}

    def failing(texts: list[str]) -> list[list[float]]:
        if TEXTS["market"] in texts:
            raise OSError("no model")
        return ToyEmbeddings.embed_documents(toy, texts)

    with monkeypatch.context() as patch:
        patch.setattr(toy, "embed_documents", failing)
        store.add({"bridge": TEXTS["bridge"]}, soon=market)
        with pytest.raises(OSError, match="no model"):
            store.add(market)
    assert store.add(market) == 1
    assert store.ids() == {"bridge", "market"}


@pytest.mark.skipif(not hasattr(ctypes.pythonapi, "mallopt"), reason="needs glibc's allocator")
def test_no_file_holds_what_stood_in_memory_before(tmp_path: Path, toy: ToyEmbeddings) -> None:
    ctypes.pythonapi.mallopt(-6, 0xA5)  # M_PERTURB: memory that nobody has set holds 5A
    store = PassageStore(toy, tmp_path / "vectors", model="toy")
    store.add(TEXTS)
    store.close()
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert [each.name for each in files if b"\x5a" * 64 in each.read_bytes()] == []


def test_what_was_removed_is_not_found(store: PassageStore) -> None:
    store.add(TEXTS)
    store.remove(["bridge", "never there"])
    assert "bridge" not in names(store.nearest("大桥合龙", 3))
    assert store.count() == 2


def test_what_was_removed_can_be_added_again(store: PassageStore) -> None:
    store.add(TEXTS)
    store.remove(["bridge"])
    store.add(TEXTS)
    assert names(store.nearest("大桥合龙", 1)) == ["bridge"]


def test_a_search_among_names_gives_none_but_these(store: PassageStore) -> None:
    store.add(TEXTS)
    assert set(names(store.nearest("大桥合龙", 9, among=["school", "market"]))) == {
        "school",
        "market",
    }
    assert store.nearest("大桥合龙", 9, among=[]) == []


def test_a_search_among_names_passes_over_those_it_does_not_hold(store: PassageStore) -> None:
    store.add(TEXTS)
    assert names(store.nearest("大桥合龙", 9, among=["gone", "school"])) == ["school"]


def test_a_search_among_names_finds_vectors_of_before_there_were_rows(
    tmp_path: Path, toy: ToyEmbeddings
) -> None:
    store = PassageStore(toy, tmp_path, model="toy")
    store.add(TEXTS)
    store.close()
    shutil.rmtree(tmp_path / "exact")
    store = PassageStore(toy, tmp_path, model="toy")
    found = store.nearest("大桥合龙", 9, among=TEXTS)
    assert found == [(name, pytest.approx(score)) for name, score in store.nearest("大桥合龙", 9)]
    store.close()


def test_what_is_removed_after_a_restart_leaves_no_row(tmp_path: Path, toy: ToyEmbeddings) -> None:
    store = PassageStore(toy, tmp_path, model="toy")
    store.add(TEXTS)
    store.close()
    store = PassageStore(toy, tmp_path, model="toy")
    store.remove(TEXTS)
    store.close()
    assert not any((tmp_path / "exact" / "64" / "vectors").read_bytes())


def test_more_names_than_sqlite_takes_at_once_can_be_searched(store: PassageStore) -> None:
    store.add(TEXTS)
    among = ["school", *(f"gone {number}" for number in range(40_000)), "bridge"]
    assert names(store.nearest("大桥合龙", 9, among=among)) == ["bridge", "school"]


def test_a_store_opened_again_has_what_it_had(opened: Opener) -> None:
    for added in (3, 0):
        store = opened()
        assert store.add(TEXTS) == added
        assert names(store.nearest("大桥合龙", 1)) == ["bridge"]
        store.close()


def test_a_cleared_store_is_empty_and_usable(store: PassageStore) -> None:
    store.add(TEXTS)
    store.clear()
    assert (store.count(), store.nearest("大桥", 3)) == (0, [])
    assert store.add(TEXTS) == 3


def test_vectors_of_another_model_are_refused_and_kept(opened: Opener) -> None:
    first = opened()
    first.add(TEXTS)
    first.close()
    with pytest.raises(OtherModel, match="made by toy, not other: run `baowen rebuild`"):
        opened(ToyEmbeddings(32), "other")
    assert opened().count() == 3


def test_a_store_made_afresh_belongs_to_the_new_model(opened: Opener) -> None:
    first = opened()
    first.add(TEXTS)
    first.close()
    second = opened(ToyEmbeddings(32), "other", PassageStore.afresh)
    assert second.count() == 0
    second.add(TEXTS)
    assert names(second.nearest("大桥合龙", 1)) == ["bridge"]


def test_a_damaged_store_says_what_to_do_and_can_be_made_afresh(
    tmp_path: Path, toy: ToyEmbeddings
) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database" * 500)
    with pytest.raises(DamagedStore, match="run `baowen rebuild`"):
        PassageStore(toy, tmp_path, model="toy")
    store = PassageStore.afresh(toy, tmp_path, model="toy")
    assert store.add(TEXTS) == 3
    store.close()


@pytest.mark.parametrize("size", [10, 60, 400])
def test_every_passage_is_its_own_nearest(store: PassageStore, size: int) -> None:
    texts = {
        f"p{number}": f"第{number}号通知 第{number * 7}条 地点{number % 9}"
        for number in range(size)
    }
    store.add(texts)
    some = [f"p{number}" for number in range(0, size, 3)]
    store.remove(some)
    store.add({name: texts[name] for name in some})
    assert all(names(store.nearest(text, 1)) == [name] for name, text in texts.items())
    assert len(store.nearest("通知", size)) == size


def test_no_text_is_left_in_the_files(tmp_path: Path, toy: ToyEmbeddings) -> None:
    store = PassageStore(toy, tmp_path, model="toy")
    store.add(TEXTS)
    store.close()
    assert "合龙".encode() not in bytes_in(tmp_path)


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param(
            "http://chroma:8001",
            ("chroma", 8001, False, "default_tenant", "default_database"),
            id="one's own",
        ),
        pytest.param(
            "https://chroma.example/paper/archive",
            ("chroma.example", 443, True, "paper", "archive"),
            id="another's",
        ),
        pytest.param(
            "http://[::1]:8000",
            ("[::1]", 8000, False, "default_tenant", "default_database"),
            id="v6",
        ),
    ],
)
def test_the_address_of_a_server_tells_what_it_is(url: str, said: tuple[object, ...]) -> None:
    server = ChromaServer.at(url, "secret")
    assert (server.host, server.port, server.tls, server.tenant, server.database) == said
    assert "secret" not in str(server)


@pytest.mark.parametrize("url", ["chroma:8000", "ftp://chroma", "http://", "http://chroma/one"])
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="http://host:port"):
        ChromaServer.at(url)


def test_a_server_that_is_not_there_is_told_of_at_once(toy: ToyEmbeddings) -> None:
    server = ChromaServer("127.0.0.1", engines.free_port())
    for make in (PassageStore, PassageStore.afresh):
        with pytest.raises(StoreUnavailable, match=f"{server} doesn't answer"):
            make(toy, server, model="toy")


@pytest.mark.engines
def test_two_processes_see_at_once_what_the_other_adds_and_takes_away(
    chroma: engines.Engine, toy: ToyEmbeddings
) -> None:
    server = ChromaServer("127.0.0.1", chroma.port)
    first = PassageStore.afresh(toy, server, model="toy")
    second = PassageStore(toy, server, model="toy")
    first.add(TEXTS)
    assert names(second.nearest("大桥合龙", 1)) == ["bridge"]
    second.remove(["bridge"])
    assert "bridge" not in names(first.nearest("大桥合龙", 3))
    first.clear()
    assert second.ids() == set()
    assert second.add(TEXTS) == 3
    assert names(first.nearest("大桥合龙", 1)) == ["bridge"]
    first.close()
    second.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Chroma's socket
@pytest.mark.engines
def test_a_tenant_that_the_server_does_not_have_is_told_of(
    chroma: engines.Engine, toy: ToyEmbeddings
) -> None:
    server = ChromaServer("127.0.0.1", chroma.port, tenant="nobody", database="none")
    with pytest.raises(StoreError, match=r"refuses its use .*nobody"):
        PassageStore(toy, server, model="toy")
    gc.collect()


@pytest.mark.engines
def test_a_server_that_goes_and_comes_back_is_used_again(
    tmp_path: Path, toy: ToyEmbeddings
) -> None:
    engine = engines.chroma(tmp_path)
    engine.start()
    store = PassageStore(toy, ChromaServer("127.0.0.1", engine.port), model="toy")
    store.add(TEXTS)
    engine.kill()
    for asked in (
        lambda: store.nearest("大桥合龙", 1),
        lambda: store.add({"new": "新"}),
        lambda: store.remove(["bridge"]),
        store.ids,
        store.count,
        store.clear,
    ):
        with pytest.raises(StoreUnavailable, match="see that Chroma runs there"):
            asked()
    engine.start()
    assert store.ids() == set(TEXTS)
    assert names(store.nearest("大桥合龙", 1)) == ["bridge"]
    assert "合龙".encode() not in bytes_in(tmp_path / "chroma")
    store.close()
    engine.stop()


def test_a_server_that_is_not_all_up_yet_is_told_as_away(
    tmp_path: Path, toy: ToyEmbeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = PassageStore(toy, tmp_path / "vectors", model="toy")
    store._place = ChromaServer("127.0.0.1", 1)
    for said, told in (("Nothing found on disk", StoreUnavailable), ("else", InternalError)):

        def asked(said: str = said, **_: object) -> None:
            raise InternalError(f"Error creating hnsw segment reader: {said}")

        monkeypatch.setattr(store._collection, "query", asked)
        with pytest.raises(told):
            store.nearest("大桥合龙", 1)
    store.close()
