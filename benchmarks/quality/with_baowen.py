"""Baowen beside the peers: its search alone, and its sentences ranked.

    python with_baowen.py CORPUS.jsonl QUESTIONS.jsonl

Works on the empty archive that BAOWEN_HOME names, and prints what a peer prints, for each by name.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from qa.answers import Question
from vectorstore.ingest import Given, ingest, offered
from web.services import Services
from web.settings import Settings

FOUND = 30


def main() -> None:
    """Take in, ask, tell."""
    corpus, asked = map(Path, sys.argv[1:])
    questions = [json.loads(line) for line in asked.read_text("utf-8").splitlines()]
    services = Services(Settings())
    catalogue = services.catalogue
    begun = perf_counter()
    for offer in offered(corpus, Given(), lambda report: None):
        ingest(catalogue, offer)
    with services.owning():
        services.open()
        services.catch_up()
        seconds = perf_counter() - begun

        def searched(question: str) -> list[str]:
            hits = services.answerer.searcher.search(question, limit=FOUND)
            return _records([hit.passage.article_id for hit in hits])

        def ranked(question: str) -> list[str]:
            told = services.observed(Question(text=question))
            return _records([each.article_id for each in told.evidence])

        def _records(article_ids: list[str]) -> list[str]:
            articles = catalogue.articles_by_id(article_ids)
            return list(dict.fromkeys(articles[each].source.record or "" for each in article_ids))

        def run(search: Callable[[str], list[str]]) -> dict[str, object]:
            search(questions[0])
            found, spent = [], []
            for question in questions:
                begun = perf_counter()
                found.append(search(question))
                spent.append((perf_counter() - begun) * 1000)
            count = catalogue.counts().passages
            return {"pieces": count, "seconds": seconds, "found": found, "ms": spent}

        told = {"Baowen, its search": run(searched), "Baowen, its sentences ranked": run(ranked)}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
