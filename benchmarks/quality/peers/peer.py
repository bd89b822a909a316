"""What every peer does: read passages and questions, build an index, and tell where each question led.

    python with_NAME.py CORPUS.jsonl QUESTIONS.jsonl MODEL LENGTH

Prints one JSON object: how many pieces the passages were cut into, the seconds that indexing took,
and for each question the ids found, best first, each once, and the milliseconds it took.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

FOUND = 30
"""Pieces that are asked for, so that ten passages are left when each counts once."""

Search = Callable[[str], list[str]]
Index = Callable[[list[dict[str, Any]], str, int], tuple[int, Search]]
"""From passages (``id``, ``text``), model and length to the number of pieces and a search for ids."""


def run(index: Index) -> None:
    """Read, index, ask, tell."""
    corpus, questions, model, length = sys.argv[1:]
    passages, asked = (
        [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
        for path in (corpus, questions)
    )
    begun = perf_counter()
    pieces, search = index(passages, model, int(length))
    indexed = perf_counter() - begun
    search(asked[0])  # models and caches are warm from here on
    found, spent = [], []
    for question in asked:
        begun = perf_counter()
        ids = search(question)
        spent.append((perf_counter() - begun) * 1000)
        found.append(list(dict.fromkeys(ids)))
    print(json.dumps({"pieces": pieces, "seconds": indexed, "found": found, "ms": spent}))
