"""What a search costs in models alone, for ``service.py``: loads them, and has threads use them.

    python benchmarks/both_stages.py MODELS [THREADS SECONDS < questions.json]

Imports what the service imports and loads its models; with threads and seconds it then embeds
questions and reads their passages (``[question, [[heading, text], ...]]``) as often as it can, and
prints how many a second.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).parents[1]))

import web.app
import web.server
import web.services  # noqa: F401 - what the service takes to import
from qa.reader import Reader
from vectorstore.embedding import DEFAULT, load


def main() -> None:
    """Load, and work on where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", type=Path)
    parser.add_argument("threads", type=int, nargs="?", default=0)
    parser.add_argument("seconds", type=float, nargs="?", default=0.0)
    given = parser.parse_args()
    model = load(DEFAULT, given.models)
    reader = Reader(model.folder)
    model.embed_query("热身")
    reader.answers("热身", "", "热身")
    if not given.threads:
        return
    told: list[tuple[str, list[tuple[str, str]]]] = json.load(sys.stdin)
    done: list[int] = []

    def work(at: int) -> None:
        until = time.perf_counter() + given.seconds
        while time.perf_counter() < until:
            asked, passages = told[at % len(told)]
            at += given.threads
            model.embed_query(f"{asked} {at}")
            reader.read(asked, passages)
            done.append(at)

    working = [Thread(target=work, args=(at,)) for at in range(given.threads)]
    begun = time.perf_counter()
    for each in working:
        each.start()
    for each in working:
        each.join()
    print(len(done) / (time.perf_counter() - begun))


if __name__ == "__main__":
    main()
