"""Vectors in a file of rows, to compare some of them exactly with a question.

Chroma goes through its whole graph to search among given names, and gives vectors out as lists of
Python's numbers: both are slow in a large archive. Here only the rows that are asked for are read.
What is missing can be written again at any time.
"""

import os
from collections.abc import Callable, Collection, Sequence
from hashlib import blake2b
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Keys = npt.NDArray[np.uint64]
Fill = Callable[[Sequence[str]], None]
"""Adds rows for those of these names for which there are vectors elsewhere."""

_AT_ONCE = 10_000
"""Rows that are in memory at a time."""


class Rows:
    """Vectors by name, all of one dimension. Threads may share it, processes may not.

    A row counts once it has its key, which is written last; keys of zero are of rows that are gone.
    """

    def __init__(self, directory: Path, dimensions: int) -> None:
        """Open the rows kept in ``directory``, or begin with none."""
        directory.mkdir(parents=True, exist_ok=True)
        self._keys_file, self._vectors_file = directory / "keys", directory / "vectors"
        self._dimensions, self._width = dimensions, dimensions * 4
        self._lock = Lock()
        for file in (self._keys_file, self._vectors_file):
            file.touch()
        self._cut(self._count())
        self._look()

    def add(self, names: Collection[str], vectors: Floats) -> None:
        """Write a row for each of these names, in their order."""
        with self._lock:
            with self._vectors_file.open("ab") as file:
                file.write(_of_length_one(vectors).tobytes())
                file.flush()
                os.fsync(file.fileno())
            with self._keys_file.open("ab") as file:
                file.write(_keys(names).tobytes())
            self._stale = True

    def remove(self, names: Collection[str]) -> None:
        """Overwrite the rows of these; a name that has none is no fault."""
        with self._lock:
            keys = np.fromfile(self._keys_file, np.uint64)
            with self._vectors_file.open("r+b") as vectors, self._keys_file.open("r+b") as file:
                for at in np.flatnonzero(np.isin(keys, _keys(names))).tolist():
                    vectors.seek(at * self._width)
                    vectors.write(bytes(self._width))
                    file.seek(at * 8)
                    file.write(bytes(8))
            self._stale = True

    def nearest(
        self, vector: Sequence[float], limit: int, among: Collection[str], fill: Fill
    ) -> list[tuple[str, float]]:
        """The names nearest to a vector and their cosines, best first.

        ``fill`` is told of those that have no row; one that it has no vector for is left out.
        """
        names = list(among)
        rows, places = self._found(names)
        if (places < 0).any():
            fill([name for name, at in zip(names, places, strict=True) if at < 0])
            rows, places = self._found(names)
        there = np.flatnonzero(places >= 0)
        asked = _of_length_one(np.asarray([vector], np.float32))[0]
        cosines = np.empty(len(there), np.float32)
        for at in range(0, len(there), _AT_ONCE):
            some = slice(at, at + _AT_ONCE)
            cosines[some] = rows[places[there[some]]] @ asked
        best = np.argsort(-cosines, kind="stable")[: max(0, limit)]
        return [(names[there[at]], float(cosines[at])) for at in best]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            for file in (self._keys_file, self._vectors_file):  # cut short, it would fail who reads
                file.unlink()
                file.touch()
            self._stale = True

    def _found(self, names: Collection[str]) -> tuple[Floats, npt.NDArray[np.int64]]:
        """All rows, and which of them each of the names has: -1 is none."""
        keys = _keys(names)
        with self._lock:
            if self._stale:
                self._look()
            rows, order, every = self._rows, self._order, self._sorted
        if not len(every):
            return rows, np.full(len(keys), -1)
        at = np.minimum(np.searchsorted(every, keys), len(every) - 1)
        return rows, np.where(every[at] == keys, order[at], -1)

    def _look(self) -> None:
        """See what the files hold by now."""
        keys = np.fromfile(self._keys_file, np.uint64)
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]
        shape = len(keys), self._dimensions
        self._rows: Floats = (  # an empty file can't be mapped
            np.memmap(self._vectors_file, np.float32, "r", shape=shape)
            if len(keys)
            else np.empty(shape, np.float32)
        )
        self._stale = False

    def _count(self) -> int:
        """How many rows were written whole."""
        return min(
            self._keys_file.stat().st_size // 8, self._vectors_file.stat().st_size // self._width
        )

    def _cut(self, count: int) -> None:
        os.truncate(self._keys_file, count * 8)
        os.truncate(self._vectors_file, count * self._width)


def _keys(names: Collection[str]) -> Keys:
    """Numbers that tell names apart; all are odd, so that none is zero."""
    digests = b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.frombuffer(digests, np.uint64) | np.uint64(1)


def _of_length_one(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)
