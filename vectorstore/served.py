"""Texts to vectors by a server that speaks OpenAI's embeddings interface, such as vLLM, TEI or Ollama."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import httpx
import numpy as np
from pydantic import BaseModel, ValidationError

from vectorstore.embedding import QUERIES_KEPT, ModelUnavailable, RowEmbeddings, Vectors, prompts
from vectorstore.unavailable import Unavailable

_AT_ONCE = 32
"""Texts of one request, which all servers take."""
_PATIENCE = 60.0
"""Seconds that the server has for one request."""
_COMES_BACK = {408, 429, 500, 502, 503, 504}
"""What a server says that may do the same in a while."""


class EmbeddingUnavailable(Unavailable, ModelUnavailable):
    """The server that embeds doesn't answer for now."""


class _Embedded(BaseModel):
    index: int
    embedding: list[float]


class _Reply(BaseModel):
    data: list[_Embedded]


class ServedEmbeddings(RowEmbeddings):
    """Vectors of length one from a server, safe to share among threads.

    Before texts to E5 models stand the prompts that these were trained with. Methods raise
    ``EmbeddingUnavailable`` where the server is away, and ``ModelUnavailable`` where it refuses.
    """

    def __init__(self, url: str, model: str, *, key: str | None = None) -> None:
        """Take the ``model`` that the server at ``url``, which ends in ``/v1``, knows by this name."""
        self._url, self._model = url.rstrip("/"), model
        self.name = f"{model}@served"
        """Tells this model from every other, as far as its name does."""
        self._before = prompts(model)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(headers=headers, timeout=_PATIENCE)
        self._question = lru_cache(QUERIES_KEPT)(self._embedded)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found, one a row."""
        if not texts:
            return np.empty((0, 0), np.float32)
        before = self._before["document"]
        return np.concatenate(list(self._in_turn([before + text for text in texts])))

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to search with, one a row."""
        if not texts:
            return np.empty((0, 0), np.float32)
        return np.stack([self._question(text) for text in texts])

    def _embedded(self, question: str) -> Vectors:
        vector: Vectors = self._asked([self._before["query"] + question])[0]
        return vector

    def _in_turn(self, texts: Sequence[str]) -> Iterator[Vectors]:
        for start in range(0, len(texts), _AT_ONCE):
            yield self._asked(texts[start : start + _AT_ONCE])

    def _asked(self, texts: Sequence[str]) -> Vectors:
        body = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        try:
            response = self._client.post(f"{self._url}/embeddings", json=body)
            response.raise_for_status()
            told = _Reply.model_validate_json(response.content).data
            if sorted(each.index for each in told) != list(range(len(texts))):
                raise ValueError(f"{len(told)} vectors for {len(texts)} texts")
            found = sorted(told, key=lambda each: each.index)
            vectors = np.array([each.embedding for each in found], np.float32)
        except httpx.TransportError as error:
            raise self._away(error) from error
        except httpx.HTTPStatusError as error:
            if error.response.status_code in _COMES_BACK:
                raise self._away(error) from error
            raise ModelUnavailable(
                f"the embedding server at {self._url} refuses {self._model} "
                f"({error.response.status_code}: {error.response.text[:200]!r})"
            ) from error
        except (ValidationError, ValueError) as error:
            raise ModelUnavailable(
                f"{self._url}/embeddings doesn't answer as OpenAI's does: "
                "see that BAOWEN_EMBEDDING_URL ends in /v1 and names an embedding server"
            ) from error
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True).astype(np.float32)
        scaled: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
        return scaled

    def _away(self, error: httpx.HTTPError) -> EmbeddingUnavailable:
        return EmbeddingUnavailable(
            f"the embedding server at {self._url} doesn't answer ({error}): see that it runs"
        )
