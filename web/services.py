"""The one place where settings become objects, each when it is first asked for."""

import hashlib
import json
import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from socket import create_connection
from threading import Event, Thread
from time import monotonic, sleep
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from qa import composing
from qa.answering import Answerer, AnswerEvent, end
from qa.answers import Question
from qa.checking import Checker
from qa.composing import ChatUnavailable, Composer
from qa.ledger import Ledger
from qa.ranking import Ranker
from qa.reader import Reader
from qa.suggesting import Suggested, Suggestions
from vectorstore.articles import digest
from vectorstore.catalogue import Catalogue, KeptElsewhere, KeptSource, connect
from vectorstore.dialects import Turn
from vectorstore.embedding import DEFAULT, ModelUnavailable, SentenceEmbeddings, find
from vectorstore.fulltext import FullText, WordIndex
from vectorstore.fulltext_sql import SharedFullText
from vectorstore.ingest import Given, Indexer, Report, ingest, uploaded
from vectorstore.memory import give_back
from vectorstore.page_images import PageImages
from vectorstore.search import Searcher
from vectorstore.selection import Selection
from vectorstore.served import ServedEmbeddings
from vectorstore.store import ChromaServer, PassageStore, StoreError
from vectorstore.unavailable import Unavailable
from web.jobs import Jobs
from web.register import LATE, Keys, Repeats, Uploads
from web.rules import Rules
from web.settings import Settings

logger = logging.getLogger(__name__)

PAUSE = 0.5
"""Seconds between two looks for what others have put into the catalogue."""
REACHED_WITHIN = 2.0
"""Seconds in which a service that runs takes a connection."""
STOPPING = 10
"""Seconds that a batch has to end when the service stops."""

A_DAY = 24 * 60 * 60
"""Seconds between two looks for conversations to forget."""
A_WHILE = 60
"""Seconds between two looks for what others have indexed."""

_REACHED = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104 - to ask, not bind


class InUse(RuntimeError):
    """Another process owns the vector store; the message says which and what to do."""


class Services:
    """What the service and the commands work with.

    The catalogue and the ledger may be used by any number of processes. Vectors in the folder have
    one owner at a time: whoever uses ``answerer``, ``checker`` or ``indexer`` does so within
    ``owning``. Those that a server keeps are for all to ask, and ``indexer`` alone is for the owner.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = settings.folder
        self.key = settings.key.get_secret_value() if settings.key else None
        self._commands_key = secrets.token_urlsafe(32)
        self._missing: str | None = "The model is being loaded; try again in a few seconds."
        self._stopped = Event()
        self._indexing: Thread | None = None
        self._indexes = True
        self._is_reconciled = False
        self._stale = True
        """Whether the archive may have changed since questions to suggest were drawn from it."""
        self._forgetting_due = self._renewing_due = 0.0

    @property
    def shared(self) -> bool:
        """Whether several processes may have the vectors open at a time: a server keeps them."""
        return self.settings.vectors is not None

    @cached_property
    def lock(self) -> FileLock | Turn:
        """Held by the one process that owns the vector store, or, where it is shared, indexes."""
        if self.shared and self.settings.database:
            return Turn(self.catalogue.engine)
        self.home.mkdir(parents=True, exist_ok=True)
        return FileLock(self.home / "owner.lock", thread_local=False)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What the archive holds."""
        self.home.mkdir(parents=True, exist_ok=True)
        images = PageImages(self.home / "images", drawn=self.settings.page_images)
        return Catalogue(connect(self.settings.database_url), images)

    def expect_file(self) -> None:
        """See that the catalogue is a file in the folder. Raises ``KeptElsewhere``."""
        if self.settings.database:
            raise KeptElsewhere

    @cached_property
    def ledger(self) -> Ledger:
        """What was answered."""
        return Ledger(self.catalogue.engine, self.catalogue)

    @cached_property
    def keys(self) -> Keys:
        """Who may show which key."""
        return Keys(self.catalogue.engine, self.key, self._commands_key)

    @cached_property
    def repeats(self) -> Repeats:
        """Which requests were answered already."""
        return Repeats(self.catalogue.engine)

    @property
    def rules(self) -> Rules:
        """What the settings let strangers do."""
        told = self.settings
        return Rules(
            keyed=told.reading == "keyed",
            hosts=told.hosts,
            origins=told.origins,
            proxies=told.proxies,
            requests=told.request_limit,
            questions=told.question_limit,
            limited_at_home=not {"request_limit", "question_limit"}.isdisjoint(
                told.model_fields_set
            ),
            counted_in=told.limit_storage,
            log_questions=told.log_questions,
        )

    @cached_property
    def embeddings(self) -> SentenceEmbeddings | ServedEmbeddings:
        """The embedding model, loaded or reached at its first use. Raises ``ModelUnavailable``."""
        told = self.settings
        if told.embedding_url:
            key = told.embedding_key.get_secret_value() if told.embedding_key else None
            return ServedEmbeddings(told.embedding_url, told.embedding_model, key=key)
        return find(told.embedding_model, self.home / "models")

    @cached_property
    def reader(self) -> Reader:
        """What reads passages with the question in hand, on the bundled model's word vectors."""
        return Reader(find(DEFAULT, self.home / "models").folder)

    @cached_property
    def store(self) -> PassageStore:
        """The vectors. Raises ``StoreError``, unless a rebuild was asked for."""
        told = self.settings
        place: Path | ChromaServer = self.home / "vectors"
        if told.vectors:
            key = told.vectors_key.get_secret_value() if told.vectors_key else None
            place = ChromaServer.at(told.vectors, key)
        owned = not self.shared or self.lock.is_locked
        make = PassageStore.afresh if owned and self.catalogue.rebuild_asked() else PassageStore
        return make(self.embeddings, place, model=self.embeddings.name)

    @cached_property
    def fulltext(self) -> WordIndex:
        """The full text, where the catalogue is: beside its file, or in the database."""
        if self.settings.database:
            return SharedFullText(self.catalogue.engine)
        return FullText(self.home / "fulltext")

    @cached_property
    def indexer(self) -> Indexer:
        """What brings vectors and full text up to the catalogue."""
        return Indexer(self.catalogue, self.store, self.fulltext)

    @cached_property
    def searcher(self) -> Searcher:
        """What finds passages."""
        return Searcher(self.store, self.fulltext, self.catalogue)

    @cached_property
    def checker(self) -> Checker:
        """What checks quotes."""
        return Checker(self.catalogue, self.searcher, self.ledger)

    @cached_property
    def answerer(self) -> Answerer:
        """What answers."""
        return Answerer(
            self.catalogue,
            self.searcher,
            Ranker(self.embeddings, self.reader),
            self.ledger,
            self.composer,
        )

    @cached_property
    def composer(self) -> Composer | None:
        """The chat model that is set. Raises ``ChatUnavailable``."""
        told = self.settings
        if told.chat_model is None:
            return None
        key = told.chat_key.get_secret_value() if told.chat_key else None
        return composing.load(
            told.chat_model, url=told.chat_url, key=key, patience=told.chat_timeout
        )

    @cached_property
    def jobs(self) -> Jobs:
        """Uploads that are being read."""
        queue = self.settings.queue.get_secret_value() if self.settings.queue else None
        return Jobs(Uploads(self.catalogue.engine), self.ingest, queue)

    @contextmanager
    def owning(self, patience: float = 0) -> Iterator[None]:
        """Own the vector store; wait for it at most so many seconds. Raises ``InUse``."""
        try:
            self.lock.acquire(timeout=patience)
        except TimeoutError as error:
            address = self.address()
            who = f"The service at {address}" if address else "Another baowen command"
            raise InUse(
                f"{who} has the archive in {self.home} open: "
                "stop it, wait until it ends, or name another folder with BAOWEN_HOME."
            ) from error
        owner = os.getpid()
        try:
            yield
        finally:
            if os.getpid() == owner:  # a forked worker that ends must not let go for its parent
                self.lock.release()

    # What a running service tells the commands

    @property
    def _card(self) -> Path:
        return self.home / "service.json"

    @property
    def _pass(self) -> Path:
        return self.home / "service.key"

    def announce(self, host: str, port: int) -> None:
        """Leave word where the service can be reached, and a key for commands of the same user."""
        reached = _REACHED.get(host, host)
        if ":" in reached and not reached.startswith("["):
            reached = f"[{reached}]"
        self._pass.unlink(missing_ok=True)
        self._pass.touch(0o600)
        self._pass.write_text(self._commands_key)
        self._card.write_text(json.dumps({"url": f"http://{reached}:{port}", "pid": os.getpid()}))

    def withdraw(self) -> None:
        """Take that word back, if it is this process's own."""
        with suppress(OSError, ValueError, KeyError):
            if json.loads(self._card.read_text())["pid"] == os.getpid():
                self._card.unlink()
                self._pass.unlink()

    def pass_key(self) -> str | None:
        """The key for commands, where a service that runs left it and they may read it."""
        with suppress(OSError):
            return self._pass.read_text()
        return None

    def address(self) -> str | None:
        """Where the running service can be reached; None where none runs."""
        with suppress(OSError, ValueError, KeyError, TypeError, Timeout):
            url = str(json.loads(self._card.read_text())["url"])
            try:
                self.lock.acquire(timeout=0)
            except Timeout:  # by the service, or by a command since the service was killed
                place = urlsplit(url)
                with create_connection((place.hostname, place.port or 80), REACHED_WITHIN):
                    return url
            self.lock.release()
        return None

    # What changes the archive

    def ingest(self, name: str, data: bytes, given: Given = Given()) -> Iterator[Report]:
        """Take an uploaded file, or those of a zip file, in; the indexer makes them found."""
        origin = f"upload:{digest(name, hashlib.sha256(data).hexdigest())}"
        shown = "".join(filter(str.isprintable, Path(name).name)) or "upload.txt"
        refused: list[Report] = []
        for offer in uploaded(data, origin, shown, given, refused.append):
            yield ingest(self.catalogue, offer)
        yield from refused

    def remove(self, article_ids: Sequence[str]) -> int:
        """Take articles out for good, with what was quoted of them; tell how many there were."""
        with self.catalogue.writing() as connection:
            self.ledger.redact(connection, self.catalogue.parts(article_ids, connection))
            gone = self.catalogue.drop(connection, article_ids)
        self.catalogue.wipe()
        return gone

    def remove_files(self, files: Iterable[KeptSource]) -> int:
        """Take out for good what files gave; tell how many articles.

        Of an article that another page continues or began, only what these files printed goes.
        """
        gone = 0
        with self.catalogue.writing() as connection:
            for file in files:
                printed = {each.id for each in self.catalogue.printed_by(file.id, connection)}
                wholes = self.catalogue.parts(printed, connection)
                gone += self.catalogue.drop_source(connection, file.id)
                self.ledger.redact(connection, printed)
                self.ledger.redact_lost(connection, sorted(wholes - printed))
        self.catalogue.wipe()
        return gone

    def settle(
        self,
        done: Callable[[], bool],
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Come back when the caches are up to the catalogue, by one's own work or the owner's."""
        while not done():
            try:
                with self.owning():
                    self.indexer.reconcile()
                    self.catch_up(progress)
                    return
            except InUse:
                sleep(PAUSE)

    def catch_up(self, progress: Callable[[int], None] = lambda _: None) -> bool:
        """Bring the caches up to the catalogue; tell whether they lacked or held too much of it.

        Only for who owns them.
        """
        changed = False
        while self._goes_on() and (count := self.indexer.step()):
            progress(count)
            changed = True
        return changed

    def _goes_on(self) -> bool:
        """Whether it is this process's turn still. Raises ``Unreachable``."""
        return not self._stopped.is_set() and (not self.shared or self.lock.is_locked)

    def index(self) -> bool:
        """Catch up if it is this process's turn; tell whether there was anything to do.

        Of those that share the vectors one has its turn, until it ends.
        """
        return self._has_turn() and self.catch_up()

    def _has_turn(self) -> bool:
        if not self._indexes:
            return False
        if self.shared and not self.lock.is_locked:
            try:
                self.lock.acquire(timeout=0)
            except TimeoutError:
                return False
            self._is_reconciled = False
        if not self._is_reconciled:
            self.indexer.reconcile()
            self._is_reconciled = True
        return True

    # What the service does

    def start(self) -> None:
        """Load the model and keep the caches up to the catalogue, in a thread of its own.

        The caller owns the vector store until ``stop``, unless it is shared. Where workers are told
        of uploads by a queue, these are theirs, and so is indexing where the vectors are shared.
        """
        self.catalogue.engine.dispose(close=False)  # its connections are the parent's, if forked
        alone = self.settings.queue is None
        if alone:
            self.jobs.start(LATE if self.shared else timedelta(0))
        self._indexes = alone or not self.shared
        self._look_again_and_again(self._keep_up)

    def work(self) -> None:
        """Read uploads, and index what is shared, in threads of their own."""
        self._indexes = self.shared
        self.jobs.start()
        self._look_again_and_again(self.index)

    def stop(self) -> None:
        """Have the indexer end after its batch, and the uploads after the one at hand."""
        self._stopped.set()
        self.jobs.close()
        if self._indexing:
            self._indexing.join(STOPPING)  # native code that outlives the interpreter crashes it

    def ready(self) -> str | None:
        """None when questions can be answered; what is missing otherwise."""
        return self._missing

    def state(self) -> dict[str, str | int | bool]:
        """Count, and compare the caches with the catalogue. Only for who owns them."""
        return {
            **asdict(self.catalogue.counts()),
            "agree": self.indexer.agree(),
            "model": self.embeddings.name,
            "version": version("baowen"),
        }

    def suggestions(self) -> list[str]:
        """Questions that the archive at hand answers."""
        return list(self._suggestions.questions)

    def questions_on(self, article_ids: Iterable[str]) -> Iterator[Suggested]:
        """Questions that these articles answer, each tried when it is asked for."""
        return self._suggestions.on(article_ids)

    @cached_property
    def _suggestions(self) -> Suggestions:
        return Suggestions(self.catalogue, self.answerer)

    def observed(self, question: Question) -> AnswerEvent:
        """Answer in its conversation, and tell what the answer was drawn from."""
        if question.conversation and (kept := self.ledger.conversation(question.conversation)):
            question = replace(question, history=kept.turns)
        return end(self.answerer.events(question))

    def open(self) -> None:
        """Load the model and open the caches; index an archive of which nothing is indexed yet.

        Raises ``ModelUnavailable`` and ``StoreError``.
        """
        begun = monotonic()
        self._is_reconciled = False
        has_turn = self._has_turn()
        counts = self.catalogue.counts()
        if counts.passages and counts.pending == counts.passages:
            self._missing = f"The archive's {counts.passages} passages are being indexed."
            if not has_turn:
                return
            self.catch_up()
        if self.composer:
            self.composer.open()
        self.answerer.search("热身 warm up", Selection(), limit=1)
        give_back()
        self._missing = None
        logger.info("ready after %.1f s", monotonic() - begun)

    def _forget_old(self) -> None:
        """Once a day, let go of the conversations that the settings have go."""
        days = self.settings.keep_conversations
        if days is None or monotonic() < self._forgetting_due:
            return
        self._forgetting_due = monotonic() + A_DAY
        if gone := self.ledger.forget_before(datetime.now(UTC) - timedelta(days=days)):
            self.catalogue.wipe()
            logger.info("forgot %d conversations of more than %d days ago", gone, days)

    def _look_again_and_again(self, look: Callable[[], object]) -> None:
        self._indexing = Thread(target=self._repeat, args=(look,), name="indexer", daemon=True)
        self._indexing.start()

    def _repeat(self, look: Callable[[], object]) -> None:
        """Look for what is to be done, and note what is missing for it, until it is to stop."""
        while not self._stopped.is_set():
            try:
                look()
            except (ModelUnavailable, StoreError, ChatUnavailable, Unavailable) as error:
                told = error.told if isinstance(error, Unavailable) else str(error)
                if self._missing != told:
                    logger.error("%s", error)
                self._missing = told
            except Exception:  # the next look tries again; what is indexed stays found
                logger.exception("indexing broke off")
                self._stopped.wait(5)
            self._stopped.wait(PAUSE)

    def _keep_up(self) -> None:
        """One look of a service that answers."""
        if self._missing:
            self.open()
            self._stale = True
        self._stale = self.index() or self._have_others_indexed() or self._stale
        if self._stale and not self._missing:  # counting takes too long to be done at every look
            self._suggestions.renew()
            self._stale = False
        self._forget_old()

    def _have_others_indexed(self) -> bool:
        """Whether it is time to look for that. Raises ``Unavailable`` where a server is away."""
        if not self.shared:
            return False
        self.store.expect()
        self.catalogue.expect()
        if monotonic() < self._renewing_due:
            return False
        self._renewing_due = monotonic() + A_WHILE
        return True
