"""The vectors of all passages, in Chroma: a cache of the catalogue that can be made afresh.

Here alone Chroma is known. It holds a name and a vector for each distinct passage, and no
text: Chroma leaves what was deleted in its files, and what is removed from the archive must be
gone. That is why only LangChain's ``Embeddings`` stands here, and not its ``Chroma``, which
writes the text beside each vector and finds nothing without it, embeds again what is there
already, and can't search among given names.

Chroma is safe among threads, not among processes: one process at a time may have it open.
It writes memory that it never set into its files, so what this process frees is wiped.
"""

import ctypes
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from threading import Lock

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from chromadb.errors import ChromaError
from langchain.embeddings import Embeddings

from vectorstore.rows import Rows

_COLLECTION = "passages"
_EMBEDDED_AT_ONCE = 128
"""Texts that are embedded again when the process dies while it adds them."""
_READ_AT_ONCE = 5_000
"""Vectors that are read out of Chroma at a time, as lists of Python's numbers."""

_M_PERTURB = -6
"""Of glibc's ``mallopt``: a byte that freed memory is filled with, and whose complement new is."""
_ALL_ONES = 0xFF


class StoreError(RuntimeError):
    """A store that can't be used; the message says what to do."""


class OtherModel(StoreError):
    """The vectors were made by another embedding model, so that none can be compared."""


class DamagedStore(StoreError):
    """Chroma can't read its own files."""


class PassageStore:
    """Vectors by name; the same name always stands for the same text.

    No two names may stand for one text: identical vectors hide each other in Chroma's graph.
    """

    def __init__(self, embeddings: Embeddings, directory: Path, *, model: str) -> None:
        """Open the vectors kept in ``directory``, or begin with none.

        Raises ``OtherModel`` where they were made by another one than ``model``, and
        ``DamagedStore`` where they can't be read.
        """
        self._embeddings, self._model = embeddings, model
        self._exact = directory / "exact"
        kept = next(self._exact.glob("*"), None)
        self._kept_rows = Rows(kept, int(kept.name)) if kept else None
        self._beginning = Lock()
        _wipe_freed_memory()
        try:
            self._client = chromadb.PersistentClient(
                directory, settings=Settings(anonymized_telemetry=False)
            )
            self._collection = self._open()
        except ChromaError as error:
            SharedSystemClient.clear_system_cache()  # or it would be found broken ever after
            raise DamagedStore(
                f"the vector store in {directory} can't be read ({error}): run `baowen rebuild`"
            ) from error
        self._at_once = self._client.get_max_batch_size()
        maker = (self._collection.metadata or {}).get("model")
        if maker != model:
            self.close()
            raise OtherModel(
                f"the vector store in {directory} was made by {maker}, not {model}: "
                "run `baowen rebuild`"
            )

    @classmethod
    def afresh(cls, embeddings: Embeddings, directory: Path, *, model: str) -> "PassageStore":
        """Throw away what ``directory`` holds, whoever made it, and begin with none."""
        if directory.exists():
            shutil.rmtree(directory)
        return cls(embeddings, directory, model=model)

    def add(self, texts: Mapping[str, str]) -> int:
        """Embed and keep these texts by their names; how many were not there before."""
        held = set(self._held(texts))
        missing = [name for name in texts if name not in held]
        for names in _batches(missing, min(_EMBEDDED_AT_ONCE, self._at_once)):
            told = self._embeddings.embed_documents([texts[name] for name in names])
            vectors = np.asarray(told, np.float32)
            self._collection.upsert(ids=names, embeddings=vectors)
            self._rows(vectors.shape[1]).add(names, vectors)
        return len(missing)

    def remove(self, names: Iterable[str]) -> None:
        """Forget these; a name that isn't there is no fault."""
        for batch in _batches(names, self._at_once):
            if self._kept_rows:  # first, since what Chroma holds too much is found and removed
                self._kept_rows.remove(batch)
            self._collection.delete(ids=batch)

    def nearest(
        self, query: str, limit: int, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The names nearest to a query and their cosine similarities, best first.

        ``among`` these names the search is exact; Chroma's own filters are not used, for they
        go through all there is.
        """
        vector = self._embeddings.embed_query(query)
        if among is None:
            return self._nearest(vector, limit)
        rows = self._rows(len(vector))
        return rows.nearest(vector, limit, dict.fromkeys(among).keys(), self._copy)

    def ids(self) -> set[str]:
        """The names of all that is there."""
        return set(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        """How many vectors there are."""
        return self._collection.count()

    def clear(self) -> None:
        """Forget everything."""
        if self._kept_rows:
            self._kept_rows.clear()
        self._client.delete_collection(_COLLECTION)
        self._collection = self._open()

    def close(self) -> None:
        """Let go of the files; nothing more can be asked."""
        self._client.close()  # type: ignore[attr-defined]

    def _open(self) -> chromadb.Collection:
        return self._client.get_or_create_collection(
            _COLLECTION,
            embedding_function=None,  # Chroma's own fetches a model from the network
            configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}},
            metadata={"model": self._model},  # of one that is there already, it changes nothing
        )

    def _rows(self, dimensions: int) -> Rows:
        """The same vectors to be compared one by one."""
        with self._beginning:
            if self._kept_rows is None:
                self._kept_rows = Rows(self._exact / str(dimensions), dimensions)
            return self._kept_rows

    def _copy(self, names: Sequence[str]) -> None:
        """Make the rows of vectors that were added before there were rows, or lost theirs."""
        for some in _batches(names, _READ_AT_ONCE):
            found = self._collection.get(ids=some, include=["embeddings"])
            if found["ids"]:
                vectors = np.asarray(found["embeddings"], np.float32)
                self._rows(vectors.shape[1]).add(found["ids"], vectors)

    def _nearest(self, vector: list[float], limit: int) -> list[tuple[str, float]]:
        if limit < 1:
            return []
        result = self._collection.query(
            query_embeddings=np.asarray([vector], np.float32),
            n_results=limit,
            include=["distances"],
        )
        (found,), (distances,) = result["ids"], result["distances"] or [[]]
        return [(name, 1 - far) for name, far in zip(found, distances, strict=True)]

    def _held(self, names: Iterable[str]) -> list[str]:
        """Those of the names that are there."""
        return [
            name
            for batch in _batches(names, self._at_once)
            for name in self._collection.get(ids=batch, include=[])["ids"]
        ]


def _batches(names: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(names)
    while batch := list(islice(rest, size)):
        yield batch


def _wipe_freed_memory() -> None:
    """Have this process's C allocator wipe what is freed, and hand out zeroes.

    Places of Chroma's graph that no vector has taken yet go to disk as they were handed out: with
    what stood there before, which may be the text of an article that is to be gone. glibc alone
    has to be told; allocators without ``mallopt`` are left as they are.
    """
    if mallopt := getattr(ctypes.pythonapi, "mallopt", None):
        mallopt(_M_PERTURB, _ALL_ONES)
