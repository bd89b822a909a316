"""The bundled model's layers in whole numbers, on onnxruntime: several times as fast as torch.

Neither torch nor sentence-transformers is loaded for it, which takes longer than a question does.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from vectorstore.bundled import LAYERS, LONGEST, Floats, tokenizer_of, word_vectors
from vectorstore.processors import PROCESSORS, network

QUESTION, PASSAGE = "query: ", "passage: "
"""What E5 models were trained to have before a text."""


class Quantized:
    """The model in a folder that ``quantize`` has written its layers to. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        """Raises ``OSError`` or ``ValueError`` for a folder that holds no such model."""
        self._tokenizer = tokenizer_of(folder)
        self._words = word_vectors(folder / "model.safetensors")
        self._network = network(folder / LAYERS)
        self.dimensions = int(self._words.shape[1])
        """Of a vector."""

    def passages(self, texts: Iterable[str]) -> Floats:
        """Vectors of texts to be found, of length one, one a row."""
        return self._vectors([PASSAGE + text for text in texts])

    def question(self, text: str) -> Floats:
        """The vector of a text to search with, of length one."""
        vector: Floats = self._vectors([QUESTION + text])[0]
        return vector

    def _vectors(self, texts: Sequence[str]) -> Floats:
        """Texts go one by one: a text's vector must not hang on its neighbours."""
        vectors = np.concatenate(PROCESSORS.each(self._vector, texts))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def _vector(self, text: str) -> Floats:
        words = self._words[self.tokens(text)]
        vector: Floats = self._network.run(None, {"words": words[None]})[0]
        return vector

    def tokens(self, text: str) -> list[int]:
        """What is read of a text: its first tokens and the one that marks the end."""
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids if len(ids) <= LONGEST else [*ids[: LONGEST - 1], ids[-1]]
