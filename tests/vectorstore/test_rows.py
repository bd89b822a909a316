from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pytest

from vectorstore.rows import Rows

NAMES = ["bridge", "school", "market"]
VECTORS = np.array([[3, 0, 0, 0], [0, 2, 0, 0], [1, 1, 0, 0]], np.float32)


def nearest(rows: Rows, vector: list[float], limit: int, among: Collection[str]) -> list[str]:
    return [name for name, _ in rows.nearest(vector, limit, among, lambda _: None)]


def missing(rows: Rows, names: Sequence[str]) -> list[str]:
    told: list[str] = []
    rows.nearest([1, 0, 0, 0], 1, names, told.extend)
    return told


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    made = Rows(tmp_path / "rows", 4)
    made.add(NAMES, VECTORS)
    return made


def test_the_nearest_come_first_with_their_cosines(rows: Rows) -> None:
    found = rows.nearest([2, 0, 0, 0], 3, NAMES, lambda _: None)
    assert [name for name, _ in found] == ["bridge", "market", "school"]
    assert [cosine for _, cosine in found] == pytest.approx([1, 0.5**0.5, 0])


def test_only_the_names_asked_for_are_compared(rows: Rows) -> None:
    assert nearest(rows, [1, 0, 0, 0], 9, ["school", "nowhere"]) == ["school"]
    assert nearest(rows, [1, 0, 0, 0], 9, []) == nearest(rows, [1, 0, 0, 0], 0, NAMES) == []


def test_what_has_no_row_is_asked_for_and_found(rows: Rows) -> None:
    def fill(names: Sequence[str]) -> None:
        assert names == ["library", "nowhere"]
        rows.add(["library"], np.array([[0, 0, 5, 0]], np.float32))

    among = ["school", "library", "nowhere"]
    assert rows.nearest([0, 0, 1, 0], 1, among, fill) == [("library", pytest.approx(1))]


def test_rows_are_there_when_they_are_opened_again(rows: Rows, tmp_path: Path) -> None:
    rows.add(["library"], np.ones((1, 4), np.float32))
    again = Rows(tmp_path / "rows", 4)
    names = [*NAMES, "library"]
    assert nearest(again, [1, 2, 3, 4], 4, names) == nearest(rows, [1, 2, 3, 4], 4, names)
    assert missing(again, names) == []


def test_of_what_was_removed_nothing_is_left(rows: Rows, tmp_path: Path) -> None:
    rows.add(["bridge"], VECTORS[:1])  # as after a kill between Chroma and this
    rows.remove(["bridge", "never there"])
    assert missing(rows, NAMES) == ["bridge"]
    kept = np.fromfile(tmp_path / "rows" / "vectors", np.float32).reshape(-1, 4)
    assert kept[[0, 3]].tolist() == [[0] * 4] * 2
    rows.clear()
    assert missing(rows, NAMES) == NAMES
    assert (tmp_path / "rows" / "vectors").stat().st_size == 0


@pytest.mark.parametrize(
    ("keys", "vectors"),
    [
        pytest.param(24, 40, id="a vector torn"),
        pytest.param(16, 48, id="a key missing"),
        pytest.param(20, 48, id="a key torn"),
    ],
)
def test_what_a_kill_left_half_is_as_if_it_were_not_there(
    rows: Rows, tmp_path: Path, keys: int, vectors: int
) -> None:
    for name, size in (("keys", keys), ("vectors", vectors)):
        with (tmp_path / "rows" / name).open("r+b") as file:
            file.truncate(size)
    again = Rows(tmp_path / "rows", 4)
    assert missing(again, NAMES) == ["market"]
    again.add(["market"], VECTORS[2:])
    assert nearest(again, [1, 1, 0, 0], 1, NAMES) == ["market"]


def test_who_reads_while_all_is_forgotten_reads_on(rows: Rows) -> None:
    read, places = rows._found(["market"])
    rows.clear()
    assert read[places[0]].tolist() == pytest.approx([0.5**0.5, 0.5**0.5, 0, 0])
