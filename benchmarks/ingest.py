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
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ALONE = """
import sys, time
from pathlib import Path
from sqlalchemy import text
from vectorstore.catalogue import Catalogue, connect
from vectorstore.embedding import DEFAULT, load
from vectorstore.splitting import passages

home = Path(sys.argv[1])
catalogue = Catalogue(connect(f"sqlite:///{home / 'catalogue.db'}"))
with catalogue.engine.connect() as connection:
    ids = list(connection.scalars(text("SELECT id FROM articles")))
articles = catalogue.articles_by_id(ids).values()
texts = [each.embedded for article in articles for each in passages(article)]
model = load(DEFAULT, home / "models")
begun = time.perf_counter()
model.passages(texts)
print(len(texts), time.perf_counter() - begun)
"""
SEARCH = """
import json, sys
from pathlib import Path
from vectorstore.selection import Selection
from web.services import Services
from web.settings import Settings

services = Services(Settings(home=Path(sys.argv[1])))
ranks = []
with services.owning():
    for line in sys.stdin:
        asked = json.loads(line)
        hits = services.answerer.search(asked["title"], Selection(), limit=20)
        records = list(dict.fromkeys(each.article.source.record for _, each in hits))
        ranks.append(records.index(asked["id"]) if asked["id"] in records else 99)
print(json.dumps(ranks))
"""
PEER = """
import json, resource, sys, time
from langchain_chroma import Chroma
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

model, store, source, length = sys.argv[1:]
begun = time.perf_counter()
articles = [json.loads(line) for line in open(source, encoding="utf-8")]
signs = ["\\n\\n", "\\n", "。", "！", "？", "；", "，", ""]
cut = RecursiveCharacterTextSplitter(separators=signs, chunk_size=int(length), chunk_overlap=0)
documents = cut.create_documents([a["text"] for a in articles], [{"id": a["id"]} for a in articles])
embeddings = HuggingFaceEmbeddings(model_name=model, encode_kwargs={"normalize_embeddings": True})
chroma = Chroma(embedding_function=embeddings, persist_directory=store)
for at in range(0, len(documents), 5000):
    chroma.add_documents(documents[at : at + 5000])
seconds = time.perf_counter() - begun
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
ranks = []
for line in sys.stdin:
    asked = json.loads(line)
    ids = list(dict.fromkeys(d.metadata["id"] for d in chroma.similarity_search(asked["title"], 20)))
    ranks.append(ids.index(asked["id"]) if asked["id"] in ids else 99)
print(json.dumps([len(documents), seconds, memory, ranks]))
"""


def run(python: str, code: str, *words: str, asked: str = "", home: Path | None = None) -> str:
    """What a program says at its end."""
    done = subprocess.run(
        [python, "-c", code, *words],
        input=asked,
        env={**os.environ, "BAOWEN_HOME": str(home), "BAOWEN_LOG_LEVEL": "ERROR"},
        cwd=ROOT if home else None,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip().splitlines()[-1]


def found(ranks: list[int]) -> str:
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
        lines: list[dict[str, Any]] = [json.loads(line) for line in islice(file, options.articles)]
    every = max(1, len(lines) // options.queries)
    asked = "\n".join(json.dumps(each) for each in lines[::every])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        (home / "models").symlink_to(os.environ["BAOWEN_TEST_MODELS"])
        source = Path(folder) / "news.jsonl"
        untitled = [{"id": each["id"], "text": each["text"]} for each in lines]
        source.write_text("\n".join(map(json.dumps, untitled)), encoding="utf-8")
        begun = time.perf_counter()
        run(
            sys.executable,
            f"import sys; sys.argv[1:] = ['ingest', {str(source)!r}]; from web.cli import main; main()",
            home=home,
        )
        seconds = time.perf_counter() - begun
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        passages, alone = map(float, run(sys.executable, ALONE, str(home), home=home).split())
        ranks = json.loads(run(sys.executable, SEARCH, str(home), asked=asked, home=home))
        print(f"{len(lines)} articles, {passages:.0f} passages")
        print(
            f"baowen ingest: {len(lines) / seconds:.2f} articles/s, {memory >> 10} MiB, {found(ranks)}"
        )
        print(f"the model alone: {len(lines) / alone:.2f} articles/s; ratio {alone / seconds:.2f}")
        if options.peer:
            model = str((home / "models" / "multilingual-e5-small").resolve())
            length = str(round(sum(len(each["text"]) for each in lines) / passages * 1.25))
            told = run(
                options.peer, PEER, model, f"{folder}/peer", str(source), length, asked=asked
            )
            count, theirs, memory, ranks = json.loads(told)
            print(
                f"LangChain: {len(lines) / theirs:.2f} articles/s, {memory >> 10} MiB, "
                f"{found(ranks)}, {count} passages; ratio {theirs / seconds:.2f}"
            )


if __name__ == "__main__":
    main()
