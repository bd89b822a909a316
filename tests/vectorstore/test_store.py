import ctypes
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from toy import ToyEmbeddings

from vectorstore.store import DamagedStore, OtherModel, PassageStore

TEXTS = {
    "bridge": "鹤汀大桥主跨合龙,全长1860米。",
    "school": "东埠区第三小学新校区启用。",
    "market": "夜市整治后重新开张。",
}


@pytest.fixture
def toy() -> ToyEmbeddings:
    return ToyEmbeddings()


@pytest.fixture
def store(tmp_path: Path, toy: ToyEmbeddings) -> Iterator[PassageStore]:
    store = PassageStore(toy, tmp_path / "vectors", model="toy")
    yield store
    store.close()


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


def test_a_store_opened_again_has_what_it_had(tmp_path: Path, toy: ToyEmbeddings) -> None:
    for added in (3, 0):
        store = PassageStore(toy, tmp_path, model="toy")
        assert store.add(TEXTS) == added
        assert names(store.nearest("大桥合龙", 1)) == ["bridge"]
        store.close()


def test_a_cleared_store_is_empty_and_usable(store: PassageStore) -> None:
    store.add(TEXTS)
    store.clear()
    assert (store.count(), store.nearest("大桥", 3)) == (0, [])
    assert store.add(TEXTS) == 3


def test_vectors_of_another_model_are_refused_and_kept(tmp_path: Path, toy: ToyEmbeddings) -> None:
    first = PassageStore(toy, tmp_path, model="toy")
    first.add(TEXTS)
    first.close()
    with pytest.raises(OtherModel, match="made by toy, not other: run `baowen rebuild`"):
        PassageStore(ToyEmbeddings(32), tmp_path, model="other")
    again = PassageStore(toy, tmp_path, model="toy")
    assert again.count() == 3
    again.close()


def test_a_store_made_afresh_belongs_to_the_new_model(tmp_path: Path, toy: ToyEmbeddings) -> None:
    first = PassageStore(toy, tmp_path, model="toy")
    first.add(TEXTS)
    first.close()
    second = PassageStore.afresh(ToyEmbeddings(32), tmp_path, model="other")
    assert second.count() == 0
    second.add(TEXTS)
    assert names(second.nearest("大桥合龙", 1)) == ["bridge"]
    second.close()


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
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "合龙".encode() not in kept
