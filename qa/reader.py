"""Read a passage with a question in hand: where the answer stands, and whether it is there at all.

The network is a few layers and two heads, trained by ``benchmarks/train_reader.py``. Its word
vectors are those of the bundled embedding model, so that only the layers ship. Beside its vector,
each token says whether it belongs to the question or to the passage, and whether the other side
holds it too.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from vectorstore.bundled import tokenizer_of, word_vectors
from vectorstore.processors import PROCESSORS, network
from vectorstore.words import fold, simplified

PAD = 1
"""The token that fills a row up."""
_BEGIN, _END = 0, 2
_QUESTION, _PASSAGE, _SHARED = 0, 1, 2
"""A token's kind: the side it is on, and as much more if the other side holds it too."""
_ASKED, _ABOVE, _LAST = 64, 40, 14
"""Tokens of the question and of the heading at most, and how many of them are the heading's last."""
_SPAN = 40
"""Tokens of an answer at most."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage as the network takes them.

    ``spans`` are the offsets in the passage's text of the tokens from ``body`` on.
    """

    ids: list[int]
    kinds: list[int]
    body: int
    spans: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network saw in one passage."""

    probability: float
    """That the passage answers, from 0 to 1."""
    starts: tuple[int, ...]
    """Where the passage's tokens start in its text, in code points."""
    mass: tuple[float, ...]
    """For each token, the probability that the answer begins or ends there, if there is one."""

    def share(self, start: int, end: int) -> float:
        """How likely the answer stands between two offsets of the passage's text, if at all."""
        return sum(m for at, m in zip(self.starts, self.mass, strict=True) if start <= at < end)


class Reader:
    """The trained reader, on onnxruntime. Threads may share it."""

    def __init__(self, words: Path, folder: Path = Path(__file__).parent / "reader") -> None:
        """Take the network from ``folder``, the word vectors from the model in ``words``."""
        settings = json.loads((folder / "reader.json").read_text("utf-8"))
        self._longest: int = settings["longest"]
        self._weights: list[float] = settings["calibration"]["weights"]
        self._bias: float = settings["calibration"]["bias"]
        self._tokenizer = tokenizer_of(words)
        self._words = word_vectors(words / "model.safetensors")
        self._network = network(folder / "reader.onnx")

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """One reading for each passage, given as heading and text."""
        pairs = [
            pair(self._tokenizer, question, heading, text, self._longest)
            for heading, text in passages
        ]
        logits = self.logits(pairs)
        return [self._reading(one, *seen) for one, seen in zip(pairs, logits, strict=True)]

    def answers(self, question: str, heading: str, text: str) -> float:
        """The probability that one text answers, from 0 to 1."""
        return self.read(question, [(heading, text)])[0].probability

    def logits(self, pairs: Sequence[Pair]) -> list[tuple[float, Floats, Floats]]:
        """What the network says of each pair, as logits: it answers; the answer begins, ends here.

        The last two are one a token; the first token stands for no answer.
        """
        return PROCESSORS.each(self._seen, pairs)

    def _seen(self, one: Pair) -> tuple[float, Floats, Floats]:
        ids, kinds = batch([one])
        words = self._words[ids].astype(np.float32)
        answers, begins, ends = self._network.run(
            None, {"words": words, "kinds": kinds, "mask": np.ones_like(ids)}
        )
        return float(answers[0]), begins[0], ends[0]

    def _reading(self, one: Pair, answers: float, begins: Floats, ends: Floats) -> Reading:
        if not one.spans:
            return Reading(0.0, (), ())
        known = features(one, answers, begins, ends)
        odds = float(np.dot(self._weights, known)) + self._bias
        return Reading(
            1 / (1 + exp(-odds)),
            tuple(start for start, _ in one.spans),
            tuple(mass(one, begins, ends).tolist()),
        )


def pair(tokenizer: Tokenizer, question: str, heading: str, text: str, longest: int) -> Pair:
    """Question, heading and as much of the text as ``longest`` tokens leave room for."""
    question, heading, text = map(simplified, (question, heading, text))  # as it has learned
    here, there = fold(question), fold(f"{heading}\n{text}")
    ids, kinds = [_BEGIN], [_QUESTION]

    def add(source: str, side: int, other: str, limit: int, last: int = 0) -> Encoding:
        encoded = tokenizer.encode(source, add_special_tokens=False)
        tokens = list(zip(encoded.ids, encoded.offsets, strict=True))
        if len(tokens) > limit:
            tokens = tokens[: limit - last] + tokens[len(tokens) - last :]
        for token, (start, end) in tokens:
            word = fold(source[start:end]).strip()
            shared = any(map(str.isalnum, word)) and word in other
            ids.append(token)
            kinds.append(side + _SHARED * shared)
        ids.append(_END)
        kinds.append(side)
        return encoded

    add(question, _QUESTION, there, _ASKED)
    if heading:
        add(heading, _PASSAGE, here, _ABOVE, _LAST)  # day and section stand at its end
    body = len(ids)
    room = max(0, longest - body - 1)
    return Pair(ids, kinds, body, add(text, _PASSAGE, here, room).offsets[:room])


def features(one: Pair, answers: float, begins: Floats, ends: Floats) -> tuple[float, float]:
    """What calibration weighs: the answer logit, and the best span's log odds against none."""
    first, last = one.body, one.body + len(one.spans)
    if first == last:
        return answers, -20.0
    where = [0, *range(first, last)]  # the first token stands for no answer
    begin, end = _log_softmax(begins[where]), _log_softmax(ends[where])
    likely = np.argsort(-begin[1:])[:8] + 1
    best = max(float(begin[at] + end[at : at + _SPAN].max()) for at in likely)
    return answers, best - float(begin[0] + end[0])


def mass(one: Pair, begins: Floats, ends: Floats) -> Floats:
    """For each token of the text, how likely the answer begins or ends there, if there is one."""
    first, last = one.body, one.body + len(one.spans)
    both = np.exp(_log_softmax(begins[first:last])) + np.exp(_log_softmax(ends[first:last]))
    return np.asarray(both / 2, np.float32)


def batch(pairs: Sequence[Pair]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Ids and kinds, one row a pair, padded to the longest."""
    width = max(len(one.ids) for one in pairs)
    ids = np.full((len(pairs), width), PAD, np.int64)
    kinds = np.zeros((len(pairs), width), np.int64)
    for row, one in enumerate(pairs):
        ids[row, : len(one.ids)] = one.ids
        kinds[row, : len(one.kinds)] = one.kinds
    return ids, kinds


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), np.float32)
