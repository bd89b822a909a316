"""What the second stage of a search finds: how often a right passage comes first, and among five.

A set's passages are taken into an archive of their own, its questions searched, and the first hits
put in order by the reader. ``--fit`` gives weights for the fused score and the reader's log odds
that make a right passage likeliest to come first (a conditional logit over the hits).

    python benchmarks/second_stage.py --models FOLDER SET… [--questions 300] [--fit SET…]
"""

import argparse
import gzip
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]

from qa.ranking import REREAD, SECOND_STAGE
from qa.reader import Reader
from vectorstore.embedding import DEFAULT, find
from vectorstore.search import Hit
from vectorstore.selection import Selection
from web.services import Services
from web.settings import Settings

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Looked:
    """The hits of one question: fused score and log odds, a row a hit, and which are right."""

    rows: Array
    right: npt.NDArray[np.bool_]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzipped file, one a line."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def archive(folder: Path, of: str, home: Path, models: Path) -> Services:
    """An archive of a set's passages; headlines that are asked for are withheld."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "models").symlink_to(models.resolve())
    services = Services(Settings(home=home))
    headed = of != "cctv_news"
    kept = (
        {"id": each["id"], "text": each["text"], "date": each.get("date")}
        | ({"title": each["title"]} if headed and each["title"] else {})
        for each in rows(folder / f"{of}.corpus.jsonl.gz")
    )
    lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in kept)
    for report in services.ingest(f"{of}.jsonl", lines.encode()):
        print(report.status, len(report.articles), "articles")
    services.catch_up()
    return services


def looked(services: Services, reader: Reader, asked: Sequence[dict[str, Any]]) -> Iterator[Looked]:
    """Search for each question, and read the first hits with it."""
    for each in asked:
        right = {*each["gold_doc_ids"], *(each.get("also_possible_ids") or ())}
        hits = services.answerer.searcher.search(
            each["question"], selection=Selection(), limit=REREAD
        )
        readings = reader.read(
            each["question"], [(hit.passage.heading, hit.passage.text) for hit in hits]
        )
        odds = np.clip([reading.probability for reading in readings], 1e-6, 1 - 1e-6)
        yield Looked(
            np.column_stack(([hit.score for hit in hits], np.log(odds / (1 - odds)).clip(-6))),
            np.array([bool(right & _records(services, hit)) for hit in hits]),
        )


def _records(services: Services, hit: Hit) -> set[str | None]:
    places = {each.article_id for each in (hit.passage, *hit.places)}
    found = services.catalogue.articles_by_id(places)
    return {article.source.record for article in found.values()}


def found(of: Sequence[Looked], weights: Array | tuple[float, float], among: int) -> float:
    """For how many questions a right passage is among so many first ones."""
    best = (np.argsort(-(each.rows @ np.array(weights)), kind="stable")[:among] for each in of)
    return float(np.mean([each.right[first].any() for each, first in zip(of, best, strict=True)]))


def fit(of: Sequence[Looked]) -> Array:
    """Weights under which a right passage is likeliest to come first."""
    usable = [each for each in of if each.right.any()]

    def loss(at: Array) -> tuple[float, Array]:
        value, slope = 0.001 * float(at @ at) / 2, 0.001 * at
        for each in usable:
            odds = np.exp(each.rows @ at - (each.rows @ at).max())
            right = odds * each.right
            value -= float(np.log(right.sum() / odds.sum())) / len(usable)
            slope -= (right / right.sum() - odds / odds.sum()) @ each.rows / len(usable)
        return value, slope

    return np.asarray(minimize(loss, np.zeros(2), jac=True, method="L-BFGS-B").x)


def main() -> None:
    """Search, read, fit if asked to, and print a line a set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", help="to measure")
    parser.add_argument("--folder", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--models", type=Path, required=True, help="folder of the bundled model")
    parser.add_argument("--reader", type=Path, default=Path(__file__).parent.parent / "qa/reader")
    parser.add_argument("--questions", type=int, default=300, help="of each set")
    parser.add_argument("--fit", nargs="*", default=(), help="sets to fit the weights on")
    given = parser.parse_args()

    of: dict[str, list[Looked]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name in dict.fromkeys((*given.sets, *given.fit)):
            home = Path(scratch) / name
            services = archive(given.folder, name, home, given.models)
            asked = [
                each
                for each in rows(given.folder / f"{name}.questions.jsonl.gz")
                if each["answerable"] and each["gold_doc_ids"]
            ]
            random.Random(4).shuffle(asked)
            reader = Reader(find(DEFAULT, given.models).folder, given.reader)
            of[name] = list(looked(services, reader, asked[: given.questions]))
    weights = fit([each for name in given.fit for each in of[name]]) if given.fit else SECOND_STAGE
    print(f"weights: fused score {weights[0]:.2f}, reader's log odds {weights[1]:.2f}")
    for name, its in of.items():
        for stage, by in (("search", (1.0, 0.0)), ("reader", (0.0, 1.0)), ("both", weights)):
            share = " / ".join(f"{found(its, by, among):.3f}" for among in (1, 5, 8))
            print(f"{name:20} {stage:7} n {len(its):4}  first, among 5, 8: {share}")


if __name__ == "__main__":
    main()
