"""Answers in a chat model's words: it names the sentences it rests on, and each statement is checked.

The model writes freely and may refuse. What it says without naming a sentence that it was shown, or
with a number, name or day that the sentence doesn't hold, isn't given.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from qa import prompts
from qa.answers import Evidence
from qa.understanding import Sort, plain, understand
from vectorstore.articles import Article
from vectorstore.words import bigrams, words

if TYPE_CHECKING:  # they take longer to import than all else that a command needs
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

logger = logging.getLogger(__name__)

SHOWN = 12
"""Sentences that the model is shown, the likeliest ones."""
SHARED = 0.5
"""Of a statement's words, those that question and quotes must hold."""
LONGEST = 4_000
"""Characters after which a model that goes on and on is cut off."""

_MARKS = re.compile(
    r"((?:[\[【]\s{0,3}\d+(?:\s{0,3}[,，、]\s{0,3}\d+)*\s{0,3}[\]】]\s{0,3})+)([。.!?！？]?)"
)
"""The numbers behind a statement, and the full stop that may follow them."""
_DENIALS = frozenset(
    "不 没 没有 未 未能 不会 不再 不能 不是 不用 不予 不得 不得不 不准 无法 并非 并未 从未 尚未 "
    "no not never cannot without".split()
)
"""Words by which a statement denies something."""
_DENIED = re.compile(r"[不没未无莫勿非否免禁停拒]|取消|\b(?:no|not|never|cannot|without)\b|n't\b")
"""What in a quote may be told with them, read generously."""
_FACTS = (Sort.NUMBER, Sort.ORDINAL, Sort.YEAR, Sort.DAY, Sort.NAME, Sort.QUOTED)


class ChatUnavailable(RuntimeError):
    """A chat model that can't be had or doesn't answer; the message says why and what to do."""


class Declined(RuntimeError):
    """The chat model says that the sentences don't answer."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What the model says, and the sentences that it rests on, as places among those shown."""

    text: str
    evidence: tuple[int, ...]


class Composer:
    """A chat model that answers from sentences, each time within so many seconds."""

    def __init__(self, model: "BaseChatModel", name: str, patience: float = 60) -> None:
        self._model = model
        self.name = name
        self._patience = patience

    def open(self) -> None:
        """Load a model that runs in this process. Raises ``ChatUnavailable``."""
        from qa import llama

        if isinstance(self._model, llama.LlamaChat):
            try:
                self._model.open()
            except llama.UnusableFile as error:
                raise ChatUnavailable(
                    f"the chat model {self.name} can't be used: {error}"
                ) from error

    def compose(
        self, question: str, evidence: Sequence[Evidence], articles: Mapping[str, Article]
    ) -> Iterator[Statement]:
        """What the model says and its sentences support, as it comes.

        Raises ``Declined`` if it refuses, ``ChatUnavailable`` where it fails; what came before is
        good.
        """
        from langchain_core.messages import HumanMessage, SystemMessage

        shown = [(_place(articles[each.article_id]), each.text) for each in evidence]
        said: list[BaseMessage] = [
            SystemMessage(prompts.rules(question)),
            HumanMessage(prompts.asked(question, shown)),
        ]
        whole: list[str] = []
        for text, numbers in statements(self._pieces(said, whole)):
            rests_on = tuple(dict.fromkeys(n - 1 for n in numbers if 0 < n <= len(evidence)))
            quotes = [evidence[at].text for at in rests_on]
            if quotes and supported(text, quotes, question):
                yield Statement(text, rests_on)
            else:
                logger.info("the chat model said something that its sentences don't support")
        if "".join(whole).strip(" \n。.") in prompts.NOTHING:
            raise Declined

    def _pieces(self, said: list["BaseMessage"], whole: list[str]) -> Iterator[str]:
        until = monotonic() + self._patience
        try:
            with closing(self._model.stream(said)) as chunks:  # type: ignore[type-var] # a generator
                for chunk in chunks:
                    whole.append(str(chunk.text))
                    yield whole[-1]
                    if monotonic() > until:  # clients count the seconds from piece to piece
                        raise TimeoutError
        except Exception as error:  # whatever its client raises
            logger.warning("the chat model %s failed: %s", self.name, type(error).__name__)
            raise ChatUnavailable(f"the chat model {self.name} did not answer") from error


def load(name: str, *, url: str | None, key: str | None, patience: float) -> Composer:
    """A chat model by LangChain's name for it (``openai:gpt-4o``, ``ollama:qwen3``, ``anthropic:…``).

    ``gguf:/path/to/model.gguf`` is a file that llama.cpp runs in this process. ``url`` is where the
    model's API is, if not the maker's; ``patience`` is in seconds. Raises ``ChatUnavailable`` for a
    model that can't be had.
    """
    maker, _, called = name.partition(":")
    try:
        if maker == "gguf":
            from qa import llama

            path = Path(called).expanduser()
            return Composer(llama.from_file(path, patience), path.stem, patience)
        return Composer(_at_its_maker(name, url, key, patience), called or name, patience)
    except (ImportError, ValueError) as error:
        raise ChatUnavailable(f"the chat model {name} can't be used: {error}") from error


def _at_its_maker(name: str, url: str | None, key: str | None, patience: float) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    told: dict[str, Any] = {"temperature": 0, "timeout": patience, "max_retries": 2}
    told |= {each: value for each, value in (("base_url", url), ("api_key", key)) if value}
    model: BaseChatModel = init_chat_model(name, **told)
    return model


def statements(pieces: Iterator[str]) -> Iterator[tuple[str, list[int]]]:
    """What a model says, cut behind the numbers that each statement gives.

    >>> list(statements(iter(["桥长一千米[1", "]。明年通车。[2][3] 完"])))
    [('桥长一千米。', [1]), ('明年通车。', [2, 3])]
    """
    text = ""
    read = 0
    ended = False
    while not ended:
        piece = next(pieces, None)
        ended = piece is None or read > LONGEST
        text += piece or ""
        read += len(piece or "")
        while match := _MARKS.search(text):
            if match.end() == len(text) and not ended:
                break  # more numbers, or a full stop, may follow
            marks, stop = match.groups()
            said = text[: match.start()].strip(" \n-•*")
            text = text[match.end() :]
            if said:
                closed = said[-1] in "。.!?！？"
                yield said + stop * (not closed), [int(each) for each in re.findall(r"\d+", marks)]


def supported(statement: str, quotes: Sequence[str], question: str) -> bool:
    """Whether quotes hold the numbers, days, names and most of the words of a statement.

    One that denies something needs a quote that does.
    """
    if not _DENIALS.isdisjoint(words(statement)) and not _DENIED.search(plain(" ".join(quotes))):
        return False
    known = plain(" ".join((*quotes, question)))
    facts = understand(statement).of(*_FACTS)
    if any(term.found(known) < (0.6 if term.sort is Sort.NAME else 1) for term in facts):
        return False
    said = plain(statement)
    told = {*words(said), *bigrams(said)}
    shared = told & {*words(known), *bigrams(known)}
    return len(shared) >= SHARED * len(told)


def _place(article: Article) -> str:
    issued = article.issued.isoformat() if article.issued else article.date
    return " ".join(filter(None, (" ".join(article.headline), article.publication, issued)))
