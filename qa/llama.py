"""A chat model from a GGUF file: llama.cpp in this process, one generation at a time.

The binding is asked over HTTP, on this machine alone and with a key of this process: through that
door llama.cpp ends a generation that nobody waits for any more.
"""

import importlib.util
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import httpx
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

CONTEXT = 8192
"""Tokens of the question with its sentences, and of the answer, at most."""
ANSWER = 512
"""Tokens of an answer at most."""
_MAGIC = b"GGUF"
_EVENT = "data: "


class UnusableFile(ValueError):
    """A chat model's file that can't be used; the message says why and what to do."""


class LlamaChat(BaseChatModel):
    """A model that is loaded when it is opened or first asked. Threads may share it."""

    path: Path
    patience: float
    """Seconds to wait for the next piece of an answer."""
    _loading: Lock = PrivateAttr(default_factory=Lock)
    _key: str = PrivateAttr(default_factory=secrets.token_urlsafe)
    _server: Any = PrivateAttr(None)

    @property
    def _llm_type(self) -> str:
        return "gguf"

    def open(self) -> str:
        """Load it, unless it is, and tell its address. Raises ``UnusableFile``.

        Threads of a model don't outlive a fork: open it in the process that asks.
        """
        with self._loading:
            if self._server is None:
                self._server = _serve(self.path, self._key)
            return str(self._server.listening_address)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,  # noqa: ANN401 - LangChain's own
    ) -> Iterator[ChatGenerationChunk]:
        """Pieces as they come. Raises ``UnusableFile`` and httpx's errors."""
        asked = {
            "messages": convert_to_openai_messages(messages),
            "stop": stop or [],
            "max_tokens": ANSWER,
            "temperature": 0,
            "stream": True,
        }
        with httpx.stream(
            "POST",
            f"{self.open()}/v1/chat/completions",
            json=asked,
            headers={"Authorization": f"Bearer {self._key}"},
            timeout=self.patience,
            trust_env=False,  # no proxy lies between a process and itself
        ) as response:
            response.raise_for_status()
            for piece in filter(None, map(_said, response.iter_lines())):
                chunk = ChatGenerationChunk(message=AIMessageChunk(content=piece))
                if run_manager:
                    run_manager.on_llm_new_token(piece, chunk=chunk)
                yield chunk

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's own
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))


def from_file(path: Path, patience: float) -> LlamaChat:
    """The model in a file, not loaded yet. Raises ``UnusableFile`` for what can't be one."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise UnusableFile(f"{path} can't be read ({error.strerror})") from error
    if magic != _MAGIC:
        raise UnusableFile(f"{path} is not a GGUF file")
    if importlib.util.find_spec("xllamacpp") is None:
        raise UnusableFile("what runs GGUF files is missing: pip install 'baowen[gguf]'")
    return LlamaChat(path=path, patience=patience)


def _serve(path: Path, key: str) -> Any:  # noqa: ANN401 - the binding has no types
    """Load a model and have llama.cpp listen at a free port of this machine."""
    import xllamacpp

    told = xllamacpp.CommonParams()
    told.model.path = str(path)
    told.n_ctx = CONTEXT
    told.n_parallel = 1
    told.enable_reasoning = 0  # thoughts take longer than readers wait
    told.cpuparams.poll = told.cpuparams_batch.poll = 0  # waiting threads sleep
    told.cache_ram_mib = 0  # what was asked isn't kept
    told.hostnames = ["127.0.0.1"]
    told.api_keys = [key]
    told.endpoint_slots = told.ui = False
    told.offline = True
    told.warmup = False
    told.verbosity = 0
    try:
        return xllamacpp.Server(told)
    except RuntimeError as error:
        raise UnusableFile(
            f"llama.cpp can't load {path}: see that the file is whole, "
            "of a model that it knows, and fits into memory"
        ) from error


def _said(line: str) -> str:
    """What an event adds to the answer. Raises ``RuntimeError`` for one that tells of a failure."""
    data = line.removeprefix(_EVENT)
    if data == line or data == "[DONE]":
        return ""
    event = json.loads(data)
    if "error" in event:
        raise RuntimeError("llama.cpp broke off")
    return "".join(choice["delta"].get("content") or "" for choice in event["choices"])
