"""How well Baowen finds passages beside LangChain, LlamaIndex, Haystack, txtai and BM25 alone.

    python benchmarks/quality/compare.py CORPUS.jsonl.gz QUESTIONS.jsonl.gz --questions 300

Takes a corpus (``id``, ``title``, ``text``) and gold questions that name the ids of passages. Each
peer runs in an environment of its own, which is made the first time from the pins in
``peers/requirements-NAME.txt``, and does what its tutorials do: its own splitter, pieces of
``--length`` characters, the same embedding weights with the same prompts, its own store, thirty
pieces a question. Titles stand above the text for all. Prints a table: of the answerable questions,
for which share the right passage is first and among the first five, the mean reciprocal rank of ten
places, each passage once, and the median time of a question.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from qa.evaluation import Gold, gold
from qa.evaluation.retrieval import Retrieval, of_records, retrieval
from vectorstore.embedding import DEFAULT, load

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS = ("bm25", "langchain", "llamaindex", "haystack", "txtai")


@dataclass(frozen=True, slots=True)
class Run:
    """What one of them did with all questions."""

    name: str
    pieces: int
    seconds: float
    """That indexing took."""
    found: Sequence[Sequence[str]]
    ms: Sequence[float]


def environment(name: str, folder: Path) -> Path:
    """The Python of a peer, with its pins installed."""
    pins = HERE / "peers" / f"requirements-{name}.txt"
    home = folder / name
    stamp, python = home / "installed", home / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != pins.read_text():
        print(f"making the environment {home}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", pins], check=True)
        stamp.write_text(pins.read_text())
    return python


def of_peer(name: str, python: Path, corpus: Path, asked: Path, model: Path, length: int) -> Run:
    """Have a peer index and ask."""
    words = [corpus, asked, model, length]
    offline = {
        "HF_HUB_OFFLINE": "1",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "ANONYMIZED_TELEMETRY": "0",
    }
    done = subprocess.run(
        [python, HERE / "peers" / f"with_{name}.py", *map(str, words)],
        stdout=subprocess.PIPE,
        env={**os.environ, **offline, "PYTHONPATH": ""},
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return Run(name, told["pieces"], told["seconds"], told["found"], told["ms"])


def of_baowen(home: Path, corpus: Path, asked: Path) -> Iterator[Run]:
    """Take the corpus in, and ask search and answerer, in processes of their own."""
    told = subprocess.run(
        [sys.executable, HERE / "with_baowen.py", corpus, asked],
        stdout=subprocess.PIPE,
        env={**os.environ, "BAOWEN_HOME": str(home), "PYTHONPATH": str(ROOT)},
        check=True,
    )
    for name, row in json.loads(told.stdout.splitlines()[-1]).items():
        yield Run(name, row["pieces"], row["seconds"], row["found"], row["ms"])


def measured(run: Run, questions: Sequence[Gold]) -> Retrieval | None:
    """What its rankings show."""
    return retrieval(
        [
            of_records(each, [{one} for one in ids])
            for each, ids in zip(questions, run.found, strict=True)
        ]
    )


def row(run: Run, questions: Sequence[Gold]) -> str:
    """A line of the table."""
    shown = measured(run, questions)
    if shown is None:
        raise SystemExit("no question names what is to be found")
    cells = [
        f"{each.value:.3f} ({each.low:.2f} to {each.high:.2f})"
        for each in (shown.hit_1, shown.hit_5, shown.mrr_10)
    ]
    return " | ".join(
        (
            f"| {run.name}",
            *cells,
            f"{median(run.ms):.1f}",
            f"{run.pieces}",
            f"{run.seconds:.0f} |",
        )
    )


def prepared(corpus: Path, questions: Sequence[Gold], folder: Path) -> tuple[Path, Path, Path]:
    """Passages for the peers (titles above the text), for Baowen, and the questions."""
    with gzip.open(corpus, "rt", encoding="utf-8") as file:
        passages: list[dict[str, Any]] = [json.loads(line) for line in file]
    files = folder / "passages.jsonl", folder / "articles.jsonl", folder / "questions.jsonl"
    whole = (
        {"id": p["id"], "text": "\n".join(filter(None, (p.get("title"), p["text"])))}
        for p in passages
    )
    articles = (
        {name: p[name] for name in ("id", "title", "text") if p.get(name)} for p in passages
    )
    asked = (each.question for each in questions)
    for path, rows in zip(files, (whole, articles, asked), strict=True):
        path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    return files


def main() -> None:
    """Run all that are named, one after another."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--limit", type=int, help="only so many questions, spread over the file")
    parser.add_argument("--length", type=int, default=400, help="characters of a peer's piece")
    parser.add_argument("--only", nargs="+", choices=(*PEERS, "baowen"))
    parser.add_argument("--models", type=Path, help="where the model is kept, else made afresh")
    parser.add_argument(
        "--environments", type=Path, default=Path.home() / ".cache" / "baowen" / "peers"
    )
    options = parser.parse_args()
    asked = [each for each in gold(options.questions) if each.answerable and each.records]
    if options.limit and options.limit < len(asked):
        asked = [asked[at * len(asked) // options.limit] for at in range(options.limit)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        home = folder / "home"
        home.mkdir()
        if options.models:
            (home / "models").symlink_to(options.models.resolve())
        model = load(DEFAULT, home / "models").folder
        passages, articles, questions = prepared(options.corpus, asked, folder)
        print(f"{options.corpus.name}: {len(asked)} questions\n")
        print(
            "| | first | in five | MRR@10 | ms | pieces | s to index |\n|---|---|---|---|---|---|---|"
        )
        chosen = options.only or (*PEERS, "baowen")
        for name in (each for each in PEERS if each in chosen):
            python = environment(name, options.environments)
            run = of_peer(name, python, passages, questions, model, options.length)
            print(row(run, asked), flush=True)
        if "baowen" in chosen:
            for run in of_baowen(home, articles, questions):
                print(row(run, asked), flush=True)


if __name__ == "__main__":
    main()
