"""An embedding that needs no model: texts that share words are near each other."""

import hashlib

import numpy as np
from langchain_core.embeddings import Embeddings

from vectorstore.words import words


class ToyEmbeddings(Embeddings):
    """Each word points somewhere in 64 dimensions, always the same way; a text is their sum.

    ``seen`` has every text that was embedded as a document.
    """

    def __init__(self, dimensions: int = 64) -> None:
        self.dimensions = dimensions
        self.name = f"toy@{dimensions}"
        self.seen: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.seen += texts
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = sum((self._direction(word) for word in words(text)), self._direction(""))
        unit: list[float] = (vector / np.linalg.norm(vector)).tolist()
        return unit

    def _direction(self, word: str) -> np.ndarray:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        return np.random.default_rng(seed).normal(size=self.dimensions)
