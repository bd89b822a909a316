"""The vectors of all passages, in Chroma: a cache of the catalogue that can be made afresh.

Here alone Chroma is known. It holds a name and a vector for each distinct passage, and no
text: Chroma leaves what was deleted in its files, and what is removed from the archive must be
gone. That is why only LangChain's ``Embeddings`` stands here, and not its ``Chroma``, which
writes the text beside each vector and finds nothing without it, embeds again what is there
already, and can't search among given names.

Chroma's files are safe among threads, not among processes: one process at a time may have them
open. A Chroma server is for any number of processes. Chroma writes memory that it never set into
its files, so what the process that has them open frees is wiped.
"""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, Settings
from chromadb.errors import ChromaError, InternalError, NotFoundError, RateLimitError
from langchain.embeddings import Embeddings

from vectorstore.memory import wipe_what_is_freed
from vectorstore.rows import Floats, Rows
from vectorstore.unavailable import Unavailable

_COLLECTION = "passages"
_EMBEDDED_AT_ONCE = 128
"""Texts that are embedded again when the process dies while it adds them."""
_READ_AT_ONCE = 5_000
"""Vectors that are read out of Chroma at a time, as lists of Python's numbers."""
_PATIENCE = 30.0
"""Seconds that a server has for each answer."""
_TOO_BUSY = {429, 502, 503, 504}
"""What a proxy before a server says while there is none."""


class StoreError(RuntimeError):
    """A store that can't be used; the message says what to do."""


class OtherModel(StoreError):
    """The vectors were made by another embedding model, so that none can be compared."""


class DamagedStore(StoreError):
    """Chroma can't read its own files."""


class StoreUnavailable(StoreError, Unavailable):
    """The server that holds the vectors doesn't answer for now."""


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """Where a Chroma server is, and what it wants to be shown."""

    host: str
    port: int
    tls: bool = False
    tenant: str = DEFAULT_TENANT
    database: str = DEFAULT_DATABASE
    token: str | None = None
    """Sent as ``x-chroma-token``."""

    @classmethod
    def at(cls, url: str, token: str | None = None) -> "ChromaServer":
        """Read ``http://host:port``, or ``https://host/tenant/database``. Raises ``ValueError``.

        >>> ChromaServer.at("https://chroma.example/paper/archive").database
        'archive'
        """
        told = urlsplit(url)
        path = [unquote(part) for part in told.path.split("/") if part]
        if told.scheme not in ("http", "https") or not told.hostname or len(path) not in (0, 2):
            raise ValueError("write it as http://host:port or https://host/tenant/database")
        tls = told.scheme == "https"
        tenant, database = path or (DEFAULT_TENANT, DEFAULT_DATABASE)
        host = f"[{told.hostname}]" if ":" in told.hostname else told.hostname
        return cls(host, told.port or (443 if tls else 8000), tls, tenant, database, token)

    def __str__(self) -> str:
        """Where it is, without what opens it."""
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"

    def client(self) -> ClientAPI:
        """Reach it. Raises ``httpx.TransportError`` where it doesn't answer, or ``ChromaError``."""
        try:
            client = chromadb.HttpClient(
                self.host,
                self.port,
                self.tls,
                {"x-chroma-token": self.token} if self.token else None,
                Settings(anonymized_telemetry=False),
                self.tenant,
                self.database,
            )
        except ValueError as error:  # what it makes of all that isn't Chroma's own refusal
            raise httpx.ConnectError(str(error)) from error
        client._server._session.timeout = _PATIENCE  # type: ignore[attr-defined]  # else for ever
        return client


T = TypeVar("T")


class PassageStore:
    """Vectors by name; the same name always stands for the same text.

    No two names may stand for one text: identical vectors hide each other in Chroma's graph.
    """

    def __init__(self, embeddings: Embeddings, place: Path | ChromaServer, *, model: str) -> None:
        """Open the vectors kept in a folder or by a server, or begin with none.

        Raises ``OtherModel`` where they were made by another one than ``model``,
        ``DamagedStore`` where they can't be read, and ``StoreUnavailable``, as all methods do,
        where the server doesn't answer.
        """
        self._embeddings, self._model, self._place = embeddings, model, place
        self._exact = place / "exact" if isinstance(place, Path) else None
        kept = next(self._exact.glob("*"), None) if self._exact else None
        self._kept_rows = Rows(kept, int(kept.name)) if kept else None
        self._beginning = Lock()
        self._ahead: Future[dict[str, Floats]] | None = None
        with self._reached():
            self._client = _client(place)
            try:
                self._collection = self._open()
                self._at_once = self._client.get_max_batch_size()
            except ChromaError as error:
                raise _unusable(place, error) from error
            except BaseException:
                self.close()
                raise

    @classmethod
    def afresh(
        cls, embeddings: Embeddings, place: Path | ChromaServer, *, model: str
    ) -> "PassageStore":
        """Throw away what is kept there, whoever made it, and begin with none."""
        if isinstance(place, ChromaServer):
            with _reached(place):
                client = place.client()
                if any(each.name == _COLLECTION for each in client.list_collections()):
                    client.delete_collection(_COLLECTION)
                _close(client)
        elif place.exists():
            shutil.rmtree(place)
        return cls(embeddings, place, model=model)

    def add(self, texts: Mapping[str, str], soon: Mapping[str, str] | None = None) -> int:
        """Embed and keep these texts by their names; how many were not there before.

        ``soon`` are those of the next call: they are embedded while the caller goes on.
        """
        ahead, self._ahead = self._ahead, None
        ready = ahead.result() if ahead else {}
        missing = self._lacking(texts)
        for names in _batches(missing, min(_EMBEDDED_AT_ONCE, self._at_once)):
            rest = [name for name in names if name not in ready]
            ready |= self._embedded(rest, texts)
            if soon and names[-1] == missing[-1]:
                self._ahead = _begun(partial(self._embedded, self._lacking(soon), soon))
            vectors = np.stack([ready.pop(name) for name in names])
            self._upsert(names, vectors)
            if rows := self._rows(vectors.shape[1]):
                rows.add(names, vectors)
        return len(missing)

    def remove(self, names: Iterable[str]) -> None:
        """Forget these; a name that isn't there is no fault."""
        for batch in _batches(names, self._at_once):
            if self._kept_rows:  # first, since what Chroma holds too much is found and removed
                self._kept_rows.remove(batch)
            self._forget(batch)

    def nearest(
        self, query: str, limit: int, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """The names nearest to a query and their cosine similarities, best first.

        ``among`` these names the search is exact; Chroma's own filters are not used, for they
        go through all there is, unless a server has to compare.
        """
        vector = self._embeddings.embed_query(query)
        if among is None:
            return self._nearest(vector, limit)
        if rows := self._rows(len(vector)):
            return rows.nearest(vector, limit, dict.fromkeys(among).keys(), self._copy)
        return self._nearest_of(vector, limit, among)

    def ids(self) -> set[str]:
        """The names of all that is there."""
        if not isinstance(self._place, ChromaServer):
            return set(self._asked(lambda held: held.get(include=[]))["ids"])
        found: set[str] = set()
        start = 0
        while some := self._page(start):
            found.update(some)
            start += len(some)
        return found

    def count(self) -> int:
        """How many vectors there are."""
        return self._asked(lambda held: held.count())

    def expect(self) -> None:
        """See that it can be asked. Raises ``StoreUnavailable``."""
        with self._reached():
            self._client.heartbeat()

    def clear(self) -> None:
        """Forget everything."""
        if self._kept_rows:
            self._kept_rows.clear()
        with self._reached():
            self._client.delete_collection(_COLLECTION)
            self._collection = self._open()

    def close(self) -> None:
        """Let go of the files or of the server; nothing more can be asked."""
        _close(self._client)

    def _open(self) -> chromadb.Collection:
        """Open what is there, or begin with nothing. Raises ``OtherModel``."""
        collection = self._client.get_or_create_collection(
            _COLLECTION,
            embedding_function=None,  # Chroma's own fetches a model from the network
            configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200}},
            metadata={"model": self._model},  # of one that is there already, it changes nothing
        )
        maker = (collection.metadata or {}).get("model")
        if maker != self._model:
            raise OtherModel(
                f"the vector store in {self._place} was made by {maker}, not {self._model}: "
                "run `baowen rebuild`"
            )
        return collection

    def _asked(self, question: Callable[[chromadb.Collection], T]) -> T:
        """Ask Chroma, and once more where another process has begun afresh in between."""
        with self._reached():
            try:
                return question(self._collection)
            except NotFoundError:
                self._collection = self._open()
                return question(self._collection)

    def _reached(self) -> AbstractContextManager[None]:
        return _reached(self._place)

    def _upsert(self, names: list[str], vectors: Floats) -> None:
        self._asked(lambda held: held.upsert(ids=names, embeddings=vectors))

    def _forget(self, names: list[str]) -> None:
        self._asked(lambda held: held.delete(ids=names))

    def _page(self, start: int) -> list[str]:
        """Some names, from so many on: a server doesn't give all in one go."""
        return self._asked(lambda held: held.get(limit=self._at_once, offset=start, include=[]))[
            "ids"
        ]

    def _lacking(self, names: Iterable[str]) -> list[str]:
        """Those of the names that are not there, each once."""
        wanted = list(dict.fromkeys(names))
        held = set(self._held(wanted))
        return [name for name in wanted if name not in held]

    def _embedded(self, names: Sequence[str], texts: Mapping[str, str]) -> dict[str, Floats]:
        """The vectors of these of the texts."""
        if not names:
            return {}
        vectors = self._embeddings.embed_documents([texts[name] for name in names])
        return dict(zip(names, np.asarray(vectors, np.float32), strict=True))

    def _rows(self, dimensions: int) -> Rows | None:
        """The same vectors to be compared one by one; None of a server's."""
        with self._beginning:
            if self._kept_rows is None and self._exact:
                self._kept_rows = Rows(self._exact / str(dimensions), dimensions)
            return self._kept_rows

    def _copy(self, names: Sequence[str]) -> None:
        """Make the rows of vectors that were added before there were rows, or lost theirs."""
        for some in _batches(names, _READ_AT_ONCE):
            found = self._collection.get(ids=some, include=["embeddings"])
            if found["ids"]:
                vectors = np.asarray(found["embeddings"], np.float32)
                if rows := self._rows(vectors.shape[1]):
                    rows.add(found["ids"], vectors)

    def _nearest_of(
        self, vector: list[float], limit: int, among: Iterable[str]
    ) -> list[tuple[str, float]]:
        """The same among these names, by the server."""
        found: list[tuple[str, float]] = []
        for names in _batches(dict.fromkeys(among), self._at_once):
            try:
                found += self._nearest(vector, limit, names)
            except InternalError:  # a name that isn't there is a fault to Chroma
                found += self._nearest(vector, limit, self._held(names))
        return sorted(found, key=lambda hit: -hit[1])[:limit]

    def _nearest(
        self, vector: list[float], limit: int, names: list[str] | None = None
    ) -> list[tuple[str, float]]:
        if limit < 1 or names == []:
            return []
        result = self._asked(
            lambda held: held.query(
                query_embeddings=np.asarray([vector], np.float32),
                n_results=limit,
                ids=names,
                include=["distances"],
            )
        )
        (found,), (distances,) = result["ids"], result["distances"] or [[]]
        return [(name, 1 - far) for name, far in zip(found, distances, strict=True)]

    def _held(self, names: Iterable[str]) -> list[str]:
        """Those of the names that are there."""
        return [name for batch in _batches(names, self._at_once) for name in self._some(batch)]

    def _some(self, names: list[str]) -> list[str]:
        return self._asked(lambda held: held.get(ids=names, include=[]))["ids"]


def _begun(work: Callable[[], T]) -> "Future[T]":
    """Do it in a thread that ends with it: one that waits for more wouldn't outlive a fork."""
    threads = ThreadPoolExecutor(1, "ahead")
    future = threads.submit(work)
    threads.shutdown(wait=False)
    return future


def _client(place: Path | ChromaServer) -> ClientAPI:
    try:
        if isinstance(place, ChromaServer):
            return place.client()
        wipe_what_is_freed()
        return chromadb.PersistentClient(place, settings=Settings(anonymized_telemetry=False))
    except ChromaError as error:
        raise _unusable(place, error) from error


def _unusable(place: Path | ChromaServer, error: ChromaError) -> StoreError:
    if isinstance(place, ChromaServer):
        return StoreError(f"the vector store at {place} refuses its use ({error})")
    SharedSystemClient.clear_system_cache()  # or it would be found broken ever after
    return DamagedStore(
        f"the vector store in {place} can't be read ({error}): run `baowen rebuild`"
    )


def _close(client: ClientAPI) -> None:
    told: Any = client  # what a client has inside
    for server in (told._server, told._admin_client._server):
        if hasattr(server, "_session"):
            server._session.close()  # Chroma leaves its connections open
    told.close()


@contextmanager
def _reached(place: Path | ChromaServer) -> Iterator[None]:
    """Turn what Chroma and its client say of a place that can't be used into errors of ours."""
    try:
        yield
    except Exception as error:
        if isinstance(place, ChromaServer) and _is_down(error):
            raise StoreUnavailable(
                f"the vector store at {place} doesn't answer ({error}): see that Chroma runs there"
            ) from error
        raise


def _is_down(error: Exception) -> bool:
    """Whether a client of Chroma found no server, or one that is not up yet."""
    if isinstance(error, InternalError):  # its files of a new collection aren't all written yet
        return "Nothing found on disk" in str(error)
    if isinstance(error.__context__, httpx.HTTPStatusError):
        return error.__context__.response.status_code in _TOO_BUSY
    return isinstance(error, httpx.TransportError | RateLimitError)


def _batches(names: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(names)
    while batch := list(islice(rest, size)):
        yield batch
