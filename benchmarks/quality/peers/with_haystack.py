"""Haystack: RecursiveDocumentSplitter counting characters, InMemoryDocumentStore."""

from typing import Any

from haystack import Document
from haystack.components.preprocessors import RecursiveDocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from peer import FOUND, Search, run


def index(passages: list[dict[str, Any]], model: str, length: int) -> tuple[int, Search]:
    """Index passages."""
    cut = RecursiveDocumentSplitter(
        split_length=length,
        split_overlap=0,
        split_unit="char",
        separators=["\n\n", "\n", "。", "，"],
    )
    whole = [Document(content=each["text"], meta={"passage": each["id"]}) for each in passages]
    documents = cut.run(documents=whole)["documents"]
    embedder = SentenceTransformersDocumentEmbedder(
        model=model, prefix="passage: ", normalize_embeddings=True, progress_bar=False
    )
    asker = SentenceTransformersTextEmbedder(
        model=model, prefix="query: ", normalize_embeddings=True, progress_bar=False
    )
    embedder.warm_up()
    asker.warm_up()
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(embedder.run(documents=documents)["documents"])
    retriever = InMemoryEmbeddingRetriever(store, top_k=FOUND)

    def search(question: str) -> list[str]:
        vector = asker.run(text=question)["embedding"]
        return [each.meta["passage"] for each in retriever.run(query_embedding=vector)["documents"]]

    return len(documents), search


run(index)
