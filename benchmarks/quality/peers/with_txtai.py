"""txtai: Embeddings over whole passages, as its examples do."""

from typing import Any

from peer import FOUND, Search, run
from txtai import Embeddings


def index(passages: list[dict[str, Any]], model: str, length: int) -> tuple[int, Search]:
    """Index passages."""
    embeddings = Embeddings(
        path=model,
        method="sentence-transformers",
        instructions={"query": "query: ", "data": "passage: "},
    )
    embeddings.index((each["id"], each["text"]) for each in passages)
    return len(passages), lambda question: [
        str(uid) for uid, _ in embeddings.search(question, FOUND)
    ]


run(index)
