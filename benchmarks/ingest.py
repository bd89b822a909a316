"""How fast articles go in, beside the embedding model alone and a plain LangChain pipeline.

    python benchmarks/ingest.py CORPUS.jsonl.gz --articles 2000 --peer VENV/bin/python

Takes the first articles of a corpus (``id``, ``title``, ``text``) in by ``baowen ingest``, embeds
the same passages by the model alone, and has another Python, in which ``langchain-text-splitters``,
``langchain-huggingface`` and ``langchain-chroma`` are installed, do what their tutorials do:
RecursiveCharacterTextSplitter, HuggingFaceEmbeddings with the same weights, Chroma. Each starts
with an empty archive and the model on disk. Prints articles a second, the largest memory, and for
how many headlines the first and the first five hits are of the right article.
"""

import argparse
import gzip
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from fresh import fresh

ROOT = Path(__file__).parents[1]
NOWHERE = 99


def unpack(models: Path) -> None:
    """Put the model where taking in finds it."""
    from vectorstore.embedding import DEFAULT, load

    load(DEFAULT, models)


def taken_in(source: Path, home: Path) -> tuple[float, int]:
    """Seconds of ``baowen ingest`` from start to end, and the KiB that it had at most."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "web.cli", "ingest", str(source)],
        env={**os.environ, "BAOWEN_HOME": str(home), "BAOWEN_LOG_LEVEL": "ERROR"},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    seconds = time.perf_counter() - begun
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def embedded_alone(source: Path, home: Path) -> tuple[int, float]:
    """How many passages a file gave, and the seconds that the model alone takes for them."""
    from vectorstore.catalogue import Catalogue, connect
    from vectorstore.embedding import DEFAULT, load
    from vectorstore.splitting import passages

    catalogue = Catalogue(connect(f"sqlite:///{home / 'catalogue.db'}"))
    articles = catalogue.articles_by_id(
        name
        for file in catalogue.sources_from(str(source.resolve()))
        for name in catalogue.articles_of(file.id)
    ).values()
    texts = [each.embedded for article in articles for each in passages(article)]
    model = load(DEFAULT, home / "models")
    begun = time.perf_counter()
    model.passages(texts)
    return len(texts), time.perf_counter() - begun


def places(home: Path, asked: Sequence[dict[str, str]]) -> list[int]:
    """Where each headline's article stands among those that a search finds, from 0."""
    from vectorstore.selection import Selection
    from web.services import Services
    from web.settings import Settings

    services = Services(Settings(home=home))
    told: list[int] = []
    with services.owning():
        for each in asked:
            hits = services.answerer.search(each["title"], Selection(), limit=20)
            records = list(dict.fromkeys(hit.article.source.record for _, hit in hits))
            told.append(records.index(each["id"]) if each["id"] in records else NOWHERE)
    return told


def found(ranks: Sequence[int]) -> str:
    """The shares of first places and of places among the first five."""
    return " / ".join(
        f"{sum(rank < within for rank in ranks) / len(ranks):.2f}" for within in (1, 5)
    )


def main() -> None:
    """Take in, three times, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--peer", help="the Python that has LangChain's packages")
    options = parser.parse_args()
    with gzip.open(options.corpus, "rt", encoding="utf-8") as file:
        lines: list[dict[str, str]] = [json.loads(line) for line in islice(file, options.articles)]
    asked = lines[:: max(1, len(lines) // options.queries)]
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        fresh(unpack, home / "models")
        source = Path(folder) / "news.jsonl"
        untitled = [{"id": each["id"], "text": each["text"]} for each in lines]
        source.write_text("\n".join(map(json.dumps, untitled)), encoding="utf-8")
        seconds, memory = taken_in(source, home)
        passages, alone = fresh(embedded_alone, source, home)
        ranks = fresh(places, home, asked)
        print(f"{len(lines)} articles, {passages} passages")
        print(
            f"baowen ingest: {len(lines) / seconds:.2f} articles/s, {memory >> 10} MiB, {found(ranks)}"
        )
        print(f"the model alone: {len(lines) / alone:.2f} articles/s; ratio {alone / seconds:.2f}")
        if options.peer:
            model = (home / "models" / "multilingual-e5-small").resolve()
            length = round(sum(len(each["text"]) for each in lines) / passages * 1.25)
            command = (options.peer, Path(__file__).with_name("plain_langchain.py"), model)
            told = subprocess.run(
                [*map(str, command), f"{folder}/peer", str(source), str(length)],
                input="\n".join(map(json.dumps, asked)),
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
            documents, theirs, memory, ranks = json.loads(told.splitlines()[-1])
            print(
                f"LangChain: {len(lines) / theirs:.2f} articles/s, {memory >> 10} MiB, {found(ranks)}, "
                f"{documents} passages; ratio {theirs / seconds:.2f}"
            )


if __name__ == "__main__":
    main()
