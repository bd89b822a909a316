"""BM25 alone: bm25s over the words that jieba cuts, whole passages."""

from typing import Any

import bm25s
import jieba
from peer import FOUND, Search, run


def words(text: str) -> list[str]:
    """What is counted."""
    return [word for word in jieba.cut_for_search(text.lower()) if word.strip()]


def index(passages: list[dict[str, Any]], model: str, length: int) -> tuple[int, Search]:
    """Index passages."""
    retriever = bm25s.BM25()
    retriever.index([words(each["text"]) for each in passages], show_progress=False)
    ids = [each["id"] for each in passages]
    count = min(FOUND, len(ids))

    def search(question: str) -> list[str]:
        found = retriever.retrieve([words(question)], k=count, show_progress=False)
        return [ids[at] for at in found.documents[0]]

    return len(passages), search


run(index)
